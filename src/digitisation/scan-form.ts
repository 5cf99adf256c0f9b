/** What a clerk types, and the values it means: dates as people write them, choices by their words, agencies by name. */
import {
  type CalendarDate,
  type Catalogue,
  calendarDateAt,
  type DocumentType,
  type Field,
  metadataSchema,
} from '../catalogue/index.ts';
import { type Fault, type Language, type ReadValue, searchKey } from '../web/index.ts';
import { content } from './content.ts';
import type { Proposal } from './extraction-service.ts';
import { dateIn } from './field-values.ts';
import type { ScanValues } from './scan.ts';

export type Typed = Readonly<Record<string, string>>;

/** Names of the fields that every paper has; those of its type carry their own names after `o-`. */
export const generalFields = {
  issuer: 'co-quan-cap',
  symbol: 'so-ky-hieu',
  issuedOn: 'ngay-cap',
  abstract: 'trich-yeu',
} as const;
export const fieldName = (name: string): string =>
  (generalFields as Readonly<Record<string, string>>)[name] ?? `o-${name}`;

export interface FormTerms {
  readonly type: DocumentType;
  readonly catalogue: Catalogue;
  readonly language: Language;
  readonly now: Date;
}

/** dd/mm/yyyy for a day, as people read it; parts of a date as they are. */
export const shownDate = (iso: string): string =>
  /^\d{4}-\d{2}-\d{2}$/.test(iso) ? iso.split('-').reverse().join('/') : iso;

/** What a field shows for a value of its kind. */
export function shownValue(
  field: Pick<Field, 'kind'> & { options?: unknown },
  value: string,
  language: Language,
): string {
  if (field.kind === 'date' || field.kind === 'partial-date') return shownDate(value);
  if (field.kind === 'decimal' && language === 'vi') return value.replace('.', ',');
  const options = (field.options ?? []) as readonly { value: string; labels: Record<Language, string> }[];
  return options.find((option) => option.value === value)?.labels[language] ?? value;
}

/** The values that were typed, or every fault by its field. */
export function readTyped(
  typed: Typed,
  terms: FormTerms,
): { readonly values: ScanValues } | { readonly faults: Fault[] } {
  const { type, language } = terms;
  const t = content[language];
  const faults: Fault[] = [];
  const metadata: Record<string, unknown> = {};
  for (const field of type.fields) {
    const text = (typed[fieldName(field.name)] ?? '').normalize('NFC').trim();
    if (text === '') {
      if (field.required)
        faults.push({ field: fieldName(field.name), text: t.valueFaults.missing(field.labels[language]) });
      continue;
    }
    const value = typedValue(field, text);
    const checked = metadataSchema({ fields: [field] }).safeParse({ [field.name]: value });
    if (checked.success) metadata[field.name] = value;
    else {
      const words =
        field.kind === 'date' || field.kind === 'partial-date'
          ? t.valueFaults.date
          : t.valueFaults.shape(field.labels[language]);
      faults.push({ field: fieldName(field.name), text: words });
    }
  }
  const issuer = issuerOf(typed[generalFields.issuer] ?? '', terms.catalogue);
  if (!issuer) faults.push({ field: generalFields.issuer, text: t.valueFaults.issuer });
  const issuedText = (typed[generalFields.issuedOn] ?? '').trim();
  const issuedOn =
    issuedText === ''
      ? null
      : (dateIn(issuedText) ?? (/^\d{4}-\d{2}-\d{2}$/.test(issuedText) ? issuedText : undefined));
  if (issuedOn === undefined) faults.push({ field: generalFields.issuedOn, text: t.valueFaults.date });
  else if (issuedOn !== null && issuedOn > calendarDateAt(terms.now)) {
    faults.push({ field: generalFields.issuedOn, text: t.valueFaults.future });
  }
  if (faults.length > 0 || !issuer || issuedOn === undefined) return { faults };
  const plain = (name: string): string | null => (typed[name] ?? '').normalize('NFC').trim() || null;
  return {
    values: {
      issuerId: issuer,
      symbol: plain(generalFields.symbol),
      abstract: plain(generalFields.abstract),
      issuedOn: issuedOn as CalendarDate | null,
      metadata,
    },
  };
}

