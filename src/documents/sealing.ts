/**
 * The agency's e-copy signature on a deposit: intent first, then the key, then our own verifier over the result.
 * Appended as an incremental update; what was there stays byte for byte.
 */
import { createHash } from 'node:crypto';
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
  type Signer,
  SigningError,
  sealPdf,
  type TimestampClient,
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
  readonly readers: KillablePool;
  readonly trust: () => readonly TrustSet[];
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
    const report = await this.#verifyOwn(sealed.bytes, sealed.fieldName);
    return {
      bytes: sealed.bytes,
      sha256: digestOf(sealed.bytes),
      fieldName: sealed.fieldName,
      level: sealed.level,
      upgrade: sealed.upgrade,
      intent,
      report,
    };
  }

  /** Whatever leaves our hands was read back by the verifier first: what is not proven is not kept. */
  async #verifyOwn(bytes: Uint8Array, fieldName: string): Promise<Report> {
    const { readers, trust, clock } = this.#parts;
    const outcome = await verifyInChild(readers, bytes, { trust: trust(), at: clock.now() });
    if (outcome.kind === 'busy') throw tooBusy();
    const own = outcome.report.signatures.find((signature) => signature.field === fieldName);
    if (own?.verdict !== 'valid') {
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
