/** Pages with defects made on purpose: each is found, and the clean page has none. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { type ExaminationRules, findingsOf, orderFindings } from '../../src/digitisation/examination.ts';
import { FINDING_CODES, findingWords } from '../../src/digitisation/finding-words.ts';
import { type ExaminedPage, examineFile } from '../../src/digitisation/page-examiner.ts';
import { lookDistance } from '../../src/digitisation/page-look.ts';
import { homography } from '../../src/digitisation/paper-corners.ts';
import type { ScanPage } from '../../src/digitisation/scan.ts';
import { shippedExaminationRules } from '../../src/digitisation/shipped-rules.ts';
import { birthCertificate, drawPage, photograph, scanPage } from '../support/scanned-paper.ts';

const [rules] = shippedExaminationRules() as [ExaminationRules];
const clean = { dpi: 200, seal: true, signature: true } as const;

async function examined(bytes: Uint8Array, kind: 'jpeg' | 'png' = 'jpeg'): Promise<ExaminedPage> {
  const [outcome] = await examineFile({ bytes, kind, from: 0, count: 1, maxPixels: 80_000_000 });
  if (!outcome || !('examined' in outcome)) throw new Error(`not examined: ${outcome?.fault}`);
  return outcome.examined;
}

const pageOf = ({ measures, look }: ExaminedPage, number = 1): ScanPage => ({
  number,
  filePosition: number - 1,
  filePage: 0,
  measures,
  look,
  accessObjectId: null,
  thumbnailObjectId: null,
  reading: null,
});

const codesOf = (pages: readonly ScanPage[], declaredSheets: number | null = 1): string[] =>
  findingsOf(
    pages,
    { type: { code: 'KQ.G15.000031', group: 'civil-status' }, declaredSheets, faults: [], alike: [] },
    rules,
  ).map(({ code }) => code);

let good: ExaminedPage;
beforeAll(async () => {
  good = await examined(await scanPage(birthCertificate(), clean));
});

test('a clean scan has no finding', () => {
  expect(codesOf([pageOf(good)])).toEqual([]);
  expect(good.measures).toMatchObject({ dpi: 200, scale: 'file', colour: 'colour' });
});

describe('a defect is found', () => {
  test.each<[string, () => Promise<Uint8Array>]>([
    ['resolution', () => scanPage(birthCertificate(), { ...clean, dpi: 110 })],
    ['blurred', () => scanPage(birthCertificate(), { ...clean, blur: 3.5 })],
    ['skew', () => scanPage(birthCertificate(), { ...clean, rotate: 3 })],
    [
      'no-colour',
      async () =>
        sharp(await scanPage(birthCertificate(), clean))
          .greyscale()
          .jpeg()
          .withMetadata({ density: 200 })
          .toBuffer(),
    ],
    [
      'dark',
      async () =>
        sharp(await scanPage(birthCertificate(), clean))
          .linear(0.42, 0)
          .jpeg()
          .withMetadata({ density: 200 })
          .toBuffer(),
    ],
    [
      'faint',
      async () =>
        sharp(await scanPage(birthCertificate(), clean))
          .linear(0.25, 180)
          .jpeg()
          .withMetadata({ density: 200 })
          .toBuffer(),
    ],
    ['edge-ink', async () => cutThroughText(await scanPage(birthCertificate(), clean))],
    [
      'shadow',
      () =>
        scanPage(birthCertificate(), {
          ...clean,
          extra: '<rect x="0" y="150" width="110" height="147" fill="#000" opacity="0.55"/>',
        }),
    ],
    [
      'fingers',
      () =>
        scanPage(birthCertificate(), {
          ...clean,
          extra: '<ellipse cx="206" cy="170" rx="18" ry="12" fill="#c58f6d"/>',
        }),
    ],
    ['blank', () => scanPage([], { dpi: 200 })],
    ['no-seal', () => scanPage(birthCertificate(), { dpi: 200, signature: true })],
    ['no-signature', () => scanPage(birthCertificate(), { dpi: 200, seal: true })],
  ])('%s', async (code, make) => {
    expect(codesOf([pageOf(await examined(await make()))])).toContain(code);
  });

  test('pages missing, the same page twice, pages out of order', async () => {
    expect(codesOf([pageOf(good)], 2)).toContain('pages-missing');
    const again = await examined(await scanPage(birthCertificate(), { ...clean, quality: 60 }));
    expect(codesOf([pageOf(good), pageOf(again, 2)])).toContain('duplicate-page');
    const other = await examined(
      await scanPage([{ text: 'Trang thứ hai của hồ sơ', x: 40, y: 120, size: 18 }], clean),
    );
    expect(lookDistance(good.look, other.look)).toBeGreaterThan(40);
    expect(codesOf([pageOf(good), pageOf(other, 2)])).not.toContain('duplicate-page');
    const printed = (number: number, value: number): ScanPage => {
      const page = pageOf(good, number);
      return { ...page, measures: { ...page.measures, printedNumber: value } };
    };
    expect(orderFindings([printed(1, 4), printed(2, 5), printed(3, 7)])).toMatchObject([
      { code: 'out-of-order', page: 3, threshold: 6 },
    ]);
  });

  test('every finding has words in both languages', () => {
    for (const code of FINDING_CODES) {
      for (const language of ['vi', 'en'] as const) {
        expect(findingWords({ code, verdict: 'warn', measured: 1.5, threshold: 2 }, language)).not.toBe(code);
      }
    }
  });
});

describe('a photograph', () => {
  test('is flattened from its four corners, and its scale told by the paper', async () => {
    const photo = await photograph(
      await drawPage(birthCertificate(), { dpi: 200, seal: true, signature: true }),
      7,
    );
    const { measures, access } = await examined(photo);
    expect(measures.corners).toHaveLength(4);
    expect(measures.cutEdges).toEqual([]);
    expect(measures.scale).toBe('paper');
    const facts = await sharp(access).metadata();
    expect(facts.height / facts.width).toBeGreaterThan(1.33);
    expect(facts.height / facts.width).toBeLessThan(1.5);
    expect(Math.abs(measures.skew)).toBeLessThan(1.5);
  });

  test('the map of four corners takes each to its place', () => {
    const from = [
      [0, 0],
      [10, 0],
      [10, 10],
      [0, 10],
    ] as const;
    const to = [
      [3, 4],
      [17, 2],
      [19, 21],
      [1, 18],
    ] as const;
    const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = homography(from, to);
    for (const [index, [x, y]] of from.entries()) {
      const w = g * x + h * y + 1;
      expect((a * x + b * y + c) / w).toBeCloseTo(to[index]?.[0] ?? 0, 6);
      expect((d * x + e * y + f) / w).toBeCloseTo(to[index]?.[1] ?? 0, 6);
    }
  });
});

async function cutThroughText(bytes: Uint8Array): Promise<Buffer> {
  const { width, height } = await sharp(bytes).metadata();
  return sharp(bytes)
    .extract({ left: Math.round(width * 0.17), top: 0, width: Math.round(width * 0.5), height })
    .jpeg()
    .withMetadata({ density: 200 })
    .toBuffer();
}
