/**
 * Brings a database to the tables of this release: plain SQL from `prisma/migrations/NNNN_name/migration.sql`, in the
 * order of the names, each in a transaction of its own with its row in `_prisma_migrations`. The rows, the checksums
 * and the advisory lock are Prisma's, so that `prisma migrate deploy` may take over where its engine is at hand.
 */
import { createHash, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';

export interface Migration {
  /** Folder name: four digits and a word, `0030_documents`. */
  readonly name: string;
  readonly sql: string;
  /** SHA-256 of the file, lower-case hex. */
  readonly checksum: string;
}

const PRISMA_LOCK = 72_707_369;
const OLDEST_SERVER = 150_000;

/** All migrations of this release, in order. */
export function readMigrations(folder: string = shippedFolder()): Migration[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => {
      if (!/^\d{4}_[a-z0-9_]+$/.test(name)) {
        throw new Error(`${join(folder, name)} is not named NNNN_name, such as 0030_documents.`);
      }
      const bytes = readFileSync(join(folder, name, 'migration.sql'));
      return {
        name,
        sql: bytes.toString('utf8'),
        checksum: createHash('sha256').update(bytes).digest('hex'),
      };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

const shippedFolder = (): string => fileURLToPath(new URL('../../prisma/migrations', import.meta.url));

/**
 * Applies what is missing and returns its names; several instances may call it at once.
 * @throws Error with a sentence for the operator: an applied file was changed, the database is newer than this
 * release, the server is older than PostgreSQL 15, or a statement failed (that migration is then undone whole).
 */
export async function migrate(
  url: string,
  migrations: readonly Migration[] = readMigrations(),
): Promise<string[]> {
  const client = new pg.Client({ connectionString: url, application_name: 'mot-lan migrate' });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await refuseOldServer(client);
    await client.query('SELECT pg_advisory_lock($1)', [PRISMA_LOCK]);
    await client.query(JOURNAL);
    const missing = missingFrom(await appliedTo(client), migrations);
    for (const migration of missing) await apply(client, migration);
    return missing.map(({ name }) => name);
  } finally {
    await client.end();
  }
}

async function refuseOldServer(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ server_version_num: string; server_version: string }>(
    `SELECT current_setting('server_version_num') AS server_version_num, current_setting('server_version') AS server_version`,
  );
  const [server] = rows;
  if (server === undefined || Number(server.server_version_num) < OLDEST_SERVER) {
    throw new Error(`The vault needs PostgreSQL 15 or later; this server is ${server?.server_version}.`);
  }
}

const JOURNAL = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
  "id" VARCHAR(36) PRIMARY KEY NOT NULL,
  "checksum" VARCHAR(64) NOT NULL,
  "finished_at" TIMESTAMPTZ,
  "migration_name" VARCHAR(255) NOT NULL,
  "logs" TEXT,
  "rolled_back_at" TIMESTAMPTZ,
  "started_at" TIMESTAMPTZ NOT NULL DEFAULT now(),
  "applied_steps_count" INTEGER NOT NULL DEFAULT 0
)`;

interface Applied {
  readonly migration_name: string;
  readonly checksum: string;
  readonly finished_at: Date | null;
}

const appliedTo = async (client: pg.Client): Promise<Applied[]> =>
  (
    await client.query<Applied>(
      'SELECT migration_name, checksum, finished_at FROM "_prisma_migrations" WHERE rolled_back_at IS NULL',
    )
  ).rows;

function missingFrom(applied: readonly Applied[], migrations: readonly Migration[]): Migration[] {
  const known = new Map(migrations.map((migration) => [migration.name, migration]));
  for (const { migration_name: name, checksum, finished_at } of applied) {
    if (finished_at === null) {
      throw new Error(
        `Migration ${name} was begun and not finished by another program; settle it there first.`,
      );
    }
    const migration = known.get(name);
    if (migration === undefined) {
      throw new Error(
        `The database has migration ${name}, which this release does not know: it was used by a newer release. ` +
          'Run that release, or restore the backup taken before the upgrade.',
      );
    }
    if (migration.checksum !== checksum) {
      throw new Error(
        `Migration ${name} was changed after it was applied. Put the file back as it was and write the change as a ` +
          'new migration.',
      );
    }
  }
  const done = new Set(applied.map(({ migration_name }) => migration_name));
  return migrations.filter(({ name }) => !done.has(name));
}

async function apply(client: pg.Client, { name, sql, checksum }: Migration): Promise<void> {
  const started = new Date();
  try {
    await client.query('BEGIN');
    await client.query(sql);
    await client.query(
      `INSERT INTO "_prisma_migrations" (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
       VALUES ($1, $2, $3, $4, now(), 1)`,
      [randomUUID(), checksum, name, started],
    );
    await client.query('COMMIT');
  } catch (cause) {
    await client.query('ROLLBACK').catch(() => undefined);
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`Migration ${name} failed and was undone: ${reason}`, { cause });
  }
}
