/** Reads from a PDF what an issued file is compared by: the drawing of its pages and its attachment. Hostile input. */
import {
  isArray,
  openPdf,
  PdfDict,
  PdfStream,
  PdfString,
  type Revision,
  readPages,
  textOf,
} from '../pdf/index.ts';

/** What each page draws, decoded: its content streams joined, with the text codes of its fonts. */
export function drawnPages(bytes: Uint8Array): Buffer[] {
  const revision = openPdf(bytes).last;
  return readPages(revision).map(({ dict }) => {
    const contents = revision.resolve(dict.get('Contents'));
    const streams = isArray(contents) ? contents.map((each) => revision.resolve(each)) : [contents];
    // Streams are joined as a reader joins them: with white space between (ISO 32000-2 §7.8.2).
    const parts = streams.flatMap((each) => (each instanceof PdfStream ? [revision.decode(each)] : []));
    return Buffer.concat(parts.flatMap((part, index) => (index === 0 ? [part] : [newLine, part])));
  });
}

const newLine = Buffer.from('\n');

/** The bytes of the attachment of that name, from the catalogue's associated files (ISO 19005-3 §6.8). */
export function firstAttachment(bytes: Uint8Array, name: string): Uint8Array | undefined {
  const revision = openPdf(bytes).last;
  const files = revision.resolve(revision.catalog.get('AF'));
  if (!isArray(files)) return undefined;
  for (const each of files) {
    const file = revision.resolve(each);
    if (file instanceof PdfDict && nameOf(revision, file) === name) return streamOf(revision, file);
  }
  return undefined;
}

function nameOf(revision: Revision, file: PdfDict): string | undefined {
  const name = revision.resolve(file.get('UF'));
  return name instanceof PdfString ? textOf(name) : undefined;
}

function streamOf(revision: Revision, file: PdfDict): Uint8Array | undefined {
  const embedded = revision.resolve(file.get('EF'));
  const stream = embedded instanceof PdfDict ? revision.resolve(embedded.get('F')) : null;
  return stream instanceof PdfStream ? revision.decode(stream) : undefined;
}
