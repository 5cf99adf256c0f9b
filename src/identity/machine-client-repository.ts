/** Rows of `machine_client`. A client is disabled, never deleted: events name it. */
import type { Sql } from '../platform/database.ts';
import type { Scope } from './actor.ts';
import type { MachineClient, PublicJwk } from './machine-client.ts';

const COLUMNS = `client_id AS "clientId", agency_id AS "agencyId", name, jwks, to_jsonb(scopes) AS scopes,
  dpop_required AS "dpopRequired", asks_people AS "asksPeople", to_jsonb(redirect_uris) AS "redirectUris", disabled_at AS "disabledAt"`;

export const MACHINE_CLIENT_BY_ID = `SELECT ${COLUMNS} FROM machine_client WHERE client_id = $1::text`;

export async function machineClientById(sql: Sql, clientId: string): Promise<MachineClient | undefined> {
  const [client] = await sql.query<MachineClient>(MACHINE_CLIENT_BY_ID, [clientId]);
  return client;
}

export async function machineClientsOf(sql: Sql, agencyId: string): Promise<MachineClient[]> {
  return sql.query<MachineClient>(
    `SELECT ${COLUMNS} FROM machine_client WHERE agency_id = $1::text ORDER BY client_id LIMIT 1000`,
    [agencyId],
  );
}

export async function insertMachineClient(
  sql: Sql,
  client: Omit<MachineClient, 'disabledAt'> & { readonly registeredBy: string },
  now: Date,
): Promise<boolean> {
  const rows = await sql.query(
    `INSERT INTO machine_client (client_id, agency_id, name, jwks, scopes, dpop_required, registered_by, created_at,
                                 asks_people, redirect_uris)
     VALUES ($1::text, $2::text, $3::text, $4::jsonb, $5::text[], $6::boolean, $7::text, $8::timestamptz,
             $9::boolean, $10::text[])
     ON CONFLICT (client_id) DO NOTHING RETURNING client_id`,
    [
      client.clientId,
      client.agencyId,
      client.name,
      JSON.stringify(client.jwks),
      [...client.scopes],
      client.dpopRequired || client.asksPeople,
      client.registeredBy,
      now,
      client.asksPeople,
      [...client.redirectUris],
    ],
  );
  return rows.length === 1;
}

export async function replaceKeys(
  sql: Sql,
  clientId: string,
  jwks: { readonly keys: readonly PublicJwk[] },
): Promise<void> {
  await sql.query('UPDATE machine_client SET jwks = $2::jsonb WHERE client_id = $1::text', [
    clientId,
    JSON.stringify(jwks),
  ]);
}

export async function replaceScopes(sql: Sql, clientId: string, scopes: readonly Scope[]): Promise<void> {
  await sql.query('UPDATE machine_client SET scopes = $2::text[] WHERE client_id = $1::text', [
    clientId,
    [...scopes],
  ]);
}

/** Disables the client and forgets its tokens. @returns false when it was disabled before. */
export async function disableMachineClient(sql: Sql, clientId: string, now: Date): Promise<boolean> {
  const rows = await sql.query(
    `UPDATE machine_client SET disabled_at = $2::timestamptz
     WHERE client_id = $1::text AND disabled_at IS NULL RETURNING client_id`,
    [clientId, now],
  );
  await sql.query(
    `DELETE FROM oidc_payload WHERE model IN ('ClientCredentials', 'AccessToken') AND payload->>'clientId' = $1::text`,
    [clientId],
  );
  return rows.length === 1;
}
