// The bulk path: thousands of one-page PDF/A files of one layout, each signed. Everything that is equal in all of
// them (fonts, profile, page, field, fixed texts) is written and hashed once; per document only the fields, the
// metadata and the signature are made, and the digest continues from the state after the common part.
import { createHash, type Hash, randomBytes } from 'node:crypto';
import { embedFont } from '../pdf/embedded-font.ts';
import { FileWriter, xrefRow } from '../pdf/file-writer.ts';
import {
  type Attachment,
  type FontName,
  loadFont,
  type PageElement,
  PageElementError,
  PdfDict,
  type PdfRef,
} from '../pdf/index.ts';
import { deflated, drawElements, fontResource } from '../pdf/page-elements.ts';
import { attachmentEntries, creatorTool, fileSpecification, outputIntent } from '../pdf/pdfa.ts';
import { pdfDate, pdfDict, pdfName, pdfText, serialize } from '../pdf/serialize.ts';
import { escapeXml, writeXmp } from '../pdf/xmp.ts';
import { type BulkCms, createBulkCms } from './bulk-cms.ts';
import {
  bulkAlphabet,
  type Fields,
  fieldNames,
  fillTemplate,
  hasPlaceholder,
  parseTemplate,
  prepareElement,
} from './bulk-text.ts';
import { drawMark, type MarkRequest } from './mark-appearance.ts';
import { placeBox } from './mark-placement.ts';
import type { Signer } from './signer.ts';
import { SigningError } from './signing-error.ts';

export interface BulkLayout {
  /** With placeholders; the document's title in its metadata. */
  readonly title: string;
  /** Points. */
  readonly width: number;
  readonly height: number;
  /** Texts and QR codes may have `{placeholders}`; they are drawn above everything without. */
  readonly elements: readonly PageElement[];
  /** The same on every document: seal image, name of who signs. Its values hold no placeholders. */
  readonly mark?: MarkRequest;
  /** One attachment a document, with its bytes given per document; makes the files PDF/A-3b. */
  readonly attachment?: Omit<Attachment, 'bytes'>;
}

export interface BulkDocument {
  readonly fields: Fields;
  /** Written as dc:identifier when given. */
  readonly identifier?: string;
  readonly attachment?: Uint8Array;
}

export interface BulkTemplate {
  /** Names of the fields that each document must have. */
  readonly fieldNames: readonly string[];
  /**
   * The signed file. Runs in this thread and needs a signer with `signNow`.
   * @throws PageElementError when a field is missing or has a letter the fonts lack; SigningError from the key
   */
  sign(document: BulkDocument, time: Date): Buffer;
  /** The same for signers that answer later (tokens, remote services). */
  signLater(document: BulkDocument, time: Date): Promise<Buffer>;
}

/** @throws PageElementError, SigningError when the layout cannot be drawn */
export async function createBulkTemplate(layout: BulkLayout, signer: Signer): Promise<BulkTemplate> {
  const cms = createBulkCms(signer);
  const fixed = await writeFixedPart(layout);
  const state = createHash(signer.scheme.digest ?? 'sha256').update(fixed.bytes);
  const drawn = layout.elements.filter(hasPlaceholder).map(prepareElement);
  const title = parseTemplate(layout.title);
  const writeMetadata = prepareMetadata(layout);
  const shared = { layout, fixed, cms, state, name: signer.certificate.subject.commonName ?? '' };

  const open = (document: BulkDocument, time: Date): OpenFile => {
    if (time < signer.certificate.notBefore || time > signer.certificate.notAfter) {
      throw new SigningError(
        'certificate-not-valid',
        "The signer's certificate is not valid at this time. Use a valid one.",
      );
    }
    const content = drawn.map((draw) => draw(document.fields)).join('\n');
    const metadata = writeMetadata({
      title: fillTemplate(title, document.fields),
      identifier: document.identifier,
      time,
    });
    return openFile(shared, { content, metadata, time, attachment: document.attachment });
  };
  return {
    fieldNames: [...new Set([layout.title, ...textsOf(layout.elements)].flatMap(fieldNames))],
    sign: (document, time) => {
      if (signer.signNow === undefined) {
        throw new SigningError('signer-unavailable', 'This key signs elsewhere: use signLater.');
      }
      const file = open(document, time);
      return close(cms, file, signer.signNow(cms.signedAttributes(file.messageDigest)));
    },
    signLater: async (document, time) => {
      const file = open(document, time);
      // A copy: the attributes' buffer is shared by all documents.
      const toSign = Buffer.from(cms.signedAttributes(file.messageDigest));
      return close(cms, file, await signer.sign(toSign));
    },
  };
}

