import { describe, expect, test } from '@jest/globals';
import { Catalogue } from '../../src/catalogue/catalogue.ts';
import { checkImport } from '../../src/catalogue/catalogue-check.ts';
import { readCatalogueFiles } from '../../src/catalogue/catalogue-files.ts';
import { shippedCatalogueFiles } from '../../src/catalogue/shipped-catalogue.ts';
import { compareIssuedFile, renderIssuedFile } from '../../src/issuance/issued-file.ts';
import { firstAttachment } from '../../src/issuance/issued-file-reader.ts';
import {
  type IssuedRecord,
  issuedRecordSchema,
  readRecordDocument,
  recordFileName,
} from '../../src/issuance/issued-record.ts';
import { sampleRecord } from '../../src/issuance/sample-record.ts';
import { shippedTemplates, templateFor, templateOf } from '../../src/issuance/shipped-templates.ts';
import { layOut, unknownPlaceholders } from '../../src/issuance/template.ts';

const nothing = { units: [], agencies: [], documentTypes: [], procedures: [] };
const { entries } = readCatalogueFiles(shippedCatalogueFiles());
const catalogue = new Catalogue(checkImport(nothing, entries).merged);
const typeOf = (code: string) => {
  const type = catalogue.documentType(code, '2026-11-24');
  if (!type) throw new Error(`no type ${code}`);
  return type;
};
const created = new Date('2026-06-20T02:00:00Z');
const find = (record: IssuedRecord) => {
  const template = templateOf(record.template);
  return template && { template, type: typeOf(record.documentType) };
};
const make = (code: string, change: (record: IssuedRecord) => IssuedRecord = (record) => record) => {
  const template = templateFor(code);
  if (!template) throw new Error(`no template for ${code}`);
  const type = typeOf(code);
  const record = change(sampleRecord(template, type));
  return { template, type, record, bytes: renderIssuedFile({ template, record, type, created }) };
};
const diploma = 'LOCAL.UPPER-SECONDARY-DIPLOMA';

describe.each(shippedTemplates().map((template) => [template.code, template] as const))(
  '%s',
  (_, template) => {
    test('knows its placeholders, draws its sample, and page and record agree', () => {
      const type = typeOf(template.documentType);
      expect(unknownPlaceholders(template, type)).toEqual([]);
      const record = sampleRecord(template, type);
      expect(issuedRecordSchema.parse(record)).toEqual(record);
      const bytes = renderIssuedFile({ template, record, type, created });
      expect(compareIssuedFile(bytes, find)).toEqual({ same: true, record });
      expect(renderIssuedFile({ template, record, type, created })).toEqual(bytes);
    });

    test('every text stays on the page', () => {
      const type = typeOf(template.documentType);
      const page = layOut(template, sampleRecord(template, type), type);
      for (const element of page.elements) {
        if (element.kind !== 'text') continue;
        expect(element.y).toBeGreaterThan(20);
        expect(element.y).toBeLessThan(page.height);
      }
    });
  },
);

test('the attached record carries the names of Open Badges and our own', () => {
  const { bytes, record } = make(diploma);
  const attached: unknown = JSON.parse(Buffer.from(firstAttachment(bytes, recordFileName) ?? []).toString());
  expect(attached).toMatchObject({
    type: ['VerifiableCredential', 'OpenBadgeCredential'],
    record: { label: '00001/2026' },
  });
  expect(readRecordDocument(attached)).toEqual(record);
});

test('a name changed on the page or in the record is seen', () => {
  const { bytes, template, type, record } = make(diploma);
  const other = { ...record, fields: { ...record.fields, fullName: 'Trần Văn Khác' } };
  const otherPage = layOut(template, other, type);
  const forged = renderIssuedFile({
    template: {
      ...template,
      elements: template.elements.map((element) =>
        element.kind === 'text' && element.text.includes('{fullName')
          ? { ...element, text: 'Cho: TRẦN VĂN KHÁC' }
          : element,
      ),
    },
    record,
    type,
    created,
  });
  expect(otherPage.elements).toHaveLength(template.elements.length);
  expect(compareIssuedFile(forged, find)).toMatchObject({ same: false, why: 'page-differs' });
  expect(compareIssuedFile(bytes, () => undefined)).toMatchObject({ same: false, why: 'unknown-template' });
  expect(compareIssuedFile(Buffer.from('%PDF-1.7'), find)).toEqual({ same: false, why: 'no-record' });
});

test('long names are set smaller, impossible ones refused; what is optional may be missing', () => {
  const long = make(diploma, (record) => ({
    ...record,
    fields: {
      ...record.fields,
      fullName: 'Nguyễn Hoàng Phương Quỳnh Trang Anh Thư Bảo Ngọc Minh Châu Thảo Vy Lan',
    },
  }));
  expect(compareIssuedFile(long.bytes, find).same).toBe(true);
  expect(() =>
    make(diploma, (record) => ({ ...record, fields: { ...record.fields, fullName: 'Nguyễn '.repeat(60) } })),
  ).toThrow(/too long/);
  expect(() =>
    make(diploma, (record) => ({ ...record, fields: { ...record.fields, fullName: '𒀀𒀁 An' } })),
  ).toThrow(/no letter/);
  const bare = make(
    diploma,
    ({ fields: { ethnicity: _e, sex: _s, birthPlace: _b, ...fields }, ...record }) => ({ ...record, fields }),
  );
  expect(compareIssuedFile(bare.bytes, find).same).toBe(true);
  expect(() =>
    make(diploma, ({ fields: { fullName: _, ...fields }, ...record }) => ({ ...record, fields })),
  ).toThrow(/missing/);
});
