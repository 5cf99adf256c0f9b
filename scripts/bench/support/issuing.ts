/** A school that issues with everything durable, for benchmarks: PostgreSQL and files that flush, a P-256 key. */
import { createSecretKey } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCrl } from '../../../src/asn1/index.ts';
import {
  CatalogueService,
  demoCatalogueFiles,
  importCatalogue,
  shippedCatalogueFiles,
} from '../../../src/catalogue/index.ts';
import type { PersonActor, Role } from '../../../src/identity/index.ts';
import { BatchService, RegisterService, type RunnerParts, runBatch } from '../../../src/issuance/index.ts';
import { systemClock as clock } from '../../../src/platform/clock.ts';
import { Database } from '../../../src/platform/database.ts';
import { removeEmbeddedPostgres, startEmbeddedPostgres } from '../../../src/platform/embedded-postgres.ts';
import { KillablePool } from '../../../src/platform/killable.ts';
import { migrate } from '../../../src/platform/migrator.ts';
import { openDevelopmentPki, type Signer } from '../../../src/signing/index.ts';
import { createTrustSet } from '../../../src/verification/index.ts';
import { FilesystemStore, KeyRing, SealedObjects } from '../../../storage/index.ts';

export const DIPLOMA = 'LOCAL.UPPER-SECONDARY-DIPLOMA';
const SCHOOL = 'H24.901.05';

export interface IssuingBench extends AsyncDisposable {
  readonly database: Database;
  readonly parts: RunnerParts;
  readonly signer: Signer;
  readonly folder: string;
  /** Issues so many diplomas of new people, from the table to the finished batch. @returns the batch's id */
  issue(count: number): Promise<string>;
}

export async function openIssuingBench(): Promise<IssuingBench> {
  await using stack = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), 'bench-issue-'));
  stack.defer(() => rmSync(folder, { recursive: true, force: true }));
  const server = await startEmbeddedPostgres({ dataDir: folder });
  stack.defer(async () => {
    await server.stop();
    removeEmbeddedPostgres(folder);
  });
  await migrate(server.url);
  const database = stack.use(new Database({ url: server.url }));
  await database.transactSql((sql) =>
    importCatalogue(sql, [...shippedCatalogueFiles(), ...demoCatalogueFiles()], {
      actor: { kind: 'vault' },
      at: clock.now(),
    }),
  );
  const readers = stack.use(new KillablePool({ size: 1 }));
  const catalogue = new CatalogueService(database);
  const registers = new RegisterService({ catalogue, clock });
  const pki = await openDevelopmentPki(join(folder, 'pki'), { now: clock.now });
  const crls = [readCrl(pki.authority.crl(clock.now()))];
  const trust = [createTrustSet('development', { certificates: [pki.root], crls, isTest: true })];
  const parts: RunnerParts = {
    database,
    catalogue,
    registers,
    objects: new SealedObjects({
      store: await FilesystemStore.open(join(folder, 'objects')),
      keys: new KeyRing({ id: 'k', key: createSecretKey(Buffer.alloc(32, 7)) }),
      spoolFolder: join(folder, 'spool'),
    }),
    seals: { signerFor: () => pki.signers.schoolHead },
    readers,
    trust: () => trust,
    clock,
    acceptInventedNumbers: true,
    baseUrl: 'https://kho.example',
  };
  const batches = new BatchService(parts);
  let people = 0;
  let series = 0;
  const issue = async (count: number): Promise<string> => {
    series += 1;
    const book = { agencyId: SCHOOL, documentType: DIPLOMA, year: 2026, kind: 'originals' } as const;
    const { id: bookId } = await database.transactSql((sql) =>
      registers.openBook(sql, { kind: 'vault' }, { ...book, series: `${series}` }),
    );
    const rows = Array.from({ length: count }, (_, index) => rowOf(people + index + 1));
    people += count;
    const prepared = await batches.prepare(official('clerk', 'school-clerk'), {
      agencyId: SCHOOL,
      documentType: DIPLOMA,
      bookId,
      issuedOn: '2026-06-20',
      place: 'Thanh Bình',
      signer: { title: 'Hiệu trưởng', name: 'Hoàng Thị Ngọc Ánh' },
      decisionDate: '2026-06-18',
      table: Buffer.from(`${heading}\n${rows.join('\n')}\n`),
    });
    if (!prepared.ok || !prepared.batch) throw new Error('the bench’s table has faults');
    await batches.approve(official('head', 'head'), prepared.batch.id);
    const issued = await runBatch(parts, prepared.batch.id);
    if (issued !== count) throw new Error(`issued ${issued} of ${count}`);
    return prepared.batch.id;
  };
  const held = stack.move();
  return {
    database,
    parts,
    signer: pki.signers.schoolHead,
    folder,
    issue,
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

const heading = '"Họ, chữ đệm, tên",Ngày sinh,Số định danh cá nhân,Trường,Năm tốt nghiệp,Số hiệu văn bằng';
const names = ['Nguyễn Thị Ưởng', 'Trần Văn Đăng Khoa', 'Lê Hoàng Phương Quỳnh', 'Phạm Đức Thịnh'];
const rowOf = (number: number): string =>
  `${names[number % names.length]},0${(number % 9) + 1}/05/2008,000308${String(number).padStart(6, '0')},THPT Nguyễn Bỉnh Khiêm,2026,B${number}`;

const official = (accountId: string, role: Role): PersonActor => ({
  kind: 'person',
  accountId,
  personId: '00000000-0000-7000-8000-000000000001',
  assurance: 2,
  roles: [{ role, agencyId: SCHOOL }],
  sessionId: 's',
});
