/**
 * P5: diplomas end to end (row of a table → number → signed PDF/A-3 → sealed object → rows → event → leaf, all durable)
 * against the same work bare: fill and sign in memory, write each file with fsync, batched INSERT of the same rows into
 * tables with the same indexes. P-256. CPU is this process's, of groups of `GROUP`; then ten thousand run once and the
 * notes tell their seconds by the clock and the most memory this process held.
 */
import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { sampleRecord, templateFor } from '../../src/issuance/index.ts';
import { recordAttachment, recordBytes, titleOf } from '../../src/issuance/issued-file.ts';
import { layOutBulk } from '../../src/issuance/template.ts';
import { createBulkTemplate } from '../../src/signing/index.ts';
import { type ComparisonResult, compare } from './harness.ts';
import { DIPLOMA, type IssuingBench, openIssuingBench } from './support/issuing.ts';

const GROUP = 1_000;
const WHOLE = Number(process.env.BENCH_DIPLOMAS ?? 10_000);
const ROWS = 500;
const FILES_AT_ONCE = 16;

/** Every table that issuing writes, with what finds the rows of one batch. */
const tables: Readonly<Record<string, string>> = {
  person: 'id IN (SELECT owner_id FROM issue_item WHERE batch_id = $1::uuid)',
  register_entry: 'document_id IN (SELECT document_id FROM issue_item WHERE batch_id = $1::uuid)',
  issue_item: 'batch_id = $1::uuid',
  signing_intent: 'document_id IN (SELECT document_id FROM issue_item WHERE batch_id = $1::uuid)',
  document: 'id IN (SELECT document_id FROM issue_item WHERE batch_id = $1::uuid)',
  document_owner: 'document_id IN (SELECT document_id FROM issue_item WHERE batch_id = $1::uuid)',
  document_version: 'document_id IN (SELECT document_id FROM issue_item WHERE batch_id = $1::uuid)',
  status_event: 'document_id IN (SELECT document_id FROM issue_item WHERE batch_id = $1::uuid)',
  rendition:
    'version_id IN (SELECT v.id FROM document_version v JOIN issue_item i USING (document_id) WHERE i.batch_id = $1::uuid)',
  signature_record:
    'version_id IN (SELECT v.id FROM document_version v JOIN issue_item i USING (document_id) WHERE i.batch_id = $1::uuid)',
  stored_object: `id IN (SELECT r.object_id FROM rendition r JOIN document_version v ON v.id = r.version_id
                    JOIN issue_item i USING (document_id) WHERE i.batch_id = $1::uuid)`,
  ledger_event: "type = 'diploma.issued' AND detail->>'batch' = $1",
  event_subject:
    "event_id IN (SELECT id FROM ledger_event WHERE type = 'diploma.issued' AND detail->>'batch' = $1)",
  log_queue:
    "event_id IN (SELECT id FROM ledger_event WHERE type = 'diploma.issued' AND detail->>'batch' = $1)",
  outbox_event: "type = 'document.issued.v1' AND data->>'batch' = $1",
};

export async function bench(): Promise<Readonly<Record<string, ComparisonResult>>> {
  await using issuing = await openIssuingBench();
  const bare = await bareWork(issuing, await issuing.issue(GROUP));
  const result = await compare({
    name: 'issue-10000',
    baseline: { name: 'bare', operations: GROUP, run: bare },
    vault: {
      name: 'issue',
      operations: GROUP,
      run: async () => {
        await issuing.issue(GROUP);
      },
    },
    target: 0.5,
  });
  let memory = 0;
  const watch = setInterval(() => (memory = Math.max(memory, process.memoryUsage.rss())), 50);
  const started = performance.now();
  await issuing.issue(WHOLE);
  const seconds = (performance.now() - started) / 1000;
  clearInterval(watch);
  const notes = { diplomas: WHOLE, seconds: seconds.toFixed(1), 'most memory MB': Math.round(memory / 1e6) };
  return { 'issue-10000': { ...result, notes } };
}

/** What remains of issuing when nothing is checked, numbered, sealed, proven or told. */
async function bareWork(issuing: IssuingBench, batch: string): Promise<() => Promise<void>> {
  const { database, parts, signer } = issuing;
  const rows = new Map<string, Record<string, unknown>[]>();
  for (const [table, where] of Object.entries(tables)) {
    const found = await database.read<{ row: Record<string, unknown> }>(
      `SELECT to_jsonb(t) AS row FROM ${table} t WHERE ${where}`,
      [batch],
    );
    if (found.length !== GROUP) throw new Error(`${table} has ${found.length} rows of the batch`);
    rows.set(
      table,
      found.map(({ row }) => row),
    );
    await database.read(`CREATE TABLE bare_${table} (LIKE ${table} INCLUDING ALL)`);
  }
  const template = templateFor(DIPLOMA);
  const type = (await parts.catalogue.current()).documentType(DIPLOMA, '2026-06-20');
  if (!template || !type) throw new Error('the catalogue lost the diploma');
  const sample = sampleRecord(template, type);
  const page = layOutBulk(template, sample, type);
  if (!page) throw new Error('the template cannot be prepared');
  const layout = { title: '{title}', ...page, attachment: recordAttachment };
  const folder = join(issuing.folder, 'bare');
  await mkdir(folder);
  let file = 0;
  return async () => {
    for (const table of rows.keys()) await database.read(`TRUNCATE bare_${table}`);
    const bulk = await createBulkTemplate(layout, signer);
    const at = new Date();
    const files = Array.from({ length: GROUP }, (_, index) => {
      const record = { ...sample, label: `${index}/2026`, verificationUrl: `https://kho.example/v/${index}` };
      return bulk.sign(
        {
          fields: { ...page.valuesOf(record), title: titleOf(record) },
          identifier: record.documentId,
          attachment: recordBytes(record, type),
        },
        at,
      );
    });
    const writer = async (): Promise<void> => {
      for (let bytes = files.pop(); bytes !== undefined; bytes = files.pop()) {
        file += 1;
        const handle = await open(join(folder, String(file)), 'wx');
        await handle.write(bytes);
        await handle.sync();
        await handle.close();
      }
    };
    await Promise.all(Array.from({ length: FILES_AT_ONCE }, writer));
    for (let start = 0; start < GROUP; start += ROWS) {
      await database.transactSql(async (sql) => {
        for (const [table, all] of rows) {
          const some = JSON.stringify(all.slice(start, start + ROWS));
          await sql.query(
            `INSERT INTO bare_${table} SELECT * FROM jsonb_populate_recordset(NULL::bare_${table}, $1::jsonb)`,
            [some],
          );
        }
      });
    }
  };
}
