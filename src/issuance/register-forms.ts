/** What the register's pages share: their parts, reading a decision from a form, faults that come back on it. */
import { z } from 'zod';
import {
  type CatalogueService,
  calendarDateAt,
  inWords as dateInWords,
  parseCalendarDate,
} from '../catalogue/index.ts';
import type { RouteReply } from '../http/index.ts';
import type { PersonActor } from '../identity/index.ts';
import type { Clock } from '../platform/clock.ts';
import { Failure } from '../platform/failure.ts';
import { type PageInput, seeOther } from '../web/citizen-page.ts';
import { type Fault, type OfficePageParts, paths, rolesOf } from '../web/index.ts';
import { person } from './batch-list-routes.ts';
import { assignedFields } from './batch-sheet.ts';
import { content } from './content.ts';
import { actionKinds } from './register-action.ts';
import type { ActionOrder, RegisterActions } from './register-actions.ts';
import type { RegisterApiParts } from './register-api.ts';
import type { RegisterDesk } from './register-desk.ts';
import type { ShownEntry } from './register-pages.tsx';
import type { EntryAsItStands } from './register-service.ts';

export interface RegisterPageParts extends OfficePageParts, Omit<RegisterApiParts, 'desk'> {
  readonly desk: RegisterDesk;
  readonly actions: RegisterActions;
  readonly catalogue: CatalogueService;
  readonly clock: Clock;
}

export const page = { page: true } as const;
export const common = {
  tag: 'issuance',
  auth: { kind: 'office', roles: rolesOf('registers') },
  page: true,
} as const;
export const form = z.record(z.string().max(40), z.string().max(2000));
export type Typed = Readonly<Record<string, string>>;

/** Fields of a type that a decision may change. */
export const changeable = async (
  { catalogue, clock }: RegisterPageParts,
  documentType: string,
  language: 'vi' | 'en',
) =>
  ((await catalogue.current()).documentType(documentType, calendarDateAt(clock.now()))?.fields ?? [])
    .filter(({ name }) => !assignedFields.includes(name))
    .map(({ name, labels }) => ({ value: name, label: labels[language] }));

/** Prepares what the form decides, or gives the page back with its faults. */
export async function decide(
  { actions }: RegisterPageParts,
  input: PageInput,
  asked: { readonly agencyId: string; readonly entryIds: readonly string[]; readonly typed: Typed },
  again: (faults: readonly Fault[]) => Promise<RouteReply>,
): Promise<RouteReply> {
  const read = readDecision(asked.typed, input.language);
  if (read.faults.length > 0) return again(read.faults);
  const { entryIds, agencyId } = asked;
  return faultsOf(input, 'viec', again, async () => {
    const plan = await actions.prepare(person(input), { ...read.order, agencyId, entryIds });
    const refused = plan.entries[0]?.reason[input.language] ?? '';
    return plan.action
      ? seeOther(paths.registerAction(plan.action.id))
      : again([{ field: 'viec', text: refused }]);
  });
}

/** What can be mended on the form comes back on it; everything else is a problem page. */
export async function faultsOf(
  input: PageInput,
  field: string,
  again: (faults: readonly Fault[]) => Promise<RouteReply>,
  work: () => Promise<RouteReply>,
): Promise<RouteReply> {
  try {
    return await work();
  } catch (error) {
    const mendable =
      error instanceof Failure &&
      (error.kind === 'invalid' || error.kind === 'conflict' || error.code === 'may-not-ask');
    if (!mendable) throw error;
    return again([{ field, text: input.language === 'vi' ? error.vi : error.message }]);
  }
}

export const shownEntry = ({ entry, standing }: EntryAsItStands): ShownEntry => ({
  id: entry.id,
  label: entry.label,
  name: String(entry.fields.fullName ?? entry.fields.husbandName ?? ''),
  birth: entry.fields.birthDate === undefined ? '' : dateInWords(String(entry.fields.birthDate)),
  state: standing.state,
});

export const agenciesOf = (actor: PersonActor): string[] => [
  ...new Set(
    actor.roles.filter(({ role }) => rolesOf('registers').includes(role)).map(({ agencyId }) => agencyId),
  ),
];

/** `12/03/1973` or `1973`, as searching wants it. */
export function isoDate(text: string): string {
  const match = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/.exec(text.trim());
  return match ? `${match[3]}-${match[2]?.padStart(2, '0')}-${match[1]?.padStart(2, '0')}` : text.trim();
}

function readDecision(
  typed: Typed,
  language: 'vi' | 'en',
): { order: Omit<ActionOrder, 'agencyId' | 'entryIds'>; faults: Fault[] } {
  const t = content[language];
  const faults: Fault[] = [];
  const needed = (field: string, text: string): string => {
    const value = (typed[field] ?? '').trim();
    if (value === '') faults.push({ field, text });
    return value;
  };
  const kind = actionKinds.find((each) => each === typed.viec) ?? 'suspend';
  const date = isoDate(typed.ngayquyetdinh ?? '');
  if (!parseCalendarDate(date).ok) faults.push({ field: 'ngayquyetdinh', text: t.fresh.faults.date });
  const [name, value] = [typed.truong ?? '', (typed.giatri ?? '').trim()];
  if (kind === 'correct' && (name === '' || value === ''))
    faults.push({ field: 'giatri', text: t.registers.changedValue });
  return {
    order: {
      kind,
      decisionNumber: needed('soquyetdinh', t.registers.decision),
      decisionDate: date,
      authority: needed('coquan', t.registers.authority),
      reason: needed('lydo', t.registers.reason),
      changes: name !== '' && value !== '' ? { [name]: isoIfDate(value) } : {},
    },
    faults,
  };
}

const isoIfDate = (value: string): string =>
  /^\d{1,2}[/.-]\d{1,2}[/.-]\d{4}$/.test(value) ? isoDate(value) : value;
