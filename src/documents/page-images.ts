/**
 * Page images to one PDF: a JPEG goes in exactly as the camera gave it, PNG and TIFF without loss. Runs in a killable
 * child, since a picture from outside may be a bomb.
 */
import { PDFDocument } from 'pdf-lib';
import sharp, { type Metadata } from 'sharp';
import { fileKind } from './file-kind.ts';

export interface PageImagesInput {
  readonly files: readonly Uint8Array[];
  /** Pages at most, TIFF pages counted one by one. */
  readonly maxPages: number;
  readonly maxPixels: number;
}

export type PageImagesResult =
  | { readonly made: true; readonly pdf: Uint8Array; readonly pages: number }
  | {
      readonly made: false;
      readonly file: number;
      readonly reason: 'damaged' | 'too-many-pixels' | 'too-small' | 'too-many-pages' | 'animated';
    };

const POINTS_PER_INCH = 72;
/** What a picture without a resolution is taken for: a phone's photo of an A4 page. */
const ASSUMED_DPI = 200;

/** Never throws on any input. */
export async function buildPdfOfImages(input: PageImagesInput): Promise<PageImagesResult> {
  const pdf = await PDFDocument.create({ updateMetadata: false });
  let pages = 0;
  for (const [file, bytes] of input.files.entries()) {
    const refused = (reason: Extract<PageImagesResult, { made: false }>['reason']): PageImagesResult => ({
      made: false,
      file,
      reason,
    });
    try {
      const facts = await sharp(bytes, { limitInputPixels: input.maxPixels, failOn: 'error' }).metadata();
      if (facts.width * facts.height > input.maxPixels) return refused('too-many-pixels');
      if (Math.min(facts.width, facts.height) < 200) return refused('too-small');
      const count = facts.pages ?? 1;
      const kind = fileKind(bytes);
      if (count > 1 && kind !== 'tiff') return refused('animated');
      for (let page = 0; page < count; page += 1) {
        pages += 1;
        if (pages > input.maxPages) return refused('too-many-pages');
        await addPage(pdf, bytes, { page, count, kind, facts, maxPixels: input.maxPixels });
      }
    } catch (error) {
      return refused(
        error instanceof Error && /pixel limit/i.test(error.message) ? 'too-many-pixels' : 'damaged',
      );
    }
  }
  return { made: true, pdf: await pdf.save({ useObjectStreams: false }), pages };
}

async function addPage(
  pdf: PDFDocument,
  bytes: Uint8Array,
  at: { page: number; count: number; kind: string; facts: Metadata; maxPixels: number },
): Promise<void> {
  const { facts } = at;
  const upright = (facts.orientation ?? 1) === 1;
  // A JPEG in RGB or grey that stands upright is embedded unchanged; decoding it checks it to its last row.
  if (at.kind === 'jpeg' && facts.space !== 'cmyk') {
    await sharp(bytes, { limitInputPixels: at.maxPixels, failOn: 'error' }).stats();
    const image = await pdf.embedJpg(new Uint8Array(bytes));
    place(pdf, image, facts, upright ? 1 : (facts.orientation ?? 1));
    return;
  }
  const source = sharp(bytes, { page: at.page, limitInputPixels: at.maxPixels, failOn: 'error' })
    .rotate()
    .toColourspace('srgb');
  const png = await source.png({ compressionLevel: 6 }).toBuffer();
  place(pdf, await pdf.embedPng(new Uint8Array(png)), facts, 1);
}

/** EXIF orientation is kept as the page's rotation: the bytes of the picture are not touched. */
function place(
  pdf: PDFDocument,
  image: Awaited<ReturnType<PDFDocument['embedJpg']>>,
  facts: Metadata,
  orientation: number,
): void {
  const density = facts.density && facts.density >= 72 ? facts.density : ASSUMED_DPI;
  const scale = POINTS_PER_INCH / (density <= 96 ? ASSUMED_DPI : density);
  const [width, height] = [image.width * scale, image.height * scale];
  const page = pdf.addPage([width, height]);
  page.drawImage(image, { x: 0, y: 0, width, height });
  const turn = { 3: 180, 6: 90, 8: 270 }[orientation] ?? 0;
  if (turn !== 0)
    page.setRotation({ type: 'degrees', angle: turn } as Parameters<typeof page.setRotation>[0]);
}
