/** Starts one vault from the environment and runs it until it is told to stop. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Config, ConfigError, parseConfig } from './config/index.ts';
import { DEMO_PEOPLE } from './identity/index.ts';
import { createVault, type Vault } from './vault.ts';

try {
  const config = parseConfig(process.env);
  const vault = await createVault(config, { progress: (step) => process.stdout.write(`… ${step}\n`) });
  if (config.seedDemo) {
    await showMainJobOnce(config, vault);
    printAccounts();
  }
  process.stdout.write(`Một Lần is ready at ${vault.url}\n`);
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    process.stdout.write('Stopping: running requests are finished first.\n');
    vault.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  // Ctrl-C arrives twice, from the terminal and from the command that started this one.
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
} catch (error) {
  process.stderr.write(
    `${error instanceof ConfigError || error instanceof Error ? error.message : String(error)}\n`,
  );
  process.exitCode = 1;
}

/** On the first start the demonstration walks one paper through the public API, so that there is something to see. */
async function showMainJobOnce(config: Config, vault: Vault): Promise<void> {
  const mark = join(config.dataDir, 'demo-done');
  if (existsSync(mark)) return;
  process.stdout.write('The main job, once, on a page made for it:\n');
  // Loaded for this once: what makes and reads the page is of no use to a vault that runs.
  const [{ mainJob }, { makeScan }] = await Promise.all([
    import('./main-job/main-job.ts'),
    import('./main-job/sample-scan.ts'),
  ]);
  const keyFolder = join(config.dataDir, 'keys');
  const say = (line: string): void => void process.stdout.write(`  ${line}\n`);
  const { ok } = await mainJob({
    url: vault.url,
    keyFolder,
    trustFile: vault.trustFile,
    bytes: await makeScan(new Date()),
    say,
  });
  if (ok) writeFileSync(mark, new Date().toISOString());
}

function printAccounts(): void {
  process.stdout.write('\nDemo accounts (choose one on the sign-in page; no password):\n');
  for (const { subject, fullName, about } of DEMO_PEOPLE)
    process.stdout.write(`  ${subject.padEnd(12)} ${fullName.padEnd(22)} ${about.vi}\n`);
  process.stdout.write('\n');
}
