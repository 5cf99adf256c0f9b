// What the commands `sign`, `upgrade` and `agent` share: where the key, the timestamps and the revocation data come
// from, how a secret is asked for, how a file is written. Secrets come from files, the environment or the terminal,
// never from arguments, which every user of the machine can read.
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { type Certificate, readCertificate, readCertificatesPem, readCrl, sameName } from '../asn1/index.ts';
import { openDevelopmentPki } from './development/development-pki.ts';
import { loadPkcs11Module } from './pkcs11-module.ts';
import { openPkcs11Signer } from './pkcs11-signer.ts';
import { openPkcs12 } from './pkcs12.ts';
import { createRevocationClient, type RevocationClient } from './revocation-client.ts';
import type { Signer } from './signer.ts';
import { SigningError } from './signing-error.ts';
import {
  createLocalTimestampClient,
  createTimestampClient,
  type TimestampClient,
} from './timestamp-client.ts';

export interface CommandOutput {
  out(line: string): void;
  err(line: string): void;
}

/** Something the person at the keyboard can mend; its message is all that is shown. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Options of `parseArgs` that name a key. */
export const signerOptions = {
  key: { type: 'string' as const },
  'passphrase-file': { type: 'string' as const },
  pkcs11: { type: 'string' as const },
  token: { type: 'string' as const },
  'key-label': { type: 'string' as const },
  chain: { type: 'string' as const, multiple: true as const, default: [] as string[] },
  pss: { type: 'boolean' as const, default: false },
  development: { type: 'string' as const },
  as: { type: 'string' as const, default: 'agencySeal' },
};

/** Options that name where timestamps and revocation data come from. */
export const sourceOptions = {
  tsa: { type: 'string' as const, multiple: true as const, default: [] as string[] },
  issuers: { type: 'string' as const, multiple: true as const, default: [] as string[] },
  'allow-host': { type: 'string' as const, multiple: true as const, default: [] as string[] },
};

export interface SignerChoice {
  readonly key?: string;
  readonly 'passphrase-file'?: string;
  readonly pkcs11?: string;
  readonly token?: string;
  readonly 'key-label'?: string;
  readonly chain: readonly string[];
  readonly pss: boolean;
  readonly development?: string;
  readonly as: string;
}

export interface SourceChoice {
  readonly tsa: readonly string[];
  readonly issuers: readonly string[];
  readonly 'allow-host': readonly string[];
  readonly development?: string;
}

export interface OpenedSigner {
  readonly signer: Signer;
  close(): void;
}

/** @throws UsageError when not exactly one key is named, SigningError when it cannot be used */
export async function openChosenSigner(choice: SignerChoice): Promise<OpenedSigner> {
  const ways = [choice.key, choice.pkcs11, choice.development].filter((way) => way !== undefined);
  if (ways.length !== 1) {
    throw new UsageError(
      'Name one key: --key FILE.p12, or --pkcs11 LIBRARY --token LABEL, or --development FOLDER.',
    );
  }
  const chain = choice.chain.flatMap(readCertificates);
  if (choice.key !== undefined) {
    const bytes = readFileSync(choice.key);
    const passphrase = await readSecret({
      prompt: `Passphrase of ${basename(choice.key)}: `,
      file: choice['passphrase-file'],
      variable: 'SIGN_PASSPHRASE',
    });
    return { signer: openPkcs12(bytes, passphrase, { pss: choice.pss, chain }), close: () => undefined };
  }
  if (choice.pkcs11 !== undefined) {
    if (choice.token === undefined) throw new UsageError('Name the token: --token LABEL.');
    const module = await loadPkcs11Module(choice.pkcs11);
    const signer = await openPkcs11Signer({
      module,
      tokenLabel: choice.token,
      keyLabel: choice['key-label'],
      pin: () =>
        readSecret({
          prompt: `PIN of the token ${choice.token}: `,
          file: choice['passphrase-file'],
          variable: 'SIGN_PIN',
        }),
      chain,
      pss: choice.pss,
    });
    return { signer, close: () => signer.close() };
  }
  const { signers } = await openDevelopment(choice.development ?? '');
  const signer = Object.hasOwn(signers, choice.as) ? signers[choice.as as keyof typeof signers] : undefined;
  if (signer === undefined) throw new UsageError(`--as is one of ${Object.keys(signers).join(', ')}.`);
  return { signer, close: () => undefined };
}

