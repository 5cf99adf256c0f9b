/**
 * Examines the rows of papers against the ledger: what an event once wrote must still stand as it was written, and
 * nothing may stand that no event wrote. Reads only.
 */
import type { Sql } from '../platform/database.ts';
import type { DocumentFacts, OwnerRef } from './document.ts';
import { decisionDigest, documentDigest } from './facts-digest.ts';
import type { ObjectFault } from './objects-fsck.ts';

const PAGE = 200;

/** Yields faults as they are found, naming the row. */
export async function* examineDocumentRows(sql: Sql): AsyncGenerator<ObjectFault> {
  for (const { where, what, text } of QUESTIONS) {
    for (const row of await sql.query<{ id: string }>(text)) yield { where: `${where} ${row.id}`, what };
  }
  for (let after = '00000000-0000-0000-0000-000000000000'; ; ) {
    const documents = await sql.query<DocumentRow>(DOCUMENTS, [after, PAGE]);
    const ids = documents.map(({ id }) => id);
    const versions = Map.groupBy(await sql.query<VersionRow>(VERSIONS, [ids]), ({ document }) => document);
    const statuses = Map.groupBy(await sql.query<StatusRow>(STATUSES, [ids]), ({ document }) => document);
    for (const document of documents) {
      after = document.id;
      yield* examineVersions(document, versions.get(document.id) ?? []);
      yield* examineStatuses(statuses.get(document.id) ?? []);
    }
    if (documents.length < PAGE) return;
  }
}

type DocumentRow = Omit<DocumentFacts, 'depositedAt' | 'erasedAt' | 'status' | 'version' | 'owners'> & {
  readonly owners: OwnerRef[];
};

interface VersionRow {
  readonly id: string;
  readonly document: string;
  readonly number: number;
  readonly sha256: string;
  readonly pages: number;
  /** What held before this version, where it corrected something. */
  readonly replaced: Readonly<Record<string, unknown>> | null;
  /** From the event that wrote it. */
  readonly written: string | null;
  /** From the event that wrote it, or that preserved it: a raised signature makes another file of it. */
  readonly told: string | null;
  readonly facts: string | null;
}

function* examineVersions(document: DocumentRow, versions: readonly VersionRow[]): Generator<ObjectFault> {
  for (const [at, version] of versions.entries()) {
    const where = `document_version ${version.id}`;
    if (version.number !== at + 1)
      yield { where: `document ${document.id}`, what: `has no version ${at + 1}` };
    if (version.told === null) yield { where, what: 'no event tells of it' };
    else if (version.told !== version.sha256)
      yield { where, what: 'has another SHA-256 than its event tells' };
    if (version.facts === null) continue;
    const metadata = versions[at + 1]?.replaced ?? document.metadata;
    const asWritten = { ...version, sha256: version.written ?? version.sha256 };
    if (documentDigest({ ...document, metadata }, asWritten) === version.facts) continue;
    const what = `does not give the facts that the event of version ${version.number} tells`;
    yield { where: `document ${document.id}`, what };
    yield { where, what };
  }
}

interface StatusRow {
  readonly document: string;
  readonly number: number;
  readonly status: string;
  readonly reason: string | null;
  readonly decisionNumber: string | null;
  readonly decisionDate: string | null;
  readonly successorId: string | null;
  /** Of the event at the same instant. */
  readonly told: string | null;
  readonly facts: string | null;
  readonly actor: boolean | null;
}

function* examineStatuses(statuses: readonly StatusRow[]): Generator<ObjectFault> {
  for (const [at, status] of statuses.entries()) {
    const where = `status_event ${status.document} ${status.number}`;
    if (status.number !== at + 1)
      yield { where: `document ${status.document}`, what: `has no status number ${at + 1}` };
    if (status.told === null) yield { where, what: 'no event tells of it at this instant' };
    else if (status.told !== status.status) yield { where, what: `its event tells of "${status.told}"` };
    else if (status.actor === false) yield { where, what: 'its event tells of another actor' };
    if (status.facts !== null && decisionDigest(status) !== status.facts)
      yield { where, what: 'does not give the decision that its event tells' };
  }
}

const DOCUMENTS = `
SELECT d.id::text, d.type_code AS "typeCode", d.issuer_id AS "issuerId", d.depositor_id AS "depositorId", d.provenance,
       d.symbol, d.abstract, d.issued_on::text AS "issuedOn", d.metadata, d.sensitive,
       d.verification_code AS "verificationCode",
       coalesce((SELECT jsonb_agg(jsonb_build_object('kind', w.owner_kind, 'id', w.owner_id))
                 FROM document_owner w WHERE w.document_id = d.id), '[]'::jsonb) AS owners
FROM document d WHERE d.id > $1::uuid AND d.erased_at IS NULL ORDER BY d.id LIMIT $2::int`;

const ARRIVALS = `('document.deposited', 'document.uploaded', 'diploma.issued')`;

