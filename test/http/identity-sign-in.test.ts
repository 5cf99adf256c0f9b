/** Signing in and out as a browser does it, against the development issuer, through real redirects and cookies. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { insertAccount } from '../../src/identity/account-repository.ts';
import { newId } from '../../src/platform/ids.ts';
import { type Browser, createIdentitySite, HUNG, type IdentitySite, LAN } from '../support/identity-site.ts';
import { createTestDatabase } from '../support/test-database.ts';

let stack: AsyncDisposableStack;
let site: IdentitySite;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  const { database } = stack.use(await createTestDatabase());
  site = stack.use(await createIdentitySite(database));
});
afterAll(() => stack.disposeAsync());

const sessionOf = (browser: Browser): string => browser.cookies.get('session')!.value;

describe('signing in', () => {
  test('leads over the issuer back to where the person wanted to go, with the level as told', async () => {
    const browser = site.browser();
    const { path } = await browser.signIn(LAN.subject, '/api/v1/who?x=1');
    expect(path).toBe('/api/v1/who?x=1');
    expect(await browser.who()).toMatchObject({ kind: 'person', assurance: 2, roles: [] });

    const other = site.browser();
    await other.signIn(HUNG.subject);
    expect(await other.who()).toMatchObject({ kind: 'person', assurance: 1 });
    expect((await other.who()).personId).not.toBe((await browser.who()).personId);
  });

  test('makes the person and the account once, however often', async () => {
    const first = site.browser();
    await first.signIn(LAN.subject);
    const second = site.browser();
    await second.signIn(LAN.subject);
    const [a, b] = [await first.who(), await second.who()];
    expect(b).toMatchObject({ personId: a.personId, accountId: a.accountId });
    const [person] = await site.database.read<{ number: string; name: string }>(
      'SELECT personal_number AS number, full_name AS name FROM person WHERE id = $1::uuid',
      [a.personId],
    );
    expect(person).toEqual({ number: LAN.personalNumber, name: LAN.fullName });
  });

  test('the number typed on the page is in no address on the way', async () => {
    const browser = site.browser();
    const asked = await browser.post('/dang-nhap', { 'so-dinh-danh': '0001 9000 0017', ve: '/giay-to' });
    expect(asked.status).toBe(303);
    expect(asked.headers.get('Location')).toContain('request_uri=');
    expect(asked.headers.get('Location')).not.toContain(LAN.personalNumber);
  });

  test('a number with a fault comes back with words, and what was typed', async () => {
    const answer = await site.browser().post('/dang-nhap', { 'so-dinh-danh': '12345' });
    expect(answer.status).toBe(422);
    expect(await answer.text()).toContain('12345');
  });

  test('never leads to another site', async () => {
    for (const target of ['https://evil.example/', '//evil.example', '/\\evil.example', '/\t/evil.example']) {
      const { path } = await site.browser().signIn(LAN.subject, target);
      expect(path).toBe('/');
    }
  });

  test('a form sent by another site begins nothing', async () => {
    const answer = await site
      .browser()
      .post('/dang-nhap', { 'so-dinh-danh': LAN.personalNumber }, { 'Sec-Fetch-Site': 'cross-site' });
    expect(answer.status).toBe(403);
  });

  test('gives a joiner the account that waited', async () => {
    const browser = site.browser();
    await browser.signIn(HUNG.subject);
    const { personId } = await browser.who();
    // The same person gets a second account at another issuer; the first stays what it is.
    const waiting = await site.database.transactSql((sql) =>
      insertAccount(
        sql,
        { issuer: 'https://elsewhere.example', subject: null, personId: String(personId) },
        new Date(),
      ),
    );
    await browser.signIn(HUNG.subject);
    expect((await browser.who()).accountId).not.toBe(waiting.id);
  });
});

describe('an answer of the issuer', () => {
  /** Goes as far as the redirect back and gives its address without following it. */
  async function answerFor(browser: Browser, subject: string): Promise<string> {
    let response = await browser.fetch('/dang-nhap/bat-dau');
    let at = '/dang-nhap/bat-dau';
    for (let hops = 0; hops < 8; hops += 1) {
      if (response.status === 200) {
        response = await browser.post(at, { subject });
      }
      const next = new URL(response.headers.get('Location')!, new URL(at, site.baseUrl)).href;
      if (next.includes('/dang-nhap/tra-ve')) return next;
      at = next;
      response = await browser.fetch(at);
    }
    throw new Error('the issuer did not answer');
  }

  test('opens nothing in another browser (login of a victim into the attacker’s account)', async () => {
    const answer = await answerFor(site.browser(), LAN.subject);
    const victim = site.browser();
    expect((await victim.fetch(answer)).status).toBe(401);
    expect(await victim.who()).toEqual({ kind: 'anonymous' });
  });

  test('is used once', async () => {
    const browser = site.browser();
    const answer = await answerFor(browser, LAN.subject);
    const attempt = browser.cookies.get('sign-in')!;
    expect((await browser.fetch(answer)).status).toBe(303);
    const replayed = site.browser();
    replayed.cookies.set('sign-in', attempt);
    expect((await replayed.fetch(answer)).status).toBe(401);
  });

  test.each([
    ['state', 'another'],
    ['iss', 'https://evil.example'],
    ['code', 'guessed'],
  ])('with another %s is refused', async (name, value) => {
    const browser = site.browser();
    const answer = new URL(await answerFor(browser, LAN.subject));
    answer.searchParams.set(name, value);
    expect((await browser.fetch(answer.href)).status).toBe(401);
    expect(await browser.who()).toEqual({ kind: 'anonymous' });
  });
});

