/**
 * A real S3 server for tests: Ceph's radosgw over one monitor and one in-memory storage daemon, on loopback.
 *
 *     node scripts/s3-up.ts start [--install]   prints S3_ENDPOINT, S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY
 *     node scripts/s3-up.ts stop
 *
 * Needs the Debian packages ceph-mon, ceph-osd and radosgw; `--install` installs them (as root), nothing else does.
 * Without them `start` ends with code 3, which callers count as a skip. Everything it keeps lies in one folder
 * under the system's temporary folder and is gone after `stop`. For tests only: one copy, in memory.
 */
import { execFileSync, spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const PACKAGES = ['ceph-mon', 'ceph-osd', 'radosgw'];
const PROGRAMS = ['ceph', 'ceph-authtool', 'monmaptool', 'ceph-mon', 'ceph-osd', 'radosgw', 'radosgw-admin'];
/** `start` ends with this code when the packages are missing. */
const MISSING = 3;

/** How to reach the running server. */
export interface S3Server {
  readonly endpoint: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

interface RunningServer extends S3Server {
  readonly pids: readonly number[];
}

const folderOf = (): string =>
  process.env.MOTLAN_S3_FOLDER ?? join(tmpdir(), `motlan-s3-${process.getuid?.() ?? 'user'}`);
const stateFile = (folder: string): string => join(folder, 'server.json');

/** The programs that are missing here; none when a server can be started. */
export const missingPrograms = (): readonly string[] =>
  PROGRAMS.filter(
    (program) => !['/usr/bin', '/usr/local/bin', '/bin'].some((at) => existsSync(join(at, program))),
  );

/** The server that `start` left running, if it still runs. */
export function runningS3Server(folder = folderOf()): S3Server | undefined {
  if (!existsSync(stateFile(folder))) return undefined;
  const state = JSON.parse(readFileSync(stateFile(folder), 'utf8')) as RunningServer;
  return state.pids.length > 0 && state.pids.every(isAlive) ? state : undefined;
}

/** Starts a server and resolves when it answers; an already running one is given back. */
export async function startS3Server(folder = folderOf()): Promise<S3Server> {
  const running = runningS3Server(folder);
  if (running) return running;
  await stopS3Server(folder);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const pids: number[] = [];
  const remember = (facts: S3Server): void =>
    writeFileSync(stateFile(folder), JSON.stringify({ ...facts, pids }), { mode: 0o600 });
  const [monitorPort, gatewayPort] = [await freePort('S3_UP_MONITOR_PORT'), await freePort('S3_UP_PORT')];
  const server: S3Server = {
    endpoint: `http://127.0.0.1:${gatewayPort}`,
    accessKeyId: `test${randomBytes(8).toString('hex')}`,
    secretAccessKey: randomBytes(24).toString('hex'),
  };
  const daemon = (program: string, ...parameters: string[]): void => {
    pids.push(startDaemon(folder, program, parameters));
    remember(server);
  };
  try {
    const configuration = writeConfiguration(folder, monitorPort, gatewayPort);
    const run = (program: string, ...parameters: string[]): string =>
      execFileSync(program, [...parameters, '--conf', configuration], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
        timeout: 60_000,
      });
    makeMonitor(folder, monitorPort, run);
    daemon('ceph-mon', '-i', 'a', '--conf', configuration, '-f');
    const ceph = (...parameters: string[]): string => run('ceph', ...parameters, '--connect-timeout', '20');
    await eventually('the monitor', () => ceph('mon', 'stat'));
    makeStorageDaemon(folder, ceph, run);
    daemon('ceph-osd', '-i', '0', '--conf', configuration, '-f');
    await eventually('the storage daemon', () => {
      if (!ceph('osd', 'stat').includes('1 up')) throw new Error('not up yet');
    });
    const caps = ['mon', 'allow rwx', 'osd', 'allow rwx', '-o', join(folder, 'client.rgw.a.keyring')];
    ceph('auth', 'get-or-create', 'client.rgw.a', ...caps);
    const asGateway = ['-n', 'client.rgw.a', '--uid', 'tester'];
    const names = [
      '--display-name',
      'tester',
      '--access-key',
      server.accessKeyId,
      '--secret',
      server.secretAccessKey,
    ];
    run('radosgw-admin', 'user', 'create', ...asGateway, ...names);
    daemon('radosgw', '-n', 'client.rgw.a', '--conf', configuration, '-f');
    await eventually('the gateway', async () => void (await fetch(server.endpoint)));
    return server;
  } catch (error) {
    const cause = error instanceof Error ? error : new Error(String(error));
    const told = lastWords(folder);
    await stopS3Server(folder);
    throw new Error(`${cause.message}\n${told}`, { cause });
  }
}

/** Ends the server's processes, and no others, and removes its folder. */
export async function stopS3Server(folder = folderOf()): Promise<void> {
  if (existsSync(stateFile(folder))) {
    const { pids } = JSON.parse(readFileSync(stateFile(folder), 'utf8')) as RunningServer;
    // A pid may have been given to another process since: only one that was started on this folder is ended.
    const ours = pids.filter((pid) => isAlive(pid) && commandLine(pid).includes(folder));
    for (const pid of ours.toReversed()) process.kill(pid, 'SIGKILL');
    for (let tries = 0; ours.some(isAlive) && tries < 50; tries += 1) await sleep(100);
  }
  rmSync(folder, { recursive: true, force: true });
}

function writeConfiguration(folder: string, monitorPort: number, gatewayPort: number): string {
  const path = join(folder, 'ceph.conf');
  const lines = [
    '[global]',
    `fsid = ${randomUUID()}`,
    `mon host = v2:127.0.0.1:${monitorPort}`,
    'public addr = 127.0.0.1',
    'cluster addr = 127.0.0.1',
    'auth cluster required = cephx',
    'auth service required = cephx',
    'auth client required = cephx',
    `keyring = ${folder}/$name.keyring`,
    `run dir = ${folder}`,
    `admin socket = ${folder}/$name.asok`,
    'log to stderr = true',
    'log file =',
    'osd pool default size = 1',
    'osd pool default min size = 1',
    'osd pool default pg num = 4',
    'osd pool default pg autoscale mode = off',
    'osd crush chooseleaf type = 0',
    'mon allow pool size one = true',
    '[mon]',
    `mon data = ${folder}/mon.a`,
    '[osd]',
    `osd data = ${folder}/osd.$id`,
    'osd objectstore = memstore',
    'memstore device bytes = 4294967296',
    'osd scrub load threshold = 0',
    '[client.rgw.a]',
    `rgw frontends = beast endpoint=127.0.0.1:${gatewayPort}`,
    `rgw data = ${folder}/rgw.a`,
    'rgw enable usage log = false',
    'rgw thread pool size = 64',
  ];
  writeFileSync(path, `${lines.join('\n')}\n`, { mode: 0o600 });
  return path;
}

type Run = (program: string, ...parameters: string[]) => string;

function makeMonitor(folder: string, port: number, run: Run): void {
  const configuration = readFileSync(join(folder, 'ceph.conf'), 'utf8');
  const fsid = /^fsid = (.*)$/m.exec(configuration)?.[1] ?? '';
  const [monitorKeys, adminKeys] = [join(folder, 'mon.keyring'), join(folder, 'client.admin.keyring')];
  const map = join(folder, 'monmap');
  const all = ['--cap', 'mon', 'allow *', '--cap', 'osd', 'allow *', '--cap', 'mgr', 'allow *'];
  run('ceph-authtool', '--create-keyring', monitorKeys, '--gen-key', '-n', 'mon.', '--cap', 'mon', 'allow *');
  run('ceph-authtool', '--create-keyring', adminKeys, '--gen-key', '-n', 'client.admin', ...all);
  run('ceph-authtool', monitorKeys, '--import-keyring', adminKeys);
  run('monmaptool', '--create', '--fsid', fsid, '--addv', 'a', `[v2:127.0.0.1:${port}]`, map);
  run('ceph-mon', '--mkfs', '-i', 'a', '--monmap', map, '--keyring', monitorKeys);
}

function makeStorageDaemon(folder: string, ceph: (...parameters: string[]) => string, run: Run): void {
  const keyring = join(folder, 'osd.0.keyring');
  mkdirSync(join(folder, 'osd.0'));
  const uuid = randomUUID();
  ceph('osd', 'create', uuid, '0');
  ceph('auth', 'get-or-create', 'osd.0', 'mon', 'allow profile osd', 'osd', 'allow *', '-o', keyring);
  // The monitor takes the daemon in only under the uuid that it was told.
  run('ceph-osd', '-i', '0', '--mkfs', '--osd-uuid', uuid);
}

function startDaemon(folder: string, program: string, parameters: readonly string[]): number {
  const log = openSync(join(folder, `${program}.log`), 'a');
  const child = spawn(program, parameters, { detached: true, stdio: ['ignore', log, log], cwd: folder });
  closeSync(log);
  child.unref();
  if (child.pid === undefined) throw new Error(`${program} could not be started`);
  return child.pid;
}

/** The ends of the daemons' logs, for the error message. */
function lastWords(folder: string): string {
  const logs = readdirSync(folder).filter((name) => name.endsWith('.log'));
  return logs.map((name) => `${name}: ${readFileSync(join(folder, name), 'utf8').slice(-800)}`).join('\n');
}

async function eventually(what: string, attempt: () => unknown): Promise<void> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    try {
      await attempt();
      return;
    } catch (error) {
      if (Date.now() > deadline) throw new Error(`${what} did not come up within a minute`, { cause: error });
      await sleep(200);
    }
  }
}

