/**
 * The counter as an officer and a citizen live it, in a real browser, with and without scripts, on a phone and on a
 * counter PC: open a dossier, ask, answer on the phone or by the code it shows, put into the dossier, ask for paper, end.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { axeFindings, launchBrowser, openPage, sidewaysScroll } from '../support/browser.ts';
import { HUNG, LAN, ReuseVault } from '../support/reuse-vault.ts';

let world: ReuseVault;
let browser: Browser;

beforeAll(async () => {
  world = await ReuseVault.open();
  browser = await launchBrowser();
  await world.land(LAN, 'MH 7');
});
afterAll(async () => {
  await browser?.close();
  await world?.[Symbol.asyncDispose]();
});

async function signedIn(subject: string, view: { width: 360 | 1280; scripts: boolean }): Promise<Page> {
  const page = await openPage(browser, { ...view, baseURL: world.vault.url });
  await page.goto('/dang-nhap/bat-dau');
  await page.locator(`button[value="${subject}"], input[value="${subject}"]`).first().click();
  const submit = page.locator('main button[type="submit"]:not([value])');
  if (new URL(page.url()).pathname.includes('chon') && (await submit.count()) > 0)
    await submit.first().click();
  return page;
}

async function looksRight(page: Page, scripts: boolean): Promise<void> {
  expect(await sidewaysScroll(page)).toBeLessThanOrEqual(0);
  if (scripts) expect(await axeFindings(page)).toEqual([]);
}

/** Fills the form of the desk and asks. */
async function openDossier(page: Page, code: string, person = LAN): Promise<void> {
  await page.goto('/quay');
  await page.fill('#ho-so', code);
  await page.selectOption('#thu-tuc', '1.004222');
  await page.fill('#so-dinh-danh', person.personalNumber);
  await page.fill('#ho-ten', person.fullName);
  await page.fill('#ngay-sinh', person.birthDate.split('-').reverse().join('/'));
  await page.check('#da-doi-chieu');
  await page.click('main form[action="/quay"] button[type="submit"]');
}

const code = (n: number): string =>
  `H24.991-${new Date().toISOString().slice(2, 10).replaceAll('-', '')}-${String(n).padStart(4, '0')}`;

test.each([
  { width: 1280, scripts: true, dossier: 9101 },
  { width: 360, scripts: false, dossier: 9102 },
] as const)(
  'consent by the phone: $width px, scripts $scripts',
  async ({ width, scripts, dossier }) => {
    const officer = await signedIn('mot-cua', { width, scripts });
    await officer.goto('/quay');
    await looksRight(officer, scripts);
    // What is missing is said at each field, and nothing typed is lost.
    await officer.fill('#ho-so', code(dossier));
    await officer.click('main form[action="/quay"] button[type="submit"]');
    expect(await officer.locator('.notice.summary a').count()).toBeGreaterThan(2);
    expect(await officer.inputValue('#ho-so')).toBe(code(dossier));
    await looksRight(officer, scripts);

    await openDossier(officer, code(dossier));
    expect(new URL(officer.url()).pathname).toMatch(/^\/quay\/[0-9a-f-]{36}$/);
    expect(await officer.locator('main').innerText()).toContain(code(dossier));
    expect(await officer.locator('.session').innerText()).toContain('NGUYỄN THỊ LAN');
    expect(await officer.content()).not.toContain(LAN.personalNumber);
    await looksRight(officer, scripts);

    // More is asked: does the applicant join a relative?
    await officer.locator('a[href$="/relation"]').first().click();
    await officer.locator('input[name="cau-tra-loi"][value="no"]').check();
    await officer.locator('form[action$="/bo-sung"] button').click();

    await officer.locator('a[href$="/legal-residence"]').first().click();
    await looksRight(officer, scripts);
    await officer.locator('input[name="cach"][value="phone"]').check();
    await officer.locator('form[action$="/xin-dong-y"] button').first().click();
    expect(await officer.locator('.pane').innerText()).toMatch(/Chưa có câu trả lời/);
    await looksRight(officer, scripts);

    const citizen = await signedIn('lan', { width: 360, scripts });
    await citizen.goto('/yeu-cau');
    await citizen.locator('a[href^="/yeu-cau/0"]').first().click();
    await looksRight(citizen, scripts);
    await citizen.locator('input[type="radio"][value="allow"]').first().check();
    await citizen.locator('form[action$="/xem-lai"] button').click();
    await citizen.locator('form[action$="/gui"] button').click();
    expect(new URL(citizen.url()).pathname).toMatch(/da-gui$/);
    await looksRight(citizen, scripts);

    await officer.reload();
    expect(await officer.locator('.pane').innerText()).toMatch(/xã Thanh Bình/i);
    await looksRight(officer, scripts);
    await officer.locator('form[action$="/dua-vao"] button').click();
    expect(await officer.locator('main').innerText()).toContain('Đã đưa vào hồ sơ');

    await officer.locator('a[href$="/xem-lai"]').click();
    expect(await officer.locator('main').innerText()).toMatch(/Sự đồng ý số/);
    await looksRight(officer, scripts);
    const dossierPath = new URL(officer.url()).pathname.replace(/\/xem-lai$/, '');
    await officer.locator('form[action="/quay/ket-thuc"] button').last().click();
    expect(new URL(officer.url()).pathname).toBe('/quay');
    expect(await officer.locator('main').innerText()).toContain(code(dossier));
    // Ended with the session: the same address opens nothing.
    const after = await officer.goto(dossierPath);
    expect(after?.status()).toBe(403);

    await citizen.goto('/ai-da-xem');
    expect(await citizen.locator('main').innerText()).toMatch(/xã Thanh Bình/i);
    await Promise.all([officer.context().close(), citizen.context().close()]);
  },
  120_000,
);

