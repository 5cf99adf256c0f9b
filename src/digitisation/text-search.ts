/**
 * Search in the text of papers, marks, case and đ/d aside. It obeys what reading obeys: an owner (or who stands for them)
 * finds their own papers, an agency those it answers for; revoked access finds nothing. Each search is an event that the
 * owners of what was found can see. Sensitive kinds are never in the index.
 */

import type { DocumentFacts } from '../documents/index.ts';
import { findDocument } from '../documents/index.ts';
import { type Actor, agenciesOf, type Role } from '../identity/index.ts';
import { appendEvent } from '../ledger/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database.ts';
import { Failure } from '../platform/failure.ts';
import { searchKey } from '../web/i18n/search-key.ts';

/** Who searches for an agency: those who answer for what it keeps. */
export const SEARCH_ROLES: readonly Role[] = [
  'document-clerk',
  'civil-status-officer',
  'school-clerk',
  'desk-officer',
  'head',
];

export interface TextHit {
  readonly document: DocumentFacts;
  readonly page: number;
  readonly snippet: readonly SnippetPart[];
}

export interface SnippetPart {
  readonly text: string;
  readonly found: boolean;
}

export interface SearchOrder {
  readonly actor: Actor;
  readonly query: string;
  readonly requestId: string;
  readonly limit: number;
}

export class TextSearch {
  readonly #database: Database;
  readonly #clock: Clock;

  constructor(parts: { readonly database: Database; readonly clock: Clock }) {
    this.#database = parts.database;
    this.#clock = parts.clock;
  }

  /** In the papers of the actor. @throws Failure `invalid` for a query without a word */
  own(order: SearchOrder): Promise<TextHit[]> {
    if (order.actor.kind !== 'person') throw notForSystems();
    return this.#search(order, {
      clause: 'EXISTS (SELECT 1 FROM document_owner w WHERE w.document_id = d.id AND w.owner_id = $2::uuid)',
      value: order.actor.personId,
      agencyId: null,
    });
  }

  /** In the papers that the actor's agencies put into the vault. */
  ofAgency(order: SearchOrder): Promise<TextHit[]> {
    const agencies = agenciesOf(order.actor, SEARCH_ROLES);
    return this.#search(order, {
      clause: 'd.depositor_id = ANY ($2::text[])',
      value: agencies,
      agencyId: agencies[0] ?? null,
    });
  }

  #search(
    order: SearchOrder,
    among: { readonly clause: string; readonly value: unknown; readonly agencyId: string | null },
  ): Promise<TextHit[]> {
    const words = wordsOf(order.query);
    if (words.length === 0) throw noWords();
    return this.#database.transactSql(async (sql) => {
      const rows = await sql.query<{ id: string; page: number; text: string }>(
        `SELECT d.id::text, x.page, x.text FROM document_text x JOIN document d ON d.id = x.document_id
         WHERE d.erased_at IS NULL AND NOT d.sensitive AND ${among.clause}
           AND to_tsvector('simple', x.folded) @@ plainto_tsquery('simple', $1::text)
         ORDER BY d.id DESC, x.page LIMIT $3::int`,
        [words.join(' '), among.value, order.limit],
      );
      const hits: TextHit[] = [];
      for (const row of rows) {
        const document = await findDocument(sql, row.id);
        if (document) hits.push({ document, page: row.page, snippet: snippetOf(row.text, words) });
      }
      await appendEvent(sql, {
        type: 'document.searched',
        at: this.#clock.now(),
        actor: order.actor,
        outcome: 'permitted',
        agencyId: among.agencyId,
        ownerIds: [...new Set(hits.flatMap(({ document }) => document.owners.map(({ id }) => id)))],
        requestId: order.requestId,
        detail: { words: words.length, found: hits.length },
      });
      return hits;
    });
  }
}

/** The words of a query as the index has them; at most eight. */
export const wordsOf = (query: string): string[] =>
  searchKey(query)
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '')
    .slice(0, 8);

/** The first lines in which words stand, cut into found and other parts; marks stay as they are on the paper. */
export function snippetOf(text: string, words: readonly string[]): SnippetPart[] {
  const lines = text.split('\n').filter((line) => {
    const keys = new Set(searchKey(line).split(/[^a-z0-9]+/));
    return words.some((word) => keys.has(word));
  });
  const parts: SnippetPart[] = [];
  for (const piece of lines.slice(0, 3).join(' … ').split(/(\s+)/)) {
    const key = searchKey(piece).replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, '');
    const found = key !== '' && key.split(/[^a-z0-9]+/).some((each) => words.includes(each));
    const before = parts.at(-1);
    // A gap between two words that were found belongs to what was found.
    const gap = parts.at(-2);
    if (found && before && gap?.found && before.text.trim() === '') {
      parts.splice(-2, 2, { text: gap.text + before.text + piece, found });
    } else if (before && before.found === found)
      parts[parts.length - 1] = { text: before.text + piece, found };
    else parts.push({ text: piece, found });
  }
  return parts.slice(0, 60);
}

const noWords = (): Failure =>
  new Failure(
    'invalid',
    { en: 'Enter at least one word.', vi: 'Hãy nhập ít nhất một chữ.' },
    { code: 'no-words' },
  );

const notForSystems = (): Failure =>
  new Failure('forbidden', {
    en: 'People search their own papers.',
    vi: 'Chỉ người dân tìm giấy tờ của mình.',
  });
