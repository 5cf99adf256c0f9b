/**
 * The certificates at hand for one verification (from the signatures, the DSS, the timestamps and the trust sets)
 * and the chains that can be built of them. Every signature check is done once and remembered.
 */
import {
  Asn1Error,
  type BasicOcspResponse,
  type Certificate,
  type CertificateList,
  checkSignature,
  readCertificate,
  type SignatureCheck,
  type SignatureScheme,
  type SignerIdentifier,
  signatureScheme,
  toHex,
} from '../asn1/index.ts';
import type { TrustSet } from './trust.ts';

const MAX_CHAIN = 10;
const MAX_TRIES = 200;
const MAX_CERTIFICATES = 2_000;

export interface Chain {
  /** Leaf first; the anchor is last where there is one. */
  readonly certificates: readonly Certificate[];
  readonly trustSet: TrustSet | undefined;
}

/**
 * Whether one key made a signature is settled by the bytes alone, so that it holds for every later verification: lists of
 * a trust set are checked once. Goes with the objects.
 */
const checked = new WeakMap<object, Map<string, SignatureCheck>>();

/** Authorities come with nearly every file: the last ones are read once. Nothing of them is trusted for being here. */
const authorities = new Map<string, Certificate>();
const MAX_AUTHORITIES = 256;
const MAX_AUTHORITY_BYTES = 8192;

export class CertificatePool {
  readonly #known = new Map<string, Certificate | undefined>();
  readonly #bySubject = new Map<string, Certificate[]>();
  readonly #anchors = new Map<string, TrustSet>();
  readonly #chains = new WeakMap<Certificate, Chain>();

  constructor(trust: readonly TrustSet[]) {
    for (const set of trust) {
      for (const anchor of set.anchors) {
        this.#put(anchor);
        if (!this.#anchors.has(anchor.fingerprint)) {
          this.#anchors.set(anchor.fingerprint, set);
        }
      }
      for (const certificate of set.intermediates) {
        this.#put(certificate);
      }
    }
  }

  /** Adds an encoded certificate; one that cannot be read is left out. */
  add(der: Uint8Array): Certificate | undefined {
    const key = Buffer.from(der.buffer, der.byteOffset, der.length).toString('latin1');
    if (this.#known.has(key)) {
      return this.#known.get(key);
    }
    if (this.#known.size >= MAX_CERTIFICATES) {
      return undefined;
    }
    let certificate: Certificate | undefined;
    try {
      certificate = readOnce(key, der);
    } catch (error) {
      if (!(error instanceof Asn1Error)) {
        throw error;
      }
    }
    this.#known.set(key, certificate);
    if (certificate !== undefined) {
      this.#index(certificate);
    }
    return certificate;
  }

  /** The certificate a SignerInfo names. */
  find(signer: SignerIdentifier): Certificate | undefined {
    for (const certificate of this.all()) {
      if ('issuer' in signer) {
        if (
          certificate.serialNumber === signer.serialNumber &&
          Buffer.compare(certificate.issuer.der, signer.issuer.der) === 0
        ) {
          return certificate;
        }
      } else if (certificate.subjectKeyIdentifier === signer.subjectKeyIdentifier) {
        return certificate;
      }
    }
    return undefined;
  }

  *all(): Generator<Certificate, void> {
    for (const certificate of this.#known.values()) {
      if (certificate !== undefined) {
        yield certificate;
      }
    }
  }

  withSubject(name: { readonly der: Uint8Array }): readonly Certificate[] {
    return this.#bySubject.get(toHex(name.der)) ?? [];
  }

  anchorSet(certificate: Certificate): TrustSet | undefined {
    return this.#anchors.get(certificate.fingerprint);
  }

  /** A chain to an anchor if there is any, else the longest there is. */
  chainOf(leaf: Certificate): Chain {
    const known = this.#chains.get(leaf);
    if (known !== undefined) {
      return known;
    }
    let tries = 0;
    let longest: Certificate[] = [leaf];
    const walk = (path: Certificate[]): Chain | undefined => {
      const last = path[path.length - 1] ?? leaf;
      const trustSet = this.anchorSet(last);
      if (trustSet !== undefined) {
        return { certificates: path, trustSet };
      }
      if (path.length > longest.length) {
        longest = path;
      }
      if (path.length >= MAX_CHAIN) {
        return undefined;
      }
      for (const issuer of this.#issuers(last)) {
        tries += 1;
        if (tries > MAX_TRIES || path.includes(issuer)) {
          continue;
        }
        const found = walk([...path, issuer]);
        if (found !== undefined) {
          return found;
        }
      }
      return undefined;
    };
    const chain = walk([leaf]) ?? { certificates: longest, trustSet: undefined };
    this.#chains.set(leaf, chain);
    return chain;
  }

  /** Whether `issuer`'s key made the signature of a certificate, revocation list or OCSP response. */
  isSignedBy(signed: Certificate | CertificateList | BasicOcspResponse, issuer: Certificate): boolean {
    const results = checked.get(signed) ?? new Map<string, SignatureCheck>();
    checked.set(signed, results);
    let result = results.get(issuer.fingerprint);
    if (result === undefined) {
      result = checkSignature({
        key: issuer.publicKey,
        scheme: schemeOf(signed),
        data: signed.tbs,
        signature: signed.signature,
      });
      results.set(issuer.fingerprint, result);
    }
    return result === 'valid';
  }

  #issuers(certificate: Certificate): Certificate[] {
    const candidates = this.withSubject(certificate.issuer).filter(
      (issuer) =>
        (certificate.authorityKeyIdentifier === undefined ||
          issuer.subjectKeyIdentifier === undefined ||
          certificate.authorityKeyIdentifier === issuer.subjectKeyIdentifier) &&
        this.isSignedBy(certificate, issuer),
    );
    // Anchors first: the shortest way to trust is the one to check.
    return candidates.sort(
      (a, b) => Number(this.#anchors.has(b.fingerprint)) - Number(this.#anchors.has(a.fingerprint)),
    );
  }

  #put(certificate: Certificate): void {
    const key = Buffer.from(certificate.der).toString('latin1');
    if (!this.#known.has(key)) {
      this.#known.set(key, certificate);
      this.#index(certificate);
    }
  }

  #index(certificate: Certificate): void {
    const key = toHex(certificate.subject.der);
    const list = this.#bySubject.get(key);
    if (list === undefined) {
      this.#bySubject.set(key, [certificate]);
    } else {
      list.push(certificate);
    }
  }
}

function readOnce(key: string, der: Uint8Array): Certificate {
  const known = authorities.get(key);
  if (known !== undefined) return known;
  // A copy: a certificate that is kept must not keep the file that it came with.
  const certificate = readCertificate(Buffer.from(der));
  if (certificate.isCa && der.length <= MAX_AUTHORITY_BYTES) {
    const [oldest] = authorities.keys();
    if (authorities.size >= MAX_AUTHORITIES && oldest !== undefined) authorities.delete(oldest);
    authorities.set(key, certificate);
  }
  return certificate;
}

function schemeOf(signed: {
  readonly signatureAlgorithm: Certificate['signatureAlgorithm'];
}): SignatureScheme | undefined {
  try {
    return signatureScheme(signed.signatureAlgorithm);
  } catch {
    return undefined;
  }
}
