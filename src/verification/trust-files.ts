/** Reads trust sets from PEM and DER files or folders of them: the one place of this module that touches files. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { type Certificate, type CertificateList, readCertificate, readCrl } from '../asn1/index.ts';
import { createTrustSet, readTrustPem, type TrustSet } from './trust.ts';

const EXTENSIONS = ['.pem', '.crt', '.cer', '.der', '.crl'];

/**
 * One trust set of a file or folder, named after it; a folder called `test` holds test certificates.
 * @throws Error with a sentence that says which file cannot be used and why.
 */
export function readTrustPath(path: string): TrustSet {
  const certificates: Certificate[] = [];
  const crls: CertificateList[] = [];
  for (const file of filesOf(path)) {
    try {
      const read = readTrustFile(readFileSync(file));
      certificates.push(...read.certificates);
      crls.push(...read.crls);
    } catch (error) {
      throw new Error(`${file}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  if (certificates.length + crls.length === 0) {
    throw new Error(`${path}: holds neither certificates nor revocation lists`);
  }
  const id = basename(path).replace(/\.[^.]+$/, '');
  return createTrustSet(id, { certificates, crls, isTest: id === 'test' });
}

function filesOf(path: string): string[] {
  if (!statSync(path).isDirectory()) {
    return [path];
  }
  return readdirSync(path, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && EXTENSIONS.includes(extname(entry.name).toLowerCase()))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function readTrustFile(bytes: Buffer): {
  certificates: readonly Certificate[];
  crls: readonly CertificateList[];
} {
  if (bytes[0] !== 0x30) {
    return readTrustPem(bytes.toString('latin1'));
  }
  try {
    return { certificates: [readCertificate(bytes)], crls: [] };
  } catch {
    return { certificates: [], crls: [readCrl(bytes)] };
  }
}
