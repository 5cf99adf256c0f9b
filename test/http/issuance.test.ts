import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import request from 'supertest';
import { createApp, IdempotencyKeys, Metrics, RateLimiter } from '../../src/http/index.ts';
import type { Actor } from '../../src/identity/index.ts';
import { BatchWorker, issuanceRoutes } from '../../src/issuance/index.ts';
import { systemClock as clock } from '../../src/platform/clock.ts';
import { createLogger } from '../../src/platform/logger.ts';
import { readTable } from '../../src/spreadsheet/index.ts';
import {
  createIssuingSchool,
  DIPLOMA,
  type IssuingSchool,
  official,
  SCHOOL,
} from '../support/issuing-school.ts';

const actors: Readonly<Record<string, Actor>> = {
  clerk: official('clerk', 'school-clerk'),
  head: official('head', 'head'),
  stranger: official('stranger', 'head', 'H17.901'),
  nobody: { kind: 'anonymous' },
};
let school: IssuingSchool;
let worker: BatchWorker;
let app: ReturnType<typeof createApp>;

beforeAll(async () => {
  school = await createIssuingSchool();
  const { database, batches, parts, folder } = school;
  worker = new BatchWorker(parts, (error) => {
    throw error;
  });
  app = createApp({
    routes: issuanceRoutes({
      batches,
      worker,
      catalogue: parts.catalogue,
      clock,
      spoolFolder: join(folder, 'uploads'),
    }),
    authenticate: async (incoming) => actors[String(incoming.headers['x-actor'])] ?? { kind: 'anonymous' },
    csrfHolds: async () => true,
    recordDenial: async () => undefined,
    signInPage: '/dang-nhap',
    renderProblem: () => '',
    idempotencyKeys: new IdempotencyKeys(database, clock),
    rateLimiter: new RateLimiter(database, clock),
    metrics: new Metrics(),
    logger: createLogger('silent'),
    clock,
    ready: async () => ({ ready: true, parts: {} }),
    secure: false,
    trustedProxies: 0,
  });
});
afterAll(async () => {
  await worker[Symbol.asyncDispose]();
  await school[Symbol.asyncDispose]();
});

const heading = '"Họ, chữ đệm, tên",Ngày sinh,Số định danh cá nhân,Trường,Năm tốt nghiệp,Số hiệu văn bằng';
const send = async (as: string, rows: string[], more = {}) => {
  const metadata = {
    agency: SCHOOL,
    documentType: DIPLOMA,
    issuedOn: '2026-06-20',
    place: 'Thanh Bình',
    signer: { title: 'Hiệu trưởng', name: 'Hoàng Thị Ngọc Ánh' },
    decisionDate: '2026-06-18',
    ...more,
  };
  return request(app)
    .post('/api/v1/issue-batches')
    .set('x-actor', as)
    .field('metadata', JSON.stringify(metadata))
    .attach('table', Buffer.from(`${heading}\n${rows.join('\n')}\n`), 'danh-sach.csv');
};
const good = (n: number) =>
  `Học Sinh ${'ABCDEFG'[n]},04/05/2008,00030820000${n},THPT Nguyễn Bỉnh Khiêm,2026,H${n}`;

test('from the form to issued papers, by two people', async () => {
  const form = await request(app)
    .get(`/api/v1/document-types/${DIPLOMA}/issue-form`)
    .set('x-actor', 'clerk')
    .responseType('blob');
  expect(form.status).toBe(200);
  expect(readTable(form.body)).toMatchObject({ ok: true });
  const prepared = await send('clerk', [good(1), good(2)]);
  expect(prepared.body).toMatchObject({ ok: true, rows: 2 });
  expect(prepared.status).toBe(201);
  const path = `/api/v1/issue-batches/${prepared.body.batch}`;
  expect((await request(app).post(`${path}/approve`).set('x-actor', 'clerk')).status).toBe(403);
  const approved = await request(app).post(`${path}/approve`).set('x-actor', 'head');
  expect(approved.body).toMatchObject({ dueOn: '2026-06-23' });
  await worker.idle();
  const done = await request(app).get(path).set('x-actor', 'clerk');
  expect(done.body).toMatchObject({ state: 'finished', items: { issued: 2 } });
  expect((await request(app).post(`${path}/cancel`).set('x-actor', 'head')).status).toBe(409);
});

test('a table with faults gets them by row and column, and the rows to mend', async () => {
  const answer = await send('clerk', [good(3), 'Sai Ngày,31/02/2008,000308200004,THPT,2026,H4']);
  expect(answer.status).toBe(200);
  expect(answer.body).toMatchObject({
    ok: false,
    batch: null,
    faults: [{ row: 3, column: 'B (Ngày sinh)' }],
  });
  expect(Buffer.from(answer.body.failedRows, 'base64').toString()).toContain('Sai Ngày');
});

test('bad requests and strangers', async () => {
  expect((await send('nobody', [good(5)])).status).toBe(401);
  expect((await send('stranger', [good(5)])).status).toBe(403);
  const wrong = await send('clerk', [good(5)], { issuedOn: '20/06/2026' });
  expect(wrong.status).toBe(422);
  expect(wrong.body.errors[0].pointer).toBe('/body/metadata/issuedOn');
  const prepared = await send('clerk', [good(6)]);
  const path = `/api/v1/issue-batches/${prepared.body.batch}`;
  expect((await request(app).get(path).set('x-actor', 'stranger')).status).toBe(403);
  expect((await request(app).get(path.slice(0, -4)).set('x-actor', 'clerk')).status).toBe(422);
});
