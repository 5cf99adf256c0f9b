/** The commands that the README promises, run as a newcomer runs them. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { removeEmbeddedPostgres, runningEmbeddedPostgres } from '../../src/platform/embedded-postgres.ts';
import { TASKS } from '../../src/tasks.ts';

const readme = readFileSync('README.md', 'utf8');
const scripts = (JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> })
  .scripts;
const dataDir = mkdtempSync(join(tmpdir(), 'motlan-commands-'));
afterAll(() => removeEmbeddedPostgres(dataDir));

const freePort = (): Promise<number> =>
  new Promise((settle) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => settle(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });

interface Started {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly ended: Promise<number | null>;
}

function start(port: number): Started {
  const child = spawn('npm', ['start'], {
    env: { ...process.env, VAULT_DATA_DIR: dataDir, PORT: String(port), NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, so that a signal to the group is what Ctrl-C is at a terminal.
    detached: true,
  });
  let output = '';
  child.stdout?.on('data', (chunk) => (output += chunk));
  child.stderr?.on('data', (chunk) => (output += chunk));
  return {
    child,
    output: () => output,
    ended: new Promise((settle) => child.once('exit', settle)),
  };
}

async function until(started: Started, words: string): Promise<void> {
  let over = false;
  void started.ended.then(() => (over = true));
  while (!started.output().includes(words)) {
    if (over) throw new Error(`ended without "${words}":\n${started.output()}`);
    await new Promise((settle) => setTimeout(settle, 100));
  }
}

test('npm start serves, refuses a second vault on its directory, and Ctrl-C leaves nothing running', async () => {
  const port = await freePort();
  const vault = start(port);
  const ready = `Một Lần is ready at http://127.0.0.1:${port}`;
  await until(vault, ready);
  expect(vault.output()).toMatch(/lan\s+Nguyễn Thị Lan/);
  const health = await fetch(`http://127.0.0.1:${port}/readyz`);
  expect(health.status).toBe(200);

  const second = start(await freePort());
  expect(await second.ended).not.toBe(0);
  expect(second.output()).toMatch(/already works on .* Stop it first/);

  process.kill(-(vault.child.pid ?? 0), 'SIGINT');
  await vault.ended;
  expect(runningEmbeddedPostgres(dataDir)).toBeUndefined();
  await expect(fetch(`http://127.0.0.1:${port}/healthz`)).rejects.toThrow();
  expect(existsSync(join(dataDir, 'lock'))).toBe(false);

  const again = start(port);
  await until(again, ready);
  expect(again.output()).not.toContain('Building');
  // Told to stop through npm alone, as a supervisor would: the vault must not stay behind.
  again.child.kill('SIGTERM');
  await again.ended;
  while (runningEmbeddedPostgres(dataDir) !== undefined || existsSync(join(dataDir, 'lock'))) {
    await new Promise((settle) => setTimeout(settle, 100));
  }
}, 300_000);

test('every command that the README names is there', () => {
  const named = [...readme.matchAll(/npm run ([a-z:-]+)/g)].map(([, name]) => name ?? '');
  expect(named.length).toBeGreaterThan(3);
  expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
  const tasks = [...readme.matchAll(/npm run vault -- ([a-z]+)/g)].map(([, name]) => name ?? '');
  expect(tasks.filter((name) => name !== 'help' && TASKS[name] === undefined)).toEqual([]);
  for (const command of ['npm start', 'npm test']) expect(readme).toContain(`\n${command}\n`);
  for (const [, file = ''] of readme.matchAll(/`((?:src|storage|prisma|scripts|test)\/[\w./-]*)`/g)) {
    expect([file, existsSync(file)]).toEqual([file, true]);
  }
  expect(readme.trimEnd().split('\n').length).toBeLessThanOrEqual(150);
});

test('npm run vault -- verify reads a file and says why it cannot vouch for it', () => {
  const { status, stdout, stderr } = spawnSync(
    'npm',
    ['run', '--silent', 'vault', '--', 'verify', 'README.md'],
    {
      encoding: 'utf8',
    },
  );
  expect(status).not.toBe(0);
  expect(`${stdout}${stderr}`).toMatch(/PDF/);
});

const task = (...args: string[]) =>
  spawnSync('npm', ['run', '--silent', 'vault', '--', ...args], {
    encoding: 'utf8',
    env: { ...process.env, VAULT_DATA_DIR: dataDir, LOG_LEVEL: 'error' },
  });

test('the tasks of the README run beside no vault, on the directory that the first test left', () => {
  expect(task('help').stdout).toContain('keys rotate');
  expect(task('keygen', 'master').stdout).toMatch(/^\d{4}-\d\d:[A-Za-z0-9+/]{43}=\n$/);
  const fsck = task('fsck');
  expect([fsck.status, fsck.stdout]).toEqual([0, 'Rows, objects and log agree.\n']);
  expect(task('keys', 'new').stdout).toMatch(/New objects are wrapped under embedded-/);
  const rotated = task('keys', 'rotate');
  expect([rotated.status, rotated.stdout]).toEqual([0, expect.stringMatching(/0 could not be moved/)]);
  const dry = task('catalogue', 'import', '--dry-run', '--shipped');
  expect([dry.status, dry.stdout]).toEqual([0, expect.stringContaining('nothing was kept')]);
  expect(task('fsck').status).toBe(0);
  expect(runningEmbeddedPostgres(dataDir)).toBeUndefined();
}, 120_000);

test('npm run migration:draft finds nothing to draft', () => {
  const { status, stdout } = spawnSync('npm', ['run', '--silent', 'migration:draft'], { encoding: 'utf8' });
  expect([status, stdout.trim()]).toEqual([0, '-- The migrations agree with prisma/schema.']);
});

test('npm run migrate says what it needs', () => {
  const { status, stderr } = spawnSync('npm', ['run', '--silent', 'migrate'], {
    encoding: 'utf8',
    env: { ...process.env, DATABASE_URL: '' },
  });
  expect(status).toBe(2);
  expect(stderr).toContain('Set DATABASE_URL');
});
