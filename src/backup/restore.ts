/**
 * Puts a backup into an empty database and store, of whatever kind and PostgreSQL version: this is also the way from
 * the embedded server to an external one, from files to S3, and over a major version.
 *
 * Order: objects, the log's tiles, then every row in one transaction. A restore that was cut left no row, and is begun
 * again by the same command; objects that it had put are put as newer versions.
 */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { ObjectStore } from '../../storage/index.ts';
import { LogObjects } from '../ledger/index.ts';
import { type Migration, migrate, readMigrations } from '../platform/migrator.ts';
import {
  BackupError,
  type KeptObject,
  keptObjectSchema,
  type Manifest,
  type Part,
  readManifest,
} from './manifest.ts';
import { copyObjectIn } from './objects.ts';
import { linesOfPart, wholePart } from './parts.ts';
import { copyRowsIn } from './rows.ts';

export interface RestoreOrder {
  readonly folder: string;
  readonly databaseUrl: string;
  readonly store: ObjectStore;
  readonly progress: (line: string) => void;
  readonly signal?: AbortSignal;
}

/** @throws BackupError with a sentence for the operator; no row was written then */
export async function restoreBackup(order: RestoreOrder): Promise<Manifest> {
  const { folder, databaseUrl, store, progress } = order;
  const manifest = readManifest(folder);
  const known = knownMigrations(manifest);
  const client = new pg.Client({ connectionString: databaseUrl, application_name: 'mot-lan restore' });
  await client.connect();
  try {
    await refuseUsed(client);
    progress('Tables');
    await migrate(databaseUrl, known);
    await refuseUsed(client);
    progress(`Objects: ${manifest.objects.count}`);
    await client.query('BEGIN');
    await client.query(
      'CREATE TEMPORARY TABLE put_object (key text NOT NULL, before text NOT NULL, after text NOT NULL) ON COMMIT DROP',
    );
    await pipeline(
      Readable.from(putObjects(order, manifest)),
      client.query(copyFrom('COPY put_object (key, before, after) FROM STDIN')),
    );
    await putLog(folder, store, manifest);
    progress('Rows');
    await copyRowsIn(client, folder, manifest, (line) => progress(`  ${line}`));
    await client.query(
      `UPDATE stored_object o SET store_version_id = p.after FROM put_object p
       WHERE p.key = o.key AND p.before = o.store_version_id`,
    );
    await client.query('COMMIT');
  } finally {
    await client.end();
  }
  progress('Bringing the tables up to this release');
  await migrate(databaseUrl);
  return manifest;
}

/** The migrations of the backup as this release has them. @throws BackupError for a newer or another release */
function knownMigrations(manifest: Manifest): Migration[] {
  const ours = new Map(readMigrations().map((migration) => [migration.name, migration]));
  return manifest.migrations.map(({ name, checksum }) => {
    const migration = ours.get(name);
    if (!migration) {
      throw new BackupError(
        `The backup is of a newer release (${name}). Restore it with that release or a later one.`,
      );
    }
    if (migration.checksum !== checksum) {
      throw new BackupError(
        `The migration ${name} of the backup differs from this release's; the two do not belong together.`,
      );
    }
    return migration;
  });
}

/** A vault that holds something is not restored over. */
async function refuseUsed(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ there: boolean }>(
    `SELECT to_regclass('ledger_event') IS NOT NULL AS there`,
  );
  if (rows[0]?.there !== true) return;
  const { rows: used } = await client.query('SELECT 1 FROM ledger_event LIMIT 1');
  if (used.length > 0) {
    throw new BackupError(
      'The database holds a vault already. Name an empty one (DATABASE_URL), or an empty directory (VAULT_DATA_DIR).',
    );
  }
}

const keptObjects = async function* (folder: string, list: Part): AsyncGenerator<KeptObject> {
  for await (const line of linesOfPart(folder, list)) yield keptObjectSchema.parse(JSON.parse(line));
};

/** Puts every object and yields lines of COPY: key, version in the backup, version now. */
async function* putObjects(
  { folder, store, progress, signal }: RestoreOrder,
  manifest: Manifest,
): AsyncGenerator<string> {
  let count = 0;
  for await (const object of keptObjects(folder, manifest.objects.list)) {
    signal?.throwIfAborted();
    const after = await copyObjectIn(store, folder, object);
    count += 1;
    if (count % 1000 === 0) progress(`  ${count} of ${manifest.objects.count} objects`);
    yield `${[object.key, object.versionId ?? '', after].map(copyText).join('\t')}\n`;
  }
}

/** A value in the text format of COPY. */
const copyText = (value: string): string =>
  value.replace(
    /[\\\t\n\r]/g,
    (each) => ({ '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' })[each] ?? each,
  );

async function putLog(folder: string, store: ObjectStore, { log }: Manifest): Promise<void> {
  if (!log) return;
  const objects = new LogObjects(store);
  for await (const { key, part } of keptObjects(folder, log.list)) {
    await store.put(`log/${key}`, await wholePart(folder, part));
  }
  await objects.putCheckpoint(log.note);
}
