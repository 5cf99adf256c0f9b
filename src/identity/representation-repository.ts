/** Rows of `representation` and `organisation`. Representations end; they are never deleted. */
import type { Sql } from '../platform/database.ts';
import { newId } from '../platform/ids.ts';
import type { Representation } from './representation.ts';
import { type Principal, type Standing, type StandingWish, standingOver } from './standing.ts';

const COLUMNS = `id::text AS id, principal_kind AS "principalKind", principal_id::text AS "principalId",
  representative_id::text AS "representativeId", kind, to_jsonb(document_types) AS "documentTypes",
  valid_from AS "validFrom", valid_until AS "validUntil", basis, appointed_by::text AS "appointedBy",
  ended_at AS "endedAt"`;

const IN_FORCE = `ended_at IS NULL AND valid_from <= $2::timestamptz
  AND (valid_until IS NULL OR valid_until > $2::timestamptz)`;

/** For whom a person acts at an instant. */
export async function representationsOf(
  sql: Sql,
  representativeId: string,
  now: Date,
): Promise<Representation[]> {
  return sql.query<Representation>(
    `SELECT ${COLUMNS} FROM representation WHERE representative_id = $1::uuid AND ${IN_FORCE} ORDER BY id LIMIT 500`,
    [representativeId, now],
  );
}

/** Who acts for a person or an organisation at an instant. */
export async function representativesOf(sql: Sql, principalId: string, now: Date): Promise<Representation[]> {
  return sql.query<Representation>(
    `SELECT ${COLUMNS} FROM representation WHERE principal_id = $1::uuid AND ${IN_FORCE} ORDER BY id LIMIT 500`,
    [principalId, now],
  );
}

/**
 * A person's standing over a paper, asked in the transaction of the answer. Undefined for whoever neither owns it nor
 * represents an owner for a paper of this type.
 */
export async function standingOf(
  sql: Sql,
  personId: string,
  paper: { readonly owners: readonly Principal[]; readonly typeCode: string },
  wish: StandingWish,
): Promise<Standing | undefined> {
  const own = standingOver(personId, paper, [], wish);
  return own ?? standingOver(personId, paper, await representationsOf(sql, personId, wish.now), wish);
}

export async function representationById(sql: Sql, id: string): Promise<Representation | undefined> {
  const [row] = await sql.query<Representation>(
    `SELECT ${COLUMNS} FROM representation WHERE id = $1::uuid FOR UPDATE`,
    [id],
  );
  return row;
}

export async function insertRepresentation(
  sql: Sql,
  representation: Omit<Representation, 'id' | 'endedAt'>,
): Promise<Representation> {
  const [row] = await sql.query<Representation>(
    `INSERT INTO representation (id, principal_kind, principal_id, representative_id, kind, document_types, valid_from,
                                 valid_until, basis, appointed_by)
     VALUES ($1::uuid, $2::text, $3::uuid, $4::uuid, $5::text, $6::text[], $7::timestamptz, $8::timestamptz,
             $9::text, $10::uuid) RETURNING ${COLUMNS}`,
    [
      newId(),
      representation.principalKind,
      representation.principalId,
      representation.representativeId,
      representation.kind,
      [...representation.documentTypes],
      representation.validFrom,
      representation.validUntil,
      representation.basis,
      representation.appointedBy,
    ],
  );
  if (!row) throw new Error('a representation was not added');
  return row;
}

/** Ends one and every delegate it appointed. @returns what ended. */
export async function endRepresentations(
  sql: Sql,
  id: string,
  because: string,
  now: Date,
): Promise<Representation[]> {
  return sql.query<Representation>(
    `UPDATE representation SET ended_at = $2::timestamptz, ended_because = $3::text
     WHERE (id = $1::uuid OR appointed_by = $1::uuid) AND ended_at IS NULL RETURNING ${COLUMNS}`,
    [id, now, because],
  );
}

export interface Organisation {
  readonly id: string;
  /** Enterprise, cooperative or household-business number; for an agency its identifier. */
  readonly registrationNumber: string;
  readonly taxNumber: string | null;
  readonly name: string;
  /** Set for an agency of the catalogue that owns papers. */
  readonly agencyId: string | null;
  readonly closedAt: Date | null;
}

const ORGANISATION = `id::text AS id, registration_number AS "registrationNumber", tax_number AS "taxNumber", name,
  agency_id AS "agencyId", closed_at AS "closedAt"`;

export async function organisationById(sql: Sql, id: string): Promise<Organisation | undefined> {
  const [row] = await sql.query<Organisation>(
    `SELECT ${ORGANISATION} FROM organisation WHERE id = $1::uuid FOR SHARE`,
    [id],
  );
  return row;
}

/** By registration number, or by tax number where only that is known. */
export async function organisationByNumber(sql: Sql, number: string): Promise<Organisation | undefined> {
  const [row] = await sql.query<Organisation>(
    `SELECT ${ORGANISATION} FROM organisation WHERE registration_number = $1::text OR tax_number = $1::text
     ORDER BY (registration_number = $1::text) DESC LIMIT 1`,
    [number],
  );
  return row;
}

/** Finds by registration number, or adds. The name is completed by nobody: the business register says it. */
export async function findOrCreateOrganisation(
  sql: Sql,
  organisation: {
    readonly registrationNumber: string;
    readonly taxNumber?: string | null;
    readonly name: string;
    readonly agencyId?: string | null;
  },
  now: Date,
): Promise<{ organisation: Organisation; created: boolean }> {
  const [row] = await sql.query<Organisation>(
    `INSERT INTO organisation (id, registration_number, tax_number, name, agency_id, created_at)
     VALUES ($1::uuid, $2::text, $3::text, $4::text, $5::text, $6::timestamptz)
     ON CONFLICT (registration_number) DO NOTHING RETURNING ${ORGANISATION}`,
    [
      newId(),
      organisation.registrationNumber,
      organisation.taxNumber ?? null,
      organisation.name.normalize('NFC').trim(),
      organisation.agencyId ?? null,
      now,
    ],
  );
  if (row) return { organisation: row, created: true };
  const found = await organisationByNumber(sql, organisation.registrationNumber);
  if (!found) throw new Error('an organisation could neither be added nor found');
  return { organisation: found, created: false };
}
