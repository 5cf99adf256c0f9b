/**
 * How long a paper holds, computed at the moment of asking. A rule is data of the document type; the facts are
 * the paper's dates and the events of its owner's life. Nothing here reads a clock or a database, so an expired
 * paper is never called valid because a nightly job did not run. Where a needed fact is missing, the answer is
 * `undetermined`, which no caller may treat as valid.
 */
import { z } from 'zod';
import {
  addDays,
  addMonths,
  type CalendarDate,
  calendarDateSchema,
  earlierOf,
  inWords,
  parseCalendarDate,
} from './calendar-date.ts';
import type { Labels } from './labels.ts';
import { type LifeEvent, lifeEventLabels, lifeEventSchema } from './life-event.ts';

const months = z.int().min(1).max(1200);

/** A receiver's wish for a fresh paper, counted from the day of issue. */
export const freshnessSchema = z.union([
  z.strictObject({ months }),
  z.strictObject({ days: z.int().min(1).max(36_500) }),
]);
export type Freshness = z.infer<typeof freshnessSchema>;

const simpleRules = [
  /** Holds for ever. */
  z.strictObject({ kind: z.literal('indefinite') }),
  /** Holds to the day in this metadata field, that day included. */
  z.strictObject({ kind: z.literal('until-date'), field: z.string().min(1) }),
  /** Holds this many months from the day of issue. */
  z.strictObject({ kind: z.literal('months'), months }),
  /** Holds until one of these things happens to the owner or the register entry. */
  z.strictObject({ kind: z.literal('until-event'), events: z.array(lifeEventSchema).min(1) }),
  /** Holds until the holder reaches the next of these ages; a paper issued within `graceMonths` before an age runs on to the one after. */
  z.strictObject({
    kind: z.literal('until-age'),
    ages: z.array(z.int().min(1).max(150)).min(1),
    graceMonths: z.int().min(0),
  }),
  /** Holds as long as each receiver says; null when the receiver says nothing and no limit applies. */
  z.strictObject({ kind: z.literal('receiver-decides'), otherwise: freshnessSchema.nullable() }),
  /** A copy: holds as long as its original. */
  z.strictObject({ kind: z.literal('as-original') }),
] as const;

export const validityRuleSchema = z.discriminatedUnion('kind', [
  ...simpleRules,
  /** The first of several limits: TT 04/2020/TT-BTP art. 12(2), six months or a change of marital status. */
  z.strictObject({
    kind: z.literal('earliest'),
    rules: z.array(z.discriminatedUnion('kind', simpleRules)).min(2),
  }),
]);
export type ValidityRule = z.infer<typeof validityRuleSchema>;

export interface ValidityFacts {
  readonly issuedOn: CalendarDate | null;
  /** The paper's metadata by field name; `birthDate` serves the age rule. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** What has happened, each with its day. */
  readonly events: readonly { readonly type: LifeEvent; readonly on: CalendarDate }[];
  /** The validity of the original that this copy follows; needed by `as-original`. */
  readonly original?: Validity;
  /** What the receiver asks; needed by nothing, applied by every rule when given. */
  readonly freshness?: Freshness;
}

export interface Validity {
  readonly state: 'valid' | 'not-yet-valid' | 'expired' | 'undetermined';
  /** First day, or null when unknown. */
  readonly from: CalendarDate | null;
  /** Last day, that day included; null when no end is known. */
  readonly until: CalendarDate | null;
  readonly reason: Labels;
}

/** The validity of a paper on a day, under its type's rule and, where given, the receiver's wish. */
export function validity(rule: ValidityRule, facts: ValidityFacts, at: CalendarDate): Validity {
  let limit = limitOf(rule, facts);
  if (facts.freshness && limit.known) limit = first([limit, freshUntil(facts.freshness, facts)]);
  const from = facts.issuedOn;
  if (!limit.known) return { state: 'undetermined', from, until: null, reason: limit.reason };
  const { until, reason } = limit;
  if (from !== null && at < from) {
    return {
      state: 'not-yet-valid',
      from,
      until,
      reason: says(`Có hiệu lực từ ${inWords(from)}`, `Valid from ${from}`),
    };
  }
  return { state: until !== null && until < at ? 'expired' : 'valid', from, until, reason };
}

type Limit =
  | { readonly known: true; readonly until: CalendarDate | null; readonly reason: Labels }
  | { readonly known: false; readonly reason: Labels };

