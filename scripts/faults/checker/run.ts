/**
 * `npm run invariants`: the independent checker on the vault that VAULT_DATA_DIR (and DATABASE_URL) name. Exit status
 * 0 when every promise holds, 1 where one is broken, 2 where there is no vault to check.
 */
import { checkVault } from './check.ts';
import { keptVault } from './kept-vault.ts';

const { VAULT_DATA_DIR: dataDir = '.vault', DATABASE_URL: databaseUrl, LEDGER_ORIGIN: origin } = process.env;
try {
  const findings = await checkVault(keptVault({ dataDir, databaseUrl, origin }));
  for (const { invariant, where, what } of findings) process.stdout.write(`${invariant} ${where}: ${what}\n`);
  process.stdout.write(findings.length === 0 ? 'Every promise holds.\n' : `${findings.length} findings.\n`);
  process.exitCode = findings.length === 0 ? 0 : 1;
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
