/** Erasure: by two people, of everything, at once; and nothing of it is left in any table or object. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { keepFile, writeFiles } from '../../src/documents/kept-file.ts';
import { examineObjects } from '../../src/documents/objects-fsck.ts';
import type { openDataDirectory } from '../../src/platform/data-directory.ts';
import { openKeyRing, openObjectStore } from '../../src/vault-storage.ts';
import { SealedObjects } from '../../storage/index.ts';
import { inFiles, inObjects, inTables } from '../support/canary.ts';
import {
  type Caller,
  createWholeVault,
  form,
  landCertificate,
  pdfWith,
  type WholeVault,
} from '../support/whole-vault.ts';

const CANARY = 'chim hoàng yến 7391';
/** Without marks, for the places that take ASCII only. */
const PLAIN = 'hoangyen7391';

let site: WholeVault;
let objects: SealedObjects;
let system: Caller;
const people: Record<string, Caller> = {};
const as = (subject: string): Caller => people[subject] as Caller;

beforeAll(async () => {
  site = await createWholeVault();
  system = await site.system('tthc-h24', ['documents:deposit', 'documents:status', 'dossiers:write']);
  for (const subject of ['lan', 'thanh-tra', 'lanh-dao', 'chu-tich', 'mot-cua', 'mot-cua-2', 'van-hanh'])
    people[subject] = await site.person(subject);
  const { config } = site.vault;
  const paths = {
    keys: join(site.folder, 'keys'),
    objects: join(site.folder, 'objects'),
  } as unknown as ReturnType<typeof openDataDirectory>['paths'];
  objects = new SealedObjects({
    store: await openObjectStore(config, paths),
    keys: openKeyRing(config, paths),
    spoolFolder: join(site.folder, 'spool-of-test'),
  });
});
afterAll(async () => {
  await site?.[Symbol.asyncDispose]();
});

const traces = async (words: string): Promise<string[]> => [
  ...(await inTables(site.database, words)),
  ...(await inObjects(site.database, objects, words)),
  ...(await inFiles(site.folder, words)),
];

/** A paper with the words in every place that takes words, in two versions, with derived files beside them. */
async function depositCanary(): Promise<string> {
  const metadata = { ...landCertificate().metadata, landAddress: CANARY, certificateSerial: PLAIN };
  const order = landCertificate({ symbol: CANARY, abstract: CANARY, externalId: PLAIN, metadata });
  const files = [{ bytes: await pdfWith(CANARY), name: `${PLAIN}.pdf` }];
  const done = await system.send('POST', '/api/v1/documents', form({ metadata: order }, files));
  expect(done.status).toBe(201);
  const id = done.body.documentId;
  const corrected = { reason: CANARY, metadata: { ...metadata, area: 12 } };
  expect(
    (
      await as('mot-cua').send(
        'POST',
        `/api/v1/documents/${id}/versions`,
        form({ metadata: corrected }, files),
      )
    ).status,
  ).toBe(201);
  const suspended = { status: 'suspended', reason: CANARY };
  expect((await system.send('POST', `/api/v1/documents/${id}/status`, suspended)).status).toBe(200);
  const [version] = await site.database.read<{ id: string }>(
    'SELECT id::text FROM document_version WHERE document_id = $1 ORDER BY number LIMIT 1',
    [id],
  );
  for (const kind of ['access', 'thumbnail', 'text'] as const) {
    const file = { kind, mediaType: 'text/plain', position: 0, bytes: Buffer.from(CANARY) };
    const kept = await keepFile(objects, id, file, 1_000_000);
    await site.database.transactSql((sql) =>
      writeFiles(sql, { id: version?.id ?? '', documentId: id, at: new Date() }, [kept]),
    );
  }
  return id;
}

