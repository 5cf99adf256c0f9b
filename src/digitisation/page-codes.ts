/** Barcodes and QR codes on a page, read by a WebAssembly that lies in the package: nothing is fetched. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import type { Picture } from './picture.ts';

export interface PageCode {
  readonly format: string;
  readonly text: string;
}

let prepared: Promise<void> | undefined;

async function prepare(): Promise<void> {
  const file = createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm');
  const wasm = await readFile(file);
  const wasmBinary = wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength) as ArrayBuffer;
  await prepareZXingModule({ overrides: { wasmBinary }, fireImmediately: true });
}

/** At most eight codes, none where the reader fails: a page without codes is an ordinary page. */
export async function codesOn(picture: Picture): Promise<PageCode[]> {
  prepared ??= prepare();
  await prepared;
  const { width, height, rgb } = picture;
  const data = new Uint8ClampedArray(width * height * 4);
  for (let at = 0, from = 0; at < data.length; at += 4, from += 3) {
    data[at] = rgb[from] ?? 0;
    data[at + 1] = rgb[from + 1] ?? 0;
    data[at + 2] = rgb[from + 2] ?? 0;
    data[at + 3] = 255;
  }
  try {
    const found = await readBarcodes({ data, width, height, colorSpace: 'srgb' } as ImageData, {
      tryHarder: true,
      maxNumberOfSymbols: 8,
      formats: ['QRCode', 'Code128', 'Code39', 'DataMatrix', 'PDF417', 'Aztec'],
    });
    return found
      .filter(({ isValid, text }) => isValid && text !== '')
      .map(({ format, text }) => ({ format, text: text.slice(0, 2000) }));
  } catch {
    return [];
  }
}
