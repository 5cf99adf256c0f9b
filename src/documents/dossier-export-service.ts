/**
 * A whole dossier leaves as one archive, with the guarantees of every read: all bytes are fetched and verified first;
 * then one transaction asks the policy on the dossier as it stands, writes an event for the dossier and one for each
 * paper; then the first byte. Each file is verified again as it passes, and not opened once its document is erased.
 */
import { crc32 } from 'node:zlib';
import type { SealedObjects, StoredObject } from '../../storage/index.ts';
import type { CatalogueService } from '../catalogue/index.ts';
import { type Actor, appendRefusal } from '../identity/index.ts';
import { appendEvent } from '../ledger/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database, Sql } from '../platform/database.ts';
import { Failure } from '../platform/failure.ts';
import { boundTo } from './document.ts';
import { findDocument } from './document-repository.ts';
import { type ArchivedPaper, fileName, manifestOf } from './dossier-archive.ts';
import { type Dossier, findDossier, papersOf } from './dossier-repository.ts';
import { canExportDossier } from './dossiers-policy.ts';
import { nothingHere } from './retrieval-service.ts';
import { type FileOfVersion, filesOfVersion, storedObjectById } from './stored-object-repository.ts';
import { type ZipEntry, zipSize, zipStream } from './zip-stream.ts';

export interface DossierExportParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly objects: SealedObjects;
  readonly catalogue: CatalogueService;
}

export interface DossierExportOrder {
  readonly actor: Actor;
  readonly agencyId: string;
  readonly code: string;
  readonly requestId: string;
  readonly signal: AbortSignal;
}

export interface ExportedDossier {
  readonly dossier: Dossier;
  readonly size: number;
  readonly eventId: string;
  readonly chunks: AsyncIterable<Uint8Array>;
}

interface Contents {
  readonly dossier: Dossier;
  readonly papers: readonly ArchivedPaper[];
}

interface Permitted extends Contents {
  readonly at: Date;
  readonly eventId: string;
}

export class DossierExportService {
  readonly #parts: DossierExportParts;

  constructor(parts: DossierExportParts) {
    this.#parts = parts;
  }

