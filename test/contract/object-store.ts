/**
 * The contract of the ObjectStore port, as one suite that every adapter runs. A new adapter is right when this
 * passes over it; a new promise of the port begins here.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ObjectStore } from '../../storage/object-store.ts';
import { MAX_GET_BYTES } from '../../storage/object-store.ts';

export interface StoreUnderTest {
  readonly store: ObjectStore;
  close?(): Promise<void>;
}

export function objectStoreContract(name: string, open: () => Promise<StoreUnderTest>): void {
  describe(`the object store contract, kept by ${name}`, () => {
    let under: StoreUnderTest;
    let store: ObjectStore;
    beforeAll(async () => {
      under = await open();
      store = under.store;
    });
    afterAll(async () => under.close?.());

    const freshKey = (): string => `t/${randomUUID()}`;
    const failsAs = (kind: string) => expect.objectContaining({ name: 'ObjectStoreError', kind });

    it('is fit for use', async () => {
      await expect(store.check()).resolves.toBeUndefined();
    });

    it.each([0, 1, 65_536, 300_001])('gives back %i bytes as they were put, whole', async (size) => {
      const key = freshKey();
      const bytes = randomBytes(size);
      const put = await store.put(key, bytes);
      expect(put).toMatchObject({ key, size });
      const expected = { key, size, versionId: put.versionId, bytes };
      expect(await store.get(key)).toEqual(expected);
      expect(await store.get(key, { versionId: put.versionId, expectedSize: size })).toEqual(expected);
      expect(await store.get(key, { expectedSize: size + 7 })).toEqual(expected);
      expect(await store.head(key)).toEqual({
        key,
        size,
        versionId: put.versionId,
        writtenAt: expect.any(Date),
      });
      expect((await store.head(key, put.versionId)).size).toBe(size);
    });

    it('takes a body in pieces', async () => {
      const key = freshKey();
      const pieces = [randomBytes(70_000), randomBytes(1), randomBytes(130_000)];
      await store.put(key, { size: 200_001, open: () => piecewise(pieces) });
      expect((await store.get(key)).bytes.equals(Buffer.concat(pieces))).toBe(true);
    });

    it.each([
      ['fewer', [randomBytes(10)]],
      ['more', [randomBytes(10), randomBytes(100)]],
    ])('keeps nothing of a body with %s bytes than announced', async (_, pieces) => {
      const key = freshKey();
      const body = { size: 50, open: () => piecewise(pieces) };
      await expect(store.put(key, body, { ifAbsent: true })).rejects.toEqual(failsAs('wrong-size'));
      await expect(store.head(key)).rejects.toEqual(failsAs('not-found'));
    });

    it('passes on the error of a source, and keeps nothing', async () => {
      const key = freshKey();
      const broken = async function* () {
        yield randomBytes(10);
        throw new Error('the client went away');
      };
      await expect(store.put(key, { size: 50, open: broken })).rejects.toThrow('the client went away');
      await expect(store.head(key)).rejects.toEqual(failsAs('not-found'));
    });

    it('reads ranges, clipped at the end', async () => {
      const key = freshKey();
      const bytes = randomBytes(100_000);
      const { versionId } = await store.put(key, bytes);
      for (const [start, end] of [
        [0, 1],
        [99_999, 100_000],
        [5, 70_005],
        [99_000, 500_000],
        [0, 100_000],
      ] as const) {
        const found = await store.get(key, { versionId, range: { start, end } });
        expect(found.size).toBe(100_000);
        expect(found.bytes.equals(bytes.subarray(start, end))).toBe(true);
      }
      for (const range of [
        { start: 100_000, end: 100_001 },
        { start: 5, end: 5 },
        { start: -1, end: 5 },
        { start: 0.5, end: 5 },
      ]) {
        await expect(store.get(key, { range })).rejects.toEqual(failsAs('invalid-range'));
      }
    });

    it('refuses to read more into memory than one read may', async () => {
      const key = freshKey();
      const piece = Buffer.alloc(1024 * 1024, 7);
      const size = MAX_GET_BYTES + piece.byteLength;
      await store.put(key, {
        size,
        open: () => piecewise(Array<Buffer>(size / piece.byteLength).fill(piece)),
      });
      await expect(store.get(key)).rejects.toEqual(failsAs('too-large'));
      const end = await store.get(key, { range: { start: size - 10, end: size } });
      expect(end.bytes.equals(Buffer.alloc(10, 7))).toBe(true);
    });

    it('keeps every version and reads the one that is named', async () => {
      const key = freshKey();
      const first = await store.put(key, Buffer.from('first'));
      const second = await store.put(key, Buffer.from('second'));
      expect(first.versionId).not.toBe(second.versionId);
      expect((await store.get(key)).bytes.toString()).toBe('second');
      expect((await store.get(key, { versionId: first.versionId })).bytes.toString()).toBe('first');
      await expect(store.get(key, { versionId: 'nonsense' })).rejects.toEqual(failsAs('not-found'));
      await store.delete(key, second.versionId);
      expect((await store.get(key)).bytes.toString()).toBe('first');
      await expect(store.get(key, { versionId: second.versionId })).rejects.toEqual(failsAs('not-found'));
    });

    it('does not take a version of one key for a version of another', async () => {
      const [one, other] = [freshKey(), freshKey()];
      const { versionId } = await store.put(one, Buffer.from('one'));
      await store.put(other, Buffer.from('other'));
      await expect(store.get(other, { versionId })).rejects.toEqual(failsAs('not-found'));
    });

    it('creates only once when told so', async () => {
      const key = freshKey();
      await store.put(key, Buffer.from('first'), { ifAbsent: true });
      await expect(store.put(key, Buffer.from('second'), { ifAbsent: true })).rejects.toEqual(
        failsAs('already-exists'),
      );
      expect((await store.get(key)).bytes.toString()).toBe('first');
      await store.put(key, Buffer.from('third'));
      expect((await store.get(key)).bytes.toString()).toBe('third');
    });

    it('has one winner among racers to create', async () => {
      const key = freshKey();
      const racers = Array.from({ length: 12 }, (_, n) =>
        store.put(key, Buffer.from(`racer ${n}`), { ifAbsent: true }),
      );
      const ends = await Promise.allSettled(racers);
      const won = ends.flatMap((end) => (end.status === 'fulfilled' ? [end.value.versionId] : []));
      expect(won).toHaveLength(1);
      expect((await store.get(key)).versionId).toBe(won[0]);
    });

    it('keeps every version of racers to overwrite', async () => {
      const key = freshKey();
      const puts = await Promise.all(
        Array.from({ length: 6 }, (_, n) => store.put(key, Buffer.from(`racer ${n}`))),
      );
      for (const [n, { versionId }] of puts.entries()) {
        expect((await store.get(key, { versionId })).bytes.toString()).toBe(`racer ${n}`);
      }
    });

    it('forgets a key with all its versions, and does not mind being told twice', async () => {
      const key = freshKey();
      const first = await store.put(key, Buffer.from('first'));
      const second = await store.put(key, Buffer.from('second'));
      await store.delete(key);
      await store.delete(key);
      for (const versionId of [undefined, first.versionId, second.versionId]) {
        await expect(store.get(key, { versionId })).rejects.toEqual(failsAs('not-found'));
      }
      const again = await store.put(key, Buffer.from('again'), { ifAbsent: true });
      expect((await store.get(key)).bytes.toString()).toBe('again');
      await expect(store.get(key, { versionId: first.versionId })).rejects.toEqual(failsAs('not-found'));
      await store.delete(key, first.versionId);
      expect((await store.get(key)).versionId).toBe(again.versionId);
      await store.delete(key, again.versionId);
      await expect(store.head(key)).rejects.toEqual(failsAs('not-found'));
    });

    it('does not create over a later version when the first was deleted', async () => {
      const key = freshKey();
      const first = await store.put(key, Buffer.from('first'));
      await store.put(key, Buffer.from('second'));
      await store.delete(key, first.versionId);
      await expect(store.put(key, Buffer.from('third'), { ifAbsent: true })).rejects.toEqual(
        failsAs('already-exists'),
      );
      expect((await store.get(key)).bytes.toString()).toBe('second');
    });

    it('lists the newest versions in byte order, a page at a time', async () => {
      const root = `l/${randomUUID()}`;
      const names = ['a', 'a/b', 'a-b', 'a.b', 'a/b/c', 'a_b', 'ab', 'b/a', '0'];
      for (const name of names) await store.put(`${root}/${name}`, Buffer.from(name));
      await store.put(`${root}/a`, Buffer.from('newer'));
      await store.put(`${root}/gone`, Buffer.from('gone'));
      await store.delete(`${root}/gone`);
      const expected = names.map((name) => `${root}/${name}`).sort();

      const all = await store.list({ prefix: `${root}/` });
      expect(all.map(({ key }) => key)).toEqual(expected);
      expect(all.find(({ key }) => key === `${root}/a`)).toMatchObject({
        size: 5,
        writtenAt: expect.any(Date),
      });

      const paged: string[] = [];
      for (let after: string | undefined; ; ) {
        const page = await store.list({ prefix: `${root}/`, after, limit: 4 });
        paged.push(...page.map(({ key }) => key));
        after = page.at(-1)?.key;
        if (page.length < 4) break;
      }
      expect(paged).toEqual(expected);
      const within = await store.list({ prefix: `${root}/a/` });
      expect(within.map(({ key }) => key)).toEqual([`${root}/a/b`, `${root}/a/b/c`]);
      expect(await store.list({ prefix: `${root}/none` })).toEqual([]);
    });

    it.each([
      '',
      '/',
      '../up',
      'a/../b',
      'a//b',
      '/a',
      'a/',
      '.hidden',
      'a/.b',
      'A',
      'a b',
      'a\0',
      'a@1',
      'ư',
      'a'.repeat(201),
    ])('refuses %j as a key', async (key) => {
      const invalid = failsAs('invalid-key');
      await expect(store.put(key, Buffer.from('x'))).rejects.toEqual(invalid);
      await expect(store.get(key)).rejects.toEqual(invalid);
      await expect(store.head(key)).rejects.toEqual(invalid);
      await expect(store.delete(key)).rejects.toEqual(invalid);
    });

    it('heeds an aborted signal', async () => {
      const key = freshKey();
      const signal = AbortSignal.abort(new Error('the client went away'));
      const body = { size: 10, open: () => piecewise([randomBytes(10)]) };
      await expect(store.put(key, body, { signal })).rejects.toEqual(failsAs('unavailable'));
      await expect(store.head(key)).rejects.toEqual(failsAs('not-found'));
    });
  });
}

async function* piecewise(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) yield piece;
}
