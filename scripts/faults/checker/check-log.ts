/** I3 and I8: one leaf an event, the leaf it must have, places without a gap, every root that of the leaves below it. */
import type pg from 'pg';
import type { Finding, Kept } from './finding.ts';
import { keptFiles, readKeptFile } from './kept-files.ts';
import { type EventRow, GrowingTree, isSigned, leafOfEvent } from './leaves.ts';

export async function checkLog(sql: pg.Client, kept: Kept, published: readonly string[]): Promise<Finding[]> {
  return [
    ...(await checkLeaves(sql)),
    ...(await checkCheckpoints(sql, kept)),
    ...(await checkPublished(sql, published)),
  ];
}

async function checkLeaves(sql: pg.Client): Promise<Finding[]> {
  const findings: Finding[] = [];
  const { rows: events } = await sql.query<EventRow>(
    `SELECT *, ARRAY(SELECT owner_id::text FROM event_subject WHERE event_id = ledger_event.id) AS owner_ids
     FROM ledger_event ORDER BY id`,
  );
  const { rows: waiting } = await sql.query<{ event_id: string; leaf: Buffer }>(
    'SELECT event_id, leaf FROM log_queue',
  );
  const placed = await placedLeaves(sql);
  const leaves = [...placed, ...waiting];
  const byEvent = new Map<string, Buffer[]>();
  for (const { event_id: id, leaf } of leaves) byEvent.set(id, [...(byEvent.get(id) ?? []), leaf]);
  for (const event of events) {
    const found = byEvent.get(event.id) ?? [];
    const where = `ledger_event ${event.id}`;
    if (found.length !== 1) findings.push({ invariant: 'I3', where, what: `has ${found.length} leaves` });
    else if (!found[0]?.equals(leafOfEvent(event)))
      findings.push({ invariant: 'I3', where, what: 'is not what its leaf commits to' });
    byEvent.delete(event.id);
  }
  for (const id of byEvent.keys())
    findings.push({ invariant: 'I3', where: `leaf of ${id}`, what: 'has no event' });
  const gap = placed.find(({ index }, place) => index !== place);
  if (gap)
    findings.push({ invariant: 'I3', where: `log_run, leaf ${gap.index}`, what: 'stands behind a gap' });
  return findings;
}

/** Every leaf in its place, from the runs: each leaf of a run lies behind its length, two bytes. */
async function placedLeaves(sql: pg.Client): Promise<{ index: number; event_id: string; leaf: Buffer }[]> {
  const { rows: runs } = await sql.query<{ first: string; ids: string[]; leaves: Buffer }>(
    'SELECT first::text, event_ids::text[] AS ids, leaves FROM log_run ORDER BY log_run.first',
  );
  return runs.flatMap(({ first, ids, leaves }) => {
    let at = 0;
    return ids.map((id, n) => {
      const end = at + 2 + (at + 2 <= leaves.length ? leaves.readUInt16BE(at) : 0);
      const leaf = leaves.subarray(at + 2, end);
      at = end;
      return { index: Number(first) + n, event_id: id, leaf };
    });
  });
}

async function checkCheckpoints(sql: pg.Client, { log }: Kept): Promise<Finding[]> {
  const findings: Finding[] = [];
  const { rows: checkpoints } = await sql.query<{ size: string; root: Buffer; note: string | null }>(
    'SELECT size::text, root, note FROM log_checkpoint ORDER BY log_checkpoint.size',
  );
  const leaves = await placedLeaves(sql);
  const tree = new GrowingTree();
  for (const { size, root, note } of checkpoints) {
    const where = `log_checkpoint ${size}`;
    while (tree.size < Number(size)) {
      const next = leaves[tree.size];
      if (next === undefined)
        return [...findings, { invariant: 'I8', where, what: 'promises leaves that are lost' }];
      tree.append(next.leaf);
    }
    if (!tree.root().equals(root))
      findings.push({ invariant: 'I8', where, what: 'has not the root of the leaves below it' });
    if (note !== null && log && !isSigned(note, { size: Number(size), root }, log))
      findings.push({ invariant: 'I8', where, what: 'is not signed by the log' });
  }
  return findings;
}

/**
 * The checkpoints that everybody can fetch, as texts. Read before the rows: a running vault publishes what its rows
 * already know, never the other way round.
 */
export async function publishedCheckpoints({ objectsFolder }: Kept): Promise<string[]> {
  const versions = (await keptFiles(objectsFolder, 'log')).filter(({ key }) => key === 'log/checkpoint');
  const texts: string[] = [];
  for (const { key, versionId } of versions) {
    // One that a newer has replaced meanwhile is gone, and no matter.
    const bytes = await readKeptFile(objectsFolder, key, versionId).catch(() => undefined);
    if (bytes) texts.push(bytes.toString('utf8'));
  }
  return texts;
}

/** What was published is known to the rows, or the vault fell behind what it had shown. */
async function checkPublished(sql: pg.Client, published: readonly string[]): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const text of published) {
    const [, size = '', root = ''] = text.split('\n');
    const { rows } = await sql.query('SELECT FROM log_checkpoint WHERE size = $1::bigint AND root = $2', [
      size,
      Buffer.from(root, 'base64'),
    ]);
    if (rows.length === 0)
      findings.push({
        invariant: 'I8',
        where: 'log/checkpoint',
        what: `shows size ${size}, which the rows do not know`,
      });
  }
  return findings;
}
