/** What an owner keeps of self-uploaded papers. */
import type { Sql } from '../platform/database.ts';

/** Counted under a lock on the owner, so that two uploads at once do not both take the last place. */
export async function selfUploadsOf(
  sql: Sql,
  ownerId: string,
): Promise<{ readonly papers: number; readonly bytes: number }> {
  await sql.query(
    "SELECT pg_advisory_xact_lock(hashtextextended('self-upload ' || $1::text, 0))::text AS held",
    [ownerId],
  );
  const [row] = await sql.query<{ papers: number; bytes: string }>(
    `SELECT count(DISTINCT d.id)::int AS papers, coalesce(sum(o.size), 0)::text AS bytes
     FROM document_owner w
     JOIN document d ON d.id = w.document_id AND d.provenance = 'self-upload' AND d.erased_at IS NULL
     JOIN document_version v ON v.document_id = d.id
     JOIN rendition r ON r.version_id = v.id
     JOIN stored_object o ON o.id = r.object_id
     WHERE w.owner_id = $1::uuid`,
    [ownerId],
  );
  return { papers: row?.papers ?? 0, bytes: Number(row?.bytes ?? 0) };
}
