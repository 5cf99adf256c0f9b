/**
 * Reads the words of pages behind the counter: whatever waits is read, a few pages at a time, in children of low
 * priority. A page that cannot be read is marked so and never stops a paper: its values are typed by hand. Once a kept
 * paper is read through, its text is searchable and a copy with a hidden text layer is derived.
 */

import { fileKind, MEDIA_TYPES } from '../documents/index.ts';
import { newId } from '../platform/ids.ts';
import type { KillablePool } from '../platform/killable.ts';
import type { Logger } from '../platform/logger.ts';
import { orderFindings } from './examination.ts';
import { decodeHeic } from './heic.ts';
import { type ExamineInput, examineInChild } from './page-examiner.ts';
import { printedNumberOf } from './printed-number.ts';
import type { PageReading, Scan, ScanPage } from './scan.ts';
import type { ScanDesk } from './scan-desk.ts';
import { filesOf, findScan, keepReading, moveScan, pagesOf } from './scan-repository.ts';
import { buildSearchablePdf } from './searchable-pdf.ts';
import { keepDocumentText } from './text-repository.ts';
import type { WordReader } from './word-reader.ts';

export interface PageReaderParts {
  readonly desk: ScanDesk;
  readonly reader: WordReader;
  readonly examiners: KillablePool;
  readonly logger: Logger;
  /** Pages read at the same time. */
  readonly atOnce: number;
}

export class PageReader {
  readonly #parts: PageReaderParts;

  constructor(parts: PageReaderParts) {
    this.#parts = parts;
  }

  /** Reads what waits, oldest paper first, until nothing does. @returns how many pages were read */
  async readWaiting(signal: AbortSignal): Promise<number> {
    let read = 0;
    const tried = new Set<string>();
    while (!signal.aborted) {
      const waiting = (await this.#waiting()).filter(
        ({ scanId, number }) => !tried.has(`${scanId}/${number}`),
      );
      if (waiting.length === 0) break;
      await Promise.all(
        waiting.map(async (page) => {
          tried.add(`${page.scanId}/${page.number}`);
          if (await this.#readPage(page)) read += 1;
        }),
      );
    }
    if (!signal.aborted) await this.#deriveWaiting(signal);
    return read;
  }

  #waiting(): Promise<{ scanId: string; number: number }[]> {
    return this.#parts.desk.parts.database.read(
      `SELECT p.scan_id::text AS "scanId", p.number FROM scan_page p JOIN scan s ON s.id = p.scan_id
       WHERE p.reading IS NULL AND s.state NOT IN ('rejected', 'quarantined') AND s."values" IS DISTINCT FROM '{}'::jsonb
         AND NOT EXISTS (SELECT 1 FROM document d WHERE d.id = s.id AND d.erased_at IS NOT NULL)
       ORDER BY s.created_at, p.number LIMIT $1::int`,
      [this.#parts.atOnce],
    );
  }

