/** `motlan backup` and `motlan restore`: a vault into a folder, and out of it into an empty place. */
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import {
  BackupError,
  type Manifest,
  manifestDigest,
  openKeys,
  PASSPHRASE_MIN,
  placeKeyFiles,
  readKeyFiles,
  readManifest,
  restoreBackup,
  takeBackup,
  wholePart,
} from './backup/index.ts';
import { type Config, ConfigError, parseConfig } from './config/index.ts';
import { fsckTask } from './fsck-task.ts';
import { systemClock } from './platform/clock.ts';
import { type DataPaths, openDataDirectory } from './platform/data-directory.ts';
import { startEmbeddedPostgres } from './platform/embedded-postgres.ts';
import { inSurroundings, type TaskOutput } from './task-surroundings.ts';
import { openObjectStore } from './vault-storage.ts';

export const BACKUP_USAGE = `Usage: backup FOLDER [--passphrase-file FILE]
  Writes rows, objects and the log into FOLDER while the vault runs. With --passphrase-file the vault's keys go in too,
  sealed under the passphrase in FILE (${PASSPHRASE_MIN} characters at least); without it keep them elsewhere: without the master
  keys the objects are noise. Interrupted, the same command goes on.`;

export const RESTORE_USAGE = `Usage: restore FOLDER [--passphrase-file FILE]
  Puts the backup in FOLDER into the empty database, store and directory that the settings name, and examines the
  result. Also moves a vault from the embedded database to PostgreSQL and S3, and over a major version of PostgreSQL.`;

export const backupTask = (args: readonly string[], output: TaskOutput): Promise<number> =>
  guarded(BACKUP_USAGE, args, output, async ({ folder, passphrase }) => {
    const begun = performance.now();
    return inSurroundings(output, async ({ config, paths, database, store }) => {
      const keys = passphrase === null ? null : { files: keysOf(config, paths), passphrase };
      const interrupted = new AbortController();
      process.once('SIGINT', () =>
        interrupted.abort(new BackupError('Interrupted; the same command goes on.')),
      );
      const manifest = await takeBackup({
        pool: database.pool,
        store,
        folder,
        now: systemClock.now(),
        keys,
        progress: (line) => output.out(line),
        signal: interrupted.signal,
      });
      if (keys === null)
        output.err('The keys are not in this backup. Without the master keys its objects are noise.');
      tell(output, `Backed up`, manifest, begun);
      output.out(`SHA-256 of its manifest: ${manifestDigest(folder)}`);
      return 0;
    });
  });

export const restoreTask = (args: readonly string[], output: TaskOutput): Promise<number> =>
  guarded(RESTORE_USAGE, args, output, async ({ folder, passphrase }) => {
    const begun = performance.now();
    const manifest = readManifest(folder);
    const config = parseConfig(process.env);
    {
      await using stack = new AsyncDisposableStack();
      const data = openDataDirectory(config.dataDir);
      stack.defer(() => data.release());
      if (passphrase !== null && manifest.keys !== null) {
        const files = openKeys(await wholePart(folder, manifest.keys), passphrase);
        for (const path of placeKeyFiles(data.paths.keys, files)) {
          output.err(`keys/${path} was there already and stays; the one of the backup differs.`);
        }
      } else if (manifest.keys !== null) {
        output.err('The keys in the backup are left alone: no --passphrase-file was given.');
      }
      let databaseUrl: string;
      if (config.database.kind === 'postgres') databaseUrl = config.database.url.reveal();
      else {
        output.out('Starting the embedded PostgreSQL');
        const server = await startEmbeddedPostgres({ dataDir: data.paths.root });
        stack.defer(() => server.stop());
        databaseUrl = server.url;
      }
      mkdirSync(data.paths.objects, { recursive: true, mode: 0o700 });
      const store = await openObjectStore(config, data.paths);
      await restoreBackup({ folder, databaseUrl, store, progress: (line) => output.out(line) });
    }
    tell(output, 'Restored', manifest, begun);
    output.out('Examining what was restored');
    return fsckTask([], output);
  });

interface Asked {
  readonly folder: string;
  readonly passphrase: string | null;
}

/** Reads the arguments, and turns what an operator can mend into a sentence and a status. */
async function guarded(
  usage: string,
  args: readonly string[],
  output: TaskOutput,
  work: (asked: Asked) => Promise<number>,
): Promise<number> {
  let asked: Asked;
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { 'passphrase-file': { type: 'string' } },
    });
    const [folder] = positionals;
    if (folder === undefined || positionals.length > 1) throw new Error('Name one folder.');
    asked = { folder, passphrase: passphraseIn(values['passphrase-file']) };
  } catch (error) {
    output.err(error instanceof Error ? error.message : String(error));
    output.err(usage);
    return 2;
  }
  try {
    return await work(asked);
  } catch (error) {
    if (!(error instanceof BackupError) && !(error instanceof ConfigError)) throw error;
    output.err(error.message);
    return 1;
  }
}

function passphraseIn(file: string | undefined): string | null {
  if (file === undefined) return null;
  const passphrase = readFileSync(file, 'utf8').trim();
  if (passphrase.length < PASSPHRASE_MIN) {
    throw new Error(`The passphrase in ${file} is too short: ${PASSPHRASE_MIN} characters at least.`);
  }
  return passphrase;
}

/** The vault's own keys, and those that settings name, under the names by which a restored vault finds them. */
function keysOf(config: Config, paths: DataPaths): ReadonlyMap<string, Buffer> {
  const files = new Map(readdirSync(paths.keys).length > 0 ? readKeyFiles(paths.keys) : []);
  if (config.masterKeys.kind === 'given') {
    const { current, older } = config.masterKeys;
    const lines = [current, ...older].map(
      ({ id, key }) => `${id}:${key.reveal().export().toString('base64')}\n`,
    );
    files.set('master.key', Buffer.from(lines.join('')));
  }
  if (config.ledger.key.kind === 'file') files.set('log.pem', readFileSync(config.ledger.key.file));
  return files;
}

const tell = (output: TaskOutput, what: string, manifest: Manifest, begun: number): void => {
  const rows = manifest.tables.reduce((total, table) => total + table.rows, 0);
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  output.out(
    `${what} ${rows} rows, ${manifest.objects.count} objects, ${manifest.log?.size ?? 0} log entries in ${seconds} s.`,
  );
};
