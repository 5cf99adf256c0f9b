import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import * as log from '../../src/ledger/log/index.ts';

const leavesOf = (size: number): Buffer[] =>
  Array.from({ length: size }, (_, n) => log.leafHash(Buffer.from(`leaf ${n}`)));
const all = leavesOf(1400);

/** Grows a log in steps and keeps every tile it writes, as an object store would. */
async function grow(
  sizes: readonly number[],
): Promise<{ tiles: Map<string, Buffer>; roots: Map<number, Buffer> }> {
  const tiles = new Map<string, Buffer>();
  const roots = new Map<number, Buffer>();
  let size = 0;
  let edge: log.Edge = [];
  for (const next of sizes) {
    const growth = await log.growTree(size, edge, Buffer.concat(all.slice(size, next)));
    for (const { id, bytes } of growth.tiles) tiles.set(log.tilePath(id), bytes);
    roots.set(next, growth.root);
    [size, edge] = [next, growth.edge];
  }
  return { tiles, roots };
}
const sourceOf =
  (tiles: ReadonlyMap<string, Buffer>): log.TileSource =>
  (id) =>
    log.readHashTile(tiles.get(log.tilePath(id)) ?? Buffer.alloc(0));

const steps = fc
  .uniqueArray(fc.integer({ min: 1, max: all.length }), { minLength: 1, maxLength: 6 })
  .map((sizes) => sizes.sort((one, other) => one - other));

describe('a growing log', () => {
  test('has the root of the definition, whatever the steps it grew in', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (sizes) => {
        const { roots } = await grow(sizes);
        for (const [size, root] of roots) expect(root).toEqual(log.rootOf(all.slice(0, size)));
      }),
      { numRuns: 25 },
    );
  });

  test('proves every leaf and every older size from its tiles', async () => {
    await fc.assert(
      fc.asyncProperty(steps, fc.nat(), async (sizes, pick) => {
        const { tiles, roots } = await grow(sizes);
        const size = sizes.at(-1)!;
        const root = roots.get(size)!;
        const source = sourceOf(tiles);
        const index = pick % size;
        const path = await log.proveInclusion(source, index, size);
        expect(log.verifyInclusion({ index, size, leafHash: all[index]!, root, path })).toBe(true);
        for (const [oldSize, oldRoot] of roots) {
          const proof = await log.proveConsistency(source, oldSize, size);
          expect(log.verifyConsistency({ oldSize, oldRoot, newSize: size, newRoot: root, path: proof })).toBe(
            true,
          );
        }
        expect(await log.rootFromTiles(source, size)).toEqual(root);
      }),
      { numRuns: 25 },
    );
  });

  test('writes every tile that its size needs', async () => {
    const { tiles } = await grow([100, 300, 1024, 1400]);
    const needed = log.tilesOfSize(1400).filter(({ level }) => level !== 'entries');
    expect(needed.map(log.tilePath).filter((path) => !tiles.has(path))).toEqual([]);
    expect(log.edgeTiles(1400).map(log.tilePath)).toEqual(['tile/0/005.p/120', 'tile/1/000.p/5']);
    expect(log.edgeTiles(256).map(log.tilePath)).toEqual(['tile/1/000.p/1']);
  });

  test('of 70,000 leaves has the tiles of the C2SP example', () => {
    const tiles = log.tilesOfSize(70_000);
    expect(tiles.filter(({ level, width }) => level === 0 && width === 256)).toHaveLength(273);
    expect(tiles.filter(({ level }) => level === 'entries')).toHaveLength(274);
    expect(tiles.filter(({ width, level }) => width < 256 && level !== 'entries').map(log.tilePath)).toEqual([
      'tile/0/273.p/112',
      'tile/1/001.p/17',
      'tile/2/000.p/1',
    ]);
  });
});

