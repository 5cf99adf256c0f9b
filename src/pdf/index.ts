/** The face of the PDF reader. */
export { Budget, type BudgetLimits, DEFAULT_LIMITS } from './budget.ts';
export { type FontName, loadFont, missingCharacters, textWidth } from './embedded-font.ts';
export { inspectPdf, inspectPdfInChild, type PdfInspection, type PdfUnreadable } from './inspect.ts';
export {
  isArray,
  isName,
  PdfDict,
  PdfName,
  type PdfObject,
  PdfRef,
  PdfStream,
  PdfString,
  textOf,
} from './objects.ts';
export { drawElements, type PageElement, PageElementError } from './page-elements.ts';
export { type Page, pageAttribute, pageSize, readPages } from './page-tree.ts';
export { PdfError, type PdfFault } from './pdf-error.ts';
export { numberArray, openPdf, PdfFile } from './pdf-file.ts';
export { type Attachment, buildPdfa, buildScanPdfa, type PdfaPage, type PdfaRequest } from './pdfa.ts';
export { Revision } from './revision.ts';
export type { Trailing, TrailingKind } from './trailing.ts';
export type { XrefEntry, XrefSection } from './xref.ts';
