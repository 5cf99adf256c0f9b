/** Rows of scans, their files, pages, steps and readings: one statement a question, in the transaction given. */
import type { CalendarDate } from '../catalogue/index.ts';
import type { OwnerRef } from '../documents/index.ts';
import type { AnyActor } from '../identity/index.ts';
import { actorKey } from '../identity/index.ts';
import type { Sql } from '../platform/database.ts';
import type { Measures } from './measures.ts';
import type {
  Attestation,
  Examination,
  MadeSignature,
  PageReading,
  Scan,
  ScanFile,
  ScanGroup,
  ScanPage,
  ScanState,
  ScanValues,
} from './scan.ts';

export async function insertScan(sql: Sql, scan: Scan): Promise<void> {
  await sql.query(
    `INSERT INTO scan (id, agency_id, state, revision, operator_id, station, device, type_code, sensitive, owners,
                       dossier_code, paper_group, component_key, declared_sheets, again_because, signing, attestations,
                       campaign_id, created_at, updated_at)
     VALUES ($1::uuid, $2::text, $3::text, 0, $4::uuid, $5::text, $6::text, $7::text, $8::bool, $9::jsonb, $10::text,
             $11::text, $12::text, $13::int, $14::text, '[]', '[]', $15::uuid, $16::timestamptz, $16::timestamptz)`,
    [
      scan.id,
      scan.agencyId,
      scan.state,
      scan.operatorId,
      scan.station,
      scan.device,
      scan.typeCode,
      scan.sensitive,
      JSON.stringify(scan.owners),
      scan.dossierCode,
      scan.group,
      scan.componentKey,
      scan.declaredSheets,
      scan.againBecause,
      scan.campaignId,
      scan.createdAt,
    ],
  );
}

/** Undefined where there is none. `lock` holds its row until the transaction ends. */
export async function findScan(
  sql: Sql,
  id: string,
  options: { readonly lock?: boolean } = {},
): Promise<Scan | undefined> {
  const [row] = await sql.query<ScanRow>(
    `SELECT ${COLUMNS} FROM scan WHERE id = $1::uuid${options.lock ? ' FOR UPDATE' : ''}`,
    [id],
  );
  return row && scanOf(row);
}

/** What an agency has under way, newest first. */
export async function listScans(
  sql: Sql,
  page: {
    readonly agencyIds: readonly string[];
    readonly states: readonly ScanState[];
    readonly dossierCode?: string;
    readonly limit: number;
  },
): Promise<Scan[]> {
  const rows = await sql.query<ScanRow>(
    `SELECT ${COLUMNS} FROM scan WHERE agency_id = ANY ($1::text[]) AND state = ANY ($2::text[])
       AND ($3::text IS NULL OR dossier_code = $3::text)
     ORDER BY scan.updated_at DESC, scan.id DESC LIMIT $4::int`,
    [[...page.agencyIds], [...page.states], page.dossierCode ?? null, page.limit],
  );
  return rows.map(scanOf);
}

/** What may change of a scan. Whatever is left out stays. */
export type ScanChange = Partial<
  Pick<
    Scan,
    | 'examination'
    | 'values'
    | 'signing'
    | 'attestations'
    | 'resultCode'
    | 'reason'
    | 'signedObjectId'
    | 'sealedObjectId'
    | 'statementObjectId'
    | 'statementSignatureObjectId'
    | 'device'
  >
>;

/**
 * Moves a scan to a state (or keeps it there), appends the step and grows the revision.
 * @returns false where somebody was faster
 */
