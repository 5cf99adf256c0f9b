/**
 * Writes and reads sealed objects on a real S3 server through a network that fails by chance: what was acknowledged
 * must be readable afterwards, once; what is read must be right.
 */
import { createSecretKey, randomBytes, randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import { KeyRing, SealedObjects, type StoredObject } from '../../storage/index.ts';
import { provisionBucket } from '../../storage/provision-bucket.ts';
import { makeS3Client, S3Store } from '../../storage/s3.ts';
import { missingPrograms, startS3Server, stopS3Server } from '../s3-up.ts';
import { type Fault, FaultProxy, httpAnswer } from './fault-proxy.ts';
import type { Chance, Round, Tally } from './round.ts';

const boundTo = 'document:sent/original';

export const round: Round = {
  what: 'sealed objects written and read on S3 over a failing network',
  n: 30,
  missing: () => (missingPrograms().length > 0 ? `${missingPrograms().join(', ')} not installed` : undefined),
  run: (n, chance) =>
    send(n, chance, {
      fault: anyFault,
      read: ({ objects, stored }) => objects.readWhole(stored, { boundTo }),
    }),
  control: {
    without: 'verification on reading',
    n: 15,
    run: (n, chance) =>
      send(n, chance, {
        fault: (draw) => ({ flipAnswerByte: 2000 + draw.below(500) }),
        read: async ({ store, stored }) => {
          const { bytes } = await store.get(stored.key, { versionId: stored.versionId });
          return bytes;
        },
      }),
  },
};

const FAULTS: readonly ((chance: Chance) => Fault)[] = [
  () => ({}),
  () => ({ reset: true }),
  () => ({ loseAnswer: true }),
  () => ({ answer: httpAnswer(503, 'Slow Down') }),
  () => ({ answer: httpAnswer(500, 'Internal Server Error') }),
  (chance) => ({ cutAnswerAfter: 1 + chance.below(60_000) }),
  (chance) => ({ cutRequestAfter: 1 + chance.below(60_000) }),
  // Beyond the headers: what tampers with those over plain http is for TLS to stop.
  (chance) => ({ flipAnswerByte: 2000 + chance.below(60_000) }),
];
const anyFault = (chance: Chance): Fault => chance.pick(FAULTS)(chance);

interface Course {
  fault(chance: Chance): Fault;
  read(of: { objects: SealedObjects; store: S3Store; stored: StoredObject }): Promise<Buffer>;
}

async function send(n: number, chance: Chance, course: Course): Promise<Tally> {
  const folder = join(tmpdir(), `motlan-s3-faults-${process.pid}`);
  const server = await startS3Server(folder);
  const { hostname: host, port } = new URL(server.endpoint);
  await using proxy = await FaultProxy.start({ host, port: Number(port) });
  const place = { ...server, region: 'us-east-1', bucket: `faults-${randomUUID()}` };
  const client = makeS3Client(place);
  try {
    await provisionBucket(client, place);
    using store = new S3Store({ ...place, endpoint: `http://127.0.0.1:${proxy.port}`, attemptMs: 1000 });
    const keys = new KeyRing({ id: 'k1', key: createSecretKey(randomBytes(32)) });
    const objects = new SealedObjects({ store, keys, spoolFolder: join(folder, 'spool') });
    await objects.writeObject(Buffer.from('first'), { boundTo, maxBytes: 5 });
    const count = { lost: 0, undetected: 0, duplicates: 0 };
    const kinds = { acknowledged: 0, refused: 0, 'read at once': 0 };
    for (let i = 0; i < n; i += 1) {
      const plain = chance.bytes(5000 + chance.below(80_000));
      proxy.plan(...Array.from({ length: chance.below(8) }, () => course.fault(chance)));
      const stored = await objects.writeObject(plain, { boundTo, maxBytes: 100_000 }).catch(() => undefined);
      if (!stored) {
        kinds.refused += 1;
        continue;
      }
      kinds.acknowledged += 1;
      proxy.plan(course.fault(chance), course.fault(chance));
      const read = await course.read({ objects, store, stored }).catch(() => undefined);
      if (read !== undefined) kinds['read at once'] += 1;
      if (read !== undefined && !read.equals(plain)) count.undetected += 1;
      proxy.plan();
      const again = await objects.readWhole(stored, { boundTo }).catch(() => undefined);
      if (!again?.equals(plain)) count.lost += 1;
      const versions = new ListObjectVersionsCommand({ Bucket: place.bucket, Prefix: stored.key });
      count.duplicates += ((await client.send(versions)).Versions?.length ?? 0) - 1;
    }
    return { n, ...count, kinds };
  } finally {
    client.destroy();
    await stopS3Server(folder);
  }
}
