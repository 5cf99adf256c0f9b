/** Rows of actions on the register, and the entries each is about. */
import type { Sql } from '../platform/database.ts';
import type { ActionState, RegisterAction } from './register-action.ts';

export async function insertAction(
  sql: Sql,
  action: RegisterAction,
  { entryIds, at }: { readonly entryIds: readonly string[]; readonly at: Date },
): Promise<void> {
  await sql.query(
    `INSERT INTO register_action (id, agency_id, kind, decision_number, decision_date, authority, reason, changes, state,
                                  prepared_by, prepared_at)
     VALUES ($1::uuid, $2::text, $3::text, $4::text, $5::text::date, $6::text, $7::text, $8::jsonb, $9::text, $10::text,
             $11::timestamptz)`,
    [
      action.id,
      action.agencyId,
      action.kind,
      action.decisionNumber,
      action.decisionDate,
      action.authority,
      action.reason,
      JSON.stringify(action.changes),
      action.state,
      action.preparedBy,
      at,
    ],
  );
  await sql.query(
    `INSERT INTO register_action_entry (action_id, entry_id, position)
     SELECT $1::uuid, id::uuid, position FROM unnest($2::text[]) WITH ORDINALITY AS given (id, position)`,
    [action.id, [...entryIds]],
  );
}

export async function findAction(
  sql: Sql,
  id: string,
  { lock = false }: { readonly lock?: boolean } = {},
): Promise<RegisterAction | undefined> {
  const [row] = await sql.query<ActionRow>(
    `${SELECT_ACTION} WHERE id = $1::uuid${lock ? ' FOR UPDATE' : ''}`,
    [id],
  );
  return row && actionOf(row);
}

/** Actions that were approved and not finished: the work of a process that died. */
export async function unfinishedActions(sql: Sql): Promise<string[]> {
  const rows = await sql.query<{ id: string }>(
    "SELECT id::text AS id FROM register_action WHERE state = 'approved' ORDER BY prepared_at",
  );
  return rows.map(({ id }) => id);
}

export async function moveAction(
  sql: Sql,
  id: string,
  to: {
    readonly state: ActionState;
    readonly at: Date;
    readonly approvedBy?: string;
    readonly batchId?: string;
  },
): Promise<void> {
  await sql.query(
    `UPDATE register_action SET state = $2::text, approved_by = coalesce($3::text, approved_by),
       batch_id = coalesce($4::uuid, batch_id),
       finished_at = CASE WHEN $2::text IN ('done', 'cancelled') THEN $5::timestamptz ELSE finished_at END
     WHERE id = $1::uuid`,
    [id, to.state, to.approvedBy ?? null, to.batchId ?? null, to.at],
  );
}

/** In order; `pending` gives only those with no outcome yet. */
export async function entriesOfAction(
  sql: Sql,
  id: string,
  options: { readonly pending?: boolean; readonly limit?: number } = {},
): Promise<{ entryId: string; outcome: string | null }[]> {
  return sql.query(
    `SELECT entry_id::text AS "entryId", outcome FROM register_action_entry
      WHERE action_id = $1::uuid AND (NOT $2::bool OR outcome IS NULL) ORDER BY position LIMIT $3::int`,
    [id, options.pending ?? false, options.limit ?? 100_000],
  );
}

export async function setOutcome(
  sql: Sql,
  actionId: string,
  { entryId, outcome }: { readonly entryId: string; readonly outcome: string },
): Promise<void> {
  await sql.query(
    'UPDATE register_action_entry SET outcome = $3::text WHERE action_id = $1::uuid AND entry_id = $2::uuid',
    [actionId, entryId, outcome],
  );
}

const SELECT_ACTION = `SELECT id::text, agency_id, kind, decision_number, decision_date::text, authority, reason, changes,
  state, prepared_by, approved_by, batch_id::text FROM register_action`;

interface ActionRow {
  id: string;
  agency_id: string;
  kind: RegisterAction['kind'];
  decision_number: string;
  decision_date: string;
  authority: string;
  reason: string;
  changes: RegisterAction['changes'];
  state: ActionState;
  prepared_by: string;
  approved_by: string | null;
  batch_id: string | null;
}

const actionOf = (row: ActionRow): RegisterAction => ({
  id: row.id,
  agencyId: row.agency_id,
  kind: row.kind,
  decisionNumber: row.decision_number,
  decisionDate: row.decision_date,
  authority: row.authority,
  reason: row.reason,
  changes: row.changes,
  state: row.state,
  preparedBy: row.prepared_by,
  approvedBy: row.approved_by,
  batchId: row.batch_id,
});
