/** I3, I5, I6, I10, I11 as far as rows tell them: one statement a question, each names what breaks the promise. */
import type pg from 'pg';
import type { Finding, Invariant } from './finding.ts';

interface Question {
  readonly invariant: Invariant;
  /** Gives `where` of every row that breaks the promise. */
  readonly sql: string;
  readonly what: string;
}

const ARRIVALS = `('document.deposited', 'document.uploaded', 'diploma.issued')`;

const QUESTIONS: readonly Question[] = [
  {
    invariant: 'I3',
    what: 'has no event of its arrival, or several',
    sql: `SELECT 'document ' || d.id AS "where" FROM document d
          WHERE (SELECT count(*) FROM ledger_event e WHERE e.document_id = d.id AND e.type IN ${ARRIVALS}) <> 1`,
  },
  {
    invariant: 'I3',
    what: 'has not one event for each change of its status',
    sql: `SELECT 'document ' || d.id AS "where" FROM document d
          WHERE (SELECT count(*) FROM status_event s WHERE s.document_id = d.id AND s.number > 1)
             <> (SELECT count(*) FROM ledger_event e
                 WHERE e.document_id = d.id AND e.detail ? 'status' AND e.type NOT IN ${ARRIVALS} AND e.outcome = 'done')`,
  },
  {
    invariant: 'I3',
    what: 'numbers its statuses with a gap',
    sql: `SELECT 'document ' || document_id AS "where" FROM status_event GROUP BY document_id
          HAVING max(number) <> count(*) OR min(number) <> 1`,
  },
  {
    invariant: 'I3',
    what: 'wrote the same event twice',
    sql: `SELECT 'request ' || request_id || ' ' || type AS "where" FROM ledger_event
          WHERE type IN ('document.deposited', 'document.read', 'document.status-changed', 'reuse.retrieved')
            AND request_id IS NOT NULL
          GROUP BY request_id, type, document_id HAVING count(*) > 1`,
  },
  {
    invariant: 'I5',
    what: 'is the result of two idempotency keys',
    sql: `SELECT 'document ' || (body->>'documentId') AS "where" FROM idempotency_key
          WHERE settled_at IS NOT NULL AND body ? 'documentId' GROUP BY body->>'documentId' HAVING count(*) > 1`,
  },
  {
    invariant: 'I5',
    what: 'was settled with a document that is not there',
    sql: `SELECT 'idempotency_key ' || caller || ' ' || key AS "where" FROM idempotency_key k
          WHERE settled_at IS NOT NULL AND status = 201 AND body ? 'documentId'
            AND NOT EXISTS (SELECT FROM document d WHERE d.id::text = k.body->>'documentId')`,
  },
  {
    invariant: 'I6',
    what: 'is given twice',
    sql: `SELECT 'register_book ' || book_id || ' number ' || number AS "where" FROM register_entry
          GROUP BY book_id, number HAVING count(*) > 1`,
  },
  {
    invariant: 'I6',
    what: 'has another last number than its entries',
    sql: `SELECT 'register_book ' || b.id AS "where" FROM register_book b
          WHERE b.last_number < (SELECT coalesce(max(number), 0) FROM register_entry WHERE book_id = b.id)`,
  },
  {
    invariant: 'I6',
    what: 'was signed without an intent, or its intent was not closed as kept',
    sql: `SELECT 'signature_record ' || r.version_id || ' ' || r.field_name AS "where" FROM signature_record r
          WHERE NOT EXISTS (SELECT FROM signing_intent i WHERE i.id = r.intent_id AND i.outcome = 'kept')`,
  },
  {
    invariant: 'I6',
    what: 'is kept without a record of its signature',
    sql: `SELECT 'signing_intent ' || i.id AS "where" FROM signing_intent i
          WHERE i.outcome = 'kept' AND i.purpose = 'agency-copy'
            AND NOT EXISTS (SELECT FROM signature_record r WHERE r.intent_id = i.id)`,
  },
  {
    invariant: 'I10',
    // An instant is taken at the start of a transaction, its commit comes later: two seconds of grace.
    what: 'was handed over although the paper was revoked',
    sql: `SELECT 'ledger_event ' || e.id AS "where" FROM ledger_event e
          WHERE e.type = 'reuse.retrieved' AND e.outcome = 'permitted' AND EXISTS (
            SELECT FROM status_event s WHERE s.document_id = e.document_id AND s.status IN ('revoked', 'annulled')
              AND s.at < e.occurred_at - interval '2 seconds')`,
  },
  {
    invariant: 'I11',
    what: 'is half a document: a part is missing',
    sql: `SELECT 'document ' || d.id AS "where" FROM document d
          WHERE NOT EXISTS (SELECT FROM status_event s WHERE s.document_id = d.id)
             OR NOT EXISTS (SELECT FROM document_owner w WHERE w.document_id = d.id)
             OR NOT EXISTS (SELECT FROM document_version v JOIN rendition r ON r.version_id = v.id
                            WHERE v.document_id = d.id)`,
  },
  {
    invariant: 'I11',
    what: 'is a version whose digest none of its files has',
    sql: `SELECT 'document_version ' || v.id AS "where" FROM document_version v
          WHERE NOT EXISTS (SELECT FROM rendition r JOIN stored_object o ON o.id = r.object_id
                            WHERE r.version_id = v.id AND o.sha256 = v.sha256)`,
  },
];

export async function checkRows(sql: pg.Client): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { invariant, what, sql: text } of QUESTIONS) {
    const { rows } = await sql.query<{ where: string }>(text);
    findings.push(...rows.map(({ where }) => ({ invariant, where, what })));
  }
  return findings;
}
