/** Signed-in callers for a benchmark: one invented person with as many accounts as the rate limits ask for. */
import { insertAccount } from '../../../src/identity/account-repository.ts';
import { findOrCreatePerson } from '../../../src/identity/index.ts';
import { Sessions } from '../../../src/identity/session-service.ts';
import { systemClock as clock } from '../../../src/platform/clock.ts';
import type { Sql } from '../../../src/platform/database.ts';

/** @returns the person and a `Cookie` header for each account, of assurance level 2 */
export async function openSessionCookies(
  sql: Sql,
  accounts: number,
): Promise<{ personId: string; cookies: string[] }> {
  const now = clock.now();
  const claim = { personalNumber: '000199000018', fullName: 'Trần Thị Thử' };
  const { person } = await findOrCreatePerson(sql, claim, { now, acceptInvented: true });
  // Sessions are opened in the caller's transaction; the service's own database is never asked.
  const sessions = new Sessions({ database: undefined as never, clock });
  const cookies: string[] = [];
  for (let n = 0; n < accounts; n += 1) {
    const subject = { issuer: 'https://bench.invalid', subject: `${n}`, personId: person.id };
    const account = await insertAccount(sql, subject, now);
    const { token } = await sessions.open(sql, { accountId: account.id, personId: person.id, assurance: 2 });
    cookies.push(`session=${token}`);
  }
  return { personId: person.id, cookies };
}
