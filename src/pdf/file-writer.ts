/** Writes a new PDF from objects: header, bodies in the order in which they were added, table, trailer. */
import { streamBody } from './incremental-writer.ts';
import { type PdfObject, PdfRef } from './objects.ts';
import { pdfBytes, pdfDict, serialize } from './serialize.ts';

/** Version 1.7 and four bytes above 127, which tell transports that the file is binary (§7.5.2). */
export const header = Buffer.from('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n', 'latin1');

export class FileWriter {
  readonly #bodies = new Map<number, Buffer>();
  #next = 1;

  reserve(): PdfRef {
    const ref = new PdfRef(this.#next, 0);
    this.#next += 1;
    return ref;
  }

  add(value: PdfObject): PdfRef {
    const ref = this.reserve();
    this.put(ref, value);
    return ref;
  }

  put(ref: PdfRef, value: PdfObject): void {
    this.#bodies.set(ref.num, Buffer.from(serialize(value), 'latin1'));
  }

  addStream(entries: Readonly<Record<string, PdfObject | undefined>>, data: Uint8Array): PdfRef {
    const ref = this.reserve();
    this.#bodies.set(ref.num, streamBody(pdfDict({ ...entries, Length: data.length }), data));
    return ref;
  }

  /** Numbers given out so far, one more than the highest. */
  get size(): number {
    return this.#next;
  }

  /** Header and all bodies, with the offset of each object. A reserved number without a body is left out. */
  layOut(): { readonly bytes: Buffer; readonly offsets: ReadonlyMap<number, number> } {
    const parts = [header];
    const offsets = new Map<number, number>();
    let offset = header.length;
    for (const [num, body] of this.#bodies) {
      const object = Buffer.concat([Buffer.from(`${num} 0 obj\n`), body, Buffer.from('\nendobj\n')]);
      offsets.set(num, offset);
      parts.push(object);
      offset += object.length;
    }
    return { bytes: Buffer.concat(parts), offsets };
  }

  /** The whole file. @param identifier 16 bytes for `/ID` */
  finish(root: PdfRef, identifier: Uint8Array): Buffer {
    const { bytes, offsets } = this.layOut();
    const rows = Array.from({ length: this.#next - 1 }, (_, index) => xrefRow(offsets.get(index + 1)));
    const id = pdfBytes(identifier);
    const trailer = serialize(pdfDict({ Size: this.#next, Root: root, ID: [id, id] }));
    const tail = `xref\n0 ${this.#next}\n0000000000 65535 f \n${rows.join('')}trailer\n${trailer}\nstartxref\n${bytes.length}\n%%EOF\n`;
    return Buffer.concat([bytes, Buffer.from(tail, 'latin1')]);
  }
}

/** One line of a cross-reference table. */
export function xrefRow(offset: number | undefined): string {
  return offset === undefined ? '0000000000 65535 f \n' : `${String(offset).padStart(10, '0')} 00000 n \n`;
}
