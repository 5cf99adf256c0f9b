/** Rows of documents: one statement a question, in whichever transaction the service has. */
import type { CalendarDate, Provenance } from '../catalogue/index.ts';
import type { AnyActor } from '../identity/actor.ts';
import { actorKey } from '../identity/actor.ts';
import type { Sql } from '../platform/database.ts';
import type {
  DocumentFacts,
  OwnerRef,
  RenditionKind,
  Status,
  StatusEntry,
  VersionFacts,
} from './document.ts';

export interface NewDocument {
  readonly id: string;
  readonly typeCode: string;
  readonly issuerId: string | null;
  readonly depositorId: string | null;
  readonly provenance: Provenance;
  readonly symbol: string | null;
  readonly abstract: string | null;
  readonly issuedOn: CalendarDate | null;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly sensitive: boolean;
  readonly verificationCode: string;
  readonly externalId: string | null;
  readonly owners: readonly OwnerRef[];
  readonly at: Date;
}

export async function insertDocument(sql: Sql, document: NewDocument): Promise<void> {
  await sql.query(
    `INSERT INTO document (id, type_code, issuer_id, depositor_id, provenance, symbol, abstract, issued_on, metadata,
                           sensitive, verification_code, external_id, deposited_at)
     VALUES ($1::uuid, $2::text, $3::text, $4::text, $5::text, $6::text, $7::text, $8::text::date, $9::jsonb, $10::bool,
             $11::text, $12::text, $13::timestamptz)`,
    [
      document.id,
      document.typeCode,
      document.issuerId,
      document.depositorId,
      document.provenance,
      document.symbol,
      document.abstract,
      document.issuedOn,
      JSON.stringify(document.metadata),
      document.sensitive,
      document.verificationCode,
      document.externalId,
      document.at,
    ],
  );
  await sql.query(
    `INSERT INTO document_owner (document_id, owner_kind, owner_id, type_code, issued_on)
     SELECT $1::uuid, kind, id::uuid, $2::text, $3::text::date FROM unnest($4::text[], $5::text[]) AS owner (kind, id)`,
    [
      document.id,
      document.typeCode,
      document.issuedOn,
      document.owners.map(({ kind }) => kind),
      document.owners.map(({ id }) => id),
    ],
  );
}

export async function insertVersion(
  sql: Sql,
  version: {
    readonly id: string;
    readonly documentId: string;
    readonly number: number;
    readonly sha256: string;
    readonly pages: number;
    readonly at: Date;
    /** Why it replaces the version before, and the metadata that held until then. */
    readonly correction?: {
      readonly reason: string;
      readonly metadata: Readonly<Record<string, unknown>>;
    } | null;
  },
): Promise<void> {
  const { correction } = version;
  await sql.query(
    `INSERT INTO document_version (id, document_id, number, sha256, pages, created_at, reason, metadata)
     VALUES ($1::uuid, $2::uuid, $3::int, $4::text, $5::int, $6::timestamptz, $7::text, $8::jsonb)`,
    [
      version.id,
      version.documentId,
      version.number,
      version.sha256,
      version.pages,
      version.at,
      correction?.reason ?? null,
      correction ? JSON.stringify(correction.metadata) : null,
    ],
  );
}

export async function insertRendition(
  sql: Sql,
  rendition: { versionId: string; kind: string; position: number; mediaType: string; objectId: string },
): Promise<void> {
  await sql.query(
    `INSERT INTO rendition (version_id, kind, position, media_type, object_id)
     VALUES ($1::uuid, $2::text, $3::int, $4::text, $5::uuid)`,
    [rendition.versionId, rendition.kind, rendition.position, rendition.mediaType, rendition.objectId],
  );
}

export interface NewStatus {
  readonly documentId: string;
  readonly status: Status;
  readonly at: Date;
  readonly actor: AnyActor;
  readonly agencyId: string | null;
  readonly reason?: string | null;
  readonly decisionNumber?: string | null;
  readonly decisionDate?: CalendarDate | null;
  readonly successorId?: string | null;
}

