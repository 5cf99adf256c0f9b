/** A passer-by with a paper, a code or a file, on a phone and at a counter, with and without scripts. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { readCrl } from '../../src/asn1/index.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { createTrustSet, type Report, type TrustSet, verify } from '../../src/verification/index.ts';
import { verificationRoutes } from '../../src/verification/verification-routes.ts';
import { axeFindings, launchBrowser, openPage, sidewaysScroll, type View } from '../support/browser.ts';
import { frameIn } from '../support/frames.ts';
import { createPageSite, type PageSite } from '../support/page-site.ts';
import { createTestPki } from '../support/pki.ts';
import { document, signPdf } from '../support/signed-pdf.ts';
import { tamperings } from '../support/tampering.ts';

const code = '4KQT-7M2A-9XWD-R3VN';
let browser: Browser;
let site: PageSite;
let signed: Buffer;
let trust: TrustSet[];

/** As if an official certificate had signed. */
function check(bytes: Uint8Array): Report {
  const report = verify(bytes, { trust, at: systemClock.now() });
  return { ...report, signatures: report.signatures.map((each) => ({ ...each, testCertificate: false })) };
}

beforeAll(async () => {
  const pki = await createTestPki(systemClock);
  const now = systemClock.now();
  const crls = [readCrl(pki.root.crl(now)), readCrl(pki.intermediate.crl(now))];
  trust = [createTrustSet('internal', { certificates: [pki.root.certificate], crls })];
  signed = await signPdf(document(), { signer: await pki.signer() });
  const known = {
    state: 'valid',
    paper: {
      title: 'Bằng tốt nghiệp trung học phổ thông',
      holder: 'NGUYỄN THỊ H•••',
      issuer: 'Trường THPT Vĩnh Hòa',
      validity: { kind: 'indefinite' },
    },
  } as const;
  const routes = verificationRoutes({
    frame: ({ language, request }) => frameIn(language, request.originalUrl),
    spoolFolder: join(tmpdir(), 'verify-a-paper'),
    maximumBytes: 1_000_000,
    verify: async (bytes) => ({ kind: 'report', report: check(bytes) }),
    findByCode: async (asked) =>
      asked === code
        ? { report: check(signed), file: { sha256: 'ab'.repeat(32), bytes: signed.length }, known }
        : undefined,
    findByDigest: async () => undefined,
  });
  site = await createPageSite(routes);
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser.close();
  await site[Symbol.asyncDispose]();
});

const views: readonly View[] = [
  { width: 360, scripts: true },
  { width: 360, scripts: false },
  { width: 1280, scripts: true },
  { width: 1280, scripts: false },
];

describe.each(views)('at $width px, scripts: $scripts', (view) => {
  let page: Page;
  const verdict = () => page.getByRole('heading', { level: 1 }).textContent();
  async function sound(): Promise<void> {
    expect(await sidewaysScroll(page)).toBeLessThanOrEqual(0);
    if (view.scripts) expect(await axeFindings(page)).toEqual([]);
  }
  beforeAll(async () => {
    page = await openPage(browser, { ...view, baseURL: site.baseUrl });
  });
  afterAll(() => page.context().close());

  test('from the first page to a verdict by the code, however it is typed', async () => {
    await page.goto('/');
    await page.getByRole('link', { name: 'Kiểm tra giấy' }).click();
    await page.getByLabel('Mã in trên giấy').fill(' 4kqt 7m2a-9xwd.r3vn ');
    await page.getByRole('button', { name: 'Kiểm tra mã' }).click();
    expect(await verdict()).toBe('Giấy này còn nguyên vẹn và còn hiệu lực');
    expect(await page.getByText('NGUYỄN THỊ H•••').isVisible()).toBe(true);
    await sound();
    await page.getByText('Chi tiết kỹ thuật').click();
    expect(await page.getByText('TOTAL-PASSED').first().isVisible()).toBe(true);
  });

  test('a mistyped code comes back with what to mend, and the value is kept', async () => {
    await page.goto('/kiem-tra');
    await page.getByLabel('Mã in trên giấy').fill('4KQT-7M2A');
    await page.getByRole('button', { name: 'Kiểm tra mã' }).click();
    expect(await page.title()).toMatch(/^Lỗi: /);
    expect(await page.getByLabel('Mã in trên giấy').inputValue()).toBe('4KQT-7M2A');
    await sound();
  });

  test('a code of no paper says what to try, not that the bearer cheats', async () => {
    const answer = await page.goto('/kiem-tra/0000-0000-0000-0000');
    expect(answer?.status()).toBe(404);
    expect(await verdict()).toBe('Không có giấy nào mang mã này');
    await sound();
  });

  test('a changed file is refused at a glance', async () => {
    const attack = tamperings.find(({ name }) => name === 'content replaced');
    const buffer = (attack as NonNullable<typeof attack>).tamper(signed);
    await page.goto('/kiem-tra');
    await page
      .getByLabel('Hoặc tệp PDF ông (bà) nhận được')
      .setInputFiles({ name: 'bang.pdf', mimeType: 'application/pdf', buffer });
    await page.getByRole('button', { name: 'Kiểm tra tệp' }).click();
    expect(await verdict()).toBe('Đừng dùng tệp này. Nội dung đã bị sửa sau khi ký.');
    await sound();
    await page.getByRole('link', { name: 'Kiểm tra giấy khác' }).click();
    expect(await verdict()).toBe('Kiểm tra một tờ giấy');
  });

  test.each([
    ['a picture', Buffer.from('\x89PNG\r\n'), /không phải PDF/],
    ['an empty file', Buffer.alloc(0), /Chưa chọn tệp/],
    ['a file too large', Buffer.alloc(1_000_001, '%PDF-1.7 '), /Tệp lớn hơn 1 MB/],
  ])('%s comes back with what to mend', async (_what, buffer, words) => {
    await page.goto('/kiem-tra');
    await page
      .getByLabel('Hoặc tệp PDF ông (bà) nhận được')
      .setInputFiles({ name: 'x.pdf', mimeType: 'application/pdf', buffer });
    await page.getByRole('button', { name: 'Kiểm tra tệp' }).click();
    expect(await page.getByRole('alert').textContent()).toMatch(words);
  });

  test('the other language is a link, and is remembered', async () => {
    await page.goto('/kiem-tra');
    await page.getByRole('link', { name: 'English' }).click();
    expect(await verdict()).toBe('Check a paper');
    await page.goto('/tro-giup');
    expect(await verdict()).toBe('Help');
    await page.getByRole('link', { name: 'Tiếng Việt' }).click();
    expect(await verdict()).toBe('Trợ giúp');
  });

  test('an address that does not exist leads on', async () => {
    const answer = await page.goto('/khong-co');
    expect(answer?.status()).toBe(404);
    expect(await verdict()).toBe('Không có trang này');
    await page.getByRole('link', { name: 'Về trang đầu' }).click();
    expect(await verdict()).toBe('Nộp một lần, dùng nhiều lần');
  });
});
