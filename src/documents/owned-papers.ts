/**
 * The papers of owners as a check of what can be reused reads them: one stretch of one index an owner. The rows follow
 * documents, statuses and versions by triggers (migration 0052), in the transaction of each change.
 */
import type { Sql } from '../platform/database.ts';
import type { DocumentFacts } from './document.ts';

export interface WantedPapers {
  readonly ownerId: string;
  readonly typeCodes: readonly string[];
}

/** Papers of one owner at most; the newest. */
const MOST = 100;

/** For each owner their papers of the types, newest first. One statement. */
export async function ownedPapers(sql: Sql, wanted: readonly WantedPapers[]): Promise<DocumentFacts[][]> {
  const found: DocumentFacts[][] = wanted.map(() => []);
  if (wanted.length === 0) return found;
  const rows = await sql.query<{ place: number; facts: StoredFacts }>(OWNED_PAPERS, [
    wanted.map(({ ownerId }) => ownerId),
    wanted.map(({ typeCodes }) => typeCodes.join(',')),
  ]);
  for (const { place, facts } of rows) found[place - 1]?.push(factsOf(facts));
  return found;
}

/** The statement of the check; a test holds its plan to its index. */
export const OWNED_PAPERS = `
SELECT q.place::int, p.facts
FROM unnest($1::uuid[], $2::text[]) WITH ORDINALITY AS q (owner_id, types, place)
CROSS JOIN LATERAL (
  SELECT o.document_id, o.facts FROM owned_paper o
  WHERE o.owner_id = q.owner_id AND o.type_code = ANY (string_to_array(q.types, ','))
  ORDER BY o.document_id DESC LIMIT ${MOST}) p
ORDER BY q.place, p.document_id DESC`;

/** As `jsonb` gives it: instants as text. */
type StoredFacts = Omit<DocumentFacts, 'depositedAt' | 'erasedAt' | 'status' | 'version'> & {
  readonly depositedAt: string;
  readonly status: Omit<DocumentFacts['status'], 'at'> & { readonly at: string };
  readonly version: Omit<DocumentFacts['version'], 'createdAt'> & { readonly createdAt: string };
};

const factsOf = (facts: StoredFacts): DocumentFacts => ({
  ...facts,
  depositedAt: new Date(facts.depositedAt),
  erasedAt: null,
  status: { ...facts.status, at: new Date(facts.status.at) },
  version: { ...facts.version, createdAt: new Date(facts.version.createdAt) },
});
