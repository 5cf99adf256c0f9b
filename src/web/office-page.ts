/** What every page of an officer needs, how its routes get it, and which sections each role sees. */
import type { Role } from '../identity/actor.ts';
import type { PageInput } from './citizen-page.ts';
import type { Tab } from './components/page.tsx';
import type { Frame } from './frame.ts';
import type { Catalogue, Language } from './i18n/language.ts';
import { paths } from './paths.ts';

/** The sections of the vault's office side, in the order of their tabs. */
const sections = [
  { key: 'desk', href: paths.desk, roles: ['desk-officer', 'post-office-clerk', 'civil-status-officer'] },
  {
    key: 'digitise',
    href: paths.digitise,
    roles: ['desk-officer', 'post-office-clerk', 'civil-status-officer', 'document-clerk'],
  },
  { key: 'batches', href: paths.batches, roles: ['school-clerk', 'civil-status-officer', 'head'] },
  { key: 'registers', href: paths.registers, roles: ['school-clerk', 'civil-status-officer', 'head'] },
  { key: 'statistics', href: paths.statistics, roles: ['manager', 'auditor'] },
  { key: 'ledger', href: paths.ledger, roles: ['auditor'] },
  {
    key: 'rights',
    href: paths.dataRequests,
    roles: ['desk-officer', 'civil-status-officer', 'manager'],
  },
] as const satisfies readonly {
  readonly key: string;
  readonly href: string;
  readonly roles: readonly Role[];
}[];
export type OfficeSection = (typeof sections)[number]['key'];

const labels: Catalogue<Record<OfficeSection, string>> = {
  vi: {
    desk: 'Quầy Một cửa',
    digitise: 'Số hóa',
    batches: 'Cấp văn bằng',
    registers: 'Sổ gốc',
    statistics: 'Số hóa và sử dụng lại',
    rights: 'Yêu cầu của công dân',
    ledger: 'Sổ nhật ký',
  },
  en: {
    desk: 'One-stop desk',
    digitise: 'Digitisation',
    batches: 'Issuing',
    registers: 'Registers',
    statistics: 'Digitisation and reuse',
    rights: 'Requests of citizens',
    ledger: 'Ledger',
  },
};

/** Who sits there, for which office, and the sections of their roles. */
export interface OfficeContext {
  readonly frame: Frame;
  readonly officer: { readonly name: string; readonly office: string };
  readonly tabs: readonly Tab[];
}

/** Given to the routes of officers' pages by the composition root. */
export interface OfficePageParts {
  /** @param section the one whose page is made; its tab is marked */
  readonly office: (input: PageInput, section: OfficeSection) => Promise<OfficeContext>;
}

/** Roles that may open a section, for the `auth` of its routes. */
export const rolesOf = (section: OfficeSection): readonly Role[] =>
  sections.find(({ key }) => key === section)?.roles ?? [];

/** The tabs of somebody's roles. */
export const officeTabs = (roles: readonly Role[], current: OfficeSection, language: Language): Tab[] =>
  sections
    .filter((section) => section.roles.some((role) => roles.includes(role)))
    .map(({ key, href }) => ({ href, label: labels[language][key], current: key === current }));

/** Where somebody with these roles begins; undefined for one who holds none that has a section. */
export const firstSection = (roles: readonly Role[]): string | undefined =>
  sections.find((section) => section.roles.some((role) => roles.includes(role)))?.href;