/** Appends the next status; two writers of one document are serialised by its row. */
export async function appendStatus(sql: Sql, status: NewStatus): Promise<void> {
  const { actorKind, actorId } = actorKey(status.actor);
  await sql.query(
    `INSERT INTO status_event (document_id, number, status, at, actor_kind, actor_id, agency_id, reason, decision_number,
                               decision_date, successor_id)
     SELECT $1::uuid, coalesce(max(number), 0) + 1, $2::text, $3::timestamptz, $4::text, $5::text, $6::text, $7::text,
            $8::text, $9::text::date, $10::uuid
     FROM status_event WHERE document_id = $1::uuid`,
    [
      status.documentId,
      status.status,
      status.at,
      actorKind,
      actorId,
      status.agencyId,
      status.reason ?? null,
      status.decisionNumber ?? null,
      status.decisionDate ?? null,
      status.successorId ?? null,
    ],
  );
}

/** The document as it stands now, or undefined. `lock` holds its row until the transaction ends. */
export async function findDocument(
  sql: Sql,
  id: string,
  options: { lock?: boolean } = {},
): Promise<DocumentFacts | undefined> {
  if (options.lock) await sql.query('SELECT 1 AS one FROM document WHERE id = $1::uuid FOR UPDATE', [id]);
  const [row] = await sql.query<DocumentRow>(`${SELECT_DOCUMENT} WHERE d.id = $1::uuid`, [id]);
  return row && documentOf(row);
}

export async function findByVerificationCode(sql: Sql, code: string): Promise<DocumentFacts | undefined> {
  const [row] = await sql.query<DocumentRow>(`${SELECT_DOCUMENT} WHERE d.verification_code = $1::text`, [
    code,
  ]);
  return row && documentOf(row);
}

export async function findByExternalId(
  sql: Sql,
  agencyId: string,
  externalId: string,
): Promise<DocumentFacts | undefined> {
  const [row] = await sql.query<DocumentRow>(
    `${SELECT_DOCUMENT} WHERE d.depositor_id = $1::text AND d.external_id = $2::text`,
    [agencyId, externalId],
  );
  return row && documentOf(row);
}

export interface OwnedPage {
  readonly ownerId: string;
  /** Only these types; empty for all. */
  readonly typeCodes?: readonly string[];
  /** The id of the last document of the page before. */
  readonly after?: string;
  readonly limit: number;
}

/** An owner's documents, newest first; a keyset page by id, which sorts by time. */
export async function listOwned(sql: Sql, page: OwnedPage): Promise<DocumentFacts[]> {
  const rows = await sql.query<DocumentRow>(
    `${SELECT_DOCUMENT} WHERE d.erased_at IS NULL AND d.id IN (
       SELECT w.document_id FROM document_owner w
       WHERE w.owner_id = $1::uuid AND (cardinality($2::text[]) = 0 OR w.type_code = ANY ($2::text[]))
         AND ($3::uuid IS NULL OR w.document_id < $3::uuid)
       ORDER BY w.document_id DESC LIMIT $4::int)
     ORDER BY d.id DESC`,
    [page.ownerId, [...(page.typeCodes ?? [])], page.after ?? null, page.limit],
  );
  return rows.map(documentOf);
}

export async function setMetadata(
  sql: Sql,
  documentId: string,
  metadata: Readonly<Record<string, unknown>>,
): Promise<void> {
  await sql.query('UPDATE document SET metadata = $2::jsonb WHERE id = $1::uuid', [
    documentId,
    JSON.stringify(metadata),
  ]);
}

/** True where the vault itself issued it from a register: its signature is the original's, not a copy's. */
export async function isIssuedHere(sql: Sql, documentId: string): Promise<boolean> {
  const rows = await sql.query(
    `SELECT 1 AS one FROM signature_record s JOIN document_version v ON v.id = s.version_id
     WHERE v.document_id = $1::uuid AND s.purpose = 'issue' LIMIT 1`,
    [documentId],
  );
  return rows.length > 0;
}

export interface VersionEntry extends VersionFacts {
  /** Why it was made; null for the deposit. */
  readonly reason: string | null;
  /** The files that can be read of it. */
  readonly renditions: readonly {
    readonly kind: RenditionKind;
    readonly position: number;
    readonly mediaType: string;
    readonly sha256: string;
    readonly size: number;
  }[];
}

