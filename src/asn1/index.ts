// The face of the module: reading and writing the ASN.1 of certificates and signatures.
export * from './algorithms.ts';
export { Asn1Error } from './asn1-error.ts';
export * from './certificate.ts';
export type { CertificateExtensions, Extension, KeyUsageBit } from './certificate-extensions.ts';
export { readExtensionList, readExtensionSequence } from './certificate-extensions.ts';
export * from './certificate-writer.ts';
export * from './crl.ts';
export * from './der-reader.ts';
export * from './der-values.ts';
export * as der from './der-writer.ts';
export * from './ess.ts';
export * from './name.ts';
export * from './ocsp.ts';
export { oids } from './oids.ts';
export * from './signature-check.ts';
export * from './signed-data.ts';
export * from './tags.ts';
export * from './timestamp.ts';
