/**
 * What the vault tells and fetches by itself over links: papers reported to the national vault, diplomas to the education
 * database, civil-status events fetched in order. Each goes through the queue, so that a link that is down costs nothing.
 */
import { markDeceased, personByNumber } from '../../identity/index.ts';
import { appendEvent } from '../../ledger/index.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Database, Sql } from '../../platform/database.ts';
import type { OutboxType } from '../../platform/outbox.ts';
import type { OutboxReader } from '../outbox-drain.ts';
import { cursorOf, keepCursor } from './link-repository.ts';
import type { AnswerOf, Links } from './links.ts';

const CHANGES = {
  'document.issued.v1': 'issued',
  'document.deposited.v1': 'issued',
  'document.corrected.v1': 'corrected',
  'document.superseded.v1': 'superseded',
  'document.suspended.v1': 'suspended',
  'document.resumed.v1': 'resumed',
  'document.revoked.v1': 'revoked',
} as const satisfies Partial<Record<OutboxType, string>>;

/** The outbox's reader for links. @param keeper how the vault is called at the other side: its base URL's host */
export const linkReader = (links: Links, keeper: string): OutboxReader => ({
  take: async (sql, event) => {
    const change = CHANGES[event.type as keyof typeof CHANGES];
    if (change === undefined) return;
    const about = { document: event.subject, at: event.occurredAt.toISOString() };
    if (links.isSetUp('national-vault'))
      await links.later(sql, {
        link: 'national-vault',
        operation: 'feed',
        ask: { ...about, change, keeper },
        // One report a change, also where several owners have an event each.
        key: `${event.subject}/${change}/${event.occurredAt.getTime()}`,
        agencyId: event.agencyId,
      });
    const diploma = event.data.batch !== undefined || event.data.diploma === true;
    if (links.isSetUp('education') && diploma && ['issued', 'corrected', 'revoked'].includes(change))
      await links.later(sql, {
        link: 'education',
        operation: 'diplomas',
        ask: {
          issuer: event.agencyId ?? keeper,
          items: [{ ...about, change: change as 'issued' | 'corrected' | 'revoked' }],
        },
        key: event.id,
        agencyId: event.agencyId,
      });
  },
});

/**
 * Fetches civil-status events since the last cursor. Cursor and effects are one transaction: an event that comes twice
 * changes nothing the second time. A death locks the person from then on.
 * @returns how many events came; undefined while the link is down
 */
export async function fetchCivilStatus(parts: {
  readonly links: Links;
  readonly database: Database;
  readonly clock: Clock;
}): Promise<number | undefined> {
  const { links, database, clock } = parts;
  const after = await database.transactSql((sql) => cursorOf(sql, 'civil-status'));
  const asked = await links.ask('civil-status', 'changes', { after });
  if (asked.kind !== 'answer') return undefined;
  const { changes, last } = asked.answer;
  await database.transactSql(async (sql) => {
    // Two instances that fetched the same events: the second one finds the cursor moved and leaves.
    if ((await cursorOf(sql, 'civil-status')) !== after) return;
    for (const change of changes) await takeChange(sql, change, clock.now());
    if (last !== null) await keepCursor(sql, 'civil-status', last);
  });
  return changes.length;
}

async function takeChange(
  sql: Sql,
  change: AnswerOf<'civil-status', 'changes'>['changes'][number],
  now: Date,
): Promise<void> {
  const person = await personByNumber(sql, change.personalNumber);
  if (!person) return;
  if (change.kind === 'death' && !(await markDeceased(sql, person.id, now))) return;
  await appendEvent(sql, {
    type: 'civil-status.received',
    at: now,
    actor: { kind: 'vault' },
    outcome: 'done',
    ownerIds: [person.id],
    detail: { kind: change.kind, registeredOn: change.registeredOn, registry: change.registry },
  });
}
