import { createHash, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import * as log from '../../src/ledger/log/index.ts';
import { type CommandOutput, logCommand } from '../../src/ledger/log-command.ts';
import { Witness } from '../../src/ledger/witness.ts';
import { witnessCommand } from '../../src/ledger/witness-command.ts';

const ORIGIN = 'vault.example/log';
const WITNESS = 'witness.example';
const all = Array.from({ length: 600 }, (_, n) => log.leafHash(Buffer.from(`leaf ${n}`)));
const newKey = (name: string, kind: log.KeyKind) => {
  const { privateKey } = generateKeyPairSync('ed25519');
  const key = log.notePublicKey(name, kind, privateKey);
  return { privateKey, vkey: log.formatVerifierKey(key), verifier: log.noteVerifier(key) };
};

describe('a witness', () => {
  const logKey = newKey(ORIGIN, 'log');
  const witnessKey = newKey(WITNESS, 'witness');
  let folder: string;
  let witness: Witness;
  const open = (): Witness =>
    new Witness({
      signer: log.witnessSigner(WITNESS, witnessKey.privateKey, () => 1_800_000_000),
      logs: [logKey.verifier],
      folder,
    });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'witness-'));
    witness = open();
  });

  const checkpoint = async (leaves: readonly Buffer[], key: KeyObject = logKey.privateKey, origin = ORIGIN) =>
    log.formatNote(
      await log.signNote(
        log.checkpointText({ origin, size: leaves.length, root: log.rootOf(leaves) }),
        log.logSigner(origin, key),
      ),
    );
  const proof = (from: number, to: number, leaves: readonly Buffer[] = all) =>
    from === 0
      ? []
      : log.consistencyPlan(from, to).map(({ start, end }) => log.rootOf(leaves.slice(start, end)));
  const add = async (from: number, to: number, leaves = all) =>
    witness.addCheckpoint(
      log.formatAddCheckpoint(from, proof(from, to, leaves), await checkpoint(leaves.slice(0, to))),
    );

  test('cosigns a log that grows, again when asked again, and remembers it over a restart', async () => {
    const first = await add(0, 5);
    expect(first.status).toBe(200);
    const note = log.parseNote(await checkpoint(all.slice(0, 5)));
    const cosigned = { ...note, signatures: log.parseCosignatures(first.body) };
    expect(log.verifyNote(cosigned, [witnessKey.verifier])).toHaveLength(1);
    expect(log.cosignatureTime(cosigned.signatures[0]!.signature)).toBe(1_800_000_000);
    expect((await add(5, 5)).status).toBe(200);
    witness = open();
    expect((await add(5, 600)).status).toBe(200);
    expect(log.parseCheckpoint((await witness.latest(ORIGIN))!).size).toBe(600);
  });

  test('tells the size it knows when asked from another one', async () => {
    await add(0, 100);
    for (const [from, to] of [
      [0, 200],
      [50, 200],
      [0, 50],
      [99, 100],
    ] as const) {
      expect(await add(from, to)).toEqual({ status: 409, type: 'text/x.tlog.size', body: '100\n' });
    }
  });

  test('refuses a log that did not grow from the one it knows', async () => {
    await add(0, 100);
    const forked = [...all];
    forked[50] = all[599]!;
    expect((await add(100, 200, forked)).status).toBe(422);
    expect((await add(100, 100, forked)).status).toBe(409);
    expect(log.parseCheckpoint((await witness.latest(ORIGIN))!).root).toEqual(log.rootOf(all.slice(0, 100)));
  });

  test('refuses strangers, false signatures and malformed requests, with the statuses of the standard', async () => {
    const body = async (text: Promise<string>) => log.formatAddCheckpoint(0, [], await text);
    const other = newKey('other.example/log', 'log');
    const unknown = await witness.addCheckpoint(
      await body(checkpoint(all, other.privateKey, 'other.example/log')),
    );
    expect(unknown.status).toBe(404);
    expect((await witness.addCheckpoint(await body(checkpoint(all, other.privateKey)))).status).toBe(403);
    const good = await body(checkpoint(all.slice(0, 5)));
    expect((await witness.addCheckpoint(good.replace('\n5\n', '\n6\n'))).status).toBe(403);
    expect((await witness.addCheckpoint(good.replace('old 0', 'old 9'))).status).toBe(400);
    expect((await witness.addCheckpoint('nonsense')).status).toBe(400);
    expect(await witness.latest(ORIGIN)).toBeUndefined();
  });

  test('never cosigns two histories, however requests race', async () => {
    const forked = [...all];
    forked[0] = all[599]!;
    const answers = await Promise.all([add(0, 10), add(0, 10, forked), add(0, 10), add(0, 10, forked)]);
    const roots = new Set(answers.map(({ status }, at) => (status === 200 ? at % 2 : undefined)));
    roots.delete(undefined);
    expect(roots.size).toBe(1);
  });
});

