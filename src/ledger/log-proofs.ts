/**
 * Proof files for events and entries. Each proof is checked against its checkpoint before it leaves, so that a
 * damaged tile gives a refusal and never a false proof.
 */

import type { Sql } from '../platform/database.ts';
import { Failure } from '../platform/failure.ts';
import {
  applyPolicy,
  formatProofFile,
  type LeafPart,
  leafHash,
  leafOf,
  NoteError,
  openLeaf,
  type Policy,
  parseCheckpoint,
  verifyInclusion,
} from './log/index.ts';
import { LogInDoubt } from './log-in-doubt.ts';
import type { LogReader } from './log-reader.ts';
import * as rows from './log-repository.ts';

export interface LogProofsOptions {
  readonly sql: Sql;
  readonly reader: LogReader;
  /** With a quorum other than `none`, proofs stand on the newest checkpoint that reaches it. */
  readonly policy?: Policy;
  /** Told of a tile that gave a false proof. */
  readonly onDoubt?: (doubt: LogInDoubt) => void;
}

interface ProofCheckpoint {
  readonly size: number;
  readonly root: Buffer;
  /** The signed note with its cosignatures. */
  readonly text: string;
}

/** How long a checkpoint serves for proofs before the rows are asked for a newer one, in milliseconds. */
const CHECKPOINT_AGE = 500;

export class LogProofs {
  readonly #options: LogProofsOptions;
  #checkpoint: { value: Promise<ProofCheckpoint | undefined>; at: number } | undefined;

  constructor(options: LogProofsOptions) {
    this.#options = options;
  }

  /**
   * The proof file of one event, with the given parts opened, and of several owners the one who is named. Whether the caller may see these parts is decided
   * before. @throws Failure `not-found` for an unknown event, `unavailable` while it waits for its checkpoint.
   */
  async ofEvent(eventId: string, parts: readonly LeafPart[], ownerId?: string): Promise<string> {
    const [record] = await rows.readLeafRecords(this.#options.sql, [eventId]);
    if (record === undefined) throw noEntry();
    const index = await rows.indexOfEvent(this.#options.sql, eventId);
    const checkpoint = index === undefined ? undefined : await this.#covering(index);
    if (index === undefined || checkpoint === undefined) throw waiting();
    const path = await this.#path(index, checkpoint, leafHash(leafOf(record)));
    return formatProofFile({ extra: openLeaf(record, parts, ownerId), index, path }, checkpoint.text);
  }

  /**
   * The proof that this paper is the one that was deposited or issued. Whether the caller may see it is decided before.
   * @throws Failure `not-found` when no event tells its digest
   */
  async ofPaper(documentId: string): Promise<string> {
    const eventId = await rows.eventOfPaper(this.#options.sql, documentId);
    if (eventId === undefined) throw noEntry();
    return this.ofEvent(eventId, ['paper']);
  }

  /** The proof file of an entry by its index, opening nothing: public. @throws Failure `not-found` beyond the log. */
  async ofIndex(index: number): Promise<string> {
    const checkpoint = await this.#covering(index);
    if (checkpoint === undefined) throw noEntry();
    const path = await this.#path(index, checkpoint);
    return formatProofFile({ extra: undefined, index, path }, checkpoint.text);
  }

  async #path(index: number, checkpoint: ProofCheckpoint, hash?: Buffer): Promise<Buffer[]> {
    const { size, root } = checkpoint;
    for (let tries = 0; tries < 2; tries += 1) {
      const path = await this.#options.reader.inclusion(index, size);
      const leaf = hash ?? (await this.#options.reader.leafHash(index, size));
      if (verifyInclusion({ index, size, leafHash: leaf, root, path })) return path;
      this.#options.reader.forget();
    }
    const doubt = new LogInDoubt(
      'corrupted-object',
      `the tiles give a false proof of entry ${index} in size ${size}`,
    );
    this.#options.onDoubt?.(doubt);
    throw new Failure(
      'unavailable',
      {
        en: 'The proof cannot be given: the log is damaged at this place. Its operator has been told.',
        vi: 'Chưa thể cấp bằng chứng: nhật ký bị hỏng tại vị trí này. Người vận hành đã được báo.',
      },
      { code: 'log-damaged', cause: doubt },
    );
  }

  async #covering(index: number): Promise<ProofCheckpoint | undefined> {
    const now = performance.now();
    const recent = this.#checkpoint;
    if (recent !== undefined && now - recent.at < CHECKPOINT_AGE) {
      const value = await recent.value;
      if (value !== undefined && value.size > index) return value;
    }
    const value = this.#newest();
    this.#checkpoint = { value, at: now };
    value.catch(() => {
      this.#checkpoint = undefined;
    });
    const found = await value;
    return found !== undefined && found.size > index ? found : undefined;
  }

  async #newest(): Promise<ProofCheckpoint | undefined> {
    const { policy, sql } = this.#options;
    const witnessed = policy !== undefined && policy.quorumName !== 'none';
    for (const row of await rows.signedCheckpoints(sql, witnessed, witnessed ? 10 : 1)) {
      const text = `${row.note ?? ''}${row.cosignatures}`;
      if (!witnessed || satisfies(policy, text)) return { size: row.size, root: row.root, text };
    }
    return undefined;
  }
}

function satisfies(policy: Policy, text: string): boolean {
  try {
    applyPolicy(policy, parseCheckpoint(text));
    return true;
  } catch (error) {
    if (error instanceof NoteError) return false;
    throw error;
  }
}

const noEntry = (): Failure =>
  new Failure(
    'not-found',
    { en: 'The log has no such entry.', vi: 'Nhật ký không có mục này.' },
    { code: 'no-log-entry' },
  );

const waiting = (): Failure =>
  new Failure(
    'unavailable',
    {
      en: 'The entry has been written and waits for its checkpoint. Ask again in a few seconds.',
      vi: 'Mục này đã được ghi và đang chờ xác nhận. Hãy hỏi lại sau vài giây.',
    },
    { code: 'log-entry-waits', retryAfter: 2 },
  );
