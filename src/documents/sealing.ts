/**
 * The agency's e-copy signature on a deposit: intent first, then the key, then our own verifier over the result.
 * Appended as an incremental update; what was there stays byte for byte.
 */
import { createHash } from 'node:crypto';
import type { Certificate } from '../asn1/index.ts';
import type { Clock } from '../platform/clock.ts';
import { crashPoint } from '../platform/crash-points.ts';
import type { Database } from '../platform/database.ts';
import { Failure } from '../platform/failure.ts';
import { newId } from '../platform/ids.ts';
import type { KillablePool } from '../platform/killable.ts';
import {
  type CopyForm,
  type MarkRequest,
  markProfiles,
  markTime,
  proofExpiry,
  type RevocationClient,
  type Sealed,
  type Signer,
  SigningError,
  sealPdf,
  type TimestampClient,
  upgradePdf,
} from '../signing/index.ts';
import { type Report, type TrustSet, verifyInChild } from '../verification/index.ts';
import { openIntent, type SigningIntent } from './signing-intent-repository.ts';

/** Which key signs for an agency. */
export interface AgencySeals {
  signerFor(agencyId: string): Signer;
}

export interface SealedCopy {
  readonly bytes: Uint8Array;
  readonly sha256: string;
  readonly fieldName: string;
  readonly level: string;
  readonly upgrade: string;
  /** When the proof of its time ends; null where nothing proves it. */
  readonly proofEnds: Date | null;
  readonly intent: SigningIntent;
  readonly report: Report;
}

export interface SealOrder {
  readonly documentId: string;
  readonly pdf: Uint8Array;
  readonly agency: { readonly id: string; readonly name: string };
  /** What the mark says: which kind of copy, or that it is a statement of the agency's own. */
  readonly form: CopyForm | 'PHIẾU XÁC NHẬN';
}

export interface SealingParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly seals: AgencySeals;
  readonly timestamps?: TimestampClient;
  /** Where revocation data comes from; with it a timestamped seal is B-LT at once. */
  readonly evidence?: SealEvidence;
  readonly readers: KillablePool;
  readonly trust: () => readonly TrustSet[];
}

export interface SealEvidence {
  readonly revocation: RevocationClient;
  /** Issuers that signers leave out. */
  readonly issuers: readonly Certificate[];
}

export class Sealing {
  readonly #parts: SealingParts;

  constructor(parts: SealingParts) {
    this.#parts = parts;
  }

