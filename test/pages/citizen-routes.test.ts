/** The routes of consent and of the usage log over ports that remember: what is sent, what is ignored, what repeats. */
import { describe, expect, test } from '@jest/globals';
import type { Answer, ConsentRequest } from '../../src/consent/consent-pages.tsx';
import { type CitizenConsents, consentRoutes } from '../../src/consent/consent-routes.ts';
import type { Route, RouteReply } from '../../src/http/route.ts';
import type { UsageEntry } from '../../src/ledger/usage-pages.tsx';
import { type CitizenUsage, usageRoutes } from '../../src/ledger/usage-routes.ts';
import type { CitizenContext } from '../../src/web/citizen-page.ts';
import { hanh } from '../support/examples.tsx';
import { frameIn } from '../support/frames.ts';

const citizen = async (): Promise<CitizenContext> => ({ frame: frameIn('vi'), person: hanh, waiting: 1 });
const request: ConsentRequest = {
  id: 'r1',
  agency: 'Công an phường An Thịnh',
  officer: 'Trần Thu Hà',
  office: 'Bộ phận Một cửa',
  procedure: 'Đăng ký thường trú',
  dossier: 'H24.118-261123-0042',
  until: new Date('2026-12-02T10:00:00Z'),
  items: ['a', 'b'].map((id) => ({
    id,
    title: `Giấy ${id}`,
    issuer: 'UBND phường',
    why: 'để biết.',
    view: 'minimum',
    seen: ['Họ tên'],
    notSeen: ['Ảnh'],
  })),
};

/** Remembers what was answered, as the service would. */
function memory(): CitizenConsents & { readonly sent: Record<string, Answer>[] } {
  const sent: Record<string, Answer>[] = [];
  const receipt = { code: 'BN-1', at: new Date('2026-11-23T03:00:00Z') };
  return {
    sent,
    requests: async () => ({ open: [], closed: [] }),
    request: async (_input, id) => (id === 'r1' && sent.length === 0 ? request : undefined),
    answer: async (_input, _id, answers) => {
      sent.push({ ...answers });
    },
    answered: async () => (sent[0] ? { request, answers: sent[0], receipt } : undefined),
    grants: async () => [],
    withdraw: async () => undefined,
  };
}

function call(routes: readonly Route[], operationId: string, more: object): Promise<RouteReply> {
  const route = routes.find(({ declaration }) => declaration.operationId === operationId);
  if (route === undefined) throw new Error(`no operation ${operationId}`);
  const { declaration } = route;
  const { query, ...rest } = { params: { id: 'r1' }, query: {}, ...more } as { query: object };
  const parsed = declaration.query ? declaration.query.parse(query) : query;
  return route.handle({ actor: { kind: 'person' }, language: 'vi', ...rest, query: parsed } as never);
}

describe('consent', () => {
  test('an item without an answer comes back with the others kept, and nothing is sent', async () => {
    const consents = memory();
    const routes = consentRoutes({ citizen, consents });
    const reply = await call(routes, 'checkAnswers', { body: { 'giay-a': 'allow' } });
    expect(reply.status).toBe(422);
    expect(String(reply.body)).toContain('Chưa trả lời giấy 2');
    expect(String(reply.body)).toMatch(/name="giay-a" value="allow" checked/);
    expect((await call(routes, 'sendAnswers', { body: { 'giay-a': 'allow' } })).status).toBe(422);
    expect(consents.sent).toEqual([]);
  });

  test('the check page sends nothing; sending goes on by a redirect; a second press finds the first', async () => {
    const consents = memory();
    const routes = consentRoutes({ citizen, consents });
    const body = { 'giay-a': 'allow', 'giay-b': 'refuse', 'giay-c': 'allow', all: 'allow' };
    expect((await call(routes, 'checkAnswers', { body })).status).toBe(200);
    expect(consents.sent).toEqual([]);
    const there = { status: 303, headers: { Location: '/yeu-cau/r1/da-gui' } };
    expect(await call(routes, 'sendAnswers', { body })).toMatchObject(there);
    expect(await call(routes, 'sendAnswers', { body: { ...body, 'giay-b': 'allow' } })).toMatchObject(there);
    expect(consents.sent).toEqual([{ a: 'allow', b: 'refuse' }]);
    expect(String((await call(routes, 'showSentAnswers', {})).body)).toContain('BN-1');
    expect(await call(routes, 'showRequest', {})).toMatchObject(there);
  });

  test('an answer that is neither of the two counts as none', async () => {
    const reply = await call(consentRoutes({ citizen, consents: memory() }), 'checkAnswers', {
      body: { 'giay-a': 'yes', 'giay-b': 'allow' },
    });
    expect(String(reply.body)).toContain('Chưa trả lời giấy 1');
  });

  test('somebody else’s request is not there', async () => {
    const routes = consentRoutes({ citizen, consents: memory() });
    await expect(call(routes, 'showRequest', { params: { id: 'r2' } })).rejects.toMatchObject({
      kind: 'not-found',
    });
    await expect(call(routes, 'showSentAnswers', {})).rejects.toMatchObject({ kind: 'not-found' });
  });
});