interface FixedPart {
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

async function writeFixedPart(layout: BulkLayout): Promise<FixedPart> {
  const writer = new FileWriter();
  const [catalog, pages, page, field] = [
    writer.reserve(),
    writer.reserve(),
    writer.reserve(),
    writer.reserve(),
  ];
  const fonts = [
    ...new Set(
      layout.elements.flatMap((element): FontName[] => (element.kind === 'text' ? [element.font] : [])),
    ),
  ];
  const fontEntries = fonts.map((name): [string, PdfRef] => [
    fontResource(name),
    embedFont(writer, loadFont(name), [bulkAlphabet]),
  ]);
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

type Metadata = (about: {
  readonly title: string;
  readonly identifier?: string;
  readonly time: Date;
}) => Buffer;

// The packet is written once around marks that cannot occur in it, then cut at them.
function prepareMetadata(layout: BulkLayout): Metadata {
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

interface Shared {
  readonly layout: BulkLayout;
  readonly fixed: FixedPart;
  readonly cms: BulkCms;
  readonly state: Hash;
  readonly name: string;
}

interface OpenFile {
  readonly bytes: Buffer;
  /** Offset of the first hexadecimal digit of the gap. */
  readonly gap: number;
  readonly messageDigest: Buffer;
}

function openFile(
  { layout, fixed, cms, state, name }: Shared,
  document: {
    readonly content: string;
    readonly metadata: Buffer;
    readonly time: Date;
    readonly attachment?: Uint8Array;
  },
): OpenFile {
  const { numbers } = fixed;
  const file = attachmentObject(layout, {
    number: numbers.file,
    bytes: document.attachment,
    time: document.time,
  });
  const content = `${numbers.content} 0 obj\n<</Length ${document.content.length}>>\nstream\n${document.content}\nendstream\nendobj\n`;
  const metadataHead = `${numbers.metadata} 0 obj\n<</Type/Metadata/Subtype/XML/Length ${document.metadata.length}>>\nstream\n`;
  const start = fixed.bytes.length;
  const fileAt = start + content.length;
  const metadataAt = fileAt + file.length;
  const signatureAt = metadataAt + metadataHead.length + document.metadata.length + streamEnd.length;
  const signatureHead = `${numbers.signature} 0 obj\n<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/Name ${serialize(pdfText(name))}/M ${serialize(pdfDate(document.time))}/ByteRange `;
  const gapOpen = signatureAt + signatureHead.length + rangeWidth + 10;
  const gapClose = gapOpen + 2 + cms.maximumLength * 2;
  const xrefAt = gapClose + signatureEnd.length;
  const dynamic: [number, number][] = [
    [numbers.content, start],
    [numbers.metadata, metadataAt],
    [numbers.signature, signatureAt],
  ];
  if (numbers.file !== undefined) dynamic.push([numbers.file, fileAt]);
  const rows = dynamic.map(([num, offset]) => `${num} 1\n${xrefRow(offset)}`).join('');
  const id = randomBytes(16).toString('hex');
  const tail = `${signatureEnd}xref\n${fixed.rows}${rows}trailer\n<</Size ${fixed.size}/Root ${fixed.root.num} 0 R/ID[<${id}><${id}>]>>\nstartxref\n${xrefAt}\n%%EOF\n`;
  const total = gapClose + tail.length;
  const range = `[0 ${gapOpen} ${gapClose} ${total - gapClose}]`.padEnd(rangeWidth);

  const bytes = Buffer.allocUnsafe(total);
  fixed.bytes.copy(bytes);
  bytes.write(content, start, 'latin1');
  file.copy(bytes, fileAt);
  bytes.write(metadataHead, metadataAt, 'latin1');
  document.metadata.copy(bytes, metadataAt + metadataHead.length);
  bytes.write(`${streamEnd}${signatureHead}${range}/Contents <`, signatureAt - streamEnd.length, 'latin1');
  bytes.write(`>${tail}`, gapClose - 1, 'latin1');
  const messageDigest = state
    .copy()
    .update(bytes.subarray(start, gapOpen))
    .update(bytes.subarray(gapClose))
    .digest();
  return { bytes, gap: gapOpen + 1, messageDigest };
}

const streamEnd = '\nendstream\nendobj\n';
const signatureEnd = '>>\nendobj\n';
const rangeWidth = 48;

function close(cms: BulkCms, { bytes, gap, messageDigest }: OpenFile, signature: Uint8Array): Buffer {
  const end = cms.write(bytes, gap, { messageDigest, signature });
  bytes.fill(0x30, end, gap + cms.maximumLength * 2);
  return bytes;
}

function attachmentObject(
  layout: BulkLayout,
  about: { readonly number?: number; readonly bytes?: Uint8Array; readonly time: Date },
): Buffer {
  if (layout.attachment === undefined || about.number === undefined) return Buffer.alloc(0);
  if (about.bytes === undefined)
    throw new PageElementError('The template has an attachment and the document gives none.');
  const dict = serialize(
    pdfDict({
      Type: pdfName('EmbeddedFile'),
      Subtype: pdfName(layout.attachment.mimeType),
      Params: pdfDict({ Size: about.bytes.length, ModDate: pdfDate(about.time) }),
      Length: about.bytes.length,
    }),
  );
  return Buffer.concat([
    Buffer.from(`${about.number} 0 obj\n${dict}\nstream\n`),
    about.bytes,
    Buffer.from(streamEnd),
  ]);
}

function textsOf(elements: readonly PageElement[]): string[] {
  return elements.flatMap((element) =>
    element.kind === 'text' || element.kind === 'qr' ? [element.text] : [],
  );
}
