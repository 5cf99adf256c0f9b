/**
 * `npm run sandbox`: a vault with invented people, keys for an integrator, all nine outcomes, and the simulated systems
 * beside it. On loopback; everything lies under `.vault/sandbox` (SANDBOX_DIR) and may be deleted.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openClient } from '../../src/client/index.ts';
import { parseConfig } from '../../src/config/index.ts';
import { createVault } from '../../src/vault.ts';
import { markDigitising } from './digitising.ts';
import { CLIENT, dossierOf, SCOPES, TEST_CASES } from './outcomes.ts';
import { seedSandbox } from './seed.ts';
import { startSimulator } from './simulators/simulator.ts';
import { LGSP, SYSTEMS } from './simulators/systems.ts';

const folder = process.env.SANDBOX_DIR ?? join('.vault', 'sandbox');
const port = Number(process.env.SANDBOX_PORT ?? 3100);
const say = (line: string): void => void process.stdout.write(`${line}\n`);

mkdirSync(folder, { recursive: true });
await using stack = new AsyncDisposableStack();
const links: Record<string, { url: string; token: string }> = {};
for (const [name, behaviour] of Object.entries({ ...SYSTEMS, lgsp: LGSP })) {
  const simulator = stack.use(await startSimulator(behaviour, { token: 'sandbox' }));
  links[name] = { url: simulator.url, token: 'sandbox' };
}
const linksFile = join(folder, 'links.json');
writeFileSync(linksFile, JSON.stringify(links, null, 2));

const config = parseConfig({
  VAULT_DATA_DIR: folder,
  PORT: String(port),
  LOG_LEVEL: 'warn',
  // Webhooks may go to any port of this machine: the integrator's own receiver runs here.
  DELIVERY_HOSTS: '127.0.0.1:*,localhost:*@127.0.0.0/8',
  LINKS_FILE: linksFile,
  ...(process.env.DATABASE_URL === undefined ? {} : { DATABASE_URL: process.env.DATABASE_URL }),
});
const vault = await createVault(config, { progress: (step) => say(`… ${step}`) });
stack.use(vault);
const keyFile = join(folder, 'keys', `client-${CLIENT}.jwk.json`);
const client = await openClient({ url: vault.url, clientId: CLIENT, keyFile, scopes: SCOPES });
say('… Filling it with test people and papers');
await seedSandbox({
  url: vault.url,
  client,
  digitising: (code, component) => markDigitising(vault.database, code, component),
});

say(`\nclient id   ${CLIENT}\nkey file    ${keyFile}\nOpenAPI     ${vault.url}/api/v1/openapi.json`);
say('\noutcome            dossier               person         what it shows');
for (const test of TEST_CASES)
  say(
    `${test.outcome.padEnd(18)} ${dossierOf(test).padEnd(21)} ${test.person.personalNumber}   ${test.about}`,
  );
say('\nsimulated systems (PUT <url>/_fault {"kind":"down"} orders a fault)');
for (const [name, { url }] of Object.entries(links)) say(`${name.padEnd(18)} ${url}`);
say('\nThe guide: scripts/sandbox/GUIDE.md. Ctrl-C stops it.');
say(`The sandbox is ready at ${vault.url}`);
await new Promise((resolve) => {
  process.once('SIGINT', resolve);
  process.once('SIGTERM', resolve);
});
