/**
 * Takes a backup of a running vault into a folder. The rows come from one snapshot; the objects are those which the
 * snapshot names, read after it (an object that a later decision erased meanwhile stops the backup by name); the log is
 * copied to the size of the snapshot's newest signed checkpoint. The manifest is written last. A backup that was cut is
 * taken up again by the same command: objects that lie there whole are not read twice.
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type pg from 'pg';
import type { ObjectStore } from '../../storage/index.ts';
import { LogObjects, newestCheckpoint } from '../ledger/index.ts';
import {
  decodeBundle,
  encodeBundle,
  HASH_LENGTH,
  TILE_WIDTH,
  type TileId,
  tilePath,
  tilesOfSize,
} from '../ledger/log/index.ts';
import type { Sql } from '../platform/database.ts';
import { type KeyFiles, sealKeys } from './escrow.ts';
import { BackupError, type KeptObject, keptObjectSchema, MANIFEST_FILE, type Manifest } from './manifest.ts';
import { copyObjectOut } from './objects.ts';
import { standsThere, writePart } from './parts.ts';
import { copyRowsOut, sequencesOf } from './rows.ts';

export interface BackupOrder {
  readonly pool: pg.Pool;
  readonly store: ObjectStore;
  readonly folder: string;
  readonly now: Date;
  /** Sealed into the backup; null leaves the keys out. */
  readonly keys: { readonly files: KeyFiles; readonly passphrase: string } | null;
  readonly progress: (line: string) => void;
  readonly signal?: AbortSignal;
}

/** Finished objects of a backup under way, a line each. */
const JOURNAL = 'journal.jsonl';
const PAGE = 500;

/** @throws BackupError with a sentence for the operator */
export async function takeBackup(order: BackupOrder): Promise<Manifest> {
  const { folder, progress, store } = order;
  if (existsSync(join(folder, MANIFEST_FILE))) {
    throw new BackupError(`${folder} holds a finished backup already; name another folder.`);
  }
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const done = readJournal(folder);
  const copy = async (object: { key: string; versionId?: string }): Promise<KeptObject> => {
    order.signal?.throwIfAborted();
    const before = done.get(`${object.key} ${object.versionId ?? ''}`);
    if (before && (await standsThere(folder, before.part))) return before;
    const kept = await copyObjectOut(store, folder, object);
    appendFileSync(join(folder, JOURNAL), `${JSON.stringify(kept)}\n`);
    return kept;
  };
  const client = await order.pool.connect();
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    progress('Rows');
    const { rows: migrations } = await client.query<Manifest['migrations'][number]>(
      'SELECT migration_name AS name, checksum FROM _prisma_migrations WHERE finished_at IS NOT NULL ORDER BY 1',
    );
    const tables = await copyRowsOut(client, folder, (line) => progress(`  ${line}`));
    const sequences = await sequencesOf(client);
    progress('Objects');
    let count = 0;
    let bytes = 0;
    const list = await writePart(
      folder,
      'objects.jsonl',
      Readable.from(
        (async function* () {
          for await (const object of storedObjects(client)) {
            const kept = await copy(object);
            count += 1;
            bytes += kept.part.bytes;
            if (count % 1000 === 0) progress(`  ${count} objects, ${Math.round(bytes / 1e6)} MB`);
            yield Buffer.from(`${JSON.stringify(kept)}\n`);
          }
        })(),
      ),
    );
    progress(`  ${count} objects, ${Math.round(bytes / 1e6)} MB`);
    const log = await copyLog(client, order);
    const keys =
      order.keys &&
      (await writePart(
        folder,
        'keys.sealed',
        Readable.from([sealKeys(order.keys.files, order.keys.passphrase)]),
      ));
    const manifest: Manifest = {
      format: 'mot-lan-backup/1',
      takenAt: order.now.toISOString(),
      migrations,
      tables,
      sequences,
      objects: { count, bytes, list },
      log,
      keys,
    };
    writeFileSync(join(folder, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`, {
      mode: 0o600,
      flush: true,
    });
    rmSync(join(folder, JOURNAL), { force: true });
    return manifest;
  } finally {
    await client.query('ROLLBACK').catch(() => undefined);
    client.release();
  }
}

async function* storedObjects(client: pg.ClientBase): AsyncGenerator<{ key: string; versionId: string }> {
  for (let after = ''; ; ) {
    const { rows } = await client.query<{ key: string; versionId: string }>(
      `SELECT key, store_version_id AS "versionId" FROM stored_object
       WHERE destroyed_at IS NULL AND key COLLATE "C" > $1::text ORDER BY key COLLATE "C" LIMIT $2::int`,
      [after, PAGE],
    );
    yield* rows;
    after = rows.at(-1)?.key ?? '';
    if (rows.length < PAGE) return;
  }
}

async function copyLog(
  client: pg.ClientBase,
  { folder, store, progress }: Pick<BackupOrder, 'folder' | 'store' | 'progress'>,
): Promise<Manifest['log']> {
  const sql: Sql = {
    query: async <Row>(text: string, values: readonly unknown[] = []) =>
      (await client.query({ text, values: [...values] })).rows as Row[],
  };
  const checkpoint = await newestCheckpoint(sql, true);
  if (!checkpoint?.note) return null;
  const { size, note } = checkpoint;
  progress(`Log of ${size} entries`);
  const objects = new LogObjects(store);
  const lines = (async function* () {
    for (const tile of tilesOfSize(size)) {
      const path = tilePath(tile);
      const bytes = await tileAt(objects, tile);
      if (!bytes)
        throw new BackupError(`The log's ${path} is missing. Run fsck, mend what it names, then back up.`);
      const part = await writePart(folder, `log/${path}`, Readable.from([bytes]));
      yield Buffer.from(`${JSON.stringify({ key: path, versionId: null, part } satisfies KeptObject)}\n`);
    }
  })();
  return { size, note, list: await writePart(folder, 'log.jsonl', Readable.from(lines)) };
}

/** A tile as it was when it was this wide: one that grew since is cut back. */
async function tileAt(objects: LogObjects, tile: TileId): Promise<Buffer | undefined> {
  const bytes = await objects.getTile(tile);
  if (!bytes || tile.width === TILE_WIDTH) return bytes;
  if (tile.level === 'entries') return encodeBundle(decodeBundle(bytes).slice(0, tile.width));
  return bytes.subarray(0, tile.width * HASH_LENGTH);
}

function readJournal(folder: string): Map<string, KeptObject> {
  const file = join(folder, JOURNAL);
  if (!existsSync(file)) return new Map();
  const done = new Map<string, KeptObject>();
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    // The last line may have been cut.
    const parsed = keptObjectSchema.safeParse(parse(line));
    if (parsed.success) done.set(`${parsed.data.key} ${parsed.data.versionId ?? ''}`, parsed.data);
  }
  return done;
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
