/** `motlan witness …`: runs a witness for other people's logs until a signal comes. */
import { createPrivateKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import {
  formatVerifierKey,
  notePublicKey,
  noteVerifier,
  parseVerifierKey,
  witnessSigner,
} from './log/index.ts';
import type { CommandOutput } from './log-command.ts';
import { Witness, witnessServer } from './witness.ts';

export const WITNESS_USAGE = `Usage: witness --key FILE --folder FOLDER --log KEY [--log KEY…] [--listen HOST:PORT] NAME
  --key      private key made by "log keygen --witness"
  --folder   where it remembers what it cosigned; never restore it from a backup
  --log      public key of a log to watch, obtained from its operator
  --listen   default 127.0.0.1:8391`;

/** @returns the exit status, after the service has stopped. `stop` ends it; without it SIGINT and SIGTERM do. */
export async function witnessCommand(
  args: readonly string[],
  output: CommandOutput,
  stop?: AbortSignal,
): Promise<0 | 2> {
  const wanted = await parse(args).catch((error: Error) => error.message);
  if (typeof wanted === 'string') {
    output.err(wanted);
    output.err(WITNESS_USAGE);
    return 2;
  }
  const { name, key, logs, folder, host, port } = wanted;
  const signer = witnessSigner(name, key, () => Math.floor(Date.now() / 1000));
  const server = witnessServer(new Witness({ signer, logs, folder }));
  server.listen(port, host);
  await new Promise<void>((resolve, reject) => server.once('listening', resolve).once('error', reject));
  output.out(`witness ${formatVerifierKey(notePublicKey(name, 'witness', key))}`);
  output.out(`listening on http://${host}:${port}`);
  await stopped(stop);
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  return 0;
}

async function parse(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { key: text, folder: text, log: { type: 'string', multiple: true }, listen: text },
  });
  const [name] = positionals;
  const { key, folder, log, listen = '127.0.0.1:8391' } = values;
  if (name === undefined || key === undefined || folder === undefined || log === undefined) {
    throw new Error('A name, --key, --folder and at least one --log are needed.');
  }
  const at = listen.lastIndexOf(':');
  const port = Number(listen.slice(at + 1));
  if (at < 1 || !Number.isInteger(port)) throw new Error(`"${listen}" is not HOST:PORT.`);
  const privateKey = createPrivateKey(await readFile(key));
  const logs = log.map((one) => noteVerifier(parseVerifierKey(one)));
  return { name, key: privateKey, folder, logs, host: listen.slice(0, at), port };
}

function stopped(stop: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (stop?.aborted) resolve();
    stop?.addEventListener('abort', () => resolve(), { once: true });
    if (stop === undefined)
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
}
