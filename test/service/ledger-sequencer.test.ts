import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  decodeBundle,
  EMPTY_ROOT,
  formatVerifierKey,
  leafHash,
  notePublicKey,
  openCheckpoint,
  parsePolicy,
  rootOf,
  tilePath,
  tilesOfSize,
  witnessSigner,
} from '../../src/ledger/log/index.ts';
import { LogObjects } from '../../src/ledger/log-objects.ts';
import * as rows from '../../src/ledger/log-repository.ts';
import { type LogAlarm, LogService, type LogServiceOptions } from '../../src/ledger/log-service.ts';
import { takeSequencer } from '../../src/ledger/sequencer.ts';
import { Witness, witnessServer } from '../../src/ledger/witness.ts';
import { Database, type Sql } from '../../src/platform/database.ts';
import { copyDatabase, dropDatabase, type LogFixture, logFixture } from '../support/log-fixture.ts';

let fixture: LogFixture;
beforeEach(async () => {
  fixture = await logFixture();
});
afterEach(() => fixture[Symbol.asyncDispose]());

const sqlOf = (database: Database): Sql => ({ query: (text, parameters) => database.read(text, parameters) });

/** Checks the published log as an outsider would: every tile and bundle there, and the signed root is theirs. */
async function publishedLog(): Promise<number> {
  const { objects, log } = fixture.options;
  const checkpoint = openCheckpoint((await objects.getCheckpoint()) ?? '', log);
  const entries: Buffer[] = [];
  for (const tile of tilesOfSize(checkpoint.size)) {
    const bytes = await objects.getTile(tile);
    if (bytes === undefined) throw new Error(`${tilePath(tile)} is missing`);
    if (tile.level === 'entries') entries.push(...decodeBundle(bytes).slice(0, tile.width));
  }
  expect(entries).toHaveLength(checkpoint.size);
  expect(rootOf(entries.map(leafHash))).toEqual(checkpoint.root);
  return checkpoint.size;
}

async function until(condition: () => Promise<boolean>, what: string): Promise<void> {
  for (let tries = 0; tries < 400; tries += 1) {
    if (await condition()) return;
    await sleep(25);
  }
  throw new Error(`waited in vain until ${what}`);
}

const publishedSize = async (): Promise<number> =>
  Number((await fixture.options.objects.getCheckpoint())?.split('\n')[1] ?? 0);

async function appendAndSequence(...counts: number[]): Promise<void> {
  await using sequencer = (await takeSequencer(fixture.options))!;
  for (const count of counts) {
    await fixture.appendAtOnce(count);
    await sequencer.step();
  }
}

/** Runs work on the database restored from a backup copy. */
async function withRestored(backup: string, work: (restored: Database) => Promise<void>): Promise<void> {
  const url = new URL(fixture.url);
  url.pathname = `/${backup}`;
  const restored = new Database({ url: url.href });
  try {
    await work(restored);
  } finally {
    await restored.close();
    await dropDatabase(backup);
  }
}