/** Every version with its readable files, newest first. */
export async function versionsOf(sql: Sql, documentId: string): Promise<VersionEntry[]> {
  const rows = await sql.query<VersionRow>(
    `SELECT v.id::text, v.number, v.sha256, v.pages, v.created_at, v.reason,
            (SELECT coalesce(jsonb_agg(jsonb_build_object('kind', r.kind, 'position', r.position, 'mediaType', r.media_type,
                      'sha256', o.sha256, 'size', o.size) ORDER BY r.kind, r.position), '[]')
             FROM rendition r JOIN stored_object o ON o.id = r.object_id
             WHERE r.version_id = v.id AND o.destroyed_at IS NULL) AS renditions
     FROM document_version v WHERE v.document_id = $1::uuid ORDER BY v.number DESC`,
    [documentId],
  );
  return rows.map(({ created_at, ...row }) => ({ ...row, createdAt: created_at }));
}

export async function statusHistory(sql: Sql, documentId: string): Promise<StatusEntry[]> {
  const rows = await sql.query<StatusRow>(
    `SELECT number, status, at, reason, decision_number, decision_date::text, successor_id::text
     FROM status_event WHERE document_id = $1::uuid ORDER BY number`,
    [documentId],
  );
  return rows.map(statusOf);
}

interface VersionRow extends Omit<VersionEntry, 'createdAt'> {
  created_at: Date;
}

interface StatusRow {
  number: number;
  status: string;
  at: Date;
  reason: string | null;
  decision_number: string | null;
  decision_date: string | null;
  successor_id: string | null;
}

export interface DocumentRow extends StatusRow {
  id: string;
  type_code: string;
  issuer_id: string | null;
  depositor_id: string | null;
  provenance: string;
  symbol: string | null;
  abstract: string | null;
  issued_on: string | null;
  metadata: Record<string, unknown>;
  sensitive: boolean;
  verification_code: string;
  deposited_at: Date;
  erased_at: Date | null;
  owners: { kind: 'person' | 'organisation'; id: string }[];
  version_id: string;
  version_number: number;
  version_sha256: string;
  pages: number;
  version_at: Date;
}

/** The columns of `DocumentRow`, of the tables that `DOCUMENT_FROM` joins to a document aliased `d`. */
export const DOCUMENT_COLUMNS = `d.id::text, d.type_code, d.issuer_id, d.depositor_id, d.provenance, d.symbol, d.abstract, d.issued_on::text, d.metadata,
       d.sensitive, d.verification_code, d.deposited_at, d.erased_at,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('kind', w.owner_kind, 'id', w.owner_id) ORDER BY w.owner_id), '[]')
        FROM document_owner w WHERE w.document_id = d.id) AS owners,
       s.number, s.status, s.at, s.reason, s.decision_number, s.decision_date::text, s.successor_id::text,
       v.id::text AS version_id, v.number AS version_number, v.sha256 AS version_sha256, v.pages, v.created_at AS version_at`;
export const DOCUMENT_FROM = `
CROSS JOIN LATERAL (SELECT * FROM status_event WHERE document_id = d.id ORDER BY number DESC LIMIT 1) s
CROSS JOIN LATERAL (SELECT * FROM document_version WHERE document_id = d.id ORDER BY number DESC LIMIT 1) v`;

const SELECT_DOCUMENT = `SELECT ${DOCUMENT_COLUMNS} FROM document d ${DOCUMENT_FROM}`;

const statusOf = (row: StatusRow): StatusEntry => ({
  number: row.number,
  status: row.status as Status,
  at: row.at,
  reason: row.reason,
  decisionNumber: row.decision_number,
  decisionDate: row.decision_date as CalendarDate | null,
  successorId: row.successor_id,
});

export const documentOf = (row: DocumentRow): DocumentFacts => ({
  id: row.id,
  typeCode: row.type_code,
  issuerId: row.issuer_id,
  depositorId: row.depositor_id,
  provenance: row.provenance as Provenance,
  symbol: row.symbol,
  abstract: row.abstract,
  issuedOn: row.issued_on as CalendarDate | null,
  metadata: row.metadata,
  sensitive: row.sensitive,
  verificationCode: row.verification_code,
  depositedAt: row.deposited_at,
  erasedAt: row.erased_at,
  owners: row.owners,
  status: statusOf(row),
  version: {
    id: row.version_id,
    number: row.version_number,
    sha256: row.version_sha256,
    pages: row.pages,
    createdAt: row.version_at,
  },
});
