/**
 * Standing over a paper: on whose behalf a person does something with it. Pure. One question for every module (reading,
 * uploading, consenting): owners act for themselves, representatives for exactly what their representation covers.
 */
import {
  covers,
  type Representation,
  type RepresentationKind,
  type RepresentedAccess,
} from './representation.ts';

/** Somebody who owns papers. */
export interface Principal {
  readonly kind: 'person' | 'organisation';
  readonly id: string;
}

export type Standing =
  | { readonly as: 'owner'; readonly principal: Principal }
  | {
      readonly as: RepresentationKind;
      readonly principal: Principal;
      readonly representationId: string;
    };

export interface StandingWish {
  /** `view`: lists and reads. `act`: also uploads, consents, withdraws. */
  readonly access: RepresentedAccess;
  readonly now: Date;
}

/**
 * @param represented the person's representations; those that ended, have not begun or are of others count for nothing
 * @returns the strongest standing over a paper of this type and these owners, or undefined
 */
export function standingOver(
  personId: string,
  paper: { readonly owners: readonly Principal[]; readonly typeCode: string },
  represented: readonly Representation[],
  wish: StandingWish,
): Standing | undefined {
  const own = paper.owners.find(({ kind, id }) => kind === 'person' && id === personId);
  if (own) return { as: 'owner', principal: { kind: 'person', id: personId } };
  for (const principal of paper.owners) {
    const through = represented.find(
      (each) =>
        isOf(each, personId, principal) &&
        covers(each, { access: wish.access, documentType: paper.typeCode, now: wish.now }),
    );
    if (through) {
      const { kind, id } = principal;
      return { as: through.kind, principal: { kind, id }, representationId: through.id };
    }
  }
  return undefined;
}

/** The types of the principal's papers that the person may list: all of them, these, or (empty) none. */
export function typesOpenTo(
  personId: string,
  principal: Principal,
  represented: readonly Representation[],
  wish: StandingWish,
): 'all' | readonly string[] {
  if (principal.kind === 'person' && principal.id === personId) return 'all';
  const covering = represented.filter(
    (each) =>
      isOf(each, personId, principal) &&
      // A type of its own list, so that only period and access are asked.
      covers(each, { access: wish.access, documentType: each.documentTypes[0] ?? '', now: wish.now }),
  );
  if (covering.some(({ documentTypes }) => documentTypes.length === 0)) return 'all';
  return [...new Set(covering.flatMap(({ documentTypes }) => documentTypes))];
}

const isOf = (each: Representation, personId: string, principal: Principal): boolean =>
  each.representativeId === personId &&
  each.principalKind === principal.kind &&
  each.principalId === principal.id;
