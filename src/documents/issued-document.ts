/**
 * Documents born in the vault: their rows, in the transaction that closes the intents their signatures were made under.
 * One statement a table however many they are, so that ten thousand cost what the rows cost.
 */
import type { StoredObject } from '../../storage/index.ts';
import type { CalendarDate, Provenance } from '../catalogue/index.ts';
import { type AnyActor, actorKey } from '../identity/actor.ts';
import type { Sql } from '../platform/database.ts';
import { newId } from '../platform/ids.ts';
import { boundTo, type OwnerRef } from './document.ts';
import { insertRendition, insertVersion } from './document-repository.ts';
import { documentDigest } from './facts-digest.ts';
import { closeIntents, recordSignature, type SigningIntent } from './signing-intent-repository.ts';
import { insertStoredObject } from './stored-object-repository.ts';

export interface IssuedDocument {
  readonly id: string;
  readonly typeCode: string;
  readonly issuerId: string;
  readonly provenance: Provenance;
  /** The number in the register. */
  readonly symbol: string;
  readonly issuedOn: CalendarDate;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly sensitive: boolean;
  readonly verificationCode: string;
  /** The issuer's own name for it, where it has one. */
  readonly externalId?: string;
  readonly owners: readonly OwnerRef[];
  readonly actor: AnyActor;
  readonly at: Date;
  readonly pages: number;
  readonly stored: StoredObject;
  readonly intent: SigningIntent;
  readonly signature: { readonly fieldName: string; readonly level: string; readonly upgrade: string };
}

/** What the event of its issue tells of its rows. */
export const issuedDigest = (issued: IssuedDocument): string =>
  documentDigest(
    { ...issued, depositorId: issued.issuerId, abstract: null },
    { number: 1, sha256: issued.stored.sha256, pages: issued.pages },
  );

/** @returns false when the intent was voided meanwhile: then nothing was written and the paper must be made again. */
export const insertIssuedDocument = async (sql: Sql, issued: IssuedDocument): Promise<boolean> =>
  (await insertIssuedDocuments(sql, [issued])).has(issued.id);

/** @returns ids of those written; intents of the others were voided meanwhile and their papers must be made again. */
export async function insertIssuedDocuments(
  sql: Sql,
  all: readonly IssuedDocument[],
): Promise<ReadonlySet<string>> {
  const [first] = all;
  if (first === undefined) return new Set();
  const closed = await closeIntents(
    sql,
    all.map(({ intent }) => intent.id),
    'kept',
    first.at,
  );
  const kept = all.filter(({ intent }) => closed.has(intent.id));
  if (kept.length > 0) await sql.query(INSERT, [JSON.stringify(kept.map(rowOf))]);
  return new Set(kept.map(({ id }) => id));
}

/** A further version of an issued document: its fields are these from now on, and what held before is kept with it. */
export interface IssuedVersion {
  readonly documentId: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly reason: string;
  readonly stored: StoredObject;
  readonly intent: SigningIntent;
  readonly signature: IssuedDocument['signature'];
  readonly at: Date;
}

/** @returns the version's number; undefined when the intent was voided meanwhile and nothing was written */
export async function addIssuedVersion(sql: Sql, version: IssuedVersion): Promise<number | undefined> {
  const { documentId, stored, intent, signature, at } = version;
  if ((await closeIntents(sql, [intent.id], 'kept', at)).size === 0) return undefined;
  const [before] = await sql.query<{ number: number; metadata: Record<string, unknown> }>(
    `SELECT (SELECT max(number) FROM document_version v WHERE v.document_id = d.id)::int AS number, d.metadata
       FROM document d WHERE d.id = $1::uuid FOR UPDATE OF d`,
    [documentId],
  );
  if (!before) throw new Error('a version of a document that is not there');
  const versionId = newId();
  const number = before.number + 1;
  await insertVersion(sql, {
    id: versionId,
    documentId,
    number,
    sha256: stored.sha256,
    pages: 1,
    at,
    correction: { reason: version.reason, metadata: before.metadata },
  });
  await insertStoredObject(sql, stored, { boundTo: boundTo(documentId, 'sealed'), at });
  await insertRendition(sql, {
    versionId,
    kind: 'sealed',
    position: 0,
    mediaType: 'application/pdf',
    objectId: stored.objectId,
  });
  await recordSignature(sql, {
    versionId,
    ...signature,
    purpose: 'issue',
    intentId: intent.id,
    certificateSha256: intent.certificateSha256,
    at: intent.at,
  });
  await sql.query('UPDATE document SET metadata = $2::jsonb WHERE id = $1::uuid', [
    documentId,
    JSON.stringify(version.metadata),
  ]);
  return number;
}

