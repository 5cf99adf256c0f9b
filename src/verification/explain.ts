/**
 * The signature doctor: a report in plain words for a person who is no expert. What is right, what is wrong, whether
 * it matters, what to do and where. Text from the file (names, reasons) is returned as it is: whoever shows it escapes it.
 */
import { doctorWordsEn } from './doctor-words.en.ts';
import { type DoctorWords, doctorWordsVi } from './doctor-words.vi.ts';
import type {
  Change,
  ChangeKind,
  Report,
  SignatureReport,
  TimestampReport,
  Verdict,
  Warning,
  WarningCode,
} from './report.ts';

export interface ExplainedLine {
  readonly kind: 'right' | 'wrong' | 'note';
  readonly text: string;
  /** Whether it matters, in one sentence. */
  readonly matters?: string | undefined;
  /** What to do and where. */
  readonly todo?: string | undefined;
}

export interface ExplainedSignature {
  readonly field: string;
  readonly title: string;
  readonly lines: readonly ExplainedLine[];
}

export interface Explanation {
  readonly verdict: Verdict;
  /** Green verdict, amber notice, red verdict. */
  readonly tone: 'good' | 'caution' | 'bad';
  readonly headline: string;
  readonly summary: string;
  /** What to do with the file as a whole. */
  readonly advice: string;
  readonly lines: readonly ExplainedLine[];
  readonly signatures: readonly ExplainedSignature[];
  /** The warning that a test certificate must carry everywhere. */
  readonly legalNotice: string | null;
  /** Repairs that add to the file without touching what was signed. */
  readonly repairs: readonly Repair[];
  /** The same in sentences, the last one saying how; empty where there are none. */
  readonly repairWords: readonly string[];
}

export type Repair = 'add-timestamp' | 'add-validation-data' | 'add-archive-timestamp';

const TONES: Readonly<Record<Verdict, Explanation['tone']>> = {
  valid: 'good',
  'valid-with-permitted-changes': 'good',
  'valid-with-untrusted-chain': 'caution',
  indeterminate: 'caution',
  unsigned: 'caution',
  expired: 'bad',
  revoked: 'bad',
  'invalid-timestamp': 'bad',
  'invalid-signature': 'bad',
  'certification-violated': 'bad',
  'modified-after-signing': 'bad',
  malformed: 'bad',
};

export function explain(report: Report, lang: 'vi' | 'en'): Explanation {
  const words = lang === 'vi' ? doctorWordsVi : doctorWordsEn;
  const verdict = words.verdicts[report.verdict];
  const repairs = repairsOf(report);
  const isTest = report.signatures.some((s) => s.testCertificate);
  return {
    verdict: report.verdict,
    tone: TONES[report.verdict],
    headline: verdict.headline,
    summary: verdict.summary,
    advice: verdict.advice,
    lines: [
      {
        kind: TONES[report.verdict] === 'good' ? 'right' : TONES[report.verdict] === 'bad' ? 'wrong' : 'note',
        text: verdict.summary,
        todo: verdict.advice,
      },
      ...(report.malformed === null
        ? []
        : [
            {
              kind: 'wrong' as const,
              text: words.malformedAt(report.malformed.offset, report.malformed.reason),
            },
          ]),
      ...report.warnings.filter((w) => w.field === undefined).map((w) => warningLine(words, w)),
    ],
    signatures: report.signatures.map((signature) => explainSignature(words, report, signature)),
    legalNotice: isTest ? words.testNotice : null,
    repairs,
    repairWords:
      repairs.length === 0 ? [] : [...repairs.map((repair) => words.repairs[repair]), words.repairHow],
  };
}

function explainSignature(
  words: DoctorWords,
  report: Report,
  signature: SignatureReport,
): ExplainedSignature {
  const name = signature.signer?.name ?? words.unknownSigner;
  const title =
    signature.type === 'document-timestamp'
      ? words.stampTitle(name)
      : words.signatureTitle(name, signature.signer?.organization);
  return {
    field: signature.field,
    title,
    lines: [
      integrityLine(words, signature),
      ...signature.changesAfter.map((change) => changeLine(words, change)),
      ...(signature.type === 'document-timestamp'
        ? []
        : [issuerLine(words, signature), timeLine(words, signature)]),
      ...signature.timestamps.map((stamp) => stampLine(words, stamp)),
      ...report.warnings.filter((w) => w.field === signature.field).map((w) => warningLine(words, w)),
    ],
  };
}

const BROKEN = ['HASH_FAILURE', 'SIG_CRYPTO_FAILURE', 'FORMAT_FAILURE'];

