/**
 * The independent checker: reads database, objects and log as they lie there and judges them by the vault's promises.
 * It shares no code with the services: its SQL, its opening of sealed objects and its hashing are its own.
 */
import pg from 'pg';
import { checkAcknowledged } from './check-acknowledged.ts';
import { checkLog, publishedCheckpoints } from './check-log.ts';
import { checkObjects } from './check-objects.ts';
import { checkRows } from './check-rows.ts';
import { type Acknowledged, type Finding, type Kept, NOTHING_ACKNOWLEDGED } from './finding.ts';

/** Everything that breaks a promise; empty when all of it holds. One snapshot of the rows. */
export async function checkVault(
  kept: Kept,
  acknowledged: Acknowledged = NOTHING_ACKNOWLEDGED,
): Promise<Finding[]> {
  const published = await publishedCheckpoints(kept);
  const sql = new pg.Client({ connectionString: kept.databaseUrl, application_name: 'mot-lan checker' });
  await sql.connect();
  try {
    await sql.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    return [
      ...(await checkRows(sql)),
      ...(await checkLog(sql, kept, published)),
      ...(await checkAcknowledged(sql, acknowledged)),
      ...(await checkObjects(sql, kept)),
    ];
  } finally {
    await sql.end();
  }
}
