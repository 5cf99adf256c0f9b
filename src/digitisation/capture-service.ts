/**
 * Capture and examination. Order, and why it survives a power cut: the captured bytes are kept first, their rows and the
 * event in one transaction; examination reads the kept bytes, so that it can be done again at any time. A file sent
 * twice is taken once (by its digest), so that an upload that broke off is simply sent again.
 */
import { calendarDateAt } from '../catalogue/index.ts';
import { fileKind, type IntakeFile, MEDIA_TYPES } from '../documents/index.ts';
import { Failure } from '../platform/failure.ts';
import { busy, type CaptureTools, lookAtFile } from './captured-file.ts';
import { canScan } from './digitisation-policy.ts';
import { type ExaminationRules, findingsOf, rulesAt } from './examination.ts';
import { decodeHeic } from './heic.ts';
import { type ExamineInput, type ExamineOutcome, examineInChild } from './page-examiner.ts';
import type { RejectionReason } from './refusal.ts';
import { type Finding, isOver, mayStillChange, type Scan, type ScanFile, type ScanPage } from './scan.ts';
import { destroyKeys, type ScanDesk, type ScanOrder, wrongState } from './scan-desk.ts';
import { filesOf, insertFile, pagesOf, removeFile, replacePages } from './scan-repository.ts';

export interface CapturedUpload extends IntakeFile {
  readonly sha256: string;
}

/** Pages examined by one child in one go: bounds its memory and its time. */
const PAGES_AT_ONCE = 4;

export class CaptureService {
  readonly #desk: ScanDesk;
  readonly #rules: readonly ExaminationRules[];
  readonly #tools: CaptureTools;

  constructor(
    desk: ScanDesk,
    options: { readonly rules: readonly ExaminationRules[]; readonly tools: CaptureTools },
  ) {
    this.#desk = desk;
    this.#rules = options.rules;
    this.#tools = options.tools;
  }

  /** Takes files in and examines the paper as it stands then. @throws Failure; what was taken before stays */
  async capture(
    order: ScanOrder & { readonly files: readonly CapturedUpload[]; readonly device?: string },
  ): Promise<Scan> {
    let scan = await this.#forChange(order, 'capture');
    if (order.files.length === 0) throw noFile();
    for (const file of order.files) {
      scan = await this.#take(order, scan, file);
      if (scan.state === 'quarantined') return scan;
    }
    return this.examine(order);
  }

