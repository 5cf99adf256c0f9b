// The port to a key, wherever it lives: in memory, in a token, at a remote service.
import type { Certificate, SignatureScheme } from '../asn1/index.ts';

/**
 * A handle on one key with its certificate. The key never leaves the handle: printing, serialising or inspecting
 * it shows the certificate's name at most.
 */
export interface Signer {
  readonly certificate: Certificate;
  /** Issuers of `certificate`, nearest first; the root may be left out. */
  readonly chain: readonly Certificate[];
  /** How `sign` signs; its digest is also the message digest of the signature. */
  readonly scheme: SignatureScheme;
  /** Octets of the longest signature the key makes: room is reserved for it. */
  readonly maximumSignatureLength: number;
  /**
   * Signs `data` (not its digest); ECDSA signatures are DER.
   * @throws SigningError when the key refuses or cannot be reached
   */
  sign(data: Uint8Array): Promise<Uint8Array>;
  /** The same without leaving the thread, where the key is in this process: the bulk path prefers it. */
  signNow?(data: Uint8Array): Uint8Array;
}