function limitOf(rule: ValidityRule, facts: ValidityFacts): Limit {
  switch (rule.kind) {
    case 'indefinite':
      return to(null, says('Không thời hạn', 'No end'));
    case 'until-date':
      return untilDate(facts.fields[rule.field], rule.field);
    case 'months':
      return freshUntil({ months: rule.months }, facts);
    case 'until-event':
      return untilEvent(rule.events, facts);
    case 'until-age':
      return untilAge(rule, facts);
    case 'receiver-decides':
      if (facts.freshness || rule.otherwise === null) {
        return to(null, says('Thời hạn do nơi nhận quy định', 'The receiver decides how long'));
      }
      return freshUntil(rule.otherwise, facts);
    case 'as-original':
      return asOriginal(facts.original);
    case 'earliest':
      return first(rule.rules.map((each) => limitOf(each, facts)));
  }
}

function untilDate(value: unknown, field: string): Limit {
  const date = typeof value === 'string' ? parseCalendarDate(value) : undefined;
  if (!date?.ok) return unknown(`Thiếu ngày hết hạn (${field})`, `The last day (${field}) is missing`);
  return to(date.value, says(`Đến hết ngày ${inWords(date.value)}`, `Until ${date.value}`));
}

function freshUntil(freshness: Freshness, { issuedOn }: ValidityFacts): Limit {
  if (issuedOn === null) return unknown('Thiếu ngày cấp', 'The day of issue is missing');
  if ('months' in freshness) {
    const n = freshness.months;
    return to(addMonths(issuedOn, n), says(`${n} tháng kể từ ngày cấp`, `${n} months from the day of issue`));
  }
  const n = freshness.days;
  return to(addDays(issuedOn, n), says(`${n} ngày kể từ ngày cấp`, `${n} days from the day of issue`));
}

/** An event before the day of issue is what the paper already tells; one on that day or later ends it. */
function untilEvent(types: readonly LifeEvent[], { issuedOn, events }: ValidityFacts): Limit {
  const ending = events
    .filter(({ type, on }) => types.includes(type) && (issuedOn === null || on >= issuedOn))
    .sort((a, b) => (a.on < b.on ? -1 : 1))[0];
  if (!ending) return to(null, says('Đến khi có thay đổi', 'Until a change'));
  const { vi, en } = lifeEventLabels[ending.type];
  return to(addDays(ending.on, -1), says(`${vi} ngày ${inWords(ending.on)}`, `${en} on ${ending.on}`));
}

function untilAge(rule: { ages: number[]; graceMonths: number }, { issuedOn, fields }: ValidityFacts): Limit {
  const birth = calendarDateSchema.safeParse(fields.birthDate);
  if (issuedOn === null || !birth.success) {
    return unknown('Thiếu ngày cấp hoặc ngày sinh', 'The day of issue or the birth date is missing');
  }
  const from = addMonths(issuedOn, rule.graceMonths);
  for (const age of [...rule.ages].sort((a, b) => a - b)) {
    const birthday = addMonths(birth.data, age * 12);
    if (birthday > from) {
      return to(birthday, says(`Đến khi đủ ${age} tuổi`, `Until the holder is ${age}`));
    }
  }
  return to(null, says('Không thời hạn theo độ tuổi', 'No end at this age'));
}

function asOriginal(original: Validity | undefined): Limit {
  if (!original || original.state === 'undetermined') {
    return unknown('Chưa biết hiệu lực của bản chính', 'The validity of the original is not known');
  }
  return to(original.until, {
    vi: `Theo bản chính: ${original.reason.vi}`,
    en: `As its original: ${original.reason.en}`,
  });
}

/** The earliest of the limits; one that is unknown makes the whole unknown, since it might be the earliest. */
function first(limits: readonly Limit[]): Limit {
  let earliest: Limit | undefined;
  for (const limit of limits) {
    if (!limit.known) return limit;
    if (earliest === undefined) earliest = limit;
    else if (earliest.known && earlierOf(earliest.until, limit.until) !== earliest.until) earliest = limit;
  }
  return earliest ?? unknown('Không có quy tắc', 'There is no rule');
}

const says = (vi: string, en: string): Labels => ({ vi, en });
const to = (until: CalendarDate | null, reason: Labels): Limit => ({ known: true, until, reason });
const unknown = (vi: string, en: string): Limit => ({ known: false, reason: { vi, en } });
