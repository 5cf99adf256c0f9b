/** Who answers for an owner, when a grant is over, and when the State's clocks run out. */
import { expect, test } from '@jest/globals';
import { stateAt } from '../../../src/consent/consent.ts';
import { isChild, standingOf } from '../../../src/consent/consent-policy.ts';
import { clockOf, mayMove } from '../../../src/consent/data-request.ts';
import { afterDays, afterWorkingDays, isWorkingDay } from '../../../src/consent/working-days.ts';
import type { Representation } from '../../../src/identity/index.ts';

const now = new Date('2026-11-24T09:00:00+07:00');
const held = (more: Partial<Representation>): Representation => ({
  id: 'r1',
  principalKind: 'organisation',
  principalId: 'company',
  representativeId: 'tai',
  kind: 'delegate',
  documentTypes: ['LOCAL.ENTERPRISE'],
  validFrom: new Date('2026-01-01'),
  validUntil: new Date('2026-12-31'),
  basis: 'x',
  appointedBy: 'r0',
  endedAt: null,
  ...more,
});
const asked = { ownerId: 'company', documentType: 'LOCAL.ENTERPRISE' };
const facts = (representation: Representation) => ({
  representations: [representation],
  ownIsChild: false,
  now,
});

test('a delegate answers for the types and the period of the delegation, heirs for nothing, children not alone', () => {
  expect(standingOf('tai', asked, facts(held({})))).toEqual({ may: true, representationId: 'r1' });
  const other = { ...asked, documentType: 'LOCAL.LAND-CERTIFICATE' };
  expect(standingOf('tai', other, facts(held({})))).toEqual({ may: false, because: 'not-the-owner' });
  const past = held({ validUntil: new Date('2026-11-01') });
  expect(standingOf('tai', asked, facts(past)).may).toBe(false);
  const heir = held({ kind: 'heir', documentTypes: [], validUntil: null });
  expect(standingOf('tai', asked, facts(heir))).toEqual({ may: false, because: 'read-only' });
  const own = { ownerId: 'minh', documentType: 'x' };
  expect(standingOf('minh', own, { representations: [], ownIsChild: true, now })).toEqual({
    may: false,
    because: 'child',
  });
  expect(isChild('2010-11-25', now)).toBe(true);
  // The sixteenth birthday begins at midnight in Viet Nam.
  expect(isChild('2010-11-24', now)).toBe(false);
  expect(isChild(null, now)).toBe(false);
});

test('a grant is over with its time and with the office of whoever gave it', () => {
  const grant = { state: 'given', validUntil: new Date('2026-12-01'), representationEnds: null } as const;
  expect(stateAt(grant, now)).toBe('given');
  expect(stateAt({ ...grant, representationEnds: now }, now)).toBe('withdrawn');
  expect(stateAt({ ...grant, representationEnds: new Date('2026-11-25') }, now)).toBe('given');
  expect(stateAt({ ...grant, validUntil: now }, now)).toBe('expired');
  expect(stateAt({ ...grant, state: 'refused', validUntil: now }, now)).toBe('refused');
});

test('two working days and fifteen days, over weekends, holidays and exchanged days', () => {
  const calendar = { holidays: new Set(['2027-01-01']), worked: new Set(['2026-12-26']) };
  const friday = new Date('2026-11-27T16:00:00+07:00');
  expect(afterWorkingDays(calendar, friday, 2).toISOString()).toBe('2026-12-01T10:00:00.000Z');
  // Thursday 31 December: Friday is a holiday, so Monday and Tuesday.
  expect(afterWorkingDays(calendar, new Date('2026-12-31T08:00:00+07:00'), 2).toISOString()).toBe(
    '2027-01-05T10:00:00.000Z',
  );
  // The fifteenth day is Saturday 9 January: the end moves to Monday.
  expect(afterDays(calendar, new Date('2026-12-25T08:00:00+07:00'), 15).toISOString()).toBe(
    '2027-01-11T10:00:00.000Z',
  );
  // Shortly before midnight in Viet Nam is still that day, whatever the server’s zone.
  expect(afterWorkingDays(calendar, new Date('2026-11-24T16:59:00Z'), 1).toISOString()).toBe(
    '2026-11-25T10:00:00.000Z',
  );
  expect(isWorkingDay(calendar, '2026-12-26')).toBe(true);
  expect(isWorkingDay(calendar, '2027-01-01')).toBe(false);
});

test('the clock that runs is that of the next step, and what is settled has none', () => {
  const clocks = { acknowledgeBy: new Date('2026-11-23'), finishBy: new Date('2026-12-08') };
  expect(clockOf({ state: 'received', ...clocks }, now)).toEqual({ due: clocks.acknowledgeBy, late: true });
  expect(clockOf({ state: 'acknowledged', ...clocks }, now)).toEqual({ due: clocks.finishBy, late: false });
  expect(clockOf({ state: 'done', ...clocks }, now).due).toBeNull();
  expect(mayMove('received', 'done')).toBe(true);
  expect(mayMove('done', 'refused')).toBe(false);
});