  /** @throws Failure `not-found` where the caller may not know of it; `unavailable` where it changed meanwhile */
  async open(order: DossierExportOrder): Promise<ExportedDossier> {
    const { database, catalogue } = this.#parts;
    const first = await database.transactSql(async (sql) =>
      canExportDossier(order.actor, order.agencyId).allowed ? this.#contents(sql, order) : undefined,
    );
    // Verified whole before anything is permitted; the checksums of the archive come along.
    const checksums = new Map<string, number>();
    for (const { document, files } of first?.papers ?? []) {
      for (const file of files)
        checksums.set(file.objectId, await this.#verified(document.id, file, order.signal));
    }
    const snapshot = await catalogue.current();
    const permitted = await database.transactSql((sql) => this.#permit(sql, order, checksums));
    if (permitted instanceof Failure) throw permitted;
    const { dossier, papers, at, eventId } = permitted;
    const manifest = manifestOf(dossier, papers, { at, event: eventId, catalogue: snapshot });
    const entries: ZipEntry[] = [
      {
        name: 'manifest.json',
        size: manifest.byteLength,
        crc32: crc32(manifest),
        open: async function* () {
          yield manifest;
        },
      },
      ...papers.flatMap(({ paper, document, files }, index) =>
        files.map((file) => ({
          name: fileName(index, paper, file),
          size: file.size,
          crc32: checksums.get(file.objectId) ?? 0,
          open: () => this.#read(document.id, file, order.signal),
        })),
      ),
    ];
    const size = zipSize(entries);
    if (size === undefined) throw tooLarge();
    return { dossier, size, eventId, chunks: this.#watched(order, permitted, zipStream(entries, at), size) };
  }

  async #contents(sql: Sql, order: DossierExportOrder): Promise<Contents | undefined> {
    const dossier = await findDossier(sql, order.code);
    if (dossier?.agencyId !== order.agencyId) return undefined;
    const papers: ArchivedPaper[] = [];
    for (const paper of await papersOf(sql, dossier.id)) {
      const document = await findDocument(sql, paper.documentId);
      if (!document) continue;
      const files = document.erasedAt === null ? await filesOfVersion(sql, document.version.id) : [];
      papers.push({ paper, document, files });
    }
    return { dossier, papers };
  }

  async #permit(
    sql: Sql,
    order: DossierExportOrder,
    verified: ReadonlyMap<string, number>,
  ): Promise<Permitted | Failure> {
    const { actor, agencyId, requestId } = order;
    const at = this.#parts.clock.now();
    const verdict = canExportDossier(actor, agencyId);
    const contents = verdict.allowed ? await this.#contents(sql, order) : undefined;
    if (!contents) {
      const because = verdict.allowed ? 'no-such-dossier' : verdict.reason;
      await appendRefusal(sql, at, { actor, requestId, agencyId, operation: 'export-dossier', because });
      return nothingHere();
    }
    const { dossier, papers } = contents;
    if (papers.some(({ files }) => files.some(({ objectId }) => !verified.has(objectId)))) return changed();
    const about = { at, actor, agencyId, dossierId: dossier.id, requestId, outcome: 'permitted' } as const;
    for (const { document } of papers) {
      await appendEvent(sql, {
        ...about,
        type: 'document.read',
        documentId: document.id,
        ownerIds: document.owners.map(({ id }) => id),
        detail: { as: 'dossier-export', sha256: document.version.sha256, status: document.status.status },
      });
    }
    const eventId = await appendEvent(sql, {
      ...about,
      type: 'dossier.exported',
      ownerIds: [dossier.owner.id],
      detail: { papers: papers.length, files: verified.size },
    });
    return { dossier, papers, at, eventId };
  }

  async #verified(documentId: string, file: FileOfVersion, signal: AbortSignal): Promise<number> {
    let checksum = 0;
    for await (const chunk of this.#read(documentId, file, signal)) checksum = crc32(chunk, checksum);
    return checksum;
  }

  async *#read(documentId: string, file: FileOfVersion, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    const stored: StoredObject | null = await this.#parts.database.transactSql((sql) =>
      storedObjectById(sql, file.objectId),
    );
    if (!stored) throw erasedMeanwhile();
    const options = { boundTo: boundTo(documentId, file.kind), signal };
    const { chunks } = await this.#parts.objects.openRange(stored, options);
    yield* chunks;
  }

  async *#watched(
    order: DossierExportOrder,
    { dossier, papers, eventId }: Permitted,
    chunks: AsyncIterable<Uint8Array>,
    size: number,
  ): AsyncGenerator<Uint8Array> {
    let sent = 0;
    let because = 'client-went-away';
    try {
      for await (const chunk of chunks) {
        sent += chunk.byteLength;
        yield chunk;
      }
    } catch (error) {
      because = error instanceof Failure ? 'erased' : 'bytes-unverified';
      throw error;
    } finally {
      if (sent !== size) {
        const ownerIds = [
          ...new Set([
            dossier.owner.id,
            ...papers.flatMap(({ document }) => document.owners.map(({ id }) => id)),
          ]),
        ];
        await this.#parts.database.transactSql((sql) =>
          appendEvent(sql, {
            type: 'document.read-cut',
            at: this.#parts.clock.now(),
            actor: order.actor,
            outcome: 'failed',
            agencyId: order.agencyId,
            dossierId: dossier.id,
            ownerIds,
            requestId: order.requestId,
            detail: { opens: eventId, sent, because },
          }),
        );
      }
    }
  }
}

const changed = (): Failure =>
  new Failure(
    'unavailable',
    {
      en: 'The dossier changed while its files were being verified. Ask again.',
      vi: 'Hồ sơ vừa thay đổi trong lúc kiểm tra tệp. Hãy hỏi lại.',
    },
    { code: 'dossier-changed', retryAfter: 1 },
  );

const erasedMeanwhile = (): Failure =>
  new Failure('gone', {
    en: 'A document of the dossier was erased while the archive was being sent.',
    vi: 'Có giấy tờ của hồ sơ bị xóa trong lúc gửi.',
  });

const tooLarge = (): Failure =>
  new Failure(
    'unprocessable',
    {
      en: 'The dossier is larger than 4 GB: read its documents one by one.',
      vi: 'Hồ sơ lớn hơn 4 GB: hãy tải từng giấy tờ.',
    },
    { code: 'archive-too-large' },
  );
