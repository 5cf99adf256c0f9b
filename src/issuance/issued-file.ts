/**
 * The issued file: PDF/A-3 whose page and attached record say the same. Made here unsigned; the signature is appended,
 * so the page stays what it was. Comparing renders the page again from the record and looks at what is drawn, which a
 * changed name on the page or in the record cannot survive.
 */
import type { DocumentType } from '../catalogue/index.ts';
import { buildPdfa, type PageElementError, PdfError } from '../pdf/index.ts';
import { drawnPages, firstAttachment } from './issued-file-reader.ts';
import { type IssuedRecord, readRecordDocument, recordDocument, recordFileName } from './issued-record.ts';
import { type IssueTemplate, layOut, TemplateError } from './template.ts';

export interface IssuedFileRequest {
  readonly template: IssueTemplate;
  readonly record: IssuedRecord;
  readonly type: Pick<DocumentType, 'fields' | 'group'>;
  readonly created: Date;
}

/** The same request gives the same bytes. @throws TemplateError for text that does not fit or cannot be written */
export function renderIssuedFile({ template, record, type, created }: IssuedFileRequest): Buffer {
  const page = layOut(template, record, type);
  const json = JSON.stringify(recordDocument(record, type.group), null, 2);
  try {
    return buildPdfa({
      title: `${record.names.vi} ${record.label}`,
      created,
      pages: [page],
      identifier: `urn:uuid:${record.documentId}`,
      attachments: [
        {
          name: recordFileName,
          mimeType: 'application/json',
          bytes: Buffer.from(json),
          description: 'Bản ghi có cấu trúc',
          relationship: 'Data',
        },
      ],
    });
  } catch (error) {
    if (isPageElementError(error)) {
      throw new TemplateError(`Có chữ không in được trên mẫu. (${error.message})`, error.message);
    }
    throw error;
  }
}

export type Comparison =
  | { readonly same: true; readonly record: IssuedRecord }
  | {
      readonly same: false;
      readonly why: 'no-record' | 'unknown-template' | 'page-differs';
      readonly record?: IssuedRecord;
    };

/** Does the page say what the attached record says? `findTemplate` answers for published versions only. */
export function compareIssuedFile(
  bytes: Uint8Array,
  find: (record: IssuedRecord) => { template: IssueTemplate; type: IssuedFileRequest['type'] } | undefined,
): Comparison {
  let record: IssuedRecord;
  try {
    const attached = firstAttachment(bytes, recordFileName);
    if (attached === undefined) return { same: false, why: 'no-record' };
    record = readRecordDocument(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(attached)));
  } catch {
    return { same: false, why: 'no-record' };
  }
  const found = find(record);
  if (!found) return { same: false, why: 'unknown-template', record };
  try {
    const expected = drawnPages(renderIssuedFile({ ...found, record, created: new Date(0) }));
    const actual = drawnPages(bytes);
    const same =
      actual.length === expected.length &&
      actual.every((page, index) => expected[index]?.equals(page) ?? false);
    return same ? { same, record } : { same, why: 'page-differs', record };
  } catch (error) {
    if (error instanceof TemplateError || error instanceof PdfError)
      return { same: false, why: 'page-differs', record };
    throw error;
  }
}

const isPageElementError = (error: unknown): error is PageElementError =>
  error instanceof Error && error.name === 'PageElementError';
