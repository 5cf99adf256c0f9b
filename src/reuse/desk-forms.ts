/** What the desk's forms send, read and checked: every field's fault with the sentence that mends it. Pure. */
import type { Failure } from '../platform/failure.ts';
import type { Fault } from '../web/index.ts';
import { deskFields } from './desk-pages.tsx';

interface ReadPerson {
  readonly personalNumber: string;
  readonly fullName: string;
  readonly birthDate: string;
}

/** A number in any spacing, a name, a date as day/month/year (or year-month-day). */
export function readPerson(
  body: Readonly<Record<string, string | undefined>>,
  fields: { readonly number: string; readonly name: string; readonly birth: string },
  words: { readonly number: string; readonly name: string; readonly birth: string },
): { person: ReadPerson; faults: Fault[] } {
  const personalNumber = (body[fields.number] ?? '').replace(/[\s.]/g, '');
  const fullName = (body[fields.name] ?? '').normalize('NFC').replace(/\s+/g, ' ').trim();
  const birthDate = readDay(body[fields.birth] ?? '');
  return {
    person: { personalNumber, fullName, birthDate: birthDate ?? '' },
    faults: [
      ...(/^\d{9}(\d{3})?$/.test(personalNumber) ? [] : [{ field: fields.number, text: words.number }]),
      ...(fullName === '' ? [{ field: fields.name, text: words.name }] : []),
      ...(birthDate === undefined ? [{ field: fields.birth, text: words.birth }] : []),
    ],
  };
}

export function readOpening(
  body: Readonly<Record<string, string | undefined>>,
  words: Readonly<Record<'dossier' | 'procedure' | 'number' | 'name' | 'birth' | 'identity', string>>,
): { opening: { dossierCode: string; procedureCode: string; person: ReadPerson }; faults: Fault[] } {
  const dossierCode = (body[deskFields.dossier] ?? '').trim().toUpperCase();
  const procedureCode = (body[deskFields.procedure] ?? '').trim();
  const { person, faults } = readPerson(body, deskFields, words);
  return {
    opening: { dossierCode, procedureCode, person },
    faults: [
      ...(dossierCode === '' ? [{ field: deskFields.dossier, text: words.dossier }] : []),
      ...(procedureCode === '' ? [{ field: deskFields.procedure, text: words.procedure }] : []),
      ...faults,
      ...(body[deskFields.identity] === 'yes' ? [] : [{ field: deskFields.identity, text: words.identity }]),
    ],
  };
}

/** `14/03/1968` or `1968-03-14` as `YYYY-MM-DD`; undefined for days that are in no calendar. */
function readDay(text: string): string | undefined {
  const match = /^\s*(\d{1,2})[/.\s-](\d{1,2})[/.\s-](\d{4})\s*$/.exec(text);
  const iso = match ? `${match[3]}-${match[2]?.padStart(2, '0')}-${match[1]?.padStart(2, '0')}` : text.trim();
  if (!/^\d{4}-\d{2}-\d{2}$/.test(iso)) return undefined;
  const day = new Date(`${iso}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(iso) ? iso : undefined;
}

/** Which field a refusal belongs to; `otherwise` where it names none. */
const FIELD: Readonly<Record<string, string>> = {
  'unknown-procedure': deskFields.procedure,
  'procedure-replaced': deskFields.procedure,
  'dossier-of-another-procedure': deskFields.procedure,
  'dossier-of-another-person': deskFields.number,
  'owner-mismatch': deskFields.number,
  'owner-deceased': deskFields.number,
  'personal-number-malformed': deskFields.number,
};

export const faultsOf = (failure: Failure, otherwise: string, language: 'vi' | 'en'): Fault[] => [
  {
    field: FIELD[failure.code ?? ''] ?? otherwise,
    text: language === 'vi' ? failure.vi : failure.message,
  },
];
