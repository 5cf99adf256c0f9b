/** A record of invented values for a type, so that a template is seen before it is used. */
import type { DocumentType, Field, Metadata } from '../catalogue/index.ts';
import type { IssuedRecord } from './issued-record.ts';
import type { IssueTemplate } from './template.ts';

/** Long names on purpose: what fits the sample fits nearly everybody. */
export function sampleRecord(template: IssueTemplate, type: Pick<DocumentType, 'fields'>): IssuedRecord {
  const fields: Metadata = Object.fromEntries(type.fields.map((field) => [field.name, sampleOf(field)]));
  return {
    schema: 'mot-lan/issued-record/1',
    template: { code: template.code, version: template.version },
    documentId: '00000000-0000-4000-8000-000000000000',
    documentType: template.documentType,
    names: template.names,
    issuer: { id: 'H24.901.05', names: { vi: 'Trường THPT Nguyễn Bỉnh Khiêm (mẫu)', en: 'Sample school' } },
    label: '00001/2026',
    issuedOn: '2026-06-20',
    place: 'Thanh Bình',
    signer: { title: 'Hiệu trưởng', name: 'Hoàng Thị Ngọc Ánh' },
    verificationCode: 'MAU0-0000-0000',
    verificationUrl: 'https://kho.example/kiem-tra/MAU0-0000-0000',
    fields,
  };
}

function sampleOf(field: Field): string | number | boolean {
  switch (field.kind) {
    case 'person-name':
      return 'Nguyễn Phương Quỳnh Hương Giang';
    case 'personal-number':
      return '000308123456';
    case 'date':
    case 'partial-date':
      return '2008-05-04';
    case 'integer':
      return field.name.toLowerCase().includes('year') ? 2026 : 1;
    case 'decimal':
      return 8.5;
    case 'boolean':
      return true;
    case 'choice':
      return field.options[0]?.value ?? '';
    case 'place':
      return 'Xã Thanh Bình, thành phố Hải Phòng';
    case 'text':
      return 'Nội dung mẫu';
  }
}