  /** @throws Failure `unprocessable` where the file forbids signing, `unavailable` where the key does not answer */
  async seal(order: SealOrder): Promise<SealedCopy> {
    const at = this.#parts.clock.now();
    return this.#sign(order.documentId, order.pdf, at, {
      signer: this.#parts.seals.signerFor(order.agency.id),
      purpose: 'agency-copy',
      fieldName: 'AgencyCopy',
      mark: {
        profile: markProfiles.agencyCopy,
        values: { form: order.form, agency: order.agency.name, time: markTime(at) },
      },
    });
  }

  /**
   * The signature of the person who scans, with name and time at the top left of page 1, made before anything is
   * extracted (TT 01/2023/TT-VPCP Điều 8). @throws Failure as `seal`
   */
  async signScan(order: {
    readonly documentId: string;
    readonly pdf: Uint8Array;
    readonly signer: Signer;
    readonly name: string;
  }): Promise<SealedCopy> {
    const at = this.#parts.clock.now();
    return this.#sign(order.documentId, order.pdf, at, {
      signer: order.signer,
      purpose: 'officer-scan',
      fieldName: 'OfficerScan',
      mark: { profile: markProfiles.officer, values: { name: order.name, time: markTime(at) } },
    });
  }

  async #sign(
    documentId: string,
    pdf: Uint8Array,
    at: Date,
    how: {
      readonly signer: Signer;
      readonly purpose: SigningIntent['purpose'];
      readonly fieldName: string;
      readonly mark: MarkRequest;
    },
  ): Promise<SealedCopy> {
    const { database, timestamps } = this.#parts;
    const { signer, purpose, fieldName, mark } = how;
    const intent: SigningIntent = {
      id: newId(),
      purpose,
      documentId,
      unsignedSha256: digestOf(pdf),
      certificateSha256: signer.certificate.fingerprint,
      at,
    };
    await database.transactSql((sql) => openIntent(sql, intent));
    crashPoint('deposit.after-intent');
    const sealed = await sealPdf(pdf, { signer, time: at, fieldName, mark, timestamps }).catch(
      (error: unknown) => {
        throw signingFailure(error);
      },
    );
    const raised = await this.#raise(sealed);
    const report = await this.#verifyOwn(raised.bytes, sealed.fieldName);
    return {
      bytes: raised.bytes,
      sha256: digestOf(raised.bytes),
      fieldName: sealed.fieldName,
      level: raised.level,
      upgrade: raised.upgrade,
      proofEnds: proofExpiry(raised.bytes, [sealed.fieldName]) ?? null,
      intent,
      report,
    };
  }

  /** To B-LT where revocation data can be had now; where not, the seal stands and the upgrade is queued. */
  async #raise(sealed: Sealed): Promise<{ bytes: Uint8Array; level: string; upgrade: string }> {
    const { timestamps, evidence } = this.#parts;
    if (sealed.level !== 'B-T' || timestamps === undefined || evidence === undefined) return sealed;
    try {
      const fields = [sealed.fieldName];
      const { bytes, level } = await upgradePdf(sealed.bytes, 'B-LT', { ...evidence, timestamps, fields });
      return { bytes, level, upgrade: 'none' };
    } catch (error) {
      if (!(error instanceof SigningError)) throw error;
      return { ...sealed, upgrade: 'queued' };
    }
  }

  /** Whatever leaves our hands was read back by the verifier first: what is not proven is not kept. */
  async #verifyOwn(bytes: Uint8Array, fieldName: string): Promise<Report> {
    const { readers, trust, clock } = this.#parts;
    const outcome = await verifyInChild(readers, bytes, { trust: trust(), at: clock.now() });
    if (outcome.kind === 'busy') throw tooBusy();
    const own = outcome.report.signatures.find((signature) => signature.field === fieldName);
    // Revocation that cannot be looked up now is no fault of the seal: it is raised later, and says so until then.
    if (own?.verdict !== 'valid' && own?.subIndication !== 'TRY_LATER') {
      throw new Error(
        `our own signature was read back as ${own?.verdict ?? outcome.report.verdict}: ${own?.reasons.join('; ') ?? ''}`,
      );
    }
    return outcome.report;
  }
}

export const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

function signingFailure(error: unknown): unknown {
  if (!(error instanceof SigningError)) return error;
  if (error.kind === 'signing-not-permitted') {
    return new Failure(
      'unprocessable',
      {
        en: 'The file is certified so that nothing may be added, not even a copy signature. Deposit it as an electronic result, unsealed.',
        vi: 'Tệp đã được khóa, không cho thêm chữ ký sao y. Hãy nộp nó là kết quả điện tử, không đóng dấu sao.',
      },
      { code: 'sealing-not-permitted', cause: error },
    );
  }
  if (error.kind === 'pdf-not-signable') {
    return new Failure(
      'unprocessable',
      {
        en: `The PDF cannot be sealed: ${error.message}`,
        vi: 'Không ký sao y được lên tệp PDF này; hãy in ra PDF thường hoặc quét lại.',
      },
      { code: 'not-sealable', cause: error },
    );
  }
  return error;
}

const tooBusy = (): Failure =>
  new Failure(
    'unavailable',
    {
      en: 'Too many files are being verified right now. Try again in a moment.',
      vi: 'Đang có quá nhiều tệp chờ kiểm tra. Hãy thử lại sau ít phút.',
    },
    { code: 'busy', retryAfter: 5 },
  );
