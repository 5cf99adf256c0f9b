import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { auditLog } from '../../src/ledger/auditor.ts';
import { examineLog, type LogFault } from '../../src/ledger/log-fsck.ts';
import { LogObjects } from '../../src/ledger/log-objects.ts';
import { LogProofs } from '../../src/ledger/log-proofs.ts';
import { LogReader } from '../../src/ledger/log-reader.ts';
import { takeSequencer } from '../../src/ledger/sequencer.ts';
import { verifyProofFile } from '../../src/ledger/verify-proof-file.ts';
import type { Sql } from '../../src/platform/database.ts';
import { MemoryStore } from '../../storage/index.ts';
import { type LogFixture, logFixture } from '../support/log-fixture.ts';

let fixture: LogFixture;
let sql: Sql;
let whole: Map<string, Buffer>;
let eventIds: string[];
const SIZE = 700;

beforeAll(async () => {
  fixture = await logFixture();
  sql = { query: (text, parameters) => fixture.database.read(text, parameters) };
  eventIds = [];
  await using sequencer = (await takeSequencer(fixture.options))!;
  for (const count of [150, 150, 250, 100, 50]) {
    eventIds.push(...(await fixture.appendAtOnce(count)));
    await sequencer.step();
  }
  whole = new Map();
  for (const { key } of await fixture.store.list()) whole.set(key, (await fixture.store.get(key)).bytes);
});
afterAll(() => fixture[Symbol.asyncDispose]());

const examine = async (store = fixture.store, rows: Sql = sql): Promise<LogFault[]> => {
  const faults: LogFault[] = [];
  const { log } = fixture.options;
  for await (const fault of examineLog({ sql: rows, objects: new LogObjects(store), log }))
    faults.push(fault);
  return faults;
};

async function copyOf(change: (objects: Map<string, Buffer>) => void): Promise<MemoryStore> {
  const objects = new Map([...whole].map(([key, bytes]) => [key, Buffer.from(bytes)]));
  change(objects);
  const store = new MemoryStore();
  for (const [key, bytes] of objects) await store.put(key, bytes);
  return store;
}

/** The log as a folder, as a mirror would have it. */
async function folderOf(store: MemoryStore): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'log-'));
  for (const { key } of await store.list()) {
    const file = join(folder, key.slice('log/'.length));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, (await store.get(key)).bytes);
  }
  return folder;
}

test('a whole log has no fault, by fsck and by the outsider', async () => {
  expect(await examine()).toEqual([]);
  const report = await auditLog({ prefix: await folderOf(fixture.store), vkey: fixture.vkey });
  expect(report).toMatchObject({ size: SIZE, faults: [] });
});

describe('planted in objects', () => {
  // Deterministic, so that a failure can be looked at again.
  let seed = 1;
  const random = (limit: number): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((seed / 2_147_483_648) * limit);
  };

  test('160 corruptions are all found and named', async () => {
    const keys = [...whole.keys()];
    for (let n = 0; n < 160; n += 1) {
      const key = keys[n % keys.length]!;
      const kind = ['flip', 'cut', 'delete', 'extend', 'swap'][random(5)]!;
      const store = await copyOf((objects) => {
        const bytes = objects.get(key)!;
        if (kind === 'flip') bytes[random(bytes.length)]! ^= 1 << random(8);
        else if (kind === 'cut') objects.set(key, bytes.subarray(0, random(bytes.length)));
        else if (kind === 'delete') objects.delete(key);
        else if (kind === 'extend') objects.set(key, Buffer.concat([bytes, Buffer.alloc(32, n)]));
        else objects.set(key, objects.get(keys[(n + 1 + random(keys.length - 1)) % keys.length]!)!);
      });
      const name = key.slice('log/'.length);
      // An older partial tile may go: the one that grew from it serves in its place.
      const needed = kind !== 'delete' || !isOlderPartial(name);
      // Swapped with itself or with an equal object nothing changed.
      const changed = !(await same(store, key));
      const found = (await examine(store)).some(({ where }) => where === name);
      expect({ n, kind, name, found }).toEqual({ n, kind, name, found: needed && changed });
    }
  });

  test('the outsider finds them too, as far as the newest tiles are concerned', async () => {
    for (const [key] of whole) {
      const name = key.slice('log/'.length);
      if (isOlderPartial(name)) continue;
      const store = await copyOf((objects) => {
        const bytes = objects.get(key)!;
        bytes[name === 'checkpoint' ? 22 : random(bytes.length)]! ^= 4;
      });
      const { faults } = await auditLog({ prefix: await folderOf(store), vkey: fixture.vkey });
      expect({ name, found: faults.some((fault) => fault.includes(name)) }).toEqual({ name, found: true });
    }
  });

  const newest = ['tile/0/002.p/188', 'tile/1/000.p/2', 'tile/entries/002.p/188'];
  const isOlderPartial = (name: string): boolean => name.includes('.p/') && !newest.includes(name);
  const same = async (store: MemoryStore, key: string): Promise<boolean> =>
    (await store.get(key).catch(() => undefined))?.bytes.equals(whole.get(key)!) === true;
});

