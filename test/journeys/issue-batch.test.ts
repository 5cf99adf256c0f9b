/**
 * Fifty diplomas from a spreadsheet with twelve planted mistakes, with nothing but the pages: the clerk downloads the
 * form, sends the list, mends row by row and by file; the head signs; the graduate has it. Once with scripts, once without.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { DEMO_PEOPLE } from '../../src/identity/index.ts';
import { readTable } from '../../src/spreadsheet/index.ts';
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

const heading = '"Họ, chữ đệm, tên",Ngày sinh,Số định danh cá nhân,Trường,Năm tốt nghiệp,Số hiệu văn bằng';

/** Rows 2–51 of the file; `series` keeps people and numbers of two runs apart. */
function list(series: number): { csv: string; mended: ReadonlyMap<number, string> } {
  const good = (index: number): string[] => [
    `Nguyễn Thị Thử ${['An', 'Bình', 'Chi', 'Dung', 'Giang'][index % 5]}`,
    '04/05/2008',
    `000308${series}${String(index).padStart(5, '0')}`,
    'THPT Nguyễn Bỉnh Khiêm',
    '2026',
    `S${series}-${index}`,
  ];
  const rows = Array.from({ length: 50 }, (_, index) => good(index));
  const mended = new Map<number, string>();
  const spoil = (line: number, column: number, value: string): void => {
    const row = rows[line - 2];
    if (!row) throw new Error('no such row');
    mended.set(line, row.join(','));
    row[column] = value;
  };
  spoil(3, 1, '31/02/2008'); // no such day
  spoil(5, 2, '30812345678'); // lost its zeros
  spoil(7, 0, '=cmd|calc'); // a formula
  spoil(9, 1, '04/05/08'); // a year of two digits
  spoil(11, 2, rows[8]?.[2] ?? ''); // the same person as in row 10
  spoil(13, 5, rows[10]?.[5] ?? ''); // the same serial number as in row 12
  spoil(15, 0, ''); // no name
  spoil(17, 1, '04/05/1898'); // born in another century
  spoil(19, 4, 'hai nghìn'); // a year in words
  spoil(21, 2, ''); // no personal number
  spoil(23, 1, '04/05/2024'); // two years old
  spoil(25, 2, '3.08E+11'); // shortened by the program
  return { csv: `${heading}\n${rows.map((row) => row.join(',')).join('\n')}\n`, mended };
}