function rowOf(issued: IssuedDocument) {
  const { stored, intent, signature } = issued;
  return {
    id: issued.id,
    type_code: issued.typeCode,
    issuer_id: issued.issuerId,
    provenance: issued.provenance,
    symbol: issued.symbol,
    issued_on: issued.issuedOn,
    metadata: issued.metadata,
    sensitive: issued.sensitive,
    verification_code: issued.verificationCode,
    external_id: issued.externalId ?? null,
    owners: issued.owners,
    actor_kind: actorKey(issued.actor).actorKind,
    actor_id: actorKey(issued.actor).actorId,
    at: issued.at.toISOString(),
    pages: issued.pages,
    version_id: newId(),
    object_id: stored.objectId,
    object_key: stored.key,
    store_version_id: stored.versionId,
    sha256: stored.sha256,
    size: stored.size,
    wrapped_key: Buffer.from(stored.wrappedKey).toString('hex'),
    master_key_id: stored.masterKeyId,
    format: stored.format,
    bound_to: boundTo(issued.id, 'sealed'),
    intent_id: intent.id,
    certificate_sha256: intent.certificateSha256,
    signed_at: intent.at.toISOString(),
    field_name: signature.fieldName,
    level: signature.level,
    upgrade: signature.upgrade,
  };
}

// One statement, so that the rows travel and are read once; keys between its tables are checked at its end.
const INSERT = `
WITH given AS MATERIALIZED (
  SELECT * FROM jsonb_to_recordset($1::jsonb) AS given (id uuid, type_code text, issuer_id text, provenance text,
    symbol text, issued_on date, metadata jsonb, sensitive bool, verification_code text, external_id text, owners jsonb,
    actor_kind text, actor_id text, at timestamptz, pages int, version_id uuid, object_id uuid, object_key text,
    store_version_id text, sha256 text, size bigint, wrapped_key text, master_key_id text, format text, bound_to text,
    intent_id uuid, certificate_sha256 text, signed_at timestamptz, field_name text, level text, upgrade text)
), documents AS (
  INSERT INTO document (id, type_code, issuer_id, depositor_id, provenance, symbol, issued_on, metadata, sensitive,
                        verification_code, external_id, deposited_at)
  SELECT id, type_code, issuer_id, issuer_id, provenance, symbol, issued_on, metadata, sensitive, verification_code,
         external_id, at FROM given
), owners AS (
  INSERT INTO document_owner (document_id, owner_kind, owner_id, type_code, issued_on)
  SELECT given.id, owner->>'kind', (owner->>'id')::uuid, type_code, issued_on
  FROM given, jsonb_array_elements(given.owners) AS owner
), versions AS (
  INSERT INTO document_version (id, document_id, number, sha256, pages, created_at)
  SELECT version_id, id, 1, sha256, pages, at FROM given
), objects AS (
  INSERT INTO stored_object (id, key, store_version_id, sha256, size, wrapped_key, master_key_id, format, bound_to,
                             created_at)
  SELECT object_id, object_key, store_version_id, sha256, size, decode(wrapped_key, 'hex'), master_key_id, format,
         bound_to, at FROM given
), renditions AS (
  INSERT INTO rendition (version_id, kind, position, media_type, object_id)
  SELECT version_id, 'sealed', 0, 'application/pdf', object_id FROM given
), signatures AS (
  INSERT INTO signature_record (version_id, field_name, purpose, intent_id, certificate_sha256, level, upgrade, signed_at)
  SELECT version_id, field_name, 'issue', intent_id, certificate_sha256, level, upgrade, signed_at FROM given
)
INSERT INTO status_event (document_id, number, status, at, actor_kind, actor_id, agency_id)
SELECT id, 1, 'active', at, actor_kind, actor_id, issuer_id FROM given`;