describe('planted in rows', () => {
  /** Runs begin at each bundle and at each step. */
  const runOf = (n: number): number => [0, 150, 256, 300, 512, 550, 650].findLast((first) => first <= n)!;
  /** What is found when these statements were done behind the vault's back; they are undone after it. */
  const planted = async (statements: readonly string[]): Promise<LogFault[]> => {
    const client = await fixture.database.pool.connect();
    try {
      await client.query("BEGIN; SET LOCAL session_replication_role = 'replica'");
      for (const statement of statements) await client.query(statement);
      const within: Sql = {
        query: async (text, values = []) => (await client.query(text, [...values])).rows,
      };
      return await examine(fixture.store, within);
    } finally {
      await client.query('ROLLBACK');
      client.release();
    }
  };

  const spoilt: [string, (n: number) => string, (n: number) => string][] = [
    [
      'an event told otherwise',
      (n) => `UPDATE ledger_event SET outcome = 'denied' WHERE id = '${eventIds[n]}'`,
      (n) => `ledger_event ${eventIds[n]}`,
    ],
    [
      'an event moved in time',
      (n) =>
        `UPDATE ledger_event SET occurred_at = occurred_at - interval '1 hour' WHERE id = '${eventIds[n]}'`,
      (n) => `ledger_event ${eventIds[n]}`,
    ],
    [
      'an owner exchanged',
      (n) => `UPDATE ledger_event SET owner_id = gen_random_uuid() WHERE id = '${eventIds[n]}'`,
      (n) => `ledger_event ${eventIds[n]}`,
    ],
    [
      'an event removed',
      (n) => `DELETE FROM ledger_event WHERE id = '${eventIds[n]}'`,
      (n) => `ledger_event ${eventIds[n]}`,
    ],
    ['a run removed', (n) => `DELETE FROM log_run WHERE first = ${runOf(n)}`, () => 'log_run'],
    [
      'a leaf changed',
      (n) => `UPDATE log_run SET leaves = set_byte(leaves, 22, 33) WHERE first = ${runOf(n)}`,
      (n) => `log_run ${runOf(n)}`,
    ],
    [
      'two leaves telling of one event',
      (n) => `UPDATE log_run SET event_ids[1] = event_ids[2] WHERE first = ${runOf(n)}`,
      (n) => `ledger_event ${eventIds[runOf(n)]}`,
    ],
  ];

  test('56 corruptions are all found and named', async () => {
    for (const [what, plant, named] of spoilt) {
      for (const n of [0, 1, 149, 255, 256, 511, 650, 699]) {
        const faults = await planted([plant(n)]);
        expect({ what, n, found: faults.some(({ where }) => where === named(n)) }).toEqual({
          what,
          n,
          found: true,
        });
      }
    }
    expect(await examine()).toEqual([]);
  }, 240_000);

  test('a checkpoint with another root or note, and a state that is behind, are named', async () => {
    const faults = await planted([
      `UPDATE log_checkpoint SET root = sha256('x') WHERE size = 300`,
      `UPDATE log_checkpoint SET note = replace(note, 'A', 'B') WHERE size = 550`,
      'UPDATE log_state SET size = 650',
    ]);
    expect(faults.map(({ where }) => where).sort()).toEqual([
      'log_checkpoint 300',
      'log_checkpoint 300',
      'log_checkpoint 550',
      'log_state',
    ]);
    expect(await examine()).toEqual([]);
  });
});

