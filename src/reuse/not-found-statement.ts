/**
 * The statement of what was not found: which scopes were searched, by which keys, when, what comes next. Its digest
 * stands in the log, its PDF carries the agency's seal. It entitles the person to hand in paper, and opens a task to
 * digitise that paper for each component.
 */
import { createHash } from 'node:crypto';
import { calendarDateAt, type Labels } from '../catalogue/index.ts';
import type { Dossier } from '../documents/index.ts';
import type { Sql } from '../platform/database.ts';
import { newId } from '../platform/ids.ts';
import { publish } from '../platform/outbox.ts';
import type { Assessment } from './assessment.ts';
import type { Outcome } from './outcome.ts';
import type { Caller, ReuseGate } from './reuse-gate.ts';
import type { ReuseRequest } from './reuse-request.ts';

/** What was stated. No names, no numbers: the PDF adds those that the reader brings. */
export interface NotFoundStatement {
  readonly id: string;
  readonly agency: { readonly id: string; readonly names: Labels };
  readonly dossier: string;
  readonly procedure: { readonly code: string; readonly names: Labels };
  readonly statedAt: string;
  /** Where was searched. */
  readonly scopes: readonly Labels[];
  /** By what was searched, never the values. */
  readonly keys: readonly string[];
  readonly missing: readonly {
    readonly component: string;
    readonly names: Labels;
    readonly documentTypes: readonly string[];
  }[];
  readonly next: Labels;
}

export interface KeptStatement {
  readonly statement: NotFoundStatement;
  readonly sha256: string;
  readonly eventId: string;
  readonly agencyId: string;
  readonly dossierId: string;
  readonly ownerId: string | null;
  readonly sealed: Buffer | null;
  readonly sealedSha256: string | null;
}

/** The statement that already covers these components of the request. */
export async function statementOf(
  sql: Sql,
  requestId: string,
  missing: readonly Outcome[],
): Promise<string | undefined> {
  const rows = await sql.query<{ id: string; body: NotFoundStatement }>(
    'SELECT id::text, body FROM not_found_statement WHERE request_id = $1::uuid ORDER BY not_found_statement.id DESC',
    [requestId],
  );
  return rows.find(({ body }) =>
    missing.every(({ componentKey }) => body.missing.some(({ component }) => component === componentKey)),
  )?.id;
}

/** Writes the statement, its event, its tasks. @returns its id */
export async function stateNotFound(
  sql: Sql,
  gate: ReuseGate,
  caller: Caller,
  facts: { request: ReuseRequest; dossier: Dossier; assessment: Assessment; at: Date },
): Promise<string> {
  const { request, dossier, at } = facts;
  const statement = statementFor(facts);
  const sha256 = digestOf(statement);
  const eventId = await gate.tell(sql, caller, {
    type: 'reuse.not-found-stated',
    at,
    request,
    detail: { statement: statement.id, sha256, missing: statement.missing.length },
  });
  await sql.query(
    `INSERT INTO not_found_statement (id, request_id, agency_id, dossier_id, owner_id, body, sha256, event_id, stated_at)
     VALUES ($1::uuid, $2::uuid, $3::text, $4::uuid, $5::uuid, $6::jsonb, $7::text, $8::uuid, $9::timestamptz)`,
    [
      statement.id,
      request.id,
      request.agencyId,
      dossier.id,
      request.ownerId,
      JSON.stringify(statement),
      sha256,
      eventId,
      at,
    ],
  );
  for (const { component, documentTypes } of statement.missing) {
    await sql.query(
      `INSERT INTO digitisation_task (id, agency_id, dossier_id, owner_id, component_key, type_codes, statement_id, state, opened_at, changed_at)
       VALUES ($1::uuid, $2::text, $3::uuid, $4::uuid, $5::text, $6::text[], $7::uuid, 'open', $8::timestamptz, $8::timestamptz)
       ON CONFLICT (dossier_id, component_key) DO NOTHING`,
      [
        newId(),
        request.agencyId,
        dossier.id,
        facts.assessment.owners.get(component)?.id ?? null,
        component,
        [...documentTypes],
        statement.id,
        at,
      ],
    );
  }
  await publish(sql, {
    type: 'reuse.not-found-stated.v1',
    at,
    subject: request.id,
    agency: request.agencyId,
    data: { statement: statement.id },
  });
  return statement.id;
}

function statementFor(facts: {
  request: ReuseRequest;
  dossier: Dossier;
  assessment: Assessment;
  at: Date;
}): NotFoundStatement {
  const { request, dossier, assessment, at } = facts;
  const { catalogue, procedure } = assessment;
  const agency = catalogue.agency(request.agencyId, calendarDateAt(at));
  return {
    id: newId(),
    agency: {
      id: request.agencyId,
      names: agency?.names ?? { vi: request.agencyId, en: request.agencyId },
    },
    dossier: dossier.code,
    procedure: { code: procedure.code, names: procedure.names },
    statedAt: at.toISOString(),
    scopes: [{ vi: 'Kho dữ liệu điện tử này', en: 'This electronic data store' }],
    keys: ['owner', 'document-type', ...(Object.keys(request.hints).length > 0 ? ['issuer'] : [])],
    missing: assessment.outcomes
      .filter(({ kind }) => kind === 'not_found')
      .map(({ componentKey }) => {
        const component = procedure.components.find(({ key }) => key === componentKey);
        return {
          component: componentKey,
          names: component?.names ?? { vi: componentKey, en: componentKey },
          documentTypes: (component?.alternatives ?? []).map(({ documentType }) => documentType),
        };
      }),
    next: {
      vi: 'Người này được nộp bản giấy của các thành phần trên tại Bộ phận Một cửa. Cán bộ đối chiếu và số hóa; lần sau không phải nộp lại.',
      en: 'The person may hand in paper for these components at the one-stop desk. The desk compares and digitises it, so that it is not asked for again.',
    },
  };
}

/** SHA-256 of the statement with its members in the order of their names. */
export const digestOf = (statement: NotFoundStatement): string =>
  createHash('sha256').update(canonical(statement), 'utf8').digest('hex');

const canonical = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`).join(',')}}`;
  }
  return JSON.stringify(value);
};

export async function findStatement(sql: Sql, id: string): Promise<KeptStatement | undefined> {
  const [row] = await sql.query<StatementRow>(
    `SELECT body, sha256, event_id::text, agency_id, dossier_id::text, owner_id::text, sealed, sealed_sha256
     FROM not_found_statement WHERE id = $1::uuid`,
    [id],
  );
  return (
    row && {
      statement: row.body,
      sha256: row.sha256,
      eventId: row.event_id,
      agencyId: row.agency_id,
      dossierId: row.dossier_id,
      ownerId: row.owner_id,
      sealed: row.sealed,
      sealedSha256: row.sealed_sha256,
    }
  );
}

interface StatementRow {
  body: NotFoundStatement;
  sha256: string;
  event_id: string;
  agency_id: string;
  dossier_id: string;
  owner_id: string | null;
  sealed: Buffer | null;
  sealed_sha256: string | null;
}