describe('the sequencer', () => {
  test('places every leaf once, without a gap, and publishes a log that outsiders can check', async () => {
    await using sequencer = (await takeSequencer(fixture.options))!;
    const ids: string[] = [];
    for (const count of [1, 3, 300, 260]) {
      ids.push(...(await fixture.appendAtOnce(count)));
      expect(await sequencer.step()).toEqual({ placed: count, size: ids.length });
      expect(await publishedLog()).toBe(ids.length);
    }
    const runs = await rows.readRuns(sqlOf(fixture.database), 0, ids.length);
    expect(runs.map(({ first, count }) => [first, count])).toEqual([
      [0, 1],
      [1, 3],
      [4, 252],
      [256, 48],
      [304, 208],
      [512, 52],
    ]);
    expect(runs.flatMap(({ eventIds }) => eventIds)).toEqual(ids);
    for (const n of [0, 3, 255, 256, 563])
      expect(await rows.indexOfEvent(sqlOf(fixture.database), ids[n]!)).toBe(n);
  });

  test('removes the partial form of a tile when the full one is there, and of no other', async () => {
    await appendAndSequence(100, 100, 100);
    const keys = (await fixture.store.list({ prefix: 'log/tile/0/' })).map(({ key }) => key);
    expect(keys).toEqual(['log/tile/0/000', 'log/tile/0/001.p/44']);
  });

  test('is one among several instances', async () => {
    await using first = (await takeSequencer(fixture.options))!;
    expect(await takeSequencer(fixture.options)).toBeUndefined();
    await fixture.append(1);
    expect((await first.step()).placed).toBe(1);
  });

  test('that lost its lock places and signs nothing more', async () => {
    const first = (await takeSequencer(fixture.options))!;
    await fixture.append(2);
    await rows.takeFence(sqlOf(fixture.database));
    await expect(first.step()).rejects.toThrow('another sequencer took over');
    await first[Symbol.asyncDispose]();
    expect(await fixture.database.read('SELECT 1 FROM log_run')).toEqual([]);
    await using second = (await takeSequencer(fixture.options))!;
    expect((await second.step()).placed).toBe(2);
  });

  test.each(['putTile', 'sign', 'putCheckpoint'] as const)(
    'cut off at %s is finished by the next one, with the same root',
    async (point) => {
      await appendAndSequence(300);
      await fixture.appendAtOnce(300);
      const cut = (): never => {
        throw new Error('power cut');
      };
      const objects = new LogObjects(fixture.store);
      const signer = { ...fixture.options.signer, ...(point === 'sign' ? { sign: cut } : {}) };
      const sequencer = (await takeSequencer({ ...fixture.options, objects, signer }))!;
      const put = objects.putTile.bind(objects);
      let puts = 0;
      if (point === 'putCheckpoint') objects.putCheckpoint = cut;
      if (point === 'putTile') objects.putTile = (id, bytes) => (++puts > 2 ? cut() : put(id, bytes));
      await expect(sequencer.step()).rejects.toThrow('power cut');
      await sequencer[Symbol.asyncDispose]();
      const decided = await rows.newestCheckpoint(sqlOf(fixture.database));
      await using next = (await takeSequencer(fixture.options))!;
      expect((await next.step()).size).toBe(600);
      expect(await publishedLog()).toBe(600);
      expect((await rows.newestCheckpoint(sqlOf(fixture.database), true))?.root).toEqual(decided?.root);
    },
  );

  test('cannot decide a second root of one size, nor can anybody change a leaf', async () => {
    await appendAndSequence(1);
    const change = (text: string) => fixture.database.read(text);
    await expect(change(`UPDATE log_checkpoint SET root = '\\x00'`)).rejects.toThrow('is decided');
    await expect(change('DELETE FROM log_checkpoint')).rejects.toThrow('append-only');
    await expect(change(`UPDATE log_run SET leaves = '\\x00'`)).rejects.toThrow('append-only');
    const second = `INSERT INTO log_checkpoint (size, root, decided_at) VALUES (1, '\\x00', now())`;
    await expect(change(second)).rejects.toThrow('log_checkpoint_pkey');
  });

  test('a rolled back event leaves no leaf and no gap', async () => {
    await fixture.append(1);
    const rolledBack = fixture.database.transactSql(async (sql) => {
      await sql.query(`INSERT INTO log_queue (event_id, leaf) VALUES (gen_random_uuid(), '\\x01')`);
      throw new Error('no');
    });
    await expect(rolledBack).rejects.toThrow('no');
    await fixture.append(1);
    await using sequencer = (await takeSequencer(fixture.options))!;
    expect(await sequencer.step()).toEqual({ placed: 2, size: 2 });
  });

  test('a log without leaves has the hash of nothing as its root', async () => {
    const state = await rows.openState(sqlOf(fixture.database), fixture.options.log.name);
    expect(state.root).toEqual(EMPTY_ROOT);
  });
});