  async #readPage({ scanId, number }: { scanId: string; number: number }): Promise<boolean> {
    const { desk, reader, logger } = this.#parts;
    const { database } = desk.parts;
    try {
      const [pages, files] = await database.transactSql(
        async (sql) => [await pagesOf(sql, scanId), await filesOf(sql, scanId)] as const,
      );
      const page = pages.find((each) => each.number === number);
      const file = files.find(({ position }) => position === page?.filePosition);
      if (!page || !file) return false;
      const picture = await this.#pictureOf(scanId, page, file);
      const outcome = picture ? await reader.read(picture) : { failed: 'no-picture' };
      // The child was stopped with the vault: the page stays to be read.
      if ('failed' in outcome && outcome.failed === 'closed') return false;
      const reading: PageReading =
        'failed' in outcome ? { engine: `none (${outcome.failed})`, words: [] } : outcome;
      await database.transactSql(async (sql) => {
        await keepReading(sql, scanId, number, reading);
        const scan = await findScan(sql, scanId, { lock: true });
        if (scan?.state === 'accessioned' && !scan.sensitive) {
          await keepDocumentText(sql, scanId, [{ number, reading }]);
        }
        const printed = printedNumberOf(reading);
        if (printed !== undefined) {
          await sql.query(
            `UPDATE scan_page SET measures = measures || jsonb_build_object('printedNumber', $3::int)
             WHERE scan_id = $1::uuid AND number = $2::int`,
            [scanId, number, printed],
          );
        }
      });
      await this.#findOrder(scanId);
      return true;
    } catch (error) {
      logger.warn({ error, scan: scanId, page: number }, 'a page was not read');
      return false;
    }
  }

  async #pictureOf(
    scanId: string,
    page: ScanPage,
    file: { readonly mediaType: string; readonly objectId: string },
  ): Promise<Uint8Array | undefined> {
    const { desk, examiners } = this.#parts;
    const original = await desk.read(scanId, 'original', file.objectId);
    const heic = file.mediaType === MEDIA_TYPES.heic;
    const bytes = heic ? await decodeHeic(original) : original;
    const outcomes = await examineInChild(examiners, {
      bytes,
      kind: heic ? 'jpeg' : (fileKind(bytes) as ExamineInput['kind']),
      from: page.filePage,
      count: 1,
      maxPixels: desk.parts.limits.maxPixels,
      forReading: true,
    });
    const [outcome] = outcomes === 'busy' ? [] : outcomes;
    return outcome && 'examined' in outcome ? outcome.examined.reading : undefined;
  }

  /** Printed page numbers are known only now; while nothing is signed, pages out of order become a finding. */
  async #findOrder(scanId: string): Promise<void> {
    const { desk } = this.#parts;
    await desk.parts.database.transactSql(async (sql) => {
      const scan = await findScan(sql, scanId, { lock: true });
      if (scan?.state !== 'examined' || !scan.examination) return;
      const pages = await pagesOf(sql, scanId);
      if (pages.some(({ reading }) => reading === null)) return;
      const others = scan.examination.findings.filter(({ code }) => code !== 'out-of-order');
      const order = orderFindings(pages);
      if (order.length === scan.examination.findings.length - others.length) return;
      await moveScan(sql, scan, {
        state: 'examined',
        at: desk.now(),
        actor: { kind: 'vault' },
        detail: { outOfOrder: order.length },
        change: { examination: { ...scan.examination, findings: [...others, ...order] } },
      });
    });
  }

  /** Copies with a hidden text layer for kept papers that are read through. */
  async #deriveWaiting(signal: AbortSignal): Promise<void> {
    const { desk, logger } = this.#parts;
    const rows = await desk.parts.database.read<{ id: string }>(
      `SELECT s.id::text FROM scan s JOIN document d ON d.id = s.id
       WHERE s.state = 'accessioned' AND d.erased_at IS NULL
         AND EXISTS (SELECT 1 FROM scan_page p WHERE p.scan_id = s.id)
         AND NOT EXISTS (SELECT 1 FROM scan_page p WHERE p.scan_id = s.id AND p.reading IS NULL)
         AND NOT EXISTS (SELECT 1 FROM rendition r JOIN document_version v ON v.id = r.version_id
                         WHERE v.document_id = s.id AND r.kind = 'text')
       ORDER BY s.created_at LIMIT 20`,
    );
    for (const { id } of rows) {
      if (signal.aborted) return;
      await this.derive(id).catch((error: unknown) =>
        logger.warn({ error, scan: id }, 'no text layer was made'),
      );
    }
  }

  /** Makes the copy with the text layer anew. @returns false where the document or its pictures are gone */
  async derive(documentId: string): Promise<boolean> {
    const { desk } = this.#parts;
    const { database } = desk.parts;
    const [scan, pages] = await database.transactSql(
      async (sql) => [await findScan(sql, documentId), await pagesOf(sql, documentId)] as const,
    );
    if (!scan || pages.length === 0) return false;
    const pdf = await this.#searchable(scan, pages);
    const stored = await desk.keep(documentId, 'text', pdf);
    await database.transactSql(async (sql) => {
      await desk.insert(sql, documentId, 'text', stored);
      await sql.query(
        `INSERT INTO rendition (version_id, kind, position, media_type, object_id)
         SELECT id, 'text', 0, 'application/pdf', $2::uuid FROM document_version
         WHERE document_id = $1::uuid ORDER BY number LIMIT 1
         ON CONFLICT (version_id, kind, position) DO UPDATE SET object_id = excluded.object_id`,
        [documentId, stored.objectId],
      );
    });
    return true;
  }

  async #searchable(scan: Scan, pages: readonly ScanPage[]): Promise<Buffer> {
    const inputs = [];
    for (const page of pages) {
      if (page.accessObjectId === null) continue;
      inputs.push({
        jpeg: await this.#parts.desk.read(scan.id, 'access', page.accessObjectId),
        words: page.reading?.words ?? [],
      });
    }
    return buildSearchablePdf({ pages: inputs, created: scan.updatedAt, identifier: newId() });
  }
}
