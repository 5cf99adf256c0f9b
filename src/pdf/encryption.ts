/**
 * The standard security handler (ISO 32000-2 §7.6) for files that open with the empty user password: RC4,
 * AES-128 and AES-256. Decryption only; signature contents are never decrypted (§7.6.2).
 */
import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import { isName, PdfDict, type PdfObject, type PdfRef, PdfString } from './objects.ts';
import { PdfError } from './pdf-error.ts';
import { rc4 } from './rc4.ts';

type Method = 'none' | 'rc4' | 'aes128' | 'aes256';

export interface Decryptor {
  string(bytes: Uint8Array, ref: PdfRef): Uint8Array;
  stream(bytes: Uint8Array, ref: PdfRef): Uint8Array;
  /** False where the document's metadata stream is stored in the clear. */
  readonly metadataEncrypted: boolean;
}

const PADDING = Buffer.from('28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a', 'hex');

/**
 * @param encrypt the trailer's `/Encrypt` dictionary with its values resolved. @param id first string of `/ID`.
 * @throws PdfError `locked` when the empty password does not open the file, `structure` for other handlers.
 */
export function createDecryptor(encrypt: PdfDict, id: Uint8Array): Decryptor {
  if (!isName(encrypt.get('Filter'), 'Standard')) {
    throw new PdfError(
      'locked',
      'the file is encrypted by a handler other than the standard one',
      encrypt.start,
    );
  }
  const version = integer(encrypt, 'V', 0);
  const revision = integer(encrypt, 'R', 0);
  const key = version === 5 ? key256(encrypt, revision) : keyLegacy(encrypt, { id, version, revision });
  const strings = methodOf(encrypt, 'StrF', version);
  const streams = methodOf(encrypt, 'StmF', version);
  return {
    string: (bytes, ref) => decipher(strings, key, { bytes, ref }),
    stream: (bytes, ref) => decipher(streams, key, { bytes, ref }),
    metadataEncrypted: encrypt.get('EncryptMetadata') !== false,
  };
}

/** `value` with its strings decrypted; `/Contents` of a signature dictionary is left as it stands. */
export function decryptStrings(value: PdfObject, decryptor: Decryptor, ref: PdfRef): PdfObject {
  if (value instanceof PdfString) {
    return new PdfString(decryptor.string(value.bytes, ref), value);
  }
  if (Array.isArray(value)) {
    return value.map((item: PdfObject) => decryptStrings(item, decryptor, ref));
  }
  if (value instanceof PdfDict) {
    const entries = new Map<string, PdfObject>();
    const isSignature = value.has('ByteRange') && value.has('Contents');
    for (const [key, item] of value.entries) {
      entries.set(key, isSignature && key === 'Contents' ? item : decryptStrings(item, decryptor, ref));
    }
    return new PdfDict(entries, value);
  }
  return value;
}

function integer(dict: PdfDict, key: string, fallback: number): number {
  const value = dict.get(key);
  return typeof value === 'number' ? value : fallback;
}

function stringOf(dict: PdfDict, key: string, length: number): Uint8Array {
  const value = dict.get(key);
  if (!(value instanceof PdfString) || value.bytes.length < length) {
    throw new PdfError('structure', `the encryption dictionary lacks a usable /${key}`, dict.start);
  }
  return value.bytes.subarray(0, length);
}

function methodOf(encrypt: PdfDict, use: 'StrF' | 'StmF', version: number): Method {
  if (version < 4) {
    return 'rc4';
  }
  const name = encrypt.get(use);
  const filters = encrypt.get('CF');
  if (!isName(name) || name.value === 'Identity' || !(filters instanceof PdfDict)) {
    return 'none';
  }
  const filter = filters.get(name.value);
  const method = filter instanceof PdfDict ? filter.get('CFM') : null;
  if (!isName(method, 'V2', 'AESV2', 'AESV3', 'None')) {
    throw new PdfError('structure', 'the file is encrypted by an unknown method', encrypt.start);
  }
  return method.value === 'V2'
    ? 'rc4'
    : method.value === 'AESV2'
      ? 'aes128'
      : method.value === 'AESV3'
        ? 'aes256'
        : 'none';
}

