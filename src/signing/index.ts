// The face of the module: keys behind one port, PAdES, timestamps, marks.
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
export { openPkcs12, orderChain } from './pkcs12.ts';
export type { Signer } from './signer.ts';
export { SigningError, type SigningErrorKind } from './signing-error.ts';
