/**
 * Measures the pages of one captured file and derives their access pictures. Runs in a killable child; never throws on
 * any input. Derived pictures are decoded and encoded anew: EXIF, positions and whatever hid in the file stay behind.
 */
import sharp, { type Sharp } from 'sharp';
import type { KillablePool, KillableTask } from '../platform/killable.ts';
import type { Measures } from './measures.ts';
import { codesOn } from './page-codes.ts';
import { colourMarks } from './page-colour.ts';
import { groundOf, inkOf, percentile, shareOf, sharpnessOf, skewOf } from './page-ink.ts';
import { lookOf } from './page-look.ts';
import { findPaper, flatten } from './paper-corners.ts';
import { picturesOfPdf } from './pdf-pictures.ts';
import { greyOf, loadPicture, type Picture, shrink } from './picture.ts';

export interface ExamineInput {
  readonly bytes: Uint8Array;
  readonly kind: 'pdf' | 'jpeg' | 'png' | 'tiff' | 'heic';
  /** First page of the file to examine, from 0, and how many. */
  readonly from: number;
  readonly count: number;
  readonly maxPixels: number;
  /** Pictures to read words from instead of measures. */
  readonly forReading?: boolean;
}

export interface ExaminedPage {
  /** Page of the file, from 0. */
  readonly page: number;
  readonly measures: Measures;
  readonly look: string;
  /** JPEG at 200 dpi, straightened and flattened. */
  readonly access: Uint8Array;
  readonly thumbnail: Uint8Array;
  /** Grey JPEG for the reader of words. */
  readonly reading?: Uint8Array;
}

export type ExamineOutcome =
  | { readonly page: number; readonly examined: ExaminedPage }
  /** `no-picture`: the page is drawn, not scanned, or in a form that is not decoded here. */
  | {
      readonly page: number;
      readonly fault: 'damaged' | 'too-many-pixels' | 'too-small' | 'animated' | 'no-picture';
    };

export async function examineFile(input: ExamineInput): Promise<ExamineOutcome[]> {
  const outcomes: ExamineOutcome[] = [];
  try {
    if (input.kind === 'pdf') {
      for (const [index, found] of picturesOfPdf(input.bytes, input.from, input.count).entries()) {
        const page = input.from + index;
        outcomes.push(
          found
            ? await guarded(page, async () => {
                const picture = await loadPicture(found.bytes, {
                  ...found.options,
                  maxPixels: input.maxPixels,
                });
                return examinePicture(page, await turned(picture, found.rotate), input);
              })
            : { page, fault: 'no-picture' },
        );
      }
      return outcomes;
    }
    const facts = await sharp(input.bytes, { limitInputPixels: input.maxPixels, failOn: 'error' }).metadata();
    const pages = facts.pages ?? 1;
    if (pages > 1 && input.kind !== 'tiff') return [{ page: 0, fault: 'animated' }];
    if (Math.min(facts.width, facts.height) < 200) return [{ page: 0, fault: 'too-small' }];
    for (let page = input.from; page < Math.min(pages, input.from + input.count); page += 1) {
      outcomes.push(
        await guarded(page, async () =>
          examinePicture(page, await loadPicture(input.bytes, { page, maxPixels: input.maxPixels }), input),
        ),
      );
    }
    return outcomes;
  } catch (error) {
    return [...outcomes, { page: input.from + outcomes.length, fault: faultOf(error) }];
  }
}

async function guarded(page: number, examine: () => Promise<ExaminedPage>): Promise<ExamineOutcome> {
  try {
    return { page, examined: await examine() };
  } catch (error) {
    return { page, fault: faultOf(error) };
  }
}

const faultOf = (error: unknown): 'damaged' | 'too-many-pixels' =>
  error instanceof Error && /pixel limit/i.test(error.message) ? 'too-many-pixels' : 'damaged';

async function turned(picture: Picture, degrees: number): Promise<Picture> {
  if (degrees === 0) return picture;
  const { data, info } = await rawOf(picture).rotate(degrees).raw().toBuffer({ resolveWithObject: true });
  return { ...picture, width: info.width, height: info.height, rgb: data };
}

const rawOf = (picture: Picture): Sharp =>
  sharp(picture.rgb, { raw: { width: picture.width, height: picture.height, channels: 3 } });

/** Everything that is known of one page, from its upright pixels. */
export async function examinePicture(
  page: number,
  picture: Picture,
  options: Pick<ExamineInput, 'forReading'> = {},
): Promise<ExaminedPage> {
  const small = await shrink(picture, 320);
  const found = picture.fromCamera ? findPaper(greyOf(small)) : undefined;
  const sheet = found ? flatten(picture, found.corners) : picture;
  const { dpi, scale } = scaleOf(sheet, found !== undefined);
  const half = await shrink(sheet, 1000);
  const grey = greyOf(half);
  const ground = groundOf(grey);
  const ink = inkOf(grey, ground);
  const skew = skewOf(ink, half.width, half.height);
  const marks = colourMarks(await shrink(sheet, 560));
  const atScale = greyOf(await shrink(sheet, Math.round((Math.max(sheet.width, sheet.height) * 200) / dpi)));
  const light = lightness(greyOf(half), ground.cells);
  const measures: Measures = {
    width: picture.width,
    height: picture.height,
    dpi: Math.round(dpi),
    scale,
    colour: picture.channels !== 'colour' ? picture.channels : marks.colour ? 'colour' : 'grey',
    sharpness: sharpnessOf(atScale),
    ...light,
    skew,
    edgeInk: borderShare(ink, half.width, half.height),
    cutEdges: found?.cut ?? [],
    fingers: round(marks.fingers),
    ink: round(shareOf(ink)),
    seal: round(marks.seal),
    bluePen: round(marks.bluePen),
    corners: found?.corners,
    codes: await codesOn(await shrink(sheet, 2000)),
    carriesPosition: picture.carriesPosition,
  };
  const straight = await straightened(sheet, skew);
  const access = await shrink(
    straight,
    Math.round(Math.max(straight.width, straight.height) * Math.min(1, 200 / dpi)),
  );
  return {
    page,
    measures,
    look: await lookOf(half),
    access: await rawOf(access).jpeg({ quality: 78, chromaSubsampling: '4:2:0' }).toBuffer(),
    thumbnail: await rawOf(access).resize({ width: 240 }).jpeg({ quality: 60 }).toBuffer(),
    reading: options.forReading ? await readingPicture(straight, dpi) : undefined,
  };
}