function integrityLine(words: DoctorWords, signature: SignatureReport): ExplainedLine {
  const altered = signature.changesAfter.some((change) => !change.permitted);
  if (altered) {
    return { kind: 'wrong', text: words.altered, matters: words.alteredMatters, todo: words.alteredTodo };
  }
  if (signature.indication === 'TOTAL-FAILED' && BROKEN.includes(signature.subIndication ?? '')) {
    return { kind: 'wrong', text: words.broken, matters: words.brokenMatters, todo: words.brokenTodo };
  }
  if (
    signature.digestAlgorithm === null &&
    signature.type !== 'document-timestamp' &&
    signature.subFilter !== 'adbe.x509.rsa_sha1'
  ) {
    return { kind: 'note', text: words.unchecked };
  }
  return { kind: 'right', text: signature.coversWholeFile ? words.intactWhole : words.intactRevision };
}

function issuerLine(words: DoctorWords, signature: SignatureReport): ExplainedLine {
  switch (signature.subIndication) {
    case 'NO_CERTIFICATE_CHAIN_FOUND':
      return {
        kind: 'note',
        text: words.chainUnknown,
        matters: words.chainUnknownMatters,
        todo: words.chainUnknownTodo,
      };
    case 'NO_SIGNING_CERTIFICATE_FOUND':
      return { kind: 'note', text: words.noCertificate };
    case 'REVOKED':
    case 'REVOKED_NO_POE':
    case 'REVOKED_CA_NO_POE':
      return { kind: 'wrong', text: words.revoked, matters: words.revokedMatters, todo: words.revokedTodo };
    case 'EXPIRED':
    case 'NOT_YET_VALID':
    case 'OUT_OF_BOUNDS_NO_POE':
      return { kind: 'wrong', text: words.expired, matters: words.expiredMatters, todo: words.expiredTodo };
    case 'TRY_LATER':
      return {
        kind: 'note',
        text: words.revocationUnknown,
        matters: words.revocationUnknownMatters,
        todo: words.revocationUnknownTodo,
      };
    case 'CRYPTO_CONSTRAINTS_FAILURE':
    case 'CRYPTO_CONSTRAINTS_FAILURE_NO_POE':
      return {
        kind: 'note',
        text: words.weakOrUnknown,
        matters: words.weakOrUnknownMatters,
        todo: words.weakOrUnknownTodo,
      };
    case 'SIG_CONSTRAINTS_FAILURE':
    case 'CHAIN_CONSTRAINTS_FAILURE':
      return { kind: 'note', text: words.notEntitled };
    default:
      return signature.trustSet === null
        ? { kind: 'note', text: words.chainUnknown }
        : { kind: 'right', text: words.trustedBy(words.trustSets[signature.trustSet] ?? signature.trustSet) };
  }
}

function timeLine(words: DoctorWords, signature: SignatureReport): ExplainedLine {
  if (signature.provenTime !== null) {
    return { kind: 'right', text: words.provenTime(words.time(signature.provenTime)) };
  }
  return signature.claimedTime === null
    ? { kind: 'note', text: words.noTime }
    : { kind: 'note', text: words.claimedTime(words.time(signature.claimedTime)) };
}

function stampLine(words: DoctorWords, stamp: TimestampReport): ExplainedLine {
  const by = stamp.authority?.name ?? words.unknownSigner;
  if (stamp.indication === 'TOTAL-FAILED') {
    return { kind: 'wrong', text: words.stampBroken(by), matters: words.stampBrokenMatters };
  }
  const when = stamp.time === null ? '' : words.time(stamp.time);
  return stamp.trusted
    ? { kind: 'right', text: words.stampTrusted(by, when) }
    : { kind: 'note', text: words.stampUntrusted(by, when) };
}

function changeLine(words: DoctorWords, change: Change): ExplainedLine {
  const kinds: Readonly<Record<ChangeKind, string>> = words.changes;
  const where = [
    change.page === undefined ? undefined : words.onPage(change.page),
    change.field === undefined || change.field === '' ? undefined : words.inField(change.field),
  ];
  const text = [kinds[change.kind], ...where.filter((part) => part !== undefined)].join(', ');
  return { kind: change.permitted ? 'note' : 'wrong', text: `${text}.` };
}

function warningLine(words: DoctorWords, warning: Warning): ExplainedLine {
  const texts: Readonly<Record<WarningCode, string>> = words.warnings;
  return { kind: 'note', text: texts[warning.code] };
}

/** What can be added without touching the signed bytes; never for a file that is broken or altered. */
function repairsOf(report: Report): Repair[] {
  const repairable: readonly Verdict[] = ['valid', 'valid-with-permitted-changes', 'indeterminate'];
  if (
    !repairable.includes(report.verdict) ||
    report.signatures.some((s) => s.permissions === 1 && s.changesAfter.some((c) => !c.permitted))
  ) {
    return [];
  }
  const levels = report.signatures.filter((s) => s.type !== 'document-timestamp').map((s) => s.level ?? '');
  const repairs: Repair[] = [];
  if (levels.some((level) => level.endsWith('-B'))) {
    repairs.push('add-timestamp');
  }
  if (levels.some((level) => !/-LTA?$/.test(level))) {
    repairs.push('add-validation-data');
  }
  if (levels.some((level) => !level.endsWith('-LTA'))) {
    repairs.push('add-archive-timestamp');
  }
  return repairs;
}
