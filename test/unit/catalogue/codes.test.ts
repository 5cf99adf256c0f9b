import { expect, test } from '@jest/globals';
import {
  parseAgencyId,
  parseDocumentTypeCode,
  parseDossierCode,
  parseLegacyAgencyCode,
  parseProcedureCode,
  parseResultCode,
  parseUnitCode,
} from '../../../src/catalogue/codes.ts';

test('codes that are right are read into their parts', () => {
  expect(parseAgencyId(' h55.242 ')).toEqual({ ok: true, value: 'H55.242' });
  expect(parseAgencyId('Z01ABC.9').ok).toBe(true);
  expect(parseLegacyAgencyCode('000.06.16.G09').ok).toBe(true);
  expect(parseProcedureCode('1.001193.000.00.00.H55')).toEqual({
    ok: true,
    value: { code: '1.001193', localisedFor: '000.00.00.H55' },
  });
  expect(parseDossierCode('H55.242-260115-0007')).toEqual({
    ok: true,
    value: { code: 'H55.242-260115-0007', unit: 'H55.242', receivedOn: '2026-01-15', sequence: '0007' },
  });
  expect(parseDossierCode('000.00.16.H55-260115-0007').ok).toBe(true);
  expect(parseResultCode('H55.242-260115-0007-KQ(2)')).toMatchObject({
    ok: true,
    value: { code: 'H55.242-260115-0007-KQ2', ordinal: 2 },
  });
  expect(parseDocumentTypeCode('KQ.G15.000031').ok).toBe(true);
  expect(parseUnitCode('31').ok).toBe(true);
});

test('codes that are wrong say what a right one looks like', () => {
  const wrong = [
    parseAgencyId('H5'),
    parseAgencyId(`H55.${'9'.repeat(40)}`),
    parseAgencyId('H55..1'),
    parseProcedureCode('1.00119'),
    parseProcedureCode('1.001193.what?'),
    parseDossierCode('H55.242-260230-0007'),
    parseDossierCode('H55.242-260115'),
    parseResultCode('H55.242-260115-0007-KQ0'),
    parseDocumentTypeCode('LOCAL.--'),
    parseUnitCode('00'),
    parseUnitCode('1234'),
  ];
  for (const result of wrong) {
    expect(result.ok).toBe(false);
    if (!result.ok) expect(result.problem.vi).toContain('ví dụ');
  }
});
