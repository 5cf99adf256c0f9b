/** The command: finds or starts a vault, walks the paper through it, prints a line a step, exits 0 only if all held. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parseConfig } from '../../src/config/index.ts';
import { type MainJobResult, mainJob } from '../../src/main-job/main-job.ts';
import { makeScan } from '../../src/main-job/sample-scan.ts';
import { createVault } from '../../src/vault.ts';

const USAGE = 'Usage: npm run main-job -- [FILE.pdf] [--json]\n';

async function main(): Promise<number> {
  let options: { values: { json?: boolean }; positionals: string[] };
  try {
    options = parseArgs({ options: { json: { type: 'boolean' } }, allowPositionals: true });
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
    return 2;
  }
  const { values, positionals } = options;
  if (positionals.length > 1) {
    process.stderr.write(USAGE);
    return 2;
  }
  const [file] = positionals;
  const bytes = file === undefined ? await makeScan(new Date()) : await readFile(file);
  const say = (line: string): void => void (values.json ? process.stderr : process.stdout).write(`${line}\n`);
  const result = await onSomeVault(say, (at) => mainJob({ ...at, bytes, say }));
  if (values.json) process.stdout.write(`${JSON.stringify(result)}\n`);
  return result.ok ? 0 : 1;
}

async function onSomeVault(
  say: (line: string) => void,
  work: (at: { url: string; keyFolder: string; trustFile: string | null }) => Promise<MainJobResult>,
): Promise<MainJobResult> {
  const config = parseConfig(process.env);
  const keyFolder = join(config.dataDir, 'keys');
  const answers = await fetch(`${config.baseUrl}/readyz`).then(
    (response) => response.ok,
    () => false,
  );
  if (answers) {
    say(`Using the vault at ${config.baseUrl}`);
    return work({ url: config.baseUrl, keyFolder, trustFile: join(keyFolder, 'pki', 'trust.pem') });
  }
  say('No vault answers; starting one that is thrown away afterwards');
  const folder = await mkdtemp(join(tmpdir(), 'motlan-main-job-'));
  try {
    const own = { ...parseConfig({ VAULT_DATA_DIR: folder, LOG_LEVEL: 'error' }), port: 0 };
    await using vault = await createVault(own, { progress: (step) => say(`… ${step}`) });
    return await work({ url: vault.url, keyFolder: join(folder, 'keys'), trustFile: vault.trustFile });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

process.exitCode = await main();
