/** The software of a civil-status office pushes results: idempotent, corrected with reasons, with all that follows from them. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { SystemClient } from '../../src/main-job/system-client.ts';
import type { Vault } from '../../src/vault.ts';
import { createDemoVault } from '../support/demo-vault.ts';

const COMMUNE = 'H24.991';
let vault: Vault;
let client: SystemClient;

beforeAll(async () => {
  vault = await createDemoVault();
  client = await SystemClient.open({
    url: vault.url,
    keyFolder: join(vault.config.dataDir, 'keys'),
    clientId: 'tthc-h24',
    scopes: ['documents:deposit'],
  });
});
afterAll(async () => {
  await vault?.close();
});

const wife = { personalNumber: '000190000301', fullName: 'Lý Thị Thử', birthDate: '1990-02-03' };
const husband = { personalNumber: '000088000302', fullName: 'Đặng Văn Thử', birthDate: '1988-07-09' };
const common = {
  issuedOn: '2026-11-20',
  place: 'Thanh Bình',
  signer: { title: 'Chủ tịch', name: 'Ngô Văn Bảo' },
};
const marital = {
  ...common,
  documentType: 'LOCAL.MARITAL-STATUS',
  symbol: '15/2026/XN-TTHN',
  owners: [wife],
  fields: {
    fullName: wife.fullName,
    birthDate: wife.birthDate,
    personalNumber: wife.personalNumber,
    residence: 'Xã Thanh Bình',
    maritalStatus: 'Chưa đăng ký kết hôn với ai',
    purpose: 'Đăng ký kết hôn',
  },
};

interface Receipt {
  readonly outcome: string;
  readonly document: string;
  readonly verificationCode: string;
  readonly version: number;
  readonly flagged: readonly { document: string; field: string; procedure: string | null }[];
  readonly ended: readonly string[];
  readonly code?: string;
  readonly type?: string;
}
async function push(
  externalId: string,
  body: object,
  agency = COMMUNE,
): Promise<{ status: number } & Receipt> {
  const response = await client.answer(`/api/v1/issuers/${agency}/documents/${externalId}`, {
    method: 'PUT',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  });
  return { ...((await response.json()) as Receipt), status: response.status };
}
const statusOf = async (id: string): Promise<string | undefined> =>
  (
    await vault.database.read<{ status: string }>(
      'SELECT status FROM status_event WHERE document_id = $1::uuid ORDER BY number DESC LIMIT 1',
      [id],
    )
  )[0]?.status;

test('the same push twice is one paper; fifty at once are one paper', async () => {
  const first = await push('XN-15', marital);
  expect(first).toMatchObject({ status: 201, outcome: 'created', version: 1 });
  expect(await push('XN-15', marital)).toMatchObject({
    status: 200,
    outcome: 'unchanged',
    document: first.document,
  });
  const many = await Promise.all(
    Array.from({ length: 12 }, () => push('XN-16', { ...marital, symbol: '16' })),
  );
  expect(new Set(many.map(({ document }) => document).filter(Boolean)).size).toBe(1);
  const [row] = await vault.database.read<{ n: number }>(
    "SELECT count(*)::int AS n FROM document WHERE external_id = 'XN-16'",
  );
  expect(row?.n).toBe(1);
  const page = await fetch(`${vault.url}/kiem-tra/${first.verificationCode}`);
  expect(await page.text()).toContain('còn nguyên vẹn và còn hiệu lực');
});

test('other content needs a reason and becomes a version', async () => {
  const changed = { ...marital, fields: { ...marital.fields, residence: 'Phường An Thịnh' } };
  expect(await push('XN-15', changed)).toMatchObject({ status: 409 });
  expect(await push('XN-15', { ...changed, correction: { reason: 'Ghi nhầm nơi cư trú' } })).toMatchObject({
    status: 200,
    outcome: 'corrected',
    version: 2,
  });
  expect(await push('XN-15', changed)).toMatchObject({ outcome: 'unchanged', version: 2 });
});

test('an id that tells of a person, unknown fields, another agency, an unsigned PDF are refused by name', async () => {
  expect(await push('000190000301', marital)).toMatchObject({ status: 422 });
  expect(await push('hs-0001-9000-0301', marital)).toMatchObject({ status: 422 });
  expect(await push('XN-17', { ...marital, fields: { ...marital.fields, x: 'y' } })).toMatchObject({
    status: 422,
  });
  expect((await push('XN-17', marital, 'H17.991')).status).toBe(403);
  const pdf = Buffer.from('%PDF-1.7\n%%EOF').toString('base64');
  expect((await push('XN-17', { ...marital, signedPdf: pdf })).status).toBe(422);
});

test('a marriage ends the confirmation; a correction flags the diploma; a death locks the person', async () => {
  const before = await push('XN-18', { ...marital, symbol: '18' });
  const marriage = await push('KH-1', {
    ...common,
    documentType: 'KQ.G15.000032',
    symbol: '7/2026',
    owners: [husband, wife],
    fields: {
      husbandName: husband.fullName,
      wifeName: wife.fullName,
      registrationNumber: '7/2026',
      registrationDate: '2026-11-20',
    },
    signedPdf: null,
  });
  // The catalogue has no layout for the certificate itself: the extract is laid out here.
  expect(marriage.status).toBe(422);
  const extract = await push('KH-2', {
    ...common,
    documentType: 'LOCAL.MARRIAGE-EXTRACT',
    symbol: '7/2026',
    owners: [husband, wife],
    fields: {
      husbandName: husband.fullName,
      wifeName: wife.fullName,
      registrationNumber: '7/2026',
      registrationDate: '2026-11-20',
    },
  });
  expect(extract).toMatchObject({ status: 201 });
  expect(extract.ended).toContain(before.document);
  expect(await statusOf(before.document)).toBe('superseded');

  const diploma = await push('CC-1', {
    ...common,
    documentType: 'LOCAL.BIRTH-EXTRACT',
    symbol: '3/2026',
    owners: [wife],
    fields: {
      fullName: wife.fullName,
      birthDate: wife.birthDate,
      registrationNumber: '3',
      registrationDate: '1990-03-01',
    },
  });
  const correction = await push('CC-2', {
    ...common,
    documentType: 'KQ.G15.000037',
    symbol: '9/2026',
    owners: [wife],
    changes: { fullName: 'Lý Thị Thư' },
    fields: {
      fullName: wife.fullName,
      changeKind: 'Cải chính họ tên',
      oldContent: wife.fullName,
      newContent: 'Lý Thị Thư',
      registrationNumber: '9',
      registrationDate: '2026-11-20',
    },
  });
  expect(correction.flagged).toEqual([{ document: diploma.document, field: 'fullName', procedure: null }]);

  const death = await push('KT-1', {
    ...common,
    documentType: 'LOCAL.DEATH-EXTRACT',
    symbol: '1/2026',
    owners: [husband],
    fields: {
      fullName: husband.fullName,
      deathDate: '2026-11-19',
      registrationNumber: '1',
      registrationDate: '2026-11-20',
    },
  });
  expect(death).toMatchObject({ status: 201 });
  expect(death.ended).toContain(extract.document);
  const [person] = await vault.database.read<{ deceased_at: Date | null }>(
    'SELECT deceased_at FROM person WHERE personal_number = $1',
    [husband.personalNumber],
  );
  expect(person?.deceased_at).not.toBeNull();
  expect((await push('XN-19', { ...marital, owners: [husband] })).status).toBe(409);
});
