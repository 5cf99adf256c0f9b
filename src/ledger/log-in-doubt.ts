/** The log is in doubt: what was found, by a stable word and a sentence that names the object or row. */
export type DoubtKind =
  | 'other-bytes' // an immutable object holds other bytes than the rows say
  | 'missing-object'
  | 'corrupted-object'
  | 'two-roots' // two roots of one size
  | 'older-than-published' // the database is behind its own published checkpoint
  | 'older-than-witnessed'
  | 'witness-unreached' // too few witnesses answered to show that the database is not an old one
  | 'forked' // no consistency with what was published or witnessed
  | 'bad-signature'
  | 'other-origin'
  | 'rows'; // leaves missing, out of order or changed

export class LogInDoubt extends Error {
  override readonly name = 'LogInDoubt';
  readonly kind: DoubtKind;
  constructor(kind: DoubtKind, detail: string) {
    super(detail);
    this.kind = kind;
  }
}
