// `motlan sign`: seals PDF files with a key of one's own, at the level wanted, with a mark where wanted.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import {
  type CommandOutput,
  openChosenSigner,
  openChosenSources,
  openChosenTimestamps,
  resultPath,
  type Sources,
  sentenceOf,
  signerOptions,
  sourceOptions,
  UsageError,
  writeResult,
} from './command-line.ts';
import type { MarkRequest } from './mark-appearance.ts';
import { markProfiles, markTime } from './mark-profile.ts';
import { sealPdf } from './seal.ts';
import type { Signer } from './signer.ts';
import { SigningError } from './signing-error.ts';
import type { TimestampClient } from './timestamp-client.ts';
import { upgradePdf } from './upgrade.ts';

export const SIGN_USAGE = `Usage: sign KEY [--level B-B|B-T|B-LT|B-LTA] [options] FILE…
Signs PDF files; what was there stays byte for byte. The result is FILE.signed.pdf, or --out for one file.
KEY is one of
  --key FILE.p12 [--passphrase-file PATH]      PKCS#12; the passphrase also from SIGN_PASSPHRASE or the terminal
  --pkcs11 LIBRARY --token LABEL [--key-label LABEL]   a token; its PIN from SIGN_PIN or the terminal
  --development FOLDER [--as agencySeal|officer|schoolHead]   keys/pki of a development vault
--level       B-T needs --tsa; B-LT and B-LTA also revocation data. Default: B-T with --tsa, else B-B
--tsa URL     a timestamp authority; several are asked in order
--issuers PEM certificates of issuers, and their revocation lists; several
--allow-host  a host that OCSP and revocation lists may be fetched from; several
--chain PEM   issuers of the signer, where the key does not carry them
--mark        officer, agency-copy, seal-image or export-qr
--value N=V   a value of the mark: name, form, agency, caption; several
--image, --qr the picture or the text of the mark
--reason, --location, --field, --pss, --json, --force`;

const LEVELS = ['B-B', 'B-T', 'B-LT', 'B-LTA'] as const;
type Wanted = (typeof LEVELS)[number];

/** @returns 0 when every file reached the level, 1 when one did not, 2 for wrong usage. Never throws what is expected. */
export async function signCommand(args: readonly string[], output: CommandOutput): Promise<0 | 1 | 2> {
  try {
    return await sign(args, output);
  } catch (error) {
    const sentence = sentenceOf(error);
    if (sentence === undefined) throw error;
    output.err(sentence);
    if (error instanceof SigningError) return 1;
    output.err(SIGN_USAGE);
    return 2;
  }
}

async function sign(args: readonly string[], output: CommandOutput): Promise<0 | 1 | 2> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      ...signerOptions,
      ...sourceOptions,
      level: { type: 'string' },
      mark: { type: 'string' },
      value: { type: 'string', multiple: true, default: [] },
      image: { type: 'string' },
      qr: { type: 'string' },
      reason: { type: 'string' },
      location: { type: 'string' },
      field: { type: 'string' },
      out: { type: 'string' },
      json: { type: 'boolean', default: false },
      force: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    output.out(SIGN_USAGE);
    return 0;
  }
  if (positionals.length === 0) throw new UsageError('No file was given.');
  if (values.out !== undefined && positionals.length > 1)
    throw new UsageError('--out names the result of one file.');
  const mark = markOf(values);
  const places = positionals.map((file) => ({ file, path: resultPath(file, { ...values, word: 'signed' }) }));
  const timestamps = await openChosenTimestamps(values);
  const level = levelOf(values.level, timestamps);
  const sources = level === 'B-LT' || level === 'B-LTA' ? await openChosenSources(values) : undefined;
  const { signer, close } = await openChosenSigner(values);
  const { reason, location, field: fieldName } = values;
  try {
    let status: 0 | 1 = 0;
    for (const { file, path } of places) {
      const about = { level, timestamps, sources, reason, location, fieldName, mark: mark() };
      const made = await signOne(file, signer, about).catch((error: unknown) => {
        const sentence = sentenceOf(error);
        if (sentence === undefined) throw error;
        return { failed: sentence };
      });
      if ('failed' in made) {
        status = 1;
        if (values.json) output.out(JSON.stringify({ file, error: made.failed }));
        else output.err(`${file}: ${made.failed}`);
        continue;
      }
      writeResult(path, made.bytes);
      if (made.level !== level) status = 1;
      if (values.json)
        output.out(JSON.stringify({ file, result: path, level: made.level, note: made.note ?? null }));
      else
        output.out(
          `${file} → ${path}: ${made.level}, signed by ${signer.certificate.subject.commonName ?? signer.certificate.subject.text}`,
        );
      if (made.note !== undefined && !values.json) output.err(`${file}: ${made.note}`);
    }
    return status;
  } finally {
    close();
  }
}