describe('a false proof', () => {
  const size = 700;
  const root = log.rootOf(all.slice(0, size));
  const pathOf = (plan: log.LeafRange[]): Buffer[] =>
    plan.map(({ start, end }) => log.rootOf(all.slice(start, end)));

  test('of inclusion never verifies', () => {
    fc.assert(
      fc.property(fc.nat(size - 1), fc.nat(), fc.integer({ min: 0, max: 5 }), (index, pick, kind) => {
        const path = pathOf(log.inclusionPlan(index, size));
        const claim = { index, size, leafHash: all[index]!, root, path };
        expect(log.verifyInclusion(claim)).toBe(true);
        const flipped = path.map((hash) => Buffer.from(hash));
        flipped[pick % path.length]![pick % 32]! ^= 1 << (pick % 8);
        const lies = [
          { ...claim, path: flipped },
          { ...claim, path: path.slice(1) },
          { ...claim, path: [...path, all[0]!] },
          { ...claim, leafHash: all[index + 1]! },
          { ...claim, index: index + size },
          { ...claim, path: path.map((hash) => hash.subarray(1)) },
        ];
        expect(log.verifyInclusion(lies[kind]!)).toBe(false);
      }),
    );
  });

  test('of consistency never verifies', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: size - 1 }),
        fc.nat(),
        fc.integer({ min: 0, max: 4 }),
        (oldSize, pick, kind) => {
          const path = pathOf(log.consistencyPlan(oldSize, size));
          const oldRoot = log.rootOf(all.slice(0, oldSize));
          const claim = { oldSize, oldRoot, newSize: size, newRoot: root, path };
          expect(log.verifyConsistency(claim)).toBe(true);
          const flipped = path.map((hash) => Buffer.from(hash));
          flipped[pick % path.length]![pick % 32]! ^= 1 << (pick % 8);
          const forked = log.rootOf([...all.slice(0, oldSize - 1), all[1399]!]);
          const lies = [
            { ...claim, path: flipped },
            { ...claim, path: path.slice(1) },
            { ...claim, path: [...path, all[0]!] },
            { ...claim, oldRoot: forked },
            { ...claim, newSize: oldSize },
          ];
          expect(log.verifyConsistency(lies[kind]!)).toBe(false);
        },
      ),
    );
  });

  test('beyond the log is refused when asked for', () => {
    expect(() => log.inclusionPlan(5, 5)).toThrow('a log of 5 entries has no entry 5');
    expect(() => log.consistencyPlan(6, 5)).toThrow('no consistency proof');
  });
});

describe('tile paths', () => {
  test('are read back, and nothing else is', () => {
    const tile = fc.record({
      level: fc.oneof(fc.constant('entries' as const), fc.integer({ min: 0, max: 63 })),
      index: fc.maxSafeInteger().map(Math.abs),
      width: fc.integer({ min: 1, max: 256 }),
    });
    fc.assert(fc.property(tile, (id) => expect(log.parseTilePath(log.tilePath(id))).toEqual(id)));
  });
  test.each([
    'tile/00/000',
    'tile/0/0',
    'tile/0/x000/000',
    'tile/0/000.p/0',
    'tile/0/000.p/256',
    'tile/0/000.p/01',
    'tile/0/../000',
    'tile/x/000',
    '/tile/0/000',
    'tile/0/000/',
    'checkpoint',
  ])('%s is none', (path) => expect(log.parseTilePath(path)).toBeUndefined());
});

describe('bundles', () => {
  test('give back their entries', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 256 }),
        (entries) => {
          expect(log.decodeBundle(log.encodeBundle(entries)).map((entry) => Uint8Array.from(entry))).toEqual(
            entries,
          );
        },
      ),
      { numRuns: 20 },
    );
  });
  test('cut short are refused', () => {
    const bundle = log.encodeBundle([Buffer.from('abc'), Buffer.from('de')]);
    expect(() => log.decodeBundle(bundle.subarray(0, -1))).toThrow('ends inside an entry');
    expect(() => log.decodeBundle(bundle.subarray(0, 6))).toThrow('ends inside a length');
    expect(() => log.encodeBundle([Buffer.alloc(70_000)])).toThrow('65535');
  });
});

