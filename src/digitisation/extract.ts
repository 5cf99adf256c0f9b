/**
 * Rules that propose metadata from the words on a page: labels of the type's fields are found, what follows is read by
 * the field's kind, and what does not fit is left empty. Every proposal names its rule, its confidence and its place.
 */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Agency, DocumentType, Field } from '../catalogue/index.ts';
import { searchKey } from '../web/i18n/search-key.ts';
import { cardProposals } from './card-codes.ts';
import type { Proposal } from './extraction-service.ts';
import { dateIn, readValue } from './field-values.ts';
import { boxAround, labelKeys, linesOf, matchLabel, type PageLine, type Token } from './page-lines.ts';
import type { ScanPage } from './scan.ts';

/** Below this nothing is proposed: a wrong value costs more than an empty field. */
const LEAST = 0.62;

let known: Readonly<Record<string, readonly string[]>> | undefined;

/** Further labels by field, as papers write them. */
function shippedLabels(): Readonly<Record<string, readonly string[]>> {
  known ??= z
    .record(z.string(), z.array(z.string().min(1)))
    .parse(JSON.parse(readFileSync(new URL('./data/field-labels.json', import.meta.url), 'utf8')));
  return known;
}

interface Label {
  /** Undefined for a label of another type's field: it ends a value, and begins none. */
  readonly field?: Field;
  readonly keys: readonly string[];
}

export interface ExtractionTerms {
  readonly type: Pick<DocumentType, 'code' | 'fields'>;
  /** Agencies that may have issued the paper, of all times. */
  readonly agencies: readonly Pick<Agency, 'id' | 'names'>[];
}

/** Best proposal for each field, in the order of the page. */
export function extract(
  pages: readonly Pick<ScanPage, 'number' | 'reading' | 'measures'>[],
  terms: ExtractionTerms,
): Proposal[] {
  const lines = pages.flatMap(({ number, reading }) => linesOf(number, reading?.words ?? []));
  const proposals = [
    ...cardProposals(pages, terms.type.fields),
    ...labelled(lines, labelsOf(terms.type)),
    ...general(lines, terms),
  ];
  const best = new Map<string, Proposal>();
  for (const proposal of proposals) {
    const before = best.get(proposal.field);
    if (proposal.confidence < LEAST) continue;
    if (!before) best.set(proposal.field, proposal);
    else if (before.value !== proposal.value) {
      const [better, worse] =
        before.confidence >= proposal.confidence ? [before, proposal] : [proposal, before];
      // Two readings of one field: neither is sure.
      best.set(proposal.field, {
        ...better,
        confidence: Math.min(better.confidence, worse.rule === 'card-code' ? 1 : 0.88),
        others: [...new Set([...(better.others ?? []), worse.value])].slice(0, 3),
      });
    }
  }
  return [...best.values()];
}

function labelsOf(type: Pick<DocumentType, 'fields'>): Label[] {
  const more = shippedLabels();
  const own = type.fields.flatMap((field) =>
    [field.labels.vi, ...(more[field.name] ?? [])].map((label) => ({ field, keys: labelKeys(label) })),
  );
  const stops = Object.values(more)
    .flat()
    .map((label) => ({ keys: labelKeys(label) }))
    .filter(({ keys }) => keys.length > 1 && !own.some((mine) => mine.keys.join(' ') === keys.join(' ')));
  return [...own, ...stops].toSorted((a, b) => b.keys.length - a.keys.length);
}

interface Found {
  readonly at: number;
  readonly end: number;
  readonly misread: number;
  readonly label: Label;
}

function labelled(lines: readonly PageLine[], labels: readonly Label[]): Proposal[] {
  return lines.flatMap((line, index) => {
    const found = labelsIn(line.tokens, labels);
    return found.flatMap((label, order): Proposal[] => {
      const { field } = label.label;
      if (!field) return [];
      const until = found[order + 1]?.at ?? line.tokens.length;
      let value = readValue(field, line.tokens.slice(label.end, until));
      if (!value && label.end >= line.tokens.length) {
        const next = lines[index + 1];
        const free = next && next.page === line.page && labelsIn(next.tokens, labels).length === 0;
        value = free ? readValue(field, next.tokens) : undefined;
      }
      if (!value) return [];
      return [
        {
          field: field.name,
          value: value.value,
          confidence: confidenceOf(value.tokens, value.trust * (label.misread === 0 ? 1 : 0.93)),
          rule: `label:${label.label.keys.join('-')}`,
          page: line.page,
          box: boxAround(value.tokens),
        },
      ];
    });
  });
}

