/** What the filesystem adapter promises beyond the contract: nothing half kept, whatever is killed or damaged. */
import { execFile, spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FilesystemStore } from '../../storage/index.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'motlan-files-'));
});
afterEach(async () => rm(root, { recursive: true }));

const failsAs = (kind: string) => expect.objectContaining({ name: 'ObjectStoreError', kind });

describe('kill -9 in the middle of a put', () => {
  it.each([1, 2, 3, 5, 8])(
    'during put %i loses nothing acknowledged and shows nothing half',
    async (fatalPut) => {
      const child = spawn(process.execPath, ['scripts/faults/children/put-until-killed.ts', root], {
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      const kept: string[] = [];
      let begun = 0;
      for await (const line of createInterface({ input: child.stdout })) {
        const [what, key = ''] = line.split(' ');
        if (what === 'kept') kept.push(key);
        if (what === 'begin') begun += 1;
        if (begun >= fatalPut) child.kill('SIGKILL');
      }
      const store = await FilesystemStore.open(root);
      const listed = (await store.list()).map(({ key }) => key);
      expect(listed).toEqual(expect.arrayContaining(kept));
      expect(kept.length).toBeGreaterThanOrEqual(fatalPut - 1);
      for (const key of listed) {
        const { bytes } = await store.get(key);
        expect(bytes.equals(Buffer.from(key.repeat(1024 * 256)))).toBe(true);
      }
      const next = await store.put('k/after', Buffer.from('after'), { ifAbsent: true });
      expect(next.size).toBe(5);
    },
  );
});

describe('what interrupted puts leave behind', () => {
  it('is removed at a later start, but not while it may still be in use', async () => {
    await FilesystemStore.open(root);
    const [old, recent] = ['old', 'recent'].map((name) => join(root, 'incoming', name));
    await writeFile(old!, 'half');
    await writeFile(recent!, 'half');
    const twoDaysAgo = new Date(Date.now() - 2 * 24 * 3600 * 1000);
    await utimes(old!, twoDaysAgo, twoDaysAgo);
    await FilesystemStore.open(root);
    expect(await readdir(join(root, 'incoming'))).toEqual(['recent']);
  });
});

describe('a damaged file', () => {
  const key = 'a/b';
  const fileOf = async (): Promise<string> => join(root, 'data/a', (await readdir(join(root, 'data/a')))[0]!);

  it.each([1, 10, 24, 200_000])('that lost all but %i bytes is corrupted, never short', async (left) => {
    const store = await FilesystemStore.open(root);
    const { versionId } = await store.put(key, Buffer.alloc(300_000, 1));
    await truncate(await fileOf(), left);
    for (const options of [
      {},
      { versionId },
      { versionId, expectedSize: 300_000 },
      { range: { start: 5, end: 250_000 } },
    ]) {
      await expect(store.get(key, options)).rejects.toEqual(failsAs('corrupted'));
    }
  });

  it('with another header is corrupted, and one of another version is not found', async () => {
    const store = await FilesystemStore.open(root);
    const { versionId } = await store.put(key, Buffer.from('contents'));
    const original = await readFile(await fileOf());
    await writeFile(await fileOf(), Buffer.concat([Buffer.from('X'), original.subarray(1)]));
    await expect(store.get(key)).rejects.toEqual(failsAs('corrupted'));
    const other = Buffer.from(original);
    other[8]! ^= 1;
    await writeFile(await fileOf(), other);
    await expect(store.get(key, { versionId })).rejects.toEqual(failsAs('not-found'));
  });
});

describe('a folder that is gone', () => {
  it('makes the store unavailable, not empty', async () => {
    const store = await FilesystemStore.open(root);
    await rm(join(root, 'data'), { recursive: true });
    await rm(join(root, 'incoming'), { recursive: true });
    await expect(store.check()).rejects.toEqual(failsAs('unavailable'));
    await expect(store.put('a/b', Buffer.from('x'))).rejects.toEqual(failsAs('unavailable'));
  });
});

describe('two stores on one folder', () => {
  it('see each other’s objects and create a key only once', async () => {
    const [one, two] = await Promise.all([FilesystemStore.open(root), FilesystemStore.open(root)]);
    const puts = Array.from({ length: 20 }, (_, n) =>
      (n % 2 ? one : two).put('r/k', Buffer.from(`${n}`), { ifAbsent: true }),
    );
    const ends = await Promise.allSettled(puts);
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await one.get('r/k')).bytes).toEqual((await two.get('r/k')).bytes);
  });
});

describe('150 MB through the seal and the filesystem', () => {
  it('stay out of memory', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ['test/support/sealed-memory.ts']);
    const { read, peak } = JSON.parse(stdout) as { read: number; peak: number };
    expect(read).toBe(150 * 1024 * 1024);
    expect(peak).toBeLessThan(100 * 1024 * 1024);
  });
});
