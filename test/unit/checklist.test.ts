import { expect, test } from '@jest/globals';
import type { DocumentFacts } from '../../src/documents/index.ts';
import { checklistOf } from '../../src/preparation/checklist.ts';
import { shippedCatalogue as catalogue } from '../support/shipped-catalogue.ts';

const today = '2026-11-24';
const procedure = catalogue.procedure('1.004222', today);
if (!procedure) throw new Error('the shipped catalogue has no procedure 1.004222');
const birth = (more: Partial<DocumentFacts> = {}): DocumentFacts =>
  ({
    id: 'd1',
    typeCode: 'KQ.G15.000031',
    provenance: 'electronic-result',
    issuedOn: '2026-02-03',
    metadata: {},
    status: { status: 'active' },
    ...more,
  }) as DocumentFacts;
const relation = (
  papers: DocumentFacts[],
  conditions: Record<string, boolean> = { 'joins-relative': true },
) =>
  checklistOf({ procedure, catalogue, today, papers, conditions }).find(
    ({ component }) => component.key === 'relation',
  );

test('a condition that nobody answered is asked; one that does not hold leaves its component out', () => {
  expect(relation([birth()], {})).toMatchObject({ state: 'ask', reason: { en: 'Joins a relative' } });
  expect(relation([birth()], { 'joins-relative': false })).toBeUndefined();
});

test('a paper that will do is found, even behind one that will not', () => {
  expect(relation([])).toMatchObject({ state: 'bring', document: null, required: true });
  expect(relation([birth()])).toMatchObject({ state: 'in-vault', document: { id: 'd1' } });
  const uploaded = birth({ id: 'd2', provenance: 'self-upload' });
  expect(relation([uploaded])).toMatchObject({ state: 'not-usable', document: { id: 'd2' } });
  expect(relation([uploaded, birth()])).toMatchObject({ state: 'in-vault', document: { id: 'd1' } });
});

test('what is revoked, suspended or replaced is never called usable', () => {
  for (const status of [
    'revoked',
    'suspended',
    'superseded',
    'annulled',
    'unverified',
    'rejected',
  ] as const) {
    const paper = birth({ status: { status } as DocumentFacts['status'] });
    expect(relation([paper])?.state).toBe('not-usable');
  }
});

test('forms and papers that are only shown are never looked for', () => {
  const states = checklistOf({ procedure, catalogue, today, papers: [birth()], conditions: {} }).map(
    ({ component, state }) => [component.submission, state],
  );
  for (const [submission, state] of states)
    if (submission !== 'submit') expect(['ask', submission]).toContain(state);
});
