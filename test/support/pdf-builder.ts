/** Builds small PDFs and incremental updates by hand, well-formed or deliberately not, for the reader's tests. */

export type PdfPart = string | Uint8Array;

export interface BuiltObject {
  readonly num: number;
  /** The body between `obj` and `endobj`. */
  readonly body: PdfPart;
}

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');

/** A stream object's body with its right length. */
export function streamBody(dict: string, data: PdfPart): Buffer {
  const bytes = typeof data === 'string' ? latin1(data) : Buffer.from(data);
  return Buffer.concat([
    latin1(`<< ${dict} /Length ${bytes.length} >>\nstream\n`),
    bytes,
    latin1('\nendstream'),
  ]);
}

/** Appends objects, a classic table and a trailer to `previous` (empty: a new file). */
export function appendRevision(
  previous: Uint8Array,
  objects: readonly BuiltObject[],
  options: { trailer?: string; prev?: number | null; freed?: readonly number[] } = {},
): Buffer {
  const parts: Buffer[] = [Buffer.from(previous)];
  let length = previous.length;
  const put = (part: PdfPart): void => {
    const bytes = typeof part === 'string' ? latin1(part) : Buffer.from(part);
    parts.push(bytes);
    length += bytes.length;
  };
  if (previous.length === 0) {
    put('%PDF-1.7\n%\u00e2\u00e3\u00cf\u00d3\n');
  }
  const offsets = new Map<number, number>();
  for (const object of objects) {
    offsets.set(object.num, length);
    put(`${object.num} 0 obj\n`);
    put(object.body);
    put('\nendobj\n');
  }
  const start = length;
  put('xref\n');
  if (previous.length === 0) {
    put('0 1\n0000000000 65535 f \n');
  }
  for (const [num, offset] of offsets) {
    put(`${num} 1\n${String(offset).padStart(10, '0')} 00000 n \n`);
  }
  for (const num of options.freed ?? []) {
    put(`${num} 1\n0000000000 00001 f \n`);
  }
  const prev = options.prev === undefined ? lastStartxref(previous) : options.prev;
  put(
    `trailer\n<< ${options.trailer ?? '/Size 100 /Root 1 0 R'}${prev === null ? '' : ` /Prev ${prev}`} >>\n`,
  );
  put(`startxref\n${start}\n%%EOF\n`);
  return Buffer.concat(parts);
}

/** The number after the last `startxref`, or `null`. */
export function lastStartxref(bytes: Uint8Array): number | null {
  const text = Buffer.from(bytes).toString('latin1');
  const match = /startxref\s+(\d+)/.exec(text.slice(Math.max(0, text.lastIndexOf('startxref'))));
  return match?.[1] === undefined ? null : Number(match[1]);
}

/** A one-page document: 1 catalogue, 2 page tree, 3 page, 4 content. */
export function simplePdf(content = 'BT ET', extra: readonly BuiltObject[] = []): Buffer {
  return appendRevision(new Uint8Array(0), [
    { num: 1, body: '<< /Type /Catalog /Pages 2 0 R >>' },
    { num: 2, body: '<< /Type /Pages /Kids [3 0 R] /Count 1 >>' },
    {
      num: 3,
      body: '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << >> >>',
    },
    { num: 4, body: streamBody('', content) },
    ...extra,
  ]);
}
