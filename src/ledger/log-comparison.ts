/**
 * Is this database the one that signed the newest checkpoint? Compares rows, published objects and witnesses. A
 * database restored from a backup is behind what it once published or had cosigned: a fork until shown otherwise.
 */
import type { Sql } from '../platform/database.ts';
import {
  checkpointText,
  EMPTY_ROOT,
  formatNote,
  NoteError,
  type NoteSigner,
  type NoteVerifier,
  openCheckpoint,
  type SignedCheckpoint,
  signNote,
} from './log/index.ts';
import { LogInDoubt } from './log-in-doubt.ts';
import type { LogObjects } from './log-objects.ts';
import type { LogReader } from './log-reader.ts';
import * as rows from './log-repository.ts';
import type { WitnessClient } from './witness-client.ts';

export interface Comparison {
  readonly sql: Sql;
  readonly objects: LogObjects;
  readonly reader: LogReader;
  readonly log: NoteVerifier;
  readonly witnesses: readonly WitnessClient[];
  /** Signs the empty log, with which witnesses are asked while the database knows no checkpoint. */
  readonly signer: NoteSigner;
}

/** What a comparison found out. `unreached` names witnesses that did not answer. */
export interface ComparisonResult {
  readonly size: number;
  readonly cosignatures: readonly string[];
  readonly unreached: readonly string[];
  /** Labels, in the policy, of those that cosigned. */
  readonly reached: ReadonlySet<string>;
}

/** @throws LogInDoubt with the first thing that does not fit. */
export async function compareLog(comparison: Comparison): Promise<ComparisonResult> {
  const { sql, log } = comparison;
  // The published checkpoint is read first: rows read later can only be newer, whoever else is publishing.
  const published = await readPublished(comparison);
  const state = await rows.openState(sql, log.name);
  const newest = await rows.newestCheckpoint(sql);
  if ((newest?.size ?? 0) !== state.size || (newest !== undefined && !newest.root.equals(state.root))) {
    throw new LogInDoubt(
      'rows',
      `log_state (size ${state.size}) does not match log_checkpoint (${newest?.size ?? 0})`,
    );
  }
  await checkLeafCount(sql, state.size);
  if (published !== undefined) await checkPublished(sql, published, state.size);
  const signed = await rows.newestCheckpoint(sql, true);
  if (signed?.note == null) {
    // An emptied database is the oldest there is: a witness knows better.
    const empty = checkpointText({ origin: log.name, size: 0, root: EMPTY_ROOT });
    return askWitnesses(comparison, { note: formatNote(await signNote(empty, comparison.signer)), size: 0 });
  }
  checkNote(signed.note, log, signed);
  if (published === undefined) {
    throw new LogInDoubt('missing-object', `checkpoint is missing, though size ${signed.size} is signed`);
  }
  return askWitnesses(comparison, { note: signed.note, size: signed.size });
}

/** Has a signed checkpoint cosigned by every witness. @throws LogInDoubt when one knows better. */
export async function askWitnesses(
  comparison: Pick<Comparison, 'sql' | 'reader' | 'witnesses'>,
  { note, size }: { note: string; size: number },
): Promise<ComparisonResult> {
  const prove = (oldSize: number): Promise<Buffer[]> => comparison.reader.consistency(oldSize, size);
  const answers = await Promise.all(
    comparison.witnesses.map(async (witness) => {
      const answer = await witness.cosign({ note, size, prove });
      const { name } = witness.party.verifier;
      if (answer.kind === 'forked') throw new LogInDoubt('forked', `witness ${name}: ${answer.detail}`);
      if (answer.kind === 'ahead') {
        const newest = await rows.newestCheckpoint(comparison.sql);
        if (answer.size > (newest?.size ?? 0)) {
          const ours = newest?.size ?? 0;
          throw new LogInDoubt(
            'older-than-witnessed',
            `witness ${name} has seen size ${answer.size}; the database is at ${ours}`,
          );
        }
      }
      // A witness may not take an empty log at all; that it answered without knowing a larger one is what counts.
      const reached = answer.kind === 'cosigned' || (size === 0 && answer.kind === 'refused');
      return { name, label: witness.party.label, reached, answer };
    }),
  );
  return {
    size,
    cosignatures: answers.flatMap(({ answer }) => (answer.kind === 'cosigned' ? [answer.line] : [])),
    unreached: answers.flatMap(({ name, reached }) => (reached ? [] : [name])),
    reached: new Set(answers.flatMap(({ label, reached }) => (reached ? [label] : []))),
  };
}

async function readPublished({ objects, log }: Comparison): Promise<SignedCheckpoint | undefined> {
  const text = await objects.getCheckpoint();
  if (text === undefined) return undefined;
  try {
    return openCheckpoint(text, log);
  } catch (error) {
    if (!(error instanceof NoteError)) throw error;
    throw new LogInDoubt('bad-signature', `the published checkpoint: ${error.message}`);
  }
}

async function checkPublished(sql: Sql, published: SignedCheckpoint, size: number): Promise<void> {
  if (published.size > size) {
    throw new LogInDoubt(
      'older-than-published',
      `size ${published.size} is published; the database is at ${size}`,
    );
  }
  if (published.size === 0) return;
  const row = await rows.checkpointOfSize(sql, published.size);
  if (row === undefined)
    throw new LogInDoubt('forked', `the published size ${published.size} was never decided here`);
  if (!row.root.equals(published.root)) {
    throw new LogInDoubt(
      'two-roots',
      `the published root of size ${published.size} is not the one of the rows`,
    );
  }
}

async function checkLeafCount(sql: Sql, size: number): Promise<void> {
  const [last] = await sql.query<{ next: string }>(
    'SELECT (first + count)::text AS next FROM log_run ORDER BY first DESC LIMIT 1',
  );
  if (Number(last?.next ?? 0) !== size)
    throw new LogInDoubt('rows', `log_run ends at ${last?.next ?? 0}, log_state at ${size}`);
}

/** @throws LogInDoubt when a row's note is not what the log signed for that size and root. */
export function checkNote(note: string, log: NoteVerifier, row: { size: number; root: Buffer }): void {
  let text: string;
  try {
    text = openCheckpoint(note, log).note.text;
  } catch (error) {
    if (!(error instanceof NoteError)) throw error;
    throw new LogInDoubt('bad-signature', `log_checkpoint of size ${row.size}: ${error.message}`);
  }
  if (text !== checkpointText({ origin: log.name, size: row.size, root: row.root })) {
    throw new LogInDoubt(
      'two-roots',
      `the note in log_checkpoint of size ${row.size} speaks of another tree`,
    );
  }
}
