/**
 * Files that scanner stations dropped, taken in by rounds: a page with a cover sheet's code says whose the pages behind it
 * are; they are captured for that scan as if its officer had sent them. A file is taken once (by digest) and removed only
 * after it is kept. What belongs to no open scan is set aside, never guessed.
 */
import { createHash } from 'node:crypto';
import { fileKind } from '../documents/index.ts';
import type { PersonActor } from '../identity/index.ts';
import { Failure } from '../platform/failure.ts';
import type { Logger } from '../platform/logger.ts';
import { scanOfCover } from './cover-sheet.ts';
import type { DigitisationServices } from './digitisation-services.ts';
import type { DroppedFile, DropSource } from './drop-sources.ts';
import { type ExamineInput, examineInChild } from './page-examiner.ts';
import { mayStillChange, type Scan } from './scan.ts';
import { findScan } from './scan-repository.ts';

export interface StationIntakeParts {
  readonly services: DigitisationServices;
  readonly sources: readonly DropSource[];
  readonly logger: Logger;
  /** The officer of a scan with the roles held now; undefined where there are none any more. */
  readonly officerOf: (personId: string) => Promise<PersonActor | undefined>;
}

/** A file that still grows is left for the next round. */
const QUIET_MS = 5_000;

export class StationIntake {
  readonly #parts: StationIntakeParts;

  constructor(parts: StationIntakeParts) {
    this.#parts = parts;
  }

  /** One round over all sources. @returns how many files were captured */
  async takeIn(signal: AbortSignal): Promise<number> {
    let taken = 0;
    for (const source of this.#parts.sources) {
      const files = await source.list();
      const stations = Map.groupBy(files, ({ name }) => name.split('/')[0] ?? '');
      for (const [station, batch] of stations) {
        if (signal.aborted) return taken;
        taken += await this.#station(source, station, batch);
      }
    }
    return taken;
  }

  async #station(source: DropSource, station: string, files: readonly DroppedFile[]): Promise<number> {
    const { services, logger } = this.#parts;
    const now = services.desk.now().getTime();
    // The whole batch waits while one of its files grows, so that pages never pass their cover sheet.
    if (files.some(({ changedAt }) => now - changedAt.getTime() < QUIET_MS)) return 0;
    let scan: Scan | undefined;
    let taken = 0;
    for (const file of files) {
      const bytes = await source.read(file.name);
      const cover = await this.#coverOf(bytes);
      if (cover !== undefined) scan = await this.#openScan(cover.scanId);
      if (cover?.alone === true && scan) {
        await source.remove(file.name);
        continue;
      }
      const actor = scan && (await this.#parts.officerOf(scan.operatorId));
      if (!scan || !actor) {
        logger.warn({ station }, 'a dropped file belongs to no open scan and was set aside');
        await source.setAside(file.name);
        continue;
      }
      try {
        scan = await services.capture.capture({
          actor,
          scanId: scan.id,
          requestId: `station-${station}`,
          device: station,
          files: [
            {
              size: bytes.length,
              sha256: createHash('sha256').update(bytes).digest('hex'),
              read: async () => bytes,
            },
          ],
        });
        await source.remove(file.name);
        taken += 1;
      } catch (error) {
        if (!(error instanceof Failure) || error.kind === 'unavailable') throw error;
        logger.warn({ station, code: error.code }, 'a dropped file was refused and set aside');
        await source.setAside(file.name);
      }
    }
    return taken;
  }

  /** The scan that the first page names; `alone` where the file is the cover sheet and nothing else. */
  async #coverOf(bytes: Buffer): Promise<{ scanId: string; alone: boolean } | undefined> {
    const kind = fileKind(bytes);
    if (kind === 'unknown' || kind === 'heic') return undefined;
    const { readers, limits } = this.#parts.services.desk.parts;
    const outcomes = await examineInChild(readers, {
      bytes,
      kind: kind as ExamineInput['kind'],
      from: 0,
      count: 2,
      maxPixels: limits.maxPixels,
    });
    if (outcomes === 'busy') return undefined;
    const [first] = outcomes;
    const scanId = first && 'examined' in first ? scanOfCover(first.examined.measures.codes) : undefined;
    return scanId === undefined ? undefined : { scanId, alone: outcomes.length === 1 };
  }

  async #openScan(id: string): Promise<Scan | undefined> {
    const scan = await this.#parts.services.desk.parts.database.transactSql((sql) => findScan(sql, id));
    return scan && mayStillChange(scan.state) ? scan : undefined;
  }
}
