/**
 * Words read by the vault's path (child, TSV, places of words) against bare tesseract.js on the same pictures; and how
 * well it reads pages of known text, made under a seed of their own: clean, 200 dpi scan, phone photograph.
 */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createWorker, OEM } from 'tesseract.js';
import { examineFile } from '../../src/digitisation/page-examiner.ts';
import { textOf } from '../../src/digitisation/text-repository.ts';
import { readingOf, readWithPackage } from '../../src/digitisation/word-reader.ts';
import { type ComparisonResult, compare } from './harness.ts';
import { type KnownPage, knownPages, READ_SEED } from './support/known-pages.ts';

export async function bench(): Promise<Readonly<Record<string, ComparisonResult>>> {
  const pages = await knownPages(READ_SEED, 2);
  const clean = pages.filter(({ how }) => how === 'clean');
  const pictures = await Promise.all(clean.map(({ jpeg }) => pictureOf(jpeg)));
  const data = createRequire(import.meta.url).resolve('@tesseract.js-data/vie/package.json');
  const bare = await createWorker('vie', OEM.LSTM_ONLY, {
    langPath: join(dirname(data), '4.0.0_best_int'),
    cacheMethod: 'none',
    gzip: true,
  });
  try {
    const speed = await compare({
      name: 'ocr',
      baseline: {
        name: 'bare tesseract.js',
        operations: pictures.length,
        run: async () => {
          for (const picture of pictures)
            await bare.recognize(Buffer.from(picture), {}, { tsv: true, text: false });
        },
      },
      vault: {
        name: 'reading path',
        operations: pictures.length,
        run: async () => {
          for (const picture of pictures) readingOf('bench', (await readWithPackage({ picture })).tsv);
        },
      },
      target: 0.9,
    });
    return { ocr: { ...speed, notes: await quality(pages) } };
  } finally {
    await bare.terminate();
  }
}

async function pictureOf(jpeg: Uint8Array): Promise<Uint8Array> {
  const [outcome] = await examineFile({
    bytes: jpeg,
    kind: 'jpeg',
    from: 0,
    count: 1,
    maxPixels: 80_000_000,
    forReading: true,
  });
  if (!outcome || !('examined' in outcome) || !outcome.examined.reading)
    throw new Error('a made page cannot be examined');
  return outcome.examined.reading;
}

/** Character error rate in percent, by how the page was taken. */
async function quality(pages: readonly KnownPage[]): Promise<Record<string, string>> {
  const sums = new Map<string, { errors: number; letters: number }>();
  for (const { how, jpeg, text } of pages) {
    const { tsv } = await readWithPackage({ picture: await pictureOf(jpeg) });
    const read = flat(textOf(readingOf('bench', tsv)));
    const sum = sums.get(how) ?? { errors: 0, letters: 0 };
    sum.errors += distance(read, flat(text));
    sum.letters += flat(text).length;
    sums.set(how, sum);
  }
  return Object.fromEntries(
    [...sums].map(([how, { errors, letters }]) => [
      `CER ${how}`,
      `${((100 * errors) / letters).toFixed(2)} %`,
    ]),
  );
}

const flat = (text: string): string => text.normalize('NFC').replace(/\s+/g, ' ').trim();

/** Letters to change, add or take away (Levenshtein). */
function distance(one: string, other: string): number {
  let before = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let row = 1; row <= one.length; row += 1) {
    const now = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const same = one[row - 1] === other[column - 1] ? 0 : 1;
      now.push(
        Math.min((before[column] ?? 0) + 1, (now[column - 1] ?? 0) + 1, (before[column - 1] ?? 0) + same),
      );
    }
    before = now;
  }
  return before[other.length] ?? 0;
}
