/** The signature doctor's words in English. */
import type { DoctorWords } from './doctor-words.vi.ts';

const VIETNAM_TIME = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Asia/Ho_Chi_Minh',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});

export const doctorWordsEn = {
  verdicts: {
    valid: {
      headline: 'The signature is valid',
      summary: 'The content is as it was signed, and an organisation trusted here vouches for the signer.',
      advice: 'You can use this file.',
    },
    'valid-with-permitted-changes': {
      headline: 'The signature is valid',
      summary:
        'What was signed is unchanged. Only additions that the signer allows came later, such as another signature or a filled field.',
      advice: 'You can use this file. The additions are listed below.',
    },
    'valid-with-untrusted-chain': {
      headline: 'Unchanged, but the signer is not confirmed',
      summary:
        'The file was not changed after signing, but the root certificate of whoever certified the signer is not known here.',
      advice: 'Add that root certificate to the trusted ones and check again, or ask the issuing agency.',
    },
    indeterminate: {
      headline: 'No conclusion yet',
      summary: 'There is no sign of a change, but something is missing to call the signature valid.',
      advice:
        'See the reason below. If you need the file now, ask the issuing agency or get a newly signed copy.',
    },
    unsigned: {
      headline: 'The file has no digital signature',
      summary: 'Nobody signed this file, so nobody can confirm whose content it is.',
      advice: 'Ask the issuing agency for a signed copy, or compare it with the paper.',
    },
    expired: {
      headline: 'The certificate has expired',
      summary:
        'The signer’s certificate is outside its validity, and no timestamp proves that the signature was made within it.',
      advice: 'Ask the issuing agency for a newly signed copy with a timestamp.',
    },
    revoked: {
      headline: 'The certificate was revoked',
      summary:
        'The signer’s certificate was revoked, and nothing proves that the signature is older than that.',
      advice: 'Do not use this file. Ask the issuing agency.',
    },
    'invalid-timestamp': {
      headline: 'The timestamp is not valid',
      summary:
        'The timestamp in the file does not belong to this signature, or was not made by an authority for timestamps.',
      advice: 'Do not rely on this file. Get the original from the issuing agency.',
    },
    'invalid-signature': {
      headline: 'The signature is not valid',
      summary: 'The signature does not match the content of the file.',
      advice: 'Do not use this file. Get the original from the issuing agency.',
    },
    'certification-violated': {
      headline: 'Changed against what the signer allowed',
      summary: 'The signer locked the file, and yet it was filled, signed or annotated afterwards.',
      advice: 'Do not use this file. Get the copy as the signer locked it.',
    },
    'modified-after-signing': {
      headline: 'The signature is not valid: the content was changed after signing',
      summary: 'What you see is no longer what was signed.',
      advice:
        'Do not use this file. Get the original. Software may have made the change: do not be quick to blame anyone.',
    },
    malformed: {
      headline: 'The file cannot be read',
      summary: 'The file is damaged, cut off, or built to make readers hang.',
      advice: 'Download the file again from where it was issued and check again.',
    },
  },
  changes: {
    'validation-data-added': 'Data for long-term validation was added',
    'validation-data-removed': 'Data for validation was removed or replaced',
    'document-timestamp-added': 'An archive timestamp was added',
    'metadata-changed': 'The description of the file changed',
    'signature-added': 'A signature was added',
    'signature-field-added': 'A place to sign was added',
    'signature-removed': 'A signature was removed',
    'signature-changed': 'The look or the data of a signature was changed',
    'form-field-filled': 'A field was filled in',
    'form-field-added': 'A field was added',
    'form-field-removed': 'A field was removed',
    'form-field-changed': 'A field was changed',
    'form-changed': 'The way fields are shown was changed',
    'annotation-added': 'A note was added',
    'annotation-removed': 'A note was removed',
    'annotation-changed': 'A note was changed',
    'overlay-added': 'Something was laid over the page',
    'pages-added': 'A page was added',
    'pages-removed': 'A page was removed',
    'pages-reordered': 'The pages were put in another order',
    'page-changed': 'The content of a page was changed',
    'document-changed': 'The structure of the file was changed',
    'hidden-objects': 'Hidden content was put in after signing',
    'trailing-data': 'There is foreign data at the end of the file',
  },
  warnings: {
    'weak-digest': 'The signature uses a weak algorithm.',
    'weak-key': 'The signer’s key is too short.',
    'no-signing-certificate-attribute':
      'An older kind of signature that does not name its certificate in what is signed. The content is not affected.',
    'attributes-not-sorted':
      'The signature’s data is not in standard order. Some other programs may refuse it.',
    'not-der': 'The signature’s data is encoded in an older way. The content is not affected.',
    'padding-not-zero': 'There is surplus data behind the signature.',
    'several-fields': 'One signature is shown in several places.',
    'timestamp-untrusted': 'There is a timestamp, but whoever made it cannot be confirmed here.',
    'timestamp-revocation-unknown': 'Whether the timestamp authority’s certificate was revoked is not known.',
    'ca-revocation-unknown':
      'Whether the certification authority’s own certificate was revoked is not known.',
    'revocation-stated-late':
      'The revocation list was made after the certificate’s end and may no longer name earlier revocations.',
    'claimed-time-after-proven-time': 'The time the signer states is later than the timestamp proves.',
    'test-certificate': 'A test certificate without legal value.',
    'document-timestamp-only': 'The file has a timestamp, but nobody signed it.',
    'empty-signature-field': 'A place for a signature is empty.',
    encrypted: 'The file is encrypted, but opens without a password.',
    'signature-removed': 'An earlier state of the file was signed, the present one is not.',
    'sub-filter-unusual': 'The signature is of an unusual kind.',
  },
  trustSets: {
    vgca: 'the Government Cipher Committee (official-duty signatures)',
    national: 'the national certification authority',
    internal: 'the internal system',
    test: 'the test system',
  } as Readonly<Record<string, string>>,
  repairs: {
    'add-timestamp': 'Add a timestamp, to prove that the signature is older than the end of its certificate.',
    'add-validation-data': 'Add revocation data, so that it can be checked when the issuer answers no more.',
    'add-archive-timestamp': 'Add an archive timestamp, to keep the signature provable for many years.',
  },
  repairHow:
    'None of it touches what was signed. Sign in and send the file to POST /api/v1/verifications/repairs, or run: npm run vault -- upgrade FILE.',
  testNotice: 'TEST CERTIFICATE – NO LEGAL VALUE',
  unknownSigner: 'name unknown',
  malformedAt: (offset: number, reason: string) =>
    offset >= 0 ? `Reading stopped at byte ${offset}: ${reason}.` : `Reading stopped: ${reason}.`,
  signatureTitle: (name: string, organization: string | undefined) =>
    organization === undefined || organization === name
      ? `Signature of ${name}`
      : `Signature of ${name}, ${organization}`,
  stampTitle: (name: string) => `Timestamp of ${name}`,
  intactWhole: 'The content is as it was signed; the signature covers the whole file.',
  intactRevision: 'What was signed is unchanged; permitted additions came later.',
  unchecked: 'Whether the content is unchanged could not be checked.',
  altered: 'After signing, the file was changed in the places named below.',
  alteredMatters: 'This matters: what you see may not be what was signed.',
  alteredTodo: 'Get the original from where it was issued.',
  broken: 'The signature does not match the content of the file.',
  brokenMatters: 'This matters: the content cannot be believed.',
  brokenTodo: 'Get the original from where it was issued.',
  chainUnknown: 'Who certified the signer could not be confirmed.',
  chainUnknownMatters: 'The content is unchanged, but nobody here vouches for the signer’s name.',
  chainUnknownTodo:
    'An administrator adds the root certificate (for instance of the Government Cipher Committee) to the trusted ones.',
  noCertificate: 'The file does not hold the signer’s certificate, so it is not known who signed.',
  revoked: 'The signer’s certificate was revoked.',
  revokedMatters: 'This matters: the key may be lost, or the signer no longer in office.',
  revokedTodo: 'Ask the issuing agency for a copy signed with a new certificate.',
  expired: 'The signer’s certificate is outside its validity.',
  expiredMatters: 'Without a timestamp nobody knows whether the signature was made within it.',
  expiredTodo: 'Ask for a newly signed copy with a timestamp.',
  revocationUnknown: 'Whether the signer’s certificate was revoked is not known.',
  revocationUnknownMatters: 'It may be all right, but nobody has confirmed it.',
  revocationUnknownTodo:
    'Check again when online, or add the revocation list of the certification authority.',
  weakOrUnknown: 'The signature uses an algorithm that is weak or not known.',
  weakOrUnknownMatters: 'It does not mean that the file was changed, but it is not strong enough to be sure.',
  weakOrUnknownTodo: 'Ask for a copy signed with a current algorithm (SHA-256 or better).',
  notEntitled: 'The certificate was not issued for signing such files.',
  trustedBy: (set: string) => `The signer is confirmed by ${set}.`,
  provenTime: (time: string) => `A timestamp proves that the signature existed on ${time}.`,
  claimedTime: (time: string) => `The signer states ${time} as the time of signing; nothing proves it.`,
  noTime: 'The time of signing is not known.',
  stampTrusted: (by: string, when: string) => `The timestamp of ${by}, ${when}, can be relied on.`,
  stampUntrusted: (by: string, when: string) =>
    `There is a timestamp of ${by}, ${when}, but that authority cannot be confirmed here.`,
  stampBroken: (by: string) => `The timestamp of ${by} belongs to another file or is damaged.`,
  stampBrokenMatters: 'This matters: somebody may have copied it from another file.',
  onPage: (page: number) => `page ${page}`,
  inField: (field: string) => `field “${field}”`,
  time: (time: Date) => VIETNAM_TIME.format(time),
} satisfies DoctorWords;
