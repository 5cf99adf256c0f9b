/** Rows of dossiers and of the papers that stand in them. */
import type { Sql } from '../platform/database.ts';
import { Failure } from '../platform/failure.ts';
import type { OwnerRef } from './document.ts';

export type PaperGroup = 'component' | 'processing' | 'result';
export type DossierState = 'received' | 'in-progress' | 'finished' | 'closed';

export interface PaperPlace {
  readonly dossierCode: string;
  readonly group: PaperGroup;
  readonly componentKey: string | null;
  readonly resultCode: string | null;
}

export interface Dossier {
  readonly id: string;
  readonly code: string;
  readonly agencyId: string;
  readonly procedureCode: string;
  readonly owner: OwnerRef;
  readonly state: DossierState;
  readonly receivedAt: Date;
  readonly dueAt: Date | null;
  readonly finishedAt: Date | null;
  readonly revision: number;
}

export interface DossierPaper {
  readonly documentId: string;
  readonly group: PaperGroup;
  readonly componentKey: string | null;
  readonly resultCode: string | null;
  readonly addedAt: Date;
}

/** Puts a document into a dossier of the agency. @returns the dossier's id. @throws Failure `not-found` */
export async function addPaper(
  sql: Sql,
  paper: PaperPlace & { readonly agencyId: string; readonly documentId: string; readonly at: Date },
): Promise<string> {
  const rows = await sql.query<{ id: string }>(
    `WITH place AS (SELECT id FROM dossier WHERE code = $1::text AND agency_id = $2::text), added AS (
       INSERT INTO dossier_paper (dossier_id, document_id, "group", component_key, result_code, added_at)
       SELECT id, $3::uuid, $4::text, $5::text, $6::text, $7::timestamptz FROM place)
     SELECT id::text FROM place`,
    [
      paper.dossierCode,
      paper.agencyId,
      paper.documentId,
      paper.group,
      paper.componentKey,
      paper.resultCode,
      paper.at,
    ],
  );
  const [row] = rows;
  if (!row) {
    throw new Failure(
      'invalid',
      {
        en: 'This agency has no dossier of this code. Record the dossier first.',
        vi: 'Cơ quan này chưa có hồ sơ mang mã này. Hãy ghi nhận hồ sơ trước.',
      },
      {
        code: 'dossier-unknown',
        faults: [{ pointer: '/body/dossier/code', detail: 'Unknown dossier code.' }],
      },
    );
  }
  return row.id;
}

export interface DossierRecord {
  readonly id: string;
  readonly code: string;
  readonly agencyId: string;
  readonly procedureCode: string;
  readonly owner: OwnerRef;
  readonly state: DossierState;
  readonly receivedAt: Date;
  readonly dueAt: Date | null;
  readonly finishedAt: Date | null;
}

/**
 * Records a dossier or the next state of it; saying the same again changes nothing.
 * @returns the dossier and whether it changed; undefined where the code belongs to another agency, procedure or owner
 */
