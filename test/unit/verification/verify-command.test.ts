/** The command line: shape of its lines, exit statuses, trust from files, hostile files, and words for people. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Signer, toPem } from '../../../src/signing/index.ts';
import { verifyCommand } from '../../../src/verification/index.ts';
import { fixedClock } from '../../support/clock.ts';
import { createTestPki } from '../../support/pki.ts';
import { document, signPdf } from '../../support/signed-pdf.ts';

const folder = mkdtempSync(join(tmpdir(), 'verify-'));
const trust = join(folder, 'internal');
const file = (name: string): string => join(folder, name);
const at = '2026-11-24T08:00:00Z';
let signer: Signer;

const crlPem = (der: Buffer): string =>
  `-----BEGIN X509 CRL-----\n${der.toString('base64')}\n-----END X509 CRL-----\n`;

async function command(...args: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const status = await verifyCommand(args, { out: (line) => out.push(line), err: (line) => err.push(line) });
  return { status, out, err };
}

beforeAll(async () => {
  const pki = await createTestPki(fixedClock(at));
  signer = await pki.signer();
  mkdirSync(join(trust, 'lists'), { recursive: true });
  writeFileSync(join(trust, 'root.pem'), toPem(pki.root.certificate));
  writeFileSync(join(trust, 'authority.cer'), pki.intermediate.certificate.der);
  writeFileSync(join(trust, 'lists', 'root.crl'), pki.root.crl(new Date(at)));
  writeFileSync(join(trust, 'lists', 'authority.pem'), crlPem(pki.intermediate.crl(new Date(at))));
  writeFileSync(file('signed.pdf'), await signPdf(document(), { signer }));
  writeFileSync(file('plain.pdf'), document());
  writeFileSync(file('broken.pdf'), '%PDF-1.7 nothing');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('valid files give 0 and one object a line', async () => {
  const { status, out } = await command('--json', '--trust', trust, '--at', at, file('signed.pdf'));
  expect(status).toBe(0);
  expect(out).toHaveLength(1);
  expect(JSON.parse(out[0] ?? '')).toMatchObject({
    file: file('signed.pdf'),
    verdict: 'valid',
    indication: 'TOTAL-PASSED',
    subIndication: null,
    signatures: [
      {
        field: 'Sig',
        type: 'approval',
        indication: 'TOTAL-PASSED',
        subIndication: null,
        level: 'B-B',
        coversWholeFile: true,
        changesAfter: [],
        signer: { name: 'Người ký thử' },
        claimedTime: null,
        provenTime: null,
        timestamps: [],
        trustSet: 'internal',
      },
    ],
    warnings: expect.any(Array),
  });
});

test('every other verdict gives 1, in the order of the files', async () => {
  const files = [file('signed.pdf'), file('plain.pdf'), file('broken.pdf')];
  const { status, out } = await command('--json', '--at', at, ...files);
  expect(status).toBe(1);
  expect(out.map((line) => (JSON.parse(line) as { verdict: string }).verdict)).toEqual([
    'valid-with-untrusted-chain',
    'unsigned',
    'malformed',
  ]);
  expect(JSON.parse(out[2] ?? '')).toMatchObject({
    malformed: { offset: expect.any(Number), reason: expect.any(String) },
  });
});

test('people read sentences in their language', async () => {
  const vietnamese = await command('--trust', trust, '--at', at, file('signed.pdf'));
  expect(vietnamese.out.join('\n')).toContain('Chữ ký hợp lệ');
  expect(vietnamese.out.join('\n')).toContain('KHÔNG CÓ GIÁ TRỊ PHÁP LÝ');
  const english = await command('--lang', 'en', file('plain.pdf'));
  expect(english.out.join('\n')).toContain('The file has no digital signature');
});

test.each([
  [[], 'No file'],
  [['--at', 'tomorrow', 'x.pdf'], '--at needs a time'],
  [['--lang', 'fr', 'x.pdf'], '--lang'],
  [['--nonsense', 'x.pdf'], 'nonsense'],
  [['--trust', '/nowhere', 'x.pdf'], '/nowhere'],
  [['/nowhere.pdf'], '/nowhere.pdf'],
])('wrong usage %j gives 2 with a sentence', async (args, sentence) => {
  const { status, err } = await command(...args);
  expect(status).toBe(2);
  expect(err.join('\n')).toContain(sentence);
  expect(err.join('\n')).toContain('Usage');
});
