/** A clerk reads the register of 1990 in, looks somebody up, issues a copy; a head lets a revocation happen; all on pages. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { DEMO_PEOPLE } from '../../src/identity/index.ts';
import type { Vault } from '../../src/vault.ts';
import { axeFindings, launchBrowser, openPage, sidewaysScroll, type View } from '../support/browser.ts';
import { createDemoVault } from '../support/demo-vault.ts';

let browser: Browser;
let vault: Vault;

beforeAll(async () => {
  vault = await createDemoVault();
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  await vault?.close();
});

const views: readonly View[] = [
  { width: 1280, scripts: true },
  { width: 360, scripts: false },
];
const heading =
  '"Họ, chữ đệm, tên",Ngày sinh,Trường,Năm tốt nghiệp,Số hiệu văn bằng,Số vào sổ gốc cấp bằng,Số định danh cá nhân';

describe.each(views)('at $width px, scripts: $scripts', (view) => {
  const series = view.scripts ? 'Quyển 1' : 'Quyển 2';
  const label = view.scripts ? '01/PT' : '02/PT';
  const number = view.scripts ? '000173000401' : '000173000402';
  let clerk: Page;
  let head: Page;
  let entry: string;
  const title = (page: Page) => page.getByRole('heading', { level: 1 }).textContent();
  const sound = async (page: Page): Promise<void> => {
    expect(await sidewaysScroll(page)).toBeLessThanOrEqual(0);
    if (view.scripts) expect(await axeFindings(page)).toEqual([]);
  };
  async function signedIn(subject: string): Promise<Page> {
    const person = DEMO_PEOPLE.find((each) => each.subject === subject);
    if (!person) throw new Error(`nobody is called ${subject}`);
    const page = await openPage(browser, { ...view, baseURL: vault.url });
    await page.goto('/dang-nhap');
    await page.getByLabel('Số định danh cá nhân').fill(person.personalNumber);
    await page.getByRole('button', { name: /Tiếp tục/ }).click();
    await page.getByRole('button', { name: new RegExp(person.fullName, 'i') }).click();
    return page;
  }
  beforeAll(async () => {
    clerk = await signedIn('giao-vu');
    head = await signedIn('hieu-truong');
  });
  afterAll(async () => {
    await clerk?.context().close();
    await head?.context().close();
  });

  const send = async (row: string): Promise<void> => {
    const form = clerk.locator('form[enctype]');
    await form.getByLabel('Loại giấy tờ').selectOption({ value: 'LOCAL.UPPER-SECONDARY-DIPLOMA' });
    await form.getByLabel('Năm của sổ').fill('1990');
    await form.getByLabel('Quyển').fill(series);
    const file = { name: 'so.csv', mimeType: 'text/csv', buffer: Buffer.from(`${heading}\n${row}\n`) };
    await form.getByLabel('Bảng các mục').setInputFiles(file);
    const scan = { name: '1.jpg', mimeType: 'image/jpeg', buffer: Buffer.from([0xff, 0xd8, 0xff, 0xe0]) };
    await form.getByLabel(/Các trang quét/).setInputFiles(scan);
    await form.getByRole('button', { name: 'Nhập sổ' }).click();
  };

  test('the register of 1990 comes in with its scanned page; a fault is told by row', async () => {
    await clerk.goto('/so-goc');
    await sound(clerk);
    await send(`Trần Thị Đào,31/02/1973,THPT Cũ,1990,B 1,${label},${number}`);
    expect(await clerk.getByRole('alert').textContent()).toContain('Dòng 2');
    await sound(clerk);
    await send(`Trần Thị Đào,12/03/1973,THPT Cũ,1990,B 1,${label},${number}`);
    expect(await title(clerk)).toMatch(/năm 1990/);
    expect(await clerk.getByText('1 trang quét kèm theo').isVisible()).toBe(true);
    await sound(clerk);
  });

  test('a search finds it; one that finds nothing gets the written reply', async () => {
    await clerk.goto('/so-goc');
    const form = clerk.locator('form[action="/so-goc/tra"]');
    const ask = async (asked: string): Promise<void> => {
      await form.getByLabel('Loại giấy tờ').selectOption({ value: 'LOCAL.UPPER-SECONDARY-DIPLOMA' });
      await form.getByLabel('Số vào sổ').fill(asked);
      await form.getByRole('button', { name: 'Tra' }).click();
    };
    await ask('99/XX');
    expect(await clerk.getByText('trả lời không cấp được bản sao', { exact: false }).isVisible()).toBe(true);
    await ask(label);
    await clerk.getByRole('link', { name: label, exact: true }).click();
    entry = new URL(clerk.url()).pathname;
    expect(await title(clerk)).toBe(`Mục số ${label}`);
    await sound(clerk);
  });

  test('a copy is issued to the holder and refused to a sibling', async () => {
    const form = clerk.locator('form[action$="/ban-sao"]');
    await form.getByLabel('Người yêu cầu').fill('Trần Thị Đào');
    await form.getByLabel(/Quan hệ/).selectOption({ label: 'Anh, chị, em ruột' });
    await form.getByLabel(/Nơi cấp/).fill('Thanh Bình');
    await form.getByLabel('Chức vụ người ký').fill('Hiệu trưởng');
    await form.getByLabel('Họ tên người ký').fill('Lương Thị Hạnh');
    await form.getByRole('button', { name: 'Cấp bản sao' }).click();
    expect(await clerk.getByRole('alert').textContent()).toContain('ủy quyền');
    await sound(clerk);
    await form.getByLabel(/Quan hệ/).selectOption({ label: 'Chính người được cấp' });
    await form.getByRole('button', { name: 'Cấp bản sao' }).click();
    expect(await clerk.getByText(/Đã cấp bản sao số \d+\/\d{4}\/BS/).isVisible()).toBe(true);
    await sound(clerk);
  });

  test('the clerk prepares a revocation, the head lets it happen, the copy dies with it', async () => {
    await clerk.goto(entry);
    const form = clerk.locator('form[action$="/quyet-dinh"]');
    await form.getByRole('button', { name: 'Xem trước việc này' }).click();
    expect(await clerk.getByRole('alert').isVisible()).toBe(true);
    await sound(clerk);
    await form.getByLabel('Việc', { exact: true }).selectOption({ label: 'Thu hồi' });
    await form.getByLabel('Số quyết định').fill('5/QĐ');
    await form.getByLabel('Ngày quyết định').fill('01/11/2026');
    await form.getByLabel('Cơ quan quyết định').fill('Sở Giáo dục và Đào tạo');
    await form.getByLabel('Lý do').fill('Hồ sơ dự thi không hợp lệ');
    await form.getByRole('button', { name: 'Xem trước việc này' }).click();
    expect(await title(clerk)).toBe('Xem trước trước khi duyệt');
    expect(await clerk.getByText('1 bản sao theo cùng').isVisible()).toBe(true);
    expect(await clerk.getByRole('button', { name: 'Duyệt và thực hiện' }).count()).toBe(0);
    await sound(clerk);
    await head.goto(new URL(clerk.url()).pathname);
    await head.getByRole('button', { name: 'Duyệt và thực hiện' }).click();
    expect(await title(head)).toBe('Đã thực hiện');
    await sound(head);
    await head.goto(entry);
    expect(await head.getByText('Đã thu hồi').first().isVisible()).toBe(true);
    const [copy] = await vault.database.read<{ code: string }>(
      `SELECT d.verification_code AS code FROM register_entry e JOIN document d ON d.id = e.document_id
        WHERE e.copy_of = $1::uuid`,
      [entry.split('/').at(-1)],
    );
    const anyone = await openPage(browser, { ...view, baseURL: vault.url });
    await anyone.goto(`/kiem-tra/${copy?.code}`);
    expect(await title(anyone)).toMatch(/thu hồi/);
    await anyone.context().close();
  });
});
