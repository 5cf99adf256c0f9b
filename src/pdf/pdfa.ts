/**
 * Makes PDF/A files: 2b, and 3b when something is attached (ISO 19005-2, ISO 19005-3). Everything is embedded, colours
 * mean sRGB, metadata is XMP alone (an Info dictionary would only repeat it). They stay PDF/A after signing, since
 * marks embed their fonts too.
 */
import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { embedFont, loadFont } from './embedded-font.ts';
import { FileWriter } from './file-writer.ts';
import { srgbProfile } from './icc.ts';
import { readJpegFrame } from './jpeg.ts';
import type { PdfObject, PdfRef } from './objects.ts';
import {
  deflated,
  drawElements,
  fontResource,
  type PageElement,
  PageElementError,
  textsByFont,
} from './page-elements.ts';
import { pdfDate, pdfDict, pdfName, pdfText } from './serialize.ts';
import { writeXmp } from './xmp.ts';

export interface PdfaPage {
  /** Points. */
  readonly width: number;
  readonly height: number;
  readonly elements: readonly PageElement[];
}

export interface Attachment {
  readonly name: string;
  readonly mimeType: string;
  readonly bytes: Uint8Array;
  readonly description?: string;
  /** What it is to the page (ISO 32000-2 §7.9.4.2): `Data` is where the page comes from. */
  readonly relationship: 'Source' | 'Data' | 'Alternative' | 'Supplement' | 'Unspecified';
}

export interface PdfaRequest {
  readonly title: string;
  readonly created: Date;
  readonly pages: readonly PdfaPage[];
  readonly attachments?: readonly Attachment[];
  /** BCP 47. Default `vi-VN`. */
  readonly language?: string;
  readonly identifier?: string;
}

/** Name of the tool in the metadata. */
export const creatorTool = 'Một Lần';

/** The same request gives the same bytes. @throws PageElementError for letters or pictures that cannot be embedded */
export function buildPdfa(request: PdfaRequest): Buffer {
  const writer = new FileWriter();
  const language = request.language ?? 'vi-VN';
  const attachments = request.attachments ?? [];
  const catalog = writer.reserve();
  const pages = writer.reserve();
  const all = request.pages.flatMap(({ elements }) => elements);
  const fonts = Object.fromEntries(
    [...textsByFont(all)].map(([name, texts]) => [
      fontResource(name),
      embedFont(writer, loadFont(name), texts),
    ]),
  );
  const kids = request.pages.map((page) => writePage(writer, page, { pages, fonts }));
  writer.put(pages, pdfDict({ Type: pdfName('Pages'), Kids: kids, Count: kids.length }));
  const packet = writeXmp({
    title: request.title,
    language,
    created: request.created,
    creatorTool,
    part: attachments.length > 0 ? 3 : 2,
    identifier: request.identifier,
  });
  const metadata = writer.addStream(
    { Type: pdfName('Metadata'), Subtype: pdfName('XML') },
    Buffer.from(packet, 'utf8'),
  );
  const files = attachments.map((attachment) => writeAttachment(writer, attachment, request.created));
  writer.put(
    catalog,
    pdfDict({
      Type: pdfName('Catalog'),
      Pages: pages,
      Lang: pdfText(language),
      Metadata: metadata,
      OutputIntents: [outputIntent(writer)],
      ...attachmentEntries(attachments, files),
    }),
  );
  const body = createHash('sha256').update(writer.layOut().bytes).digest();
  return writer.finish(catalog, body.subarray(0, 16));
}

/** Scanned pages as PDF/A: each JPEG unchanged, at its resolution. @throws PageElementError */
export function buildScanPdfa(request: {
  readonly title: string;
  readonly created: Date;
  readonly images: readonly Uint8Array[];
  /** Dots per inch of the scans. */
  readonly resolution: number;
}): Buffer {
  const pages = request.images.map((bytes): PdfaPage => {
    const frame = readJpegFrame(bytes);
    if (frame === undefined || frame.width === 0 || frame.height === 0) {
      throw new PageElementError('A scanned page is not a JPEG. Convert it first.');
    }
    const width = (frame.width * 72) / request.resolution;
    const height = (frame.height * 72) / request.resolution;
    return { width, height, elements: [{ kind: 'jpeg', bytes, x: 0, y: 0, width, height }] };
  });
  return buildPdfa({ title: request.title, created: request.created, pages });
}

/** The output intent with its profile: what the colours of the file mean. */
export function outputIntent(writer: FileWriter): PdfRef {
  const profile = writer.addStream({ N: 3, Filter: pdfName('FlateDecode') }, deflateSync(srgbProfile()));
  return writer.add(
    pdfDict({
      Type: pdfName('OutputIntent'),
      S: pdfName('GTS_PDFA1'),
      OutputConditionIdentifier: pdfText('sRGB'),
      Info: pdfText('sRGB IEC61966-2.1'),
      DestOutputProfile: profile,
    }),
  );
}

/** Catalogue entries that list attachments. */
export function attachmentEntries(
  attachments: readonly Pick<Attachment, 'name'>[],
  files: readonly PdfRef[],
) {
  if (files.length === 0) return {};
  const pairs = files.map((ref, index): [string, PdfRef] => [attachments[index]?.name ?? '', ref]);
  const names = pairs
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .flatMap(([name, ref]) => [pdfText(name), ref]);
  return { AF: files, Names: pdfDict({ EmbeddedFiles: pdfDict({ Names: names }) }) };
}

/** The file specification of an attachment whose stream is `file`. */
export function fileSpecification(attachment: Omit<Attachment, 'bytes'>, file: PdfRef): PdfObject {
  return pdfDict({
    Type: pdfName('Filespec'),
    F: pdfText(attachment.name),
    UF: pdfText(attachment.name),
    Desc: attachment.description === undefined ? undefined : pdfText(attachment.description),
    AFRelationship: pdfName(attachment.relationship),
    EF: pdfDict({ F: file, UF: file }),
  });
}

function writeAttachment(writer: FileWriter, attachment: Attachment, created: Date): PdfRef {
  const file = writer.addStream(
    {
      Type: pdfName('EmbeddedFile'),
      Subtype: pdfName(attachment.mimeType),
      Params: pdfDict({ Size: attachment.bytes.length, ModDate: pdfDate(created) }),
      Filter: pdfName('FlateDecode'),
    },
    deflateSync(attachment.bytes),
  );
  return writer.add(fileSpecification(attachment, file));
}

function writePage(
  writer: FileWriter,
  page: PdfaPage,
  shared: { readonly pages: PdfRef; readonly fonts: Readonly<Record<string, PdfRef>> },
): PdfRef {
  const resources = { images: [] as PdfRef[] };
  const content = drawElements(page.elements, writer, resources);
  const stream = writer.addStream({ Filter: pdfName('FlateDecode') }, deflated(content));
  const images = Object.fromEntries(resources.images.map((ref, index) => [`Im${index}`, ref]));
  return writer.add(
    pdfDict({
      Type: pdfName('Page'),
      Parent: shared.pages,
      MediaBox: [0, 0, page.width, page.height],
      Resources: pdfDict({ Font: pdfDict(shared.fonts), XObject: pdfDict(images) }),
      Contents: stream,
    }),
  );
}
