// Reserves the place of a signature in a PDF as an incremental update (ISO 32000-2 §12.8, EN 319 142-1 §5.2): the
// signature dictionary with a gap for its contents, the field and widget, the entries in AcroForm and page. After
// this all offsets are known, so the byte range is final and the digest can be taken.
import { createHash } from 'node:crypto';
import type { DigestName } from '../asn1/index.ts';
import { IncrementalWriter } from '../pdf/incremental-writer.ts';
import {
  isArray,
  isName,
  openPdf,
  type Page,
  PdfDict,
  PdfError,
  type PdfFile,
  type PdfObject,
  PdfRef,
  PdfString,
  readPages,
  textOf,
} from '../pdf/index.ts';
import { pdfDate, pdfDict, pdfName, pdfText, serialize, withEntries } from '../pdf/serialize.ts';
import type { DrawnMark } from './mark-appearance.ts';
import { placeMark } from './mark-placement.ts';
import type { MarkProfile } from './mark-profile.ts';
import { SigningError } from './signing-error.ts';

export interface PlaceRequest {
  readonly kind: 'signature' | 'timestamp';
  /** Octets reserved for the CMS. */
  readonly contentsLength: number;
  /** Wanted field name; a number is added when the file has it already. */
  readonly fieldName: string;
  /** `/M`, for signatures. */
  readonly time?: Date;
  readonly reason?: string;
  readonly location?: string;
  readonly name?: string;
  readonly mark?: { readonly drawn: DrawnMark; readonly profile: MarkProfile };
}

export interface SignaturePlace {
  /** To be appended to the original. */
  readonly update: Buffer;
  readonly fieldName: string;
  readonly byteRange: readonly [number, number, number, number];
}

/**
 * @throws SigningError `pdf-not-signable` for files that cannot be read, are encrypted or have no page;
 *   `signing-not-permitted` when the author's certification forbids further signatures
 */
export function reservePlace(bytes: Uint8Array, request: PlaceRequest): SignaturePlace {
  try {
    const file = openPdf(bytes);
    if (file.encrypted) {
      throw new SigningError(
        'pdf-not-signable',
        'The PDF is encrypted. Save it without encryption, then sign it.',
      );
    }
    if (request.kind === 'signature') refuseWhereCertified(file);
    return write(file, request);
  } catch (error) {
    if (!(error instanceof PdfError)) throw error;
    const message = `The PDF cannot be read strictly, so nothing can be added to it: ${error.message}. Save it anew and try again.`;
    throw new SigningError('pdf-not-signable', message, { cause: error });
  }
}

/** Digest of everything but the gap. */
export function digestOf(original: Uint8Array, place: SignaturePlace, digest: DigestName): Buffer {
  const [, before, after] = place.byteRange;
  return createHash(digest)
    .update(original)
    .update(place.update.subarray(0, before - original.length))
    .update(place.update.subarray(after - original.length))
    .digest();
}

/** The whole file with `contents` in the gap. @throws SigningError when it does not fit */
export function fillPlace(original: Uint8Array, place: SignaturePlace, contents: Uint8Array): Uint8Array {
  const [, before, after] = place.byteRange;
  const room = (after - before - 2) / 2;
  if (contents.length > room) {
    throw new SigningError(
      'signature-wrong',
      `The signature has ${contents.length} octets, ${room} were reserved.`,
    );
  }
  const whole = Buffer.concat([original, place.update]);
  whole.write(Buffer.from(contents).toString('hex'), before + 1, 'latin1');
  return whole;
}

// DocMDP P=1 permits nothing but long-term validation data (ISO 32000-2 Table 257).
function refuseWhereCertified({ last }: PdfFile): void {
  const permissions = last.dict(last.catalog, 'Perms');
  const certification = permissions === undefined ? undefined : last.dict(permissions, 'DocMDP');
  const references = certification === undefined ? [] : (last.array(certification, 'Reference') ?? []);
  for (const item of references) {
    const reference = last.resolve(item);
    if (!(reference instanceof PdfDict) || !isName(last.get(reference, 'TransformMethod'), 'DocMDP'))
      continue;
    const parameters = last.dict(reference, 'TransformParams');
    if (parameters !== undefined && last.get(parameters, 'P') === 1) {
      throw new SigningError(
        'signing-not-permitted',
        'The author certified this PDF against any change, so a further signature would break it. Keep it as it is.',
      );
    }
  }
}

