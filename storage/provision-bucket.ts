/**
 * Makes a bucket fit for the vault: it keeps versions, can lock objects, and nobody without credentials reads it.
 *
 * Object lock can be switched on only when a bucket is made, so an existing bucket without it is refused rather
 * than accepted with less. The settings are read back; what a server silently ignores is an error.
 */
import {
  CreateBucketCommand,
  GetBucketVersioningCommand,
  GetObjectLockConfigurationCommand,
  GetPublicAccessBlockCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectLockConfigurationCommand,
  PutPublicAccessBlockCommand,
  type S3Client,
} from '@aws-sdk/client-s3';

export interface BucketRules {
  readonly bucket: string;
  /**
   * Days for which no one, the operator included, can remove a version (COMPLIANCE). Erasure of a document does
   * not depend on it: its key is destroyed at once, its bytes are noise until they may go. Without it the lock is
   * available but no version is held by default.
   */
  readonly retainDays?: number;
}

/** Provisions, verifies and returns what was found, one line a setting. Can be run again. @throws what fails */
export async function provisionBucket(client: S3Client, rules: BucketRules): Promise<readonly string[]> {
  const Bucket = rules.bucket;
  await client
    .send(new CreateBucketCommand({ Bucket, ObjectLockEnabledForBucket: true }))
    .catch((error: unknown) => {
      if (!isNamed(error, 'BucketAlreadyOwnedByYou') && !isNamed(error, 'BucketAlreadyExists')) throw error;
    });
  await client.send(
    new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }),
  );
  await closeToPublic(client, Bucket, true);
  // radosgw 16 takes BlockPublicAcls to refuse every write; there public ACLs are ignored, which protects as well.
  if (!(await canWrite(client, Bucket))) await closeToPublic(client, Bucket, false);
  demand(await canWrite(client, Bucket), `${Bucket} cannot be written with these credentials`);
  if (rules.retainDays !== undefined) {
    const Rule = { DefaultRetention: { Mode: 'COMPLIANCE' as const, Days: rules.retainDays } };
    await client.send(
      new PutObjectLockConfigurationCommand({
        Bucket,
        ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled', Rule },
      }),
    );
  }
  return readBack(client, rules);
}

async function closeToPublic(client: S3Client, Bucket: string, refuseAcls: boolean): Promise<void> {
  const closed = { IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true };
  const PublicAccessBlockConfiguration = { ...closed, BlockPublicAcls: refuseAcls };
  await client.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration }));
}

/** Tries with one empty object, which later provisioning finds there. */
async function canWrite(client: S3Client, Bucket: string): Promise<boolean> {
  const probe = { Bucket, Key: 'provisioning/probe', Body: Buffer.alloc(0), IfNoneMatch: '*' };
  try {
    await client.send(new PutObjectCommand(probe));
    return true;
  } catch (error) {
    if (isNamed(error, 'PreconditionFailed')) return true;
    if (isNamed(error, 'AccessDenied')) return false;
    throw error;
  }
}

async function readBack(
  client: S3Client,
  { bucket: Bucket, retainDays }: BucketRules,
): Promise<readonly string[]> {
  const versioning = await client.send(new GetBucketVersioningCommand({ Bucket }));
  demand(versioning.Status === 'Enabled', `${Bucket} does not keep versions`);

  const access = await client.send(new GetPublicAccessBlockCommand({ Bucket }));
  const { BlockPublicAcls, IgnorePublicAcls, BlockPublicPolicy, RestrictPublicBuckets } =
    access.PublicAccessBlockConfiguration ?? {};
  const isClosed = IgnorePublicAcls && BlockPublicPolicy && RestrictPublicBuckets;
  demand(isClosed === true, `${Bucket} does not block public access`);

  const lock = await client
    .send(new GetObjectLockConfigurationCommand({ Bucket }))
    .catch((error: unknown) => {
      if (isNamed(error, 'ObjectLockConfigurationNotFoundError')) return undefined;
      throw error;
    });
  const isLockable = lock?.ObjectLockConfiguration?.ObjectLockEnabled === 'Enabled';
  demand(isLockable, `${Bucket} was made without object lock, which cannot be added: provision a new bucket`);
  const held = lock?.ObjectLockConfiguration?.Rule?.DefaultRetention;
  demand(
    retainDays === undefined || held?.Days === retainDays,
    `${Bucket} does not hold versions ${retainDays} days`,
  );
  return [
    'versions are kept',
    `public access is blocked, public ACLs are ${BlockPublicAcls ? 'refused' : 'ignored'}`,
    held ? `object lock: each version is held ${held.Days} days (${held.Mode})` : 'object lock: available',
  ];
}

function demand(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new Error(otherwise);
}

const isNamed = (error: unknown, name: string): boolean =>
  typeof error === 'object' && error !== null && 'name' in error && error.name === name;
