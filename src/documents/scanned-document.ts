/**
 * A document that was digitised step by step: its rows, in one transaction. Its bytes and the rows of their objects
 * exist since they were captured and signed, bound to this document's id.
 */
import type { CalendarDate, Provenance } from '../catalogue/index.ts';
import type { AnyActor } from '../identity/index.ts';
import type { Sql } from '../platform/database.ts';
import { newId } from '../platform/ids.ts';
import type { OwnerRef, RenditionKind } from './document.ts';
import { appendStatus, insertDocument, insertRendition, insertVersion } from './document-repository.ts';
import { recordSignature, type SigningIntent } from './signing-intent-repository.ts';

export interface ScannedDocument {
  readonly id: string;
  readonly typeCode: string;
  readonly issuerId: string;
  readonly depositorId: string;
  readonly provenance: Provenance;
  readonly symbol: string | null;
  readonly abstract: string | null;
  readonly issuedOn: CalendarDate | null;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly sensitive: boolean;
  readonly verificationCode: string;
  readonly owners: readonly OwnerRef[];
  readonly actor: AnyActor;
  readonly at: Date;
  readonly pages: number;
  /** Of the file that is handed out. */
  readonly sha256: string;
  readonly renditions: readonly {
    readonly kind: RenditionKind;
    readonly position: number;
    readonly mediaType: string;
    readonly objectId: string;
  }[];
  readonly signatures: readonly {
    readonly fieldName: string;
    readonly purpose: SigningIntent['purpose'];
    readonly intentId: string;
    readonly certificateSha256: string;
    readonly level: string;
    readonly upgrade: string;
    readonly at: Date;
  }[];
}

/** @returns the id of the version */
export async function insertScannedDocument(sql: Sql, scanned: ScannedDocument): Promise<string> {
  const { id, at, actor } = scanned;
  const versionId = newId();
  await insertDocument(sql, { ...scanned, externalId: null });
  await insertVersion(sql, {
    id: versionId,
    documentId: id,
    number: 1,
    sha256: scanned.sha256,
    pages: scanned.pages,
    at,
  });
  for (const rendition of scanned.renditions) await insertRendition(sql, { versionId, ...rendition });
  for (const signature of scanned.signatures) await recordSignature(sql, { versionId, ...signature });
  await appendStatus(sql, { documentId: id, status: 'active', at, actor, agencyId: scanned.depositorId });
  return versionId;
}
