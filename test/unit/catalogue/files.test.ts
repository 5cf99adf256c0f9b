import { describe, expect, test } from '@jest/globals';
import { Catalogue } from '../../../src/catalogue/catalogue.ts';
import { checkImport } from '../../../src/catalogue/catalogue-check.ts';
import { readCatalogueFiles } from '../../../src/catalogue/catalogue-files.ts';
import { isReusable } from '../../../src/catalogue/document-type.ts';
import { demoCatalogueFiles, shippedCatalogueFiles } from '../../../src/catalogue/shipped-catalogue.ts';

const nothing = { units: [], agencies: [], documentTypes: [], procedures: [] };
const file = (name: string, text: string) => ({ name, bytes: new TextEncoder().encode(text) });

function importAll(files = [...shippedCatalogueFiles(), ...demoCatalogueFiles()]) {
  const { entries, problems } = readCatalogueFiles(files);
  const checked = checkImport(nothing, entries);
  return { catalogue: new Catalogue(checked.merged), problems: [...problems, ...checked.problems] };
}

describe('the shipped catalogue', () => {
  const { catalogue, problems } = importAll();
  const today = '2026-11-24';

  test('has no fault', () => expect(problems).toEqual([]));

  test('knows 34 provinces today and 63 before July 2025', () => {
    const provinces = (at: string) =>
      catalogue.entries.units.filter(
        (unit) => unit.level === 'province' && unit.validFrom <= at && (unit.validTo ?? '9999') >= at,
      );
    expect(provinces(today)).toHaveLength(34);
    expect(provinces('2025-06-30')).toHaveLength(63);
    expect(catalogue.unit('15', '2025-06-30')?.names.vi).toBe('Tỉnh Yên Bái');
    expect(catalogue.unit('15', today)?.names.vi).toBe('Tỉnh Lào Cai');
    expect(catalogue.presentUnit('49', '2024-01-01', today)?.names.vi).toBe('Thành phố Đà Nẵng');
    expect(catalogue.presentUnit('52', '2024-01-01', today)?.names.vi).toBe('Tỉnh Gia Lai');
    expect(catalogue.presentUnit('01', '2024-01-01', today)?.code).toBe('01');
  });

  test('every one of the 63 old provinces leads to one of the 34', () => {
    const present = new Set<string>();
    for (const unit of catalogue.entries.units.filter((each) => each.validFrom === '2008-08-01')) {
      if (unit.level !== 'province') continue;
      const now = catalogue.presentUnit(unit.code, '2020-01-01', today);
      expect(now).toBeDefined();
      if (now) present.add(now.code);
    }
    expect(present.size).toBe(34);
  });

  test('has the types, procedures and linked groups', () => {
    expect(catalogue.documentTypes(today).length).toBeGreaterThanOrEqual(28);
    expect(catalogue.procedures(today).length).toBeGreaterThanOrEqual(25);
    expect(catalogue.procedure('3.000722', today)?.linkedSteps).toHaveLength(4);
    expect(catalogue.replacementOf('2.002621', today)?.code).toBe('3.000722');
    expect(catalogue.procedure('2.002621', today)).toBeUndefined();
    const verified = catalogue.documentTypes(today).filter((type) => type.codeVerified);
    expect(verified.map((type) => type.code).sort()).toEqual([
      'KQ.G15.000031',
      'KQ.G15.000032',
      'KQ.G15.000037',
    ]);
  });

  test('no type lets a self-upload be reused', () => {
    for (const type of catalogue.entries.documentTypes) expect(isReusable(type, 'self-upload')).toBe(false);
  });

  test('the diploma is issued by the principal from 15 April 2026', () => {
    expect(catalogue.documentType('LOCAL.UPPER-SECONDARY-DIPLOMA', '2026-04-14')?.issuerKinds).toEqual([
      'education-department',
    ]);
    expect(catalogue.documentType('LOCAL.UPPER-SECONDARY-DIPLOMA', '2026-04-15')?.issuerKinds).toContain(
      'school',
    );
  });

  test('the registers of an abolished district office go to their keepers, group by group', () => {
    const education = catalogue.presentKeeper('H24.990.01', today, 'education');
    expect(education).toMatchObject({ found: true, keeper: { id: 'H24.901' } });
    expect(catalogue.presentKeeper('H24.990.01', today, 'other')).toMatchObject({
      keeper: { id: 'H24.991' },
    });
    expect(catalogue.presentKeeper('H24.990.01', today)).toMatchObject({ found: false });
    expect(catalogue.presentKeeper('H24.990.01', '2025-06-30')).toMatchObject({
      keeper: { id: 'H24.990.01' },
    });
    expect(catalogue.presentKeeper('H23', today)).toMatchObject({
      keeper: { id: 'H24' },
      path: ['H23', 'H24'],
    });
    expect(catalogue.presentKeeper('000.00.00.H23', today)).toMatchObject({ keeper: { id: 'H24' } });
    expect(catalogue.presentKeeper('H99', today)).toMatchObject({ found: false });
  });
});

describe('files with faults', () => {
  const head = 'code,codeVerified,level,names.vi,names.en,parent,predecessors,validFrom,validTo,source\n';

  test('name the line and the column', () => {
    const { problems } = importAll([
      file(
        'units.csv',
        `${head}7,false,province,A,A,,,2025-07-01,,s\n71,false,kingdom,B,B,,,2025-02-30,,s\n`,
      ),
    ]);
    expect(problems.map(({ file: name, row, column }) => `${name}:${row}:${column}`)).toEqual([
      'units.csv:2:code',
      'units.csv:3:level',
      'units.csv:3:validFrom',
    ]);
  });

  test('overlapping versions, unknown codes and circles are refused', () => {
    const { problems } = importAll([
      file(
        'units.csv',
        `${head}71,false,province,A,A,,,2025-07-01,,s\n71,false,province,A,A,72,,2026-07-01,,s\n`,
      ),
    ]);
    expect(problems.map(({ row, column }) => `${row}:${column}`).sort()).toEqual([
      '2:validFrom',
      '3:parent',
      '3:validFrom',
    ]);
    const agency = (id: string, next: string) => ({
      id,
      codeVerified: false,
      level: 'province',
      kind: 'province-committee',
      names: { vi: 'a', en: 'a' },
      successors: [{ agency: next, from: '2025-07-01' }],
      validFrom: '2020-01-01',
      source: 's',
    });
    const circle = importAll([
      file(
        'a.json',
        JSON.stringify({ kind: 'agencies', entries: [agency('H01', 'H02'), agency('H02', 'H01')] }),
      ),
    ]);
    expect(circle.problems[0]?.message).toContain('circle');
  });

  test('other files are refused with what to do', () => {
    for (const each of [
      file('units.xlsx', 'x'),
      file('other.csv', 'a,b\n1,2\n'),
      file('a.json', '{'),
      file('b.json', '{"kind":"people","entries":[]}'),
      file('units.csv', 'a,"b\n'),
      { name: 'units.csv', bytes: new Uint8Array([0xff, 0xfe, 0x41]) },
    ]) {
      expect(importAll([each]).problems).toHaveLength(1);
    }
  });

  test('a hostile heading reaches no prototype', () => {
    importAll([file('units.csv', '__proto__.polluted,constructor.prototype.polluted\ntrue,true\n')]);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});