/** Timestamps of the authorities named, in order, or of the development authority; undefined when there is none. */
export async function openChosenTimestamps(choice: SourceChoice): Promise<TimestampClient | undefined> {
  if (choice.tsa.length > 0) {
    const urls = choice.tsa.map((text) => {
      if (!URL.canParse(text)) throw new UsageError(`--tsa needs an http or https address, not "${text}".`);
      return new URL(text);
    });
    return createTimestampClient({
      authorities: urls.map((url) => ({ name: url.hostname, url: url.href })),
      allowedHosts: urls.map(({ hostname }) => hostname),
      fetch,
    });
  }
  if (choice.development === undefined) return undefined;
  const { timestampAuthority } = await openDevelopment(choice.development);
  return createLocalTimestampClient('development', timestampAuthority);
}

export interface Sources {
  readonly revocation: RevocationClient;
  readonly issuers: readonly Certificate[];
}

/** Revocation data: lists in the files of `--issuers` first, then OCSP and lists of the hosts that are allowed. */
export async function openChosenSources(choice: SourceChoice): Promise<Sources> {
  const files = choice.issuers.map((path) => readFileSync(path));
  const lists = files.flatMap(listsIn);
  const pki = choice.development === undefined ? undefined : await openDevelopment(choice.development);
  const now = () => new Date();
  return {
    issuers: [...choice.issuers.flatMap(readCertificates), ...(pki === undefined ? [] : [pki.root])],
    revocation: createRevocationClient({
      allowedHosts: choice['allow-host'],
      fetch,
      now,
      listsAtHand: (issuer) => [
        ...lists.filter((der) => sameName(readCrl(der).issuer, issuer.subject)),
        ...(pki !== undefined && sameName(pki.root.subject, issuer.subject)
          ? [pki.authority.crl(now())]
          : []),
      ],
    }),
  };
}

function openDevelopment(folder: string) {
  if (!existsSync(folder)) {
    throw new UsageError(
      `There is no development authority in ${folder}; a started vault has one in keys/pki of its data.`,
    );
  }
  return openDevelopmentPki(folder, { now: () => new Date() });
}

/** Certificates of a PEM or DER file. @throws UsageError */
export function readCertificates(path: string): Certificate[] {
  const bytes = readFileSync(path);
  try {
    if (bytes[0] === 0x30) return [readCertificate(bytes)];
    return readCertificatesPem(bytes.toString('latin1'));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${path} holds no certificates that can be read (${why}).`);
  }
}

function listsIn(file: Buffer): Uint8Array[] {
  const blocks = file.toString('latin1').matchAll(/-----BEGIN X509 CRL-----([^-]+)-----END/g);
  return [...blocks].map(([, base64 = '']) => Buffer.from(base64, 'base64'));
}

/** A secret from a file, the environment, or the terminal without echo. @throws UsageError when there is no way to ask */
export async function readSecret(from: {
  readonly prompt: string;
  readonly file?: string;
  readonly variable: string;
}): Promise<string> {
  if (from.file !== undefined) return readFileSync(from.file, 'utf8').replace(/\r?\n$/, '');
  const given = process.env[from.variable];
  if (given !== undefined) return given;
  if (!process.stdin.isTTY) {
    throw new UsageError(
      `A secret is needed: set ${from.variable}, or give --passphrase-file, or run it in a terminal.`,
    );
  }
  process.stderr.write(from.prompt);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: silent, terminal: true });
  try {
    return await lines.question('');
  } finally {
    lines.close();
    process.stderr.write('\n');
  }
}

/** Where a result goes: `--out` for one file, else `NAME.WORD.pdf` beside it. @throws UsageError rather than overwrite */
export function resultPath(
  file: string,
  how: { readonly out?: string; readonly word: string; readonly force: boolean },
): string {
  const extension = extname(file);
  const path = how.out ?? join(dirname(file), `${basename(file, extension)}.${how.word}${extension}`);
  if (existsSync(path) && !how.force)
    throw new UsageError(`${path} exists already. Name another with --out, or add --force.`);
  return path;
}

/** Whole or not at all. */
export function writeResult(path: string, bytes: Uint8Array): void {
  const draft = `${path}.${process.pid}.part`;
  writeFileSync(draft, bytes);
  renameSync(draft, path);
}

/** The sentence to show for a failure; undefined for one that nobody expected. */
export function sentenceOf(error: unknown): string | undefined {
  if (error instanceof UsageError || error instanceof SigningError) return error.message;
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  const file = 'path' in error ? String(error.path) : 'A file';
  if (error.code === 'ENOENT') return `${file} does not exist.`;
  if (error.code === 'EACCES') return `${file} may not be read or written.`;
  return String(error.code).startsWith('ERR_PARSE_ARGS') ? String(Object(error).message) : undefined;
}
