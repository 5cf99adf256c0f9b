/**
 * The real S3 server for tests: the one that S3_ENDPOINT names, else one that runs already, else one started here
 * and stopped afterwards. Where none can be started, the tests that need it are a counted skip with this name.
 */
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { S3Client } from '@aws-sdk/client-s3';
import {
  missingPrograms,
  runningS3Server,
  type S3Server,
  startS3Server,
  stopS3Server,
} from '../../scripts/s3-up.ts';
import { provisionBucket } from '../../storage/provision-bucket.ts';
import { makeS3Client, type S3StoreOptions } from '../../storage/s3-requests.ts';

/** Why there is no server, or undefined when there is one. */
export const whyNoS3Server = (): string | undefined => {
  const missing = process.env.S3_ENDPOINT ? [] : missingPrograms();
  return missing.length > 0 ? `no S3 server: ${missing.join(', ')} not installed` : undefined;
};

export interface TestBucket extends AsyncDisposable {
  readonly options: S3StoreOptions;
}

/** A provisioned bucket of its own, on a server that is there or is started. */
export async function createTestBucket(): Promise<TestBucket> {
  const { server, stop } = await findServer();
  const bucket = `test-${randomUUID()}`;
  const client = testClient(server);
  await provisionBucket(client, { bucket });
  client.destroy();
  return { options: { ...server, bucket, region: 'us-east-1' }, [Symbol.asyncDispose]: stop };
}

export const testClient = (server: S3Server): S3Client => makeS3Client({ ...server, region: 'us-east-1' });

async function findServer(): Promise<{ server: S3Server; stop: () => Promise<void> }> {
  const { S3_ENDPOINT: endpoint, S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY } = process.env;
  if (endpoint) {
    const server = {
      endpoint,
      accessKeyId: S3_ACCESS_KEY_ID ?? '',
      secretAccessKey: S3_SECRET_ACCESS_KEY ?? '',
    };
    return { server, stop: async () => {} };
  }
  const running = runningS3Server();
  if (running) return { server: running, stop: async () => {} };
  // A folder of its own: several test files may run at once.
  const folder = join(tmpdir(), `motlan-s3-test-${process.pid}`);
  return { server: await startS3Server(folder), stop: () => stopS3Server(folder) };
}
