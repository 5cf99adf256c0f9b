// Opens PKCS#12 files (.p12, .pfx), old RC2 and 3DES ones included, and makes a signer of what is inside.
// node-forge decrypts the container; the key then lives as a KeyObject only.
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import forge from 'node-forge';
import { type Certificate, readCertificate, sameName } from '../asn1/index.ts';
import { createKeySigner } from './key-signer.ts';
import type { Signer } from './signer.ts';
import { SigningError } from './signing-error.ts';

/**
 * The signer of the one private key in a PKCS#12 file, with its certificate and what of its chain the file holds.
 * @param options.chain issuers that the file may lack
 * @throws SigningError `wrong-password`, `unreadable-key`, `certificate-mismatch`, `unsupported-key`
 */
export function openPkcs12(
  bytes: Uint8Array,
  password: string,
  options: { readonly pss?: boolean; readonly chain?: readonly Certificate[] } = {},
): Signer {
  const bags = decrypt(bytes, password);
  const keys = bags.flatMap(readKey);
  const [key] = keys;
  if (key === undefined || keys.length > 1) {
    throw new SigningError(
      'unreadable-key',
      `The PKCS#12 file holds ${keys.length} private keys. Export exactly one key with its certificate.`,
    );
  }
  const certificates = bags.flatMap(readBagCertificate);
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
  const certificate = certificates.find((candidate) => Buffer.compare(candidate.spki, spki) === 0);
  if (certificate === undefined) {
    throw new SigningError(
      'certificate-mismatch',
      'The PKCS#12 file has no certificate for its key. Export the key together with its certificate.',
    );
  }
  return createKeySigner({
    key,
    certificate,
    chain: orderChain(certificate, [...certificates, ...(options.chain ?? [])]),
    pss: options.pss,
  });
}

/** Orders the issuers of a certificate, nearest first, as far as `pool` goes. */
export function orderChain(leaf: Certificate, pool: readonly Certificate[]): Certificate[] {
  const chain: Certificate[] = [];
  let current = leaf;
  while (!current.selfIssued && chain.length < 8) {
    const child = current;
    const issuer = pool.find((candidate) => sameName(candidate.subject, child.issuer) && candidate.isCa);
    if (issuer === undefined || chain.includes(issuer)) break;
    chain.push(issuer);
    current = issuer;
  }
  return chain;
}

function decrypt(bytes: Uint8Array, password: string): forge.pkcs12.Bag[] {
  let asn1: forge.asn1.Asn1;
  try {
    asn1 = forge.asn1.fromDer(forge.util.createBuffer(Buffer.from(bytes).toString('binary')));
  } catch {
    throw new SigningError('unreadable-key', 'The file is not PKCS#12. Give a .p12 or .pfx file.');
  }
  try {
    return bagsOf(asn1, password);
  } catch (error) {
    const again = retryAsUtf8(asn1, password);
    if (again !== undefined) return again;
    const message = error instanceof Error ? error.message : '';
    if (/password|MAC|decrypt/i.test(message)) {
      throw new SigningError('wrong-password', 'The password does not open the PKCS#12 file.');
    }
    throw new SigningError(
      'unreadable-key',
      'The PKCS#12 file is damaged or uses an encryption that is not known.',
    );
  }
}

function bagsOf(asn1: forge.asn1.Asn1, password: string): forge.pkcs12.Bag[] {
  const file = forge.pkcs12.pkcs12FromAsn1(asn1, false, password);
  return file.safeContents.flatMap((contents) => contents.safeBags);
}

// The outer MAC takes a Vietnamese password as UTF-16, the PBES2 encryption inside as UTF-8; forge uses one form for
// both. Without the MAC the encryption alone decides, and the key must still fit its certificate.
function retryAsUtf8(asn1: forge.asn1.Asn1, password: string): forge.pkcs12.Bag[] | undefined {
  const utf8 = forge.util.encodeUtf8(password);
  if (utf8 === password || !Array.isArray(asn1.value)) return undefined;
  try {
    return bagsOf({ ...asn1, value: asn1.value.slice(0, 2) }, utf8);
  } catch {
    return undefined;
  }
}

// forge hands RSA keys over as objects and leaves every other kind (EC) as ASN.1.
function readKey(bag: forge.pkcs12.Bag): KeyObject[] {
  const isKey = bag.type === forge.pki.oids.keyBag || bag.type === forge.pki.oids.pkcs8ShroudedKeyBag;
  if (!isKey) return [];
  const asn1 = bag.key ? forge.pki.wrapRsaPrivateKey(forge.pki.privateKeyToAsn1(bag.key)) : bag.asn1;
  try {
    return [createPrivateKey({ key: toDer(asn1), format: 'der', type: 'pkcs8' })];
  } catch {
    throw new SigningError('unsupported-key', 'The PKCS#12 file holds a kind of key that is not known.');
  }
}

function readBagCertificate(bag: forge.pkcs12.Bag): Certificate[] {
  if (bag.type !== forge.pki.oids.certBag) return [];
  const asn1 = bag.cert ? forge.pki.certificateToAsn1(bag.cert) : bag.asn1;
  return [readCertificate(toDer(asn1))];
}

function toDer(asn1: forge.asn1.Asn1): Buffer {
  return Buffer.from(forge.asn1.toDer(asn1).getBytes(), 'binary');
}
