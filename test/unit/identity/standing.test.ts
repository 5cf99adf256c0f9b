/** Standing over papers: owners, and representatives to the letter of what their representation says. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  type Principal,
  REPRESENTATION_KINDS,
  type Representation,
  standingOver,
  typesOpenTo,
} from '../../../src/identity/index.ts';

const now = new Date('2026-11-24T00:00:00Z');
const day = 86_400_000;
const company: Principal = { kind: 'organisation', id: 'company' };
const through = (more: Partial<Representation> = {}): Representation => ({
  id: 'r',
  principalKind: 'organisation',
  principalId: 'company',
  representativeId: 'tai',
  kind: 'delegate',
  documentTypes: ['LOCAL.ENTERPRISE'],
  validFrom: new Date(now.getTime() - day),
  validUntil: new Date(now.getTime() + day),
  basis: 'power of attorney',
  appointedBy: null,
  endedAt: null,
  ...more,
});
const paper = { owners: [company], typeCode: 'LOCAL.ENTERPRISE' };
const act = { access: 'act', now } as const;

describe('standing', () => {
  test('an owner needs nobody', () => {
    const own = { owners: [{ kind: 'person', id: 'lan' } as const, company], typeCode: 'X' };
    expect(standingOver('lan', own, [], act)).toEqual({
      as: 'owner',
      principal: { kind: 'person', id: 'lan' },
    });
  });

  test('an organisation whose id equals a person’s id is not that person', () => {
    expect(standingOver('company', paper, [], act)).toBeUndefined();
    expect(standingOver('tai', paper, [through({ principalKind: 'person' })], act)).toBeUndefined();
  });

  test.each([
    ['of another type', { documentTypes: ['LOCAL.LAND-CERTIFICATE'] }],
    ['ended', { endedAt: now }],
    ['not yet begun', { validFrom: new Date(now.getTime() + 1) }],
    ['over at this very instant', { validUntil: now }],
    ['of another principal', { principalId: 'other' }],
    ['of another representative', { representativeId: 'hoa' }],
  ])('a representation %s opens nothing', (_, more) => {
    expect(standingOver('tai', paper, [through(more)], act)).toBeUndefined();
  });

  test('heirs view and do not act', () => {
    const heir = through({ kind: 'heir', documentTypes: [] });
    expect(standingOver('tai', paper, [heir], { access: 'view', now })?.as).toBe('heir');
    expect(standingOver('tai', paper, [heir], act)).toBeUndefined();
  });

  test('a list shows exactly the types whose papers open', () => {
    const kinds = fc.constantFrom(...REPRESENTATION_KINDS);
    const types = fc.subarray(['A', 'B', 'C']);
    const shift = fc.integer({ min: -3, max: 3 }).map((days) => new Date(now.getTime() + days * day));
    const some = fc.array(
      fc.record({ kind: kinds, documentTypes: types, validFrom: shift, validUntil: fc.option(shift) }),
      { maxLength: 4 },
    );
    fc.assert(
      fc.property(some, fc.constantFrom('view', 'act'), (list, access) => {
        const represented = list.map((each) => through(each));
        const open = typesOpenTo('tai', company, represented, { access, now });
        for (const typeCode of ['A', 'B', 'C', 'D']) {
          const listed = open === 'all' || open.includes(typeCode);
          const opens = standingOver('tai', { owners: [company], typeCode }, represented, { access, now });
          expect(listed).toBe(opens !== undefined);
        }
      }),
    );
  });
});