describe('the log command', () => {
  let lines: string[];
  let folder: string;
  const output: CommandOutput = { out: (line) => lines.push(line), err: (line) => lines.push(line) };
  beforeEach(() => {
    lines = [];
    folder = mkdtempSync(join(tmpdir(), 'log-command-'));
  });

  test('makes a key that only its owner can read, and never over another', async () => {
    const file = join(folder, 'key.pem');
    expect(await logCommand(['keygen', '--out', file, ORIGIN], output)).toBe(0);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(log.parseVerifierKey(lines[0]!)).toMatchObject({ name: ORIGIN, kind: 'log' });
    const before = readFileSync(file);
    expect(await logCommand(['keygen', '--out', file, ORIGIN], output)).toBe(2);
    expect(readFileSync(file)).toEqual(before);
  });

  const proofFile = async (): Promise<{ file: string; vkey: string; document: string }> => {
    const document = join(folder, 'diploma.pdf');
    writeFileSync(document, 'the very bytes');
    const record: log.LeafRecord = {
      id: '0199f000-0000-7000-8000-000000000001',
      type: 'document.read',
      occurredAt: new Date('2026-11-23T08:15:30Z'),
      actorKind: 'system',
      actorId: 'desk',
      agencyId: 'agency-7',
      documentId: '0199f000-0000-7000-8000-0000000000dd',
      dossierId: null,
      personId: null,
      requestId: null,
      outcome: 'permitted',
      detail: { sha256: createHash('sha256').update('the very bytes').digest('hex') },
      salt: log.newLeafSalt(),
    };
    const leaves = [...all.slice(0, 9), log.leafHash(log.leafOf(record))];
    const key = newKey(ORIGIN, 'log');
    const text = log.checkpointText({ origin: ORIGIN, size: 10, root: log.rootOf(leaves) });
    const note = log.formatNote(await log.signNote(text, log.logSigner(ORIGIN, key.privateKey)));
    const path = log.inclusionPlan(9, 10).map(({ start, end }) => log.rootOf(leaves.slice(start, end)));
    const file = join(folder, 'one.tlog-proof');
    writeFileSync(
      file,
      log.formatProofFile({ extra: log.openLeaf(record, ['paper', 'use']), index: 9, path }, note),
    );
    return { file, vkey: key.vkey, document };
  };
  test('proves a usage-log line offline, and says what it says', async () => {
    const { file, vkey, document } = await proofFile();
    expect(await logCommand(['verify', '--key', vkey, '--document', document, file], output)).toBe(0);
    expect(lines[0]).toBe(`${file}: PROVED: entry 9 of 10 in the log ${ORIGIN}`);
    expect(lines).toContain('  2026-11-23T08:15:30.000Z document.read permitted');
    expect(lines).toContain('  use.agency: agency-7');
    expect(lines.join()).not.toContain('desk');
  });

  test('says why a proof does not hold', async () => {
    const { file, vkey } = await proofFile();
    const other = newKey(ORIGIN, 'log').vkey;
    expect(await logCommand(['verify', '--key', other, file], output)).toBe(1);
    expect(lines[0]).toContain('NOT PROVED: no known key has signed the note');
    writeFileSync(join(folder, 'other.pdf'), 'other bytes');
    expect(
      await logCommand(
        ['verify', '--key', vkey, '--document', join(folder, 'other.pdf'), '--json', file],
        output,
      ),
    ).toBe(1);
    expect(JSON.parse(lines[1]!)).toMatchObject({
      valid: false,
      reason: 'the entry does not speak of this document',
    });
  });

  test.each([
    [[], 'No task was given.'],
    [['prove'], 'There is no task "log prove".'],
    [['verify', 'x'], 'Give either --key or --policy.'],
    [['verify', '--key', 'k'], 'Name a proof file.'],
    [['verify', '--key', 'k', '/nowhere'], '/nowhere cannot be read'],
    [['audit', 'http://127.0.0.1:1'], "Give the log's public key"],
    [['keygen', 'a b'], 'Name the key'],
    [['verify', '--colour'], "Unknown option '--colour'"],
  ])('%j is wrong usage, and says what is right', async (args, reason) => {
    expect(await logCommand(args, output)).toBe(2);
    expect(lines[0]).toContain(reason);
    expect(lines[1]).toContain('Usage:');
  });

  test('a log that does not answer is no good log', async () => {
    expect(
      await logCommand(['audit', '--key', newKey(ORIGIN, 'log').vkey, 'http://127.0.0.1:1'], output),
    ).toBe(1);
    expect(lines[0]).toContain('The log cannot be read');
  });

  test('the witness command serves until it is stopped', async () => {
    const key = join(folder, 'witness.pem');
    await logCommand(['keygen', '--witness', '--out', key, WITNESS], output);
    const stop = new AbortController();
    const args = [
      '--key',
      key,
      '--folder',
      folder,
      '--log',
      newKey(ORIGIN, 'log').vkey,
      '--listen',
      '127.0.0.1:21290',
      WITNESS,
    ];
    const running = witnessCommand(args, output, stop.signal);
    while (!lines.some((line) => line.startsWith('listening')))
      await new Promise((resolve) => setTimeout(resolve, 10));
    expect(lines[1]).toBe(`witness ${lines[0]}`);
    const answer = await fetch('http://127.0.0.1:21290/add-checkpoint', { method: 'POST', body: 'nonsense' });
    expect([answer.status, await answer.text()]).toEqual([400, 'the request has no checkpoint\n']);
    expect((await fetch('http://127.0.0.1:21290/latest?origin=x')).status).toBe(404);
    const long = await fetch('http://127.0.0.1:21290/add-checkpoint', {
      method: 'POST',
      body: 'x'.repeat(70_000),
    });
    expect(long.status).toBe(413);
    stop.abort();
    expect(await running).toBe(0);
    expect(await witnessCommand(['--key', key], output)).toBe(2);
  });
});
