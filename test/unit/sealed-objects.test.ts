/** What is sealed comes back as it was, in whole and in every range; what was tampered with never comes back. */
import { createHash, createSecretKey, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  KeyRing,
  type MasterKey,
  MemoryStore,
  SealedObjects,
  type StoredObject,
} from '../../storage/index.ts';
import { CHUNK_BYTES, HEADER_BYTES } from '../../storage/sealed-format.ts';
import { WHOLE_BYTES } from '../../storage/sealed-reading.ts';

const SEALED_CHUNK = CHUNK_BYTES + 16;
const boundTo = 'document:d1/original';
const options = { boundTo, maxBytes: 100 * 1024 * 1024 };
const masterKey = (id: string): MasterKey => ({ id, key: createSecretKey(randomBytes(32)) });
const failsAs = (kind: string) => expect.objectContaining({ name: 'ObjectStoreError', kind });

let spoolFolder: string;
const store = new MemoryStore();
const first = masterKey('k1');
let objects: SealedObjects;
beforeAll(async () => {
  spoolFolder = await mkdtemp(join(tmpdir(), 'motlan-spool-'));
  objects = new SealedObjects({ store, keys: new KeyRing(first), spoolFolder });
});
afterAll(async () => {
  expect(await readdir(spoolFolder)).toEqual([]);
  await rm(spoolFolder, { recursive: true });
});

describe('what was written', () => {
  const sizes = [
    0,
    1,
    CHUNK_BYTES - 1,
    CHUNK_BYTES,
    CHUNK_BYTES + 1,
    WHOLE_BYTES,
    WHOLE_BYTES + 1,
    3 * WHOLE_BYTES + 17,
  ];

  it.each(sizes)('comes back whole from %i bytes', async (size) => {
    const plain = randomBytes(size);
    const stored = await objects.writeObject(plain, options);
    expect(stored).toMatchObject({ size, sha256: sha256(plain), masterKeyId: 'k1', format: 'sealed/1' });
    expect((await objects.readWhole(stored, { boundTo })).equals(plain)).toBe(true);
    expect((await collect(stored)).equals(plain)).toBe(true);
  });

  it('comes back whichever way the source was cut into pieces', async () => {
    const piece = fc.integer({ min: 0, max: 200_000 });
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 12 }), async (lengths) => {
        const pieces = lengths.map((length) => randomBytes(length));
        const stored = await objects.writeObject(piecewise(pieces), options);
        expect((await objects.readWhole(stored, { boundTo })).equals(Buffer.concat(pieces))).toBe(true);
        await objects.removeBytes(stored);
      }),
      { numRuns: 15 },
    );
  });

  it('comes back in any range', async () => {
    for (const size of [1, CHUNK_BYTES, 5 * CHUNK_BYTES + 3, 2 * WHOLE_BYTES + CHUNK_BYTES + 9]) {
      const plain = randomBytes(size);
      const stored = await objects.writeObject(plain, options);
      const offset = fc.oneof(fc.nat({ max: size - 1 }), fc.constantFrom(0, size - 1));
      await fc.assert(
        fc.asyncProperty(offset, fc.integer({ min: 1, max: size + 5 }), async (start, length) => {
          const range = { start, end: start + length };
          const opened = await objects.openRange(stored, { boundTo, range });
          expect(opened).toMatchObject({ start, end: Math.min(size, start + length) });
          expect((await gather(opened.chunks)).equals(plain.subarray(start, start + length))).toBe(true);
        }),
        { numRuns: 40 },
      );
    }
  });

  it('has no readable trace in the store, and a key that tells nothing', async () => {
    const canary = 'Nguyễn Thị Canary 000199000001';
    const stored = await objects.writeObject(Buffer.from(canary.repeat(2000)), options);
    const kept = await store.get(stored.key);
    expect(kept.bytes.includes('Canary')).toBe(false);
    expect(stored.key).toMatch(/^o\/[0-9a-f]{2}\/[0-9a-f]{30}$/);
  });

  it('is refused beyond the limit, leaving nothing', async () => {
    const before = (await store.list()).length;
    const source = piecewise(Array.from({ length: 40 }, () => randomBytes(100_000)));
    await expect(objects.writeObject(source, { boundTo, maxBytes: 3_999_999 })).rejects.toEqual(
      failsAs('too-large'),
    );
    expect(await store.list()).toHaveLength(before);
  });

  it('clears away what an upload left behind whose process died, but nothing that may be under way', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'motlan-spool-'));
    const twoDaysAgo = new Date(Date.now() - 2 * 24 * 3600 * 1000);
    for (const name of ['left', 'under-way']) await writeFile(join(folder, name), 'sealed');
    await utimes(join(folder, 'left'), twoDaysAgo, twoDaysAgo);
    const later = new SealedObjects({ store, keys: new KeyRing(first), spoolFolder: folder });
    await later.writeObject(randomBytes(2 * WHOLE_BYTES), options);
    expect(await readdir(folder)).toEqual(['under-way']);
    await rm(folder, { recursive: true });
  });

  it('keeps nothing of a source that breaks off', async () => {
    const before = (await store.list()).length;
    const broken = async function* () {
      for (let n = 0; n < 30; n += 1) yield randomBytes(100_000);
      throw new Error('the client went away');
    };
    await expect(objects.writeObject(broken(), options)).rejects.toThrow('the client went away');
    expect(await store.list()).toHaveLength(before);
  });

  it.each([[{ start: 10, end: 11 }], [{ start: -1, end: 3 }], [{ start: 4, end: 4 }]])(
    'has no range %j outside it',
    async (range) => {
      const stored = await objects.writeObject(Buffer.alloc(10), options);
      await expect(objects.openRange(stored, { boundTo, range })).rejects.toEqual(failsAs('invalid-range'));
    },
  );
});