export async function moveScan(
  sql: Sql,
  scan: Pick<Scan, 'id' | 'revision'>,
  step: {
    readonly state: ScanState;
    readonly at: Date;
    readonly actor: AnyActor;
    readonly detail?: Readonly<Record<string, unknown>>;
    readonly change?: ScanChange;
  },
): Promise<boolean> {
  const { change = {} } = step;
  const json = (value: unknown): string | null => (value === undefined ? null : JSON.stringify(value));
  const moved = await sql.query(
    `UPDATE scan SET state = $3::text, updated_at = $4::timestamptz, revision = revision + 1,
       examination = coalesce($5::jsonb, examination), "values" = coalesce($6::jsonb, "values"),
       signing = coalesce($7::jsonb, signing), attestations = coalesce($8::jsonb, attestations),
       result_code = coalesce($9::text, result_code), reason = coalesce($10::text, reason),
       signed_object_id = coalesce($11::uuid, signed_object_id), sealed_object_id = coalesce($12::uuid, sealed_object_id),
       statement_object_id = coalesce($13::uuid, statement_object_id),
       statement_signature_object_id = coalesce($14::uuid, statement_signature_object_id),
       device = coalesce($15::text, device)
     WHERE id = $1::uuid AND revision = $2::int RETURNING 1 AS one`,
    [
      scan.id,
      scan.revision,
      step.state,
      step.at,
      json(change.examination),
      json(change.values),
      json(change.signing),
      json(change.attestations),
      change.resultCode ?? null,
      change.reason ?? null,
      change.signedObjectId ?? null,
      change.sealedObjectId ?? null,
      change.statementObjectId ?? null,
      change.statementSignatureObjectId ?? null,
      change.device ?? null,
    ],
  );
  if (moved.length !== 1) return false;
  await appendStep(sql, scan.id, step);
  return true;
}

export async function appendStep(
  sql: Sql,
  scanId: string,
  step: {
    readonly state: ScanState;
    readonly at: Date;
    readonly actor: AnyActor;
    readonly detail?: Readonly<Record<string, unknown>>;
  },
): Promise<void> {
  const { actorKind, actorId } = actorKey(step.actor);
  await sql.query(
    `INSERT INTO scan_step (scan_id, number, state, at, actor_kind, actor_id, detail)
     SELECT $1::uuid, coalesce(max(number), 0) + 1, $2::text, $3::timestamptz, $4::text, $5::text, $6::jsonb
     FROM scan_step WHERE scan_id = $1::uuid`,
    [scanId, step.state, step.at, actorKind, actorId, JSON.stringify(step.detail ?? {})],
  );
}

export interface ScanStep {
  readonly number: number;
  readonly state: ScanState;
  readonly at: Date;
  readonly actorKind: string;
  readonly actorId: string | null;
}

export async function stepsOf(sql: Sql, scanId: string): Promise<ScanStep[]> {
  const rows = await sql.query<{
    number: number;
    state: ScanState;
    at: Date;
    actor_kind: string;
    actor_id: string | null;
  }>(
    'SELECT number, state, at, actor_kind, actor_id FROM scan_step WHERE scan_id = $1::uuid ORDER BY number',
    [scanId],
  );
  return rows.map((row) => ({
    number: row.number,
    state: row.state,
    at: row.at,
    actorKind: row.actor_kind,
    actorId: row.actor_id,
  }));
}

export async function insertFile(sql: Sql, scanId: string, file: ScanFile): Promise<void> {
  await sql.query(
    `INSERT INTO scan_file (scan_id, position, media_type, sha256, size, object_id)
     VALUES ($1::uuid, $2::int, $3::text, $4::text, $5::int, $6::uuid)`,
    [scanId, file.position, file.mediaType, file.sha256, file.size, file.objectId],
  );
}

export async function filesOf(sql: Sql, scanId: string): Promise<ScanFile[]> {
  const rows = await sql.query<{
    position: number;
    media_type: string;
    sha256: string;
    size: number;
    object_id: string;
  }>(
    `SELECT position, media_type, sha256, size, object_id::text FROM scan_file WHERE scan_id = $1::uuid
     ORDER BY scan_file.position`,
    [scanId],
  );
  return rows.map((row) => ({
    position: row.position,
    mediaType: row.media_type,
    sha256: row.sha256,
    size: row.size,
    objectId: row.object_id,
  }));
}

/** Takes a file out again while the scan may still change; the bytes' key is destroyed by the caller. */
export async function removeFile(sql: Sql, scanId: string, position: number): Promise<string | undefined> {
  await sql.query('DELETE FROM scan_page WHERE scan_id = $1::uuid AND file_position = $2::int', [
    scanId,
    position,
  ]);
  const [row] = await sql.query<{ object_id: string }>(
    'DELETE FROM scan_file WHERE scan_id = $1::uuid AND position = $2::int RETURNING object_id::text',
    [scanId, position],
  );
  return row?.object_id;
}

