// The face of the module: keys behind one port, PAdES, timestamps, marks.

export {
  type BulkDocument,
  type BulkLayout,
  type BulkTemplate,
  createBulkTemplate,
} from './bulk-template.ts';
export { type BulkElement, LEAST_SIZE, sizeInRoom } from './bulk-text.ts';
export { createCmsTemplate, signCms } from './cms-writer.ts';
export { CertificateAuthority, testMark } from './development/certificate-authority.ts';
export {
  type DevelopmentPki,
  type DevelopmentRole,
  generateKey,
  openDevelopmentPki,
  toPem,
} from './development/development-pki.ts';
export { createOcspResponder } from './development/ocsp-responder.ts';
export { createTimestampAuthority, type TimestampAuthority } from './development/timestamp-authority.ts';
export { createKeySigner, type KeySignerInput } from './key-signer.ts';
export type { MarkRequest } from './mark-appearance.ts';
export {
  type CopyForm,
  type MarkProfile,
  markProfileSchema,
  markProfiles,
  markTime,
} from './mark-profile.ts';
export { loadPkcs11Module, type Pkcs11Module } from './pkcs11-module.ts';
export { openPkcs11Signer, type Pkcs11Settings, type Pkcs11Signer } from './pkcs11-signer.ts';
export { openPkcs12, orderChain } from './pkcs12.ts';
export {
  completeSignature,
  type PreparedSignature,
  preparedSignatureSchema,
  prepareSignature,
  type SealOptions,
} from './prepared-signature.ts';
export { openRemoteSigner, type RemoteSigner, type RemoteSignerSettings } from './remote-signer.ts';
export {
  evidenceFromCrl,
  evidenceFromOcsp,
  RevocationError,
  type RevocationEvidence,
} from './revocation-check.ts';
export {
  createRevocationClient,
  type RevocationClient,
  type RevocationClientSettings,
} from './revocation-client.ts';
export { type Sealed, type SealRequest, sealPdf } from './seal.ts';
export type { Signer } from './signer.ts';
export { createSigningAgent, type SigningAgentSettings } from './signing-agent.ts';
export { SigningError, type SigningErrorKind } from './signing-error.ts';
export {
  createLocalTimestampClient,
  createTimestampClient,
  type TimestampClient,
  type TimestampOutcome,
} from './timestamp-client.ts';
export {
  addDocumentTimestamp,
  archiveExpiry,
  type Level,
  proofExpiry,
  type Upgraded,
  type UpgradeSettings,
  upgradePdf,
} from './upgrade.ts';
