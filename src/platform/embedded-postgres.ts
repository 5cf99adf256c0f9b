/**
 * A real PostgreSQL server from an npm package, so that `npm start` needs no database. It listens on loopback with
 * a random password, keeps every acknowledged row through kill -9, and never outlives its vault by more than a
 * moment. The caller holds the data directory's lock: a server that still runs there is an orphan and is stopped.
 *
 * UTF-8 with PostgreSQL's built-in C.UTF-8 locale: the order of an index never depends on the system's libraries,
 * and upper and lower case know Vietnamese. Lists for people are sorted where they are shown.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { otherHolder } from './data-directory.ts';
import { placeServer, rememberCluster, type ServerPlace } from './embedded-postgres-place.ts';

export interface EmbeddedPostgresOptions {
  readonly dataDir: string;
  /** A free port unless given. */
  readonly port?: number;
  /** For tests only: much faster, and worthless after a power cut. */
  readonly throwAway?: boolean;
}

export interface EmbeddedPostgres {
  /** Of the database `motlan`, with the password in it. */
  readonly url: string;
  /** Resolves once the server is gone; idempotent. */
  stop(): Promise<void>;
}

const USER = 'motlan';
const DATABASE = 'motlan';
const START_MS = 60_000;
const STOP_MS = 60_000;

/** Starts the server, making its cluster the first time. @throws Error with a sentence for the operator. */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const dataDir = resolve(options.dataDir);
  const holder = otherHolder(dataDir);
  if (holder !== undefined) {
    throw new Error(
      `The database in ${dataDir} is in use by another vault (process ${holder}); stop it first.`,
    );
  }
  mkdirSync(dataDir, { recursive: true, mode: 0o711 });
  mkdirSync(join(dataDir, 'keys'), { recursive: true, mode: 0o700 });
  mkdirSync(join(dataDir, 'logs'), { recursive: true, mode: 0o700 });
  const place = placeServer(dataDir);
  if (existsSync(place.cluster)) {
    refuseOtherVersion(place);
    await stopOrphan(place);
  } else {
    makeCluster(dataDir, place, options.throwAway ?? false);
  }
  const password = readFileSync(passwordFile(dataDir), 'utf8').trim();
  for (let attempt = 1; ; attempt += 1) {
    const port = options.port ?? (await freePort());
    const url = urlOf(password, port, DATABASE);
    try {
      const server = runServer(dataDir, place, { ...options, port });
      await ready(server, urlOf(password, port, 'postgres'), dataDir);
      return { url, stop: () => server.stop() };
    } catch (error) {
      // Somebody may take a free port between looking and listening.
      if (options.port !== undefined || attempt === 3) throw error;
    }
  }
}

/** The URL of the server that a running vault started on this directory, if one runs. */
export function runningEmbeddedPostgres(path: string): string | undefined {
  const dataDir = resolve(path);
  if (!existsSync(passwordFile(dataDir))) return undefined;
  const { cluster } = placeServer(dataDir);
  const running = postmasterOf(cluster);
  if (running === undefined || !isServerOf(running.pid, cluster)) return undefined;
  return urlOf(readFileSync(passwordFile(dataDir), 'utf8').trim(), running.port, DATABASE);
}

const passwordFile = (dataDir: string): string => join(dataDir, 'keys', 'database-password');
const urlOf = (password: string, port: number, database: string): string =>
  `postgres://${USER}:${password}@127.0.0.1:${port}/${database}`;

function refuseOtherVersion({ programs, cluster }: ServerPlace): void {
  const made = readFileSync(join(cluster, 'PG_VERSION'), 'utf8').trim();
  const { stdout } = spawnSync(join(programs, 'postgres'), ['--version'], { encoding: 'utf8', cwd: '/' });
  const ours = /(\d+)/.exec(stdout)?.[1] ?? '';
  if (made !== ours) {
    throw new Error(
      `The database in ${cluster} was made by PostgreSQL ${made}; this release of the vault runs PostgreSQL ${ours}, ` +
        `which cannot read it. With the release that made it: npm run vault -- backup FOLDER. With this one, and ` +
        'VAULT_DATA_DIR naming a new directory: npm run vault -- restore FOLDER. Nothing was changed.',
    );
  }
}

/** Makes the cluster beside its final place and moves it there whole, so that an interrupted start leaves none. */
function makeCluster(dataDir: string, place: ServerPlace, throwAway: boolean): void {
  const half = `${place.cluster}.new`;
  const handOver = `${place.cluster}.password`;
  rmSync(half, { recursive: true, force: true });
  rmSync(handOver, { force: true });
  const password = randomBytes(24).toString('base64url');
  writeFileSync(passwordFile(dataDir), `${password}\n`, { mode: 0o600 });
  writeFileSync(handOver, password, { mode: 0o600 });
  if (place.account !== undefined) chownSync(handOver, place.account.uid, place.account.gid);
  const args = ['-D', half, '-U', USER, '--pwfile', handOver, '--auth=scram-sha-256', '--encoding=UTF8'];
  args.push('--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--no-instructions');
  if (throwAway) args.push('--no-sync');
  const { status, error, stderr } = spawnSync(join(place.programs, 'initdb'), args, {
    encoding: 'utf8',
    cwd: '/',
    env: serverEnvironment(),
    ...place.account,
  });
  rmSync(handOver, { force: true });
  if (status !== 0) {
    rmSync(half, { recursive: true, force: true });
    throw new Error(`The database could not be made in ${place.cluster}: ${error?.message ?? stderr.trim()}`);
  }
  renameSync(half, place.cluster);
  rememberCluster(dataDir, place.cluster);
}

