/** What the checker is given and what it finds. It shares no code with the services that it judges. */

/** Promises of the vault by their number; the words stand in README.md beside this file. */
export type Invariant = 'I1' | 'I2' | 'I3' | 'I4' | 'I5' | 'I6' | 'I7' | 'I8' | 'I10' | 'I11';

export interface Finding {
  readonly invariant: Invariant;
  /** The table with the row's key, or the object's key. */
  readonly where: string;
  readonly what: string;
}

/** A vault as it lies there, running or not. */
export interface Kept {
  /** `postgres://…` of its database. */
  readonly databaseUrl: string;
  /** The folder `objects` of its data directory. */
  readonly objectsFolder: string;
  /** Master keys by their names, 32 bytes each. */
  readonly masterKeys: ReadonlyMap<string, Uint8Array>;
  /** The log's public key, where its signatures are to be checked. */
  readonly log?: { readonly origin: string; readonly publicKey: Uint8Array };
  /** Objects without a row are no finding while they are younger than this; default a day. */
  readonly windowSeconds?: number;
}

/** What the vault had acknowledged to its callers, by their own notes. */
export interface Acknowledged {
  readonly deposits: readonly AcknowledgedDeposit[];
  /** Marks of deposits that were tried, acknowledged or not: none may be there twice. */
  readonly tried: readonly string[];
  readonly reads: readonly {
    readonly eventId: string;
    readonly documentId: string;
    readonly sha256: string;
  }[];
  /** Documents whose revocation was acknowledged, with the caller's instant of the acknowledgement. */
  readonly revocations: readonly { readonly documentId: string; readonly at: Date }[];
  /** What the vault said of a document, with the instant at which it was asked. */
  readonly said: readonly { readonly documentId: string; readonly askedAt: Date; readonly status: string }[];
}

export interface AcknowledgedDeposit {
  /** The idempotency key. */
  readonly key: string;
  /** A field of the metadata that no other deposit has: `metadata.certificateSerial`. */
  readonly mark: string;
  readonly documentId: string;
  readonly sha256Original: string;
  readonly sha256: string;
  readonly eventId: string;
}

export const NOTHING_ACKNOWLEDGED: Acknowledged = {
  deposits: [],
  tried: [],
  reads: [],
  revocations: [],
  said: [],
};
