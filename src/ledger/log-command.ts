/**
 * `motlan log …`: what anyone can do with a log and a key, without a vault, a database or trust in either.
 * Exit status 0 where all holds, 1 where something does not, 2 for wrong usage.
 */
import { createHash, generateKeyPairSync } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { readState, writeState } from './audit-state.ts';
import { auditLog } from './auditor.ts';
import { formatVerifierKey, isKeyName, notePublicKey } from './log/index.ts';
import { type ProofVerdict, verifyProofFile } from './verify-proof-file.ts';

export interface CommandOutput {
  out(line: string): void;
  err(line: string): void;
}

export const LOG_USAGE = `Usage:
  log verify (--key KEY | --policy FILE) [--document FILE] [--json] PROOF…
      checks proof files offline; with --document, that they speak of exactly this file
  log audit --key KEY [--state FILE] [--earlier CHECKPOINT] [--witness KEY… [--needed N]] URL|FOLDER
      reads a published log and checks all of it; with --state it goes on where it stopped, and the next visit begins
      where this one ended and holds the log to what was seen
  log refusals; log clear-refusal
      on the vault's own machine: why the log refuses writes; lets it go on after you have mended what it names
  log keygen [--witness] --out FILE NAME
      makes a key for a log or a witness: the private part into FILE, the public one on screen`;

/** @param args what follows `log`. Never throws for what the user gave. @returns the exit status. */
export async function logCommand(args: readonly string[], output: CommandOutput): Promise<0 | 1 | 2> {
  const [verb, ...rest] = args;
  try {
    if (verb === 'verify') return await verify(rest, output);
    if (verb === 'audit') return await audit(rest, output);
    if (verb === 'keygen') return await keygen(rest, output);
    throw new WrongUsage(verb === undefined ? 'No task was given.' : `There is no task "log ${verb}".`);
  } catch (error) {
    if (!(error instanceof WrongUsage)) throw error;
    output.err(error.message);
    output.err(LOG_USAGE);
    return 2;
  }
}

class WrongUsage extends Error {}

async function verify(args: readonly string[], output: CommandOutput): Promise<0 | 1> {
  const text = { type: 'string' } as const;
  const { values, positionals } = parsed(() =>
    parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { key: text, policy: text, document: text, json: { type: 'boolean' } },
    }),
  );
  if ((values.key === undefined) === (values.policy === undefined))
    throw new WrongUsage('Give either --key or --policy.');
  if (positionals.length === 0) throw new WrongUsage('Name a proof file.');
  const policy = values.key ?? (await contents(values.policy ?? ''));
  const documentSha256 = values.document === undefined ? undefined : await digestOf(values.document);
  let status: 0 | 1 = 0;
  for (const name of positionals) {
    const verdict = verifyProofFile(await contents(name), {
      policy,
      ...(documentSha256 ? { documentSha256 } : {}),
    });
    if (!verdict.valid) status = 1;
    if (values.json) output.out(JSON.stringify({ file: name, ...verdict }));
    else for (const line of inWords(name, verdict)) output.out(line);
  }
  return status;
}

function inWords(name: string, verdict: ProofVerdict): string[] {
  if (!verdict.valid) return [`${name}: NOT PROVED: ${verdict.reason}`];
  const lines = [
    `${name}: PROVED: entry ${verdict.index} of ${verdict.size} in the log ${verdict.origin}`,
    `  ${verdict.time?.toISOString()} ${verdict.type} ${verdict.outcome} ${verdict.status}`.trimEnd(),
  ];
  for (const [part, words] of Object.entries(verdict.opened ?? {})) {
    for (const [word, value] of Object.entries(words)) {
      if (value !== null)
        lines.push(`  ${part}.${word}: ${typeof value === 'string' ? value : JSON.stringify(value)}`);
    }
  }
  if (verdict.owner !== undefined) lines.push(`  owner: ${verdict.owner}`);
  for (const { name: witness, at } of verdict.witnesses ?? []) {
    lines.push(`  cosigned by ${witness} at ${at.toISOString()}`);
  }
  return lines;
}

async function audit(args: readonly string[], output: CommandOutput): Promise<0 | 1> {
  const text = { type: 'string' } as const;
  const { values, positionals } = parsed(() =>
    parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        key: text,
        earlier: text,
        state: text,
        needed: text,
        witness: { type: 'string', multiple: true },
      },
    }),
  );
  const [prefix] = positionals;
  if (prefix === undefined || positionals.length > 1) throw new WrongUsage('Name one log, by URL or folder.');
  if (values.key === undefined)
    throw new WrongUsage("Give the log's public key with --key; do not take it from the log itself.");
  const earlier = values.earlier === undefined ? undefined : await contents(values.earlier);
  const { state: file, witness: witnesses = [], needed = String(witnesses.length) } = values;
  if (!/^\d{1,2}$/.test(needed) || Number(needed) > witnesses.length)
    throw new WrongUsage(
      'Give with --needed how many of the witnesses named with --witness must have cosigned.',
    );
  try {
    const report = await auditLog({
      prefix,
      vkey: values.key,
      witnesses,
      witnessesNeeded: Number(needed),
      ...(earlier === undefined ? {} : { earlier }),
      ...(file === undefined ? {} : { state: await readState(file) }),
      onProgress: async (state, size) => {
        if (file !== undefined) await writeState(file, state);
        output.err(`${state.examined} of ${size} entries examined`);
      },
    });
    if (file !== undefined && report.faults.length === 0) await writeState(file, report.state);
    for (const fault of report.faults) output.out(`FAULT ${fault}`);
    for (const name of report.witnesses) output.out(`cosigned by ${name}`);
    const verdict = report.faults.length === 0 ? 'all of it holds' : `${report.faults.length} faults`;
    output.out(`${report.size} entries, root ${report.root}: ${verdict}`);
    return report.faults.length === 0 ? 0 : 1;
  } catch (error) {
    output.err(`The log cannot be read: ${error instanceof Error ? error.message : error}`);
    return 1;
  }
}

async function keygen(args: readonly string[], output: CommandOutput): Promise<0> {
  const { values, positionals } = parsed(() =>
    parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { out: { type: 'string' }, witness: { type: 'boolean' } },
    }),
  );
  const [name] = positionals;
  if (name === undefined || !isKeyName(name))
    throw new WrongUsage('Name the key, for example vault.example/log.');
  if (values.out === undefined) throw new WrongUsage('Say with --out where the private key goes.');
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
  await writeFile(values.out, pem, { flag: 'wx', mode: 0o600 }).catch((error: Error) => {
    throw new WrongUsage(`${values.out} cannot be written: ${error.message}`);
  });
  output.out(formatVerifierKey(notePublicKey(name, values.witness ? 'witness' : 'log', publicKey)));
  return 0;
}

function parsed<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new WrongUsage(error instanceof Error ? error.message : String(error));
  }
}

const contents = (file: string): Promise<string> =>
  readFile(file, 'utf8').catch((error: Error) => {
    throw new WrongUsage(`${file} cannot be read: ${error.message}`);
  });

async function digestOf(file: string): Promise<string> {
  const sha256 = createHash('sha256');
  await pipeline(createReadStream(file), sha256).catch((error: Error) => {
    throw new WrongUsage(`${file} cannot be read: ${error.message}`);
  });
  return sha256.digest('hex');
}
