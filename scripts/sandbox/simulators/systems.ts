/** How each simulated system behaves, with the invented people of the demonstration. */
import { randomUUID } from 'node:crypto';
import type { Behaviour } from './simulator.ts';

const PEOPLE: Readonly<Record<string, { name: string; birthDate: string; alive: boolean }>> = {
  '000190000017': { name: 'NGUYỄN THỊ LAN', birthDate: '1990-05-04', alive: true },
  '000085000024': { name: 'TRẦN VĂN HÙNG', birthDate: '1985-01-20', alive: true },
  '000148000048': { name: 'LÊ THỊ SÁU', birthDate: '1948-09-02', alive: true },
};

const plain = (text: string): string =>
  text.normalize('NFD').replace(/\p{M}/gu, '').replace(/đ/gi, 'd').toLowerCase().trim();

function match(question: Record<string, unknown>): unknown {
  const person = PEOPLE[String(question.personalNumber)];
  if (!person) return { number: 'unknown', name: 'not-said', birthDate: 'not-said', alive: null };
  const said = String(question.fullName);
  const name =
    said.normalize('NFC').toLocaleUpperCase('vi') === person.name
      ? 'exact'
      : plain(said) === plain(person.name)
        ? 'spelling'
        : 'differs';
  const birthDate = question.birthDate === person.birthDate ? 'exact' : 'differs';
  return { number: 'exact', name, birthDate, alive: person.alive };
}

const CHANGES = [
  {
    id: 'e1',
    kind: 'birth',
    personalNumber: '000221000203',
    registeredOn: '2026-11-20',
    registry: 'H24.991',
  },
  {
    id: 'e2',
    kind: 'death',
    personalNumber: '000050000011',
    registeredOn: '2026-11-21',
    registry: 'H24.991',
  },
];

const accept = (): unknown => ({ accepted: true, reference: `ref-${randomUUID()}` });

export const SYSTEMS: Readonly<Record<string, Behaviour>> = {
  'procedure-system': {
    'dossier-state': ({ dossier }) => ({ dossier, state: 'received', since: '2026-11-24T02:00:00Z' }),
  },
  'national-vault': {
    feed: accept,
    resolve: ({ types }) => ({
      papers: (types as string[])
        .slice(0, 1)
        .map((type) => ({ type, keeper: 'kho.h17.example.vn', reference: 'r-1' })),
    }),
  },
  population: { match },
  'civil-status': {
    changes: ({ after }) => {
      const from = after === null ? 0 : CHANGES.findIndex(({ id }) => id === after) + 1;
      const changes = CHANGES.slice(from);
      return { changes, last: changes.at(-1)?.id ?? after };
    },
  },
  merit: {
    entitlements: ({ personalNumber }) => ({
      entitlements: personalNumber === '000148000048' ? [{ code: 'me-liet-si', since: '1995-09-02' }] : [],
    }),
  },
  'linked-procedures': { bundle: accept },
  education: {
    diplomas: ({ items }) => ({
      accepted: (items as { document: string }[]).map(({ document }) => document),
      rejected: [],
    }),
  },
  'sign-in': {},
};

/** The service platform: the operation is the last part of the path, whichever system it is for. */
export const LGSP: Behaviour = Object.assign({}, ...Object.values(SYSTEMS)) as Behaviour;
