/** The archive that is written as it is sent, read back by the reader of spreadsheets, which shares no code with it. */
import { crc32 } from 'node:zlib';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type ZipEntry, zipSize, zipStream } from '../../src/documents/zip-stream.ts';
import { ZipArchive } from '../../src/spreadsheet/zip.ts';

const at = new Date('2026-11-24T03:04:06Z');
const entryOf = (name: string, chunks: readonly string[], more: Partial<ZipEntry> = {}): ZipEntry => {
  const bytes = Buffer.from(chunks.join(''));
  return {
    name,
    size: bytes.length,
    crc32: crc32(bytes),
    open: async function* () {
      for (const chunk of chunks) yield Buffer.from(chunk);
    },
    ...more,
  };
};
const whole = async (entries: readonly ZipEntry[]): Promise<Buffer> =>
  Buffer.concat(await Array.fromAsync(zipStream(entries, at)));

test('reads back name for name and byte for byte, of the size told beforehand', async () => {
  const chunks = fc.array(fc.string({ maxLength: 40 }), { maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(fc.array(chunks, { maxLength: 6 }), async (files) => {
      const entries = files.map((each, index) => entryOf(`papers/${index}.txt`, each));
      const bytes = await whole(entries);
      expect(bytes.length).toBe(zipSize(entries));
      if (files.length === 0) return;
      const read = new ZipArchive(bytes);
      expect(read.names).toEqual(entries.map(({ name }) => name));
      for (const [index, each] of files.entries())
        expect(read.text(`papers/${index}.txt`, 1_000)).toBe(each.join(''));
    }),
    { numRuns: 50 },
  );
});

test('a file that turns out longer or shorter breaks the archive off', async () => {
  await expect(whole([entryOf('a', ['abc'], { size: 2 })])).rejects.toThrow('another size');
  await expect(whole([entryOf('a', ['abc'], { size: 4 })])).rejects.toThrow('another size');
});

test('what the form cannot tell has no size', () => {
  expect(zipSize([entryOf('a', [], { size: 0xffff_ffff })])).toBeUndefined();
});
