/** Papers that dossiers wait for: opened where the vault did not find them, done when they are kept. */
import type { Database } from '../platform/database.ts';
import type { DigitisationTask } from './digitisation-page-context.ts';

/** Open tasks of these agencies, oldest first; none where the table of tasks does not exist yet. */
export async function openTasks(
  database: Database,
  agencyIds: readonly string[],
): Promise<DigitisationTask[]> {
  const [there] = await database.read<{ there: boolean }>(
    `SELECT to_regclass('digitisation_task') IS NOT NULL AS there`,
  );
  if (!there?.there || agencyIds.length === 0) return [];
  const rows = await database.read<{
    id: string;
    code: string | null;
    opened_at: Date;
    type_codes: string[] | null;
  }>(
    `SELECT t.id::text, s.code, t.opened_at, t.type_codes FROM digitisation_task t
     LEFT JOIN dossier s ON s.id = t.dossier_id
     WHERE t.state = 'open' AND t.agency_id = ANY ($1::text[]) ORDER BY t.opened_at LIMIT 50`,
    [[...agencyIds]],
  );
  return rows.map((row) => ({
    id: row.id,
    dossierCode: row.code,
    typeCode: row.type_codes?.[0] ?? null,
    at: row.opened_at,
  }));
}
