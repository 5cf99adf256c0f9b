import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from '@jest/globals';
import pg from 'pg';
import { openDataDirectory } from '../../src/platform/data-directory.ts';
import {
  removeEmbeddedPostgres,
  runningEmbeddedPostgres,
  startEmbeddedPostgres,
} from '../../src/platform/embedded-postgres.ts';

const made: string[] = [];
const newFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'motlan-embedded-'));
  made.push(folder);
  return folder;
};
afterEach(() => {
  for (const folder of made.splice(0)) removeEmbeddedPostgres(folder);
});

async function ask<Row>(url: string, text: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client
    .query(text)
    .then(({ rows }) => rows as Row[])
    .finally(() => client.end());
}

test('it keeps its rows from one start to the next, and listens on loopback with a password only', async () => {
  const dataDir = newFolder();
  const first = await startEmbeddedPostgres({ dataDir });
  await ask(first.url, 'CREATE TABLE kept AS SELECT 1 AS one');
  expect(await ask(first.url, 'SHOW listen_addresses')).toEqual([{ listen_addresses: '127.0.0.1' }]);
  expect(await ask(first.url, `SELECT lower('ĐƯỜNG') AS word`)).toEqual([{ word: 'đường' }]);
  expect(runningEmbeddedPostgres(dataDir)).toBe(first.url);
  const stranger = new URL(first.url);
  stranger.password = 'guess';
  await expect(ask(stranger.href, 'SELECT 1')).rejects.toThrow(/password authentication failed/);
  expect(statSync(join(dataDir, 'keys', 'database-password')).mode & 0o777).toBe(0o600);
  await first.stop();
  await first.stop();
  expect(runningEmbeddedPostgres(dataDir)).toBeUndefined();
  const second = await startEmbeddedPostgres({ dataDir });
  expect(await ask(second.url, 'SELECT one FROM kept')).toEqual([{ one: 1 }]);
  await second.stop();
});

/** Starts a server from another process and leaves it without its parent. */
function startedElsewhere(dataDir: string, killKeeper: boolean): Promise<{ url: string; pid: number }> {
  const program = `
    const { startEmbeddedPostgres } = await import('./src/platform/embedded-postgres.ts');
    const server = await startEmbeddedPostgres({ dataDir: ${JSON.stringify(dataDir)} });
    process.stdout.write(server.url + '\\n');
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return new Promise((settle) => {
    child.stdout.once('data', (chunk: Buffer) => {
      if (killKeeper) {
        const keepers = spawnSync('ps', ['-o', 'pid=,args=', '--ppid', `${child.pid}`], { encoding: 'utf8' });
        for (const line of keepers.stdout.split('\n')) {
          if (line.includes('read -r _')) process.kill(Number.parseInt(line, 10), 'SIGKILL');
        }
      }
      child.kill('SIGKILL');
      child.once('exit', () => settle({ url: chunk.toString().trim(), pid: child.pid ?? 0 }));
    });
  });
}

test('a killed vault takes its server along', async () => {
  const dataDir = newFolder();
  await startedElsewhere(dataDir, false);
  for (let tries = 0; runningEmbeddedPostgres(dataDir) !== undefined && tries < 200; tries += 1)
    await sleep(50);
  expect(runningEmbeddedPostgres(dataDir)).toBeUndefined();
});

test('an orphan that is left all the same is stopped first', async () => {
  const dataDir = newFolder();
  const { url } = await startedElsewhere(dataDir, true);
  expect(await ask(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  const server = await startEmbeddedPostgres({ dataDir });
  expect(server.url).not.toBe(url);
  await expect(ask(url, 'SELECT 1')).rejects.toThrow(/ECONNREFUSED/);
  expect(await ask(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  await server.stop();
});

test("another major version's cluster is refused and left alone", async () => {
  const dataDir = newFolder();
  const server = await startEmbeddedPostgres({ dataDir });
  await server.stop();
  const pointer = join(dataDir, 'database-location');
  const cluster = existsSync(pointer)
    ? readFileSync(pointer, 'utf8').trim()
    : join(dataDir, 'database', 'cluster');
  writeFileSync(join(cluster, 'PG_VERSION'), '17\n');
  await expect(startEmbeddedPostgres({ dataDir })).rejects.toThrow(
    /made by PostgreSQL 17.*vault -- restore.*Nothing was changed/,
  );
});

test('a data directory that another process holds is refused; one whose holder died is not', async () => {
  const dataDir = newFolder();
  const program = `
    const { openDataDirectory } = await import('./src/platform/data-directory.ts');
    openDataDirectory(${JSON.stringify(dataDir)});
    process.stdout.write('held\\n');
    setInterval(() => {}, 1000);`;
  const holder = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise((settle) => holder.stdout.once('data', settle));
  expect(() => openDataDirectory(dataDir)).toThrow(
    new RegExp(`process ${holder.pid}.*Stop it first.*VAULT_DATA_DIR`),
  );
  await expect(startEmbeddedPostgres({ dataDir })).rejects.toThrow(/in use by another vault/);
  const gone = new Promise((settle) => holder.once('exit', settle));
  holder.kill('SIGKILL');
  await gone;
  const directory = openDataDirectory(dataDir);
  expect(existsSync(directory.paths.objects)).toBe(true);
  directory.release();
  openDataDirectory(dataDir).release();
});