function typedValue(field: Field, text: string): unknown {
  switch (field.kind) {
    case 'date':
    case 'partial-date':
      return dateIn(text) ?? text;
    case 'integer':
    case 'decimal': {
      const number = Number(text.replace(/\.(?=\d{3}(\D|$))/g, '').replace(',', '.'));
      return Number.isFinite(number) ? number : text;
    }
    case 'personal-number':
      return text.replace(/[\s.]/g, '');
    case 'boolean':
      return /^(có|co|yes|true|1)$/i.test(text);
    case 'choice': {
      const key = searchKey(text);
      const found = field.options.find(
        ({ value, labels }) => value === text || searchKey(labels.vi) === key || searchKey(labels.en) === key,
      );
      return found?.value ?? text;
    }
    default:
      return text;
  }
}

/** By code, or by the name of any time, marks and case aside. */
export function issuerOf(text: string, catalogue: Catalogue): string | undefined {
  const given = text.normalize('NFC').trim();
  if (given === '') return undefined;
  const byCode = catalogue.agencyVersions(given)[0];
  if (byCode) return byCode.id;
  const key = shortened(given);
  return catalogue.entries.agencies.find(({ names }) => shortened(names.vi) === key)?.id;
}

/** What stands in brackets behind a name is a remark, not part of it. */
const shortened = (name: string): string =>
  searchKey(name.replace(/\s*\([^)]*\)\s*$/, '')).replaceAll('uy ban nhan dan', 'ubnd');

/** The values of the compare screen: typed ones first, then what was confirmed or drafted, then what was read. */
export function shownValues(
  terms: FormTerms & {
    readonly typed?: Typed;
    readonly kept: ReadonlyMap<string, string>;
    readonly proposals: readonly Proposal[];
    readonly faults?: readonly Fault[];
    readonly cutOut: (proposal: Proposal) => string;
  },
): ReadValue[] {
  const { type, language, catalogue } = terms;
  const t = content[language];
  const general = [
    { name: 'issuer', label: t.general.issuer, kind: 'text', hint: t.hints.issuer },
    { name: 'symbol', label: t.general.symbol, kind: 'text', hint: undefined },
    { name: 'issuedOn', label: t.general.issuedOn, kind: 'date', hint: t.hints.date },
  ] as const;
  const fields: {
    name: string;
    label: string;
    field: Pick<Field, 'kind'> & { options?: unknown };
    hint?: string;
  }[] = [
    ...type.fields.map((field) => ({ name: field.name, label: field.labels[language], field })),
    ...general.map(({ name, label, kind, hint }) => ({ name, label, field: { kind }, hint })),
  ];
  return fields.map(({ name, label, field, hint }) => {
    const proposal = terms.proposals.find((each) => each.field === name);
    const show = (value: string): string =>
      name === 'issuer'
        ? (catalogue.agencyVersions(value)[0]?.names[language] ?? value)
        : shownValue(field, value, language);
    const typed = terms.typed?.[fieldName(name)];
    const kept = terms.kept.get(name);
    const value = typed ?? (kept !== undefined ? show(kept) : proposal ? show(proposal.value) : '');
    const asRead = proposal !== undefined && value === show(proposal.value);
    const sure = asRead && proposal.confidence >= SURE;
    return {
      name: fieldName(name),
      label,
      value,
      state: sure ? 'sure' : asRead ? 'doubtful' : 'by-hand',
      confidence: asRead ? proposal.confidence : undefined,
      hint,
      cutOut: proposal && !sure ? { src: terms.cutOut(proposal), alt: '' } : undefined,
      readings:
        proposal?.others && proposal.others.length > 0
          ? [show(proposal.value), ...proposal.others.map(show)]
          : undefined,
      fault: terms.faults?.find((fault) => fault.field === fieldName(name))?.text,
    };
  });
}

/** From this confidence on a reading is called sure; below it the cut-out stands above the field. */
export const SURE = 0.9;
