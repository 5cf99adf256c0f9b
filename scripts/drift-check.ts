/**
 * Compares the tables that the migrations make with the ones `prisma/schema` describes.
 *
 *     npm run drift              exit 0 when they agree; 1 and the missing statements when they do not
 *     npm run migration:draft    prints the missing statements as the draft of a migration; exit 0
 *
 * Uses a throw-away server of its own, or with --url=postgres://… the database that is named there (read only).
 */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { removeEmbeddedPostgres, startEmbeddedPostgres } from '../src/platform/embedded-postgres.ts';
import { migrate } from '../src/platform/migrator.ts';
import { schemaDifference } from './schema-difference.ts';

const { values } = parseArgs({ options: { draft: { type: 'boolean' }, url: { type: 'string' } } });
const difference =
  values.url === undefined ? await differenceOfMigrations() : await schemaDifference(values.url);
if (values.draft) {
  process.stdout.write(
    difference === '' ? '-- The migrations agree with prisma/schema.\n' : `${difference}\n`,
  );
} else if (difference === '') {
  process.stdout.write('The tables agree with prisma/schema.\n');
} else {
  process.stderr.write(
    `The tables differ from prisma/schema. To agree they would need:\n\n${difference}\n\n` +
      'Write it as a new migration (npm run migration:draft prints it), or mend the schema.\n',
  );
  process.exitCode = 1;
}

async function differenceOfMigrations(): Promise<string> {
  const dataDir = mkdtempSync(join(tmpdir(), 'motlan-drift-'));
  const server = await startEmbeddedPostgres({ dataDir, throwAway: true });
  try {
    await migrate(server.url);
    return await schemaDifference(server.url);
  } finally {
    await server.stop();
    removeEmbeddedPostgres(dataDir);
  }
}