describe.each(views)('at $width px, scripts: $scripts', (view) => {
  const series = view.scripts ? 1 : 2;
  const { csv, mended } = list(series);
  let clerk: Page;
  let head: Page;
  let batch: string;
  const title = (page: Page) => page.getByRole('heading', { level: 1 }).textContent();
  const sound = async (page: Page): Promise<void> => {
    expect(await sidewaysScroll(page)).toBeLessThanOrEqual(0);
    if (view.scripts) expect(await axeFindings(page)).toEqual([]);
  };

  beforeAll(async () => {
    clerk = await signedIn('giao-vu');
    head = await signedIn('hieu-truong');
  });
  afterAll(async () => {
    await clerk?.context().close();
    await head?.context().close();
  });

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

  test('the clerk finds the form of the list, and a form sent empty says what is missing', async () => {
    await clerk.goto('/cap-van-bang');
    await clerk.getByRole('link', { name: 'Lập lô mới' }).click();
    expect(await title(clerk)).toBe('Lập lô mới');
    await sound(clerk);
    const href = await clerk
      .getByRole('link', { name: /Tải mẫu bảng tính.*Bằng tốt nghiệp trung học phổ thông/ })
      .getAttribute('href');
    const form = readTable(await (await clerk.request.get(href ?? '')).body());
    expect(form.ok && form.rows[0]?.cells.map(({ text }) => text).join()).toContain('Ngày sinh');
    const sample = await clerk
      .getByRole('link', { name: /Xem mẫu giấy.*Bằng tốt nghiệp trung học phổ thông/ })
      .getAttribute('href');
    expect((await (await clerk.request.get(sample ?? '')).body()).subarray(0, 5).toString()).toBe('%PDF-');
    await clerk.getByRole('button', { name: 'Kiểm tra danh sách' }).click();
    expect(await clerk.getByRole('alert').textContent()).toContain('Chọn một loại giấy tờ');
    await sound(clerk);
  });

  test('the list is taken: the good rows wait, the twelve others are named with row and column', async () => {
    await clerk.getByLabel('Loại giấy tờ').selectOption({ label: 'Bằng tốt nghiệp trung học phổ thông' });
    await clerk.getByLabel('Ngày cấp').fill('20/06/2026');
    await clerk.getByLabel(/Nơi cấp/).fill('Thanh Bình');
    await clerk.getByLabel('Chức vụ người ký').fill('Hiệu trưởng');
    await clerk.getByLabel('Họ tên người ký').fill('Lương Thị Hạnh');
    await clerk.getByLabel('Số quyết định công nhận').fill('412/QĐ-THPT');
    await clerk.getByLabel('Ngày quyết định công nhận').fill('18/06/2026');
    await clerk
      .getByLabel('Bảng danh sách')
      .setInputFiles({ name: 'danh-sach.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) });
    await clerk.getByRole('button', { name: 'Kiểm tra danh sách' }).click();
    batch = new URL(clerk.url()).pathname;
    expect(batch).toMatch(/^\/cap-van-bang\/[0-9a-f-]{36}$/);
    expect(await clerk.getByRole('heading', { name: '12 dòng cần sửa' }).isVisible()).toBe(true);
    const told = await clerk.getByRole('table', { name: '12 dòng cần sửa' }).textContent();
    for (const words of [
      '31/02/2008',
      'thiếu chữ số 0',
      'công thức',
      'Trùng với dòng 10',
      'Chưa ghi',
      '1898',
    ])
      expect(told).toContain(words);
    expect(await clerk.content()).not.toMatch(/\b000308\d{6}\b/);
    await sound(clerk);
    const preview = await clerk.request.get(`${batch}/mau`);
    expect((await preview.body()).subarray(0, 5).toString()).toBe('%PDF-');
    expect(await clerk.getByRole('button', { name: /Ký/ }).count()).toBe(0);
  });

  test('one row is mended on its page', async () => {
    await clerk.getByRole('link', { name: /Sửa.*dòng 3$/ }).click();
    expect(await title(clerk)).toBe('Sửa dòng 3');
    await sound(clerk);
    await clerk.getByLabel('Ngày sinh').fill('30/02/2008');
    await clerk.getByRole('button', { name: 'Lưu dòng này' }).click();
    expect(await clerk.getByRole('alert').isVisible()).toBe(true);
    await sound(clerk);
    await clerk.getByLabel('Ngày sinh').fill('04/05/2008');
    await clerk.getByRole('button', { name: 'Lưu dòng này' }).click();
    expect(await clerk.getByRole('heading', { name: '11 dòng cần sửa' }).isVisible()).toBe(true);
  });

  test('the others come back in the file of failed rows', async () => {
    const href = await clerk.getByRole('link', { name: /dòng lỗi \(CSV\)/ }).getAttribute('href');
    const failed = readTable(await (await clerk.request.get(href ?? '')).body());
    if (!failed.ok) throw new Error(failed.en);
    const lines = failed.rows.slice(1).map(({ cells }) => Number(cells.at(-1)?.text));
    expect(lines).toEqual([5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25]);
    const file = `${heading},Dòng gốc\n${lines.map((line) => `${mended.get(line)},${line}`).join('\n')}\n`;
    await clerk.getByRole('link', { name: 'Nạp lại tệp đã sửa' }).click();
    await clerk.getByRole('button', { name: 'Nạp lại' }).click();
    expect(await clerk.getByText('Chọn tệp danh sách.').first().isVisible()).toBe(true);
    await sound(clerk);
    await clerk
      .getByLabel('Tệp đã sửa')
      .setInputFiles({ name: 'sua.csv', mimeType: 'text/csv', buffer: Buffer.from(file) });
    await clerk.getByRole('button', { name: 'Nạp lại' }).click();
    expect(await clerk.getByText('Mọi dòng đều đúng.').isVisible()).toBe(true);
    expect(await clerk.getByText('Người lập danh sách không được tự ký.', { exact: false }).isVisible()).toBe(
      true,
    );
  });

  test('the head sees it on the board, signs, and the counts reach fifty', async () => {
    await head.goto('/cap-van-bang');
    await sound(head);
    await head
      .getByRole('link', { name: /Bằng tốt nghiệp/ })
      .first()
      .click();
    await head.goto(batch);
    await head.getByRole('button', { name: /Ký 50 văn bằng/ }).click();
    for (let round = 0; round < 60; round += 1) {
      if (await head.getByText('50 trên 50').isVisible()) break;
      await new Promise((resolve) => setTimeout(resolve, 500));
      // Without a script a reload shows the truth; with one the page brings itself up to date.
      if (!view.scripts) await head.reload();
    }
    await head.goto(batch);
    expect(await head.getByText('50 trên 50').isVisible()).toBe(true);
    await sound(head);
    const [facts] = await vault.database.read<{ documents: number; numbers: number }>(
      `SELECT count(DISTINCT d.id)::int AS documents, count(DISTINCT e.number)::int AS numbers
         FROM issue_item i JOIN document d ON d.id = i.document_id JOIN register_entry e ON e.id = i.entry_id
        WHERE i.batch_id = $1::uuid AND i.state = 'issued'`,
      [batch.split('/').at(-1)],
    );
    expect(facts).toEqual({ documents: 50, numbers: 50 });
  });

  test('anyone checks one of them by its code', async () => {
    const [row] = await vault.database.read<{ code: string }>(
      'SELECT verification_code AS code FROM issue_item WHERE batch_id = $1::uuid ORDER BY row LIMIT 1',
      [batch.split('/').at(-1)],
    );
    const anyone = await openPage(browser, { ...view, baseURL: vault.url });
    await anyone.goto(`/kiem-tra/${row?.code}`);
    expect(await title(anyone)).toMatch(/còn nguyên vẹn và còn hiệu lực/);
    await anyone.context().close();
  });
});
