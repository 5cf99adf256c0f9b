/**
 * The data directory (`VAULT_DATA_DIR`): where the embedded database, the objects, the keys and the spool lie, and
 * the lock that keeps a second vault out of it. The lock is a file that names its holder; a holder that no longer
 * runs (power cut, kill -9) holds nothing.
 */
import { linkSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Absolute paths inside a data directory. Each folder exists once `openDataDirectory` has returned. */
export interface DataPaths {
  readonly root: string;
  /** Secrets that this vault made for itself; only its own user may enter. */
  readonly keys: string;
  readonly objects: string;
  /** Uploads under way; what is left here by a crash is rubbish. */
  readonly spool: string;
  readonly logs: string;
}

export interface DataDirectory {
  readonly paths: DataPaths;
  /** Lets the next vault in; idempotent. */
  release(): void;
}

/** Who holds a data directory. `started` tells a process from a later one with the same number. */
interface Holder {
  readonly pid: number;
  readonly started: string;
}

export const dataPaths = (path: string): DataPaths => {
  const root = resolve(path);
  return {
    root,
    keys: join(root, 'keys'),
    objects: join(root, 'objects'),
    spool: join(root, 'spool'),
    logs: join(root, 'logs'),
  };
};

/** Makes what is missing and takes the lock. @throws Error with a sentence for the operator when it is taken. */
export function openDataDirectory(path: string): DataDirectory {
  const paths = dataPaths(path);
  // Others may pass through (the embedded server can run as another user) but list nothing.
  mkdirSync(paths.root, { recursive: true, mode: 0o711 });
  for (const folder of [paths.keys, paths.objects, paths.spool, paths.logs]) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }
  takeLock(paths.root);
  return {
    paths,
    release: () => {
      if (holderOf(paths.root)?.pid === process.pid) rmSync(lockFile(paths.root), { force: true });
    },
  };
}

/** Removes what lies in a folder, and keeps the folder. For those who hold the lock. */
export function emptyFolder(folder: string): void {
  for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true, force: true });
}

/** The number of another running process that holds the directory, if there is one. */
export function otherHolder(path: string): number | undefined {
  const holder = holderOf(resolve(path));
  return holder !== undefined && isRunning(holder) && holder.pid !== process.pid ? holder.pid : undefined;
}

const lockFile = (root: string): string => join(root, 'lock');

function takeLock(root: string): void {
  const own = join(root, `lock.${process.pid}`);
  writeFileSync(own, JSON.stringify({ pid: process.pid, started: startOf(process.pid) }), { mode: 0o644 });
  try {
    for (let attempt = 0; attempt < 20; attempt += 1) {
      if (linked(own, lockFile(root))) return;
      const holder = holderOf(root);
      if (holder !== undefined && isRunning(holder)) {
        throw new Error(
          `Another vault (process ${holder.pid}) already works on ${root}. Stop it first (Ctrl-C where it runs, or ` +
            `kill ${holder.pid}), or give this one a directory and a port of its own: VAULT_DATA_DIR=… PORT=… npm start`,
        );
      }
      setAside(root, holder);
    }
    throw new Error(`The lock ${lockFile(root)} cannot be taken; remove the file if no vault is running.`);
  } finally {
    rmSync(own, { force: true });
  }
}

function linked(from: string, to: string): boolean {
  try {
    // Unlike writing, a link is made whole or not at all, and never over another.
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Removes a dead holder's lock; one that somebody else took meanwhile is put back. */
function setAside(root: string, dead: Holder | undefined): void {
  const aside = join(root, `lock.${process.pid}.old`);
  try {
    renameSync(lockFile(root), aside);
  } catch {
    return;
  }
  const moved = readHolder(aside);
  if (moved !== undefined && moved.pid !== dead?.pid) linked(aside, lockFile(root));
  rmSync(aside, { force: true });
}

const holderOf = (root: string): Holder | undefined => readHolder(lockFile(root));

function readHolder(file: string): Holder | undefined {
  try {
    const { pid, started } = JSON.parse(readFileSync(file, 'utf8')) as Partial<Holder>;
    return Number.isInteger(pid) && typeof started === 'string' ? { pid: pid as number, started } : undefined;
  } catch {
    return undefined;
  }
}

function isRunning({ pid, started }: Holder): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return started === '' || startOf(pid) === started;
}

/** When a process began, by the kernel's word (proc(5), stat field 22 after the boot's id); '' where it does not tell. */
function startOf(pid: number): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return `${boot}:${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`;
  } catch {
    return '';
  }
}