test('consent by the code the citizen’s phone shows, then paper all the same', async () => {
  const officer = await signedIn('mot-cua', { width: 1280, scripts: false });
  await openDossier(officer, code(9103));
  await officer.locator('a[href$="/legal-residence"]').first().click();
  await officer.locator('input[name="cach"][value="code"]').check();
  await officer.locator('form[action$="/xin-dong-y"] button').first().click();

  const citizen = await signedIn('lan', { width: 360, scripts: true });
  await citizen.goto('/yeu-cau/ma-tai-quay');
  await citizen.locator('main form button').click();
  await looksRight(citizen, true);
  const shown = ((await citizen.locator('main .panel b').innerText()) ?? '').trim();
  expect(shown.replace(/\s/g, '')).toHaveLength(10);

  const answer = async (secret: string): Promise<void> => {
    await officer.locator('input[name="cach-xac-nhan"][value="qr"]').check();
    await officer.fill('#ma', secret);
    await officer.locator('input[name="tra-loi"][value="allow"]').check();
    await officer.locator('form[action$="/tra-loi"] button').click();
  };
  await answer('AAAAAAAAAA');
  expect(await officer.locator('main').innerText()).toMatch(/Mã sai/);
  await answer(shown.toLowerCase());
  expect(await officer.locator('.pane').innerText()).toMatch(/xã Thanh Bình/i);
  const [grant] = await world.db.database.read<{ method: string; assisted_by: string | null }>(
    `SELECT method, assisted_by FROM consent_grant WHERE method = 'qr'`,
  );
  expect(grant?.assisted_by).not.toBeNull();

  await officer.locator('a[href$="/yeu-cau-giay"]').first().click();
  await officer.locator('form[action$="/yeu-cau-giay"] button').click();
  expect(await officer.locator('.notice.summary a').count()).toBe(3);
  await officer.locator('input[name="thanh-phan"][value="legal-residence"]').check();
  await officer.locator('input[name="ly-do"][value="illegible"]').check();
  await officer.fill('#can-cu', 'Trang 2 mờ, không đọc được số thửa');
  await officer.locator('form[action$="/yeu-cau-giay"] button').click();
  expect(new URL(officer.url()).pathname).toMatch(/^\/quay\/[0-9a-f-]{36}$/);
  await Promise.all([officer.context().close(), citizen.context().close()]);
}, 120_000);

