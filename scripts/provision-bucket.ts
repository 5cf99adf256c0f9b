/**
 * Makes a bucket fit for the vault, or says why it is not.
 *
 *     S3_ENDPOINT=… S3_ACCESS_KEY_ID=… S3_SECRET_ACCESS_KEY=… [S3_REGION=…] \
 *       node scripts/provision-bucket.ts BUCKET [--retain-days N]
 */
import { parseArgs } from 'node:util';
import { provisionBucket } from '../storage/provision-bucket.ts';
import { makeS3Client } from '../storage/s3-requests.ts';

async function main(): Promise<number> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { 'retain-days': { type: 'string' } },
  });
  const [bucket] = positionals;
  const days = values['retain-days'];
  const { S3_ENDPOINT, S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY, S3_REGION = 'us-east-1' } = process.env;
  if (!bucket || positionals.length > 1 || (days !== undefined && !/^[1-9][0-9]{0,4}$/.test(days))) {
    console.error('usage: node scripts/provision-bucket.ts BUCKET [--retain-days N]');
    return 2;
  }
  if (!S3_ENDPOINT || !S3_ACCESS_KEY_ID || !S3_SECRET_ACCESS_KEY) {
    console.error('set S3_ENDPOINT, S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY');
    return 2;
  }
  const client = makeS3Client({
    endpoint: S3_ENDPOINT,
    region: S3_REGION,
    accessKeyId: S3_ACCESS_KEY_ID,
    secretAccessKey: S3_SECRET_ACCESS_KEY,
  });
  try {
    const facts = await provisionBucket(client, {
      bucket,
      retainDays: days === undefined ? undefined : Number(days),
    });
    for (const fact of facts) console.log(`${bucket}: ${fact}`);
    return 0;
  } catch (error) {
    console.error(error instanceof Error ? `${bucket}: ${error.name}: ${error.message}` : error);
    return 1;
  } finally {
    client.destroy();
  }
}

process.exitCode = await main();
