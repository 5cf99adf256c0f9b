/**
 * Puts the digitisation task of a dossier to work, as an officer does who takes the paper to the scanner. The task itself
 * was opened by the vault when it stated that nothing was found; only this step has no operation for systems.
 */
import type { Database } from '../../src/platform/database.ts';

export async function markDigitising(
  database: Database,
  dossierCode: string,
  component: string,
): Promise<void> {
  await database.read(
    `UPDATE digitisation_task t SET state = 'in-work', expected_at = now() + interval '1 day', changed_at = now()
     FROM dossier d WHERE d.id = t.dossier_id AND d.code = $1::text AND t.component_key = $2::text AND t.state = 'open'`,
    [dossierCode, component],
  );
}
