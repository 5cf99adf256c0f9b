/** The S3 adapter under the contract of the port, against a real server; and what provisioning makes of a bucket. */
import { randomUUID } from 'node:crypto';
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { provisionBucket } from '../../storage/provision-bucket.ts';
import { S3Store } from '../../storage/s3-store.ts';
import { createTestBucket, type TestBucket, testClient, whyNoS3Server } from '../support/s3-server.ts';
import { objectStoreContract } from './object-store.ts';

const missing = whyNoS3Server();

if (missing) {
  describe('the S3 adapter', () => {
    it.skip(`keeps the contract of the object store (${missing})`, () => {});
  });
} else {
  let bucket: TestBucket;
  beforeAll(async () => {
    bucket = await createTestBucket();
  });
  afterAll(async () => bucket[Symbol.asyncDispose]());

  objectStoreContract('S3', async () => {
    const store = new S3Store(bucket.options);
    return { store, close: async () => store[Symbol.dispose]() };
  });

  describe('an S3 bucket', () => {
    it('without versions is not fit for use', async () => {
      const name = `plain-${randomUUID()}`;
      using client = disposable(testClient(bucket.options));
      await client.it.send(new CreateBucketCommand({ Bucket: name }));
      using store = new S3Store({ ...bucket.options, bucket: name });
      await expect(store.check()).rejects.toThrow(/provision-bucket/);
      await expect(store.put('a/b', Buffer.from('x'))).rejects.toThrow(/provision-bucket/);
    });

    it('made without object lock is refused by provisioning', async () => {
      const name = `plain-${randomUUID()}`;
      using client = disposable(testClient(bucket.options));
      await client.it.send(new CreateBucketCommand({ Bucket: name }));
      await expect(provisionBucket(client.it, { bucket: name })).rejects.toThrow();
    });

    it('is provisioned as often as one likes, and then holds what it was told to hold', async () => {
      const name = `held-${randomUUID()}`;
      using client = disposable(testClient(bucket.options));
      await provisionBucket(client.it, { bucket: name, retainDays: 1 });
      expect(await provisionBucket(client.it, { bucket: name, retainDays: 1 })).toEqual([
        'versions are kept',
        expect.stringMatching(/^public access is blocked/),
        'object lock: each version is held 1 days (COMPLIANCE)',
      ]);
      using store = new S3Store({ ...bucket.options, bucket: name });
      const { versionId } = await store.put('a/held', Buffer.from('held'));
      await expect(store.delete('a/held')).rejects.toMatchObject({ kind: 'retained' });
      expect((await store.get('a/held', { versionId })).bytes.toString()).toBe('held');
    });

    it('gives nothing to who has no credentials', async () => {
      const { endpoint, bucket: name } = bucket.options;
      using store = new S3Store(bucket.options);
      await store.put('a/secret', Buffer.from('secret'));
      using client = disposable(testClient(bucket.options));
      const open = {
        Bucket: name,
        Key: 'a/public',
        Body: Buffer.from('public'),
        ACL: 'public-read' as const,
      };
      await client.it.send(new PutObjectCommand(open)).catch(() => {});
      for (const path of [name, `${name}/a/secret`, `${name}/a/public`, `${name}?versions`]) {
        expect((await fetch(`${endpoint}/${path}`)).status).toBe(403);
      }
    });

    it('with a wrong secret or a missing name is unavailable, not empty', async () => {
      using wrong = new S3Store({ ...bucket.options, secretAccessKey: 'wrong', attempts: 1 });
      await expect(wrong.check()).rejects.toMatchObject({ kind: 'unavailable' });
      await expect(wrong.get('a/secret')).rejects.toMatchObject({ kind: 'unavailable' });
      using gone = new S3Store({ ...bucket.options, bucket: 'no-such-bucket', attempts: 1 });
      await expect(gone.check()).rejects.toMatchObject({ kind: 'unavailable' });
      await expect(gone.get('a/secret')).rejects.toMatchObject({ kind: 'unavailable' });
      await expect(gone.list()).rejects.toMatchObject({ kind: 'unavailable' });
    });
  });
}

/** A client that is closed at the end of its block. */
const disposable = (it: ReturnType<typeof testClient>) => ({ it, [Symbol.dispose]: () => it.destroy() });