const newKey = (name: string, kind: log.KeyKind) => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const named = log.notePublicKey(name, kind, publicKey);
  return { privateKey, vkey: log.formatVerifierKey(named), verifier: log.noteVerifier(named) };
};
const origin = 'vault.example/log';
const logKey = newKey(origin, 'log');
const checkpoint = { origin, size: 700, root: log.rootOf(all.slice(0, 700)) };

async function cosigned(
  witnesses: readonly { name: string; privateKey: typeof logKey.privateKey }[],
): Promise<string> {
  const text = log.checkpointText(checkpoint);
  const note = await log.signNote(text, log.logSigner(origin, logKey.privateKey));
  const more = await Promise.all(
    witnesses.map(({ name, privateKey }) =>
      log.signNote(
        text,
        log.witnessSigner(name, privateKey, () => 1_795_000_000),
      ),
    ),
  );
  return log.formatNote({ text, signatures: [note, ...more].flatMap(({ signatures }) => signatures) });
}

describe('notes and checkpoints', () => {
  test('a checkpoint is opened by its own key, and by no other origin', async () => {
    const text = await cosigned([]);
    expect(log.openCheckpoint(text, logKey.verifier)).toMatchObject(checkpoint);
    const other = newKey('elsewhere.example/log', 'log');
    expect(() => log.openCheckpoint(text, other.verifier)).toThrow('not of elsewhere.example/log');
    expect(() => log.openCheckpoint(text.replace('\n700\n', '\n701\n'), logKey.verifier)).toThrow(
      'does not match',
    );
  });

  test.each([
    ['no signature', 'a\n1\nx\n', 'no signature lines'],
    ['a control character', 'a\tb\n\n— a AAAAAAAA\n', 'control characters'],
    ['an unfinished last line', 'a\n\n— a AAAAAAAA', 'no signature lines'],
    ['sloppy base64', 'a\n\n— a AAAAAAB=\n', 'malformed'],
    ['a name with a plus', 'a\n\n— a+b AAAAAAAA\n', 'malformed'],
    ['too many signatures', `a\n\n${'— a AAAAAAAA\n'.repeat(101)}`, 'more than 100'],
  ])('a note with %s is refused', (_, note, reason) => expect(() => log.parseNote(note)).toThrow(reason));

  test.each([
    ['no size', 'a\n\nx\n', 'size'],
    ['a size with a zero in front', `a\n01\n${'A'.repeat(43)}=\n`, 'size'],
    ['a size that is too big', `a\n9999999999999999999\n${'A'.repeat(43)}=\n`, 'size'],
    ['a short root', 'a\n1\nAAAA\n', 'root'],
    ['an empty extension', `a\n1\n${'A'.repeat(43)}=\n\n`, 'empty line'],
  ])('a checkpoint with %s is refused', (_, text, reason) => {
    expect(() => log.parseCheckpointText(text)).toThrow(reason);
  });

  test('keys that do not hold together are refused with the reason', () => {
    expect(() => log.parseVerifierKey('nonsense')).toThrow('must look like');
    expect(() => log.parseVerifierKey(logKey.vkey.replace(/\+[0-9a-f]{8}\+/, '+00000000+'))).toThrow(
      'does not match its key',
    );
  });
});

