/** A manager reads the board of the agencies, its table, its method and the demanded papers; others do not. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { parseConfig } from '../../src/config/index.ts';
import { mainJob } from '../../src/main-job/main-job.ts';
import { makeScan } from '../../src/main-job/sample-scan.ts';
import { monthAt, monthInWords } from '../../src/statistics/period.ts';
import { createVault, type Vault } from '../../src/vault.ts';
import {
  axeFindings,
  launchBrowser,
  openPage,
  picture,
  sidewaysScroll,
  type View,
} from '../support/browser.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

let own: TestDatabase;
let folder: string;
let vault: Vault;
let browser: Browser;

beforeAll(async () => {
  own = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'motlan-statistics-'));
  const config = parseConfig({ VAULT_DATA_DIR: folder, DATABASE_URL: own.url, LOG_LEVEL: 'error' });
  vault = await createVault({ ...config, port: 0 });
  const keyFolder = join(folder, 'keys');
  const job = { url: vault.url, keyFolder, trustFile: vault.trustFile, say: () => undefined };
  const { ok } = await mainJob({ ...job, bytes: await makeScan(new Date()) });
  expect(ok).toBe(true);
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  await vault?.close();
  await own?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

async function signIn(page: Page, path: string, number: string, name: RegExp): Promise<void> {
  await page.goto(path);
  await page.getByLabel('Số định danh cá nhân').fill(number);
  await page.getByRole('button', { name: /Tiếp tục/ }).click();
  await page.getByRole('button', { name }).click();
}

test.each<View>([
  { width: 360, scripts: true },
  { width: 1280, scripts: true },
  { width: 1280, scripts: false },
])('a manager reads the figures at $width px, scripts: $scripts', async (view) => {
  const page = await openPage(browser, { ...view, baseURL: vault.url });
  const month = monthAt(new Date());
  const sound = async (name: string): Promise<void> => {
    expect(await sidewaysScroll(page)).toBeLessThanOrEqual(0);
    if (!view.scripts) return;
    expect(await axeFindings(page)).toEqual([]);
    await picture(page, `${name}-${view.width}`);
  };
  await signIn(page, '/thong-ke', '000071000166', /Tạ Văn Phúc/i);
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Số hóa và sử dụng lại');
  await page.getByLabel('Kỳ').selectOption(month);
  await page.getByRole('button', { name: 'Xem' }).click();
  const table = page.getByRole('table', { name: /Theo cơ quan/ });
  expect(await table.getByRole('row').count()).toBe(2);
  // The main job took its one paper from the vault for its one dossier.
  expect(await table.getByText('100,0%').first().isVisible()).toBe(true);
  await sound('statistics-board');
  await page.getByRole('link', { name: 'Cách tính từng tỷ lệ' }).click();
  expect(await page.getByRole('table').getByRole('row').count()).toBe(4);
  await sound('statistics-method');
  await page.getByRole('link', { name: 'Về bảng số liệu' }).click();
  await page.getByRole('link', { name: 'Xem từng lần' }).click();
  expect(await page.getByText('Không có lần nào trong kỳ.').isVisible()).toBe(true);
  await sound('statistics-demands');
  const csv = await page.request.get(`/thong-ke/bang.csv?ky=${month}`);
  expect(csv.headers()['content-type']).toBe('text/csv; charset=utf-8');
  const rows = (await csv.text()).trim().split(/\r?\n/);
  expect(rows).toHaveLength(2);
  expect(rows[1]).toContain(`"${monthInWords(month)}",`);
  expect((await page.goto('/thong-ke?coquan=H17.991'))?.status()).toBe(404);
  const [refused] = await own.database.read<{ n: number }>(
    `SELECT count(*)::int AS n FROM ledger_event WHERE detail ->> 'operation' = 'read-statistics'`,
  );
  expect(refused?.n).toBeGreaterThan(0);
  await page.context().close();
});

test('a citizen is refused', async () => {
  const page = await openPage(browser, { width: 1280, scripts: true, baseURL: vault.url });
  await signIn(page, '/thong-ke', '000190000017', /Nguyễn Thị Lan/i);
  expect((await page.goto('/thong-ke'))?.status()).toBe(403);
  await page.context().close();
});
