/**
 * P3: a deposit of five A4 pages at 300 dpi, from the files in hand to the PDF the vault seals and the digests it keeps,
 * against the same work bare: sharp thumbnails and a full decode, pdf-lib embedding, SHA-256. By CPU of this process and
 * its children, since the vault decodes in a killable child.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { PDFDocument } from 'pdf-lib';
import sharp from 'sharp';
import { takeIn } from '../../src/documents/intake.ts';
import { KillablePool } from '../../src/platform/killable.ts';
import { type ComparisonResult, compare } from './harness.ts';
import { scanJpeg } from './support/known-pages.ts';

const PAGES = 5;

export async function bench(): Promise<Readonly<Record<string, ComparisonResult>>> {
  const jpegs: Buffer[] = [];
  for (let page = 0; page < PAGES; page += 1) jpegs.push(await scanJpeg(page + 1, 300));
  await using pool = new KillablePool({ size: 1, waiting: 8, megabytes: 1024 });
  const files = jpegs.map((bytes) => ({ size: bytes.length, read: async () => bytes }));
  const limits = { maxPages: 100, maxPixels: 80_000_000 };
  const deposit = await compare({
    name: 'deposit',
    elsewhere: childrenCpu,
    baseline: {
      name: 'bare sharp + pdf-lib + hash',
      operations: 1,
      run: async () => {
        const pdf = await PDFDocument.create({ updateMetadata: false });
        for (const bytes of jpegs) {
          await sharp(bytes).resize({ width: 240 }).jpeg({ quality: 60 }).toBuffer();
          await sharp(bytes, { failOn: 'error' }).stats();
          const image = await pdf.embedJpg(new Uint8Array(bytes));
          pdf.addPage([595, 842]).drawImage(image, { x: 0, y: 0, width: 595, height: 842 });
          createHash('sha256').update(bytes).digest();
        }
        createHash('sha256')
          .update(await pdf.save({ useObjectStreams: false }))
          .digest();
      },
    },
    vault: {
      name: 'intake of a deposit',
      operations: 1,
      run: async () => {
        const taken = await takeIn(files, pool, limits);
        for (const { bytes } of taken.originals) createHash('sha256').update(bytes).digest();
        createHash('sha256').update(taken.pdf).digest();
      },
    },
    target: 0.6,
  });
  return { deposit: { ...deposit, notes: { pages: PAGES, dpi: 300 } } };
}

/** CPU seconds of the children of this process so far, where the kernel tells. */
function childrenCpu(): number {
  try {
    const tasks = readFileSync(`/proc/self/task/${process.pid}/children`, 'latin1').trim();
    const ticks = tasks
      .split(' ')
      .filter((pid) => pid !== '')
      .map((pid) => {
        const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]?.split(' ') ?? [];
        return Number(fields[11] ?? 0) + Number(fields[12] ?? 0);
      });
    return ticks.reduce((sum, value) => sum + value, 0) / 100;
  } catch {
    return 0;
  }
}
