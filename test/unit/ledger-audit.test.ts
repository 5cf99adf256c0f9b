/** The outsider's auditor over logs in a folder: visits that go on where they stopped, witnesses, and every bad input. */
import { generateKeyPairSync } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { type AuditState, readState, writeState } from '../../src/ledger/audit-state.ts';
import { auditLog } from '../../src/ledger/auditor.ts';
import * as log from '../../src/ledger/log/index.ts';
import { readEntries } from '../../src/ledger/log-bundles.ts';
import { logCommand } from '../../src/ledger/log-command.ts';

const ORIGIN = 'vault.example/log';
const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const vkey = log.formatVerifierKey(log.notePublicKey(ORIGIN, 'log', publicKey));
const signer = log.logSigner(ORIGIN, privateKey);
const witnessKeys = generateKeyPairSync('ed25519');
const witness = log.formatVerifierKey(log.notePublicKey('witness.example', 'witness', witnessKeys.publicKey));
const witnessing = log.witnessSigner('witness.example', witnessKeys.privateKey, () => 1_790_000_000);

/** A log that grows in a folder, as its writer would write it; each size keeps its own leaves. */
class Publisher {
  readonly folder = mkdtempSync(join(tmpdir(), 'audit-'));
  #size = 0;
  #edge: log.Edge = [];
  #bundle: Buffer = Buffer.alloc(0);
  readonly #mark: string;
  constructor(mark = 'leaf') {
    this.#mark = mark;
  }

