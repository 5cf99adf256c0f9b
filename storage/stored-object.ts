/**
 * What the vault's rows keep of a sealed object: enough to find, open and check it, and nothing without the row.
 *
 * Destroying the row's wrapped key erases the object, whatever copies of its bytes are left anywhere.
 */
import type { ObjectKey, VersionId } from './object-store.ts';

/** Pure data; the caller keeps it in the transaction that makes the object mean something. */
export interface StoredObject {
  /** UUID, lower case. Also stands in the object's header, so that an orphan can be told from a stranger. */
  readonly objectId: string;
  readonly key: ObjectKey;
  readonly versionId: VersionId;
  /** Of the plaintext: 64 hexadecimal digits, lower case. */
  readonly sha256: string;
  /** Of the plaintext, in bytes. */
  readonly size: number;
  /** The object's secret, wrapped under the master key named beside it. */
  readonly wrappedKey: Uint8Array;
  readonly masterKeyId: string;
  readonly format: SealedFormat;
}

/** `sealed/1` is described in `sealed-format.ts`. */
export type SealedFormat = 'sealed/1';

/**
 * The facts that the wrapped key authenticates. The version id is not among them: it is the store's name, and
 * changes when a vault moves to another store; another version would not open under this object's key anyway.
 * @param boundTo what the object belongs to, such as `document:<id>/original`
 */
export const authenticatedFacts = (
  stored: Omit<StoredObject, 'versionId' | 'wrappedKey' | 'masterKeyId'>,
  boundTo: string,
): readonly string[] => [
  stored.format,
  stored.objectId,
  stored.key,
  String(stored.size),
  stored.sha256,
  boundTo,
];