interface SignAbout {
  readonly level: Wanted;
  readonly timestamps?: TimestampClient;
  readonly sources?: Sources;
  readonly mark?: MarkRequest;
  readonly reason?: string;
  readonly location?: string;
  readonly fieldName?: string;
}

interface Made {
  readonly bytes: Uint8Array;
  readonly level: Wanted;
  /** Why the level is lower than wanted. */
  readonly note?: string;
}

/** A signature that was made is kept at the level it reached: it is never lost for a timestamp. */
async function signOne(file: string, signer: Signer, about: SignAbout): Promise<Made> {
  const { level, timestamps, sources, ...options } = about;
  const sealed = await sealPdf(readFileSync(file), {
    ...options,
    signer,
    time: new Date(),
    timestamps: level === 'B-B' ? undefined : timestamps,
  });
  if (level === 'B-B') return { bytes: sealed.bytes, level };
  if (sealed.level === 'B-B') {
    const failures =
      sealed.timestamp?.failures.map(({ authority, reason }) => `${authority}: ${reason}`) ?? [];
    return { ...lower(sealed.bytes, 'B-B', failures.join('; ')) };
  }
  if (level === 'B-T' || timestamps === undefined || sources === undefined)
    return { bytes: sealed.bytes, level: 'B-T' };
  try {
    const issuers = [...sources.issuers, ...signer.chain];
    const { bytes } = await upgradePdf(sealed.bytes, level, {
      timestamps,
      revocation: sources.revocation,
      issuers,
    });
    return { bytes, level };
  } catch (error) {
    if (!(error instanceof SigningError)) throw error;
    return lower(sealed.bytes, 'B-T', error.message);
  }
}

const lower = (bytes: Uint8Array, level: Wanted, why: string): Made => ({
  bytes,
  level,
  note: `the signature stands at ${level} (${why}). Raise it later with "upgrade".`,
});

function levelOf(wanted: string | undefined, timestamps: TimestampClient | undefined): Wanted {
  if (wanted === undefined) return timestamps === undefined ? 'B-B' : 'B-T';
  const level = LEVELS.find((each) => each === wanted);
  if (level === undefined) throw new UsageError(`--level is one of ${LEVELS.join(', ')}, not "${wanted}".`);
  if (level !== 'B-B' && timestamps === undefined) {
    throw new UsageError(`${level} needs a timestamp authority: --tsa URL.`);
  }
  return level;
}

/** @throws UsageError for a profile or a value that is none */
function markOf(values: {
  readonly mark?: string;
  readonly value: readonly string[];
  readonly image?: string;
  readonly qr?: string;
}): () => MarkRequest | undefined {
  if (values.mark === undefined) return () => undefined;
  const profile = Object.values(markProfiles).find(({ id }) => id === values.mark);
  if (profile === undefined) {
    throw new UsageError(
      `--mark is one of ${Object.values(markProfiles)
        .map(({ id }) => id)
        .join(', ')}.`,
    );
  }
  const given = values.value.map((text): [string, string] => {
    const at = text.indexOf('=');
    if (at < 1) throw new UsageError(`--value needs NAME=VALUE, not "${text}".`);
    return [text.slice(0, at), text.slice(at + 1)];
  });
  const image = values.image === undefined ? undefined : readFileSync(values.image);
  return () => ({
    profile,
    values: { time: markTime(new Date()), ...Object.fromEntries(given) },
    image,
    qr: values.qr,
  });
}
