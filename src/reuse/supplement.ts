/** What was asked for by `need_more`, told afterwards: the request stays the same, and so do the consents given to it. */
import type { Sql } from '../platform/database.ts';
import { findParty, type PartyClaim } from './person-match.ts';
import { type Caller, Refused, type ReuseGate } from './reuse-gate.ts';
import type { Party, ReuseRequest } from './reuse-request.ts';
import type { ReuseAnswer, ReuseService } from './reuse-service.ts';

export interface SupplementOrder extends Caller {
  readonly reuseRequestId: string;
  readonly conditions: ReuseRequest['conditions'];
  readonly parties: readonly PartyClaim[];
  readonly hints: ReuseRequest['hints'];
  readonly given: ReuseRequest['given'];
}

export async function supplement(
  parts: { gate: ReuseGate; reuse: ReuseService },
  order: SupplementOrder,
): Promise<ReuseAnswer> {
  const { gate, reuse } = parts;
  await gate.run(order, 'supplement-reuse', async (sql) => {
    const found = await gate.admit(sql, order, order.reuseRequestId, 'reuse:request');
    if (found instanceof Refused) return found;
    const { request } = found;
    const parties: Party[] = [];
    for (const claim of order.parties) parties.push(await findParty(sql, claim));
    const kept = request.parties.filter(({ holder }) => !parties.some((party) => party.holder === holder));
    await save(sql, {
      id: request.id,
      conditions: { ...request.conditions, ...order.conditions },
      parties: [...kept, ...parties],
      hints: { ...request.hints, ...order.hints },
      given: { ...request.given, ...order.given },
    });
    return undefined;
  });
  return reuse.show(order);
}

async function save(
  sql: Sql,
  request: Pick<ReuseRequest, 'id' | 'conditions' | 'parties' | 'hints' | 'given'>,
): Promise<void> {
  await sql.query(
    `UPDATE reuse_request SET conditions = $2::jsonb, parties = $3::jsonb, hints = $4::jsonb, given = $5::jsonb WHERE id = $1::uuid`,
    [
      request.id,
      JSON.stringify(request.conditions),
      JSON.stringify(request.parties),
      JSON.stringify(request.hints),
      JSON.stringify(request.given),
    ],
  );
}
