/** I1, I2, I7: every row's object is there and opens to the digest it was written with; no object is without a row. */

import { createHash } from 'node:crypto';
import type pg from 'pg';
import type { Finding, Kept } from './finding.ts';
import { keptFiles, readKeptFile } from './kept-files.ts';
import { unseal } from './unseal.ts';

interface Row {
  readonly id: string;
  readonly key: string;
  readonly store_version_id: string;
  readonly sha256: string;
  readonly size: string;
  readonly wrapped_key: Buffer | null;
  readonly master_key_id: string;
  readonly format: string;
  readonly bound_to: string;
  readonly destroyed_at: Date | null;
}

export async function checkObjects(sql: pg.Client, kept: Kept): Promise<Finding[]> {
  const findings: Finding[] = [];
  const { rows } = await sql.query<Row>('SELECT * FROM stored_object ORDER BY id');
  for (const row of rows) {
    if (row.destroyed_at !== null) {
      if (row.wrapped_key !== null)
        findings.push({ invariant: 'I2', where: row.key, what: 'is erased and still has its key' });
      continue;
    }
    const fault = await faultOf(row, kept);
    if (fault) findings.push({ ...fault, where: `${row.key} of ${row.bound_to}` });
  }
  const known = new Set(rows.map(({ key }) => key));
  const oldest = Date.now() - (kept.windowSeconds ?? 86_400) * 1000;
  for (const { key, writtenAt } of await keptFiles(kept.objectsFolder, 'o')) {
    if (!known.has(key) && writtenAt.getTime() < oldest)
      findings.push({ invariant: 'I2', where: key, what: 'is an object without a row' });
  }
  return findings;
}

async function faultOf(row: Row, kept: Kept): Promise<Omit<Finding, 'where'> | undefined> {
  if (row.wrapped_key === null) return { invariant: 'I2', what: 'has no key and was not erased' };
  let sealed: Buffer;
  try {
    sealed = await readKeptFile(kept.objectsFolder, row.key, row.store_version_id);
  } catch (error) {
    return { invariant: 'I1', what: wordsOf(error) };
  }
  try {
    const plain = unseal(
      {
        id: row.id,
        key: row.key,
        sha256: row.sha256,
        size: Number(row.size),
        wrapped: row.wrapped_key,
        masterKey: row.master_key_id,
        format: row.format,
        boundTo: row.bound_to,
      },
      sealed,
      kept.masterKeys,
    );
    if (createHash('sha256').update(plain).digest('hex') === row.sha256) return undefined;
    return { invariant: 'I1', what: 'opens to another SHA-256 than its row says' };
  } catch (error) {
    return { invariant: 'I7', what: wordsOf(error) };
  }
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