test('a document goes with every version and derivative when one orders and another carries out', async () => {
  const id = await depositCanary();
  const before = await traces(CANARY);
  for (const place of [
    'document.abstract',
    'document.metadata',
    'document.symbol',
    'document_version.metadata',
  ])
    expect(before).toContain(place);
  expect(before).toContain('status_event.reason');
  expect(before).toContain(`document:${id}/thumbnail`);
  expect(await traces(PLAIN)).toContain('document.external_id');
  const denials = await site.count('access.denied');

  const wish = { basis: 'owner-request', decisionNumber: '12/QĐ-UBND', decisionDate: '2026-11-20' };
  const path = `/api/v1/documents/${id}/erasures`;
  for (const [who, status] of [
    [as('lan'), 403],
    [as('mot-cua'), 403],
    [as('van-hanh'), 403],
    [system, 403],
  ] as const)
    expect((await who.send('POST', path, wish)).status).toBe(status);
  expect(await site.count('access.denied')).toBe(denials + 4);
  expect(await as('thanh-tra').send('POST', path, { ...wish, decisionNumber: '000190000017' })).toMatchObject(
    {
      status: 422,
    },
  );
  const ordered = await as('thanh-tra').send('POST', path, wish);
  expect(ordered).toMatchObject({ status: 201, body: { state: 'ordered', agency: 'H24.991' } });
  expect(await as('thanh-tra').send('POST', path, wish)).toMatchObject({ status: 409 });
  // Nothing happens until the second person says so.
  expect((await as('lan').send('GET', `/api/v1/documents/${id}/content`)).status).toBe(200);
  const decision = `/api/v1/erasures/${ordered.body.id}/decision`;
  expect((await as('thanh-tra').send('POST', decision, { decision: 'erase' })).status).toBe(403);
  expect((await as('mot-cua-2').send('POST', decision, { decision: 'erase' })).status).toBe(403);
  const done = await as('chu-tich').send('POST', decision, { decision: 'erase' });
  expect(done).toMatchObject({ status: 200, body: { state: 'done' } });
  expect(await as('chu-tich').send('POST', decision, { decision: 'erase' })).toMatchObject({ status: 409 });

  expect(await traces(CANARY)).toEqual([]);
  expect(await traces(PLAIN)).toEqual([]);
  expect((await as('lan').send('GET', `/api/v1/documents/${id}/content`)).status).toBe(404);
  expect((await as('lan').send('GET', `/api/v1/documents/${id}`)).status).toBe(404);
  const { body } = await as('lan').send('GET', '/api/v1/me/documents');
  expect(body.documents.map((each: { id: string }) => each.id)).not.toContain(id);
  const listed = await as('lanh-dao').send('GET', '/api/v1/agencies/H24.991/erasures');
  expect(listed.body.erasures).toMatchObject([{ documentId: id, state: 'done' }]);
});

test('one person with two roles does not do both halves', async () => {
  const { body } = await system.send(
    'POST',
    '/api/v1/documents',
    form({ metadata: landCertificate() }, [{ bytes: await pdfWith('x') }]),
  );
  const personId = await site.idOf('000080000180');
  const wish = { basis: 'court-decision', decisionNumber: '1/2026/QĐST', decisionDate: '2026-11-20' };
  const ordered = await as('thanh-tra').send('POST', `/api/v1/documents/${body.documentId}/erasures`, wish);
  // A second account of the same human at the agency's issuer, made head behind the back of the separation of roles.
  await site.database.read(
    `INSERT INTO role_assignment (id, account_id, agency_id, role, kind, valid_from, granted_by, reason)
     SELECT gen_random_uuid(), a.id, 'H24.991', 'head', 'regular', now() - interval '1 day', 'test', 'test'
     FROM account a WHERE a.person_id = $1`,
    [personId],
  );
  const decision = `/api/v1/erasures/${ordered.body.id}/decision`;
  expect(await as('thanh-tra').send('POST', decision, { decision: 'erase' })).toMatchObject({
    status: 403,
    body: { type: 'urn:mot-lan:problem:two-people' },
  });
  expect(await as('chu-tich').send('POST', decision, { decision: 'refuse' })).toMatchObject({
    status: 200,
    body: { state: 'refused' },
  });
  expect((await as('lan').send('GET', `/api/v1/documents/${body.documentId}/content`)).status).toBe(200);
});

test('what an owner uploaded goes when the owner removes it', async () => {
  const name = `Sổ tay ${CANARY}`;
  const done = await as('lan').send(
    'POST',
    '/api/v1/me/documents',
    form({ metadata: { name } }, [{ bytes: await pdfWith(CANARY), name: `${PLAIN}.pdf` }]),
  );
  expect(await traces(CANARY)).toContain('document.abstract');
  expect((await as('lan').send('DELETE', `/api/v1/me/documents/${done.body.documentId}`)).status).toBe(204);
  expect(await traces(CANARY)).toEqual([]);
});

test('rows and objects agree afterwards, and standing stays append-only but for erased words', async () => {
  const sql = {
    query: <Row>(text: string, values?: readonly unknown[]) => site.database.read<Row>(text, values),
  };
  const store = await openObjectStore(site.vault.config, {
    objects: join(site.folder, 'objects'),
  } as never);
  expect(await Array.fromAsync(examineObjects({ sql, store, objects, now: new Date() }))).toEqual([]);
  await expect(site.database.read(`UPDATE status_event SET status = 'active'`)).rejects.toThrow(
    'append-only',
  );
  await expect(site.database.read('DELETE FROM status_event')).rejects.toThrow('append-only');
});