const VERSIONS = `
SELECT v.id::text, v.document_id::text AS document, v.number, v.sha256, v.pages, v.metadata AS replaced,
       e.detail->>'sha256' AS written, e.detail->>'facts' AS facts,
       CASE WHEN e.detail IS NOT NULL AND EXISTS (
         SELECT FROM ledger_event p WHERE p.document_id = v.document_id AND p.type = 'document.preserved'
           AND p.detail->>'sha256' = v.sha256) THEN v.sha256 ELSE e.detail->>'sha256' END AS told
FROM document_version v
LEFT JOIN LATERAL (
  SELECT l.detail FROM ledger_event l WHERE l.document_id = v.document_id AND l.outcome = 'done'
    AND (CASE WHEN v.number = 1 THEN l.type IN ${ARRIVALS}
              ELSE l.type = 'document.version-added' AND l.detail->>'version' = v.number::text END)
  ORDER BY l.occurred_at LIMIT 1) e ON true
WHERE v.document_id = ANY ($1::uuid[]) ORDER BY v.document_id, v.number`;

const STATUSES = `
SELECT s.document_id::text AS document, s.number, s.status, s.reason, s.decision_number AS "decisionNumber",
       s.decision_date::text AS "decisionDate", s.successor_id::text AS "successorId", e.status AS told, e.facts,
       (e.actor_kind, e.actor_id) IS NOT DISTINCT FROM (s.actor_kind, s.actor_id) AS actor
FROM status_event s
LEFT JOIN LATERAL (
  SELECT l.detail->>'status' AS status, CASE WHEN s.number > 1 THEN l.detail->>'decisionFacts' END AS facts,
         l.actor_kind, l.actor_id
  FROM ledger_event l WHERE l.document_id = s.document_id AND l.occurred_at = s.at AND l.outcome = 'done'
    AND l.detail ? 'status' AND l.type <> 'document.version-added' LIMIT 1) e ON true
WHERE s.document_id = ANY ($1::uuid[]) ORDER BY s.document_id, s.number`;

interface Question {
  readonly where: string;
  readonly what: string;
  /** Gives the `id` of every row that breaks it. */
  readonly text: string;
}

const QUESTIONS: readonly Question[] = [
  {
    where: 'document',
    what: 'has no event of its arrival, or several',
    text: `SELECT d.id::text FROM document d WHERE (SELECT count(*) FROM ledger_event e
             WHERE e.document_id = d.id AND e.outcome = 'done' AND e.type IN ${ARRIVALS}) <> 1`,
  },
  {
    where: 'document',
    what: 'is missing, though an event tells of its arrival',
    text: `SELECT DISTINCT e.document_id::text AS id FROM ledger_event e WHERE e.outcome = 'done' AND e.type IN ${ARRIVALS}
             AND e.document_id IS NOT NULL AND NOT EXISTS (SELECT FROM document d WHERE d.id = e.document_id)`,
  },
  {
    where: 'document',
    what: 'lacks a version that an event tells of',
    text: `SELECT DISTINCT e.document_id::text AS id FROM ledger_event e
           WHERE e.outcome = 'done' AND (e.type IN ${ARRIVALS} OR e.type = 'document.version-added')
             AND e.document_id IS NOT NULL AND NOT EXISTS (
               SELECT FROM document_version v WHERE v.document_id = e.document_id
                 AND v.number = coalesce((e.detail->>'version')::int, 1))`,
  },
  {
    where: 'document',
    what: 'lacks a status that an event tells of',
    text: `SELECT DISTINCT e.document_id::text AS id FROM ledger_event e
           WHERE e.outcome = 'done' AND e.detail ? 'status' AND e.type <> 'document.version-added'
             AND (e.type IN ${ARRIVALS} OR e.type = 'document.status-changed') AND e.document_id IS NOT NULL
             AND NOT EXISTS (SELECT FROM status_event s WHERE s.document_id = e.document_id AND s.at = e.occurred_at)`,
  },
  {
    where: 'document_owner',
    what: 'carries another type or day than its document',
    text: `SELECT w.document_id || ' ' || w.owner_id AS id FROM document_owner w JOIN document d ON d.id = w.document_id
           WHERE w.type_code <> d.type_code OR w.issued_on IS DISTINCT FROM d.issued_on`,
  },
  {
    where: 'rendition',
    what: 'has no object, or one that belongs to another document',
    text: `SELECT r.version_id || ' ' || r.kind || ' ' || r.position AS id
           FROM rendition r LEFT JOIN document_version v ON v.id = r.version_id LEFT JOIN stored_object o ON o.id = r.object_id
           WHERE o.id IS NULL OR v.id IS NULL OR o.bound_to <> 'document:' || v.document_id || '/' || r.kind`,
  },
  {
    where: 'stored_object',
    what: 'stands in no rendition',
    text: `SELECT o.id::text FROM stored_object o WHERE o.destroyed_at IS NULL AND o.bound_to LIKE 'document:%'
             AND NOT EXISTS (SELECT FROM rendition r WHERE r.object_id = o.id)`,
  },
  {
    where: 'document_version',
    what: 'has none of its files under its SHA-256',
    text: `SELECT v.id::text FROM document_version v JOIN document d ON d.id = v.document_id
           WHERE d.erased_at IS NULL AND NOT EXISTS (SELECT FROM rendition r JOIN stored_object o ON o.id = r.object_id
             WHERE r.version_id = v.id AND o.sha256 = v.sha256)`,
  },
];
