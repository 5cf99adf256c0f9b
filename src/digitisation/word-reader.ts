/**
 * The port to readers of words (OCR) and its two adapters: the system's tesseract where it is installed with Vietnamese,
 * otherwise tesseract.js with the language data of its package, offline. Both give TSV, so both are read the same way.
 */
import { execFile, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { constants, setPriority } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { KillablePool, KillableTask } from '../platform/killable.ts';
import type { PageReading, Word } from './scan.ts';

export interface WordReader {
  /** Kept with what it read: `tesseract 5.3`, `tesseract.js 7`. */
  readonly name: string;
  /** Words of a grey JPEG of about 300 dots per inch. `failed` says why there are none; the caller goes on without. */
  read(picture: Uint8Array): Promise<PageReading | { readonly failed: string }>;
}

export interface ReadInput {
  readonly picture: Uint8Array;
}

const TIME_LIMIT = 120_000;

/** The best reader this machine has. */
export async function openWordReader(pool: KillablePool): Promise<WordReader> {
  return (await systemReader()) ?? packagedReader(pool);
}

/** tesseract.js in a killable child, which may die without harm to anything else. */
export function packagedReader(pool: KillablePool): WordReader {
  const task: KillableTask<ReadInput, { width: number; height: number; tsv: string }> = {
    module: import.meta.url,
    name: 'readWithPackage',
  };
  return {
    name: 'tesseract.js 7',
    read: async (picture) => {
      const outcome = await pool.run(task, { picture }, { milliseconds: TIME_LIMIT, megabytes: 900 });
      if (outcome.kind === 'done') return readingOf('tesseract.js 7', outcome.value.tsv);
      return { failed: outcome.kind === 'killed' ? outcome.why : outcome.kind };
    },
  };
}

let worker: Promise<import('tesseract.js').Worker> | undefined;

/** Runs in the child; the engine stays warm between pages. */
export async function readWithPackage(
  input: ReadInput,
): Promise<{ width: number; height: number; tsv: string }> {
  worker ??= openPackage();
  const engine = await worker;
  const { data } = await engine.recognize(Buffer.from(input.picture), {}, { tsv: true, text: false });
  return { width: 0, height: 0, tsv: data.tsv ?? '' };
}

async function openPackage(): Promise<import('tesseract.js').Worker> {
  // Words are read behind the counter: whoever waits at it comes first.
  setPriority(constants.priority.PRIORITY_LOW);
  const { createWorker, OEM } = await import('tesseract.js');
  const data = createRequire(import.meta.url).resolve('@tesseract.js-data/vie/package.json');
  return createWorker('vie', OEM.LSTM_ONLY, {
    langPath: join(dirname(data), '4.0.0_best_int'),
    cacheMethod: 'none',
    gzip: true,
  });
}

/** The system's tesseract, where it knows Vietnamese. */
export async function systemReader(command = 'tesseract'): Promise<WordReader | undefined> {
  const listed = await promisify(execFile)(command, ['--list-langs'], { timeout: 10_000 }).catch(
    () => undefined,
  );
  if (!listed || !/^vie$/m.test(`${listed.stdout}\n${listed.stderr}`)) return undefined;
  const version = await promisify(execFile)(command, ['--version'], { timeout: 10_000 });
  const name = (version.stdout || version.stderr).split('\n')[0]?.trim() || command;
  return {
    name,
    read: async (picture) => {
      const tsv = await runTesseract(command, picture).catch((error: Error) => error);
      return tsv instanceof Error ? { failed: 'crash' } : readingOf(name, tsv);
    },
  };
}

function runTesseract(command: string, picture: Uint8Array): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(
      'nice',
      ['-n', '10', command, 'stdin', 'stdout', '-l', 'vie', '--dpi', '300', 'tsv'],
      {
        stdio: ['pipe', 'pipe', 'ignore'],
        timeout: TIME_LIMIT,
        env: { PATH: process.env.PATH, OMP_THREAD_LIMIT: '1' },
      },
    );
    const pieces: Buffer[] = [];
    child.stdout.on('data', (piece: Buffer) => pieces.push(piece));
    child.stdin.on('error', () => undefined);
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve(Buffer.concat(pieces).toString('utf8')) : reject(new Error(`exit ${code}`)),
    );
    child.stdin.end(picture);
  });
}

/** Words of tesseract's TSV: level, page, block, paragraph, line, word, left, top, width, height, confidence, text. */
export function readingOf(engine: string, tsv: string): PageReading {
  const words: Word[] = [];
  let [pageWidth, pageHeight] = [1, 1];
  const lines = new Map<string, number>();
  for (const row of tsv.split('\n')) {
    const cells = row.split('\t');
    const [level, , block, paragraph, line] = cells;
    const [left = 0, top = 0, width = 0, height = 0] = cells.slice(6, 10).map(Number);
    if (level === '1') [pageWidth, pageHeight] = [Math.max(1, width), Math.max(1, height)];
    const text = (cells[11] ?? '').normalize('NFC').trim();
    if (level !== '5' || text === '') continue;
    const key = `${block}/${paragraph}/${line}`;
    if (!lines.has(key)) lines.set(key, lines.size);
    const share = (value: number, of: number): number =>
      Math.max(0, Math.min(10_000, Math.round((10_000 * value) / of)));
    words.push({
      text,
      confidence: Math.round(Number(cells[10] ?? 0)),
      box: [
        share(left, pageWidth),
        share(top, pageHeight),
        share(left + width, pageWidth),
        share(top + height, pageHeight),
      ],
      line: lines.get(key) ?? 0,
    });
  }
  return { engine, words };
}
