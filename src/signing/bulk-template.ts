// The bulk path: thousands of one-page PDF/A files of one layout, each signed. Everything that is equal in all of
// them (fonts, profile, page, field, fixed texts) is written and hashed once; per document only the fields, the
// metadata and the signature are made, and the digest continues from the state after the common part.
import { createHash, type Hash, randomBytes } from 'node:crypto';
import { xrefRow } from '../pdf/file-writer.ts';
import type { PageElement } from '../pdf/index.ts';
import { PageElementError } from '../pdf/index.ts';
import { pdfDate, pdfDict, pdfName, pdfText, serialize } from '../pdf/serialize.ts';
import { type BulkCms, createBulkCms } from './bulk-cms.ts';
import { type BulkLayout, type FixedPart, prepareMetadata, writeFixedPart } from './bulk-fixed-part.ts';
import {
  type Fields,
  fieldNames,
  fillTemplate,
  hasPlaceholder,
  parseTemplate,
  prepareElement,
} from './bulk-text.ts';
import type { Signer } from './signer.ts';
import { SigningError } from './signing-error.ts';

export type { BulkLayout } from './bulk-fixed-part.ts';

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
  const shared = {
    layout,
    fixed,
    cms,
    state,
    name: serialize(pdfText(signer.certificate.subject.commonName ?? '')),
  };

  const open = (document: BulkDocument, time: Date): OpenFile => {
    if (time < signer.certificate.notBefore || time > signer.certificate.notAfter) {
      throw new SigningError(
        'certificate-not-valid',
        "The signer's certificate is not valid at this time. Use a valid one.",
      );
    }
    const content = drawn
      .map((draw) => draw(document.fields))
      .filter((operators) => operators !== '')
      .join('\n');
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

interface Shared {
  readonly layout: BulkLayout;
  readonly fixed: FixedPart;
  readonly cms: BulkCms;
  readonly state: Hash;
  /** The signer's name as a PDF string. */
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
  const signatureHead = `${numbers.signature} 0 obj\n<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/Name ${name}/M ${serialize(pdfDate(document.time))}/ByteRange `;
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
  const id = nextIdentifier();
  const tail = `${signatureEnd}xref\n${fixed.rows}${rows}trailer\n<</Size ${fixed.size}/Root ${fixed.root.num} 0 R/ID[<${id}><${id}>]>>\nstartxref\n${xrefAt}\n%%EOF\n`;
  const total = gapClose + tail.length;
  const range = `[0 ${gapOpen} ${gapClose} ${total - gapClose}]`.padEnd(rangeWidth);

  const bytes = nextBuffer(total);
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

let slab = Buffer.alloc(0);
let slabUsed = 0;
const slabLength = 512 * 1024;

// Files are cut from slabs: an allocation a file makes the collector cost more than the digest. A file that is kept
// keeps its slab, a dozen neighbours at most.
function nextBuffer(length: number): Buffer {
  if (length > slabLength / 4) return Buffer.allocUnsafe(length);
  if (slabUsed + length > slab.length) {
    slab = Buffer.allocUnsafeSlow(slabLength);
    slabUsed = 0;
  }
  slabUsed += length;
  return slab.subarray(slabUsed - length, slabUsed);
}

let identifiers = '';

// Random bytes are drawn for many files at once: one draw costs as much as all else in the trailer.
function nextIdentifier(): string {
  if (identifiers.length < 32) identifiers = randomBytes(4096).toString('hex');
  const next = identifiers.slice(0, 32);
  identifiers = identifiers.slice(32);
  return next;
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
