/** Owners, those who represent them, self-uploads, versions: over HTTP, each to the letter of what they may. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import sharp from 'sharp';
import {
  type Caller,
  COMPANY,
  createWholeVault,
  form,
  LAN,
  landCertificate,
  pdfWith,
  type WholeVault,
} from '../support/whole-vault.ts';

let site: WholeVault;
let desk: Caller;
let system: Caller;
const people: Record<string, Caller> = {};

beforeAll(async () => {
  site = await createWholeVault({ MAX_SELF_UPLOADS: '3' });
  system = await site.system('tthc-h24', ['documents:deposit', 'documents:status']);
  desk = await site.person('mot-cua');
  for (const subject of ['lan', 'hung', 'hoa', 'tai', 'minh', 'ho-tich', 'mot-cua-2'])
    people[subject] = await site.person(subject);
});
afterAll(async () => {
  await site?.[Symbol.asyncDispose]();
});

const as = (subject: string): Caller => people[subject] as Caller;
const deposit = async (metadata: object, bytes?: Buffer) =>
  system.send('POST', '/api/v1/documents', form({ metadata }, [{ bytes: bytes ?? (await pdfWith('x')) }]));
const enterprise = () =>
  landCertificate({
    type: 'LOCAL.ENTERPRISE',
    metadata: {
      businessName: 'Công ty TNHH Hoa Phượng',
      businessNumber: '0000000001',
      businessAddress: 'xã Thanh Bình',
      representativeName: 'Vũ Thị Hoa',
    },
    owners: [COMPANY],
  });

describe('papers of an organisation', () => {
  let id: string;

  test('are deposited under its number, or its tax number', async () => {
    const first = await deposit(enterprise());
    expect(first).toMatchObject({ status: 201 });
    id = first.body.documentId;
    const byTax = await deposit({ ...enterprise(), owners: [{ organisation: { taxNumber: '0000000001' } }] });
    expect(byTax.status).toBe(201);
    const other = { organisation: { registrationNumber: '0000000001', name: 'Công ty Sao Mai' } };
    expect(await deposit({ ...enterprise(), owners: [other] })).toMatchObject({
      status: 422,
      body: { type: 'urn:mot-lan:problem:owner-mismatch', errors: [{ pointer: '/body/owners/0/name' }] },
    });
    expect(await deposit({ ...enterprise(), owners: [LAN] })).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/body/owners/0' }] },
    });
  });

  test('are listed and read by its legal representative, not by others', async () => {
    const { body } = await as('hoa').send('GET', '/api/v1/me/representations');
    const of = body.items[0].principalId;
    const listed = await as('hoa').send('GET', `/api/v1/me/documents?of=${of}`);
    expect(listed.body.documents).toHaveLength(2);
    expect((await as('hoa').send('GET', '/api/v1/me/documents')).body.documents).toHaveLength(0);
    expect((await as('hoa').send('GET', `/api/v1/documents/${id}/content`)).status).toBe(200);
    const guess = await as('lan').send('GET', `/api/v1/me/documents?of=${of}`);
    const nowhere = await as('lan').send(
      'GET',
      '/api/v1/me/documents?of=01900000-0000-7000-8000-000000000000',
    );
    expect(guess).toMatchObject({
      status: 404,
      body: { type: nowhere.body.type, detail: nowhere.body.detail },
    });
    expect((await as('lan').send('GET', `/api/v1/documents/${id}`)).status).toBe(404);
    expect((await as('lan').send('GET', `/api/v1/documents/${id}/content`)).status).toBe(404);
  });

  test('are read by a delegate for the types and the time appointed, and not a moment longer', async () => {
    const { body } = await as('hoa').send('GET', '/api/v1/me/representations');
    const organisation = body.items[0].principalId;
    const appoint = async (documentTypes: string[]) =>
      as('hoa').send('POST', `/api/v1/organisations/${organisation}/delegates`, {
        delegate: { personalNumber: '000208000031', fullName: 'Phạm Quang Minh', birthDate: '2008-03-12' },
        documentTypes,
        until: new Date(Date.now() + 3_600_000).toISOString(),
        basis: 'power of attorney 12/2026',
      });
    const read = async () => (await as('minh').send('GET', `/api/v1/documents/${id}/content`)).status;
    expect(await read()).toBe(404);
    const land = await appoint(['LOCAL.LAND-CERTIFICATE']);
    expect(land.status).toBe(201);
    expect(await read()).toBe(404);
    expect((await as('minh').send('GET', `/api/v1/me/documents?of=${organisation}`)).body.documents).toEqual(
      [],
    );
    const enterpriseOnly = await appoint(['LOCAL.ENTERPRISE']);
    expect(await read()).toBe(200);
    const listed = await as('minh').send('GET', `/api/v1/me/documents?of=${organisation}`);
    expect(listed.body.documents).toHaveLength(2);
    await as('hoa').send('POST', `/api/v1/representations/${enterpriseOnly.body.id}/end`);
    expect(await read()).toBe(404);
    const late = await appoint(['LOCAL.ENTERPRISE']);
    await site.database.read('UPDATE representation SET valid_until = now() WHERE id = $1', [late.body.id]);
    expect(await read()).toBe(404);
  });

  test('each look stands in the owner’s log with who looked and as what', async () => {
    const rows = await site.database.read<{ as: string }>(
      `SELECT DISTINCT e.detail->>'as' AS as FROM ledger_event e WHERE e.document_id = $1 AND e.type = 'document.read'`,
      [id],
    );
    expect(rows.map((row) => row.as).sort()).toEqual(['delegate', 'legal']);
  });
});

test('a paper of two spouses is in both lists, and needs both', async () => {
  const marriage = {
    agency: 'H24.991',
    type: 'KQ.G15.000032',
    issuer: 'H24.991',
    provenance: 'electronic-result',
    issuedOn: '2026-01-15',
    metadata: {
      husbandName: 'Trần Văn Hùng',
      wifeName: 'Nguyễn Thị Lan',
      registrationNumber: '12',
      registrationDate: '2026-01-15',
    },
    owners: [LAN, { personalNumber: '000085000024', fullName: 'Trần Văn Hùng', birthDate: '1985-01-20' }],
  };
  const done = await deposit(marriage);
  expect(done).toMatchObject({ status: 201 });
  for (const subject of ['lan', 'hung']) {
    const { body } = await as(subject).send('GET', '/api/v1/me/documents');
    expect(body.documents.map(({ id }: { id: string }) => id)).toContain(done.body.documentId);
  }
  expect(await deposit({ ...marriage, owners: [LAN] })).toMatchObject({
    status: 422,
    body: { errors: [{ pointer: '/body/owners' }] },
  });
  expect(await deposit({ ...marriage, owners: [LAN, LAN] })).toMatchObject({
    status: 422,
    body: { type: 'urn:mot-lan:problem:owner-twice', errors: [{ pointer: '/body/owners/1' }] },
  });
});

describe('papers of a child', () => {
  test('are read by the mother until the representation ends, and never by another parent', async () => {
    const child = { personalNumber: '000221000203', fullName: 'Nguyễn Gia An', birthDate: '2021-06-01' };
    const done = await deposit(landCertificate({ owners: [child] }));
    expect(done).toMatchObject({ status: 201 });
    const path = `/api/v1/documents/${done.body.documentId}/content`;
    expect((await as('lan').send('GET', path)).status).toBe(200);
    const page = await as('lan').send('GET', '/giay-to');
    const link =
      /href="(\/giay-to\?cua=[0-9a-f-]{36})"[^>]*>\s*<span>Nguyễn Gia An/.exec(page.body)?.[1] ?? '';
    const ofChild = await as('lan').send('GET', link);
    expect(ofChild.status).toBe(200);
    expect(ofChild.body).toContain('Giấy tờ của Nguyễn Gia An');
    expect(ofChild.body).toContain(`/giay-to/${done.body.documentId}`);
    expect((await as('hoa').send('GET', link)).status).toBe(404);
    expect((await as('hoa').send('GET', path)).status).toBe(404);
    const { body } = await as('lan').send('GET', '/api/v1/me/representations');
    expect((await as('ho-tich').send('POST', `/api/v1/representations/${body.items[0].id}/end`)).status).toBe(
      200,
    );
    expect((await as('lan').send('GET', path)).status).toBe(404);
  });
});

describe('a paper one uploads oneself', () => {
  const upload = async (who: string, fields: object, bytes?: Buffer) =>
    as(who).send(
      'POST',
      '/api/v1/me/documents',
      form({ metadata: fields }, [{ bytes: bytes ?? (await pdfWith('x')) }]),
    );

  test('is kept unverified, read by its owner alone, and removed for good', async () => {
    const done = await upload('lan', { name: 'Chứng chỉ sơ cấp nghề May' });
    expect(done).toMatchObject({ status: 201, body: { status: 'unverified', pages: 1 } });
    const id = done.body.documentId;
    const listed = await as('lan').send('GET', '/api/v1/me/documents');
    expect(listed.body.documents.find((each: { id: string }) => each.id === id)).toMatchObject({
      status: 'unverified',
      provenance: 'self-upload',
      abstract: 'Chứng chỉ sơ cấp nghề May',
    });
    expect((await as('lan').send('GET', `/api/v1/documents/${id}/content`)).status).toBe(200);
    expect((await as('hoa').send('GET', `/api/v1/documents/${id}/content`)).status).toBe(404);
    const [row] = await site.database.read<{ code: string }>(
      'SELECT verification_code AS code FROM document WHERE id = $1',
      [id],
    );
    expect((await site.nobody.send('GET', `/kiem-tra/${row?.code}`)).status).toBe(404);
    // An office cannot make it a reusable paper by a decision on its standing.
    const decided = await desk.send('POST', `/api/v1/documents/${id}/status`, {
      status: 'active',
      reason: 'seen',
    });
    expect([403, 404]).toContain(decided.status);
    expect((await as('hoa').send('DELETE', `/api/v1/me/documents/${id}`)).status).toBe(404);
    expect((await as('lan').send('DELETE', `/api/v1/me/documents/${id}`)).status).toBe(204);
    expect((await as('lan').send('GET', `/api/v1/documents/${id}`)).status).toBe(404);
    expect((await as('lan').send('DELETE', `/api/v1/me/documents/${id}`)).status).toBe(404);
  });

  test('may be photographs, one a page, handed out as one PDF', async () => {
    const picture = await sharp({ create: { width: 900, height: 1200, channels: 3, background: '#ddd' } })
      .jpeg()
      .toBuffer();
    const data = form({ metadata: { name: 'Sổ tiêm' } }, [
      { bytes: picture, name: '1.jpg' },
      { bytes: picture, name: '2.jpg' },
    ]);
    const done = await as('lan').send('POST', '/api/v1/me/documents', data);
    expect(done).toMatchObject({ status: 201, body: { pages: 2 } });
    const file = await as('lan').raw('GET', `/api/v1/documents/${done.body.documentId}/content`);
    expect(file.headers.get('content-type')).toBe('application/pdf');
    expect(
      Buffer.from(await file.arrayBuffer())
        .subarray(0, 5)
        .toString(),
    ).toBe('%PDF-');
    const original = `/api/v1/documents/${done.body.documentId}/content?rendition=original&position=1`;
    expect(Buffer.from(await (await as('lan').raw('GET', original)).arrayBuffer())).toEqual(picture);
  });

  test('may be one of whom one represents, and of nobody else', async () => {
    const { body } = await as('hoa').send('GET', '/api/v1/me/representations');
    const of = { kind: 'organisation', id: body.items[0].principalId };
    expect(await upload('hoa', { name: 'Điều lệ', of })).toMatchObject({ status: 201 });
    expect(await upload('lan', { name: 'Điều lệ', of })).toMatchObject({ status: 404 });
    // A delegate for one type does not act for papers of unknown type.
    expect(await upload('minh', { name: 'Điều lệ', of })).toMatchObject({ status: 404 });
  });

  test('goes no further than the limit, and a bad file keeps nothing', async () => {
    const objects = async () =>
      (await site.database.read<{ n: number }>('SELECT count(*)::int AS n FROM stored_object'))[0]?.n;
    const before = await objects();
    expect(await upload('lan', { name: 'Giấy' }, Buffer.from('no paper'))).toMatchObject({ status: 415 });
    expect(await upload('lan', { name: 'Giấy' }, Buffer.alloc(0))).toMatchObject({ status: 422 });
    expect(await upload('lan', {})).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/body/name' }] },
    });
    expect(await upload('hung', { name: 'Giấy' })).toMatchObject({ status: 403 });
    expect(await objects()).toBe(before);
    expect((await upload('lan', { name: 'Giấy 2' })).status).toBe(201);
    expect((await upload('lan', { name: 'Giấy 3' })).status).toBe(201);
    expect(await upload('lan', { name: 'Giấy 4' })).toMatchObject({
      status: 409,
      body: { type: 'urn:mot-lan:problem:self-upload-limit' },
    });
  });

  test('works on the page without a script, faults on the same page', async () => {
    expect(await as('tai').send('GET', '/giay-to/tai-len')).toMatchObject({ status: 200 });
    const empty = await as('tai').send('POST', '/giay-to/tai-len', form({ ten: '' }, []));
    expect(empty.status).toBe(422);
    expect(empty.body).toContain('href="#ten"');
    expect(empty.body).toContain('href="#tep"');
    const bad = form({ ten: 'Đơn' }, [{ field: 'tep', bytes: Buffer.from('no paper') }]);
    const refused = await as('tai').send('POST', '/giay-to/tai-len', bad);
    expect(refused.status).toBe(422);
    expect(refused.body).toContain('value="Đơn"');
    const good = form({ ten: 'Đơn' }, [{ field: 'tep', bytes: await pdfWith('x') }]);
    const done = await as('tai').send('POST', '/giay-to/tai-len', good);
    expect(done.status).toBe(303);
    const place = done.headers.get('location') ?? '';
    const shown = await as('tai').send('GET', place);
    expect(shown.status).toBe(200);
    expect(shown.body).toContain('Tự tải lên, chưa đối chiếu');
    const question = await as('tai').send('GET', `${place}/xoa`);
    const token = /name="_csrf" value="([^"]+)"/.exec(question.body)?.[1] ?? '';
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
    const forged = await as('tai').raw('POST', `${place}/xoa`, { headers, body: '_csrf=forged' });
    expect(forged.status).toBe(403);
    const removed = await as('tai').raw('POST', `${place}/xoa`, {
      headers,
      body: `_csrf=${encodeURIComponent(token)}`,
    });
    expect(removed.status).toBe(303);
    expect((await as('tai').send('GET', place)).status).toBe(404);
  });
});

describe('a correction', () => {
  test('is a new version; the one before stays readable and is called superseded', async () => {
    const first = await deposit(landCertificate());
    const id = first.body.documentId;
    const metadata = { ...landCertificate().metadata, area: 97.5 };
    const correct = async (who: Caller, more: object = {}) =>
      who.send(
        'POST',
        `/api/v1/documents/${id}/versions`,
        form({ metadata: { reason: 'diện tích ghi sai', metadata, ...more } }, [
          { bytes: await pdfWith('corrected') },
        ]),
      );
    expect(await correct(as('mot-cua-2'))).toMatchObject({ status: 404 });
    expect(await correct(as('lan'))).toMatchObject({ status: 403 });
    const bad = { metadata: { ...metadata, area: 'rộng' } };
    expect(await correct(desk, bad)).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/body/metadata/area' }] },
    });
    const done = await correct(desk);
    expect(done).toMatchObject({ status: 201, body: { number: 2 } });

    const shown = await as('lan').send('GET', `/api/v1/documents/${id}`);
    expect(shown.body).toMatchObject({ version: { number: 2 }, metadata: { area: 97.5 } });
    const { body } = await as('lan').send('GET', `/api/v1/documents/${id}/versions`);
    expect(body.versions).toMatchObject([
      { number: 2, superseded: false, reason: 'diện tích ghi sai' },
      { number: 1, superseded: true, reason: null },
    ]);
    const bytes = async (query: string) =>
      Buffer.from(
        await (await as('lan').raw('GET', `/api/v1/documents/${id}/content?${query}`)).arrayBuffer(),
      );
    expect((await bytes('rendition=original')).includes('corrected')).toBe(true);
    expect((await bytes('rendition=original&version=1')).includes('corrected')).toBe(false);
    expect((await as('lan').send('GET', `/api/v1/documents/${id}/content?version=3`)).status).toBe(404);
    expect((await as('hoa').send('GET', `/api/v1/documents/${id}/versions`)).status).toBe(404);
  });

  test('of what was revoked is refused', async () => {
    const { body } = await deposit(landCertificate());
    const path = `/api/v1/documents/${body.documentId}`;
    const revoke = { status: 'revoked', reason: 'sai đối tượng' };
    expect(await system.send('POST', `${path}/status`, revoke)).toMatchObject({ status: 200 });
    const again = form({ metadata: { reason: 'sửa' } }, [{ bytes: await pdfWith('y') }]);
    expect(await desk.send('POST', `${path}/versions`, again)).toMatchObject({ status: 409 });
  });
});
