/** The face of issuance: registers, and what is issued from and into them. */
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
export { type CopyRelation, copyRelations, mayAskForCopy, mayCopy } from './register-policy.ts';
export { type NegativeReply, negativeReply } from './register-reply.ts';
export { type RegisterAnswer, type RegisterQuestion, searchRegisters } from './register-search.ts';
export { type EntryAsItStands, type NewBook, RegisterService } from './register-service.ts';
