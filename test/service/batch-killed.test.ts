/**
 * A batch whose process is killed ten times at random moments. `ISSUE_ROWS=10000` runs it at the size that people are
 * promised; without it a few hundred rows show the same.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { demoCatalogueFiles, importCatalogue, shippedCatalogueFiles } from '../../src/catalogue/index.ts';
import { boundTo } from '../../src/documents/index.ts';
import { BatchService } from '../../src/issuance/index.ts';
import { systemClock as clock } from '../../src/platform/clock.ts';
import { verify } from '../../src/verification/index.ts';
import { type IssuingPlace, openIssuingPlace } from '../support/issuing-place.ts';
import { DIPLOMA, official, SCHOOL } from '../support/issuing-school.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

const total = Number(process.env.ISSUE_ROWS ?? 240);
const kills = 10;

let own: TestDatabase;
let place: IssuingPlace;
const folder = mkdtempSync(join(tmpdir(), 'motlan-killed-'));

beforeAll(async () => {
  own = await createTestDatabase();
  await own.database.transactSql((sql) =>
    importCatalogue(sql, [...shippedCatalogueFiles(), ...demoCatalogueFiles()], {
      actor: { kind: 'vault' },
      at: clock.now(),
    }),
  );
  place = await openIssuingPlace({ databaseUrl: own.url, folder });
});
afterAll(async () => {
  await place[Symbol.asyncDispose]();
  await own[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

const child = (batchId: string): ChildProcess => {
  const root = join(import.meta.dirname, '../..');
  const orders = { databaseUrl: own.url, folder, batchId, chunk: Math.max(8, Math.ceil(total / 50)) };
  return spawn(
    process.execPath,
    [
      '--no-warnings',
      '--import',
      join(root, 'test/support/tasks/tsx-hooks.mjs'),
      join(root, 'test/support/tasks/issue-batch.ts'),
      JSON.stringify(orders),
    ],
    { stdio: ['ignore', 'pipe', 'pipe'], cwd: root },
  );
};

test(`${total} papers, killed ${kills} times: every number, document and signature once`, async () => {
  const rows = Array.from(
    { length: total },
    (_, index) =>
      `Nguyễn Thị Thử Nghiệm,04/05/2008,0003081${String(index).padStart(5, '0')},THPT Nguyễn Bỉnh Khiêm,2026,K${index}`,
  );
  const batches = new BatchService({ ...place.parts });
  const prepared = await batches.prepare(official('clerk', 'school-clerk'), {
    agencyId: SCHOOL,
    documentType: DIPLOMA,
    bookId: null,
    issuedOn: '2026-06-20',
    place: 'Thanh Bình',
    signer: { title: 'Hiệu trưởng', name: 'Hoàng Thị Ngọc Ánh' },
    decisionDate: '2026-06-18',
    table: Buffer.from(
      `"Họ, chữ đệm, tên",Ngày sinh,Số định danh cá nhân,Trường,Năm tốt nghiệp,Số hiệu văn bằng\n${rows.join('\n')}\n`,
    ),
  });
  if (!prepared.ok || !prepared.batch) throw new Error(JSON.stringify(prepared));
  const { id, bookId } = await batches.approve(official('head', 'head'), prepared.batch.id);

  let killed = 0;
  for (let round = 0; round < 60; round += 1) {
    const process = child(id);
    let said = '';
    process.stderr?.on('data', (data: Buffer) => (said += data));
    const ended = once(process, 'exit');
    await once(process.stdout ?? process, 'data');
    if (killed < kills) {
      // At any moment of the run: while reserving, signing, storing, committing.
      await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, Math.random() * 400))]);
      if (process.exitCode === null) {
        process.kill('SIGKILL');
        killed += 1;
      }
    }
    const [status, signal] = await ended;
    if (signal === null && status !== 0) throw new Error(said);
    const [batch] = await own.database.read<{ state: string }>(
      'SELECT state FROM issue_batch WHERE id = $1::uuid',
      [id],
    );
    if (batch?.state === 'finished') break;
  }
  const [facts] = await own.database.read<Record<string, number | string>>(
    `SELECT b.state, (SELECT count(*)::int FROM issue_item i WHERE i.batch_id = b.id AND i.state = 'issued') AS issued,
            (SELECT count(*)::int FROM register_entry e WHERE e.book_id = b.book_id) AS entries,
            (SELECT count(DISTINCT number)::int FROM register_entry e WHERE e.book_id = b.book_id) AS numbers,
            (SELECT max(number)::int FROM register_entry e WHERE e.book_id = b.book_id) AS highest,
            (SELECT last_number FROM register_book k WHERE k.id = b.book_id) AS counter,
            (SELECT count(*)::int FROM document) AS documents,
            (SELECT count(*)::int FROM document_version) AS versions,
            (SELECT count(*)::int FROM signature_record) AS signatures,
            (SELECT count(*)::int FROM signing_intent WHERE outcome = 'kept') AS kept,
            (SELECT count(*)::int FROM signing_intent WHERE closed_at IS NULL) AS open,
            (SELECT count(*)::int FROM ledger_event WHERE type = 'diploma.issued') AS events,
            (SELECT count(*)::int FROM outbox_event WHERE type = 'document.issued.v1') AS told
       FROM issue_batch b WHERE b.id = $1::uuid`,
    [id],
  );
  const each = ['issued', 'entries', 'numbers', 'highest', 'counter', 'documents', 'versions', 'signatures'];
  const expected = Object.fromEntries([...each, 'kept', 'events', 'told'].map((name) => [name, total]));
  expect(facts).toEqual({ state: 'finished', open: 0, ...expected });
  expect(killed).toBeGreaterThan(0);
  await everyFileIsWhole(bookId);
}, 1_800_000);

/** Every document's bytes open and verify; objects of killed runs are noise that a sweep takes away. */
async function everyFileIsWhole(bookId: string): Promise<void> {
  const objects = await own.database.read<Record<string, string> & { wrapped_key: Buffer }>(
    `SELECT d.id::text, o.id::text AS object, o.key, o.store_version_id, o.sha256, o.size::text, o.wrapped_key,
            o.master_key_id
       FROM register_entry e JOIN document d ON d.id = e.document_id JOIN document_version v ON v.document_id = d.id
       JOIN rendition r ON r.version_id = v.id JOIN stored_object o ON o.id = r.object_id
      WHERE e.book_id = $1::uuid`,
    [bookId],
  );
  expect(objects).toHaveLength(total);
  const step = Math.ceil(total / 100);
  for (const row of objects.filter((_, index) => index % step === 0)) {
    const stored = {
      objectId: row.object ?? '',
      key: row.key ?? '',
      versionId: row.store_version_id ?? '',
      sha256: row.sha256 ?? '',
      size: Number(row.size),
      wrappedKey: row.wrapped_key,
      masterKeyId: row.master_key_id ?? '',
      format: 'sealed/1' as const,
    };
    const bytes = await place.parts.objects.readWhole(stored, { boundTo: boundTo(row.id ?? '', 'sealed') });
    const report = verify(bytes, { trust: place.parts.trust(), at: clock.now() });
    expect(report.signatures.map(({ verdict }) => verdict)).toEqual(['valid']);
  }
  expect(readdirSync(join(folder, 'objects')).length).toBeGreaterThan(0);
}
