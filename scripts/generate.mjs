// Generates the Prisma client into prisma/generated, only when the schema changed.
// Plain JavaScript: it runs before anything is built.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';

const schemaFolder = 'prisma/schema';
const stampFile = 'prisma/generated/.schema-hash';

const hash = createHash('sha256').update(readFileSync('package-lock.json'));
for (const file of readdirSync(schemaFolder).sort()) hash.update(readFileSync(`${schemaFolder}/${file}`));
const stamp = hash.digest('hex');

if (!existsSync(stampFile) || readFileSync(stampFile, 'utf8') !== stamp) {
  // Generating needs no schema engine; a binary that always fails makes every command that would need one fail loudly.
  execFileSync(process.execPath, ['node_modules/prisma/build/index.js', 'generate'], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: '/bin/false', CHECKPOINT_DISABLE: '1' },
  });
  writeFileSync(stampFile, stamp);
}
