/** A school that issues: the catalogue with the demonstration's bodies, registers, a development key, memory for bytes. */
import { createSecretKey, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCrl } from '../../src/asn1/index.ts';
import {
  CatalogueService,
  demoCatalogueFiles,
  importCatalogue,
  shippedCatalogueFiles,
} from '../../src/catalogue/index.ts';
import type { PersonActor, Role } from '../../src/identity/index.ts';
import { BatchService, RegisterService, type RunnerParts } from '../../src/issuance/index.ts';
import { systemClock as clock } from '../../src/platform/clock.ts';
import type { Database } from '../../src/platform/database.ts';
import { KillablePool } from '../../src/platform/killable.ts';
import { openDevelopmentPki } from '../../src/signing/index.ts';
import { createTrustSet } from '../../src/verification/index.ts';
import { KeyRing, MemoryStore, SealedObjects } from '../../storage/index.ts';
import { createTestDatabase } from './test-database.ts';

export const SCHOOL = 'H24.901.05';
export const DIPLOMA = 'LOCAL.UPPER-SECONDARY-DIPLOMA';

export const official = (accountId: string, role: Role, agencyId = SCHOOL): PersonActor => ({
  kind: 'person',
  accountId,
  personId: '00000000-0000-7000-8000-000000000001',
  assurance: 2,
  roles: [{ role, agencyId }],
  sessionId: 's',
});

export interface IssuingSchool extends AsyncDisposable {
  readonly database: Database;
  readonly registers: RegisterService;
  readonly batches: BatchService;
  readonly parts: RunnerParts;
  readonly folder: string;
  openBook(): Promise<string>;
}

export async function createIssuingSchool(): Promise<IssuingSchool> {
  const own = await createTestDatabase();
  const { database } = own;
  const folder = mkdtempSync(join(tmpdir(), 'motlan-school-'));
  const readers = new KillablePool({ size: 1 });
  const catalogue = new CatalogueService(database);
  const vault = { kind: 'vault' } as const;
  await database.transactSql((sql) =>
    importCatalogue(sql, [...shippedCatalogueFiles(), ...demoCatalogueFiles()], {
      actor: vault,
      at: clock.now(),
    }),
  );
  const registers = new RegisterService({ catalogue, clock });
  const pki = await openDevelopmentPki(join(folder, 'pki'), { now: clock.now });
  const crls = [readCrl(pki.authority.crl(clock.now()))];
  const trust = [createTrustSet('development', { certificates: [pki.root], crls, isTest: true })];
  const objects = new SealedObjects({
    store: new MemoryStore(),
    keys: new KeyRing({ id: 'k', key: createSecretKey(randomBytes(32)) }),
    spoolFolder: join(folder, 'spool'),
  });
  let series = 0;
  return {
    database,
    registers,
    folder,
    batches: new BatchService({ database, catalogue, registers, clock }),
    parts: {
      database,
      catalogue,
      registers,
      objects,
      seals: { signerFor: () => pki.signers.schoolHead },
      readers,
      trust: () => trust,
      clock,
      acceptInventedNumbers: true,
      baseUrl: 'https://kho.example',
      chunk: 4,
    },
    openBook: async () => {
      series += 1;
      const book = {
        agencyId: SCHOOL,
        documentType: DIPLOMA,
        year: 2026,
        kind: 'originals',
        series: `${series}`,
      } as const;
      return (await database.transactSql((sql) => registers.openBook(sql, vault, book))).id;
    },
    [Symbol.asyncDispose]: async () => {
      await readers[Symbol.asyncDispose]();
      await own[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