describe('tampering with the object', () => {
  /** Each way to damage the sealed bytes of an object of three chunks and more. */
  const damages: Record<string, (sealed: Buffer, other: Buffer) => Buffer> = {
    'a flipped bit in the first chunk': (sealed) => flip(sealed, HEADER_BYTES + 5),
    'a flipped bit in a middle chunk': (sealed) => flip(sealed, HEADER_BYTES + SEALED_CHUNK + 77),
    'a flipped bit in a tag': (sealed) => flip(sealed, HEADER_BYTES + SEALED_CHUNK - 1),
    'a flipped bit in the last byte': (sealed) => flip(sealed, sealed.byteLength - 1),
    'a flipped bit in the header': (sealed) => flip(sealed, 12),
    'its last byte cut off': (sealed) => sealed.subarray(0, -1),
    'its last chunk cut off': (sealed) => sealed.subarray(0, HEADER_BYTES + 2 * SEALED_CHUNK),
    'everything cut off': () => Buffer.alloc(0),
    'bytes added at the end': (sealed) => Buffer.concat([sealed, Buffer.alloc(16)]),
    'two chunks in each other’s place': (sealed) =>
      Buffer.concat([
        sealed.subarray(0, HEADER_BYTES),
        sealed.subarray(HEADER_BYTES + SEALED_CHUNK, HEADER_BYTES + 2 * SEALED_CHUNK),
        sealed.subarray(HEADER_BYTES, HEADER_BYTES + SEALED_CHUNK),
        sealed.subarray(HEADER_BYTES + 2 * SEALED_CHUNK),
      ]),
    'a chunk twice': (sealed) => {
      const copy = Buffer.from(sealed);
      sealed.copy(copy, HEADER_BYTES + SEALED_CHUNK, HEADER_BYTES, HEADER_BYTES + SEALED_CHUNK);
      return copy;
    },
    'a chunk of another object': (sealed, other) => {
      const copy = Buffer.from(sealed);
      other.copy(copy, HEADER_BYTES, HEADER_BYTES, HEADER_BYTES + SEALED_CHUNK);
      return copy;
    },
    'another object of the same size in its place': (_, other) => other,
  };

  describe.each([
    ['small', 3 * CHUNK_BYTES + 100],
    ['large', 2 * WHOLE_BYTES + 100],
  ])('a %s one', (_, size) => {
    it.each(Object.entries(damages))('is seen: %s', async (_name, damage) => {
      const stored = await objects.writeObject(randomBytes(size), options);
      const other = await objects.writeObject(randomBytes(size), options);
      const [sealed, sealedOther] = [await rawBytes(stored), await rawBytes(other)];
      const { versionId } = await store.put(stored.key, damage(sealed, sealedOther));
      const damaged = { ...stored, versionId };
      await expect(objects.readWhole(damaged, { boundTo })).rejects.toEqual(failsAs('corrupted'));
      await expect(collect(damaged)).rejects.toEqual(failsAs('corrupted'));
    });
  });

  it('lets no byte of a damaged chunk out, and none after it', async () => {
    const plain = randomBytes(3 * WHOLE_BYTES);
    const stored = await objects.writeObject(plain, options);
    const sealed = flip(await rawBytes(stored), HEADER_BYTES + 20 * SEALED_CHUNK + 3);
    const { versionId } = await store.put(stored.key, sealed);
    const out: Uint8Array[] = [];
    const { chunks } = await objects.openRange({ ...stored, versionId }, { boundTo });
    const reading = (async () => {
      for await (const chunk of chunks) out.push(chunk);
    })();
    await expect(reading).rejects.toEqual(failsAs('corrupted'));
    const given = Buffer.concat(out);
    expect(given.byteLength).toBeLessThanOrEqual(20 * CHUNK_BYTES);
    expect(given.equals(plain.subarray(0, given.byteLength))).toBe(true);
  });

  it('is seen by any single flipped bit, wherever it is', async () => {
    const stored = await objects.writeObject(randomBytes(2000), options);
    const sealed = await rawBytes(stored);
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: sealed.byteLength - 1 }), fc.nat({ max: 7 }), async (at, bit) => {
        const { versionId } = await store.put(stored.key, flip(sealed, at, bit));
        await expect(objects.readWhole({ ...stored, versionId }, { boundTo })).rejects.toEqual(
          failsAs('corrupted'),
        );
      }),
      { numRuns: 100 },
    );
  });

  it('does not matter to a reader whose version is pinned, and a missing version is not found', async () => {
    const plain = randomBytes(5000);
    const stored = await objects.writeObject(plain, options);
    await store.put(stored.key, Buffer.from('something newer'));
    expect((await objects.readWhole(stored, { boundTo })).equals(plain)).toBe(true);
    await store.delete(stored.key, stored.versionId);
    await expect(objects.readWhole(stored, { boundTo })).rejects.toEqual(failsAs('not-found'));
  });

  it('heals when the damage was only on the way', async () => {
    const plain = randomBytes(300_000);
    const stored = await objects.writeObject(plain, options);
    let reads = 0;
    const flaky = Object.create(store) as MemoryStore;
    flaky.get = async (key, getOptions) => {
      const found = await store.get(key, getOptions);
      reads += 1;
      return reads === 1 ? { ...found, bytes: flip(found.bytes, 100) } : found;
    };
    const reader = new SealedObjects({ store: flaky, keys: new KeyRing(first), spoolFolder });
    expect((await reader.readWhole(stored, { boundTo })).equals(plain)).toBe(true);
    expect(reads).toBe(2);
  });
});

