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
  for (const bytes of streamsOf(revision, store, 'Certs')) {
    material.certificates.push(bytes);
  }
  for (const bytes of streamsOf(revision, store, 'CRLs')) {
    tolerate(() => material.crls.push(readCrl(cut(bytes))));
  }
  for (const bytes of streamsOf(revision, store, 'OCSPs')) {
    tolerate(() => {
      const { basic } = readOcspResponse(cut(bytes));
      if (basic !== undefined) {
        material.ocsps.push(basic);
      }
    });
  }
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

/** Decoded streams of an array of the DSS. */
export function* streamsOf(revision: Revision, dict: PdfDict, key: string): Generator<Uint8Array, void> {
  let left = MAX_ENTRIES;
  for (const item of revision.array(dict, key) ?? []) {
    const stream = revision.resolve(item);
    left -= 1;
    if (stream instanceof PdfStream && left >= 0) {
      yield revision.decode(stream);
    }
  }
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