async function freePort(variable: string): Promise<number> {
  if (process.env[variable]) return Number(process.env[variable]);
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

async function main([command, ...options]: readonly string[]): Promise<number> {
  if (command === 'stop') {
    await stopS3Server();
    return 0;
  }
  if (command !== 'start') {
    console.error('usage: node scripts/s3-up.ts start [--install] | stop');
    return 2;
  }
  if (options.includes('--install') && missingPrograms().length > 0) {
    const install = ['install', '-y', '--no-install-recommends', ...PACKAGES];
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    execFileSync('apt-get', ['update'], { stdio: ['ignore', 'ignore', 'inherit'], env });
    execFileSync('apt-get', install, { stdio: ['ignore', 'ignore', 'inherit'], env });
  }
  const missing = missingPrograms();
  if (missing.length > 0) {
    console.error(
      `missing: ${missing.join(', ')}. Install ${PACKAGES.join(', ')}, or run with --install as root.`,
    );
    return MISSING;
  }
  const server = await startS3Server();
  console.log(`S3_ENDPOINT=${server.endpoint}`);
  console.log(`S3_ACCESS_KEY_ID=${server.accessKeyId}`);
  console.log(`S3_SECRET_ACCESS_KEY=${server.secretAccessKey}`);
  return 0;
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2));