/** Replaces the pages of a scan by those just measured. */
export async function replacePages(sql: Sql, scanId: string, pages: readonly ScanPage[]): Promise<void> {
  await sql.query('DELETE FROM scan_page WHERE scan_id = $1::uuid', [scanId]);
  for (const page of pages) {
    await sql.query(
      `INSERT INTO scan_page (scan_id, number, file_position, file_page, measures, look, access_object_id,
                              thumbnail_object_id, reading)
       VALUES ($1::uuid, $2::int, $3::int, $4::int, $5::jsonb, $6::text, $7::uuid, $8::uuid, $9::jsonb)`,
      [
        scanId,
        page.number,
        page.filePosition,
        page.filePage,
        JSON.stringify(page.measures),
        page.look,
        page.accessObjectId,
        page.thumbnailObjectId,
        page.reading === null ? null : JSON.stringify(page.reading),
      ],
    );
  }
}

export async function pagesOf(sql: Sql, scanId: string): Promise<ScanPage[]> {
  const rows = await sql.query<{
    number: number;
    file_position: number;
    file_page: number;
    measures: Measures;
    look: string | null;
    access_object_id: string | null;
    thumbnail_object_id: string | null;
    reading: PageReading | null;
  }>(
    `SELECT number, file_position, file_page, measures, look, access_object_id::text, thumbnail_object_id::text, reading
     FROM scan_page WHERE scan_id = $1::uuid ORDER BY number`,
    [scanId],
  );
  return rows.map((row) => ({
    number: row.number,
    filePosition: row.file_position,
    filePage: row.file_page,
    measures: row.measures,
    look: row.look,
    accessObjectId: row.access_object_id,
    thumbnailObjectId: row.thumbnail_object_id,
    reading: row.reading,
  }));
}

export async function keepReading(
  sql: Sql,
  scanId: string,
  number: number,
  reading: PageReading,
): Promise<void> {
  await sql.query('UPDATE scan_page SET reading = $3::jsonb WHERE scan_id = $1::uuid AND number = $2::int', [
    scanId,
    number,
    JSON.stringify(reading),
  ]);
}

interface ScanRow {
  id: string;
  agency_id: string;
  state: ScanState;
  revision: number;
  operator_id: string;
  station: string | null;
  device: string | null;
  type_code: string;
  sensitive: boolean;
  owners: OwnerRef[];
  dossier_code: string | null;
  paper_group: ScanGroup;
  component_key: string | null;
  declared_sheets: number | null;
  again_because: string | null;
  examination: Examination | null;
  values: (Omit<ScanValues, 'issuedOn'> & { issuedOn: string | null }) | null;
  signing: MadeSignature[];
  attestations: Attestation[];
  result_code: string | null;
  reason: string | null;
  campaign_id: string | null;
  signed_object_id: string | null;
  sealed_object_id: string | null;
  statement_object_id: string | null;
  statement_signature_object_id: string | null;
  created_at: Date;
  updated_at: Date;
}

const COLUMNS = `id::text, agency_id, state, revision, operator_id::text, station, device, type_code, sensitive,
  owners, dossier_code, paper_group, component_key, declared_sheets, again_because, examination, "values",
  signing, attestations, result_code, reason, campaign_id::text, signed_object_id::text, sealed_object_id::text,
  statement_object_id::text, statement_signature_object_id::text, created_at, updated_at`;

const scanOf = (row: ScanRow): Scan => ({
  id: row.id,
  agencyId: row.agency_id,
  state: row.state,
  revision: row.revision,
  operatorId: row.operator_id,
  station: row.station,
  device: row.device,
  typeCode: row.type_code,
  sensitive: row.sensitive,
  owners: row.owners,
  dossierCode: row.dossier_code,
  group: row.paper_group,
  componentKey: row.component_key,
  declaredSheets: row.declared_sheets,
  againBecause: row.again_because,
  examination: row.examination,
  values: row.values && { ...row.values, issuedOn: row.values.issuedOn as CalendarDate | null },
  signing: row.signing,
  attestations: row.attestations,
  resultCode: row.result_code,
  reason: row.reason,
  campaignId: row.campaign_id,
  signedObjectId: row.signed_object_id,
  sealedObjectId: row.sealed_object_id,
  statementObjectId: row.statement_object_id,
  statementSignatureObjectId: row.statement_signature_object_id,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});
