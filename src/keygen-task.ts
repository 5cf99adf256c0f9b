/**
 * `motlan keygen`: makes the keys that a vault and those around it need. Private parts go into files of mode 0600 that
 * must not exist yet, or (the master key, which belongs into a secret store) on screen; never into a log.
 */
import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { logCommand } from './ledger/log-command.ts';
import { systemClock } from './platform/clock.ts';
import { openDevelopmentPki } from './signing/index.ts';
import type { TaskOutput } from './task-surroundings.ts';

export const KEYGEN_USAGE = `Usage:
  keygen log --out FILE NAME      the key that signs the log's checkpoints; NAME is its origin, vault.example/log
  keygen witness --out FILE NAME  the key of a witness of logs
  keygen master [NAME]            a master key as MASTER_KEYS takes it, on screen; NAME is today's month where left out
  keygen client --out FILE        a machine client's key: the private JWK into FILE, the public JWKS to register on screen
  keygen signer --out FOLDER      a hierarchy for trials: root, agency's seal, officer, head of school, time stamps`;

class WrongUsage extends Error {}

type Maker = (
  given: { out: string | undefined; name: string | undefined },
  output: TaskOutput,
) => Promise<number>;

const MAKERS: Readonly<Record<string, Maker>> = {
  log: ({ out, name }, output) => logCommand(['keygen', ...outOf(out), ...nameOf(name)], output),
  witness: ({ out, name }, output) =>
    logCommand(['keygen', '--witness', ...outOf(out), ...nameOf(name)], output),
  master: async ({ name = systemClock.now().toISOString().slice(0, 7) }, output) => {
    if (!/^[A-Za-z0-9._-]{1,64}$/.test(name)) throw new WrongUsage('A name is 1 to 64 of A-Z a-z 0-9 . _ -');
    output.out(`${name}:${randomBytes(32).toString('base64')}`);
    return 0;
  },
  client: async ({ out }, output) => {
    const [, file = ''] = outOf(out);
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const named = { kid: randomUUID(), alg: 'ES256', use: 'sig' };
    await writeFile(file, `${JSON.stringify({ ...privateKey.export({ format: 'jwk' }), ...named })}\n`, {
      flag: 'wx',
      mode: 0o600,
    }).catch((error: Error) => {
      throw new WrongUsage(`${file} cannot be written: ${error.message}`);
    });
    output.out(JSON.stringify({ keys: [{ ...publicKey.export({ format: 'jwk' }), ...named }] }));
    return 0;
  },
  signer: async ({ out }, output) => {
    const [, folder = ''] = outOf(out);
    if (existsSync(folder)) throw new WrongUsage(`${folder} exists; name a folder that does not.`);
    const { rootFile } = await openDevelopmentPki(folder, { now: () => systemClock.now() });
    output.out(
      `Keys and certificates are in ${folder}. Nobody but you trusts them; the root is ${rootFile}.`,
    );
    return 0;
  },
};

/** @returns the exit status: 0 made, 2 wrong use. */
export async function keygenTask(args: readonly string[], output: TaskOutput): Promise<number> {
  try {
    const { values, positionals } = parse(args);
    const [kind = '', name, ...surplus] = positionals;
    const make = Object.hasOwn(MAKERS, kind) ? MAKERS[kind] : undefined;
    if (make === undefined || surplus.length > 0) throw new WrongUsage('Say which key is wanted.');
    return await make({ out: values.out, name }, output);
  } catch (error) {
    if (!(error instanceof WrongUsage)) throw error;
    output.err(error.message);
    output.err(KEYGEN_USAGE);
    return 2;
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options: { out: { type: 'string' } } });
  } catch (error) {
    throw new WrongUsage(error instanceof Error ? error.message : String(error));
  }
}

function outOf(out: string | undefined): ['--out', string] {
  if (out === undefined) throw new WrongUsage('Say with --out where the private key goes.');
  return ['--out', out];
}

const nameOf = (name: string | undefined): string[] => (name === undefined ? [] : [name]);
