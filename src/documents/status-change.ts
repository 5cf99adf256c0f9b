/**
 * One change of standing, whoever decided it: the status, its event and the word to those who have to learn of it, in
 * one transaction. In force with the commit.
 */
import type { CalendarDate } from '../catalogue/index.ts';
import type { AnyActor } from '../identity/actor.ts';
import { appendEvent } from '../ledger/index.ts';
import type { Sql } from '../platform/database.ts';
import { publish } from '../platform/outbox.ts';
import type { DocumentFacts, Status } from './document.ts';
import { appendStatus } from './document-repository.ts';
import { decisionDigest } from './facts-digest.ts';

export interface StatusChange {
  /** Locked by the caller, who has asked whether it may become so. */
  readonly document: DocumentFacts;
  readonly status: Exclude<Status, 'unverified' | 'rejected'>;
  readonly at: Date;
  readonly actor: AnyActor;
  readonly reason: string | null;
  readonly decisionNumber: string | null;
  readonly decisionDate: CalendarDate | null;
  readonly successorId: string | null;
  readonly requestId?: string;
}

/** What became of a document's standing, told to whoever has to act on it in the same transaction. */
export interface StandingChange {
  readonly documentId: string;
  readonly change: 'corrected' | 'superseded' | 'suspended' | 'resumed' | 'revoked' | 'annulled';
  readonly successorId: string | null;
  readonly ownerIds: readonly string[];
  readonly actor: AnyActor;
  readonly requestId: string | null;
  readonly at: Date;
}

/** Joins the transaction of the change; when it fails, nothing changed. */
export type OnStanding = (sql: Sql, change: StandingChange) => Promise<unknown>;

/** @param tell those whose work rests on the document, such as the dossiers that relied on it */
export async function applyStatus(sql: Sql, change: StatusChange, tell?: OnStanding): Promise<void> {
  const { document, status, at, actor } = change;
  await appendStatus(sql, { ...change, documentId: document.id, agencyId: document.depositorId });
  await appendEvent(sql, {
    type: 'document.status-changed',
    at,
    actor,
    outcome: 'done',
    agencyId: document.depositorId,
    documentId: document.id,
    ownerIds: document.owners.map(({ id }) => id),
    requestId: change.requestId ?? null,
    detail: {
      status,
      from: document.status.status,
      sha256: document.version.sha256,
      decision: change.decisionNumber,
      decisionFacts: decisionDigest(change),
    },
  });
  for (const { kind, id: person } of document.owners)
    await publish(sql, {
      type: `document.${TOLD_AS[status]}.v1`,
      at,
      subject: document.id,
      agency: person === document.owners[0]?.id ? document.depositorId : null,
      person: kind === 'person' ? person : null,
      data: { status, successor: change.successorId },
    });
  await tell?.(sql, {
    documentId: document.id,
    change: status === 'active' ? 'resumed' : status,
    successorId: change.successorId,
    ownerIds: document.owners.map(({ id }) => id),
    actor,
    requestId: change.requestId ?? null,
    at,
  });
}

/** What others are told of a new standing. */
const TOLD_AS = {
  active: 'resumed',
  suspended: 'suspended',
  superseded: 'superseded',
  revoked: 'revoked',
  annulled: 'revoked',
} as const satisfies Record<StatusChange['status'], string>;
