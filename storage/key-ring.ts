/**
 * Master keys, and the wrapping of each object's secret under one of them.
 *
 * A secret is wrapped with AES-256-GCM (NIST SP 800-38D) under a random 96-bit nonce: one master key may wrap
 * 2^32 secrets. The wrapping authenticates everything the row says of its object, so a row whose key, size,
 * digest or owner was changed no longer opens. Rotation wraps the small secrets anew; objects are not touched.
 */
import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import { ObjectStoreError } from './object-store.ts';

/** A 256-bit key with the name under which rows refer to it. Names are never reused for another key. */
export interface MasterKey {
  readonly id: string;
  readonly key: KeyObject;
}

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** The keys as they are now, newest first, where they changed since they were last asked for; else undefined. */
export type ReloadKeys = () => readonly MasterKey[] | undefined;

export class KeyRing {
  #current: MasterKey;
  #byId: ReadonlyMap<string, KeyObject>;
  readonly #reload: ReloadKeys;

  /**
   * @param older keys that are no longer used to wrap, but still open what they wrapped.
   * @param reload asked before a secret is wrapped and when a key is not known, so that a key that was added takes hold
   * in a running vault.
   */
  constructor(current: MasterKey, older: readonly MasterKey[] = [], reload: ReloadKeys = () => undefined) {
    this.#byId = checked([current, ...older]);
    this.#current = current;
    this.#reload = reload;
  }

  /** The id under which new secrets are wrapped. */
  get currentId(): string {
    return this.#current.id;
  }

  /** Wraps a secret under the current key; `facts` must be given again, byte for byte, to open it. */
  wrap(secret: Uint8Array, facts: readonly string[]): Uint8Array {
    this.#refresh();
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#current.key, nonce, { authTagLength: TAG_BYTES });
    cipher.setAAD(encodeFacts(this.#current.id, facts));
    return Buffer.concat([nonce, cipher.update(secret), cipher.final(), cipher.getAuthTag()]);
  }

  /**
   * @throws `unknown-master-key` when the ring lacks that key
   * @throws `corrupted` when the wrapping, or any of the facts, is not what was wrapped
   */
  unwrap(masterKeyId: string, wrapped: Uint8Array, facts: readonly string[]): Buffer {
    if (!this.#byId.has(masterKeyId)) this.#refresh();
    const key = this.#byId.get(masterKeyId);
    if (!key)
      throw new ObjectStoreError('unknown-master-key', `the key ring has no master key ${masterKeyId}`);
    try {
      const nonce = wrapped.subarray(0, NONCE_BYTES);
      const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
      decipher.setAAD(encodeFacts(masterKeyId, facts));
      decipher.setAuthTag(wrapped.subarray(-TAG_BYTES));
      return Buffer.concat([decipher.update(wrapped.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
    } catch (error) {
      throw new ObjectStoreError('corrupted', 'a wrapped key does not open: it or its row was changed', {
        cause: error,
      });
    }
  }

  #refresh(): void {
    const keys = this.#reload();
    const [current] = keys ?? [];
    if (!keys || !current) return;
    this.#byId = checked(keys);
    this.#current = current;
  }
}

function checked(all: readonly MasterKey[]): ReadonlyMap<string, KeyObject> {
  for (const { id, key } of all) {
    if (!/^[A-Za-z0-9._-]{1,64}$/.test(id))
      throw new TypeError('a master key id is 1 to 64 of A-Z a-z 0-9 . _ -');
    if (key.type !== 'secret' || key.symmetricKeySize !== 32) {
      throw new TypeError(`master key ${id} must be a secret key of 32 bytes`);
    }
  }
  const byId = new Map(all.map(({ id, key }) => [id, key]));
  if (byId.size !== all.length) throw new TypeError('two master keys have the same id');
  return byId;
}

/** Makes a {@link MasterKey} from its 32 bytes in base64 (standard or URL-safe), as configuration gives it. */
export function masterKeyFromBase64(id: string, base64: string): MasterKey {
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.byteLength !== 32) throw new TypeError(`master key ${id} must be 32 bytes in base64`);
  return { id, key: createSecretKey(bytes) };
}

/** Unambiguous: JSON quotes what could part two facts, so no two lists encode alike. */
function encodeFacts(masterKeyId: string, facts: readonly string[]): Buffer {
  return Buffer.from(JSON.stringify(['motlan/wrapped-key/1', masterKeyId, ...facts]), 'utf8');
}
