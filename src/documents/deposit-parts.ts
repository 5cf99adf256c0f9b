/** The parts of a deposit, for modules that do it step by step instead of in one call. */
export { checkPaper, metadataFaults } from './deposit-order.ts';
export { addPaper, type PaperPlace } from './dossier-repository.ts';
export { type FileKind, fileKind, MEDIA_TYPES } from './file-kind.ts';
export { type Intake, type IntakeFile, type IntakeLimits, takeIn } from './intake.ts';
export { resolveOwners } from './owner-claims.ts';
export { insertScannedDocument, type ScannedDocument } from './scanned-document.ts';
export { digestOf, type SealedCopy } from './sealing.ts';
export { closeIntent } from './signing-intent-repository.ts';
export {
  insertStoredObject,
  OBJECT_COLUMNS,
  type StoredObjectRow,
  storedObjectOf,
} from './stored-object-repository.ts';
