/**
 * What verification says of a file: the shape of its report. Everything that reaches a page, the API or the
 * command line comes from here; nothing in it is an exception.
 */

/** EN 319 102-1 §5.1.3, with the indication of TS 119 102-2 for a file without any signature. */
export type Indication = 'TOTAL-PASSED' | 'TOTAL-FAILED' | 'INDETERMINATE' | 'NO_SIGNATURE_FOUND';

/** EN 319 102-1 §5.1.3 tables 5 and 6: those that a PDF verifier can come to. */
export type SubIndication =
  | 'FORMAT_FAILURE'
  | 'HASH_FAILURE'
  | 'SIG_CRYPTO_FAILURE'
  | 'REVOKED'
  | 'EXPIRED'
  | 'NOT_YET_VALID'
  | 'SIG_CONSTRAINTS_FAILURE'
  | 'CHAIN_CONSTRAINTS_FAILURE'
  | 'CRYPTO_CONSTRAINTS_FAILURE'
  | 'CRYPTO_CONSTRAINTS_FAILURE_NO_POE'
  | 'NO_SIGNING_CERTIFICATE_FOUND'
  | 'NO_CERTIFICATE_CHAIN_FOUND'
  | 'REVOKED_NO_POE'
  | 'REVOKED_CA_NO_POE'
  | 'OUT_OF_BOUNDS_NO_POE'
  | 'TRY_LATER'
  | 'SIGNED_DATA_NOT_FOUND';

/** Worst first; a file's verdict is the worst of its signatures'. */
export const VERDICTS = [
  'malformed',
  'modified-after-signing',
  'certification-violated',
  'invalid-signature',
  'invalid-timestamp',
  'revoked',
  'expired',
  'indeterminate',
  'valid-with-untrusted-chain',
  'valid-with-permitted-changes',
  'valid',
] as const;

export type Verdict = (typeof VERDICTS)[number] | 'unsigned';

/** How far a change after signing reaches; the order is that of the permissions of DocMDP. */
export type ChangeLevel = 'archival' | 'signing' | 'form' | 'annotation' | 'forbidden';

export type ChangeKind =
  | 'validation-data-added'
  | 'validation-data-removed'
  | 'document-timestamp-added'
  | 'metadata-changed'
  | 'signature-added'
  | 'signature-field-added'
  | 'signature-removed'
  | 'signature-changed'
  | 'form-field-filled'
  | 'form-field-added'
  | 'form-field-removed'
  | 'form-field-changed'
  | 'form-changed'
  | 'annotation-added'
  | 'annotation-removed'
  | 'annotation-changed'
  | 'overlay-added'
  | 'pages-added'
  | 'pages-removed'
  | 'pages-reordered'
  | 'page-changed'
  | 'document-changed'
  | 'hidden-objects'
  | 'trailing-data';

export interface Change {
  readonly kind: ChangeKind;
  readonly level: ChangeLevel;
  /** Whether the signature at hand allows it. */
  readonly permitted: boolean;
  /** Page number from 1, where the change belongs to one. */
  readonly page?: number;
  /** Name of the form field, where there is one. */
  readonly field?: string;
  /** Where in the structure, as a path of keys; for technicians. */
  readonly where: string;
}

export type Level = 'B-B' | 'B-T' | 'B-LT' | 'B-LTA' | 'PKCS7-B' | 'PKCS7-T' | 'PKCS7-LT' | 'PKCS7-LTA';

export interface Finding {
  readonly indication: Indication;
  readonly subIndication: SubIndication | null;
  /** What the sub-indication alone does not tell apart; see `verdict-table.ts`. */
  readonly cause: Cause;
  /** English, technical, one sentence. */
  readonly reason: string;
}

export type Cause =
  | 'passed'
  | 'later-revision'
  | 'certification'
  | 'byte-range'
  | 'signature-structure'
  | 'cryptography'
  | 'timestamp'
  | 'certificate'
  | 'policy';

export interface CertificateSummary {
  /** What to call the holder. */
  readonly name: string;
  readonly organization?: string;
  readonly subject: string;
  readonly issuer: string;
  readonly serialNumber: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** SHA-256 of the certificate, hex. */
  readonly fingerprint: string;
}

export interface TimestampReport {
  readonly kind: 'signature' | 'document';
  /** `null` where the token cannot be read. */
  readonly time: Date | null;
  readonly authority: CertificateSummary | null;
  readonly indication: Indication;
  readonly subIndication: SubIndication | null;
  readonly reasons: readonly string[];
  /** True where it proves to this verifier that the signature existed at `time`. */
  readonly trusted: boolean;
  readonly trustSet: string | null;
}

export interface SignatureReport {
  readonly field: string;
  readonly type: 'approval' | 'certification' | 'document-timestamp';
  readonly subFilter: string;
  readonly indication: Indication;
  readonly subIndication: SubIndication | null;
  readonly verdict: Verdict;
  readonly reasons: readonly string[];
  readonly level: Level | null;
  readonly coversWholeFile: boolean;
  /** Where the signed revision ends, in bytes; `null` where the ByteRange is broken. */
  readonly revisionEnd: number | null;
  readonly changesAfter: readonly Change[];
  /** DocMDP permission of a certification: 1 none, 2 forms and signatures, 3 annotations too. */
  readonly permissions: 1 | 2 | 3 | null;
  readonly signer: CertificateSummary | null;
  readonly digestAlgorithm: string | null;
  readonly signatureAlgorithm: string | null;
  readonly claimedTime: Date | null;
  readonly provenTime: Date | null;
  /** Reason and place as the signer wrote them: attacker-controlled text. */
  readonly statedReason: string | null;
  readonly statedLocation: string | null;
  readonly timestamps: readonly TimestampReport[];
  /** Which trust set the chain ends in. */
  readonly trustSet: string | null;
  /** True where that trust set is for tests: the signature has no legal value. */
  readonly testCertificate: boolean;
}

export type WarningCode =
  | 'weak-digest'
  | 'weak-key'
  | 'no-signing-certificate-attribute'
  | 'attributes-not-sorted'
  | 'not-der'
  | 'padding-not-zero'
  | 'several-fields'
  | 'timestamp-untrusted'
  | 'timestamp-revocation-unknown'
  | 'ca-revocation-unknown'
  | 'revocation-stated-late'
  | 'claimed-time-after-proven-time'
  | 'test-certificate'
  | 'document-timestamp-only'
  | 'empty-signature-field'
  | 'encrypted'
  | 'signature-removed'
  | 'sub-filter-unusual';

export interface Warning {
  readonly code: WarningCode;
  readonly field?: string;
  readonly detail: string;
}

export interface Report {
  readonly verdict: Verdict;
  readonly indication: Indication;
  readonly subIndication: SubIndication | null;
  /** Where and why reading stopped, for `malformed`. */
  readonly malformed: { readonly offset: number; readonly reason: string } | null;
  /** Signatures and document timestamps in the order of their revisions. */
  readonly signatures: readonly SignatureReport[];
  readonly warnings: readonly Warning[];
  /** The time for which this was decided. */
  readonly validationTime: Date;
}
