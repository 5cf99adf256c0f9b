/** The face of issuance: registers, and what is issued from and into them. */

export { type BatchState, dueOn, type IssueBatch, type IssueItem, type ItemState } from './batch.ts';
export { batchForm, failedRows } from './batch-files.ts';
export { BatchMending, type BatchView, type Mended } from './batch-mending.ts';
export { type RunnerParts, runBatch } from './batch-runner.ts';
export { type BatchOrder, type BatchPreparation, BatchService } from './batch-service.ts';
export {
  type BatchRow,
  type BatchSheet,
  readBatchSheet,
  type SheetFaultAt,
  sheetFields,
} from './batch-sheet.ts';
export { BatchWorker } from './batch-worker.ts';
export { correctPaper } from './correct-paper.ts';
export { type IssuanceApiParts, issuanceRoutes } from './issuance-api.ts';
export {
  type Comparison,
  compareIssuedFile,
  type IssuedFileRequest,
  renderIssuedFile,
} from './issued-file.ts';
export { type IssuedRecord, issuedRecordSchema } from './issued-record.ts';
export { closePages, type PageClosing } from './page-closing.ts';
export type {
  Annotation,
  AnnotationContent,
  AnnotationKind,
  BookKind,
  EntryContent,
  EntryStanding,
  RegisterBook,
  RegisterEntry,
} from './register.ts';
export { type ActionKind, actionKinds, type RegisterAction } from './register-action.ts';
export { type ActionOrder, type ActionPlan, RegisterActions } from './register-actions.ts';
export { registerRoutes } from './register-api.ts';
export { type CopyOrder, type CopyReceipt, issueCopy, voidLostCopies } from './register-copy.ts';
export { RegisterDesk } from './register-desk.ts';
export { importRegister, type LegacyImport, type LegacyRegister } from './register-import.ts';
export { type CopyRelation, copyRelations, mayAskForCopy, mayCopy } from './register-policy.ts';
export { type NegativeReply, negativeReply } from './register-reply.ts';
export { type RegisterAnswer, type RegisterQuestion, searchRegisters } from './register-search.ts';
export { type EntryAsItStands, type NewBook, RegisterService } from './register-service.ts';
export { resultRoutes } from './result-api.ts';
export { type ResultOrder, type ResultReceipt, ResultService } from './result-service.ts';
export { sampleRecord } from './sample-record.ts';
export { shippedTemplates, templateFor, templateOf } from './shipped-templates.ts';
export { type IssueTemplate, TemplateError, templateSchema, unknownPlaceholders } from './template.ts';