describe('proof files', () => {
  const proofs = () => new LogProofs({ sql, reader: new LogReader(fixture.options.objects) });

  test('of every kind of place hold offline, and say what was opened', async () => {
    for (const n of [0, 255, 256, 511, 512, 699]) {
      const verdict = verifyProofFile(await proofs().ofEvent(eventIds[n]!, ['paper', 'use']), {
        policy: fixture.vkey,
      });
      expect(verdict).toMatchObject({
        valid: true,
        index: n,
        size: SIZE,
        type: 'document.read',
        outcome: 'permitted',
      });
      expect(verdict.opened?.use?.event).toBe(eventIds[n]);
      expect(verdict.opened?.office).toBeUndefined();
    }
  });

  test('of an event with several owners name the one who asks, and nobody else', async () => {
    const owners = ['01900000-0000-7000-8000-00000000000a', '01900000-0000-7000-8000-00000000000b'];
    await using own = await logFixture();
    const [eventId] = await own.appendAtOnce(1, owners);
    await using sequencer = (await takeSequencer(own.options))!;
    await sequencer.step();
    const rows: Sql = { query: (text, parameters) => own.database.read(text, parameters) };
    const { log } = own.options;
    const find = () => Array.fromAsync(examineLog({ sql: rows, objects: new LogObjects(own.store), log }));
    expect(await find()).toEqual([]);
    const given = new LogProofs({ sql: rows, reader: new LogReader(own.options.objects) });
    for (const [owner, other] of [owners, owners.toReversed()] as [string, string][]) {
      const proof = await given.ofEvent(eventId!, ['paper', 'use'], owner);
      expect(verifyProofFile(proof, { policy: own.vkey })).toMatchObject({ valid: true, owner });
      const [, extra = ''] = /^extra (.*)$/m.exec(proof) ?? [];
      const shown = Buffer.from(extra, 'base64').toString();
      expect(shown).not.toContain(other);
      const forged = Buffer.from(shown.replace(owner, other)).toString('base64');
      expect(verifyProofFile(proof.replace(extra, forged), { policy: own.vkey }).reason).toContain('owner');
    }
    // A reading hidden from one owner's usage log does not give the leaf any more.
    await rows.query('ALTER TABLE event_subject DISABLE TRIGGER ALL');
    await rows.query(`DELETE FROM event_subject WHERE owner_id = '${owners[1]}'`);
    expect((await find()).map(({ where }) => where)).toEqual([`ledger_event ${eventId}`]);
  });

  test('do not hold for another document, under another key, or changed anywhere', async () => {
    const proof = await proofs().ofEvent(eventIds[300]!, ['paper']);
    const policy = fixture.vkey;
    const digest = 'ab'.repeat(32);
    expect(verifyProofFile(proof, { policy, documentSha256: digest }).valid).toBe(true);
    expect(verifyProofFile(proof, { policy, documentSha256: 'cd'.repeat(32) }).reason).toContain(
      'this document',
    );
    expect(verifyProofFile(proof.replace('index 300', 'index 301'), { policy }).reason).toContain(
      'at this place',
    );
    expect(verifyProofFile(proof.replace(`\n${SIZE}\n`, '\n999\n'), { policy }).reason).toContain(
      'does not match',
    );
    expect(verifyProofFile(proof.replaceAll('vault.example', 'other.example'), { policy }).reason).toContain(
      'no log named',
    );
    expect(verifyProofFile(await proofs().ofIndex(3), { policy }).reason).toContain('opens nothing');
    expect(verifyProofFile('nonsense', { policy }).valid).toBe(false);
  });

  test('of an event that waits, or that does not exist, are refused with the reason', async () => {
    const [waiting] = await fixture.append(1);
    await expect(proofs().ofEvent(waiting!, [])).rejects.toMatchObject({
      kind: 'unavailable',
      code: 'log-entry-waits',
    });
    await expect(proofs().ofIndex(10_000)).rejects.toMatchObject({ kind: 'not-found' });
    const nobody = '00000000-0000-7000-8000-000000000000';
    await expect(proofs().ofEvent(nobody, [])).rejects.toMatchObject({ kind: 'not-found' });
    for (const table of ['ledger_event', 'event_subject'])
      await sql.query(`ALTER TABLE ${table} DISABLE TRIGGER ALL`);
    await sql.query('DELETE FROM log_queue');
    await sql.query(`DELETE FROM event_subject WHERE event_id = '${waiting}'`);
    await sql.query(`DELETE FROM ledger_event WHERE id = '${waiting}'`);
  });

  test('are not given from a damaged tile; the damage is told instead', async () => {
    const store = await copyOf((objects) => {
      objects.get('log/tile/0/001')![40]! ^= 1;
    });
    const doubts: string[] = [];
    const damaged = new LogProofs({
      sql,
      reader: new LogReader(new LogObjects(store)),
      onDoubt: ({ message }) => doubts.push(message),
    });
    await expect(damaged.ofIndex(300)).rejects.toMatchObject({ code: 'log-damaged' });
    expect(doubts[0]).toContain('entry 300');
  });
});

const go = ['/usr/local/go/bin/go', '/usr/bin/go'].find((path) => existsSync(path));
(go ? test : test.skip)(
  'Go’s checksum-database packages accept the log and a proof, and refuse a damaged one',
  async () => {
    const judge = (...args: string[]) =>
      spawnSync(go!, ['run', '.', ...args], { cwd: 'scripts/conformance/log', encoding: 'utf8' });
    const folder = await folderOf(fixture.store);
    expect(judge('check', folder, fixture.vkey)).toMatchObject({ status: 0 });
    const file = join(folder, 'one.tlog-proof');
    const proofs = new LogProofs({ sql, reader: new LogReader(fixture.options.objects) });
    writeFileSync(file, await proofs.ofEvent(eventIds[444]!, ['paper']));
    expect(judge('proof', file, fixture.vkey)).toMatchObject({
      status: 0,
      stdout: 'accepted: entry 444 of 700\n',
    });
    const spoiled = await copyOf((objects) => {
      objects.get('log/tile/entries/001')![99]! ^= 1;
    });
    expect(judge('check', await folderOf(spoiled), fixture.vkey)).toMatchObject({ status: 1 });
  },
);
