/** Rows of `access_request`: what systems asked of people over the back channel and nobody has answered yet. */
import type { Sql } from '../platform/database.ts';
import type { DocumentAccess } from './document-access.ts';

export interface AccessRequest {
  readonly id: string;
  /** What the client polls with; worth something only together with the client's key. */
  readonly authReqId: string;
  readonly clientId: string;
  readonly personId: string;
  /** What the person compares with what the officer sees. */
  readonly bindingMessage: string | null;
  readonly scope: string;
  readonly details: readonly DocumentAccess[];
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

const COLUMNS = `id::text AS id, auth_req_id AS "authReqId", client_id AS "clientId", person_id::text AS "personId",
  binding_message AS "bindingMessage", scope, details, created_at AS "createdAt", expires_at AS "expiresAt"`;

export async function insertAccessRequest(sql: Sql, request: AccessRequest): Promise<void> {
  await sql.query(
    `INSERT INTO access_request (id, auth_req_id, client_id, person_id, binding_message, scope, details, created_at,
                                 expires_at)
     VALUES ($1::uuid, $2::text, $3::text, $4::uuid, $5::text, $6::text, $7::jsonb, $8::timestamptz, $9::timestamptz)`,
    [
      request.id,
      request.authReqId,
      request.clientId,
      request.personId,
      request.bindingMessage,
      request.scope,
      JSON.stringify(request.details),
      request.createdAt,
      request.expiresAt,
    ],
  );
}

export async function accessRequestsOf(sql: Sql, personId: string, now: Date): Promise<AccessRequest[]> {
  return sql.query<AccessRequest>(
    `SELECT ${COLUMNS} FROM access_request WHERE person_id = $1::uuid AND expires_at > $2::timestamptz
     ORDER BY id DESC LIMIT 100`,
    [personId, now],
  );
}

/** Takes the request away, so that it is answered once. */
export async function takeAccessRequest(
  sql: Sql,
  id: string,
  personId: string,
  now: Date,
): Promise<AccessRequest | undefined> {
  const [request] = await sql.query<AccessRequest>(
    `DELETE FROM access_request WHERE id = $1::uuid AND person_id = $2::uuid AND expires_at > $3::timestamptz
     RETURNING ${COLUMNS}`,
    [id, personId, now],
  );
  return request;
}
