/**
 * Identity cards: the QR code on the front, the machine-readable zone on the back (ICAO Doc 9303 part 5, TD1). Both carry
 * what the card says in a form made for machines; check digits are believed only where they hold.
 */
import type { Field } from '../catalogue/index.ts';
import type { Proposal } from './extraction-service.ts';
import type { ScanPage } from './scan.ts';

export interface CardFacts {
  readonly personalNumber: string;
  readonly fullName?: string;
  /** ISO 8601. */
  readonly birthDate: string;
  readonly sex?: 'male' | 'female';
  readonly permanentAddress?: string;
  readonly validUntil?: string;
}

/** `number|old number|name|ddMMyyyy|sex|address|ddMMyyyy of issue`, as the QR of a chip card has it. */
export function readCardQr(text: string): CardFacts | undefined {
  const [number = '', , name = '', born = '', sex = '', address = ''] = text.split('|');
  const birthDate = dayFirst(born);
  if (!/^\d{12}$/.test(number) || !birthDate || !/\p{L}/u.test(name)) return undefined;
  return {
    personalNumber: number,
    fullName: name.normalize('NFC').trim(),
    birthDate,
    sex: /^nam$/i.test(sex) ? 'male' : /^n[ữu]$/iu.test(sex.normalize('NFC')) ? 'female' : undefined,
    permanentAddress: address.normalize('NFC').trim() || undefined,
  };
}

const dayFirst = (text: string): string | undefined => {
  const match = /^(\d{2})(\d{2})(\d{4})$/.exec(text);
  if (!match) return undefined;
  const iso = `${match[3]}-${match[2]}-${match[1]}`;
  return Number.isNaN(Date.parse(iso)) ? undefined : iso;
};

/** Check digit of Doc 9303 part 3 §4.9: weights 7, 3, 1. */
export function checkDigit(text: string): number {
  const weights = [7, 3, 1];
  let sum = 0;
  for (const [index, letter] of [...text].entries()) {
    const value = letter === '<' ? 0 : /\d/.test(letter) ? Number(letter) : letter.charCodeAt(0) - 55;
    sum += value * (weights[index % 3] ?? 1);
  }
  return sum % 10;
}

/** The three lines of thirty. @returns undefined where a check digit fails */
export function readMrz(
  lines: readonly string[],
  century: (year: number) => number = centuryOf,
): CardFacts | undefined {
  const rows = lines.map((line) =>
    line.replace(/[\s«‹]/g, (letter) => (letter === ' ' ? '' : '<')).toUpperCase(),
  );
  const start = rows.findIndex((row) => /^I[D<]VNM/.test(row));
  const [first, second, third] = rows.slice(start, start + 3);
  if (start < 0 || first?.length !== 30 || second?.length !== 30 || !third) return undefined;
  const document = first.slice(5, 14);
  const number = first.slice(15, 27);
  const born = second.slice(0, 6);
  const until = second.slice(8, 14);
  const holds = (text: string, digit: string | undefined): boolean => String(checkDigit(text)) === digit;
  if (!holds(document, first[14]) || !holds(born, second[6]) || !holds(until, second[14])) return undefined;
  if (!/^\d{12}$/.test(number) || !number.endsWith(document)) return undefined;
  const [surname = '', given = ''] = third.split('<<');
  const iso = (text: string, year: number): string => `${year}-${text.slice(2, 4)}-${text.slice(4, 6)}`;
  return {
    personalNumber: number,
    // Marks are lost in the zone: the name serves to compare, not to keep.
    birthDate: iso(born, century(Number(born.slice(0, 2)))),
    sex: second[7] === 'M' ? 'male' : second[7] === 'F' ? 'female' : undefined,
    validUntil: until === '991231' ? undefined : iso(until, 2000 + Number(until.slice(0, 2))),
    ...(surname || given ? {} : {}),
  };
}

const centuryOf = (year: number): number => (year > 30 ? 1900 : 2000) + year;

/** Proposals for the fields that the type has. */
export function cardProposals(
  pages: readonly Pick<ScanPage, 'number' | 'reading' | 'measures'>[],
  fields: readonly Field[],
): Proposal[] {
  return pages.flatMap((page) => {
    const facts = factsOn(page);
    if (!facts) return [];
    const { from, rule } = facts;
    return fields.flatMap((field): Proposal[] => {
      const value = (from as unknown as Record<string, string | undefined>)[field.name];
      if (value === undefined) return [];
      return [
        { field: field.name, value, confidence: 0.99, rule, page: page.number, box: [0, 0, 10_000, 10_000] },
      ];
    });
  });
}

function factsOn(
  page: Pick<ScanPage, 'reading' | 'measures'>,
): { from: CardFacts; rule: string } | undefined {
  for (const { format, text } of page.measures.codes) {
    const facts = /qr/i.test(format) ? readCardQr(text) : undefined;
    if (facts) return { from: facts, rule: 'card-code' };
  }
  const lines = new Map<number, string>();
  for (const word of page.reading?.words ?? [])
    lines.set(word.line, `${lines.get(word.line) ?? ''}${word.text}`);
  const facts = readMrz([...lines.values()]);
  return facts && { from: facts, rule: 'machine-readable-zone' };
}