describe('a policy', () => {
  const [one, two, three] = ['w1', 'w2', 'w3'].map((label) => {
    const name = `${label}.example`;
    return { label, name, ...newKey(name, 'witness') };
  });
  const lines = [
    '# our own witnesses',
    `log ${logKey.vkey} https://vault.example/log`,
    ...[one!, two!, three!].map(({ label, vkey }) => `witness ${label} ${vkey}`),
    'group majority 2 w1 w2 w3',
    'quorum majority',
  ];
  const policy = log.parsePolicy(lines.join('\n'));

  test('accepts a checkpoint with its quorum and tells who cosigned', async () => {
    const verdict = log.applyPolicy(policy, log.parseCheckpoint(await cosigned([one!, three!])));
    expect(verdict.log.url).toBe('https://vault.example/log');
    expect(verdict.witnesses.map(({ party }) => party.label)).toEqual(['w1', 'w3']);
    expect(log.cosignatureTime(verdict.witnesses[0]!.signature.signature)).toBe(1_795_000_000);
  });

  test('refuses too few witnesses, a false cosignature and an unknown log', async () => {
    expect(() =>
      log.applyPolicy(
        policy,
        log.parseCheckpoint(`x\n0\n${log.EMPTY_ROOT.toString('base64')}\n\n— x AAAAAAAA\n`),
      ),
    ).toThrow('knows no log named x');
    const single = await cosigned([two!]);
    expect(() => log.applyPolicy(policy, log.parseCheckpoint(single))).toThrow('quorum "majority"');
    const impostor = await cosigned([{ ...one!, privateKey: two!.privateKey }, three!]);
    expect(() => log.applyPolicy(policy, log.parseCheckpoint(impostor))).toThrow('quorum');
    const note = log.parseNote(await cosigned([one!, three!]));
    note.signatures[2]!.signature[20]! ^= 1;
    expect(() => log.applyPolicy(policy, log.parseCheckpoint(log.formatNote(note)))).toThrow(
      'w3.example does not match',
    );
  });

  test.each([
    ['without a quorum', [lines[1]!], 'no quorum line'],
    ['with an unknown quorum', ['quorum nobody'], 'line 1 of the policy: the quorum "nobody"'],
    ['with a witness as log', [`log ${one!.vkey}`, 'quorum none'], 'not of a log'],
    ['with a key twice', [lines[1]!, lines[1]!, 'quorum none'], 'line 2 of the policy: the same key'],
    [
      'with a member in two groups',
      [lines[2]!, 'group a any w1', 'group b any w1', 'quorum b'],
      'two groups',
    ],
    ['with an unreachable group', [lines[2]!, 'group a 2 w1', 'quorum a'], 'at least that many members'],
    ['with a stray word', ['wittness w'], 'line 1 of the policy'],
  ])('%s is refused by line', (_, bad, reason) =>
    expect(() => log.parsePolicy(bad.join('\n'))).toThrow(reason),
  );
});

describe('proof files and requests to a witness', () => {
  test('are read as they were written', async () => {
    const signed = await cosigned([]);
    const path = [all[0]!, all[1]!];
    const proof = log.parseProofFile(
      log.formatProofFile({ extra: Buffer.from('shown'), index: 7, path }, signed),
    );
    expect(proof).toMatchObject({ extra: Buffer.from('shown'), index: 7, path, checkpoint });
    expect(log.checkpointOf(proof)).toBe(signed);
    const request = log.parseAddCheckpoint(log.formatAddCheckpoint(5, path, signed));
    expect(request).toMatchObject({ oldSize: 5, path, checkpoint });
    expect(
      log.parseProofFile(log.formatProofFile({ extra: undefined, index: 0, path: [] }, signed)).extra,
    ).toBeUndefined();
  });

  test('malformed ones are refused with the reason', async () => {
    const signed = await cosigned([]);
    const good = log.formatProofFile({ extra: undefined, index: 7, path: [all[0]!] }, signed);
    expect(() => log.parseProofFile(good.replace('@v1', '@v2'))).toThrow('a proof starts with');
    expect(() => log.parseProofFile(good.replace('index 7', 'index 07'))).toThrow('index line');
    expect(() => log.parseProofFile(good.replace(/index 7\n..../, 'index 7\n'))).toThrow(
      'a hash of the proof',
    );
    expect(() => log.parseProofFile('c2sp.org/tlog-proof@v1\nindex 0\n')).toThrow('no checkpoint');
    expect(() => log.parseAddCheckpoint(`new 5\n\n${signed}`)).toThrow('first line');
    expect(() => log.parseCosignatures('nothing')).toThrow('signature lines');
  });
});