test('a citizen without a telephone marks the form before a witness; nothing found gives a signed statement', async () => {
  const officer = await signedIn('mot-cua', { width: 1280, scripts: true });
  await openDossier(officer, code(9104));
  await officer.locator('a[href$="/legal-residence"]').first().click();
  await officer.locator('input[name="cach"][value="form"]').check();
  await officer.locator('form[action$="/xin-dong-y"] button').first().click();
  await officer.locator('a[href$="/phieu"]').click();
  await looksRight(officer, true);
  await officer.locator('input[name="kind"][value="thumbprint"]').check();
  await officer.locator('input[name="tra-loi"][value="allow"]').check();
  await officer.setInputFiles('#file', {
    name: 'phieu.png',
    mimeType: 'image/png',
    buffer: Buffer.from('\x89PNG\r\n\x1a\n and the rest of a scan', 'latin1'),
  });
  await officer.locator('form[action$="/phieu"] button').click();
  expect(await officer.locator('main').innerText()).toMatch(/người làm chứng/);
  await officer.locator('input[name="kind"][value="thumbprint"]').check();
  await officer.fill('#witness', 'Phan Văn Nam');
  await officer.locator('input[name="tra-loi"][value="allow"]').check();
  await officer.setInputFiles('#file', {
    name: 'phieu.png',
    mimeType: 'image/png',
    buffer: Buffer.from('\x89PNG\r\n\x1a\n and the rest of a scan', 'latin1'),
  });
  await officer.locator('form[action$="/phieu"] button').click();
  expect(await officer.locator('.pane').innerText()).toMatch(/xã Thanh Bình/i);
  const [evidence] = await world.db.database.read<{ kind: string; witness_name: string }>(
    'SELECT kind, witness_name FROM consent_evidence',
  );
  expect(evidence).toEqual({ kind: 'thumbprint', witness_name: 'Phan Văn Nam' });

  await openDossier(officer, code(9105), HUNG);
  expect(await officer.locator('main').innerText()).toMatch(/Chưa có trong kho/);
  const link = await officer.locator('a[href$="/phieu-xac-nhan"]').getAttribute('href');
  const statement = await officer.request.get(link ?? '');
  expect(statement.headers()['content-type']).toContain('application/pdf');
  expect((await statement.body()).subarray(0, 5).toString()).toBe('%PDF-');
  await officer.context().close();
}, 120_000);

test('a post-office clerk serves dossiers of the centre only, and nobody searches freely', async () => {
  const clerk = await signedIn('buu-dien', { width: 1280, scripts: false });
  await openDossier(clerk, code(9101));
  expect(new URL(clerk.url()).pathname).toBe('/quay');
  expect(await clerk.locator('.notice.summary a').count()).toBeGreaterThan(0);
  const other = await signedIn('mot-cua-2', { width: 1280, scripts: false });
  await openDossier(other, code(9101));
  expect(new URL(other.url()).pathname).toBe('/quay');
  const denied = await other.goto('/quay/01900000-0000-7000-8000-000000000000');
  expect(denied?.status()).toBe(403);
  await Promise.all([clerk.context().close(), other.context().close()]);
}, 120_000);

test('rights: a request goes to a named agency and comes back answered', async () => {
  const citizen = await signedIn('lan', { width: 360, scripts: true });
  await citizen.goto('/quyen-cua-toi');
  await looksRight(citizen, true);
  await citizen.locator('form[action="/quyen-cua-toi"] button').click();
  expect(await citizen.locator('.notice.summary a').count()).toBe(3);
  await citizen.locator('input[name="viec"][value="correct"]').check();
  await citizen.selectOption('#co-quan', 'H24.991');
  await citizen.fill('#noi-dung', 'Sai tên đường trên giấy');
  await citizen.locator('form[action="/quyen-cua-toi"] button').click();
  expect(await citizen.locator('main').innerText()).toMatch(/Đã gửi\. Mã/);
  await looksRight(citizen, true);

  const officer = await signedIn('mot-cua', { width: 1280, scripts: true });
  await officer.goto('/yeu-cau-cong-dan');
  expect(await officer.locator('main').innerText()).toMatch(/Sai tên đường/);
  await looksRight(officer, true);
  await officer.locator('button[value="acknowledged"]').first().click();
  await officer.locator('textarea').first().fill('Đã sửa theo sổ gốc');
  await officer.locator('button[value="done"]').first().click();
  await citizen.reload();
  expect(await citizen.locator('main').innerText()).toMatch(/Đã sửa theo sổ gốc/);
  await citizen.goto('/xem-truoc');
  await looksRight(citizen, true);
  await Promise.all([officer.context().close(), citizen.context().close()]);
}, 120_000);
