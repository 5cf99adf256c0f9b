// Collects what a verifier needs years later (EN 319 142-1 §5.4.2): the certificates of every chain in a file, the
// signers', the timestamps', the responders', and revocation evidence for each certificate that can be revoked.
import {
  type Certificate,
  checkSignature,
  oids,
  readCertificate,
  readSignedData,
  readTimestampInfo,
  type SignedData,
  sameName,
  signatureScheme,
} from '../asn1/index.ts';
import type { RevocationEvidence } from './revocation-check.ts';
import type { RevocationClient } from './revocation-client.ts';
import type { FilledField } from './signature-fields.ts';
import { SigningError } from './signing-error.ts';

/** What belongs to one signature or timestamp. */
export interface ValidationData {
  readonly field: FilledField;
  readonly certificates: readonly Certificate[];
  readonly evidence: readonly RevocationEvidence[];
}

export interface CollectSettings {
  readonly revocation: RevocationClient;
  /** Issuers that signatures may have left out: roots and intermediates. */
  readonly issuers: readonly Certificate[];
}

const maximumChain = 10;

/**
 * @throws SigningError `chain-incomplete` when an issuer is not at hand, `revocation-unavailable`,
 *   `certificate-revoked` when the signer's was revoked before any timestamp shows the signature
 */
export async function collectValidationData(
  fields: readonly FilledField[],
  settings: CollectSettings,
): Promise<ValidationData[]> {
  const collected: ValidationData[] = [];
  for (const field of fields) {
    const certificates = new Map<string, Certificate>();
    const evidence = new Map<string, RevocationEvidence>();
    const proven = provenTime(field, fields);
    const holders = [signerOf(field.cms), ...timestampTokens(field.cms).map(signerOf)];
    for (const [index, leaf] of holders.entries()) {
      await walk(leaf, {
        pool: certificatesOf(field.cms),
        settings,
        certificates,
        evidence,
        proven: index === 0 ? proven : undefined,
      });
    }
    collected.push({ field, certificates: [...certificates.values()], evidence: [...evidence.values()] });
  }
  return collected;
}

/** The earliest time at which a timestamp shows that the signature existed; undefined when none does. */
export function provenTime(field: FilledField, fields: readonly FilledField[]): Date | undefined {
  const own = timestampTokens(field.cms);
  const covering = fields.filter(
    ({ kind, signedEnd }) => kind === 'timestamp' && signedEnd > field.signedEnd,
  );
  const times = [...own, ...covering.map(({ cms }) => cms)].flatMap((token) => {
    return token.content === undefined ? [] : [readTimestampInfo(token.content).time.getTime()];
  });
  return times.length === 0 ? undefined : new Date(Math.min(...times));
}

/** Tokens of the signature-time-stamp attributes. */
export function timestampTokens(cms: SignedData): SignedData[] {
  const attributes = cms.signerInfos.flatMap(({ unsignedAttributes }) => unsignedAttributes);
  return attributes
    .filter(({ oid }) => oid === oids.signatureTimestamp)
    .flatMap(({ values }) => values.map((value) => readSignedData(value)));
}

/** The certificate of the one signer. @throws SigningError `chain-incomplete` */
export function signerOf(cms: SignedData): Certificate {
  const identifier = cms.signerInfos[0]?.signer;
  const found = certificatesOf(cms).find((certificate) => {
    if (identifier === undefined) return false;
    if ('subjectKeyIdentifier' in identifier)
      return certificate.subjectKeyIdentifier === identifier.subjectKeyIdentifier;
    return (
      certificate.serialNumber === identifier.serialNumber && sameName(certificate.issuer, identifier.issuer)
    );
  });
  if (found === undefined)
    throw new SigningError('chain-incomplete', 'A signature does not carry the certificate of its signer.');
  return found;
}

interface Walk {
  readonly pool: readonly Certificate[];
  readonly settings: CollectSettings;
  readonly certificates: Map<string, Certificate>;
  readonly evidence: Map<string, RevocationEvidence>;
  /** When the use of the leaf is proven; its revocation afterwards does no harm. */
  readonly proven: Date | undefined;
}

async function walk(leaf: Certificate, about: Walk): Promise<void> {
  let current = leaf;
  for (let depth = 0; depth < maximumChain; depth++) {
    if (about.certificates.has(current.fingerprint)) return;
    about.certificates.set(current.fingerprint, current);
    if (current.selfIssued) return;
    const issuer = findIssuer(current, [...about.pool, ...about.settings.issuers]);
    const evidence = await about.settings.revocation.evidence(current, issuer);
    refuseRevoked(current, evidence, current === leaf ? about.proven : undefined);
    about.evidence.set(current.fingerprint, evidence);
    const { responder } = evidence;
    if (responder?.ocspNoCheck === true) about.certificates.set(responder.fingerprint, responder);
    else if (responder !== undefined) await walk(responder, about);
    current = issuer;
  }
}

function findIssuer(certificate: Certificate, pool: readonly Certificate[]): Certificate {
  const found = pool.find((candidate) => {
    if (!candidate.isCa || !sameName(candidate.subject, certificate.issuer)) return false;
    const scheme = signatureScheme(certificate.signatureAlgorithm);
    const { tbs, signature } = certificate;
    return checkSignature({ key: candidate.publicKey, scheme, data: tbs, signature }) === 'valid';
  });
  if (found === undefined) {
    throw new SigningError(
      'chain-incomplete',
      `The issuer "${certificate.issuer.text}" is not at hand. Add its certificate to the trusted or intermediate ones.`,
    );
  }
  return found;
}

function refuseRevoked(
  certificate: Certificate,
  evidence: RevocationEvidence,
  proven: Date | undefined,
): void {
  if (evidence.status !== 'revoked') return;
  if (proven !== undefined && evidence.revokedAt !== undefined && evidence.revokedAt > proven) return;
  throw new SigningError(
    'certificate-revoked',
    `The certificate "${certificate.subject.text}" was revoked before the signature is proven. It cannot be made long-term.`,
  );
}

function certificatesOf(cms: SignedData): Certificate[] {
  return cms.certificates.map((der) => readCertificate(der));
}
