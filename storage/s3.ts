/** The face of the S3 adapter, apart because the SDK behind it weighs 30 MB: loaded only where S3 is configured. */
export { makeS3Client, type S3StoreOptions } from './s3-requests.ts';
export { S3Store } from './s3-store.ts';
