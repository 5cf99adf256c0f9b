/** The versions of a key in an S3 bucket. */
import { ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import { type ObjectKey, ObjectStoreError, type VersionId } from './object-store.ts';
import type { S3Requests } from './s3-requests.ts';

/** Every version of exactly this key, newest first; delete markers only when asked for. */
export async function versionsOf(
  requests: S3Requests,
  bucket: string,
  key: ObjectKey,
  withMarkers = false,
): Promise<readonly VersionId[]> {
  const versions: VersionId[] = [];
  let KeyMarker: string | undefined;
  let VersionIdMarker: string | undefined;
  do {
    const command = new ListObjectVersionsCommand({
      Bucket: bucket,
      Prefix: key,
      KeyMarker,
      VersionIdMarker,
    });
    const page = await requests.repeat(undefined, 0, (abortSignal) =>
      requests.client.send(command, { abortSignal }),
    );
    const entries = [...(page.Versions ?? []), ...(withMarkers ? (page.DeleteMarkers ?? []) : [])];
    versions.push(...entries.flatMap((one) => (one.Key === key && one.VersionId ? [one.VersionId] : [])));
    // Keys come in order: once another key begins, this one has ended.
    const isPast = entries.some((one) => one.Key !== key);
    KeyMarker = page.IsTruncated && !isPast ? page.NextKeyMarker : undefined;
    VersionIdMarker = page.NextVersionIdMarker;
  } while (KeyMarker !== undefined);
  return versions;
}

/** @throws `unavailable` when the bucket keeps no versions, since then no reader could name one. */
export function versionOf(found: { VersionId?: string }): VersionId {
  if (found.VersionId) return found.VersionId;
  throw new ObjectStoreError(
    'unavailable',
    'the bucket does not keep versions: run scripts/provision-bucket.ts',
  );
}
