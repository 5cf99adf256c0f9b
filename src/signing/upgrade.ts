// Raises the level of a signed PDF (EN 319 142-1 §6): proven time, validation data, archive timestamp, each an
// incremental update behind the last. The same call renews an archive: what is missing now is added again.
import { Asn1Error, type Certificate } from '../asn1/index.ts';
import { openPdf, PdfError } from '../pdf/index.ts';
import { addValidationData } from './document-security-store.ts';
import type { RevocationClient } from './revocation-client.ts';
import { type FilledField, readFilledFields } from './signature-fields.ts';
import { digestOf, fillPlace, reservePlace } from './signature-place.ts';
import { SigningError } from './signing-error.ts';
import type { TimestampClient } from './timestamp-client.ts';
import { collectValidationData, provenTime, signerOf, timestampTokens } from './validation-data.ts';

export type Level = 'B-T' | 'B-LT' | 'B-LTA';

export interface UpgradeSettings {
  readonly timestamps: TimestampClient;
  /** Needed for B-LT and B-LTA. */
  readonly revocation?: RevocationClient;
  /** Issuers that the signatures may have left out. */
  readonly issuers?: readonly Certificate[];
  /**
   * Names of the signature fields to raise; all where it is left out. Signatures of other people stay as they are, whose
   * chains may not be at hand.
   */
  readonly fields?: readonly string[];
}

export interface Upgraded {
  readonly bytes: Uint8Array;
  readonly level: Level;
  /** What was appended, in order; empty when nothing was missing. */
  readonly added: readonly ('timestamp' | 'validation-data' | 'archive-timestamp')[];
}

/** Tokens with a long chain reach 7 KB. */
const roomForToken = 12_288;

/**
 * Brings every signature of the file to `level`. At B-LTA an archive timestamp is always appended, so that calling
 * it before the last one's certificate expires renews the archive.
 * @throws SigningError `pdf-not-signable` when there is no signature to raise, `timestamp-failed`,
 *   `revocation-unavailable`, `certificate-revoked`, `chain-incomplete`
 */
export async function upgradePdf(
  original: Uint8Array,
  level: Level,
  settings: UpgradeSettings,
): Promise<Upgraded> {
  const added: ('timestamp' | 'validation-data' | 'archive-timestamp')[] = [];
  let bytes = original;
  let fields = concerned(fieldsOf(bytes), settings.fields);
  if (!fields.some(({ kind }) => kind === 'signature')) {
    throw new SigningError(
      'pdf-not-signable',
      'The PDF has no signature whose level could be raised. Sign it first.',
    );
  }
  const unproven = fields.some(
    (field) => field.kind === 'signature' && provenTime(field, fields) === undefined,
  );
  if (unproven) {
    bytes = await addDocumentTimestamp(bytes, settings.timestamps);
    fields = concerned(fieldsOf(bytes), settings.fields);
    added.push('timestamp');
  }
  if (level === 'B-T') return { bytes, level, added };
  if (settings.revocation === undefined) {
    throw new SigningError(
      'revocation-unavailable',
      'B-LT and B-LTA need a source of revocation data. Configure one.',
    );
  }
  const data = await collectValidationData(fields, {
    revocation: settings.revocation,
    issuers: settings.issuers ?? [],
  });
  const longer = addValidationData(bytes, data);
  if (longer !== bytes) added.push('validation-data');
  bytes = longer;
  if (level === 'B-LT') return { bytes, level, added };
  bytes = await addDocumentTimestamp(bytes, settings.timestamps);
  return { bytes, level, added: [...added, 'archive-timestamp'] };
}

/** The signatures named, and the document timestamps that cover one of them. */
function concerned(fields: readonly FilledField[], names: readonly string[] | undefined): FilledField[] {
  if (names === undefined) return [...fields];
  const signatures = fields.filter(({ kind, name }) => kind === 'signature' && names.includes(name));
  const first = Math.min(...signatures.map(({ signedEnd }) => signedEnd));
  const stamps = fields.filter(({ kind, signedEnd }) => kind === 'timestamp' && signedEnd > first);
  return [...signatures, ...stamps].sort((left, right) => left.signedEnd - right.signedEnd);
}

/** Appends a document timestamp over everything before it. @throws SigningError `timestamp-failed`, `pdf-not-signable` */
export async function addDocumentTimestamp(
  original: Uint8Array,
  timestamps: TimestampClient,
): Promise<Uint8Array> {
  const place = reservePlace(original, {
    kind: 'timestamp',
    contentsLength: roomForToken,
    fieldName: 'Timestamp',
  });
  const outcome = await timestamps.stampDigest(digestOf(original, place, 'sha256'), 'sha256');
  if (!outcome.ok) {
    const why = outcome.failures.map(({ authority, reason }) => `${authority}: ${reason}`).join('; ');
    throw new SigningError(
      'timestamp-failed',
      `No time-stamping authority gave a usable token (${why}). Try later.`,
    );
  }
  return fillPlace(original, place, outcome.token);
}

/** When the newest document timestamp's certificate expires: renew before. undefined when there is none. */
export function archiveExpiry(bytes: Uint8Array): Date | undefined {
  const newest = fieldsOf(bytes)
    .filter(({ kind }) => kind === 'timestamp')
    .at(-1);
  return newest === undefined ? undefined : signerOf(newest.cms).notAfter;
}

/**
 * When the proof of time of these signatures ends: the certificate of the newest document timestamp, else that of the
 * earliest-ending signature timestamp. undefined when nothing proves their time.
 */
export function proofExpiry(bytes: Uint8Array, names: readonly string[]): Date | undefined {
  const fields = concerned(fieldsOf(bytes), names);
  const stamp = fields.filter(({ kind }) => kind === 'timestamp').at(-1);
  if (stamp !== undefined) return signerOf(stamp.cms).notAfter;
  const ends = fields
    .flatMap(({ cms }) => timestampTokens(cms))
    .map((token) => signerOf(token).notAfter.getTime());
  return ends.length === 0 ? undefined : new Date(Math.min(...ends));
}

function fieldsOf(bytes: Uint8Array): FilledField[] {
  try {
    return readFilledFields(openPdf(bytes));
  } catch (error) {
    if (!(error instanceof PdfError) && !(error instanceof Asn1Error)) throw error;
    throw new SigningError(
      'pdf-not-signable',
      `The signatures of the PDF cannot be read: ${error.message}.`,
      { cause: error },
    );
  }
}
