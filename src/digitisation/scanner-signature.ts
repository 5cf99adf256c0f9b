/**
 * The scanning person's signature: name and time at the top left of page 1, before any data is taken from the paper
 * (TT 01/2023/TT-VPCP Điều 8). It closes capture; from here on the pages cannot change.
 */
import { closeIntent, fileKind, MEDIA_TYPES, type Sealing, takeIn } from '../documents/index.ts';
import { personById } from '../identity/index.ts';
import { Failure } from '../platform/failure.ts';
import type { Signer } from '../signing/index.ts';
import { canScan } from './digitisation-policy.ts';
import { decodeHeic } from './heic.ts';
import { type Examination, openFindings, type Scan } from './scan.ts';
import { type ScanDesk, type ScanOrder, wrongState } from './scan-desk.ts';
import { filesOf } from './scan-repository.ts';

/** Which key is a person's own. */
export interface OfficerSigners {
  /** Undefined where the person signs with a token at their own machine. */
  signerFor(personId: string, agencyId: string): Signer | undefined;
}

/** A reason for letting a warning pass. */
export interface Override {
  readonly code: string;
  readonly page?: number;
  readonly reason: string;
}

export class ScannerSignature {
  readonly #desk: ScanDesk;
  readonly #sealing: Sealing;
  readonly #signers: OfficerSigners;

  constructor(desk: ScanDesk, options: { readonly sealing: Sealing; readonly signers: OfficerSigners }) {
    this.#desk = desk;
    this.#sealing = options.sealing;
    this.#signers = options.signers;
  }

  /** @throws Failure `conflict` with the findings that stand in the way */
  async sign(order: ScanOrder & { readonly overrides: readonly Override[] }): Promise<Scan> {
    const scan = await this.#desk.open(order, 'sign-scan', (found) => canScan(order.actor, found.agencyId));
    if (scan.state !== 'examined' || order.actor.kind !== 'person') throw wrongState(scan.state);
    const { personId } = order.actor;
    const examination = overridden(scan.examination, order.overrides);
    const open = openFindings(examination);
    if (open.length > 0)
      throw findingsOpen(
        open.map(({ code, page }) => (page === undefined ? code : `${code} (page ${page})`)),
      );
    const signer = this.#signers.signerFor(personId, scan.agencyId);
    if (!signer) throw personalKeyNeeded();
    const { database } = this.#desk.parts;
    const person = await database.transactSql((sql) => personById(sql, personId));
    const { pdf } = await this.pdfOf(scan);
    const signed = await this.#sealing.signScan({
      documentId: scan.id,
      pdf,
      signer,
      name: person?.fullName ?? '',
    });
    const stored = await this.#desk.keep(scan.id, 'scan-signed', signed.bytes);
    await database.transactSql(async (sql) => {
      await this.#desk.insert(sql, scan.id, 'scan-signed', stored);
      if (!(await closeIntent(sql, signed.intent.id, 'kept', this.#desk.now()))) throw tookTooLong();
      await this.#desk.move(sql, scan, {
        state: 'signed-by-scanner',
        event: 'digitisation.signed',
        actor: order.actor,
        requestId: order.requestId,
        detail: { sha256: signed.sha256, overrides: order.overrides.length },
        change: {
          examination: examination ?? undefined,
          signedObjectId: stored.objectId,
          signing: [
            {
              fieldName: signed.fieldName,
              purpose: 'officer-scan',
              intentId: signed.intent.id,
              certificateSha256: signed.intent.certificateSha256,
              level: signed.level,
              upgrade: signed.upgrade,
              at: signed.intent.at.toISOString(),
            },
          ],
        },
      });
    });
    return this.#desk.open(order, 'sign-scan', () => ({ allowed: true }));
  }

  /** The captured files as one PDF; a PDF from the scanner as it is, JPEG pages without decoding them. */
  async pdfOf(scan: Pick<Scan, 'id'>): Promise<{ pdf: Uint8Array; pages: number }> {
    const { database, readers, limits } = this.#desk.parts;
    const files = await database.transactSql((sql) => filesOf(sql, scan.id));
    const inputs = files.map((file) => ({
      size: file.size,
      read: async () => {
        const bytes = await this.#desk.read(scan.id, 'original', file.objectId);
        return file.mediaType === MEDIA_TYPES.heic && fileKind(bytes) === 'heic' ? decodeHeic(bytes) : bytes;
      },
    }));
    return takeIn(inputs, readers, limits);
  }
}

/** The examination with the reasons given. A rejection takes none. */
export function overridden(
  examination: Examination | null,
  overrides: readonly Override[],
): Examination | null {
  if (!examination) return null;
  return {
    ...examination,
    findings: examination.findings.map((finding) => {
      const given = overrides.find(
        ({ code, page, reason }) =>
          code === finding.code && (page === undefined || page === finding.page) && reason.trim().length >= 3,
      );
      return finding.verdict === 'warn' && given
        ? { ...finding, override: given.reason.normalize('NFC').trim().slice(0, 300) }
        : finding;
    }),
  };
}

const findingsOpen = (open: readonly string[]): Failure =>
  new Failure(
    'conflict',
    {
      en: `Before signing: capture the rejected pages again and give a reason for each warning. Open: ${open.join(', ')}.`,
      vi: `Trước khi ký: chụp lại các trang không đạt và ghi lý do cho từng cảnh báo. Còn: ${open.join(', ')}.`,
    },
    { code: 'findings-open', faults: open.map((detail) => ({ pointer: '/body/overrides', detail })) },
  );

const personalKeyNeeded = (): Failure =>
  new Failure(
    'conflict',
    {
      en: 'You sign with the token at your own machine. Start the signing agent and sign there.',
      vi: 'Ông (bà) ký bằng thiết bị tại máy mình. Hãy mở phần mềm ký và ký tại đó.',
    },
    { code: 'personal-key-needed' },
  );

const tookTooLong = (): Failure =>
  new Failure(
    'unavailable',
    {
      en: 'Signing took too long and was given up. Sign again.',
      vi: 'Việc ký kéo dài quá lâu và đã bị bỏ. Hãy ký lại.',
    },
    { code: 'signing-abandoned', retryAfter: 1 },
  );
