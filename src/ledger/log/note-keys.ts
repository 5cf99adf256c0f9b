/**
 * Keys of signed notes: Ed25519 for logs (type 0x01) and timestamped Ed25519 for witnesses (type 0x04,
 * C2SP tlog-cosignature). Private keys stay inside KeyObjects.
 */
import { createPublicKey, hash, type KeyObject, sign, verify } from 'node:crypto';
import { isKeyName, NoteError, type NoteSigner, type NoteVerifier } from './note.ts';

/** Signature type bytes of C2SP signed-note. */
export const KEY_KINDS = { log: 0x01, witness: 0x04 } as const;
export type KeyKind = keyof typeof KEY_KINDS;

/** A public key with its name, as a `vkey` line holds it. */
export interface NotePublicKey {
  readonly name: string;
  readonly kind: KeyKind;
  readonly keyId: number;
  /** 32 bytes (RFC 8032). */
  readonly publicKey: Buffer;
}

/** Key id: SHA-256(name ‖ "\n" ‖ type ‖ key)[0..4], big-endian. */
export function keyIdOf(name: string, kind: KeyKind, publicKey: Uint8Array): number {
  const input = Buffer.concat([Buffer.from(`${name}\n`), Buffer.of(KEY_KINDS[kind]), publicKey]);
  return hash('sha256', input, 'buffer').readUInt32BE(0);
}

/** Names a public Ed25519 KeyObject (a private one gives its public part). @throws NoteError on another kind of key or a bad name. */
export function notePublicKey(name: string, kind: KeyKind, key: KeyObject): NotePublicKey {
  if (!isKeyName(name)) throw new NoteError(`"${name}" cannot name a key: spaces and "+" are not allowed`);
  if (key.asymmetricKeyType !== 'ed25519') throw new NoteError('the key of a note must be an Ed25519 key');
  const exported = (key.type === 'private' ? createPublicKey(key) : key).export({ format: 'jwk' });
  const publicKey = Buffer.from(exported.x ?? '', 'base64url');
  return { name, kind, publicKey, keyId: keyIdOf(name, kind, publicKey) };
}

/** `name+hex(key id)+base64(type ‖ key)`, the form in which public keys are handed around. */
export function formatVerifierKey(key: NotePublicKey): string {
  const material = Buffer.concat([Buffer.of(KEY_KINDS[key.kind]), key.publicKey]).toString('base64');
  return `${key.name}+${key.keyId.toString(16).padStart(8, '0')}+${material}`;
}

/** @throws NoteError that says what is wrong with the key. */
export function parseVerifierKey(text: string): NotePublicKey {
  const match = /^([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})$/.exec(text);
  if (match === null) throw new NoteError('a public key must look like name+0123abcd+base64');
  const [, name = '', keyId = '', encoded = ''] = match;
  const material = Buffer.from(encoded, 'base64');
  const kind = (Object.keys(KEY_KINDS) as KeyKind[]).find((one) => KEY_KINDS[one] === material[0]);
  if (kind === undefined) throw new NoteError(`the key of ${name} is of a type that is not supported`);
  const publicKey = material.subarray(1);
  if (publicKey.length !== 32) throw new NoteError(`the key of ${name} has a wrong length`);
  const key = { name, kind, publicKey, keyId: keyIdOf(name, kind, publicKey) };
  if (key.keyId !== Number.parseInt(keyId, 16))
    throw new NoteError(`the key id of ${name} does not match its key`);
  return key;
}

/** Checks signatures of a log, or cosignatures of a witness, by the kind of the key. */
export function noteVerifier(key: NotePublicKey): NoteVerifier {
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: key.publicKey.toString('base64url') };
  const publicKey = createPublicKey({ key: jwk, format: 'jwk' });
  return {
    name: key.name,
    keyId: key.keyId,
    verify: (text, signature) => {
      if (key.kind === 'log')
        return signature.length === 64 && verify(null, Buffer.from(text), publicKey, signature);
      const seconds = cosignatureTime(signature);
      if (seconds === undefined) return false;
      return verify(null, cosignedMessage(text, seconds), publicKey, signature.subarray(8));
    },
  };
}

/** Signs notes as the log itself. The key must be a private Ed25519 KeyObject. */
export function logSigner(name: string, key: KeyObject): NoteSigner {
  const { keyId } = notePublicKey(name, 'log', key);
  return { name, keyId, sign: (text) => sign(null, Buffer.from(text), key) };
}

/** Cosigns checkpoints as a witness; `now` gives whole seconds since 1970. */
export function witnessSigner(name: string, key: KeyObject, now: () => number): NoteSigner {
  const { keyId } = notePublicKey(name, 'witness', key);
  return {
    name,
    keyId,
    sign: (text) => {
      const seconds = now();
      const stamp = Buffer.alloc(8);
      stamp.writeBigUInt64BE(BigInt(seconds));
      return Buffer.concat([stamp, sign(null, cosignedMessage(text, seconds), key)]);
    },
  };
}

/** When a cosignature was made, in seconds since 1970; undefined when the bytes are not a cosignature. */
export function cosignatureTime(signature: Uint8Array): number | undefined {
  if (signature.length !== 8 + 64) return undefined;
  const seconds = Buffer.from(signature.buffer, signature.byteOffset, 8).readBigUInt64BE();
  return seconds > BigInt(Number.MAX_SAFE_INTEGER) ? undefined : Number(seconds);
}

const cosignedMessage = (text: string, seconds: number): Buffer =>
  Buffer.from(`cosignature/v1\ntime ${seconds}\n${text}`);
