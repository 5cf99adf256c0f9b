/**
 * What only the vault knows of a table's rows: numbers that the register or the batch holds already, text that does not
 * fit the template, people who would have been children. Each fault names its row.
 */
import type { DocumentType } from '../catalogue/index.ts';
import type { Sql } from '../platform/database.ts';
import { newId } from '../platform/ids.ts';
import type { IssueBatch } from './batch.ts';
import { recordOf } from './batch-record.ts';
import * as rows from './batch-repository.ts';
import { type BatchSheet, type SheetFaultAt, uniqueFields } from './batch-sheet.ts';
import { type IssueTemplate, layOut, TemplateError } from './template.ts';

export interface CheckedFor {
  readonly batch: IssueBatch;
  readonly template: IssueTemplate;
  readonly type: DocumentType;
  readonly issuer: { readonly vi: string; readonly en: string };
}

/** Faults of the rows that had none by themselves. @param held the batch whose rows stand already, when it has any */
export async function checkRows(
  sql: Sql,
  sheet: BatchSheet,
  made: CheckedFor,
  held?: string,
): Promise<SheetFaultAt[]> {
  return [
    ...withoutNumber(sheet, made.type),
    ...tooYoung(sheet, made),
    ...unprintable(sheet, made),
    ...(await takenAlready(sql, sheet, made.batch)),
    ...(held === undefined ? [] : await twiceInBatch(sql, sheet, held)),
  ];
}

/** Nobody finishes a school before ten. */
function tooYoung(sheet: BatchSheet, { batch, type }: CheckedFor): SheetFaultAt[] {
  if (type.group !== 'education') return [];
  const year = Number(batch.issuedOn.slice(0, 4));
  return sheet.rows
    .filter(
      ({ fields }) =>
        typeof fields.birthDate === 'string' && year - Number(fields.birthDate.slice(0, 4)) < 10,
    )
    .map(({ row }) =>
      fault(
        row,
        'Năm sinh quá gần năm cấp; hãy xem lại ngày sinh.',
        'The birth year is too close to the year of issue; look at the birth date again.',
      ),
    );
}

async function twiceInBatch(sql: Sql, sheet: BatchSheet, batchId: string): Promise<SheetFaultAt[]> {
  const faults: SheetFaultAt[] = [];
  for (const field of uniqueFields) {
    const given = sheet.rows.flatMap(({ row, fields }) =>
      typeof fields[field] === 'string' ? [{ row, value: fields[field] }] : [],
    );
    const held = await rows.valuesInBatch(sql, batchId, { field, values: given.map(({ value }) => value) });
    for (const { row } of given.filter(({ value }) => held.has(value)))
      faults.push(
        fault(row, 'Trùng với một dòng đã có trong lô này.', 'The same as in a row this batch has already.'),
      );
  }
  return faults;
}

/** A paper goes to its owner's place in the vault, which the personal number alone finds. */
function withoutNumber(sheet: BatchSheet, type: Pick<DocumentType, 'fields'>): SheetFaultAt[] {
  if (!type.fields.some(({ name }) => name === 'personalNumber')) return [];
  return sheet.rows
    .filter(({ fields }) => fields.personalNumber === undefined)
    .map(({ row }) =>
      fault(
        row,
        'Thiếu số định danh cá nhân để đưa vào kho của người được cấp.',
        'The personal number is missing: without it the paper finds no owner.',
      ),
    );
}

function unprintable(
  sheet: BatchSheet,
  made: {
    batch: IssueBatch;
    template: IssueTemplate;
    type: DocumentType;
    issuer: { vi: string; en: string };
  },
): SheetFaultAt[] {
  return sheet.rows.flatMap(({ row, fields }) => {
    try {
      const record = recordOf(
        made.batch,
        { fields, label: '00000/0000', documentId: newId(), code: '0000-0000-0000-0000' },
        { ...made, baseUrl: 'https://kho.example' },
      );
      layOut(made.template, record, made.type);
      return [];
    } catch (error) {
      if (error instanceof TemplateError) return [fault(row, error.vi, error.message)];
      throw error;
    }
  });
}

async function takenAlready(
  sql: Sql,
  sheet: BatchSheet,
  order: { readonly agencyId: string; readonly documentType: string },
): Promise<SheetFaultAt[]> {
  const serials = sheet.rows.flatMap(({ fields }) =>
    typeof fields.diplomaNumber === 'string' ? [fields.diplomaNumber] : [],
  );
  const taken = await rows.takenSerials(sql, { ...order, serials });
  return sheet.rows
    .filter(({ fields }) => taken.has(String(fields.diplomaNumber)))
    .map(({ row }) =>
      fault(
        row,
        'Số hiệu văn bằng này đã có trong sổ gốc.',
        'The register holds this serial number already.',
      ),
    );
}

const fault = (row: number, vi: string, en: string): SheetFaultAt => ({
  row,
  column: '',
  message: { vi, en },
});
