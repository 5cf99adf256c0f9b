import { expect, test } from '@jest/globals';
import { Catalogue } from '../../../src/catalogue/catalogue.ts';
import { checkImport } from '../../../src/catalogue/catalogue-check.ts';
import { readCatalogueFiles } from '../../../src/catalogue/catalogue-files.ts';
import { metadataSchema } from '../../../src/catalogue/metadata-schema.ts';
import { componentNeed, judgeAlternative } from '../../../src/catalogue/procedure.ts';
import { shippedCatalogueFiles } from '../../../src/catalogue/shipped-catalogue.ts';

const nothing = { units: [], agencies: [], documentTypes: [], procedures: [] };
const { entries } = readCatalogueFiles(shippedCatalogueFiles());
const catalogue = new Catalogue(checkImport(nothing, entries).merged);
const today = '2026-11-24';

test('a component is needed, not needed, or depends on an answer', () => {
  const parents = catalogue
    .procedure('1.001193', today)
    ?.components.find(({ key }) => key === 'parents-marriage');
  if (!parents) throw new Error('missing');
  expect(componentNeed(parents, {})).toBe('ask');
  expect(componentNeed(parents, { 'parents-married': true })).toBe('needed');
  expect(componentNeed(parents, { 'parents-married': false })).toBe('not-needed');
});

test('provenance and freshness decide what meets a component', () => {
  const adoption = catalogue.procedure('2.001263', today);
  const alternative = adoption?.components.find(({ key }) => key === 'criminal-record')?.alternatives[0];
  const type = catalogue.documentType('LOCAL.CRIMINAL-RECORD', today);
  if (!alternative || !type) throw new Error('missing');
  const paper = {
    type,
    provenance: 'electronic-result',
    facts: { issuedOn: '2026-06-01', fields: {}, events: [] },
  } as const;
  expect(judgeAlternative(alternative, paper, today)).toMatchObject({
    acceptable: true,
    validity: { until: '2026-12-01' },
  });
  expect(judgeAlternative(alternative, paper, '2026-12-02').acceptable).toBe(false);
  expect(judgeAlternative(alternative, { ...paper, provenance: 'self-upload' }, today).acceptable).toBe(
    false,
  );
  expect(judgeAlternative(alternative, { ...paper, provenance: 'counter-scan' }, today).acceptable).toBe(
    false,
  );
});

test('metadata are checked field by field', () => {
  const type = catalogue.documentType('LOCAL.MARITAL-STATUS', today);
  if (!type) throw new Error('missing');
  const schema = metadataSchema(type);
  const good = {
    fullName: 'Nguyễn Thị Hạnh'.normalize('NFD'),
    birthDate: '1990',
    residence: 'Xã Thanh Bình',
    maritalStatus: 'Chưa kết hôn',
    purpose: 'Đăng ký kết hôn',
  };
  expect(schema.parse(good)).toMatchObject({ fullName: 'Nguyễn Thị Hạnh' });
  const faults = (value: unknown) =>
    schema.safeParse(value).error?.issues.map(({ path, code }) => `${path.join('.')}:${code}`);
  expect(faults({ ...good, birthDate: '1990-02-30' })).toEqual(['birthDate:custom']);
  expect(faults({ ...good, fullName: 'a\nb' })).toHaveLength(1);
  expect(faults({ ...good, extra: 1 })).toEqual([':unrecognized_keys']);
  const { fullName: _, ...without } = good;
  expect(faults(without)).toEqual(['fullName:invalid_type']);
  expect(faults({ ...good, sex: 'x' })).toEqual(['sex:invalid_value']);
});
