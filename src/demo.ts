/** The demonstration: the shipped catalogue, invented agencies, people and systems. Running it again changes nothing. */
import { demoCatalogueFiles, importCatalogue, shippedCatalogueFiles } from './catalogue/index.ts';
import { openDemoClientKeys, seedDemoIdentities } from './identity/index.ts';
import type { Clock } from './platform/clock.ts';
import type { Database } from './platform/database.ts';

export async function seedDemo(parts: {
  database: Database;
  clock: Clock;
  issuer: string;
  keyFolder: string;
}): Promise<void> {
  const { database, clock, issuer, keyFolder } = parts;
  const at = clock.now();
  const clientKeys = await openDemoClientKeys(keyFolder);
  await database.transactSql(async (sql) => {
    const files = [...shippedCatalogueFiles(), ...demoCatalogueFiles()];
    const imported = await importCatalogue(sql, files, { actor: { kind: 'vault' }, at, onlyNewCodes: true });
    if (!imported.ok) throw new Error('the shipped catalogue does not pass its own check');
    await seedDemoIdentities(sql, { now: at, issuer, clientKeys });
  });
}
