/**
 * Forged, broken and unusual signatures are called by their names; the attacks of the generator are seen through on
 * other kinds of signed files too; mutated files neither pass, nor crash, nor take long; real files of others keep the
 * verdict that was looked into by hand.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { readCrl } from '../../src/asn1/index.ts';
import { createTrustSet, isGood, type TrustSet, verify } from '../../src/verification/index.ts';
import { fixedClock } from '../support/clock.ts';
import { type Forged, forgedSignatures } from '../support/forged-signatures.ts';
import { appendRevision } from '../support/pdf-builder.ts';
import { createTestPki, type TestPki } from '../support/pki.ts';
import { docMdp, document, signPdf } from '../support/signed-pdf.ts';
import { tamperings } from '../support/tampering.ts';

const clock = fixedClock('2026-11-24T08:00:00Z');
/** No file may take longer, on a machine that is busy with other things too. */
const LIMIT_MS = 5000;
let pki: TestPki;
let trust: TrustSet[];
let forged: Forged[];

const check = (bytes: Uint8Array) => {
  const started = performance.now();
  const report = verify(bytes, { trust, at: clock.now() });
  return { report, inTime: performance.now() - started < LIMIT_MS };
};

beforeAll(async () => {
  pki = await createTestPki(clock);
  forged = await forgedSignatures(pki, clock.now());
  const crls = [readCrl(pki.root.crl(clock.now())), readCrl(pki.intermediate.crl(clock.now()))];
  trust = [createTrustSet('internal', { certificates: [pki.root.certificate], crls })];
});

test('every forged or unusual signature gets the verdict it deserves, in time', () => {
  const found = forged.map(({ name, bytes }) => {
    const { report, inTime } = check(bytes);
    return [name, report.verdict, inTime];
  });
  expect(found).toEqual(forged.map(({ name, verdict }) => [name, verdict, true]));
  expect(forged.length).toBeGreaterThan(60);
});

describe('the attacks of the generator', () => {
  /** What a certification that permits annotations permits, and what changes nothing on a certified file. */
  const permitted = new Set([
    'comment changed',
    'comment removed',
    'comment added',
    'certification added afterwards',
  ]);

  test('are seen through on a timestamped signature', async () => {
    const signer = await pki.signer();
    const base = await signPdf(document(), { signer, pki, timestamp: true });
    const found = tamperings.map(({ name, tamper }) => [name, check(tamper(base)).report.verdict]);
    expect(found).toEqual(tamperings.map(({ name, verdict }) => [name, verdict]));
  });

  test('are seen through on a certified file, but for what its author permits', async () => {
    const signer = await pki.signer();
    const base = await signPdf(document(), {
      signer,
      entries: docMdp(3),
      catalog: '/Perms << /DocMDP 50 0 R >>',
    });
    for (const { name, tamper } of tamperings) {
      expect([name, isGood(check(tamper(base)).report.verdict)]).toEqual([name, permitted.has(name)]);
    }
  });

  test('are seen through behind a harmless revision, and before another one', async () => {
    const signer = await pki.signer();
    const base = appendRevision(await signPdf(document(), { signer }), []);
    for (const { name, tamper } of tamperings) {
      // It flips a byte of the last trailer, which nobody signed here.
      if (name === 'byte behind the gap flipped') continue;
      expect([name, isGood(check(tamper(base)).report.verdict)]).toEqual([name, false]);
      const last = tamper(base);
      // An empty revision of ours points back to the first catalogue: what is shown is then what was signed.
      if (last.length > base.length && name !== 'root pointed elsewhere') {
        expect([name, isGood(check(appendRevision(last, [])).report.verdict)]).toEqual([name, false]);
      }
    }
  });
});

test('two thousand mutated files: none passes with a changed page, none crashes or takes long', async () => {
  const signer = await pki.signer();
  const base = await signPdf(document(), { signer, pki, timestamp: true });
  const match = /\/Contents <[0-9a-f]{200,}>/.exec(base.toString('latin1'));
  const [gapStart, gapEnd] = [match?.index ?? 0, (match?.index ?? 0) + (match?.[0].length ?? 0)];
  // A fixed sequence: a failure can be looked into again.
  let state = 20_261_124;
  const random = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state % below;
  };
  const slow: number[] = [];
  for (let round = 0; round < 2000; round += 1) {
    const bytes = mutate(base, random);
    const started = performance.now();
    const { verdict } = verify(bytes, { trust, at: clock.now() });
    if (performance.now() - started > LIMIT_MS) slow.push(round);
    const outside =
      bytes.length !== base.length ||
      !bytes.subarray(0, gapStart).equals(base.subarray(0, gapStart)) ||
      !bytes.subarray(gapEnd).equals(base.subarray(gapEnd));
    if (outside) expect([round, isGood(verdict)]).toEqual([round, false]);
  }
  expect(slow).toEqual([]);
});

function mutate(base: Buffer, random: (below: number) => number): Buffer {
  const bytes = Buffer.from(base);
  const at = random(bytes.length);
  switch (random(5)) {
    case 0:
      for (let count = 1 + random(8); count > 0; count -= 1) bytes[random(bytes.length)]! ^= 1 + random(255);
      return bytes;
    case 1:
      return bytes.subarray(0, at);
    case 2:
      return Buffer.concat([
        bytes.subarray(0, at),
        bytes.subarray(Math.min(bytes.length, at + 1 + random(200))),
      ]);
    case 3: {
      const piece = bytes.subarray(at, at + 1 + random(400));
      const to = random(bytes.length);
      return Buffer.concat([bytes.subarray(0, to), piece, bytes.subarray(to)]);
    }
    default: {
      // Numbers are where structures hang: offsets, lengths, counts.
      const text = bytes.toString('latin1');
      const numbers = [...text.matchAll(/\d{1,10}/g)].filter(
        ({ index }) => index < 4000 || index > bytes.length - 3000,
      );
      const chosen = numbers[random(numbers.length)];
      if (chosen === undefined) return bytes.subarray(1);
      const other = ['0', '-1', '99999999', '2147483648', '7 0 R', '[]'][random(6)] ?? '0';
      return Buffer.from(
        `${text.slice(0, chosen.index)}${other}${text.slice(chosen.index + chosen[0].length)}`,
        'latin1',
      );
    }
  }
}

describe('files of others', () => {
  const samples = process.env.MOTLAN_SAMPLES;
  const present = samples !== undefined && existsSync(join(samples, 'signed'));
  const withSamples = present ? test : test.skip;
  const suffix = present ? '' : ' (MOTLAN_SAMPLES names no folder that has them)';

  withSamples(`have the verdict that was looked into by hand${suffix}`, () => {
    const expected = JSON.parse(readFileSync('test/vectors/data/samples.json', 'utf8')) as Record<
      string,
      string
    >;
    const found = Object.keys(expected).map((name) => {
      const report = verify(readFileSync(join(samples ?? '', name)), { trust: [] });
      return [name, report.verdict];
    });
    expect(Object.fromEntries(found)).toEqual(expected);
  });

  withSamples(
    `the decree is intact, its chain unknown without its root, its timestamp found${suffix}`,
    () => {
      const report = verify(readFileSync(join(samples ?? '', '335-cp.signed.pdf')), { trust: [] });
      expect(report).toMatchObject({
        verdict: 'valid-with-untrusted-chain',
        signatures: [
          { level: 'PKCS7-T', coversWholeFile: true, timestamps: [{ indication: 'INDETERMINATE' }] },
        ],
      });
    },
  );
});
