/**
 * Agencies, schools and other issuers, and who keeps their registers today. Papers name the body that issued
 * them, and many of those bodies ended with the mergers of 2025: the successor graph leads from them to the
 * present keeper, register by register where a body's registers went to different places.
 */
import { z } from 'zod';
import { type CalendarDate, calendarDateSchema } from './calendar-date.ts';
import { agencyIdSchema, legacyAgencyCodeSchema, unitCodeSchema } from './codes.ts';
import { documentGroupSchema } from './document-group.ts';
import { type Effective, effectiveShape, inForce, lastVersionAt } from './effective.ts';
import { type Labels, labelsSchema } from './labels.ts';

export const agencyLevels = ['central', 'province', 'district', 'commune', 'establishment'] as const;

/** What an agency is, in so far as it decides which papers it may issue. */
export const agencyKinds = [
  'ministry',
  'province-committee',
  'district-committee',
  'commune-committee',
  'justice-department',
  'education-department',
  'district-education-office',
  'finance-department',
  'construction-department',
  'home-affairs-department',
  'other-department',
  'service-centre',
  'province-police',
  'commune-police',
  'social-insurance',
  'land-registry',
  'court',
  'notary',
  'health-facility',
  'school',
  'vocational-institution',
  'university',
  'certificate-body',
  'enterprise',
] as const;
export const agencyKindSchema = z.enum(agencyKinds);
export type AgencyKind = (typeof agencyKinds)[number];

export const successorSchema = z.strictObject({
  agency: agencyIdSchema,
  /** The first day on which the successor keeps the registers. */
  from: calendarDateSchema,
  /** Which registers went there; null means all of them. */
  groups: z.array(documentGroupSchema).min(1).nullable().default(null),
});

export const agencySchema = z.strictObject({
  /** Identifier of QĐ 20/2020/QĐ-TTg in canonical form: what papers, rows, roles and events name an agency by. */
  id: agencyIdSchema,
  codeVerified: z.boolean(),
  /** Older identifiers (QCVN 102:2016) of the same body. */
  legacyCodes: z.array(legacyAgencyCodeSchema).default([]),
  level: z.enum(agencyLevels),
  kind: agencyKindSchema,
  names: labelsSchema,
  /** The administrative unit whose territory it serves; null for a central body. */
  unit: unitCodeSchema.nullable().default(null),
  parent: agencyIdSchema.nullable().default(null),
  successors: z.array(successorSchema).default([]),
  ...effectiveShape,
});
export type Agency = z.infer<typeof agencySchema>;

export type Keeper =
  | {
      readonly found: true;
      readonly keeper: Agency /** From the asked agency to the keeper. */;
      readonly path: string[];
    }
  | { readonly found: false; readonly path: string[]; readonly reason: Labels };

/** All versions of agencies by identifier. */
export type AgencyVersions = ReadonlyMap<string, readonly Agency[]>;

/**
 * Who keeps an agency's registers on a day. An agency in force keeps its own, unless a group of them was handed
 * over; one that ended leads on to its successor, through as many mergers as there were.
 *
 * @param group the kind of register asked for; needed only where an agency's registers were divided.
 */
export function presentKeeper(
  agencies: AgencyVersions,
  question: { readonly agency: string; readonly at: CalendarDate; readonly group?: string },
): Keeper {
  const path: string[] = [];
  let code = question.agency;
  for (;;) {
    if (path.includes(code))
      return lost([...path, code], 'Chuỗi kế thừa bị vòng lặp', 'The successors form a circle');
    path.push(code);
    const version = lastVersionAt(agencies.get(code) ?? [], question.at);
    if (!version)
      return lost(path, `Không có cơ quan ${code} trong danh mục`, `The catalogue has no agency ${code}`);
    const next = successorsOf(version, question);
    if (next.length === 0) {
      if (inForce(version, question.at)) return { found: true, keeper: version, path };
      return lost(
        path,
        `${code} đã chấm dứt mà chưa có cơ quan kế thừa`,
        `${code} has ended and no successor is recorded`,
      );
    }
    const [only] = next;
    if (only === undefined || next.length > 1) {
      return lost(
        path,
        `Sổ của ${code} chia cho nhiều nơi (${next.join(', ')}); hãy nêu nhóm giấy tờ`,
        `The registers of ${code} went to several bodies (${next.join(', ')}); name the document group`,
      );
    }
    code = only;
  }
}

function successorsOf(
  version: Agency & Effective,
  { at, group }: { readonly at: CalendarDate; readonly group?: string },
): string[] {
  const due = version.successors.filter(({ from }) => from <= at);
  if (group !== undefined) {
    const special = due.filter(({ groups }) => groups?.some((each) => each === group));
    if (special.length > 0) return special.map(({ agency }) => agency);
  }
  const general = due.filter(({ groups }) => groups === null);
  if (general.length > 0) return general.map(({ agency }) => agency);
  const undecided = group === undefined && !inForce(version, at);
  return undecided ? [...new Set(due.map(({ agency }) => agency))] : [];
}

const lost = (path: string[], vi: string, en: string): Keeper => ({ found: false, path, reason: { vi, en } });