  async #take(
    order: ScanOrder & { readonly device?: string },
    scan: Scan,
    file: CapturedUpload,
  ): Promise<Scan> {
    const { database, limits } = this.#desk.parts;
    const files = await database.transactSql((sql) => filesOf(sql, scan.id));
    if (files.some(({ sha256 }) => sha256 === file.sha256)) return scan;
    if (file.size > limits.maxBytes) throw tooLarge();
    const bytes = await file.read();
    const found = await lookAtFile(bytes, this.#tools);
    const isPdf = fileKind(bytes) === 'pdf';
    if (files.length > 0 && (isPdf || files.some(({ mediaType }) => mediaType === MEDIA_TYPES.pdf)))
      throw mixed();
    const stored = await this.#desk.keep(scan.id, 'original', bytes);
    const position = (files.at(-1)?.position ?? -1) + 1;
    const kind = fileKind(bytes);
    const row: ScanFile = {
      position,
      mediaType: kind === 'unknown' ? 'application/octet-stream' : MEDIA_TYPES[kind],
      sha256: stored.sha256,
      size: stored.size,
      objectId: stored.objectId,
    };
    await database.transactSql(async (sql) => {
      await this.#desk.insert(sql, scan.id, 'original', stored);
      await insertFile(sql, scan.id, row);
      const detail = { sha256: stored.sha256, position };
      const common = { actor: order.actor, requestId: order.requestId } as const;
      if (found.kind === 'dangerous') {
        await this.#desk.move(sql, scan, {
          ...common,
          state: 'quarantined',
          event: 'digitisation.quarantined',
          detail: { ...detail, because: found.reason },
          change: { reason: found.reason },
        });
        return;
      }
      const electronic: Finding[] =
        found.kind === 'electronic' ? [{ code: 'electronic-original', verdict: 'pass' }] : [];
      await this.#desk.move(sql, scan, {
        ...common,
        state: 'captured',
        event: 'digitisation.captured',
        detail,
        change: {
          ...(order.device ? { device: order.device } : {}),
          ...(electronic.length > 0
            ? {
                examination: { rules: 'signature', at: this.#desk.now().toISOString(), findings: electronic },
              }
            : {}),
        },
      });
    });
    return this.#desk.open(order, 'capture', () => ({ allowed: true }));
  }

  /** Takes one file out, to be captured again better. */
  async removeFile(order: ScanOrder & { readonly position: number }): Promise<Scan> {
    const scan = await this.#forChange(order, 'capture');
    await this.#desk.parts.database.transactSql(async (sql) => {
      const objectId = await removeFile(sql, scan.id, order.position);
      if (objectId === undefined) return;
      await destroyKeys(sql, [objectId], this.#desk.now());
      await this.#desk.move(sql, scan, {
        state: 'captured',
        event: 'digitisation.captured',
        actor: order.actor,
        requestId: order.requestId,
        detail: { removed: order.position },
      });
    });
    return this.examine(order);
  }

  /** Measures every page of the kept files and holds them against the thresholds of today. May be repeated. */
  async examine(order: ScanOrder): Promise<Scan> {
    const scan = await this.#forChange(order, 'examine');
    if (isElectronic(scan)) return scan;
    const { database } = this.#desk.parts;
    const files = await database.transactSql((sql) => filesOf(sql, scan.id));
    const before = await database.transactSql((sql) => pagesOf(sql, scan.id));
    const type = await this.#desk.typeOf(scan);
    const pages: ScanPage[] = [];
    const faults: { page: number; fault: string }[] = [];
    const made: { kind: 'access' | 'thumbnail'; stored: Awaited<ReturnType<ScanDesk['keep']>> }[] = [];
    for (const file of files) {
      const known = before.filter(({ filePosition }) => filePosition === file.position);
      for await (const outcome of this.#examineFile(scan, file)) {
        const number = pages.length + faults.length + 1;
        if ('fault' in outcome) {
          faults.push({ page: number, fault: outcome.fault });
          continue;
        }
        const { measures, look, access, thumbnail } = outcome.examined;
        const keptAccess = await this.#desk.keep(scan.id, 'access', access);
        const keptThumbnail = await this.#desk.keep(scan.id, 'thumbnail', thumbnail);
        made.push({ kind: 'access', stored: keptAccess }, { kind: 'thumbnail', stored: keptThumbnail });
        const reading = known.find(({ filePage }) => filePage === outcome.page)?.reading ?? null;
        pages.push({
          number,
          filePosition: file.position,
          filePage: outcome.page,
          measures,
          look,
          accessObjectId: keptAccess.objectId,
          thumbnailObjectId: keptThumbnail.objectId,
          reading,
        });
      }
    }
    const now = this.#desk.now();
    const rules = rulesAt(this.#rules, calendarDateAt(now));
    const alike = await this.#seenBefore(scan, pages, files);
    const findings = findingsOf(pages, { type, declaredSheets: scan.declaredSheets, faults, alike }, rules);
    await database.transactSql(async (sql) => {
      for (const { kind, stored } of made) await this.#desk.insert(sql, scan.id, kind, stored);
      await replacePages(sql, scan.id, pages);
      await destroyKeys(
        sql,
        before.flatMap(({ accessObjectId, thumbnailObjectId }) =>
          [accessObjectId, thumbnailObjectId].filter((id) => id !== null),
        ),
        now,
      );
      await this.#desk.move(sql, scan, {
        state: 'examined',
        event: 'digitisation.examined',
        actor: order.actor,
        requestId: order.requestId,
        detail: {
          pages: pages.length,
          rules: rules.id,
          rejected: findings.filter(({ verdict }) => verdict === 'reject').length,
          warned: findings.filter(({ verdict }) => verdict === 'warn').length,
        },
        change: { examination: { rules: rules.id, at: now.toISOString(), findings } },
      });
    });
    return this.#desk.open(order, 'examine', () => ({ allowed: true }));
  }

  async *#examineFile(scan: Scan, file: ScanFile): AsyncGenerator<ExamineOutcome> {
    const { readers, limits } = this.#desk.parts;
    const original = await this.#desk.read(scan.id, 'original', file.objectId);
    const heic = file.mediaType === MEDIA_TYPES.heic;
    const bytes = heic ? await decodeHeic(original) : original;
    const kind = heic ? 'jpeg' : (fileKind(bytes) as ExamineInput['kind']);
    for (let from = 0; ; from += PAGES_AT_ONCE) {
      const outcomes = await examineInChild(readers, {
        bytes,
        kind,
        from,
        count: PAGES_AT_ONCE,
        maxPixels: limits.maxPixels,
      });
      if (outcomes === 'busy') throw busy();
      yield* outcomes;
      if (outcomes.length < PAGES_AT_ONCE || (kind !== 'pdf' && kind !== 'tiff')) return;
    }
  }

  /** Pages that the agency has captured before, by content or by look. */
  async #seenBefore(scan: Scan, pages: readonly ScanPage[], files: readonly ScanFile[]): Promise<number[]> {
    const rows = await this.#desk.parts.database.read<{ sha256: string | null; look: string | null }>(
      `SELECT DISTINCT f.sha256, NULL AS look FROM scan_file f JOIN scan s ON s.id = f.scan_id
       WHERE s.agency_id = $1::text AND s.id <> $2::uuid AND s.state <> 'rejected' AND f.sha256 = ANY ($3::text[])
       UNION ALL
       SELECT DISTINCT NULL, p.look FROM scan_page p JOIN scan s ON s.id = p.scan_id
       WHERE s.agency_id = $1::text AND s.id <> $2::uuid AND s.state <> 'rejected' AND p.look = ANY ($4::text[])`,
      [
        scan.agencyId,
        scan.id,
        files.map(({ sha256 }) => sha256),
        pages.filter(({ measures }) => measures.ink > 0.002).map(({ look }) => look ?? ''),
      ],
    );
    const digests = new Set(rows.map(({ sha256 }) => sha256));
    const looks = new Set(rows.map(({ look }) => look));
    const same = new Set(files.filter(({ sha256 }) => digests.has(sha256)).map(({ position }) => position));
    return pages
      .filter(({ look, filePosition }) => same.has(filePosition) || (look !== null && looks.has(look)))
      .map(({ number }) => number);
  }

  /** The paper does not enter the vault: its reason goes on a slip, the citizen keeps the original. */
  async reject(order: ScanOrder & { readonly reason: RejectionReason }): Promise<Scan> {
    const scan = await this.#desk.open(order, 'reject', (found) => canScan(order.actor, found.agencyId));
    if (isOver(scan.state)) throw wrongState(scan.state);
    await this.#desk.parts.database.transactSql((sql) =>
      this.#desk.move(sql, scan, {
        state: 'rejected',
        event: 'digitisation.rejected',
        actor: order.actor,
        requestId: order.requestId,
        detail: { because: order.reason },
        change: { reason: order.reason },
      }),
    );
    return { ...scan, state: 'rejected', reason: order.reason };
  }

  async #forChange(order: ScanOrder, operation: string): Promise<Scan> {
    const scan = await this.#desk.open(order, operation, (found) => canScan(order.actor, found.agencyId));
    if (!mayStillChange(scan.state)) throw wrongState(scan.state);
    return scan;
  }
}

/** A signed electronic paper that was offered as a scan: it goes in as what it is. */
export const isElectronic = (scan: Pick<Scan, 'examination'>): boolean =>
  scan.examination?.findings.some(({ code }) => code === 'electronic-original') === true;

const noFile = (): Failure =>
  new Failure(
    'invalid',
    { en: 'Send at least one file.', vi: 'Hãy gửi ít nhất một tệp.' },
    { code: 'no-file' },
  );

const mixed = (): Failure =>
  new Failure(
    'invalid',
    {
      en: 'A paper is one PDF, or page pictures, not both. Remove the other file first.',
      vi: 'Một giấy là một tệp PDF, hoặc các ảnh trang, không lẫn. Hãy bỏ tệp kia trước.',
    },
    { code: 'mixed-files' },
  );

const tooLarge = (): Failure =>
  new Failure('too-large', {
    en: 'The file is too large. Scan at 200 to 300 dpi, or send the pages one by one.',
    vi: 'Tệp quá lớn. Hãy quét ở 200 đến 300 dpi, hoặc gửi từng trang.',
  });