/** Nothing of the vault's environment is the server's business, and PG* variables would mislead it. */
const serverEnvironment = (): NodeJS.ProcessEnv => ({ PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' });

interface RunningServer {
  readonly child: ChildProcess;
  stop(): Promise<void>;
}

function runServer(
  dataDir: string,
  place: ServerPlace,
  options: { port: number; throwAway?: boolean },
): RunningServer {
  const settings: Record<string, string | number> = {
    listen_addresses: '127.0.0.1',
    port: options.port,
    unix_socket_directories: '',
    max_connections: 200,
    timezone: 'UTC',
    log_timezone: 'UTC',
    // Rows are personal data: an error is logged without its statement and without the values that met.
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    ...(options.throwAway ? { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' } : {}),
  };
  const args = ['-D', place.cluster];
  for (const [name, value] of Object.entries(settings)) args.push('-c', `${name}=${value}`);
  const log = openLog(dataDir);
  // A session of its own: Ctrl-C reaches the vault alone, which finishes its work and then stops the server.
  const child = spawn(join(place.programs, 'postgres'), args, {
    cwd: '/',
    detached: true,
    stdio: ['ignore', log, log],
    env: serverEnvironment(),
    ...place.account,
  });
  closeSync(log);
  const gone = new Promise<void>((settle) => {
    child.once('exit', () => settle());
    child.once('error', () => settle());
  });
  const keeper = stopWithParent(child, place);
  let stopping: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    keeper?.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGINT');
      const limit = new AbortController();
      const late = sleep(STOP_MS, 'late', { signal: limit.signal, ref: false }).catch(() => 'stopped');
      if ((await Promise.race([gone, late])) === 'late') child.kill('SIGQUIT');
      await gone;
      limit.abort();
    }
  };
  return {
    child,
    stop: () => {
      stopping ??= stop();
      return stopping;
    },
  };
}

/** Waits for the end of this process (its end of the pipe closes) and then asks the server to stop. */
function stopWithParent(server: ChildProcess, place: ServerPlace): ChildProcess | undefined {
  if (server.pid === undefined) return undefined;
  const keeper = spawn('/bin/sh', ['-c', 'read -r _; kill -INT "$1" 2>/dev/null', 'sh', `${server.pid}`], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    ...place.account,
  });
  keeper.once('error', () => undefined);
  keeper.stdin?.on('error', () => undefined);
  keeper.unref();
  (keeper.stdin as unknown as { unref?(): void } | null)?.unref?.();
  return keeper;
}

const logFile = (dataDir: string): string => join(dataDir, 'logs', 'database.log');

function openLog(dataDir: string): number {
  const file = logFile(dataDir);
  if (existsSync(file) && statSync(file).size > 10_000_000) renameSync(file, `${file}.old`);
  return openSync(file, 'a', 0o600);
}

/** Waits until the server answers, and makes the vault's database in a new cluster. */
async function ready(server: RunningServer, url: string, dataDir: string): Promise<void> {
  const deadline = Date.now() + START_MS;
  for (;;) {
    const { exitCode, signalCode, pid } = server.child;
    if (pid === undefined || exitCode !== null || signalCode !== null) {
      throw new Error(`The embedded PostgreSQL does not start: ${lastLines(logFile(dataDir))}`);
    }
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE]);
      if (rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`);
      return;
    } catch (error) {
      if (Date.now() > deadline) {
        await server.stop();
        throw new Error(`The embedded PostgreSQL does not answer within ${START_MS / 1000} s.`, {
          cause: error,
        });
      }
    } finally {
      await client.end().catch(() => undefined);
    }
    await sleep(25);
  }
}

const lastLines = (file: string): string =>
  readFileSync(file, 'utf8').trimEnd().split('\n').slice(-3).join(' ') || 'it says nothing';

async function stopOrphan({ cluster }: ServerPlace): Promise<void> {
  const running = postmasterOf(cluster);
  if (running === undefined) return;
  const deadline = Date.now() + STOP_MS;
  for (let signal: NodeJS.Signals = 'SIGINT'; isServerOf(running.pid, cluster); signal = 'SIGQUIT') {
    process.kill(running.pid, signal);
    while (isServerOf(running.pid, cluster) && Date.now() < deadline) await sleep(25);
    if (signal === 'SIGQUIT') break;
  }
  // What is left names a process that is not a server of this cluster; PostgreSQL would refuse to start over it.
  rmSync(join(cluster, 'postmaster.pid'), { force: true });
}

function postmasterOf(cluster: string): { pid: number; port: number } | undefined {
  const file = join(cluster, 'postmaster.pid');
  if (!existsSync(file)) return undefined;
  const lines = readFileSync(file, 'utf8').split('\n');
  const pid = Number(lines[0]);
  return Number.isInteger(pid) && pid > 1 ? { pid, port: Number(lines[3]) } : undefined;
}

function isServerOf(pid: number, cluster: string): boolean {
  const { stdout } = spawnSync('ps', ['-ww', '-o', 'command=', '-p', `${pid}`], { encoding: 'utf8' });
  const words = existsSync('/proc/self/cmdline') ? commandLine(pid) : (stdout ?? '');
  return words.includes('postgres') && words.includes(cluster);
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

const freePort = (): Promise<number> =>
  new Promise((settle, refuse) => {
    const probe = createServer();
    probe.once('error', refuse);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => settle(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });

/** Removes a data directory made for a test, with a cluster that lies elsewhere. The server must be stopped. */
export function removeEmbeddedPostgres(path: string): void {
  const dataDir = resolve(path);
  const { cluster } = placeServer(dataDir);
  if (!cluster.startsWith(dataDir)) rmSync(dirname(cluster), { recursive: true, force: true });
  rmSync(dataDir, { recursive: true, force: true });
}