function labelsIn(tokens: readonly Token[], labels: readonly Label[]): Found[] {
  const found: Found[] = [];
  for (let at = 0; at < tokens.length; ) {
    const hit = labels
      .map((label) => ({ label, match: matchLabel(tokens, at, label.keys) }))
      .find(({ match, label }) => match !== undefined && standsAsLabel(tokens, at, match.length, label));
    if (hit?.match) {
      found.push({ at, end: at + hit.match.length, misread: hit.match.misread, label: hit.label });
      at += hit.match.length;
    } else at += 1;
  }
  return found;
}

/** A label of one word is one only where a colon follows, or where it begins its line. */
function standsAsLabel(tokens: readonly Token[], at: number, length: number, label: Label): boolean {
  const last = tokens[at + length - 1]?.word.text ?? '';
  const next = tokens[at + length]?.word.text ?? '';
  const colon = /[:.]$/.test(last) || /^[:.]/.test(next);
  if (label.keys.length === 1 && (label.keys[0]?.length ?? 0) < 4) return colon && at === 0;
  return label.keys.length > 1 || colon || at === 0;
}

const confidenceOf = (tokens: readonly Token[], trust: number): number => {
  const worst = Math.min(...tokens.map(({ word }) => word.confidence));
  const mean = tokens.reduce((sum, { word }) => sum + word.confidence, 0) / tokens.length;
  return Math.round(trust * Math.max(0, Math.min(1, (0.6 * worst + 0.4 * mean + 6) / 100)) * 100) / 100;
};

/** What every kind of paper has: number and symbol, day, agency. NĐ 30/2020 Annex I says where they stand. */
function general(lines: readonly PageLine[], terms: ExtractionTerms): Proposal[] {
  const first = lines.filter(({ page }) => page === Math.min(...lines.map((line) => line.page)));
  return [...symbols(first), ...dates(lines), ...issuers(first, terms.agencies)];
}

function symbols(lines: readonly PageLine[]): Proposal[] {
  for (const { tokens, page } of lines) {
    const at = tokens.findIndex(({ word, key }) => key === 'so' && /^Số/u.test(word.text.normalize('NFC')));
    const value = tokens[at + 1];
    if (at < 0 || !value || (value.word.box[1] ?? 0) > 3_500) continue;
    const text = value.word.text.replace(/^[:.]+|[.,;]+$/g, '').normalize('NFC');
    if (!/^\d{1,6}(\/\d{4})?(\/[A-ZĐ0-9&-]+)?(-[A-ZĐ0-9-]+)?$/u.test(text) || !text.includes('/')) continue;
    return [
      {
        field: 'symbol',
        value: text,
        confidence: confidenceOf([value], 0.96),
        rule: 'symbol-after-so',
        page,
        box: boxAround([value]),
      },
    ];
  }
  return [];
}

function dates(lines: readonly PageLine[]): Proposal[] {
  const found = lines.flatMap(({ tokens, page }): Proposal[] => {
    const at = tokens.findIndex(({ key }, index) => key === 'ngay' && tokens[index + 2]?.key === 'thang');
    if (at < 0) return [];
    const part = tokens.slice(at, at + 6);
    const value = dateIn(part.map(({ word }) => word.text).join(' '));
    if (!value) return [];
    return [
      {
        field: 'issuedOn',
        value,
        confidence: confidenceOf(part, 0.95),
        rule: 'day-month-year-in-words',
        page,
        box: boxAround(part),
      },
    ];
  });
  const values = [...new Set(found.map(({ value }) => value))];
  const [best] = found;
  if (!best) return [];
  return [
    values.length === 1
      ? best
      : { ...best, confidence: Math.min(best.confidence, 0.7), others: values.slice(1, 3) },
  ];
}

function issuers(lines: readonly PageLine[], agencies: ExtractionTerms['agencies']): Proposal[] {
  const head = lines.filter(({ tokens }) => (tokens[0]?.word.box[1] ?? 10_000) < 2_200);
  const text = head.map(({ tokens }) => tokens.map(({ word }) => searchKey(word.text)).join(' ')).join(' ');
  const hits = agencies.filter(({ names }) => {
    const name = searchKey(names.vi.replace(/\s*\([^)]*\)\s*$/, ''));
    return name.length > 8 && ` ${text} `.includes(` ${name} `);
  });
  const longest = hits.toSorted((a, b) => b.names.vi.length - a.names.vi.length)[0];
  const tokens = head.flatMap((line) => line.tokens);
  if (!longest || tokens.length === 0) return [];
  return [
    {
      field: 'issuer',
      value: longest.id,
      confidence: 0.9,
      rule: 'agency-name-at-the-top',
      page: head[0]?.page ?? 1,
      box: boxAround(tokens),
    },
  ];
}
