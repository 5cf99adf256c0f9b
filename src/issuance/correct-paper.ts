/**
 * The new version of a corrected paper: same number, same code, the fields as they are to be read now. Intent first,
 * then the key, then our verifier, then the bytes, then one transaction. The old version stays and reads as superseded.
 */
import { hash } from 'node:crypto';
import {
  addIssuedVersion,
  boundTo,
  documentDigest,
  findDocument,
  openIntent,
  type SigningIntent,
} from '../documents/index.ts';
import type { AnyActor } from '../identity/index.ts';
import { appendEvent } from '../ledger/index.ts';
import { newId } from '../platform/ids.ts';
import { publish } from '../platform/outbox.ts';
import { PaperPress } from './batch-papers.ts';
import { batchOfEntry } from './batch-repository.ts';
import type { RunnerParts } from './batch-runner.ts';
import type { RegisterAction } from './register-action.ts';
import { findBook } from './register-repository.ts';
import { templateOf } from './shipped-templates.ts';

/** Does nothing where the entry has no paper of ours, or its paper says so already. */
export async function correctPaper(
  parts: RunnerParts,
  { action, entryId, actor }: { action: RegisterAction; entryId: string; actor: AnyActor },
): Promise<void> {
  const { database, registers, catalogue, clock } = parts;
  const found = await database.transactSql(async (sql) => {
    const { entry, standing } = await registers.read(sql, entryId);
    const document = entry.documentId === null ? undefined : await findDocument(sql, entry.documentId);
    const batch = await batchOfEntry(sql, entryId);
    const book = await findBook(sql, entry.bookId);
    return document && batch && book ? { entry, standing, document, batch, book } : undefined;
  });
  if (!found) return;
  const { entry, standing, document, batch } = found;
  const fields = { ...standing.fields, ...action.changes };
  const done = Object.entries(action.changes).every(([name, value]) => document.metadata[name] === value);
  if (done) return;
  const current = await catalogue.current();
  const type = current.documentType(batch.documentType, batch.issuedOn);
  const issuer = current.agency(batch.agencyId, batch.issuedOn);
  const template = templateOf(batch.template);
  if (!type || !issuer || !template)
    throw new Error('the batch names a type or a body that the catalogue lost');
  const press = new PaperPress(
    { batch, template, type, issuer: issuer.names, baseUrl: parts.baseUrl },
    { signer: parts.seals.signerFor(batch.agencyId), ...parts },
  );
  const record = press.recordOf({
    fields,
    label: entry.label,
    documentId: document.id,
    code: document.verificationCode,
  });
  const at = clock.now();
  const intent: SigningIntent = {
    id: newId(),
    purpose: 'issue',
    documentId: document.id,
    unsignedSha256: hash('sha256', press.recordBytes(record), 'hex'),
    certificateSha256: press.signer.certificate.fingerprint,
    at,
  };
  await database.transactSql((sql) => openIntent(sql, intent));
  const [paper] = await press.make([record], at);
  if (!paper) throw new Error('the press gave no paper');
  const stored = await parts.objects.writeObject(paper.bytes, {
    boundTo: boundTo(document.id, 'sealed'),
    maxBytes: 20_000_000,
  });
  await database.transactSql(async (sql) => {
    const version = await addIssuedVersion(sql, {
      documentId: document.id,
      metadata: fields,
      reason: action.reason,
      stored,
      intent,
      signature: paper.signature,
      at,
    });
    if (version === undefined) throw new Error('the intent of a correction was voided meanwhile');
    const after = await findDocument(sql, document.id);
    if (!after) throw new Error('a corrected document is not there');
    const owner = document.owners.find(({ kind }) => kind === 'person')?.id ?? null;
    await appendEvent(sql, {
      type: 'document.version-added',
      at,
      actor,
      outcome: 'done',
      agencyId: action.agencyId,
      documentId: document.id,
      ownerIds: document.owners.map(({ id }) => id),
      detail: {
        version,
        sha256: stored.sha256,
        status: after.status.status,
        decision: action.decisionNumber,
        facts: documentDigest(after, after.version),
      },
    });
    await parts.onStanding?.(sql, {
      documentId: document.id,
      change: 'corrected',
      successorId: null,
      ownerIds: document.owners.map(({ id }) => id),
      actor,
      requestId: null,
      at,
    });
    await publish(sql, {
      type: 'document.corrected.v1',
      at,
      subject: document.id,
      agency: action.agencyId,
      person: owner,
      data: { version, documentType: document.typeCode },
    });
  });
}
