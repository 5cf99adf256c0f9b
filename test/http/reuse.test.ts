/** Reuse over HTTP as a procedure system, a citizen and an intruder meet it: nine outcomes, refusals, withdrawals, races. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  AN,
  type Answer,
  type Component,
  HUNG,
  LAN,
  type Person,
  ReuseVault,
  SAU,
} from '../support/reuse-vault.ts';

let world: ReuseVault;
let lan: Person;
let land: string;

beforeAll(async () => {
  world = await ReuseVault.open();
  lan = await world.person('lan');
  land = await world.land(LAN, 'MH 1');
  await world.birth(LAN);
});
afterAll(async () => {
  await world?.[Symbol.asyncDispose]();
});

const only = (answer: Answer): Component => {
  const [component] = answer.components;
  if (!component) throw new Error('no component was answered');
  return component;
};

const BIRTH = { components: ['relation'], conditions: { 'joins-relative': true } };
const BY_LAW = { basis: { kind: 'legal-duty', article: 'Luật Cư trú 2020, Điều 21' } };

test('each of the nine outcomes is a normal answer', async () => {
  const dossier = await world.dossier(LAN);
  const outcome = async (more: Record<string, unknown>, owner = LAN, code = dossier) => {
    const reply = await world.ask(owner, code, more);
    expect([200, 202]).toContain(reply.status);
    return { status: reply.status, ...only(reply.body) };
  };

  expect(await outcome({})).toMatchObject({ outcome: 'consent_required', document: { id: land } });
  expect(await outcome({ ...BIRTH, ...BY_LAW })).toMatchObject({ outcome: 'available' });
  expect(await outcome({ ...BIRTH, ...BY_LAW, preview: 'required' })).toMatchObject({
    outcome: 'preview_required',
  });
  expect(await outcome({ components: ['relation'] })).toMatchObject({
    outcome: 'need_more',
    parameter: 'joins-relative',
  });
  expect(
    await outcome({ ...BIRTH, ...BY_LAW, given: { relation: { birthDate: '1990-04-05' } } }),
  ).toMatchObject({
    outcome: 'mismatch',
    match: [{ field: 'birthDate', result: 'differs' }],
    correction: { agency: 'H24.991', procedure: '1.004859' },
  });

  const his = await world.dossier(HUNG);
  const missing = await world.ask(HUNG, his);
  expect(only(missing.body)).toMatchObject({ outcome: 'not_found', document: null });
  await world.db.database.read(
    `UPDATE digitisation_task SET state = 'in-work', expected_at = now() + interval '1 hour'
     WHERE statement_id = $1::uuid`,
    [missing.body.notFoundStatement],
  );
  const waiting = await outcome({}, HUNG, his);
  expect(waiting).toMatchObject({ status: 202, outcome: 'pending' });
  expect(Date.parse(waiting.estimatedAt ?? '')).toBeGreaterThan(Date.now());

  const hers = await world.dossier(SAU);
  const doomed = await world.land(SAU, 'MH 9');
  const change = (status: string) =>
    world.call('POST', `/api/v1/documents/${doomed}/status`, {
      status,
      reason: 'Xác minh lại',
      decisionNumber: '12/QĐ',
      decisionDate: '2026-11-20',
    });
  expect((await change('suspended')).status).toBeLessThan(300);
  expect(await outcome({}, SAU, hers)).toMatchObject({ outcome: 'not_acceptable', document: null });
  expect((await change('revoked')).status).toBeLessThan(300);
  expect(await outcome({}, SAU, hers)).toMatchObject({ outcome: 'revoked', document: null });
});

test('the match explains itself: marks, Unicode form, old number, merged district, word order', async () => {
  const dossier = await world.dossier(LAN);
  const said = async (owner: Record<string, string>, more: Record<string, unknown> = {}) =>
    (await world.ask({ ...LAN, ...owner }, dossier, { ...BIRTH, ...BY_LAW, ...more })).body;
  const name = (answer: Answer) => answer.match.find(({ field }) => field === 'name')?.result;
  expect(name(await said({ fullName: 'Nguyễn Thị Lan'.normalize('NFD') }))).toBe('unicode-form');
  expect(name(await said({ fullName: 'NGUYỄN THỊ LAN' }))).toBe('letter-case');
  expect(name(await said({ fullName: 'Nguyen Thi Lan' }))).toBe('marks');
  expect(name(await said({ fullName: 'Lan Nguyễn Thị' }))).toBe('order');
  const other = await said({ fullName: 'Trần Thị Bưởi' });
  expect(only(other)).toMatchObject({ outcome: 'mismatch', document: null });
  expect(other.match).toContainEqual(expect.objectContaining({ field: 'name', result: 'differs' }));

  const merged = await said({}, { given: { relation: { birthPlace: 'TP. Đà Nẵng' } } });
  expect(only(merged).match).toEqual([
    expect.objectContaining({ field: 'birthPlace', result: 'merged-unit' }),
  ]);
  const former = await said({}, { hints: { relation: { issuer: 'H24.990' } } });
  expect(only(former)).toMatchObject({
    outcome: 'available',
    match: [{ field: 'issuer', result: 'merged-unit' }],
  });
  const elsewhere = await said({}, { hints: { relation: { issuer: 'H17.991' } } });
  expect(only(elsewhere)).toMatchObject({ outcome: 'mismatch', document: null });

  const old = await world.dossier(SAU);
  const byOld = await world.ask({ ...SAU, personalNumber: '000000048' }, old);
  expect(byOld.body.match).toContainEqual(expect.objectContaining({ field: 'number', result: 'old-number' }));
});

test('a linked group is one bundle, and what is not found gets a signed statement and a task', async () => {
  const dossier = await world.dossier(LAN, '3.000722');
  const bundle = await world.ask(LAN, dossier, {
    procedure: '3.000722',
    components: null,
    conditions: {
      'parents-married': true,
      'relation-not-in-database': false,
      'residence-not-in-database': false,
    },
  });
  expect(bundle.body.linkedSteps.length).toBe(4);
  expect(bundle.body.components.map(({ component }) => component)).toEqual([
    'notice-of-birth',
    'parents-marriage',
  ]);
  // Whose marriage? Nobody was named and the applicant has none.
  expect(bundle.body.components[1]).toMatchObject({ outcome: 'need_more', parameter: 'party-parent' });

  const his = await world.dossier(HUNG);
  const answer = (await world.ask(HUNG, his)).body;
  const shown = await world.call<{ sha256: string; statement: { missing: unknown[] }; proof: string | null }>(
    'GET',
    `/api/v1/not-found-statements/${answer.notFoundStatement}`,
  );
  expect(shown.body.statement.missing).toHaveLength(1);
  expect(JSON.stringify(shown.body)).not.toMatch(/000085000024|Hùng/);
  const system = await world.system();
  const bytes = async () => {
    const path = `/api/v1/not-found-statements/${answer.notFoundStatement}/pdf`;
    return Buffer.from(await (await system.answer(path)).arrayBuffer());
  };
  const [first, second] = [await bytes(), await bytes()];
  expect(first.subarray(0, 5).toString()).toBe('%PDF-');
  expect(first.includes('/ByteRange')).toBe(true);
  expect(first.equals(second)).toBe(true);
  const tasks = await world.db.database.read<{ state: string }>(
    'SELECT state FROM digitisation_task WHERE statement_id = $1::uuid',
    [answer.notFoundStatement],
  );
  expect(tasks).toEqual([{ state: 'open' }]);
  const other = await world.call(
    'GET',
    `/api/v1/not-found-statements/${answer.notFoundStatement}`,
    undefined,
    {
      clientId: 'tthc-h17',
    },
  );
  expect(other.status).toBe(404);
});

test('the same key gives the stored answer, the same key with another body is refused', async () => {
  const dossier = await world.dossier(LAN);
  const key = 'reuse-key-0001';
  const replies = await Promise.all([1, 2, 3].map(() => world.ask(LAN, dossier, {}, { key })));
  expect(new Set(replies.map(({ body }) => body.id)).size).toBe(1);
  const other = await world.ask(LAN, dossier, { purpose: 'Một việc khác' }, { key });
  expect(other.status).toBe(422);
});

test('the minimum comes first; the whole paper needs a reason, and the owner reads it', async () => {
  const dossier = await world.dossier(LAN);
  const minimum = (await world.ask(LAN, dossier)).body;
  await world.consent(minimum.id, lan);
  const data = await world.call<{ fields: { name: string }[]; document: string }>(
    'GET',
    `/api/v1/reuse-requests/${minimum.id}/components/legal-residence/data`,
  );
  expect(data.status).toBe(200);
  expect(data.body.document).toBe(land);
  expect(data.body.fields.length).toBeGreaterThan(0);
  const whole = await world.call(
    'GET',
    `/api/v1/reuse-requests/${minimum.id}/components/legal-residence/content`,
  );
  expect(whole.status).toBe(403);
  expect(whole.body).toMatchObject({ type: expect.stringMatching(/view-minimum/) });
  expect((await world.ask(LAN, dossier, { view: 'full' })).status).toBe(422);

  const full = (
    await world.ask(LAN, dossier, { view: 'full', fullViewReason: 'Phải đối chiếu sơ đồ thửa đất' })
  ).body;
  const consent = await world.consent(full.id, lan);
  const text = await lan.call<{ text: string }>('GET', `/api/v1/me/consents/${consent}`);
  expect(text.body.text).toMatch(/sơ đồ thửa đất/);
  const content = await world.call(
    'GET',
    `/api/v1/reuse-requests/${full.id}/components/legal-residence/content`,
  );
  expect(content.status).toBe(200);
});

test('every refusal says the rule, leaves one event, and does not tell whether papers exist', async () => {
  const dossier = await world.dossier(LAN);
  const closed = await world.dossier(LAN, '1.004222', 'received');
  await world.dossier(LAN, '1.004222', 'closed', closed).catch(() => undefined);
  const foreign = 'H17.991-261124-0001';
  const cases: [string, number, () => Promise<{ status: number; body: unknown }>][] = [
    ['unknown-procedure', 422, () => world.ask(LAN, dossier, { procedure: '1.999999' })],
    ['unknown-component', 422, () => world.ask(LAN, dossier, { components: ['no-such-thing'] })],
    ['dossier-code', 422, () => world.ask(LAN, 'not a code')],
    ['dossier-unknown', 422, () => world.ask(LAN, foreign)],
    ['dossier-of-another-person', 422, () => world.ask(HUNG, dossier)],
    ['dossier-of-another-person', 422, () => world.ask({ ...HUNG, personalNumber: '000099000999' }, dossier)],
    ['dossier-unknown', 422, () => world.ask(LAN, dossier, { agency: 'H17.991' }, { clientId: 'tthc-h17' })],
    ['reuse-request-unknown', 404, () => world.ask(LAN, dossier, {}, { clientId: 'tthc-h17' })],
  ];
  for (const [code, status, call] of cases) {
    const before = await world.events('access.denied');
    const reply = await call();
    expect({ code, status: reply.status }).toEqual({ code, status });
    expect((reply.body as { type: string }).type).toContain(
      code === 'unknown-procedure' ? 'dossier-of-another-procedure' : code,
    );
    expect({ code, events: (await world.events('access.denied')) - before }).toEqual({ code, events: 1 });
  }

  await world.db.database.read(
    `UPDATE person SET deceased_at = now() WHERE personal_number = '000148000048'`,
  );
  try {
    const hers = await world.db.database.read<{ code: string }>(
      `SELECT s.code FROM dossier s JOIN person p ON p.id = s.owner_id WHERE p.personal_number = '000148000048' LIMIT 1`,
    );
    const reply = await world.ask(SAU, hers[0]?.code ?? '');
    expect(reply.status).toBe(409);
    expect((reply.body as unknown as { type: string }).type).toContain('owner-deceased');
  } finally {
    await world.db.database.read(
      `UPDATE person SET deceased_at = NULL WHERE personal_number = '000148000048'`,
    );
  }
});

test('a consent of one dossier opens nothing in another, and a withdrawn one nothing at all', async () => {
  const [one, two] = [await world.dossier(LAN), await world.dossier(LAN)];
  const first = (await world.ask(LAN, one)).body;
  const second = (await world.ask(LAN, two)).body;
  const consent = await world.consent(first.id, lan);
  const data = (id: string) =>
    world.call('GET', `/api/v1/reuse-requests/${id}/components/legal-residence/data`);
  expect((await data(first.id)).status).toBe(200);
  expect((await data(second.id)).status).toBe(403);
  expect((await lan.call('POST', `/api/v1/me/consents/${consent}/withdrawal`)).status).toBe(200);
  const before = await world.events('reuse.retrieved');
  expect((await data(first.id)).status).toBe(403);
  expect(await world.events('reuse.retrieved')).toBe(before);
  const again = await world.call<Answer>('GET', `/api/v1/reuse-requests/${first.id}`);
  expect(only(again.body)).toMatchObject({ outcome: 'consent_required' });
});

test('withdrawals and revocations race with answers: none begins after the acknowledgement, no reliance is lost', async () => {
  for (let round = 0; round < 4; round += 1) {
    const dossier = await world.dossier(LAN);
    const request = (await world.ask(LAN, dossier)).body;
    const consent = await world.consent(request.id, lan);
    let acknowledged = Number.POSITIVE_INFINITY;
    const withdrawing = lan.call('POST', `/api/v1/me/consents/${consent}/withdrawal`).then((reply) => {
      acknowledged = performance.now();
      return reply;
    });
    const reads = Array.from({ length: 6 }, async () => {
      const started = performance.now();
      const reply = await world.call(
        'GET',
        `/api/v1/reuse-requests/${request.id}/components/legal-residence/data`,
      );
      return { started, status: reply.status };
    });
    expect((await withdrawing).status).toBe(200);
    const late = await world.call(
      'GET',
      `/api/v1/reuse-requests/${request.id}/components/legal-residence/data`,
    );
    expect(late.status).toBe(403);
    for (const { started, status } of await Promise.all(reads)) {
      if (started > acknowledged) expect(status).toBe(403);
    }
  }

  const doomed = await world.birth(LAN);
  const dossiers = await Promise.all(Array.from({ length: 5 }, () => world.dossier(LAN)));
  const requests = await Promise.all(
    dossiers.map(async (dossier) => (await world.ask(LAN, dossier, { ...BIRTH, ...BY_LAW })).body.id),
  );
  const reading = requests.map((id) =>
    world.call('GET', `/api/v1/reuse-requests/${id}/components/relation/data`),
  );
  const revoking = world.call('POST', `/api/v1/documents/${doomed}/status`, {
    status: 'revoked',
    reason: 'Cấp sai thẩm quyền',
    decisionNumber: '15/QĐ',
    decisionDate: '2026-11-23',
  });
  const statuses = (await Promise.all(reading)).map(({ status }) => status);
  expect((await revoking).status).toBeLessThan(300);
  const [relied] = await world.db.database.read<{ n: number }>(
    'SELECT count(*)::int AS n FROM reliance WHERE document_id = $1::uuid',
    [doomed],
  );
  const [noticed] = await world.db.database.read<{ n: number }>(
    `SELECT count(*)::int AS n FROM reliance_notice WHERE document_id = $1::uuid AND change = 'revoked'`,
    [doomed],
  );
  expect(statuses.filter((status) => status === 200).length).toBe(relied?.n);
  expect(noticed?.n).toBe(relied?.n);
  const notices = await world.call<{ notices: { document: string; change: string }[] }>(
    'GET',
    '/api/v1/agencies/H24.991/reliance-notices?limit=200',
  );
  expect(notices.body.notices.filter(({ document }) => document === doomed)).toHaveLength(relied?.n ?? -1);
  const late = await world.call('GET', `/api/v1/reuse-requests/${requests[0]}/components/relation/data`);
  expect(late.status).toBe(403);
});

test('a child’s paper is answered by the mother, and paper asked for all the same is seen and counted', async () => {
  await world.birth(AN);
  const dossier = await world.dossier(LAN, '3.000722');
  const request = (
    await world.ask(LAN, dossier, {
      procedure: '3.000722',
      components: ['relation'],
      conditions: { 'relation-not-in-database': true },
      parties: [{ holder: 'parent', person: AN }],
    })
  ).body;
  expect(only(request)).toMatchObject({ outcome: 'consent_required' });
  const asked = await world.call<{ questions: { id: string }[] }>(
    'POST',
    `/api/v1/reuse-requests/${request.id}/consent-questions`,
    { components: ['relation'] },
  );
  const question = asked.body.questions[0]?.id ?? '';
  const hung = await world.person('hung');
  expect((await hung.allow(question)).status).toBe(403 === (await hung.allow(question)).status ? 403 : 404);
  expect((await lan.allow(question)).status).toBe(200);
  const again = await world.call<Answer>('GET', `/api/v1/reuse-requests/${request.id}`);
  expect(only(again.body)).toMatchObject({ outcome: 'available' });

  const demanded = await world.call(
    'POST',
    `/api/v1/reuse-requests/${request.id}/components/relation/paper-requests`,
    { reason: 'illegible', note: 'Mờ trang 2' },
  );
  expect(demanded.status).toBe(201);
  const seen = await lan.call<{ paperRequests: { reason: string; dossier: string }[] }>(
    'GET',
    '/api/v1/me/paper-requests',
  );
  expect(seen.body.paperRequests).toContainEqual(expect.objectContaining({ reason: 'illegible', dossier }));
  const counted = await world.call<{ counts: { reason: string; count: number }[] }>(
    'GET',
    '/api/v1/agencies/H24.991/paper-requests?from=2020-01-01&to=2099-01-01',
  );
  expect(counted.body.counts).toContainEqual(expect.objectContaining({ reason: 'illegible', count: 1 }));
});

test('checking before certifying, receipts for both sides, rights with two clocks', async () => {
  const dossier = await world.dossier(LAN, '2.000815');
  const check = (documentType: string) =>
    world.call<{ certificationNeeded: boolean; because: string }>('POST', '/api/v1/certification-checks', {
      agency: 'H24.991',
      dossier,
      owner: LAN,
      documentType,
    });
  expect((await check('LOCAL.LAND-CERTIFICATE')).body).toMatchObject({ certificationNeeded: false });
  expect((await check('LOCAL.PASSPORT')).body).toMatchObject({
    certificationNeeded: true,
    because: 'not-in-vault',
  });

  const other = await world.dossier(LAN);
  const request = (await world.ask(LAN, other)).body;
  await world.consent(request.id, lan);
  await world.call('GET', `/api/v1/reuse-requests/${request.id}/components/legal-residence/data`);
  const path = `/api/v1/reuse-requests/${request.id}/receipt`;
  const theirs = await world.call<{ lines: { what: string; event: string }[] }>('GET', path);
  const hers = await lan.call<{ lines: { what: string; event: string }[] }>('GET', path);
  for (const what of ['reuse.answered', 'consent.given', 'reuse.retrieved']) {
    expect(theirs.body.lines.map((line) => line.what)).toContain(what);
    expect(hers.body.lines.map((line) => line.what)).toContain(what);
  }
  const hung = await world.person('hung');
  expect((await hung.call('GET', path)).status).toBe(404);

  const retrieved = hers.body.lines.find(({ what }) => what === 'reuse.retrieved')?.event;
  const made = await lan.call<{
    id: string;
    code: string;
    acknowledgeBy: string;
    finishBy: string;
    addressee: string;
  }>('POST', '/api/v1/me/data-requests', {
    kind: 'object',
    event: retrieved,
    text: 'Tôi không muốn giấy này dùng cho việc khác',
  });
  expect(made.status).toBe(201);
  expect(made.body.addressee).toBe('H24.991');
  expect(Date.parse(made.body.finishBy)).toBeGreaterThan(Date.parse(made.body.acknowledgeBy));
  expect(
    (await hung.call('POST', '/api/v1/me/data-requests', { kind: 'view', event: retrieved, text: 'xem' }))
      .status,
  ).toBe(404);
  const officer = await world.person('mot-cua');
  const listed = await officer.call<{ requests: { id: string }[] }>('GET', '/api/v1/data-requests');
  expect(listed.body.requests.map(({ id }) => id)).toContain(made.body.id);
  const step = (to: string, answer?: string) =>
    officer.call<{ state: string }>('POST', `/api/v1/data-requests/${made.body.id}/steps`, {
      to,
      ...(answer && { answer }),
    });
  expect((await step('acknowledged')).body.state).toBe('acknowledged');
  expect((await step('done')).status).toBe(422);
  expect((await step('done', 'Đã ngừng dùng')).body.state).toBe('done');
  const elsewhere = await world.person('mot-cua-2');
  expect(
    (
      await elsewhere.call('POST', `/api/v1/data-requests/${made.body.id}/steps`, {
        to: 'refused',
        answer: 'không',
      })
    ).status,
  ).toBe(404);
});
