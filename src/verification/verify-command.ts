/**
 * `motlan verify [--json] [--lang vi|en] [--trust PATH]… [--at ISO-TIME] FILE…`: verifies files without any network.
 * Exit status 0 only where every file is valid, 1 for every other verdict, 2 for wrong usage.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { KillablePool } from '../platform/killable.ts';
import { explain } from './explain.ts';
import type { Report } from './report.ts';
import { reportToJson } from './report-json.ts';
import type { TrustSet } from './trust.ts';
import { readTrustPath } from './trust-files.ts';
import { isGood } from './verdict-table.ts';
import { verifyInChild } from './verify-child.ts';

export interface CommandOutput {
  out(line: string): void;
  err(line: string): void;
}

export const VERIFY_USAGE = 'Usage: verify [--json] [--lang vi|en] [--trust PATH]… [--at ISO-TIME] FILE…';

/** One file may take this long, start of the child included. */
const CHILD_LIMITS = { milliseconds: 4_500, megabytes: 512 };
const ISO_TIME = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/;

/** @returns the exit status. Never throws. */
export async function verifyCommand(args: readonly string[], output: CommandOutput): Promise<0 | 1 | 2> {
  const wanted = parse(args);
  if (typeof wanted === 'string') {
    output.err(wanted);
    output.err(VERIFY_USAGE);
    return 2;
  }
  await using pool = new KillablePool({ size: 1, ...CHILD_LIMITS });
  pool.warm();
  let status: 0 | 1 = 0;
  for (const { name, bytes } of wanted.files) {
    const outcome = await verifyInChild(pool, bytes, { trust: wanted.trust, at: wanted.at });
    if (outcome.kind === 'report') {
      print(name, outcome.report, { ...wanted, output });
      status = isGood(outcome.report.verdict) ? status : 1;
    } else {
      status = 1;
    }
  }
  return status;
}

interface Wanted {
  readonly json: boolean;
  readonly lang: 'vi' | 'en';
  readonly trust: readonly TrustSet[];
  readonly at: Date;
  readonly files: readonly { readonly name: string; readonly bytes: Uint8Array }[];
}

function parse(args: readonly string[]): Wanted | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        json: { type: 'boolean', default: false },
        lang: { type: 'string', default: 'vi' },
        trust: { type: 'string', multiple: true, default: [] },
        at: { type: 'string' },
      },
    });
    if (positionals.length === 0) {
      return 'No file was given.';
    }
    if (values.lang !== 'vi' && values.lang !== 'en') {
      return `--lang is "vi" or "en", not "${values.lang}".`;
    }
    const at = values.at === undefined ? new Date() : new Date(values.at);
    if (Number.isNaN(at.getTime()) || (values.at !== undefined && !ISO_TIME.test(values.at))) {
      return `--at needs a time such as 2026-11-24T08:00:00Z, not "${values.at}".`;
    }
    return {
      json: values.json,
      lang: values.lang,
      at,
      trust: values.trust.map(readTrustPath),
      files: positionals.map((name) => ({ name, bytes: readFileSync(name) })),
    };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function print(
  name: string,
  report: Report,
  how: { json: boolean; lang: 'vi' | 'en'; output: CommandOutput },
): void {
  if (how.json) {
    how.output.out(JSON.stringify(reportToJson(name, report)));
    return;
  }
  const explanation = explain(report, how.lang);
  how.output.out(`${name}: ${explanation.headline} [${report.verdict}]`);
  if (explanation.legalNotice !== null) {
    how.output.out(`  ${explanation.legalNotice}`);
  }
  for (const line of [
    ...explanation.lines,
    ...explanation.signatures.flatMap((s) => [{ kind: 'title', text: s.title }, ...s.lines]),
  ]) {
    how.output.out(`  ${MARKS[line.kind] ?? ''}${line.text}`);
    if ('todo' in line && line.todo !== undefined) {
      how.output.out(`      → ${line.todo}`);
    }
  }
  for (const sentence of explanation.repairWords) how.output.out(`  → ${sentence}`);
}

const MARKS: Readonly<Record<string, string>> = { title: '', right: '  + ', wrong: '  ! ', note: '  · ' };