/** Algorithm 2 (§7.6.4.3.2) with the empty password, proved by algorithm 4 or 5. */
function keyLegacy(encrypt: PdfDict, how: { id: Uint8Array; version: number; revision: number }): Uint8Array {
  const { id, version, revision } = how;
  if (![1, 2, 4].includes(version) || revision < 2 || revision > 4) {
    throw new PdfError('structure', `unknown encryption version ${version}.${revision}`, encrypt.start);
  }
  const bits = version === 1 ? 40 : version === 4 ? 128 : integer(encrypt, 'Length', 40);
  const length = Math.min(16, Math.max(5, bits >> 3));
  const permissions = Buffer.alloc(4);
  permissions.writeInt32LE(integer(encrypt, 'P', 0) | 0);
  const md5 = createHash('md5')
    .update(PADDING)
    .update(stringOf(encrypt, 'O', 32))
    .update(permissions)
    .update(id);
  if (revision >= 4 && encrypt.get('EncryptMetadata') === false) {
    md5.update(Buffer.from([255, 255, 255, 255]));
  }
  let key: Uint8Array = md5.digest().subarray(0, revision === 2 ? 5 : length);
  if (revision >= 3) {
    for (let i = 0; i < 50; i += 1) {
      key = createHash('md5').update(key).digest().subarray(0, length);
    }
  }
  if (!provesUser(key, stringOf(encrypt, 'U', 32), { id, revision })) {
    throw new PdfError('locked', 'the file needs a password', encrypt.start);
  }
  return key;
}

function provesUser(key: Uint8Array, user: Uint8Array, how: { id: Uint8Array; revision: number }): boolean {
  if (how.revision === 2) {
    return Buffer.compare(rc4(key, PADDING), user) === 0;
  }
  let proof: Uint8Array = rc4(key, createHash('md5').update(PADDING).update(how.id).digest());
  for (let i = 1; i < 20; i += 1) {
    proof = rc4(
      key.map((byte) => byte ^ i),
      proof,
    );
  }
  return Buffer.compare(proof, user.subarray(0, 16)) === 0;
}

/** Algorithm 2.A (§7.6.4.3.3) with the empty user password. */
function key256(encrypt: PdfDict, revision: number): Uint8Array {
  if (revision !== 5 && revision !== 6) {
    throw new PdfError('structure', `unknown encryption version 5.${revision}`, encrypt.start);
  }
  const user = stringOf(encrypt, 'U', 48);
  const hash = revision === 6 ? hash2B : (salt: Uint8Array) => createHash('sha256').update(salt).digest();
  if (Buffer.compare(hash(user.subarray(32, 40)), user.subarray(0, 32)) !== 0) {
    throw new PdfError('locked', 'the file needs a password', encrypt.start);
  }
  const decipher256 = createDecipheriv('aes-256-cbc', hash(user.subarray(40, 48)), Buffer.alloc(16));
  decipher256.setAutoPadding(false);
  return decipher256.update(stringOf(encrypt, 'UE', 32));
}

/** Algorithm 2.B (§7.6.4.3.4) for the empty password. */
function hash2B(salt: Uint8Array): Uint8Array {
  let key: Buffer = createHash('sha256').update(salt).digest();
  for (let round = 0; ; round += 1) {
    const block = Buffer.alloc(key.length * 64);
    for (let i = 0; i < 64; i += 1) {
      key.copy(block, i * key.length);
    }
    const cipher = createCipheriv('aes-128-cbc', key.subarray(0, 16), key.subarray(16, 32));
    cipher.setAutoPadding(false);
    const out = cipher.update(block);
    let remainder = 0;
    for (let i = 0; i < 16; i += 1) {
      remainder += out[i] ?? 0;
    }
    key = createHash(['sha256', 'sha384', 'sha512'][remainder % 3] ?? 'sha256')
      .update(out)
      .digest();
    if (round >= 63 && (out[out.length - 1] ?? 0) <= round - 31) {
      return key.subarray(0, 32);
    }
  }
}

/** Algorithms 1 and 1.A (§7.6.3). Data too damaged to decrypt comes out empty. */
function decipher(method: Method, key: Uint8Array, what: { bytes: Uint8Array; ref: PdfRef }): Uint8Array {
  const { bytes, ref } = what;
  if (method === 'none') {
    return bytes;
  }
  if (method === 'rc4') {
    return rc4(objectKey(key, ref, false), bytes);
  }
  if (bytes.length < 32) {
    return new Uint8Array(0);
  }
  const aes = createDecipheriv(
    method === 'aes256' ? 'aes-256-cbc' : 'aes-128-cbc',
    method === 'aes256' ? key : objectKey(key, ref, true),
    bytes.subarray(0, 16),
  );
  aes.setAutoPadding(false);
  const out = aes.update(bytes.subarray(16, bytes.length - (bytes.length % 16)));
  const padding = out[out.length - 1] ?? 0;
  return padding >= 1 && padding <= 16 ? out.subarray(0, out.length - padding) : out;
}

function objectKey(key: Uint8Array, ref: PdfRef, aes: boolean): Uint8Array {
  const suffix = [
    ref.num & 255,
    (ref.num >> 8) & 255,
    (ref.num >> 16) & 255,
    ref.gen & 255,
    (ref.gen >> 8) & 255,
  ];
  const hash = createHash('md5').update(key).update(Uint8Array.from(suffix));
  if (aes) {
    hash.update('sAlT', 'latin1');
  }
  return hash.digest().subarray(0, Math.min(16, key.length + 5));
}
