/** Unsigned PDFs for tests, made by another library (pdf-lib), and a plain reader of their signatures. */
import { createHash } from 'node:crypto';
import { degrees, PDFDocument } from 'pdf-lib';
import {
  type Certificate,
  checkSignature,
  oids,
  readCertificate,
  readSignedData,
  signatureScheme,
  singleValue,
} from '../../src/asn1/index.ts';
import { isArray, openPdf, PdfDict, PdfRef, PdfString, textOf } from '../../src/pdf/index.ts';

export interface MadePdf {
  readonly rotate?: 0 | 90 | 180 | 270;
  /** x, y, width, height */
  readonly mediaBox?: readonly [number, number, number, number];
  readonly cropBox?: readonly [number, number, number, number];
  /** Cross-reference stream and object streams instead of a table. */
  readonly streams?: boolean;
  readonly pages?: number;
}

export async function makePdf(options: MadePdf = {}): Promise<Uint8Array> {
  const doc = await PDFDocument.create();
  doc.setCreationDate(new Date('2026-01-02T03:04:05Z'));
  doc.setModificationDate(new Date('2026-01-02T03:04:05Z'));
  for (let i = 0; i < (options.pages ?? 1); i++) {
    const page = doc.addPage([595, 842]);
    if (options.mediaBox !== undefined) page.setMediaBox(...options.mediaBox);
    if (options.cropBox !== undefined) page.setCropBox(...options.cropBox);
    page.setRotation(degrees(options.rotate ?? 0));
    page.drawText(`Page ${i + 1}`, { x: 100, y: 400, size: 20 });
  }
  return doc.save({ useObjectStreams: options.streams === true });
}

export interface FoundSignature {
  readonly name: string;
  readonly type: string;
  readonly rect: readonly number[];
  readonly matrix: readonly number[];
  readonly byteRange: readonly number[];
  readonly intact: boolean;
  readonly signer: Certificate | undefined;
  readonly unsigned: readonly string[];
  readonly cms: Uint8Array;
}

/** All filled signature fields with whether digest and signature hold; knows nothing of trust. */
export function findSignatures(bytes: Uint8Array): FoundSignature[] {
  const { last } = openPdf(bytes);
  const form = last.dict(last.catalog, 'AcroForm');
  const fields = form === undefined ? [] : (last.array(form, 'Fields') ?? []);
  return fields.flatMap((item) => {
    const field = last.resolve(item);
    if (!(field instanceof PdfDict)) return [];
    const value = last.dict(field, 'V');
    const contents = value?.get('Contents') ?? null;
    const range = value?.get('ByteRange') ?? null;
    const title = last.get(field, 'T');
    if (value === undefined || !(contents instanceof PdfString) || !isArray(range)) return [];
    const byteRange = range as number[];
    const appearance = last.dict(field, 'AP')?.get('N');
    const form = appearance instanceof PdfRef ? last.object(appearance) : undefined;
    const matrix =
      form !== undefined && form !== null && typeof form === 'object' && 'dict' in form
        ? (form.dict.get('Matrix') as number[])
        : [];
    return [
      {
        name: title instanceof PdfString ? textOf(title) : '',
        type: String((value.get('SubFilter') as { value: string }).value),
        rect: last.get(field, 'Rect') as number[],
        matrix,
        byteRange,
        ...check(bytes, byteRange, contents.bytes),
      },
    ];
  });
}

function check(bytes: Uint8Array, byteRange: readonly number[], contents: Uint8Array) {
  const [a = 0, b = 0, c = 0, d = 0] = byteRange;
  const signed = Buffer.concat([bytes.subarray(a, a + b), bytes.subarray(c, c + d)]);
  const data = readSignedData(contents);
  const [info] = data.signerInfos;
  const certificates = data.certificates.map((der) => readCertificate(der));
  const identifier = info?.signer;
  const signer = certificates.find(
    (certificate) =>
      identifier !== undefined &&
      'serialNumber' in identifier &&
      certificate.serialNumber === identifier.serialNumber,
  );
  const scheme = info === undefined ? undefined : signatureScheme(info.signatureAlgorithm);
  const content = data.content ?? signed;
  const digest = createHash(scheme?.digest ?? 'sha256')
    .update(content)
    .digest();
  const wanted = singleValue(info?.signedAttributes, oids.messageDigest);
  const imprint =
    data.content === undefined ||
    Buffer.from(data.content).includes(createHash('sha256').update(signed).digest());
  const intact =
    imprint &&
    wanted !== undefined &&
    Buffer.from(wanted).subarray(2).equals(digest) &&
    checkSignature({
      key: signer?.publicKey,
      scheme,
      data: info?.signedAttributesDer ?? digest,
      signature: info?.signature ?? digest,
    }) === 'valid';
  return { intact, signer, unsigned: info?.unsignedAttributes.map(({ oid }) => oid) ?? [], cms: data.der };
}
