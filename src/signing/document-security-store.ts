// Writes validation data into a PDF's document security store (DSS, ISO 32000-2 §12.8.4.3; EN 319 142-1 §5.4.2) as
// an incremental update that only adds: entries that are there already stay, and are not written twice.
import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { IncrementalWriter } from '../pdf/incremental-writer.ts';
import { openPdf, PdfDict, type PdfFile, type PdfObject, PdfRef, PdfStream } from '../pdf/index.ts';
import { pdfDict, pdfName, withEntries } from '../pdf/serialize.ts';
import { SigningError } from './signing-error.ts';
import type { ValidationData } from './validation-data.ts';

type StoreKey = 'Certs' | 'OCSPs' | 'CRLs';

/** The file with the data added. The same bytes when all of it is there already. @throws PdfError, SigningError */
export function addValidationData(original: Uint8Array, data: readonly ValidationData[]): Uint8Array {
  const file = openPdf(original);
  const { last } = file;
  const root = last.trailer.get('Root');
  if (!(root instanceof PdfRef))
    throw new SigningError('pdf-not-signable', 'The PDF has no document catalogue.');
  const store = last.dict(last.catalog, 'DSS') ?? pdfDict({});
  const writer = new IncrementalWriter(file);
  const lists = {
    Certs: openList(file, store, 'Certs'),
    OCSPs: openList(file, store, 'OCSPs'),
    CRLs: openList(file, store, 'CRLs'),
  };
  const put = (key: StoreKey, bytes: Uint8Array): PdfRef => {
    const digest = sha256(bytes);
    const known = lists[key].known.get(digest);
    if (known !== undefined) return known;
    const ref = writer.addStream({ Filter: pdfName('FlateDecode') }, deflateSync(bytes, { level: 9 }));
    lists[key].known.set(digest, ref);
    lists[key].refs.push(ref);
    lists[key].grew = true;
    return ref;
  };
  const perSignature = new Map<string, PdfObject>(last.dict(store, 'VRI')?.entries ?? []);
  for (const { field, certificates, evidence } of data) {
    const of = (kind: 'ocsp' | 'crl') => evidence.filter((item) => item.kind === kind);
    const certs = certificates.map(({ der }) => put('Certs', der));
    const ocsps = of('ocsp').map(({ der }) => put('OCSPs', der));
    const crls = of('crl').map(({ der }) => put('CRLs', der));
    const key = createHash('sha1').update(field.contents).digest('hex').toUpperCase();
    // What an earlier round wrote for this signature stays: the store only grows.
    if (perSignature.has(key)) continue;
    perSignature.set(key, pdfDict({ Cert: certs, OCSP: nonEmpty(ocsps), CRL: nonEmpty(crls) }));
  }
  if (!Object.values(lists).some(({ grew }) => grew)) return original;
  const changed = withEntries(store, {
    Type: pdfName('DSS'),
    Certs: nonEmpty(lists.Certs.refs),
    OCSPs: nonEmpty(lists.OCSPs.refs),
    CRLs: nonEmpty(lists.CRLs.refs),
    VRI: new PdfDict(perSignature),
  });
  const entry = last.catalog.get('DSS');
  if (entry instanceof PdfRef) {
    writer.put(writer.existing(entry.num), changed);
  } else {
    writer.put(writer.existing(root.num), withEntries(last.catalog, { DSS: writer.add(changed) }));
  }
  return Buffer.concat([original, writer.finish().bytes]);
}

function openList(file: PdfFile, store: PdfDict, key: StoreKey) {
  const refs = (file.last.array(store, key) ?? []).filter((item) => item instanceof PdfRef);
  const known = new Map<string, PdfRef>();
  for (const ref of refs) {
    const stream = file.last.object(ref);
    if (stream instanceof PdfStream) known.set(sha256(file.last.decode(stream)), ref);
  }
  return { refs: [...refs], known, grew: false };
}

function nonEmpty(refs: readonly PdfRef[]): readonly PdfRef[] | undefined {
  return refs.length === 0 ? undefined : refs;
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
