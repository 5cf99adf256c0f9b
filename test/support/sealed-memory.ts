/** A process that seals 150 MB from a stream, reads them back, and prints by how many bytes its memory peaked. */
import { createSecretKey, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FilesystemStore, KeyRing, SealedObjects } from '../../storage/index.ts';

const SIZE = 150 * 1024 * 1024;
const root = await mkdtemp(join(tmpdir(), 'motlan-memory-'));
const keys = new KeyRing({ id: 'k1', key: createSecretKey(randomBytes(32)) });
const objects = new SealedObjects({
  store: await FilesystemStore.open(root),
  keys,
  spoolFolder: join(root, 'spool'),
});
const boundTo = 'test';
const small = await objects.writeObject(randomBytes(2 * 1024 * 1024), { boundTo, maxBytes: SIZE });
await objects.readWhole(small, { boundTo });

const before = process.resourceUsage().maxRSS * 1024;
const source = async function* () {
  for (let sent = 0; sent < SIZE; sent += 64 * 1024) yield randomBytes(64 * 1024);
};
const stored = await objects.writeObject(source(), { boundTo, maxBytes: SIZE });
let read = 0;
for await (const chunk of (await objects.openRange(stored, { boundTo })).chunks) read += chunk.byteLength;
const peak = process.resourceUsage().maxRSS * 1024 - before;
await rm(root, { recursive: true });
process.stdout.write(JSON.stringify({ read, peak }));
