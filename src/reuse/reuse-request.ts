/** A request to reuse papers: for which dossier, whose papers, on what basis, seen how far. Shapes only. */
import type { OwnerRef } from '../documents/index.ts';
import type { FieldMatch } from './field-match.ts';

/** Whose paper a component is; the applicant's own, or that of another person in the case. */
export type Holder = 'applicant' | 'spouse' | 'child' | 'parent' | 'deceased' | 'other' | 'organisation';

/** Somebody other than the applicant whose papers the case needs. */
export interface Party {
  readonly holder: Holder;
  /** Null where nobody is known by these words, or the words differ. */
  readonly owner: OwnerRef | null;
  readonly match: readonly FieldMatch[];
}

export type Preview = 'none' | 'offered' | 'required';

export interface ReuseRequest {
  readonly id: string;
  readonly agencyId: string;
  readonly procedureCode: string;
  readonly dossierId: string;
  /** The applicant; null where the words differ from what is known. */
  readonly ownerId: string | null;
  readonly basis: 'consent' | 'legal-duty';
  readonly article: string | null;
  readonly purpose: string;
  readonly view: 'minimum' | 'full';
  /** Why the minimum is not enough; given with `full`. */
  readonly fullViewReason: string | null;
  readonly preview: Preview;
  readonly neededUntil: Date | null;
  readonly conditions: Readonly<Record<string, boolean>>;
  /** Empty for all reusable components of the procedure. */
  readonly components: readonly string[];
  readonly match: readonly FieldMatch[];
  readonly parties: readonly Party[];
  /** By component: the agency that the requester says registered the paper. */
  readonly hints: Readonly<Record<string, { readonly issuer: string }>>;
  /** By component: what the form says, by field of the paper. */
  readonly given: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly actorKind: string;
  readonly actorId: string;
  readonly sessionId: string | null;
  readonly askedAt: Date;
}

/** The party whose paper a component is. Undefined: a person whom the request does not name. */
export function partyOf(request: ReuseRequest, holder: Holder): Party | undefined {
  if (holder === 'applicant') {
    const owner = request.ownerId === null ? null : ({ kind: 'person', id: request.ownerId } as const);
    return { holder, owner, match: request.match };
  }
  return request.parties.find((party) => party.holder === holder);
}
