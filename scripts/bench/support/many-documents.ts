/**
 * A database with as many documents as wanted: invented people with five papers each, made by `generate_series` in SQL.
 * Also a script of its own: `DATABASE_URL=… node scripts/bench/support/many-documents.ts 10000000` fills a migrated one.
 */
import { demoCatalogueFiles, importCatalogue, shippedCatalogueFiles } from '../../../src/catalogue/index.ts';
import { Database } from '../../../src/platform/database.ts';

/** Every person has one of each. All of them count for 1.000894, marriage registration. */
const TYPES = [
  'LOCAL.IDENTITY-CARD',
  'LOCAL.MARITAL-STATUS',
  'LOCAL.RESIDENCE-CONFIRMATION',
  'KQ.G15.000031',
  'LOCAL.LAND-CERTIFICATE',
] as const;
const CHUNK = 20_000;

/** Ids that are the same in each run: person n, document n and so on. */
const id = (kind: number, number: string): string =>
  `('0190000${kind}-0000-7000-8000-' || lpad(to_hex(${number}), 12, '0'))::uuid`;

export const personId = (n: number): string => `01900001-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;
export const requestId = (n: number): string => `01900005-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;

/** Fills an empty migrated database. @returns how many people have papers */
export async function makeDocuments(database: Database, documents: number): Promise<number> {
  await database.transactSql(async (sql) => {
    const files = [...shippedCatalogueFiles(), ...demoCatalogueFiles()];
    await importCatalogue(sql, files, { actor: { kind: 'vault' }, at: new Date() });
  });
  const people = Math.ceil(documents / TYPES.length);
  for (const table of ['document_owner', 'document_version', 'status_event'])
    await database.read(`ALTER TABLE ${table} DISABLE TRIGGER USER`);
  for (let first = 1; first <= people; first += CHUNK) {
    const last = Math.min(people, first + CHUNK - 1);
    for (const statement of STATEMENTS) await database.read(statement, [first, last]);
  }
  for (const table of ['document_owner', 'document_version', 'status_event'])
    await database.read(`ALTER TABLE ${table} ENABLE TRIGGER USER`);
  await database.read('ANALYZE');
  return people;
}

const types = `unnest(ARRAY[${TYPES.map((type) => `'${type}'`).join(', ')}]) WITH ORDINALITY AS t (type, k)`;
const document = id(2, `n * ${TYPES.length} + k`);
const version = id(3, `n * ${TYPES.length} + k`);

const STATEMENTS = [
  `INSERT INTO person (id, personal_number, full_name, birth_date, gender, nationality, old_numbers, created_at)
   SELECT ${id(1, 'n')}, '000' || lpad(n::text, 9, '0'), 'Người Thử ' || n, '1990-01-02', 'female', 'VNM', '{}', now()
   FROM generate_series($1::bigint, $2::bigint) AS n`,
  `INSERT INTO document (id, type_code, issuer_id, depositor_id, provenance, symbol, issued_on, metadata, sensitive,
                         verification_code, deposited_at)
   SELECT ${document}, type, 'H24.991', 'H24.991',
          CASE WHEN type = 'LOCAL.IDENTITY-CARD' THEN 'counter-scan' ELSE 'electronic-result' END, n::text || '/2026',
          now()::date - 30,
          jsonb_build_object('fullName', 'Người Thử ' || n, 'birthDate', '1990-01-02', 'personalNumber', '000' || lpad(n::text, 9, '0'),
                             'validUntil', '2040-01-01'),
          false, 'B' || n || '-' || k, now()
   FROM generate_series($1::bigint, $2::bigint) AS n, ${types}`,
  `INSERT INTO document_owner (document_id, owner_kind, owner_id, type_code, issued_on)
   SELECT ${document}, 'person', ${id(1, 'n')}, type, now()::date - 30
   FROM generate_series($1::bigint, $2::bigint) AS n, ${types}`,
  `INSERT INTO document_version (id, document_id, number, sha256, pages, created_at)
   SELECT ${version}, ${document}, 1, md5(n::text || type) || md5(type || n::text), 1, now()
   FROM generate_series($1::bigint, $2::bigint) AS n, ${types}`,
  `INSERT INTO status_event (document_id, number, status, at, actor_kind)
   SELECT ${document}, 1, 'active', now(), 'vault' FROM generate_series($1::bigint, $2::bigint) AS n, ${types}`,
  `SELECT owned_paper_refresh(ARRAY(SELECT ${document} FROM generate_series($1::bigint, $2::bigint) AS n, ${types}))`,
];

/** Requests of one agency for random people and their spouses, five components each, on a duty of law. */
export async function makeRequests(database: Database, count: number, people: number): Promise<void> {
  const pick = (n: string): string => `1 + (${n}::bigint * 7919) % ${people}`;
  await database.read(
    `INSERT INTO dossier (id, code, agency_id, procedure_code, owner_kind, owner_id, state, received_at, revision)
     SELECT ${id(4, 'n')}, 'H24.991-260101-' || lpad(n::text, 6, '0'), 'H24.991', '1.000894', 'person', ${id(1, pick('n'))},
            'received', now(), 1 FROM generate_series(1, $1::int) AS n`,
    [count],
  );
  await database.read(
    `INSERT INTO reuse_request (id, agency_id, procedure_code, dossier_id, owner_id, basis, article, purpose, view, conditions,
                                match, actor_kind, actor_id, asked_at, parties)
     SELECT ${id(5, 'n')}, 'H24.991', '1.000894', ${id(4, 'n')}, ${id(1, pick('n'))}, 'legal-duty', 'Luật Hộ tịch', 'Đăng ký kết hôn',
            'minimum', '{"marital-status-not-in-database":true,"residence-not-in-database":true}'::jsonb, '[]'::jsonb,
            'system', 'bench', now(),
            jsonb_build_array(jsonb_build_object('holder', 'spouse', 'match', '[]'::jsonb, 'owner',
              jsonb_build_object('kind', 'person', 'id', ${id(1, pick('n + 1'))})))
     FROM generate_series(1, $1::int) AS n`,
    [count],
  );
}

if (process.argv[1] === import.meta.filename) {
  const url = process.env.DATABASE_URL;
  const documents = Number(process.argv[2] ?? 10_000);
  if (!url || !Number.isSafeInteger(documents) || documents < 5) {
    process.stderr.write('DATABASE_URL=… many-documents.ts <how many documents, 5 at least>\n');
    process.exitCode = 2;
  } else {
    await using database = new Database({ url });
    const people = await makeDocuments(database, documents);
    process.stdout.write(`${documents} documents of ${people} people\n`);
  }
}
