/**
 * The issued file: PDF/A-3 whose page and attached record say the same. Made here unsigned; the signature is appended,
 * so the page stays what it was. Comparing renders the page again from the record and looks at what is drawn, which a
 * changed name on the page or in the record cannot survive.
 */
import type { DocumentType } from '../catalogue/index.ts';
import { buildPdfa, drawElements, type PageElementError, PdfError, PdfRef } from '../pdf/index.ts';
import { drawnPages, firstAttachment } from './issued-file-reader.ts';
import { type IssuedRecord, readRecordDocument, recordDocument, recordFileName } from './issued-record.ts';
import { type IssueTemplate, layOut, TemplateError } from './template.ts';

export interface IssuedFileRequest {
  readonly template: IssueTemplate;
  readonly record: IssuedRecord;
  readonly type: Pick<DocumentType, 'fields' | 'group'>;
  readonly created: Date;
}

/** The attachment of every issued file. */
export const recordAttachment = {
  name: recordFileName,
  mimeType: 'application/json',
  description: 'Bản ghi có cấu trúc',
  relationship: 'Data',
} as const;

export const titleOf = (record: IssuedRecord): string => `${record.names.vi} ${record.label}`;

/** The bytes of the attachment. */
export const recordBytes = (record: IssuedRecord, type: Pick<DocumentType, 'group'>): Buffer =>
  Buffer.from(JSON.stringify(recordDocument(record, type.group), null, 2));

/** The same request gives the same bytes. @throws TemplateError for text that does not fit or cannot be written */
export function renderIssuedFile({ template, record, type, created }: IssuedFileRequest): Buffer {
  const page = layOut(template, record, type);
  try {
    return buildPdfa({
      title: titleOf(record),
      created,
      pages: [page],
      identifier: `urn:uuid:${record.documentId}`,
      attachments: [{ ...recordAttachment, bytes: recordBytes(record, type) }],
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
    const expected = drawElements(layOut(found.template, record, found.type).elements, nowhere, {
      images: [],
    });
    const [page, ...more] = drawnPages(bytes);
    const same = more.length === 0 && page?.equals(Buffer.from(expected, 'latin1')) === true;
    return same ? { same, record } : { same, why: 'page-differs', record };
  } catch (error) {
    if (error instanceof TemplateError || error instanceof PdfError || isPageElementError(error))
      return { same: false, why: 'page-differs', record };
    throw error;
  }
}

/** Drawing is compared, not embedded. */
const nowhere = { add: () => new PdfRef(0, 0), addStream: () => new PdfRef(0, 0) };

const isPageElementError = (error: unknown): error is PageElementError =>
  error instanceof Error && error.name === 'PageElementError';
