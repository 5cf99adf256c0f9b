/**
 * Signs hand-built PDFs with every knob within reach: locks, certifications, timestamps, broken parts. Independent
 * of the product's own PDF writer, so that the two cannot share a mistake.
 */
import { createHash } from 'node:crypto';
import { readTimestampReply, writeTimestampRequest } from '../../src/asn1/index.ts';
import { createCmsTemplate, signatureTimestampAttribute } from '../../src/signing/cms-writer.ts';
import type { Signer } from '../../src/signing/index.ts';
import { appendRevision, type BuiltObject, streamBody } from './pdf-builder.ts';
import type { TestPki } from './pki.ts';

/** Object numbers of the document that all tests start from. */
export const DOC = {
  catalog: 1,
  pages: 2,
  page1: 3,
  page2: 4,
  content1: 5,
  font: 6,
  image: 7,
  content2: 8,
  form: 10,
  textField: 11,
  comment: 12,
  appearance: 13,
  spareContent: 14,
  spareFont: 15,
  signature: 50,
  field: 51,
} as const;

const FONT = '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>';

export const bodies = {
  catalog: (extra = '') => `<< /Type /Catalog /Pages 2 0 R /AcroForm 10 0 R ${extra} >>`,
  page1: (annots = '11 0 R 12 0 R', extra = '') =>
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R /Resources << /Font << /F1 6 0 R >> /XObject << /Im 7 0 R >> >> /Annots [${annots}] ${extra} >>`,
  form: (fields = '11 0 R', extra = '') =>
    `<< /Fields [${fields}] /DA (/Helv 0 Tf 0 g) /DR << /Font << /Helv 6 0 R >> >> ${extra} >>`,
  textField: (value = '100', extra = '/AP << /N 13 0 R >>') =>
    `<< /Type /Annot /Subtype /Widget /FT /Tx /T (Amount) /V (${value}) /DA (/Helv 12 Tf 0 g) /Rect [50 600 250 620] /F 4 /P 3 0 R ${extra} >>`,
  comment: (text = 'seen') =>
    `<< /Type /Annot /Subtype /Text /Contents (${text}) /Rect [300 700 320 720] /F 4 /P 3 0 R >>`,
  appearance: (text = '100') =>
    streamBody('/Type /XObject /Subtype /Form /BBox [0 0 200 20]', `BT (${text}) Tj ET`),
};

/**
 * Two pages, a font, an image, a filled text field with its appearance, a comment, and spare objects to attack with.
 * @param value of the text field; its appearance shows 100.
 */
export function document(value = '100'): Buffer {
  return appendRevision(new Uint8Array(0), [
    { num: DOC.catalog, body: bodies.catalog() },
    { num: DOC.pages, body: '<< /Type /Pages /Kids [3 0 R 4 0 R] /Count 2 >>' },
    { num: DOC.page1, body: bodies.page1() },
    {
      num: DOC.page2,
      body: '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 8 0 R /Resources << >> >>',
    },
    { num: DOC.content1, body: streamBody('', 'BT /F1 12 Tf 50 700 Td (Pay 100) Tj ET /Im Do') },
    { num: DOC.font, body: FONT },
    { num: DOC.image, body: streamBody('/Type /XObject /Subtype /Form /BBox [0 0 10 10]', '0 0 10 10 re f') },
    { num: DOC.content2, body: streamBody('', 'BT (two) Tj ET') },
    { num: DOC.form, body: bodies.form() },
    { num: DOC.textField, body: bodies.textField(value) },
    { num: DOC.comment, body: bodies.comment() },
    { num: DOC.appearance, body: bodies.appearance() },
    { num: DOC.spareContent, body: streamBody('', 'BT /F1 12 Tf 50 700 Td (Pay 900) Tj ET') },
    { num: DOC.spareFont, body: '<< /Type /Font /Subtype /Type1 /BaseFont /Symbol >>' },
  ]);
}

export interface SignatureRequest {
  readonly signer: Signer;
  readonly pki?: TestPki;
  /** Object number of the signature dictionary; the field is the next one. */
  readonly num?: number;
  readonly name?: string;
  /** Further entries of the signature dictionary, e.g. `/Reference`. */
  readonly entries?: string;
  readonly fieldEntries?: string;
  /** Further entries of the catalogue. */
  readonly catalog?: string;
  readonly subFilter?: string;
  readonly timestamp?: boolean;
  /** Fields and annotations already there, as references. */
  readonly others?: string;
  readonly annots?: string;
  readonly objects?: readonly BuiltObject[];
  /** Makes the signature value over the signed attributes wrong. */
  readonly spoil?: boolean;
  /** Replaces the timestamp token. */
  readonly token?: Uint8Array;
  /** Takes the place of the CMS. */
  readonly cms?: (digest: Buffer, data: Buffer) => Promise<Uint8Array> | Uint8Array;
  /** Changes the ByteRange before it is written and signed. */
  readonly range?: (range: [number, number, number, number]) => readonly number[];
}

const ROOM = 12_000;
const WIDTH = 10;

/** Adds a signature field with its signature as one revision. */
export async function signPdf(previous: Uint8Array, request: SignatureRequest): Promise<Buffer> {
  const num = request.num ?? DOC.signature;
  const isStamp = request.subFilter === 'ETSI.RFC3161';
  const annots = request.annots ?? request.others ?? '11 0 R 12 0 R';
  const placeholder = `/ByteRange [0 ${'0'.repeat(WIDTH)} ${'0'.repeat(WIDTH)} ${'0'.repeat(WIDTH)}]`;
  const unsigned = appendRevision(previous, [
    { num: DOC.catalog, body: bodies.catalog(request.catalog) },
    { num: DOC.form, body: bodies.form(`${request.others ?? '11 0 R'} ${num + 1} 0 R`, '/SigFlags 3') },
    { num: DOC.page1, body: bodies.page1(`${annots} ${num + 1} 0 R`) },
    {
      num: num + 1,
      body: `<< /Type /Annot /Subtype /Widget /FT /Sig /T (${request.name ?? 'Sig'}) /V ${num} 0 R /Rect [0 0 0 0] /F 132 /P 3 0 R ${request.fieldEntries ?? ''} >>`,
    },
    {
      num,
      body: `<< /Type /${isStamp ? 'DocTimeStamp' : 'Sig'} /Filter /Adobe.PPKLite /SubFilter /${request.subFilter ?? 'ETSI.CAdES.detached'} ${placeholder} /Contents <${'0'.repeat(ROOM)}> ${request.entries ?? ''} >>`,
    },
    ...(request.objects ?? []),
  ]);
  const rangeAt = unsigned.indexOf(placeholder, previous.length, 'latin1');
  const gapStart = unsigned.indexOf(`/Contents <${'0'.repeat(100)}`, rangeAt, 'latin1') + '/Contents '.length;
  const gapEnd = gapStart + ROOM + 2;
  const honest: [number, number, number, number] = [0, gapStart, gapEnd, unsigned.length - gapEnd];
  const range = request.range?.(honest) ?? honest;
  const written = `/ByteRange [${range.map((n, i) => (i === 0 ? String(n) : String(n).padStart(WIDTH, '0'))).join(' ')}]`;
  unsigned.write(written.padEnd(placeholder.length), rangeAt, 'latin1');
  const data = Buffer.concat([
    unsigned.subarray(range[0], (range[0] ?? 0) + (range[1] ?? 0)),
    unsigned.subarray(range[2], (range[2] ?? 0) + (range[3] ?? 0)),
  ]);
  const digest = createHash('sha256').update(data).digest();
  const cms = await makeCms(request, { digest, data, isStamp });
  unsigned.write(Buffer.from(cms).toString('hex'), gapStart + 1, 'latin1');
  return unsigned;
}

async function makeCms(
  request: SignatureRequest,
  made: { digest: Buffer; data: Buffer; isStamp: boolean },
): Promise<Uint8Array> {
  if (request.cms !== undefined) return request.cms(made.digest, made.data);
  if (made.isStamp) return request.token ?? timestampToken(request.pki, made.digest);
  const template = createCmsTemplate(request.signer);
  const signedAttributes = template.signedAttributes(made.digest);
  const signature = Buffer.from(await request.signer.sign(signedAttributes));
  const unsignedAttributes =
    request.timestamp === true || request.token !== undefined
      ? [
          signatureTimestampAttribute(
            request.token ??
              (await timestampToken(request.pki, createHash('sha256').update(signature).digest())),
          ),
        ]
      : [];
  if (request.spoil === true) signature[signature.length - 1]! ^= 1;
  return template.assemble({ signedAttributes, signature, unsignedAttributes });
}

/** A token of the test authority over a SHA-256 digest. */
export async function timestampToken(pki: TestPki | undefined, digest: Uint8Array): Promise<Uint8Array> {
  if (pki === undefined) throw new Error('a timestamp needs the test hierarchy');
  const reply = readTimestampReply(await pki.timestampAuthority(writeTimestampRequest('sha256', digest, 7n)));
  if (reply.token === undefined) throw new Error('the test authority refused');
  return reply.token;
}

/** `/Reference` of a certification with permission `p`. */
export const docMdp = (p: 1 | 2 | 3): string =>
  `/Reference [<< /Type /SigRef /TransformMethod /DocMDP /TransformParams << /Type /TransformParams /P ${p} /V /1.2 >> >>]`;

/** `/Reference` of a FieldMDP lock. */
export const fieldMdp = (action: string, fields: readonly string[] = []): string =>
  `/Reference [<< /Type /SigRef /TransformMethod /FieldMDP /TransformParams << /Type /TransformParams /Action /${action} /Fields [${fields.map((f) => `(${f})`).join(' ')}] /V /1.2 >> >>]`;
