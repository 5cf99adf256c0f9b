/**
 * The present catalogue, kept in memory. Each asking compares one number (the revision) in the caller's own
 * transaction, so that an import on any instance is seen by the next question everywhere; only then is it re-read.
 */
import type { Database, Sql } from '../platform/database.ts';
import { Catalogue } from './catalogue.ts';
import { loadEntries, readRevision } from './catalogue-repository.ts';

export class CatalogueService {
  readonly #database: Pick<Database, 'read' | 'transact' | 'transactSql'>;
  #held: Catalogue | undefined;

  constructor(database: Pick<Database, 'read' | 'transact' | 'transactSql'>) {
    this.#database = database;
  }

  /** For use inside a transaction: one primary-key read when nothing changed. */
  async snapshot(sql: Sql): Promise<Catalogue> {
    const revision = await readRevision(sql);
    return this.held(revision) ?? this.#load(sql, revision);
  }

  /** The same outside a transaction, for pages and look-ups that decide nothing. */
  async current(): Promise<Catalogue> {
    const revision = await readRevision({
      query: (text, parameters) => this.#database.read(text, parameters),
    });
    return this.held(revision) ?? this.#database.transactSql((sql) => this.snapshot(sql));
  }

  /** What is in memory, if it is of this revision: for hot statements that read the revision along with their rows. */
  held(revision: number): Catalogue | undefined {
    return this.#held?.revision === revision ? this.#held : undefined;
  }

  /**
   * The revision was read before the entries, so that a racing import can only make the entries newer than the
   * number says: the next asking then loads them again.
   */
  async #load(sql: Sql, revision: number): Promise<Catalogue> {
    const loaded = new Catalogue(await loadEntries(sql), revision);
    if (this.#held === undefined || this.#held.revision < revision) this.#held = loaded;
    return loaded;
  }
}
