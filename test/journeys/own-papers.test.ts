/** A citizen signs in, finds a paper, sees that it holds, takes its file; a passer-by checks both. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { DEMO_PEOPLE } from '../../src/identity/index.ts';
import {
  axeFindings,
  launchBrowser,
  openPage,
  picture,
  sidewaysScroll,
  type View,
} from '../support/browser.ts';
import { type CitizenSite, createCitizenSite } from '../support/citizen-site.ts';

const lan = DEMO_PEOPLE.find(({ subject }) => subject === 'lan') as (typeof DEMO_PEOPLE)[number];
let browser: Browser;
let site: CitizenSite;
let code: string;

beforeAll(async () => {
  site = await createCitizenSite();
  browser = await launchBrowser();
  const { fullName, personalNumber, birthDate } = lan;
  ({ verificationCode: code } = await site.deposit({ fullName, personalNumber, birthDate }));
});
afterAll(async () => {
  await browser?.close();
  await site?.[Symbol.asyncDispose]();
});

const views: readonly View[] = [
  { width: 360, scripts: true },
  { width: 1280, scripts: false },
];

describe.each(views)('at $width px, scripts: $scripts', (view) => {
  let page: Page;
  const heading = () => page.getByRole('heading', { level: 1 }).textContent();
  async function sound(name: string): Promise<void> {
    expect(await sidewaysScroll(page)).toBeLessThanOrEqual(0);
    if (!view.scripts) return;
    expect(await axeFindings(page)).toEqual([]);
    await picture(page, `own-papers-${name}-${view.width}`);
  }
  beforeAll(async () => {
    page = await openPage(browser, { ...view, baseURL: site.baseUrl });
  });
  afterAll(() => page.context().close());

  test('sign in as a person of the demonstration and land on one’s papers', async () => {
    await page.goto('/');
    await page.getByRole('main').getByRole('link', { name: 'Đăng nhập' }).click();
    await page.getByLabel('Số định danh cá nhân').fill('000 190 000 017');
    await page.getByRole('button', { name: /Tiếp tục/ }).click();
    await page.getByRole('button', { name: /Nguyễn Thị Lan/i }).click();
    expect(await heading()).toBe('Giấy tờ của tôi');
    expect(await page.getByText('Bà NGUYỄN THỊ LAN').isVisible()).toBe(true);
    expect(await page.getByText('0001••••0017').isVisible()).toBe(true);
    await sound('home');
  });

  test('a search without marks finds the paper, a wrong one says what to do', async () => {
    await page.getByLabel('Tìm trong giấy tờ của tôi').fill('khai sinh'.normalize('NFD'));
    await page.getByRole('button', { name: 'Tìm' }).click();
    expect(await page.getByRole('article').count()).toBe(1);
    await page.getByLabel('Tìm trong giấy tờ của tôi').fill('<b>');
    await page.getByRole('button', { name: 'Tìm' }).click();
    expect(await page.getByRole('article').count()).toBe(0);
    await page.getByRole('link', { name: 'Xem tất cả giấy tờ' }).click();
    expect(await page.getByRole('article').count()).toBe(1);
  });

  test('the paper says that it holds and was checked now, and gives its file', async () => {
    await page.getByRole('link', { name: /Giấy khai sinh/ }).click();
    expect(await heading()).toMatch(/Giấy khai sinh/);
    expect(await page.getByText('Còn nguyên vẹn').isVisible()).toBe(true);
    await sound('paper');
    const href = await page.getByRole('link', { name: /Tải về/ }).getAttribute('href');
    const file = await page.request.get(href as string);
    expect(file.status()).toBe(200);
    expect((await file.body()).subarray(0, 5).toString()).toBe('%PDF-');
    await page.goto('/kiem-tra');
    await page
      .getByLabel('Hoặc tệp PDF ông (bà) nhận được')
      .setInputFiles({ name: 'giay.pdf', mimeType: 'application/pdf', buffer: await file.body() });
    await page.getByRole('button', { name: 'Kiểm tra tệp' }).click();
    expect(await heading()).toBe('Giấy này còn nguyên vẹn và còn hiệu lực');
    expect(await page.getByText('Ký bằng chứng thư thử nghiệm').isVisible()).toBe(true);
    await sound('verified-file');
  });

  test('before going to an office: what is in the vault, what has to be taken along', async () => {
    await page.goto('/giay-to');
    await page.getByRole('link', { name: /Sắp đi làm thủ tục/ }).click();
    await page.getByLabel('Tìm thủ tục').fill('thuong tru');
    await page.getByRole('button', { name: 'Tìm' }).click();
    await page.getByRole('link', { name: 'Đăng ký thường trú', exact: true }).click();
    expect(await heading()).toBe('Đăng ký thường trú');
    expect(await page.getByText(/Trả lời các câu hỏi bên dưới/).isVisible()).toBe(true);
    await page.getByLabel('Về ở với người thân').check();
    await page.getByRole('button', { name: 'Xem danh sách' }).click();
    expect(await page.getByLabel('Về ở với người thân').isChecked()).toBe(true);
    const line = page.getByRole('listitem').filter({ hasText: 'Giấy tờ chứng minh quan hệ nhân thân' });
    expect(await line.getByText('Có trong kho, không phải mang theo').isVisible()).toBe(true);
    await sound('checklist');
    await line.getByRole('link', { name: /Xem giấy này/ }).click();
    expect(await heading()).toMatch(/Giấy khai sinh/);
  });

  test('a stranger with the code sees that it holds, with the name hidden; another’s paper stays closed', async () => {
    const stranger = await openPage(browser, { ...view, baseURL: site.baseUrl });
    await stranger.goto(`/kiem-tra/${code}`);
    expect(await stranger.getByText('NGUYỄN THỊ L•••').isVisible()).toBe(true);
    expect(await stranger.content()).not.toContain('000190000017');
    await stranger.context().close();
    const closed = await page.goto('/giay-to/01939c1e-0000-7000-8000-000000000000');
    expect(closed?.status()).toBe(404);
    expect(await heading()).toBe('Không có trang này');
  });

  test('signing out ends it', async () => {
    await page.goto('/giay-to');
    await page.getByRole('button', { name: 'Thoát' }).click();
    await page.goto('/giay-to');
    expect(new URL(page.url()).pathname).toBe('/dang-nhap');
  });
});
