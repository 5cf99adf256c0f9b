/**
 * The negative control of the checker: a sound vault is damaged in one way after another, each of which breaks one
 * promise, and the checker must name that promise. Whatever it does not see makes the control find nothing.
 */
import { readFile, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import type { AcknowledgedDeposit, Invariant } from '../checker/finding.ts';
import type { Chance, Tally } from '../round.ts';
import { HarmedVault } from './harmed-vault.ts';

interface Site {
  readonly sql: pg.Client;
  readonly deposits: readonly AcknowledgedDeposit[];
  /** The file of a document's rendition. */
  fileOf(deposit: AcknowledgedDeposit | undefined, kind: string): Promise<string>;
}

interface Plant {
  readonly what: string;
  readonly breaks: Invariant;
  plant(site: Site): Promise<unknown>;
}

/** Each on a deposit of its own, so that none hides another. */
const PLANTS: readonly Plant[] = [
  {
    what: 'an acknowledged object deleted',
    breaks: 'I1',
    plant: async ({ fileOf, deposits }) => unlink(await fileOf(deposits[0], 'original')),
  },
  {
    what: 'a bit of an object flipped',
    breaks: 'I7',
    plant: async ({ fileOf, deposits }) => {
      const path = await fileOf(deposits[1], 'sealed');
      const bytes = await readFile(path);
      bytes[bytes.byteLength >> 1] = (bytes[bytes.byteLength >> 1] ?? 0) ^ 4;
      await writeFile(path, bytes);
    },
  },
  {
    what: 'the event of an acknowledged deposit removed',
    breaks: 'I4',
    plant: async ({ sql, deposits }) => {
      await sql.query('DELETE FROM event_subject WHERE event_id = $1', [deposits[2]?.eventId]);
      await sql.query('DELETE FROM ledger_event WHERE id = $1', [deposits[2]?.eventId]);
    },
  },
  {
    what: 'a deposit kept twice, as without idempotency',
    breaks: 'I5',
    plant: ({ sql, deposits }) =>
      sql.query(
        `INSERT INTO document SELECT (json_populate_record(d, json_build_object('id', gen_random_uuid(),
           'verification_code', 'planted', 'external_id', NULL))).* FROM document d WHERE id = $1`,
        [deposits[3]?.documentId],
      ),
  },
  {
    what: 'a revocation forgotten',
    breaks: 'I10',
    plant: ({ sql, deposits }) =>
      sql.query('DELETE FROM status_event WHERE document_id = $1 AND number > 1', [deposits[4]?.documentId]),
  },
  {
    what: 'an event changed after the fact',
    breaks: 'I3',
    plant: ({ sql, deposits }) =>
      sql.query(`UPDATE ledger_event SET actor_id = 'somebody-else' WHERE id = $1`, [deposits[1]?.eventId]),
  },
  {
    what: 'half a document: no owner',
    breaks: 'I11',
    plant: ({ sql, deposits }) =>
      sql.query('DELETE FROM document_owner WHERE document_id = $1', [deposits[0]?.documentId]),
  },
  {
    what: 'a signature without its record',
    breaks: 'I6',
    plant: ({ sql }) =>
      sql.query(
        'DELETE FROM signature_record WHERE version_id = (SELECT min(version_id::text)::uuid FROM signature_record)',
      ),
  },
  {
    what: 'another root in a checkpoint',
    breaks: 'I8',
    plant: ({ sql }) =>
      sql.query(`UPDATE log_checkpoint SET root = sha256(root)
                 WHERE log_checkpoint.size = (SELECT max(c.size) FROM log_checkpoint c)`),
  },
  {
    what: 'a row whose object is another document’s',
    breaks: 'I7',
    plant: ({ sql, deposits }) =>
      sql.query(
        `UPDATE stored_object o SET bound_to = replace(bound_to, $1, $2) WHERE o.bound_to LIKE 'document:' || $1 || '/%'`,
        [deposits[3]?.documentId, deposits[4]?.documentId],
      ),
  },
];

/** Damages a sound vault and counts what the checker named; zero when it was blind for any of it. */
export async function plantAndFind(n: number, _chance: Chance): Promise<Tally> {
  await using harmed = await HarmedVault.make({ ownDatabase: false });
  const { caller } = harmed;
  for (let i = 0; i < 5; i += 1) await caller.depositUntilAcknowledged(caller.intend());
  await caller.revoke(caller.deposits[4]?.documentId ?? '');
  await harmed.vault.stop();
  const blind: string[] = [];
  const before = await harmed.check();
  for (const { invariant, where, what } of before)
    blind.push(`${invariant} before any harm: ${where} ${what}`);
  const sql = new pg.Client({ connectionString: harmed.databaseUrl });
  await sql.connect();
  try {
    // As somebody with the rights of the database's owner would: no trigger and no foreign key stands in the way.
    await sql.query('SET session_replication_role = replica');
    const fileOf = async (deposit: AcknowledgedDeposit | undefined, kind: string): Promise<string> => {
      const { rows } = await sql.query<{ key: string }>(
        `SELECT o.key FROM stored_object o JOIN rendition r ON r.object_id = o.id
         JOIN document_version v ON v.id = r.version_id WHERE v.document_id = $1 AND r.kind = $2`,
        [deposit?.documentId, kind],
      );
      return join(harmed.dataDir, 'objects', 'data', `${rows[0]?.key}@000000001`);
    };
    const count = async (invariant: Invariant): Promise<number> =>
      (await harmed.check()).filter((finding) => finding.invariant === invariant).length;
    for (const { what, breaks, plant } of PLANTS) {
      const found = await count(breaks);
      await plant({ sql, deposits: caller.deposits, fileOf });
      if ((await count(breaks)) <= found) blind.push(what);
    }
  } finally {
    await sql.end();
  }
  for (const what of blind) process.stdout.write(`  the checker does not see: ${what}\n`);
  return { n, lost: blind.length === 0 ? PLANTS.length : 0, undetected: 0, duplicates: 0 };
}
