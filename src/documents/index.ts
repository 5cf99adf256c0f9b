/** The face of documents. */
export { contentReply, rangeOf } from './content-reply.ts';
export type { DepositContext, PaperOrder } from './deposit-order.ts';
export * from './deposit-parts.ts';
export { type DepositOrder, DepositService } from './deposit-service.ts';
export { type DepositReceipt, newVerificationCode } from './deposit-work.ts';
export * from './document.ts';
export { documentAnswer, toDocumentAnswer, validityAnswer, validityOf } from './document-answers.ts';
export {
  findByExternalId,
  findByVerificationCode,
  findDocument,
  listOwned,
  statusHistory,
} from './document-repository.ts';
export { documentsPageRoutes } from './documents-page-routes.ts';
export { canDeposit, DEPOSIT_ROLES, mayRead, readerOf, STATUS_ROLES } from './documents-policy.ts';
export { type Dossier, findDossier } from './dossier-repository.ts';
export { DossierService } from './dossier-service.ts';
export { documentDigest } from './facts-digest.ts';
export {
  addIssuedVersion,
  type IssuedDocument,
  type IssuedVersion,
  insertIssuedDocument,
  insertIssuedDocuments,
  issuedDigest,
} from './issued-document.ts';
export { ObjectCare } from './object-care.ts';
export { scrubObjects } from './objects-scrub.ts';
export { OwnDocuments } from './own-documents.ts';
export { ownedPapers, type WantedPapers } from './owned-papers.ts';
export { type OwnerClaim, resolveOwners } from './owner-claims.ts';
export { addresseeOf, paperInWords } from './paper-in-words.ts';
export { ownerSchema } from './paper-schemas.ts';
export { Preservation, type PreservationParts } from './preservation.ts';
export { PublicLookup } from './public-lookup.ts';
export { nothingHere, type Permission, RetrievalService, type Retrieved } from './retrieval-service.ts';
export { type AgencySeals, type SealEvidence, Sealing } from './sealing.ts';
export {
  openIntent,
  openIntents,
  type SigningIntent,
  voidAbandonedIntents,
  voidIntentsOf,
} from './signing-intent-repository.ts';
export { applyStatus, type OnStanding, type StandingChange, type StatusChange } from './status-change.ts';
export { StatusService } from './status-service.ts';
export { insertStoredObject } from './stored-object-repository.ts';
export { StoredVerification } from './stored-verification.ts';
