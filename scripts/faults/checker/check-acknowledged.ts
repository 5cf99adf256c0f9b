/** I1, I3, I4, I5, I10 from the callers' own notes: what was acknowledged is there, once, and stays true. */
import type pg from 'pg';
import type { Acknowledged, Finding } from './finding.ts';

export async function checkAcknowledged(sql: pg.Client, acknowledged: Acknowledged): Promise<Finding[]> {
  const findings: Finding[] = [];
  const one = async <Row extends pg.QueryResultRow>(text: string, values: unknown[]): Promise<Row[]> =>
    (await sql.query<Row>(text, values)).rows;
  for (const deposit of acknowledged.deposits) {
    const where = `document ${deposit.documentId}`;
    const files = await one<{ kind: string; sha256: string }>(
      `SELECT r.kind, o.sha256 FROM document_version v JOIN rendition r ON r.version_id = v.id
       JOIN stored_object o ON o.id = r.object_id WHERE v.document_id = $1 AND o.destroyed_at IS NULL`,
      [deposit.documentId],
    );
    const has = (kind: string, sha256: string): boolean =>
      files.some((file) => file.kind === kind && file.sha256 === sha256);
    if (!has('original', deposit.sha256Original) || !has('sealed', deposit.sha256))
      findings.push({ invariant: 'I1', where, what: 'was acknowledged and is lost' });
    const events = await one('SELECT FROM ledger_event WHERE id = $1 AND document_id = $2', [
      deposit.eventId,
      deposit.documentId,
    ]);
    if (events.length !== 1)
      findings.push({ invariant: 'I4', where, what: 'was acknowledged with an event that is not there' });
  }
  const byKey = Map.groupBy(acknowledged.deposits, ({ key }) => key);
  for (const [key, deposits] of byKey) {
    if (new Set(deposits.map(({ documentId }) => documentId)).size > 1)
      findings.push({ invariant: 'I5', where: `idempotency key ${key}`, what: 'gave two documents' });
  }
  for (const mark of new Set([...acknowledged.tried, ...acknowledged.deposits.map((each) => each.mark)])) {
    const documents = await one(`SELECT FROM document WHERE metadata->>'certificateSerial' = $1`, [mark]);
    if (documents.length > 1)
      findings.push({ invariant: 'I5', where: `mark ${mark}`, what: `is there ${documents.length} times` });
  }
  for (const { eventId, documentId, sha256 } of acknowledged.reads) {
    const events = await one(
      `SELECT FROM ledger_event WHERE id = $1 AND document_id = $2 AND outcome = 'permitted' AND detail->>'sha256' = $3`,
      [eventId, documentId, sha256],
    );
    if (events.length !== 1)
      findings.push({ invariant: 'I4', where: `ledger_event ${eventId}`, what: 'of a read is not there' });
  }
  for (const { documentId, at } of acknowledged.revocations) {
    const where = `document ${documentId}`;
    const [last] = await one<{ status: string }>(
      'SELECT status FROM status_event WHERE document_id = $1 ORDER BY number DESC LIMIT 1',
      [documentId],
    );
    if (last?.status !== 'revoked')
      findings.push({ invariant: 'I10', where, what: `was revoked and is ${last?.status ?? 'gone'}` });
    const wrong = acknowledged.said.some(
      (said) => said.documentId === documentId && said.askedAt > at && said.status === 'active',
    );
    if (wrong) findings.push({ invariant: 'I10', where, what: 'was called active after its revocation' });
  }
  return findings;
}
