/** Real signed and tampered files, verified and shown: what a passer-by reads. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { readCrl } from '../../src/asn1/index.ts';
import { createTrustSet, type Report, type TrustSet, verify } from '../../src/verification/index.ts';
import { type KnownPaper, verdictPageProps } from '../../src/verification/report-page.ts';
import { VerdictPage } from '../../src/verification/verification-pages.tsx';
import { languages } from '../../src/web/index.ts';
import { fixedClock } from '../support/clock.ts';
import { frameIn } from '../support/frames.ts';
import { open, violations } from '../support/page.ts';
import { createTestPki } from '../support/pki.ts';
import { document, signPdf } from '../support/signed-pdf.ts';
import { tamperings } from '../support/tampering.ts';

const clock = fixedClock('2026-11-23T03:12:00Z');
let signed: Buffer;
let trust: TrustSet[];

beforeAll(async () => {
  const pki = await createTestPki(clock);
  const crls = [readCrl(pki.root.crl(clock.now())), readCrl(pki.intermediate.crl(clock.now()))];
  trust = [createTrustSet('internal', { certificates: [pki.root.certificate], crls })];
  signed = await signPdf(document(), { signer: await pki.signer() });
});

const trial = (bytes: Uint8Array): Report => verify(bytes, { trust, at: clock.now() });
/** The same report as if an official certificate had signed: only such a file may be green. */
const check = (bytes: Uint8Array): Report => {
  const report = trial(bytes);
  const signatures = report.signatures.map((signature) => ({ ...signature, testCertificate: false }));
  return { ...report, signatures };
};
const known = (state: KnownPaper['state']): KnownPaper => ({
  state,
  paper: {
    title: 'Bằng tốt nghiệp',
    holder: 'NGUYỄN THỊ H•••',
    issuer: 'Trường THPT Vĩnh Hòa',
    validity: { kind: 'indefinite' },
  },
});
const pageOf = (report: Report, paper?: KnownPaper, language: 'vi' | 'en' = 'vi') => {
  const file = { sha256: 'ab'.repeat(32), bytes: 4_000 };
  return <VerdictPage {...verdictPageProps({ frame: frameIn(language), report, file, known: paper })} />;
};

test('a sound file of a valid paper is green', () => {
  const { document: page } = open(pageOf(check(signed), known('valid')));
  expect(page.querySelector('.verdict.ok h1')?.textContent).toBe('Giấy này còn nguyên vẹn và còn hiệu lực');
});

test('a test certificate is never green and says that it has no legal value', () => {
  const { document: page } = open(pageOf(trial(signed), known('valid')));
  expect(page.querySelectorAll('.verdict')).toHaveLength(0);
  expect(page.querySelector('.notice.warn')?.textContent).toContain('Không có giá trị pháp lý');
});

test('a sound file that the vault does not know is not green: nobody said that it still holds', () => {
  const { document: page } = open(pageOf(check(signed)));
  expect(page.querySelectorAll('.verdict')).toHaveLength(0);
  expect(page.querySelector('h1')?.textContent).toBe('Tệp này còn nguyên vẹn, chữ ký đúng');
  expect(page.querySelector('.checks')?.textContent).toContain('Biết rõ người ký');
});

test.each(['revoked', 'annulled'] as const)('a sound file of a paper that is %s is red', (state) => {
  const { document: page } = open(pageOf(check(signed), known(state)));
  expect(page.querySelectorAll('.verdict.bad')).toHaveLength(1);
});

test.each(['expired', 'suspended', 'superseded', 'unverified', 'pending'] as const)(
  'a sound file of a paper that is %s is a warning',
  (state) => {
    const { document: page } = open(pageOf(check(signed), known(state)));
    expect(page.querySelectorAll('.verdict')).toHaveLength(0);
    expect(page.querySelectorAll('.notice.warn h1')).toHaveLength(1);
  },
);

describe.each(tamperings)('$name', ({ tamper }) => {
  test.each(languages)('is never green in %s, even of a valid paper', (language) => {
    const { document: page } = open(pageOf(check(tamper(signed)), known('valid'), language));
    expect(page.querySelectorAll('.verdict.ok')).toHaveLength(0);
    expect(page.querySelectorAll('.verdict.bad, .notice.warn')).toHaveLength(1);
    expect(page.querySelector('.checks li')?.classList.contains('ok')).toBe(false);
  });
});

test('a changed file shows where it was changed and warns against hasty blame', async () => {
  const changed = tamperings.find(({ name }) => name === 'content replaced');
  const page = pageOf(check((changed as NonNullable<typeof changed>).tamper(signed)));
  const { document: shown } = open(page);
  expect(shown.querySelector('h1')?.textContent).toBe('Đừng dùng tệp này. Nội dung đã bị sửa sau khi ký.');
  expect(shown.querySelector('table')?.textContent).toContain('Trang 1');
  expect(shown.body.textContent).toContain('Đừng vội kết luận về người nộp');
  expect(await violations(page)).toEqual([]);
});