describe('a session', () => {
  test('has a new token after sign-in, and the one planted before is worth nothing', async () => {
    const browser = site.browser();
    await browser.signIn(LAN.subject);
    const planted = sessionOf(browser);
    await browser.signIn(HUNG.subject);
    expect(sessionOf(browser)).not.toBe(planted);
    const attacker = site.browser();
    attacker.cookies.set('session', { value: planted, path: '/' });
    expect(await attacker.who()).toEqual({ kind: 'anonymous' });
  });

  test('is in the database as a digest only', async () => {
    const browser = site.browser();
    await browser.signIn(LAN.subject);
    const rows = await site.database.read<{ row: string }>('SELECT s::text AS row FROM session s');
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.some(({ row }) => row.includes(sessionOf(browser)))).toBe(false);
  });

  test('ends on this device, and its cookie opens nothing afterwards', async () => {
    const browser = site.browser();
    await browser.signIn(LAN.subject);
    const token = sessionOf(browser);
    const form = await formToken(browser);
    expect((await browser.post('/thoat', { _csrf: form })).status).toBe(303);
    expect(browser.cookies.has('session')).toBe(false);
    browser.cookies.set('session', { value: token, path: '/' });
    expect(await browser.who()).toEqual({ kind: 'anonymous' });
  });

  test('ends everywhere', async () => {
    const [desk, phone, other] = [site.browser(), site.browser(), site.browser()];
    await desk.signIn(LAN.subject);
    await phone.signIn(LAN.subject);
    await other.signIn(HUNG.subject);
    expect((await desk.post('/thoat/moi-noi', { _csrf: await formToken(desk) })).status).toBe(303);
    expect(await phone.who()).toEqual({ kind: 'anonymous' });
    expect(await other.who()).toMatchObject({ kind: 'person' });
  });

  test('takes no form without its token, nor one of another session or site', async () => {
    const [browser, other] = [site.browser(), site.browser()];
    await browser.signIn(LAN.subject);
    await other.signIn(HUNG.subject);
    const form = await formToken(browser);
    expect((await browser.post('/mot-viec', {})).status).toBe(403);
    expect((await browser.post('/mot-viec', { _csrf: await formToken(other) })).status).toBe(403);
    expect(
      (await browser.post('/mot-viec', { _csrf: form }, { 'Sec-Fetch-Site': 'cross-site' })).status,
    ).toBe(403);
    expect((await browser.post('/mot-viec', { _csrf: form })).status).toBe(200);
  });

  test('of a closed account is over at once', async () => {
    const browser = site.browser();
    await browser.signIn(HUNG.subject);
    const { accountId } = await browser.who();
    await site.database.read(`UPDATE account SET status = 'disabled' WHERE id = $1::uuid`, [accountId]);
    expect(await browser.who()).toEqual({ kind: 'anonymous' });
    const again = await browser.signIn(HUNG.subject);
    expect(again.response.status).toBe(403);
    const refusals = await site.database.read(
      `SELECT 1 FROM ledger_event WHERE type = 'session.refused' AND outcome = 'denied'`,
    );
    expect(refusals.length).toBe(1);
    await site.database.read(`UPDATE account SET status = 'active' WHERE id = $1::uuid`, [accountId]);
  });

  test('carries the roles of this moment', async () => {
    const browser = site.browser();
    await browser.signIn(LAN.subject);
    const { accountId } = await browser.who();
    const give = (role: string, from: string, until: string | null, ended: string | null) =>
      site.database.read(
        `INSERT INTO role_assignment (id, account_id, agency_id, role, kind, valid_from, valid_until, granted_by, reason, ended_at)
         VALUES ($1::uuid, $2::uuid, 'H31.1', $3, 'regular', now() + $4::interval, now() + $5::interval, 'test', 'test', now() + $6::interval)`,
        [newId(), accountId, role, from, until, ended],
      );
    await give('desk-officer', '-1 hour', '1 hour', null);
    await give('head', '-2 hours', '-1 hour', null);
    await give('manager', '-2 hours', null, '-1 minute');
    await give('auditor', '1 hour', null, null);
    expect((await browser.who()).roles).toEqual([{ role: 'desk-officer', agencyId: 'H31.1' }]);
    await site.database.read('UPDATE role_assignment SET ended_at = now()');
    expect((await browser.who()).roles).toEqual([]);
  });
});

/** The token that a page of this session would put in its forms. */
async function formToken(browser: Browser): Promise<string> {
  const { formTokenOf } = await import('../../src/identity/session.ts');
  return formTokenOf(sessionOf(browser));
}
