import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson } from '../../src/ledger/log/canonical-json.ts';
import {
  decodeLeaf,
  encodeLeaf,
  LEAF_PARTS,
  type LeafRecord,
  leafOf,
  newLeafSalt,
} from '../../src/ledger/log/leaf.ts';
import { openLeaf, readOpening } from '../../src/ledger/log/opening.ts';

const record: LeafRecord = {
  id: '0199f000-0000-7000-8000-000000000001',
  type: 'document.read',
  occurredAt: new Date('2026-11-23T08:15:30.250Z'),
  actorKind: 'officer',
  actorId: '0199f000-0000-7000-8000-0000000000aa',
  agencyId: 'agency-7',
  documentId: '0199f000-0000-7000-8000-0000000000dd',
  dossierId: null,
  personId: '0199f000-0000-7000-8000-0000000000ff',
  requestId: 'request-1',
  outcome: 'permitted',
  detail: { sha256: 'ab'.repeat(32), status: 'live', pages: 3 },
  salt: Buffer.alloc(48, 7),
};

describe('the leaf', () => {
  test('publishes time, type, outcome and status, and nothing that identifies', () => {
    const bytes = leafOf(record);
    expect(decodeLeaf(bytes)).toMatchObject({
      seconds: Date.parse('2026-11-23T08:15:30Z') / 1000,
      type: 'document.read',
      outcome: 'permitted',
      status: 'live',
    });
    const text = bytes.toString('latin1');
    for (const secret of [record.id, record.actorId, record.agencyId, record.documentId, record.personId]) {
      expect(text).not.toContain(secret);
    }
  });

  test('is the same after its detail went through jsonb, which reorders keys', () => {
    const stored = { ...record, detail: { pages: 3, status: 'live', sha256: 'ab'.repeat(32) } };
    expect(leafOf(stored)).toEqual(leafOf(record));
  });

  test('changes with every fact and with the salt', () => {
    const variants: Partial<LeafRecord>[] = [
      { id: 'x' },
      { type: 'document.issued' },
      { occurredAt: new Date('2026-11-23T08:15:30.251Z') },
      { actorKind: 'citizen' },
      { actorId: null },
      { agencyId: 'agency-8' },
      { documentId: 'other' },
      { dossierId: 'd' },
      { personId: null },
      { requestId: null },
      { outcome: 'denied' },
      { detail: { ...record.detail, pages: 4 } },
      { detail: { ...record.detail, sha256: 'cd'.repeat(32) } },
      { salt: newLeafSalt() },
    ];
    const leaves = variants.map((variant) => leafOf({ ...record, ...variant }).toString('hex'));
    expect(new Set([...leaves, leafOf(record).toString('hex')]).size).toBe(variants.length + 1);
  });

  test('decoding is the inverse of encoding', () => {
    const word = fc.stringMatching(/^[a-z.]{0,40}$/);
    const hash = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes));
    fc.assert(
      fc.property(
        fc.nat(2 ** 31),
        word,
        word,
        word,
        hash,
        hash,
        hash,
        (seconds, type, outcome, status, paper, use, office) => {
          const leaf = { seconds, type, outcome, status, commitments: { paper, use, office } };
          expect(decodeLeaf(encodeLeaf(leaf))).toEqual(leaf);
        },
      ),
    );
  });

  test('hostile bytes are refused or read back unchanged, never misread', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const candidate = Buffer.concat([Buffer.of(1), bytes]);
        let read: ReturnType<typeof decodeLeaf> | undefined;
        try {
          read = decodeLeaf(candidate);
        } catch (error) {
          expect((error as Error).name).toBe('LeafError');
        }
        if (read) expect(encodeLeaf(read)).toEqual(candidate);
      }),
    );
  });

  test('refuses words that could not be published safely', () => {
    expect(() => leafOf({ ...record, type: 'đọc' })).toThrow('printable ASCII');
    expect(() => leafOf({ ...record, detail: { status: 'x'.repeat(300) } })).toThrow('at most 255');
    expect(() => leafOf({ ...record, salt: Buffer.alloc(32) })).toThrow('48 bytes');
  });
});

