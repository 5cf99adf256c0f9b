// The one error that reading ASN.1 can end in; a caller that catches it has caught everything.

/** Bytes that are not the structure they claim to be. `offset` is where in the buffer that was read. */
export class Asn1Error extends Error {
  override readonly name = 'Asn1Error';
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(`${message} (at byte ${offset})`);
    this.offset = offset;
  }
}
