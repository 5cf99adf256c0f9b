/** What issues papers in one process: keys and bytes in a folder, so that another process goes on where one died. */
import { createSecretKey } from 'node:crypto';
import { join } from 'node:path';
import { readCrl } from '../../src/asn1/index.ts';
import { CatalogueService } from '../../src/catalogue/index.ts';
import type { RunnerParts } from '../../src/issuance/batch-runner.ts';
import { RegisterService } from '../../src/issuance/register-service.ts';
import { systemClock as clock } from '../../src/platform/clock.ts';
import { Database } from '../../src/platform/database.ts';
import { KillablePool } from '../../src/platform/killable.ts';
import { openDevelopmentPki } from '../../src/signing/index.ts';
import { createTrustSet } from '../../src/verification/index.ts';
import { FilesystemStore, KeyRing, SealedObjects } from '../../storage/index.ts';

export interface IssuingPlace extends AsyncDisposable {
  readonly parts: RunnerParts;
}

export async function openIssuingPlace(place: {
  readonly databaseUrl: string;
  readonly folder: string;
}): Promise<IssuingPlace> {
  const database = new Database({ url: place.databaseUrl, connections: 4 });
  const readers = new KillablePool({ size: 1 });
  const catalogue = new CatalogueService(database);
  const pki = await openDevelopmentPki(join(place.folder, 'pki'), { now: clock.now });
  const crls = [readCrl(pki.authority.crl(clock.now()))];
  const trust = [createTrustSet('development', { certificates: [pki.root], crls, isTest: true })];
  const objects = new SealedObjects({
    store: await FilesystemStore.open(join(place.folder, 'objects')),
    keys: new KeyRing({ id: 'k', key: createSecretKey(Buffer.alloc(32, 7)) }),
    spoolFolder: join(place.folder, 'spool'),
  });
  return {
    parts: {
      database,
      catalogue,
      registers: new RegisterService({ catalogue, clock }),
      objects,
      seals: { signerFor: () => pki.signers.schoolHead },
      readers,
      trust: () => trust,
      clock,
      acceptInventedNumbers: true,
      baseUrl: 'https://kho.example',
    },
    [Symbol.asyncDispose]: async () => {
      await readers[Symbol.asyncDispose]();
      await database.close();
    },
  };
}
