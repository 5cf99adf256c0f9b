/**
 * Damages kept objects and their rows behind the store's back, one at a time, and reads them: each damage must be
 * refused, and after it is undone the object must be readable again. The files are found and harmed without the
 * store's code.
 */
import { createSecretKey, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FilesystemStore, KeyRing, SealedObjects, type StoredObject } from '../../storage/index.ts';
import type { Chance, Round, Tally } from './round.ts';

/** Around one chunk, several chunks, and beyond what is read whole. */
const SIZES = [1, 3000, 65_536, 200_000, 1_048_576, 2_300_000];

interface Kept {
  readonly boundTo: string;
  readonly stored: StoredObject;
  readonly path: string;
}

interface Harm {
  /** What the file holds afterwards; undefined to remove it. */
  file?(bytes: Buffer, other: Buffer, chance: Chance): Buffer | undefined;
  row?(stored: StoredObject, other: StoredObject): StoredObject;
}

const HARMS: Readonly<Record<string, Harm>> = {
  flipped: { file: (bytes, _, chance) => flip(bytes, chance.below(bytes.byteLength), chance.below(8)) },
  truncated: { file: (bytes, _, chance) => bytes.subarray(0, chance.below(bytes.byteLength)) },
  swapped: { file: (_, other) => other },
  deleted: { file: () => undefined },
  'overwritten in the middle': { file: (bytes, other, chance) => splice(bytes, other, chance) },
  'of another row': { row: (_, other) => other },
  'under another row’s key': {
    row: (stored, other) => ({ ...stored, key: other.key, versionId: other.versionId }),
  },
  'with another row’s wrapped key': { row: (stored, other) => ({ ...stored, wrappedKey: other.wrappedKey }) },
};

export const round: Round = {
  what: 'objects and rows flipped, cut, swapped, removed and exchanged',
  n: 400,
  run: (n, chance) =>
    damage(n, chance, ({ objects, stored, boundTo }) => objects.readWhole(stored, { boundTo })),
  control: {
    without: 'verification on reading',
    n: 50,
    // Sealed bytes stand in for the plaintext: what counts is that nobody objects.
    run: (n, chance) =>
      damage(n, chance, async ({ store, stored: { key, versionId } }) => {
        const { bytes } = await store.get(key, { versionId });
        return bytes;
      }),
  },
};

interface Asked {
  readonly objects: SealedObjects;
  readonly store: FilesystemStore;
  /** The row as it is found, and the document in whose name it is read. */
  readonly stored: StoredObject;
  readonly boundTo: string;
}
type Read = (asked: Asked) => Promise<Buffer>;

async function damage(n: number, chance: Chance, read: Read): Promise<Tally> {
  const root = await mkdtemp(join(tmpdir(), 'motlan-damage-'));
  try {
    const store = await FilesystemStore.open(root);
    const keys = new KeyRing({ id: 'k1', key: createSecretKey(randomBytes(32)) });
    const objects = new SealedObjects({ store, keys, spoolFolder: join(root, 'spool') });
    const kept = await keepSome(objects, root, chance);
    const kinds: Record<string, number> = {};
    let [undetected, lost] = [0, 0];
    for (let i = 0; i < n; i += 1) {
      const one = chance.pick(kept);
      const other = chance.pick(kept.filter((candidate) => candidate !== one));
      const [name, harm] = chance.pick(Object.entries(HARMS));
      kinds[name] = (kinds[name] ?? 0) + 1;
      const whole = await readFile(one.path);
      const harmed = harm.file ? harm.file(whole, await readFile(other.path), chance) : whole;
      await (harmed === undefined ? unlink(one.path) : writeFile(one.path, harmed));
      const stored = harm.row?.(one.stored, other.stored) ?? one.stored;
      const given = await read({ objects, store, stored, boundTo: one.boundTo }).catch(() => undefined);
      // Another's whole object is undetected harm too: it was given in this document's name.
      if (given !== undefined && !(harm.row === undefined && harmed?.equals(whole))) undetected += 1;
      await writeFile(one.path, whole);
      const again = await read({ objects, store, ...one }).catch(() => undefined);
      if (again === undefined) lost += 1;
    }
    return { n, lost, undetected, duplicates: 0, kinds };
  } finally {
    await rm(root, { recursive: true });
  }
}

async function keepSome(objects: SealedObjects, root: string, chance: Chance): Promise<readonly Kept[]> {
  const kept: Kept[] = [];
  for (const size of [...SIZES, ...SIZES]) {
    const plain = chance.bytes(size);
    const boundTo = `document:${kept.length}/original`;
    const stored = await objects.writeObject(plain, { boundTo, maxBytes: size });
    const folder = join(root, 'data', stored.key, '..');
    const name = (await readdir(folder)).find((entry) =>
      entry.startsWith(`${stored.key.split('/').at(-1)}@`),
    );
    if (name === undefined) throw new Error(`no file was made for ${stored.key}`);
    kept.push({ boundTo, stored, path: join(folder, name) });
  }
  return kept;
}

function flip(bytes: Buffer, at: number, bit: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ (1 << bit);
  return copy;
}

function splice(bytes: Buffer, other: Buffer, chance: Chance): Buffer {
  const copy = Buffer.from(bytes);
  const at = chance.below(bytes.byteLength);
  other.copy(copy, at, Math.min(at, other.byteLength - 1));
  return copy;
}