describe('tampering with the row', () => {
  const changes: Record<string, Partial<StoredObject>> = {
    'another size': { size: 999 },
    'another digest': { sha256: 'a'.repeat(64) },
    'another object id': { objectId: '0199b1c2-0000-7000-8000-000000000000' },
    'another key': { key: 'o/aa/bbbb' },
    'no wrapped key': { wrappedKey: new Uint8Array() },
    'a wrapped key of another making': { wrappedKey: randomBytes(67) },
  };
  it.each(Object.entries(changes))('is seen: %s', async (_, change) => {
    const stored = await objects.writeObject(randomBytes(1000), options);
    await expect(objects.readWhole({ ...stored, ...change }, { boundTo })).rejects.toEqual(
      failsAs('corrupted'),
    );
  });

  it('is seen when one document’s object is passed off as another’s', async () => {
    const stored = await objects.writeObject(randomBytes(1000), options);
    const asOther = objects.readWhole(stored, { boundTo: 'document:d2/original' });
    await expect(asOther).rejects.toEqual(failsAs('corrupted'));
  });

  it('is seen when two rows exchange their wrapped keys', async () => {
    const one = await objects.writeObject(randomBytes(1000), options);
    const two = await objects.writeObject(randomBytes(1000), options);
    const mixed = { ...one, wrappedKey: two.wrappedKey };
    await expect(objects.readWhole(mixed, { boundTo })).rejects.toEqual(failsAs('corrupted'));
  });
});

describe('master keys', () => {
  it('rotate without touching the object, after which the old key may go', async () => {
    const plain = randomBytes(200_000);
    const stored = await objects.writeObject(plain, options);
    const sealedBefore = await rawBytes(stored);
    const second = masterKey('k2');
    const rotating = new SealedObjects({ store, keys: new KeyRing(second, [first]), spoolFolder });
    expect((await rotating.readWhole(stored, { boundTo })).equals(plain)).toBe(true);

    const rewrapped = rotating.rewrap(stored, { boundTo });
    expect(rewrapped).toEqual({ ...stored, masterKeyId: 'k2', wrappedKey: expect.anything() });
    expect((await rawBytes(stored)).equals(sealedBefore)).toBe(true);
    const rotated = new SealedObjects({ store, keys: new KeyRing(second), spoolFolder });
    expect((await rotated.readWhole(rewrapped, { boundTo })).equals(plain)).toBe(true);
    await expect(rotated.readWhole(stored, { boundTo })).rejects.toEqual(failsAs('unknown-master-key'));
  });

  it('follow an object to what it now belongs to', async () => {
    const plain = randomBytes(100);
    const upload = await objects.writeObject(plain, { ...options, boundTo: 'upload:u1' });
    const original = objects.rebind(upload, { from: 'upload:u1', to: boundTo });
    expect((await objects.readWhole(original, { boundTo })).equals(plain)).toBe(true);
    await expect(objects.readWhole(original, { boundTo: 'upload:u1' })).rejects.toEqual(failsAs('corrupted'));
  });

  it('are refused when of the wrong length, twice the same, or badly named', () => {
    expect(() => new KeyRing({ id: 'short', key: createSecretKey(randomBytes(16)) })).toThrow(/32 bytes/);
    expect(() => new KeyRing(masterKey('k1'), [masterKey('k1')])).toThrow(/same id/);
    expect(() => new KeyRing(masterKey('k 1'))).toThrow(/master key id/);
  });
});

const rawBytes = async (stored: StoredObject): Promise<Buffer> =>
  (await store.get(stored.key, { versionId: stored.versionId })).bytes;

const collect = async (stored: StoredObject): Promise<Buffer> =>
  gather((await objects.openRange(stored, { boundTo })).chunks);

async function gather(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const chunk of chunks) pieces.push(chunk);
  return Buffer.concat(pieces);
}

function flip(bytes: Buffer, at: number, bit = 0): Buffer {
  const copy = Buffer.from(bytes);
  copy[at]! ^= 1 << bit;
  return copy;
}

async function* piecewise(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) yield piece;
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