export async function upsertDossier(
  sql: Sql,
  record: DossierRecord,
): Promise<{ dossier: Dossier; changed: boolean } | undefined> {
  await sql.query(
    `INSERT INTO dossier (id, code, agency_id, procedure_code, owner_kind, owner_id, state, received_at, due_at, finished_at, revision)
     VALUES ($1::uuid, $2::text, $3::text, $4::text, $5::text, $6::uuid, $7::text, $8::timestamptz, $9::timestamptz, $10::timestamptz, 0)
     ON CONFLICT (code) DO NOTHING`,
    [
      record.id,
      record.code,
      record.agencyId,
      record.procedureCode,
      record.owner.kind,
      record.owner.id,
      record.state,
      record.receivedAt,
      record.dueAt,
      record.finishedAt,
    ],
  );
  const [before] = await sql.query<DossierRow>(`${SELECT} WHERE code = $1::text FOR UPDATE`, [record.code]);
  if (!before) throw new Error('a dossier vanished between two statements');
  const same =
    before.agency_id === record.agencyId &&
    before.procedure_code === record.procedureCode &&
    before.owner_id === record.owner.id;
  if (!same) return undefined;
  const unchanged =
    before.revision > 0 &&
    before.state === record.state &&
    before.received_at.getTime() === record.receivedAt.getTime() &&
    before.due_at?.getTime() === record.dueAt?.getTime() &&
    before.finished_at?.getTime() === record.finishedAt?.getTime();
  if (unchanged) return { dossier: dossierOf(before), changed: false };
  const [after] = await sql.query<DossierRow>(
    `UPDATE dossier SET state = $2::text, received_at = $3::timestamptz, due_at = $4::timestamptz, finished_at = $5::timestamptz,
            revision = revision + 1
     WHERE code = $1::text RETURNING ${COLUMNS}`,
    [record.code, record.state, record.receivedAt, record.dueAt, record.finishedAt],
  );
  if (!after) throw new Error('a locked dossier vanished');
  return { dossier: dossierOf(after), changed: true };
}

export async function findDossier(sql: Sql, code: string): Promise<Dossier | undefined> {
  const [row] = await sql.query<DossierRow>(`${SELECT} WHERE code = $1::text`, [code]);
  return row && dossierOf(row);
}

export interface DossierPage {
  readonly agencyId: string;
  readonly state?: DossierState;
  readonly procedure?: string;
  /** Id of the last dossier of the page before. */
  readonly after?: string;
  readonly limit: number;
}

/** Dossiers of an agency, last received first: a keyset page over its index. */
export async function listDossiers(sql: Sql, page: DossierPage): Promise<Dossier[]> {
  const rows = await sql.query<DossierRow>(
    `${SELECT} s WHERE s.agency_id = $1::text
       AND ($2::text IS NULL OR s.state = $2::text) AND ($3::text IS NULL OR s.procedure_code = $3::text)
       AND ($4::uuid IS NULL OR (s.received_at, s.id) <
            (SELECT l.received_at, l.id FROM dossier l WHERE l.id = $4::uuid AND l.agency_id = $1::text))
     ORDER BY s.received_at DESC, s.id DESC LIMIT $5::int`,
    [page.agencyId, page.state ?? null, page.procedure ?? null, page.after ?? null, page.limit],
  );
  return rows.map(dossierOf);
}

export async function papersOf(sql: Sql, dossierId: string): Promise<DossierPaper[]> {
  const rows = await sql.query<{
    document_id: string;
    group: PaperGroup;
    component_key: string | null;
    result_code: string | null;
    added_at: Date;
  }>(
    `SELECT document_id::text, "group", component_key, result_code, added_at FROM dossier_paper
     WHERE dossier_id = $1::uuid ORDER BY added_at, document_id`,
    [dossierId],
  );
  return rows.map((row) => ({
    documentId: row.document_id,
    group: row.group,
    componentKey: row.component_key,
    resultCode: row.result_code,
    addedAt: row.added_at,
  }));
}

interface DossierRow {
  id: string;
  code: string;
  agency_id: string;
  procedure_code: string;
  owner_kind: 'person' | 'organisation';
  owner_id: string;
  state: DossierState;
  received_at: Date;
  due_at: Date | null;
  finished_at: Date | null;
  revision: number;
}

const COLUMNS =
  'id::text, code, agency_id, procedure_code, owner_kind, owner_id::text, state, received_at, due_at, finished_at, revision';
const SELECT = `SELECT ${COLUMNS} FROM dossier`;

const dossierOf = (row: DossierRow): Dossier => ({
  id: row.id,
  code: row.code,
  agencyId: row.agency_id,
  procedureCode: row.procedure_code,
  owner: { kind: row.owner_kind, id: row.owner_id },
  state: row.state,
  receivedAt: row.received_at,
  dueAt: row.due_at,
  finishedAt: row.finished_at,
  revision: row.revision,
});
