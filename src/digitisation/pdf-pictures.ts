/**
 * The pictures that a scanner put on the pages of a PDF, taken out without drawing the page: JPEG as it lies there,
 * CCITT in a TIFF of its own, plain samples as they are. Runs in a killable child only.
 */
import {
  isArray,
  isName,
  openPdf,
  type Page,
  PdfDict,
  type PdfObject,
  PdfStream,
  pageAttribute,
  pageSize,
  type Revision,
  readPages,
} from '../pdf/index.ts';
import type { LoadOptions } from './picture.ts';

export interface PagePicture {
  readonly bytes: Uint8Array;
  readonly options: Pick<LoadOptions, 'raw' | 'density'>;
  /** Degrees by which the page is turned when shown. */
  readonly rotate: number;
}

/**
 * The main picture of each page from `from` on; undefined for a page without one that can be decoded here (drawn
 * text, JBIG2, JPEG 2000).
 * @throws PdfError for a file that cannot be read
 */
export function picturesOfPdf(bytes: Uint8Array, from: number, count: number): (PagePicture | undefined)[] {
  const { last } = openPdf(bytes);
  return readPages(last)
    .slice(from, from + count)
    .map((page) => mainPicture(last, page));
}

function mainPicture(revision: Revision, page: Page): PagePicture | undefined {
  const resources = pageAttribute(revision, page, 'Resources');
  const objects = resources instanceof PdfDict ? revision.dict(resources, 'XObject') : undefined;
  let best: { stream: PdfStream; width: number; height: number } | undefined;
  for (const value of objects?.entries.values() ?? []) {
    const stream = revision.resolve(value);
    if (!(stream instanceof PdfStream) || !isName(revision.get(stream.dict, 'Subtype'), 'Image')) continue;
    const width = numberOf(revision.get(stream.dict, 'Width'));
    const height = numberOf(revision.get(stream.dict, 'Height'));
    if (!best || width * height > best.width * best.height) best = { stream, width, height };
  }
  if (!best || best.width * best.height < 40_000) return undefined;
  const picture = decodable(revision, best);
  if (!picture) return undefined;
  const size = pageSize(revision, page);
  const rotate = numberOf(pageAttribute(revision, page, 'Rotate')) % 360;
  const inches = (Math.abs(rotate % 180) === 90 ? size.height : size.width) / 72;
  return {
    bytes: picture.bytes,
    options: { raw: picture.raw, density: inches > 1 ? best.width / inches : undefined },
    rotate: (rotate + 360) % 360,
  };
}

function decodable(
  revision: Revision,
  { stream, width, height }: { stream: PdfStream; width: number; height: number },
): { bytes: Uint8Array; raw?: LoadOptions['raw'] } | undefined {
  const { dict } = stream;
  const filter = revision.get(dict, 'Filter');
  const filters = (isArray(filter) ? filter : [filter]).map((each) => revision.resolve(each));
  const last = filters.at(-1) ?? null;
  const data = revision.decode(stream);
  if (isName(last, 'DCTDecode', 'DCT')) return { bytes: data };
  if (isName(last, 'CCITTFaxDecode', 'CCF')) {
    const given = revision.get(dict, 'DecodeParms');
    const parameters = revision.resolve(isArray(given) ? (given.at(-1) ?? null) : given);
    return { bytes: faxTiff(revision, data, parameters, { width, height }) };
  }
  if (isName(last, 'JBIG2Decode', 'JPXDecode')) return undefined;
  const bits = numberOf(revision.get(dict, 'BitsPerComponent'));
  if (bits === 8 && data.length >= width * height * 3)
    return { bytes: data, raw: { width, height, channels: 3 } };
  if (bits === 8 && data.length >= width * height) {
    return { bytes: data.subarray(0, width * height), raw: { width, height, channels: 1 } };
  }
  if (bits === 1) return { bytes: unpacked(data, width, height), raw: { width, height, channels: 1 } };
  return undefined;
}

function unpacked(data: Uint8Array, width: number, height: number): Uint8Array {
  const stride = (width + 7) >> 3;
  const grey = new Uint8Array(width * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      grey[y * width + x] = ((data[y * stride + (x >> 3)] ?? 0) >> (7 - (x & 7))) & 1 ? 255 : 0;
    }
  }
  return grey;
}

/** A TIFF of one strip around fax data (TIFF 6.0; compression 4 is T.6, 3 is T.4). */
function faxTiff(
  revision: Revision,
  data: Uint8Array,
  parameters: PdfObject,
  size: { width: number; height: number },
): Uint8Array {
  const value = (key: string): PdfObject =>
    parameters instanceof PdfDict ? revision.get(parameters, key) : null;
  const k = numberOf(value('K'));
  const columns = numberOf(value('Columns')) || 1728;
  const entries: [tag: number, type: 3 | 4, value: number][] = [
    [256, 4, columns],
    [257, 4, size.height],
    [258, 3, 1],
    [259, 3, k < 0 ? 4 : 3],
    // In a PDF black is 0 unless it says otherwise (ISO 32000-2 table 11).
    [262, 3, value('BlackIs1') === true ? 1 : 0],
    [273, 4, 0],
    [277, 3, 1],
    [278, 4, size.height],
    [279, 4, data.length],
    ...(k < 0 ? [] : ([[292, 4, k > 0 ? 1 : 0]] as [number, 3 | 4, number][])),
  ];
  const head = Buffer.alloc(8 + 2 + entries.length * 12 + 4);
  head.write('II*\0', 0, 'latin1');
  head.writeUInt32LE(8, 4);
  head.writeUInt16LE(entries.length, 8);
  for (const [index, [tag, type, number]] of entries.entries()) {
    const at = 10 + index * 12;
    head.writeUInt16LE(tag, at);
    head.writeUInt16LE(type, at + 2);
    head.writeUInt32LE(1, at + 4);
    head.writeUInt32LE(tag === 273 ? head.length : number, at + 8);
  }
  return Buffer.concat([head, data]);
}

const numberOf = (value: PdfObject): number => (typeof value === 'number' ? value : 0);