/** The lines of the page level, white where paper is missing. */
async function straightened(sheet: Picture, skew: number): Promise<Picture> {
  if (Math.abs(skew) < 0.25) return sheet;
  const { data, info } = await rawOf(sheet)
    .rotate(-skew, { background: '#ffffff' })
    .raw()
    .toBuffer({ resolveWithObject: true });
  const left = Math.max(0, Math.round((info.width - sheet.width) / 2));
  const top = Math.max(0, Math.round((info.height - sheet.height) / 2));
  const cut = await sharp(data, { raw: { width: info.width, height: info.height, channels: 3 } })
    .extract({
      left,
      top,
      width: Math.min(sheet.width, info.width - left),
      height: Math.min(sheet.height, info.height - top),
    })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { ...sheet, width: cut.info.width, height: cut.info.height, rgb: cut.data };
}

/** Grey, about 300 dpi, the paper brought to white: what readers of words like best. */
async function readingPicture(sheet: Picture, dpi: number): Promise<Uint8Array> {
  const target = Math.round(sheet.width * Math.min(2, Math.max(0.5, 300 / dpi)));
  const grey = greyOf(sheet);
  const ground = groundOf(grey);
  const even = new Uint8Array(grey.data.length);
  for (let y = 0; y < grey.height; y += 1) {
    const row = Math.min(ground.down - 1, Math.floor((y * ground.down) / grey.height)) * ground.across;
    for (let x = 0; x < grey.width; x += 1) {
      const paper =
        ground.cells[row + Math.min(ground.across - 1, Math.floor((x * ground.across) / grey.width))] || 255;
      even[y * grey.width + x] = Math.min(255, ((grey.data[y * grey.width + x] ?? 0) * 245) / paper);
    }
  }
  return sharp(even, { raw: { width: grey.width, height: grey.height, channels: 1 } })
    .resize({ width: target, kernel: 'cubic' })
    .jpeg({ quality: 92 })
    .toBuffer();
}

/** Long and short side in inches of the papers that are recognised by their shape alone: A4, A5, an identity card. */
const A4_LONG = 297 / 25.4;
const CARD_LONG = 85.6 / 25.4;

function scaleOf(sheet: Picture, flattened: boolean): { dpi: number; scale: Measures['scale'] } {
  const long = Math.max(sheet.width, sheet.height);
  const shape = long / Math.min(sheet.width, sheet.height);
  if (sheet.density !== undefined && !flattened) return { dpi: sheet.density, scale: 'file' };
  if (shape > 1.54 && shape < 1.65) return { dpi: long / CARD_LONG, scale: 'paper' };
  if (shape > 1.28 && shape < 1.54) return { dpi: long / A4_LONG, scale: 'paper' };
  return { dpi: long / A4_LONG, scale: 'assumed' };
}

function lightness(
  grey: ReturnType<typeof greyOf>,
  cells: Uint8Array,
): Pick<Measures, 'paper' | 'contrast' | 'burnt' | 'shadow'> {
  const counts = new Uint32Array(256);
  for (const value of grey.data) counts[value] = (counts[value] ?? 0) + 1;
  const total = grey.data.length;
  const paper = percentile(counts, total, 0.6);
  const inkLevel = percentile(counts, total, 0.008);
  const sorted = [...cells].sort((one, other) => one - other);
  const darkest = sorted[Math.floor(sorted.length * 0.04)] ?? 0;
  const lightest = sorted[Math.floor(sorted.length * 0.96)] ?? 255;
  return {
    paper,
    contrast: Math.max(0, paper - inkLevel),
    burnt: round((counts[255] ?? 0) / total),
    shadow: round(1 - darkest / Math.max(1, lightest)),
  };
}

/** Share of ink in the outermost hundredth of the page. */
function borderShare(ink: Uint8Array, width: number, height: number): number {
  const band = Math.max(2, Math.round(Math.min(width, height) * 0.008));
  let set = 0;
  let total = 0;
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      if (y >= band && y < height - band && x >= band && x < width - band) continue;
      total += 1;
      set += ink[y * width + x] ?? 0;
    }
  }
  return round(set / Math.max(1, total));
}

const round = (share: number): number => Math.round(share * 10_000) / 10_000;

/** The same in a killable child; a file that kills it is damaged. `busy` where the queue is full. */
export async function examineInChild(
  pool: KillablePool,
  input: ExamineInput,
): Promise<ExamineOutcome[] | 'busy'> {
  const task: KillableTask<ExamineInput, ExamineOutcome[]> = { module: import.meta.url, name: 'examineFile' };
  const outcome = await pool.run(task, input, {
    milliseconds: 20_000 + 10_000 * input.count,
    megabytes: 1200,
  });
  if (outcome.kind === 'done') return outcome.value;
  return outcome.kind === 'busy' ? 'busy' : [{ page: input.from, fault: 'damaged' }];
}