function write(file: PdfFile, request: PlaceRequest): SignaturePlace {
  const writer = new IncrementalWriter(file);
  const page = pickPage(file, request.mark?.profile.page ?? 'first');
  const fieldName = freeName(file, request.fieldName);
  const signature = writer.reserve();
  const field = writer.reserve();
  const body = signatureBody(request);
  writer.putRaw(signature, body.bytes);
  const placement =
    request.mark === undefined
      ? undefined
      : placeMark(file.last, page, { profile: request.mark.profile, size: request.mark.drawn });
  const appearance =
    placement === undefined ? undefined : request.mark?.drawn.write(writer, placement.matrix);
  writer.put(
    field,
    pdfDict({
      Type: pdfName('Annot'),
      Subtype: pdfName('Widget'),
      FT: pdfName('Sig'),
      T: pdfText(fieldName),
      V: signature,
      // Print and Locked: PDF/A asks for the first, the second keeps editors from moving the mark.
      F: 132,
      Rect: placement?.rect ?? [0, 0, 0, 0],
      P: new PdfRef(page.num, writer.existing(page.num).gen),
      AP: appearance === undefined ? undefined : pdfDict({ N: appearance }),
    }),
  );
  addToForm(file, writer, field);
  addToPage(file, writer, { page, field });
  const update = writer.finish();
  const start = update.bodyOffsets.get(signature.num) ?? 0;
  const before = start + body.contentsAt;
  const after = before + request.contentsLength * 2 + 2;
  const end = file.bytes.length + update.bytes.length;
  const byteRange = [0, before, after, end - after] as const;
  const text = `[${byteRange.join(' ')}]`.padEnd(byteRangeWidth);
  update.bytes.write(text, start + body.byteRangeAt - file.bytes.length, 'latin1');
  return { update: update.bytes, fieldName, byteRange };
}

const byteRangeWidth = 48;

function signatureBody(request: PlaceRequest) {
  const timestamp = request.kind === 'timestamp';
  const before = serialize(
    pdfDict({
      Type: pdfName(timestamp ? 'DocTimeStamp' : 'Sig'),
      Filter: pdfName('Adobe.PPKLite'),
      SubFilter: pdfName(timestamp ? 'ETSI.RFC3161' : 'ETSI.CAdES.detached'),
      Name: request.name === undefined ? undefined : pdfText(request.name),
      M: request.time === undefined ? undefined : pdfDate(request.time),
      Reason: request.reason === undefined ? undefined : pdfText(request.reason),
      Location: request.location === undefined ? undefined : pdfText(request.location),
    }),
  ).slice(0, -2);
  const head = `${before} /ByteRange `;
  const middle = `${head}${' '.repeat(byteRangeWidth)} /Contents `;
  const bytes = Buffer.from(`${middle}<${'0'.repeat(request.contentsLength * 2)}>>>`, 'latin1');
  return { bytes, byteRangeAt: head.length, contentsAt: middle.length };
}

function pickPage(file: PdfFile, which: 'first' | 'last'): Page {
  const pages = readPages(file.last);
  const page = which === 'first' ? pages[0] : pages.at(-1);
  if (page === undefined || page.num < 0) {
    throw new SigningError('pdf-not-signable', 'The PDF has no page that a signature could be put on.');
  }
  return page;
}

function freeName(file: PdfFile, wanted: string): string {
  const { last } = file;
  const form = last.dict(last.catalog, 'AcroForm');
  const taken = new Set<string>();
  for (const item of form === undefined ? [] : (last.array(form, 'Fields') ?? [])) {
    const field = last.resolve(item);
    const title = field instanceof PdfDict ? last.get(field, 'T') : null;
    if (title instanceof PdfString) taken.add(textOf(title));
  }
  // A full stop separates levels of field names (§12.7.4.2).
  const base = wanted.replaceAll('.', '-');
  let name = base;
  for (let number = 2; taken.has(name); number++) name = `${base}${number}`;
  return name;
}

// Each array or dictionary is replaced where it lives: in its own object when it has one, else in its owner.
function addToForm(file: PdfFile, writer: IncrementalWriter, field: PdfRef): void {
  const { last } = file;
  const root = last.trailer.get('Root');
  if (!(root instanceof PdfRef))
    throw new SigningError('pdf-not-signable', 'The PDF has no document catalogue.');
  const entry = last.catalog.get('AcroForm');
  const form = last.dict(last.catalog, 'AcroForm') ?? pdfDict({});
  const fields = form.get('Fields');
  const flags = { SigFlags: 3 };
  const list = [...(last.array(form, 'Fields') ?? []), field];
  let changed: PdfDict;
  if (fields instanceof PdfRef) {
    writer.put(writer.existing(fields.num), list);
    changed = withEntries(form, flags);
    if (form.get('SigFlags') === 3) return;
  } else {
    changed = withEntries(form, { Fields: list, ...flags });
  }
  if (entry instanceof PdfRef) writer.put(writer.existing(entry.num), changed);
  else writer.put(writer.existing(root.num), withEntries(last.catalog, { AcroForm: changed }));
}

function addToPage(file: PdfFile, writer: IncrementalWriter, about: { page: Page; field: PdfRef }): void {
  const { page, field } = about;
  const entry: PdfObject = page.dict.get('Annots');
  const found = file.last.get(page.dict, 'Annots');
  const list = [...(isArray(found) ? found : []), field];
  if (entry instanceof PdfRef && isArray(found)) writer.put(writer.existing(entry.num), list);
  else writer.put(writer.existing(page.num), withEntries(page.dict, { Annots: list }));
}
