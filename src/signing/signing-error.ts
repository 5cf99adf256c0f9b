// The failures that signing is expected to have; each message says what is wrong and how to mend it.

export type SigningErrorKind =
  | 'wrong-password'
  | 'unreadable-key'
  | 'unsupported-key'
  | 'certificate-mismatch'
  | 'certificate-not-valid'
  | 'certificate-unfit'
  | 'token-absent'
  | 'token-refused'
  | 'pin-required'
  | 'signer-unavailable'
  | 'signature-wrong'
  | 'prepared-state-damaged'
  | 'timestamp-failed'
  | 'revocation-unavailable'
  | 'certificate-revoked'
  | 'chain-incomplete'
  | 'pdf-not-signable'
  | 'signing-not-permitted'
  | 'mark-incomplete'
  | 'mark-does-not-fit';

/** Never carries key material, passwords or PINs, in its message or its cause. */
export class SigningError extends Error {
  override readonly name = 'SigningError';
  readonly kind: SigningErrorKind;

  constructor(kind: SigningErrorKind, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.kind = kind;
  }
}
