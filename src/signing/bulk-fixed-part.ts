// What all bulk files of one layout share, written once: fonts cut to the alphabet, colour profile, page, signature
// field, fixed texts, and the metadata packet cut open where documents differ.
import { embedFont } from '../pdf/embedded-font.ts';
import { FileWriter, xrefRow } from '../pdf/file-writer.ts';
import {
  type Attachment,
  type FontName,
  loadFont,
  type PageElement,
  PdfDict,
  type PdfRef,
} from '../pdf/index.ts';
import { deflated, drawElements, fontResource, textsByFont } from '../pdf/page-elements.ts';
import { attachmentEntries, creatorTool, fileSpecification, outputIntent } from '../pdf/pdfa.ts';
import { pdfDict, pdfName, pdfText } from '../pdf/serialize.ts';
import { escapeXml, writeXmp } from '../pdf/xmp.ts';
import { type BulkElement, bulkAlphabet, hasPlaceholder } from './bulk-text.ts';
import { drawMark, type MarkRequest } from './mark-appearance.ts';
import { placeBox } from './mark-placement.ts';

export interface BulkLayout {
  /** With placeholders; the document's title in its metadata. */
  readonly title: string;
  /** Points. */
  readonly width: number;
  readonly height: number;
  /** Texts and QR codes may have `{placeholders}`; they are drawn above everything without. */
  readonly elements: readonly BulkElement[];
  /** The same on every document: seal image, name of who signs. Its values hold no placeholders. */
  readonly mark?: MarkRequest;
  /** One attachment a document, with its bytes given per document; makes the files PDF/A-3b. */
  readonly attachment?: Omit<Attachment, 'bytes'>;
}

export interface FixedPart {
  /** Header and all objects that are equal in every file. */
  readonly bytes: Buffer;
  /** Cross-reference rows of those objects. */
  readonly rows: string;
  readonly root: PdfRef;
  /** Numbers of the objects written per document. */
  readonly numbers: {
    readonly content: number;
    readonly metadata: number;
    readonly signature: number;
    readonly file?: number;
  };
  readonly size: number;
}

/** Writes the part that all files of a layout share. @throws PageElementError, SigningError */
export async function writeFixedPart(layout: BulkLayout): Promise<FixedPart> {
  const writer = new FileWriter();
  const [catalog, pages, page, field] = [
    writer.reserve(),
    writer.reserve(),
    writer.reserve(),
    writer.reserve(),
  ];
  const fontEntries = lettersByFont(layout.elements).map(([name, texts]): [string, PdfRef] => {
    return [fontResource(name), embedFont(writer, loadFont(name), texts)];
  });
  const resources = { images: [] as PdfRef[] };
  const still = drawElements(
    layout.elements.filter((element) => !hasPlaceholder(element)),
    writer,
    resources,
  );
  const background = writer.addStream({ Filter: pdfName('FlateDecode') }, deflated(still));
  const mark = layout.mark === undefined ? undefined : await drawMark(layout.mark);
  const rect =
    mark === undefined || layout.mark === undefined
      ? [0, 0, 0, 0]
      : placeBox(layout, { profile: layout.mark.profile, size: mark });
  const appearance = mark?.write(writer, [1, 0, 0, 1, 0, 0]);
  const intent = outputIntent(writer);
  const file = layout.attachment === undefined ? undefined : writer.reserve();
  const specification =
    layout.attachment === undefined || file === undefined
      ? []
      : [writer.add(fileSpecification(layout.attachment, file))];
  const [content, metadata, signature] = [writer.reserve(), writer.reserve(), writer.reserve()];
  const attached = layout.attachment === undefined ? [] : [layout.attachment];
  writer.put(
    catalog,
    pdfDict({
      Type: pdfName('Catalog'),
      Pages: pages,
      Lang: pdfText('vi-VN'),
      Metadata: metadata,
      OutputIntents: [intent],
      AcroForm: pdfDict({ Fields: [field], SigFlags: 3 }),
      ...attachmentEntries(attached, specification),
    }),
  );
  writer.put(pages, pdfDict({ Type: pdfName('Pages'), Kids: [page], Count: 1 }));
  writer.put(
    page,
    pdfDict({
      Type: pdfName('Page'),
      Parent: pages,
      MediaBox: [0, 0, layout.width, layout.height],
      Resources: pdfDict({
        Font: new PdfDict(new Map(fontEntries)),
        XObject: pdfDict(Object.fromEntries(resources.images.map((ref, index) => [`Im${index}`, ref]))),
      }),
      Contents: [background, content],
      Annots: [field],
    }),
  );
  writer.put(
    field,
    pdfDict({
      Type: pdfName('Annot'),
      Subtype: pdfName('Widget'),
      FT: pdfName('Sig'),
      T: pdfText('Signature'),
      V: signature,
      F: 132,
      Rect: rect,
      P: page,
      AP: appearance === undefined ? undefined : pdfDict({ N: appearance }),
    }),
  );
  const { bytes, offsets } = writer.layOut();
  const numbers = { content: content.num, metadata: metadata.num, signature: signature.num, file: file?.num };
  const dynamic = new Set<number | undefined>(Object.values(numbers));
  const fixedNumbers = Array.from({ length: writer.size - 1 }, (_, index) => index + 1).filter(
    (num) => !dynamic.has(num),
  );
  return { bytes, rows: groupRows(fixedNumbers, offsets), root: catalog, numbers, size: writer.size };
}

// A font that only fixed texts use carries only their letters.
function lettersByFont(elements: readonly PageElement[]): [FontName, readonly string[]][] {
  const changing = new Set(
    elements.flatMap((each) => (each.kind === 'text' && hasPlaceholder(each) ? [each.font] : [])),
  );
  return [...textsByFont(elements)].map(([name, texts]) => [
    name,
    changing.has(name) ? [bulkAlphabet, ...texts] : texts,
  ]);
}

// Subsections of consecutive numbers, the head of the free list first.
function groupRows(numbers: readonly number[], offsets: ReadonlyMap<number, number>): string {
  const runs: number[][] = [];
  for (const num of numbers) {
    const run = runs.at(-1);
    if (run !== undefined && (run.at(-1) ?? -1) + 1 === num) run.push(num);
    else runs.push([num]);
  }
  const sections = runs.map(
    (run) => `${run[0]} ${run.length}\n${run.map((num) => xrefRow(offsets.get(num))).join('')}`,
  );
  return `0 1\n0000000000 65535 f \n${sections.join('')}`;
}

export type Metadata = (about: {
  readonly title: string;
  readonly identifier?: string;
  readonly time: Date;
}) => Buffer;

// The packet is written once around marks that cannot occur in it, then cut at them.
export function prepareMetadata(layout: BulkLayout): Metadata {
  const [title, identifier] = ['@@title@@', '@@identifier@@'];
  const part = layout.attachment === undefined ? 2 : 3;
  const created = new Date('2001-01-01T00:00:00Z');
  const packet = writeXmp({ title, identifier, language: 'vi-VN', created, creatorTool, part });
  const element = `<dc:identifier>${identifier}</dc:identifier>`;
  const [head = '', rest = ''] = packet.split(title);
  const [middle = '', tail = ''] = rest.split(element);
  const dates = tail.split('2001-01-01T00:00:00Z');
  return ({ title: filled, identifier: given, time }) => {
    const date = `${time.toISOString().slice(0, 19)}Z`;
    const named = given === undefined ? '' : `<dc:identifier>${escapeXml(given)}</dc:identifier>`;
    return Buffer.from(`${head}${escapeXml(filled)}${middle}${named}${dates.join(date)}`, 'utf8');
  };
}
