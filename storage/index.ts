/** The face of the object store: what the composition root and the services may import. S3 has its own: `s3.ts`. */
export { FilesystemStore } from './filesystem-store.ts';
export { KeyRing, type MasterKey, masterKeyFromBase64 } from './key-ring.ts';
export { MemoryStore } from './memory-store.ts';
export {
  type ByteRange,
  isObjectStoreError,
  MAX_GET_BYTES,
  type ObjectKey,
  type ObjectStore,
  ObjectStoreError,
  type ObjectStoreErrorKind,
  type ObjectSummary,
  type SizedBody,
  type VersionId,
} from './object-store.ts';
export { type OpenedRange, type ReadOptions, SealedObjects, type WriteOptions } from './sealed-objects.ts';
export type { SealedFormat, StoredObject } from './stored-object.ts';
