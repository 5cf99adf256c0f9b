/** Certificates and revocation data that a file carries: the DSS (EN 319 142-1 §5.4) and Adobe's CMS attribute. */
import {
  Asn1Error,
  type BasicOcspResponse,
  type CertificateList,
  childrenOf,
  contextConstructed,
  encodingOf,
  oids,
  readCrl,
  readDer,
  readOcspResponse,
  type SignerInfo,
  singleValue,
} from '../asn1/index.ts';
import { type PdfDict, PdfStream, type Revision } from '../pdf/index.ts';

export interface ValidationMaterial {
  readonly certificates: Uint8Array[];
  readonly crls: CertificateList[];
  readonly ocsps: BasicOcspResponse[];
}

const MAX_ENTRIES = 2_000;

/** The DSS of a revision; entries that cannot be read are left out. @throws PdfError. */
export function readSecurityStore(revision: Revision): ValidationMaterial {
  const material: ValidationMaterial = { certificates: [], crls: [], ocsps: [] };
  const store = revision.dict(revision.catalog, 'DSS');
  if (store === undefined) {
    return material;
  }
  material.certificates.push(...readEntries(revision, { store, key: 'Certs' }, (bytes) => bytes));
  material.crls.push(...readEntries(revision, { store, key: 'CRLs' }, readCrl));
  material.ocsps.push(
    ...readEntries(revision, { store, key: 'OCSPs' }, (der) => readOcspResponse(der).basic),
  );
  return material;
}

/** `adbe-revocationInfoArchival` (ISO 32000-2 §12.8.3.3.2), a signed attribute of PKCS#7 signatures. */
export function readArchivedRevocation(info: SignerInfo): ValidationMaterial {
  const material: ValidationMaterial = { certificates: [], crls: [], ocsps: [] };
  tolerate(() => {
    const value = singleValue(info.signedAttributes, oids.adobeRevocationInfo);
    for (const field of value === undefined ? [] : childrenOf(readDer(value, { ber: true }))) {
      for (const list of childrenOf(field)) {
        for (const item of field.tag === contextConstructed(2) ? [] : childrenOf(list)) {
          if (field.tag === contextConstructed(0)) {
            tolerate(() => material.crls.push(readCrl(encodingOf(item))));
          } else if (field.tag === contextConstructed(1)) {
            tolerate(() => addOcsp(material, encodingOf(item)));
          }
        }
      }
    }
  });
  return material;
}

function addOcsp(material: ValidationMaterial, der: Uint8Array): void {
  const { basic } = readOcspResponse(der);
  if (basic !== undefined) {
    material.ocsps.push(basic);
  }
}

/** Revocation data inside the CMS itself (RFC 5652 §10.2.1). */
export function readEmbeddedCrls(crls: readonly Uint8Array[]): CertificateList[] {
  const lists: CertificateList[] = [];
  for (const der of crls) {
    tolerate(() => lists.push(readCrl(der)));
  }
  return lists;
}

/** What each stream was read as: the DSS of several revisions shares its streams, and lists can be megabytes. */
const readAs: Readonly<Record<'Certs' | 'CRLs' | 'OCSPs', WeakMap<PdfStream, unknown>>> = {
  Certs: new WeakMap(),
  CRLs: new WeakMap(),
  OCSPs: new WeakMap(),
};

function readEntries<T>(
  revision: Revision,
  place: { store: PdfDict; key: keyof typeof readAs },
  read: (der: Uint8Array) => T | undefined,
): T[] {
  const found: T[] = [];
  const readBefore = readAs[place.key];
  for (const item of (revision.array(place.store, place.key) ?? []).slice(0, MAX_ENTRIES)) {
    const stream = revision.resolve(item);
    if (!(stream instanceof PdfStream)) {
      continue;
    }
    if (!readBefore.has(stream)) {
      readBefore.set(stream, undefined);
      tolerate(() => readBefore.set(stream, read(cut(revision.decode(stream)))));
    }
    const value = readBefore.get(stream) as T | undefined;
    if (value !== undefined) {
      found.push(value);
    }
  }
  return found;
}

/** Some producers leave a line end behind the DER. */
function cut(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  while (end > 0 && (bytes[end - 1] === 0x0a || bytes[end - 1] === 0x0d) && derLength(bytes) < end) {
    end -= 1;
  }
  return bytes.subarray(0, end);
}

function derLength(bytes: Uint8Array): number {
  const first = bytes[1] ?? 0;
  if (first < 0x80) {
    return first + 2;
  }
  let length = 0;
  for (let i = 0; i < (first & 0x7f); i += 1) {
    length = length * 256 + (bytes[2 + i] ?? 0);
  }
  return length + 2 + (first & 0x7f);
}

function tolerate(action: () => unknown): void {
  try {
    action();
  } catch (error) {
    if (!(error instanceof Asn1Error)) {
      throw error;
    }
  }
}
