/** A file of a document on its way: sealed in the object store first, given its rows in the last transaction. */
import type { SealedObjects, StoredObject } from '../../storage/index.ts';
import type { Sql } from '../platform/database.ts';
import { boundTo, type RenditionKind } from './document.ts';
import { insertRendition } from './document-repository.ts';
import type { Intake } from './intake.ts';
import { insertStoredObject } from './stored-object-repository.ts';

export interface FileToKeep {
  readonly kind: RenditionKind;
  readonly mediaType: string;
  readonly position: number;
  readonly bytes: Uint8Array;
}

/** In the store, without a row: noise until the commit. */
export interface KeptFile extends Omit<FileToKeep, 'bytes'> {
  readonly stored: StoredObject;
}

/** @param maxBytes more is `too-large`, and nothing is kept */
export async function keepFile(
  objects: SealedObjects,
  documentId: string,
  { bytes, ...facts }: FileToKeep,
  maxBytes: number,
): Promise<KeptFile> {
  const stored = await objects.writeObject(bytes, { boundTo: boundTo(documentId, facts.kind), maxBytes });
  return { ...facts, stored };
}

/** Every file that came in, bit for bit. */
export async function keepOriginals(
  objects: SealedObjects,
  documentId: string,
  intake: Intake,
  maxBytes: number,
): Promise<KeptFile[]> {
  const kept: KeptFile[] = [];
  for (const [position, { bytes, mediaType }] of intake.originals.entries()) {
    kept.push(
      await keepFile(objects, documentId, { kind: 'original', mediaType, position, bytes }, maxBytes),
    );
  }
  return kept;
}

/** The rows that make kept files the files of a version. */
export async function writeFiles(
  sql: Sql,
  version: { readonly id: string; readonly documentId: string; readonly at: Date },
  files: readonly KeptFile[],
): Promise<void> {
  for (const { kind, position, mediaType, stored } of files) {
    await insertStoredObject(sql, stored, { boundTo: boundTo(version.documentId, kind), at: version.at });
    await insertRendition(sql, {
      versionId: version.id,
      kind,
      position,
      mediaType,
      objectId: stored.objectId,
    });
  }
}