describe('the usage log', () => {
  const entry = (id: string, who: string): UsageEntry => ({
    id,
    who,
    at: new Date('2026-11-23T02:18:00Z'),
    documents: [{ id: 'd1', title: 'Giấy chứng nhận kết hôn' }],
    outcome: 'seen_minimum',
    basis: 'law',
  });
  const asked: unknown[] = [];
  const usage: CitizenUsage = {
    log: async (_input, filter, after) => {
      asked.push({ filter, after });
      return {
        since: new Date('2025-11-23T02:00:00Z'),
        counts: { seen: 2, asked: 0, refused: 0, blocked: 0 },
        entries: after === undefined ? [entry('e1', '=HYPERLINK("x")')] : [entry('e2', 'Sở "Tư pháp"')],
        documents: [],
        agencies: [],
        next: after === undefined ? 'n1' : undefined,
      };
    },
    entry: async (_input, id) => (id === 'e1' ? entry('e1', 'UBND phường') : undefined),
    complain: async () => ({ code: 'KN-1', due: new Date('2026-11-25T10:00:00Z') }),
  };
  const routes = usageRoutes({ citizen, usage });

  test('the filter is kept in the link to the older ones; an unknown period is ignored', async () => {
    const reply = await call(routes, 'showUsageLog', {
      query: { giay: 'd1', thoigian: 'century', coquan: '' },
    });
    expect(asked.at(-1)).toEqual({
      filter: { giay: 'd1', coquan: undefined, thoigian: undefined },
      after: undefined,
    });
    expect(String(reply.body)).toContain('href="/ai-da-xem?giay=d1&amp;sau=n1"');
  });

  test('the export holds every page, and no cell that a spreadsheet would run', async () => {
    const reply = await call(routes, 'exportUsageLog', {});
    const chunks: Uint8Array[] = [];
    for await (const chunk of reply.stream as AsyncIterable<Uint8Array>) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    expect(text.startsWith('\uFEFF"Lúc"')).toBe(true);
    expect(text).toContain(`"'=HYPERLINK(""x"")"`);
    expect(text).toContain('"Sở ""Tư pháp"""');
    expect(text.trim().split('\r\n')).toHaveLength(3);
  });

  test('a complaint without a choice comes back with its text kept; with one it goes on by a redirect', async () => {
    const params = { id: 'e1' };
    const empty = await call(routes, 'sendComplaint', { params, body: { them: 'Tôi <b>không</b> biết' } });
    expect(empty.status).toBe(422);
    expect(String(empty.body)).toContain('Tôi &lt;b>không&lt;/b> biết');
    const sent = await call(routes, 'sendComplaint', { params, body: { viec: 'explain' } });
    expect(sent).toMatchObject({ status: 303 });
    expect(sent.headers?.Location).toMatch(/^\/ai-da-xem\/e1\/hoi\/da-gui\?ma=KN-1&han=/);
    await expect(call(routes, 'showComplaint', { params: { id: 'e9' } })).rejects.toMatchObject({
      kind: 'not-found',
    });
  });
});