describe('an opening', () => {
  test('shows the parts asked for and hides the rest', () => {
    const opening = openLeaf(record, ['paper', 'use']);
    const opened = readOpening(opening);
    expect(opened.bytes).toEqual(leafOf(record));
    expect(opened.parts.paper).toEqual({
      document: record.documentId,
      sha256: 'ab'.repeat(32),
      status: 'live',
    });
    expect(opened.parts.use).toMatchObject({ agency: 'agency-7', at: '2026-11-23T08:15:30.250Z' });
    expect(opened.parts.office).toBeUndefined();
    expect(opening.toString()).not.toContain(record.actorId);
    expect(opening.toString()).not.toContain(Buffer.from(record.salt).toString('base64'));
  });

  test.each(LEAF_PARTS)('with a changed word in %s is refused by name', (part) => {
    const opening = JSON.parse(openLeaf(record, LEAF_PARTS).toString()) as {
      leaf: string;
      parts: Record<string, { salt: string; words: string }>;
    };
    const shown = opening.parts[part]!;
    const at = shown.words.lastIndexOf('"') - 1;
    shown.words = `${shown.words.slice(0, at)}~${shown.words.slice(at + 1)}`;
    expect(() => readOpening(Buffer.from(JSON.stringify(opening)))).toThrow(
      `the part "${part}" does not match`,
    );
  });

  test('may not move words into the salt', () => {
    const opening = JSON.parse(openLeaf(record, ['paper']).toString()) as {
      parts: Record<string, { salt: string; words: string }>;
    };
    const shown = opening.parts.paper!;
    const moved = Buffer.concat([Buffer.from(shown.salt, 'base64'), Buffer.from(shown.words.slice(0, 1))]);
    opening.parts.paper = { salt: moved.toString('base64'), words: shown.words.slice(1) };
    expect(() => readOpening(Buffer.from(JSON.stringify(opening)))).toThrow('must have 16 bytes');
  });

  test.each([
    ['nothing', '', 'not JSON'],
    ['a list', '[]', 'not a JSON object'],
    ['no leaf', '{"parts":{}}', 'names no leaf'],
    ['no parts', '{"leaf":""}', 'has no parts'],
    ['an empty leaf', '{"leaf":"","parts":{}}', 'too short'],
    ['a leaf of the future', '{"leaf":"AgAAAAAAAAAAAAAA","parts":{}}', 'version 2 is unknown'],
  ])('made of %s is refused with the reason', (_, text, reason) => {
    expect(() => readOpening(Buffer.from(text))).toThrow(reason);
  });
});

describe('canonical JSON (RFC 8785)', () => {
  test('sorts keys by code unit, at every depth', () => {
    expect(canonicalJson({ b: 1, a: { d: [null, true, 'ă'], c: -0 } })).toBe(
      '{"a":{"c":0,"d":[null,true,"ă"]},"b":1}',
    );
    expect(
      canonicalJson({ '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\u{1f600}': 5, '\u0080': 6, '\u00f6': 7 }),
    ).toBe('{"\\r":2,"1":4,"\u0080":6,"\u00f6":7,"\u20ac":1,"\u{1f600}":5,"\ufb33":3}');
  });

  test('writes the same text whatever the order of insertion', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue()), (value) => {
        const shuffled = Object.fromEntries(Object.entries(value).reverse());
        expect(canonicalJson(shuffled as never)).toBe(canonicalJson(value as never));
        expect(JSON.parse(canonicalJson(value as never))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  test('refuses what JSON cannot carry', () => {
    expect(() => canonicalJson(Number.NaN)).toThrow('finite');
    expect(() => canonicalJson('\ud800')).toThrow('well-formed');
    expect(() => canonicalJson({ a: undefined } as never)).toThrow('cannot hold a undefined');
  });
});
