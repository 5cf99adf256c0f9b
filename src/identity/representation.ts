/**
 * Acting for another: legal representatives and delegates of organisations, guardians and parents of children, heirs of
 * the dead. Pure. The rule behind it: nobody gets more from a representation than it says, nor a day longer.
 */

export const REPRESENTATION_KINDS = ['legal', 'delegate', 'guardian', 'parent', 'heir'] as const;
export type RepresentationKind = (typeof REPRESENTATION_KINDS)[number];

export interface Representation {
  readonly id: string;
  readonly principalKind: 'person' | 'organisation';
  readonly principalId: string;
  /** A person. */
  readonly representativeId: string;
  readonly kind: RepresentationKind;
  /** Codes of document types; empty stands for all. */
  readonly documentTypes: readonly string[];
  readonly validFrom: Date;
  /** The first instant at which it no longer holds. */
  readonly validUntil: Date | null;
  /** The decision, certificate or article it rests on; no names. */
  readonly basis: string;
  /** For a delegate: the legal representation whose holder appointed them. */
  readonly appointedBy: string | null;
  readonly endedAt: Date | null;
}

/** `view`: sees. `act`: also consents, withdraws and downloads. */
export type RepresentedAccess = 'view' | 'act';

export const isInForce = (representation: Representation, now: Date): boolean =>
  (representation.endedAt === null || representation.endedAt > now) &&
  representation.validFrom <= now &&
  (representation.validUntil === null || representation.validUntil > now);

/** Heirs read; everybody else may act. */
export const accessOf = (kind: RepresentationKind): RepresentedAccess => (kind === 'heir' ? 'view' : 'act');

/** Whether somebody may do `wish` with a paper of the type `documentType` of the principal. */
export function covers(
  representation: Representation,
  wish: { readonly access: RepresentedAccess; readonly documentType: string; readonly now: Date },
): boolean {
  const { documentTypes, kind } = representation;
  return (
    isInForce(representation, wish.now) &&
    (wish.access === 'view' || accessOf(kind) === 'act') &&
    (documentTypes.length === 0 || documentTypes.includes(wish.documentType))
  );
}

/** The end of childhood: parents and guardians act until the eighteenth birthday (Civil Code 2015 art. 20, 21). */
export function majorityOf(birthDate: string): Date {
  const [year = 0, month = 1, day = 1] = birthDate.split('-').map(Number);
  // Midnight in Vietnam; a child of 29 February comes of age on 1 March.
  return new Date(Date.UTC(year + 18, month - 1, day) - 7 * 3_600_000);
}
