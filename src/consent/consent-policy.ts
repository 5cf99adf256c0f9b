/**
 * Who answers for an owner. Pure. Adults answer for themselves; for a child its legal representative does; for an
 * organisation its legal representative or a delegate for this type of paper; heirs read and decide nothing.
 */
import { covers, type Representation } from '../identity/index.ts';

/** Below this age somebody else consents (Luật Trẻ em 2016 Đ.1; Luật 91/2025/QH15). */
export const CHILD_BELOW = 16;

export type Standing =
  | { readonly may: true; readonly representationId: string | null }
  | { readonly may: false; readonly because: 'not-the-owner' | 'child' | 'read-only' };

export interface Asked {
  readonly ownerId: string;
  readonly documentType: string;
}

/** @param facts.representations those that the person holds and that are in force */
export function standingOf(
  personId: string,
  asked: Asked,
  facts: {
    readonly representations: readonly Representation[];
    readonly ownIsChild: boolean;
    readonly now: Date;
  },
): Standing {
  if (asked.ownerId === personId) {
    return facts.ownIsChild ? { may: false, because: 'child' } : { may: true, representationId: null };
  }
  const held = facts.representations.filter(({ principalId }) => principalId === asked.ownerId);
  const wish = { documentType: asked.documentType, now: facts.now };
  const acting = held.find((representation) => covers(representation, { ...wish, access: 'act' }));
  if (acting) return { may: true, representationId: acting.id };
  const reading = held.some((representation) => covers(representation, { ...wish, access: 'view' }));
  return { may: false, because: reading ? 'read-only' : 'not-the-owner' };
}

/** Whether somebody born on the day is a child at the instant, by the calendar of Viet Nam. */
export function isChild(birthDate: string | null, now: Date): boolean {
  if (birthDate === null) return false;
  const [year = 0, month = 1, day = 1] = birthDate.split('-').map(Number);
  return now.getTime() < Date.UTC(year + CHILD_BELOW, month - 1, day) - 7 * 3_600_000;
}
