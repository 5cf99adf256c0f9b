/** A document as pages say it: state, term, issuer and keeper by name, at one instant and in one language. Pure. */
import { type CalendarDate, type Catalogue, calendarDateAt } from '../catalogue/index.ts';
import {
  type Addressee,
  capital,
  type Language,
  maskName,
  maskSerial,
  type State,
  type ValidityTerm,
} from '../web/index.ts';
import type { DocumentFacts, StatusEntry } from './document.ts';
import { validityOf } from './document-answers.ts';

/** Days before the last one from which a paper is said to expire soon. */
const SOON_DAYS = 30;

export interface PaperInWords {
  readonly title: string;
  readonly issuer: string;
  /** Who keeps the register now, where that is another. */
  readonly keeper?: string;
  readonly state: State;
  readonly validity: ValidityTerm;
  readonly validUntil?: Date;
  /** True where procedures may take it without seeing paper. */
  readonly usable: boolean;
  readonly issuedOn?: Date;
}

/** Noon in Viet Nam of a calendar day: the same day wherever it is formatted. */
export const dayOf = (date: CalendarDate): Date => new Date(`${date}T05:00:00Z`);

export function paperInWords(
  document: DocumentFacts,
  catalogue: Catalogue,
  context: { readonly at: Date; readonly language: Language },
): PaperInWords {
  const { at, language } = context;
  const today = calendarDateAt(at);
  const type = catalogue.documentType(document.typeCode, today);
  const term = validityOf(document, catalogue, at);
  const state = stateOf(document, term, at);
  const reusable =
    type?.reusableProvenances.some((provenance) => provenance === document.provenance) ?? false;
  return {
    title: type?.names[language] ?? document.abstract ?? document.typeCode,
    ...issuerInWords(document, catalogue, context),
    state,
    validity: { kind: 'words', words: capital(term.reason[language]) },
    validUntil: term.until === null ? undefined : dayOf(term.until),
    usable: reusable && (state === 'valid' || state === 'expiring'),
    issuedOn: document.issuedOn === null ? undefined : dayOf(document.issuedOn),
  };
}

/** A decision counts before the calendar; a term that cannot be computed is never called valid. */
function stateOf(document: DocumentFacts, term: ReturnType<typeof validityOf>, at: Date): State {
  const { status } = document.status;
  if (status === 'rejected') return 'not_acceptable';
  if (status !== 'active') return status;
  if (document.provenance === 'self-upload' || term.state === 'undetermined') return 'unverified';
  if (term.state === 'expired') return 'expired';
  if (term.state === 'not-yet-valid') return 'waiting';
  if (term.until === null) return 'valid';
  const left = dayOf(term.until).getTime() - at.getTime();
  return left <= SOON_DAYS * 86_400_000 ? 'expiring' : 'valid';
}

function issuerInWords(
  { issuerId, issuedOn }: DocumentFacts,
  catalogue: Catalogue,
  { at, language }: { readonly at: Date; readonly language: Language },
): Pick<PaperInWords, 'issuer' | 'keeper'> {
  if (issuerId === null) return { issuer: '' };
  const today = calendarDateAt(at);
  const then = catalogue.agency(issuerId, issuedOn ?? today) ?? catalogue.agencyVersions(issuerId).at(-1);
  const now = catalogue.presentKeeper(issuerId, today);
  const issuer = then?.names[language] ?? issuerId;
  const keeper = now.found ? now.keeper.names[language] : undefined;
  return { issuer, keeper: keeper === issuer ? undefined : keeper };
}

/** What anyone with the code may read: enough to compare with the paper in the hand, not enough to know the person. */
export function maskedPaper(
  document: DocumentFacts,
  words: PaperInWords,
  holderName: string | undefined,
): {
  readonly title: string;
  readonly holder: string;
  readonly serial?: string;
  readonly issuer: string;
  readonly keeper?: string;
  readonly issuedOn?: Date;
  readonly validity: ValidityTerm;
} {
  const { title, issuer, keeper, issuedOn, validity } = words;
  return {
    title,
    holder: holderName === undefined ? '•••' : maskName(holderName),
    serial: document.symbol === null ? undefined : maskSerial(document.symbol),
    issuer,
    keeper,
    issuedOn,
    validity,
  };
}

/** “bà” or “ông” for an adult whose sex is known; otherwise both. English pages write neither. */
export function addresseeOf(
  person: {
    readonly fullName: string;
    readonly personalNumber: string | null;
    readonly gender: string | null;
    readonly birthDate: string | null;
  },
  at: Date,
): Addressee {
  const adult =
    person.birthDate !== null && at.getTime() - Date.parse(person.birthDate) > 18 * 365.25 * 86_400_000;
  const honorific =
    adult && person.gender === 'female' ? 'bà' : adult && person.gender === 'male' ? 'ông' : 'ông (bà)';
  return {
    honorific,
    name: person.fullName.toLocaleUpperCase('vi'),
    personalNumber: person.personalNumber ?? '',
  };
}

const statusWords: Readonly<Record<Language, Readonly<Record<StatusEntry['status'], string>>>> = {
  vi: {
    active: 'Có hiệu lực',
    suspended: 'Tạm khóa',
    superseded: 'Bị thay thế',
    revoked: 'Thu hồi',
    annulled: 'Hủy bỏ',
    rejected: 'Không nhận',
    unverified: 'Chưa đối chiếu',
  },
  en: {
    active: 'In force',
    suspended: 'Suspended',
    superseded: 'Superseded',
    revoked: 'Revoked',
    annulled: 'Annulled',
    rejected: 'Rejected',
    unverified: 'Not compared',
  },
};

/** The standing over time, newest first, as the ledger of a paper's page. */
export function historyInWords(
  entries: readonly StatusEntry[],
  language: Language,
): { readonly at: Date; readonly what: string; readonly detail: string }[] {
  return entries
    .map((entry) => ({
      at: entry.at,
      what: statusWords[language][entry.status],
      detail: [entry.decisionNumber, entry.reason].filter(Boolean).join('. '),
    }))
    .reverse();
}
