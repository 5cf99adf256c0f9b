/** A document born in the vault: its rows, in the transaction that closes the intent its signature was made under. */
import type { StoredObject } from '../../storage/index.ts';
import type { CalendarDate, Provenance } from '../catalogue/index.ts';
import type { AnyActor } from '../identity/index.ts';
import type { Sql } from '../platform/database.ts';
import { newId } from '../platform/ids.ts';
import { boundTo, type OwnerRef } from './document.ts';
import { appendStatus, insertDocument, insertRendition, insertVersion } from './document-repository.ts';
import { closeIntent, recordSignature, type SigningIntent } from './signing-intent-repository.ts';
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
  readonly owners: readonly OwnerRef[];
  readonly actor: AnyActor;
  readonly at: Date;
  readonly pages: number;
  readonly stored: StoredObject;
  readonly intent: SigningIntent;
  readonly signature: { readonly fieldName: string; readonly level: string; readonly upgrade: string };
}

/** @returns false when the intent was voided meanwhile: then nothing was written and the paper must be made again. */
export async function insertIssuedDocument(sql: Sql, issued: IssuedDocument): Promise<boolean> {
  const { id, at, actor, stored, intent, signature } = issued;
  if (!(await closeIntent(sql, intent.id, 'kept', at))) return false;
  const versionId = newId();
  await insertDocument(sql, {
    ...issued,
    depositorId: issued.issuerId,
    abstract: null,
    externalId: null,
  });
  await insertVersion(sql, {
    id: versionId,
    documentId: id,
    number: 1,
    sha256: stored.sha256,
    pages: issued.pages,
    at,
  });
  await insertStoredObject(sql, stored, { boundTo: boundTo(id, 'original'), at });
  await insertRendition(sql, {
    versionId,
    kind: 'original',
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
  await appendStatus(sql, { documentId: id, status: 'active', at, actor, agencyId: issued.issuerId });
  return true;
}
