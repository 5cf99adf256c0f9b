/**
 * Sealed objects opened by the documented format (`storage/README.md`, "Formats"), without the vault's code: the
 * secret (data key ‖ nonce prefix) from the row's wrapped key under the master key, then chunk by chunk, AES-256-GCM.
 */
import { createDecipheriv } from 'node:crypto';

/** A row of `stored_object`, as text and bytes. */
export interface SealedRow {
  readonly id: string;
  readonly key: string;
  readonly sha256: string;
  readonly size: number;
  readonly wrapped: Buffer;
  readonly masterKey: string;
  readonly format: string;
  readonly boundTo: string;
}

const CHUNK = 65_536;
const TAG = 16;
const HEADER = 24;

/** The plaintext. @throws Error where anything does not fit. */
export function unseal(row: SealedRow, sealed: Buffer, masterKeys: ReadonlyMap<string, Uint8Array>): Buffer {
  const secret = unwrap(row, masterKeys);
  const header = sealed.subarray(0, HEADER);
  const id = Buffer.from(row.id.replaceAll('-', ''), 'hex');
  if (!header.equals(Buffer.concat([Buffer.from('MLSEAL1\n'), id])))
    throw new Error('another object lies there');
  const last = Math.max(1, Math.ceil(row.size / CHUNK)) - 1;
  const plain: Buffer[] = [];
  let at = HEADER;
  for (let index = 0; index <= last; index += 1) {
    const length = index === last ? row.size - last * CHUNK : CHUNK;
    const nonce = Buffer.concat([
      secret.subarray(32, 39),
      Buffer.alloc(4),
      Buffer.of(index === last ? 1 : 0),
    ]);
    nonce.writeUInt32BE(index, 7);
    const sealedChunk = sealed.subarray(at, at + length + TAG);
    if (sealedChunk.byteLength !== length + TAG) throw new Error('it is shorter than its row says');
    plain.push(open(secret.subarray(0, 32), nonce, header, sealedChunk));
    at += length + TAG;
  }
  if (at !== sealed.byteLength) throw new Error('it is longer than its row says');
  return Buffer.concat(plain);
}

function unwrap(row: SealedRow, masterKeys: ReadonlyMap<string, Uint8Array>): Buffer {
  const master = masterKeys.get(row.masterKey);
  if (master === undefined) throw new Error(`there is no master key ${row.masterKey}`);
  const facts = [row.format, row.id, row.key, String(row.size), row.sha256, row.boundTo];
  const authenticated = Buffer.from(JSON.stringify(['motlan/wrapped-key/1', row.masterKey, ...facts]));
  const secret = open(master, row.wrapped.subarray(0, 12), authenticated, row.wrapped.subarray(12));
  if (secret.byteLength !== 39) throw new Error('its secret has another length');
  return secret;
}

/** @param sealed ciphertext ‖ tag */
function open(key: Uint8Array, nonce: Uint8Array, authenticated: Uint8Array, sealed: Buffer): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG });
  decipher.setAAD(authenticated);
  decipher.setAuthTag(sealed.subarray(-TAG));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(0, -TAG)), decipher.final()]);
  } catch {
    throw new Error('it does not open: it, its row or its key was changed');
  }
}