  async grow(to: number): Promise<string> {
    const leaves = Array.from({ length: to - this.#size }, (_, n) =>
      Buffer.from(`${this.#mark} ${this.#size + n}`),
    );
    const prefixed = leaves.map((leaf) =>
      Buffer.concat([Buffer.of(leaf.length >> 8, leaf.length & 255), leaf]),
    );
    const entries = readEntries(this.#size, this.#bundle, Buffer.concat(prefixed));
    const growth = await log.growTree(this.#size, this.#edge, entries.hashes);
    for (const { id, bytes } of [...entries.bundles, ...growth.tiles]) this.write(log.tilePath(id), bytes);
    [this.#size, this.#edge, this.#bundle] = [to, growth.edge, entries.edge];
    const text = log.checkpointText({ origin: ORIGIN, size: to, root: growth.root });
    const note = await log.signNote(text, signer);
    const cosigned = await log.signNote(text, witnessing);
    const checkpoint = log.formatNote({ text, signatures: [...note.signatures, ...cosigned.signatures] });
    this.write('checkpoint', Buffer.from(checkpoint));
    return checkpoint;
  }

  write(path: string, bytes: Uint8Array): void {
    const file = join(this.folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytes);
  }

  read = (path: string): Buffer => readFileSync(join(this.folder, path));
}

const audit = (publisher: Publisher, more: Partial<Parameters<typeof auditLog>[0]> = {}) =>
  auditLog({ prefix: publisher.folder, vkey, ...more });

test('a log of every interesting size is whole, and each visit begins where the last one ended', async () => {
  const publisher = new Publisher();
  let state: AuditState | undefined;
  for (const size of [1, 255, 256, 257, 512, 700, 65_536, 65_537, 66_000]) {
    await publisher.grow(size);
    const fresh = await audit(publisher);
    expect([size, fresh.faults]).toEqual([size, []]);
    const visit = await audit(publisher, { ...(state ? { state } : {}) });
    expect([size, visit.faults, visit.root]).toEqual([size, [], fresh.root]);
    expect(visit.state.examined).toBe(Math.floor(size / 256) * 256);
    state = visit.state;
  }
}, 60_000);

test('what was examined is not read again, and an interrupted visit goes on', async () => {
  const publisher = new Publisher();
  await publisher.grow(40_000);
  const states: AuditState[] = [];
  await audit(publisher, { onProgress: (state) => void states.push(state) });
  expect(states.map(({ examined }) => examined)).toEqual([16_384, 32_768]);
  const file = join(publisher.folder, 'state.json');
  await writeState(file, states[1]!);
  rmSync(join(publisher.folder, 'tile/entries/000'));
  const rest = await audit(publisher, { state: await readState(file) });
  expect(rest).toMatchObject({ size: 40_000, faults: [] });
  expect((await audit(publisher)).faults).toEqual(['tile/entries/000: missing']);
});

describe('a log that is not what it was', () => {
  let publisher: Publisher;
  let first: AuditState;
  beforeAll(async () => {
    publisher = new Publisher();
    await publisher.grow(300);
    first = (await audit(publisher)).state;
  });

  test.each([300, 301, 512, 600])(
    'another history of size %i did not grow from the one seen',
    async (size) => {
      const other = new Publisher('other');
      await other.grow(size);
      const report = await audit(other, { state: first });
      expect(report.faults).toContain('checkpoint: the log did not grow from the earlier one of size 300');
      expect(report.state).toEqual(first);
    },
  );

  test('a shorter log is an older one', async () => {
    const older = new Publisher();
    const earlier = await older.grow(299);
    expect((await audit(older, { state: first })).faults).toEqual([
      'checkpoint: the log is shorter than it was earlier',
    ]);
    expect((await audit(publisher, { earlier })).faults).toEqual([]);
  });
});

test('cosignatures count only when they hold, and only of witnesses that are named', async () => {
  const publisher = new Publisher();
  const checkpoint = await publisher.grow(10);
  expect(await audit(publisher, { witnesses: [witness] })).toMatchObject({
    faults: [],
    witnesses: ['witness.example'],
  });
  const stranger = log.formatVerifierKey(
    log.notePublicKey('other.example', 'witness', generateKeyPairSync('ed25519').publicKey),
  );
  expect((await audit(publisher, { witnesses: [witness, stranger] })).faults).toEqual([
    'checkpoint: cosigned by 1 of 2 witnesses',
  ]);
  expect((await audit(publisher, { witnesses: [witness, stranger], witnessesNeeded: 1 })).faults).toEqual([]);
  const lines = checkpoint.split('\n');
  const at = lines.findIndex((line) => line.startsWith('— witness.example'));
  const blob = Buffer.from(lines[at]!.split(' ')[2]!, 'base64');
  blob[blob.length - 1]! ^= 1;
  lines[at] = `— witness.example ${blob.toString('base64')}`;
  publisher.write('checkpoint', Buffer.from(lines.join('\n')));
  expect((await audit(publisher, { witnesses: [witness] })).faults).toEqual([
    'checkpoint: the cosignature of witness.example is false',
    'checkpoint: cosigned by 0 of 1 witnesses',
  ]);
  expect((await audit(publisher, { witnesses: ['nonsense'] })).faults[0]).toContain(
    'the key of a witness: malformed',
  );
});

describe('bad input is named', () => {
  let publisher: Publisher;
  let whole: Map<string, Buffer>;
  beforeAll(async () => {
    publisher = new Publisher();
    await publisher.grow(700);
    whole = new Map();
    const walk = (folder: string): void => {
      for (const entry of readdirSync(join(publisher.folder, folder), { withFileTypes: true })) {
        const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
        if (entry.isDirectory()) walk(path);
        else whole.set(path, publisher.read(path));
      }
    };
    walk('');
  });
  const spoilt = async (path: string, change: (bytes: Buffer) => Buffer | undefined) => {
    const changed = change(Buffer.from(whole.get(path)!));
    if (changed === undefined) rmSync(join(publisher.folder, path));
    else publisher.write(path, changed);
    const report = await audit(publisher);
    publisher.write(path, whole.get(path)!);
    return report.faults.join('; ');
  };
  const text = (change: (checkpoint: string) => string) => (bytes: Buffer) =>
    Buffer.from(change(bytes.toString()));

  const flipped = (bytes: Buffer): Buffer => {
    bytes[5]! ^= 1;
    return bytes;
  };
  const cases: [string, string, (bytes: Buffer) => Buffer | undefined, string][] = [
    ['a corrupted tile', 'tile/0/001', flipped, 'tile/entries/001 and tile/0/001 differ'],
    ['a corrupted upper tile', 'tile/1/000.p/2', flipped, 'tile/1/000.p/2: does not follow'],
    ['a missing tile', 'tile/0/001', () => undefined, 'tile/0/001: missing'],
    ['a missing bundle', 'tile/entries/002.p/188', () => undefined, 'tile/entries/002.p/188: missing'],
    ['a bundle cut off', 'tile/entries/000', (b) => b.subarray(0, 99), 'tile/entries/000: malformed'],
    [
      'a size beyond the log',
      'checkpoint',
      text((t) => t.replace('\n700\n', '\n7000\n')),
      'the signature is false',
    ],
    [
      'another origin',
      'checkpoint',
      text((t) => t.replaceAll(ORIGIN, 'x.example/log')),
      'not signed by the key',
    ],
    ['a malformed note', 'checkpoint', text((t) => t.slice(0, 40)), 'not signed by the key'],
    ['a missing checkpoint', 'checkpoint', () => undefined, 'checkpoint: missing'],
  ];
  test.each(cases)('%s', async (_, path, change, said) => {
    expect(await spoilt(path, change)).toContain(said);
  });

  test('two roots of one size, both signed by the log', async () => {
    const { state } = await audit(publisher);
    const root = Buffer.alloc(32, 7);
    const note = await log.signNote(log.checkpointText({ origin: ORIGIN, size: 700, root }), signer);
    publisher.write('checkpoint', Buffer.from(log.formatNote(note)));
    const { faults } = await audit(publisher, { state });
    publisher.write('checkpoint', whole.get('checkpoint')!);
    expect(faults).toContain('checkpoint: its root is not that of the tiles');
  });

  test('an unknown key', async () => {
    const other = log.formatVerifierKey(
      log.notePublicKey(ORIGIN, 'log', generateKeyPairSync('ed25519').publicKey),
    );
    expect((await audit(publisher, { vkey: other })).faults).toEqual([
      `checkpoint: not signed by the key of ${ORIGIN}`,
    ]);
    expect((await audit(publisher, { vkey: 'nonsense' })).faults).toEqual([
      'the key: malformed, or not of a log',
    ]);
  });

  test('the command keeps its state in a file, says what it finds, and refuses a state that is none', async () => {
    const lines: string[] = [];
    const output = {
      out: (line: string) => void lines.push(line),
      err: (line: string) => void lines.push(line),
    };
    const state = join(publisher.folder, 'kept.json');
    const run = () =>
      logCommand(['audit', '--key', vkey, '--witness', witness, '--state', state, publisher.folder], output);
    expect(await run()).toBe(0);
    expect(lines.at(-1)).toContain('700 entries');
    expect(existsSync(state)).toBe(true);
    expect(await run()).toBe(0);
    writeFileSync(state, '{"examined":3}');
    expect(await run()).toBe(1);
    expect(lines.at(-1)).toContain('is not a state of an audit');
    expect(await logCommand(['audit', '--key', vkey, '--needed', '1', publisher.folder], output)).toBe(2);
  });
});
