/** Harm to objects, tiles, bundles and checkpoints, and to the rows that open objects. */
import { generateKeyPairSync } from 'node:crypto';
import { checkpointText, formatNote, logSigner, signNote } from '../../../src/ledger/log/index.ts';
import type { Chance } from '../round.ts';
import { one } from './row-plants.ts';
import type { Maker } from './still.ts';

const OBJECTS = `SELECT id::text FROM stored_object ORDER BY stored_object.id`;

/** Rows of objects are named by the key of the object. */
const inObjectRow =
  (name: string, statement: string): Maker =>
  async (still, chance) => {
    const row = await one<{ id: string; key: string }>(
      still,
      chance,
      OBJECTS.replace('id::text', 'id::text, key'),
    );
    const others = await still.database.read<{ id: string }>(OBJECTS);
    const other = chance.pick(others.filter(({ id }) => id !== row?.id)).id;
    if (row === undefined) return undefined;
    return {
      name,
      named: row.key,
      statements: [statement.replaceAll('$id', row.id).replaceAll('$other', other)],
    };
  };

const objectRowPlants: readonly Maker[] = [
  inObjectRow(
    'object row: digest',
    `UPDATE stored_object SET sha256 = encode(sha256('planted'), 'hex') WHERE id = '$id'`,
  ),
  inObjectRow('object row: size', `UPDATE stored_object SET size = size + 1 WHERE id = '$id'`),
  inObjectRow(
    'object row: wrapped key changed',
    `UPDATE stored_object SET wrapped_key = set_byte(wrapped_key, 5, get_byte(wrapped_key, 5) # 1) WHERE id = '$id'`,
  ),
  inObjectRow(
    'object row: wrapped keys swapped',
    `UPDATE stored_object a SET wrapped_key = b.wrapped_key FROM stored_object b WHERE a.id = '$id' AND b.id = '$other'`,
  ),
  inObjectRow(
    'object row: master key',
    `UPDATE stored_object SET master_key_id = 'planted' WHERE id = '$id'`,
  ),
  inObjectRow(
    'object row: bound to another',
    `UPDATE stored_object SET bound_to = bound_to || 'x' WHERE id = '$id'`,
  ),
  inObjectRow('object row removed', `DELETE FROM stored_object WHERE id = '$id'`),
];

const harms: Readonly<Record<string, (bytes: Buffer, other: Buffer, chance: Chance) => Buffer | undefined>> =
  {
    flipped: (bytes, _, chance) => {
      const harmed = Buffer.from(bytes);
      const at = chance.below(harmed.length);
      harmed[at] = (harmed[at] ?? 0) ^ (1 << chance.below(8));
      return harmed;
    },
    truncated: (bytes, _, chance) => bytes.subarray(0, chance.below(bytes.length)),
    extended: (bytes) => Buffer.concat([bytes, Buffer.alloc(32)]),
    swapped: (_, other) => other,
    removed: () => undefined,
  };

const inObject =
  (name: string, prefix: string): Maker =>
  async ({ objects }, chance) => {
    const keys = [...objects.keys()].filter((key) => key.startsWith(prefix) && isNeeded(key, objects)).sort();
    if (keys.length < 1) return undefined;
    const key = chance.pick(keys);
    const all = [...objects.keys()].filter((other) => other !== key).sort();
    const harm = chance.pick(Object.keys(harms));
    const harmed = harms[harm]?.(
      objects.get(key) ?? Buffer.alloc(0),
      objects.get(chance.pick(all)) ?? Buffer.alloc(0),
      chance,
    );
    if (harmed?.equals(objects.get(key) ?? Buffer.alloc(0))) return undefined;
    return {
      name: `${name} ${harm}`,
      named: key.startsWith('log/') ? key.slice(4) : key,
      change: (copy) => void (harmed === undefined ? copy.delete(key) : copy.set(key, harmed)),
    };
  };

/** An older partial tile may go: the one that grew from it serves in its place. */
function isNeeded(key: string, objects: ReadonlyMap<string, Buffer>): boolean {
  const [, stem, width] = /^(.*\.p\/)(\d+)$/.exec(key) ?? [];
  if (stem === undefined) return true;
  return ![...objects.keys()].some(
    (other) => other.startsWith(stem) && Number(other.slice(stem.length)) > Number(width),
  );
}

/** A checkpoint as the log itself would sign it, of a tree that is not its own: two roots of one size. */
const twoRoots: Maker = async ({ objects, log }) => {
  const published = objects.get('log/checkpoint')?.toString() ?? '';
  const [origin = '', size = ''] = published.split('\n');
  const text = checkpointText({ origin, size: Number(size), root: Buffer.alloc(32, 7) });
  const forged = formatNote(await signNote(text, log.signer));
  return {
    name: 'checkpoint: two roots of one size',
    named: 'checkpoint',
    change: (copy) => void copy.set('log/checkpoint', Buffer.from(forged)),
  };
};

const strangerSigned: Maker = async ({ objects }) => {
  const published = objects.get('log/checkpoint')?.toString() ?? '';
  const [origin = ''] = published.split('\n');
  const { privateKey } = generateKeyPairSync('ed25519');
  const text = published.slice(0, published.indexOf('\n\n') + 1);
  const forged = formatNote(await signNote(text, logSigner(origin, privateKey)));
  return {
    name: 'checkpoint: signed by a stranger',
    named: 'checkpoint',
    change: (copy) => void copy.set('log/checkpoint', Buffer.from(forged)),
  };
};

export const objectPlants: readonly Maker[] = [
  ...objectRowPlants,
  inObject('object', 'o/'),
  inObject('object', 'o/'),
  inObject('object', 'o/'),
  inObject('object', 'o/'),
  inObject('tile', 'log/tile/0'),
  inObject('tile', 'log/tile/0'),
  inObject('bundle', 'log/tile/entries'),
  inObject('bundle', 'log/tile/entries'),
  inObject('checkpoint', 'log/checkpoint'),
  twoRoots,
  strangerSigned,
];