describe('the running log', () => {
  const alarms: LogAlarm[] = [];
  const start = async (options: Partial<LogServiceOptions> = {}): Promise<LogService> => {
    const service = new LogService({
      ...fixture.options,
      onAlarm: (alarm) => alarms.push(alarm),
      ...options,
    });
    await service.start();
    return service;
  };
  beforeEach(() => {
    alarms.length = 0;
  });

  test('two instances under load give one gap-free log', async () => {
    await using _one = await start();
    await using _two = await start();
    await Promise.all(Array.from({ length: 4 }, () => fixture.append(50)));
    await until(async () => (await publishedSize()) === 200, 'all are published');
    expect(await publishedLog()).toBe(200);
    expect(alarms).toEqual([]);
  });

  test('goes on after the database cut its connections', async () => {
    await using _service = await start();
    await fixture.append(3);
    await until(async () => (await publishedSize()) === 3, 'three are published');
    const cut =
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()';
    await fixture.database.read(cut).catch(() => undefined);
    const answers = () =>
      fixture.append(1).then(
        () => true,
        () => false,
      );
    await until(answers, 'the database answers again');
    await until(async () => (await publishedSize()) === 4, 'the fourth is published');
    expect(alarms.every(({ kind }) => kind === 'failing')).toBe(true);
  });

  const spoil = async (key: string): Promise<void> => {
    const { bytes } = await fixture.store.get(key);
    bytes[bytes.length - 20]! ^= 1;
    await fixture.store.put(key, bytes);
  };
  const faults: [string, string, () => Promise<unknown>][] = [
    ['a corrupted tile at the edge', 'corrupted-object', () => spoil('log/tile/0/001.p/44')],
    ['a missing tile at the edge', 'missing-object', () => fixture.store.delete('log/tile/1/000.p/1')],
    ['a missing checkpoint', 'missing-object', () => fixture.store.delete('log/checkpoint')],
    ['a checkpoint with a false signature', 'bad-signature', () => spoil('log/checkpoint')],
    [
      'leaves that were removed',
      'rows',
      async () => {
        await fixture.database.read('ALTER TABLE log_run DISABLE TRIGGER USER');
        await fixture.database.read('DELETE FROM log_run WHERE first = 256');
      },
    ],
    [
      'another origin',
      'other-origin',
      () => fixture.database.read(`UPDATE log_state SET origin = 'x.example'`),
    ],
  ];
  test.each(faults)('refuses writes and alarms at start: %s', async (_, kind, plant) => {
    await appendAndSequence(300);
    await plant();
    await using service = await start();
    await until(async () => (await service.refusals()).length > 0, 'the log refuses');
    expect((await service.refusals())[0]).toMatchObject({ kind });
    expect(alarms[0]).toMatchObject({ kind });
    await expect(fixture.append(1)).rejects.toMatchObject({ kind: 'unavailable', code: 'log-in-doubt' });
    expect(await fixture.database.read('SELECT 1 FROM log_queue')).toEqual([]);
    expect(await fixture.database.read('SELECT 1 FROM ledger_event')).toHaveLength(300);
  });

  test('where the comparison fails, the log does not start, so that nothing is accepted', async () => {
    await appendAndSequence(1);
    const broken = {
      query: () => Promise.reject(new Error('the database answers with an error')),
    } as unknown as LogServiceOptions['pool'];
    await expect(start({ pool: broken, attempts: 2 })).rejects.toThrow('could not be compared');
    expect(alarms.map(({ kind }) => kind)).toEqual(['failing', 'failing']);
  });

  test('a doubt that cannot be recorded keeps the log from starting', async () => {
    await appendAndSequence(300);
    await spoil('log/checkpoint');
    const { pool } = fixture.options;
    const readOnly = {
      query: (query: { text: string }) =>
        query.text.includes('INSERT INTO log_refusal')
          ? Promise.reject(new Error('disk full'))
          : pool.query(query),
    } as unknown as LogServiceOptions['pool'];
    await expect(start({ pool: readOnly })).rejects.toThrow('disk full');
  });

  test('a database restored from an older backup is behind its published checkpoint', async () => {
    await appendAndSequence(2);
    const backup = `${fixture.name}_backup`;
    await copyDatabase(fixture.name, backup);
    await appendAndSequence(2);
    await withRestored(backup, async (restored) => {
      await using service = await start({ pool: restored.pool });
      expect(await service.refusals()).toMatchObject([{ kind: 'older-than-published' }]);
    });
  });

  describe('with a witness', () => {
    const name = 'witness.example';
    let url = '';
    let vkey = '';
    let close: () => Promise<void>;
    beforeEach(async () => {
      const { privateKey, publicKey } = generateKeyPairSync('ed25519');
      vkey = formatVerifierKey(notePublicKey(name, 'witness', publicKey));
      const witness = new Witness({
        signer: witnessSigner(name, privateKey, () => Math.floor(Date.now() / 1000)),
        logs: [fixture.options.log],
        folder: mkdtempSync(join(tmpdir(), 'witness-')),
      });
      const server = witnessServer(witness).listen(0, '127.0.0.1');
      await new Promise((resolve) => server.once('listening', resolve));
      url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      close = () => {
        server.closeAllConnections();
        return new Promise((resolve) => server.close(() => resolve()));
      };
    });
    afterEach(() => close());
    const policy = (address = url) =>
      parsePolicy(`log ${fixture.vkey}\nwitness w ${vkey} ${address}\nquorum w`);
    const cosigned = (size: number) =>
      until(async () => {
        const text = (await fixture.options.objects.getCheckpoint()) ?? '';
        return text.includes(`\n${size}\n`) && text.includes(`— ${name} `);
      }, `size ${size} is cosigned`);

    test('checkpoints are cosigned and published with the cosignature', async () => {
      await using _service = await start({ policy: policy() });
      for (const size of [1, 2, 3]) {
        await fixture.append(1);
        await cosigned(size);
      }
      expect(alarms).toEqual([]);
    });

    test('rows and objects quietly restored together are caught by the witness', async () => {
      const backup = `${fixture.name}_backup`;
      const service = await start({ policy: policy() });
      await fixture.append(5);
      await cosigned(5);
      await service[Symbol.asyncDispose]();
      const objectsThen = new Map<string, Buffer>();
      for (const { key } of await fixture.store.list()) {
        objectsThen.set(key, (await fixture.store.get(key)).bytes);
      }
      await copyDatabase(fixture.name, backup);
      const later = await start({ policy: policy() });
      await fixture.append(1);
      await cosigned(6);
      await later[Symbol.asyncDispose]();
      for (const { key } of await fixture.store.list()) await fixture.store.delete(key);
      for (const [key, bytes] of objectsThen) await fixture.store.put(key, bytes);
      alarms.length = 0;
      await withRestored(backup, async (restored) => {
        await using older = await start({ pool: restored.pool, policy: policy() });
        expect(await older.refusals()).toMatchObject([{ kind: 'older-than-witnessed' }]);
        expect(alarms[0]?.detail).toBe('witness witness.example has seen size 6; the database is at 5');
      });
    });

    test('a log whose witnesses are silent stays closed until enough of them answer, and opens by itself', async () => {
      await appendAndSequence(1);
      const silent = await start({ policy: policy('http://127.0.0.1:1') });
      expect(alarms[0]).toMatchObject({ kind: 'witness-unreached', detail: expect.stringContaining(name) });
      expect(await silent.refusals()).toMatchObject([{ kind: 'witness-unreached' }]);
      await expect(fixture.append(1)).rejects.toMatchObject({ code: 'log-in-doubt' });
      await silent[Symbol.asyncDispose]();
      await using service = await start({ policy: policy() });
      expect(await service.refusals()).toEqual([]);
      await fixture.append(1);
      await cosigned(2);
    });

    test('an emptied database is caught by the witness', async () => {
      const service = await start({ policy: policy() });
      await fixture.append(3);
      await cosigned(3);
      await service[Symbol.asyncDispose]();
      for (const { key } of await fixture.store.list()) await fixture.store.delete(key);
      await using fresh = await logFixture();
      await using emptied = await start({ pool: fresh.database.pool, policy: policy() });
      expect(await emptied.refusals()).toMatchObject([{ kind: 'older-than-witnessed' }]);
    });
  });
});
