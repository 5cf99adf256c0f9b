// `motlan upgrade`: adds to signed PDF files what is missing for a higher level, behind everything that is signed.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import {
  type CommandOutput,
  openChosenSources,
  openChosenTimestamps,
  resultPath,
  sentenceOf,
  sourceOptions,
  UsageError,
  writeResult,
} from './command-line.ts';
import { SigningError } from './signing-error.ts';
import { archiveExpiry, type Level, upgradePdf } from './upgrade.ts';

export const UPGRADE_USAGE = `Usage: upgrade [--level B-T|B-LT|B-LTA] --tsa URL… [options] FILE…
Adds a missing timestamp, the revocation data and the archive timestamp to signed PDF files; not one byte that is there
changes. At B-LTA again before the archive timestamp ages, it is renewed. The result is FILE.upgraded.pdf, or --out.
--level        default B-LTA
--tsa URL      a timestamp authority; several are asked in order
--issuers PEM  certificates of issuers that the signatures left out, and revocation lists; several
--allow-host   a host that OCSP and revocation lists may be fetched from; several
--development FOLDER   timestamps and lists of a development vault (keys/pki of its data)
--json, --force`;

const LEVELS: readonly Level[] = ['B-T', 'B-LT', 'B-LTA'];

/** @returns 0 when every file reached the level, 1 when one did not, 2 for wrong usage */
export async function upgradeCommand(args: readonly string[], output: CommandOutput): Promise<0 | 1 | 2> {
  try {
    return await upgrade(args, output);
  } catch (error) {
    const sentence = sentenceOf(error);
    if (sentence === undefined) throw error;
    output.err(sentence);
    output.err(UPGRADE_USAGE);
    return 2;
  }
}

async function upgrade(args: readonly string[], output: CommandOutput): Promise<0 | 1> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      ...sourceOptions,
      development: { type: 'string' },
      level: { type: 'string', default: 'B-LTA' },
      out: { type: 'string' },
      json: { type: 'boolean', default: false },
      force: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    output.out(UPGRADE_USAGE);
    return 0;
  }
  const level = LEVELS.find((each) => each === values.level);
  if (level === undefined)
    throw new UsageError(`--level is one of ${LEVELS.join(', ')}, not "${values.level}".`);
  if (positionals.length === 0) throw new UsageError('No file was given.');
  if (values.out !== undefined && positionals.length > 1)
    throw new UsageError('--out names the result of one file.');
  const places = positionals.map((file) => ({
    file,
    path: resultPath(file, { ...values, word: 'upgraded' }),
  }));
  const timestamps = await openChosenTimestamps(values);
  if (timestamps === undefined)
    throw new UsageError('Raising a level needs a timestamp authority: --tsa URL.');
  const sources = await openChosenSources(values);
  let status: 0 | 1 = 0;
  for (const { file, path } of places) {
    try {
      const { bytes, added } = await upgradePdf(readFileSync(file), level, { timestamps, ...sources });
      if (added.length > 0) writeResult(path, bytes);
      const renewBefore = level === 'B-LTA' ? (archiveExpiry(bytes)?.toISOString() ?? null) : null;
      if (values.json) {
        output.out(
          JSON.stringify({ file, result: added.length > 0 ? path : null, level, added, renewBefore }),
        );
      } else if (added.length === 0) {
        output.out(`${file}: nothing is missing for ${level}`);
      } else {
        const renewal = renewBefore === null ? '' : `; renew before ${renewBefore.slice(0, 10)}`;
        output.out(`${file} → ${path}: ${level}, added ${added.join(', ')}${renewal}`);
      }
    } catch (error) {
      const sentence = sentenceOf(error);
      if (sentence === undefined || !(error instanceof SigningError || 'code' in Object(error))) throw error;
      status = 1;
      if (values.json) output.out(JSON.stringify({ file, error: sentence }));
      else output.err(`${file}: ${sentence}`);
    }
  }
  return status;
}
