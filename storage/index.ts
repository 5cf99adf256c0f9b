/** The face of the object store: what the composition root and the services may import. */
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
export { makeS3Client, type S3StoreOptions } from './s3-requests.ts';
export { S3Store } from './s3-store.ts';
export { type OpenedRange, type ReadOptions, SealedObjects, type WriteOptions } from './sealed-objects.ts';
export type { SealedFormat, StoredObject } from './stored-object.ts';
