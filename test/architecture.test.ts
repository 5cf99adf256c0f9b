/**
 * The rules of the house that a compiler does not know: what stands at the top, who may import whom, how long a file
 * may be. A rule that stops good work is changed here, with a reason in src/README.md.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, normalize } from 'node:path';
import { expect, test } from '@jest/globals';

/** Files that belong to the project: tracked or about to be. */
const files = listFiles();
const code = files.filter((path) => /^(src|storage|scripts)\/.*\.(tsx?|mjs)$/.test(path));
const textOf = (path: string): string => readFileSync(path, 'utf8');

function listFiles(): string[] {
  try {
    const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { encoding: 'utf8' });
    return listed.split('\n').filter((path) => path !== '' && existsSync(path));
  } catch {
    // An unpacked archive has no git; its own folders are walked instead.
    return ['src', 'storage', 'scripts', 'test', 'prisma/schema', 'prisma/migrations'].flatMap((folder) =>
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => normalize(`${entry.parentPath}/${entry.name}`)),
    );
  }
}

test('nothing new stands at the top', () => {
  const expected = new Set([
    ...[
      '.ci',
      '.env.example',
      '.gitignore',
      '.npmrc',
      '.nvmrc',
      '.oxlintrc.json',
      'biome.json',
      'CHANGELOG.md',
    ],
    ...['CONTRIBUTING.md', 'LICENSE', 'README.md', 'SECURITY.md', 'jest.config.js', 'package-lock.json'],
    ...[
      'package.json',
      'prisma',
      'prisma.config.ts',
      'scripts',
      'src',
      'storage',
      'test',
      'tsconfig.build.json',
    ],
    'tsconfig.json',
  ]);
  const top = new Set(files.map((path) => path.split('/')[0] ?? ''));
  expect([...top].filter((name) => !expected.has(name))).toEqual([]);
});

test('every source file begins with what it is for', () => {
  expect(code.filter((path) => !/^(#!.*\n)?(\/\*\*|\/\/)/.test(textOf(path)))).toEqual([]);
});

/** Whole where they are: a parser and a use case that read worse in two files. Nothing is added to this list. */
const LONG_ALREADY = new Set(['src/pdf/parser.ts']);

test('no source file is longer than 400 lines: split it by idea', () => {
  const long = code.filter((path) => !LONG_ALREADY.has(path) && textOf(path).split('\n').length > 401);
  expect(long).toEqual([]);
});

test('no folder or file is a drawer for odds and ends', () => {
  expect(code.filter((path) => /(^|\/)(utils?|helpers?|common|misc|types\.ts)(\/|$)/.test(path))).toEqual([]);
});

const LAYERS_BELOW = ['platform', 'config', 'http', 'web', 'identity', 'ledger'];
const FILES = ['asn1', 'pdf', 'signing', 'verification'];
/** Whom each module may import. A module that is missing here needs a row, and a reason in src/README.md. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  asn1: [],
  config: [],
  spreadsheet: ['platform'],
  platform: ['config'],
  pdf: ['platform'],
  signing: ['asn1', 'pdf', 'platform'],
  verification: ['asn1', 'pdf', 'signing', 'platform', 'http', 'web'],
  http: ['identity', 'platform', 'config', 'web'],
  web: ['http', 'platform', 'identity'],
  ledger: ['platform', 'http', 'web', 'identity'],
  identity: ['platform', 'config', 'http', 'web', 'ledger'],
  catalogue: [...LAYERS_BELOW, 'spreadsheet'],
  documents: [...LAYERS_BELOW, ...FILES, 'catalogue'],
  digitisation: [...LAYERS_BELOW, ...FILES, 'catalogue', 'documents', 'spreadsheet'],
  issuance: [...LAYERS_BELOW, ...FILES, 'catalogue', 'documents', 'spreadsheet'],
  consent: [...LAYERS_BELOW, 'catalogue', 'documents'],
  reuse: [...LAYERS_BELOW, 'pdf', 'verification', 'catalogue', 'documents', 'consent'],
  preparation: [...LAYERS_BELOW, 'catalogue', 'documents'],
  delivery: [...LAYERS_BELOW, 'catalogue', 'documents', 'consent'],
  statistics: [...LAYERS_BELOW, 'catalogue', 'spreadsheet'],
  backup: ['platform', 'ledger'],
  client: ['http'],
  'main-job': ['verification'],
};

interface Import {
  readonly from: string;
  readonly to: string;
  readonly typeOnly: boolean;
}

const imports: readonly Import[] = code.flatMap((from) => {
  const found = textOf(from).matchAll(/^(?:import|export)\s+(type\s)?([^;'"]*?)from\s+'(\.[^']+)'/gm);
  return [...found].map(([, type, names = '', target = '']) => {
    const inBraces = /^\{([^}]*)\}\s*$/.exec(names.trim())?.[1];
    const onlyTypes = inBraces
      ?.split(',')
      .filter((name) => name.trim() !== '')
      .every((name) => name.trim().startsWith('type '));
    return {
      from,
      to: normalize(`${dirname(from)}/${target}`),
      typeOnly: type !== undefined || onlyTypes === true,
    };
  });
});

const moduleOf = (path: string): string | undefined => /^src\/([^/]+)\//.exec(path)?.[1];
const between = imports.filter(({ from, to }) => {
  const [importer, imported] = [moduleOf(from), moduleOf(to)];
  return importer !== undefined && imported !== undefined && importer !== imported;
});
const shown = ({ from, to }: Import): string => `${from} → ${to}`;

test('modules import only those below them', () => {
  const wrong = between.filter(
    ({ from, to }) => !MAY_IMPORT[moduleOf(from) ?? '']?.includes(moduleOf(to) ?? ''),
  );
  expect(wrong.map(shown)).toEqual([]);
});

/** Files that are faces beside `index.ts`: small, and imported without the weight of their module. */
const FACES = [
  /^src\/(platform|config|pdf|asn1|web)\//,
  /^src\/identity\/actor\.ts$/,
  /^src\/http\//,
  /^src\/ledger\/log\//,
  /^src\/verification\/(report-page|verification-routes)\.ts$/,
  /\/index\.ts$/,
];

test('modules meet at their faces', () => {
  const wrong = between.filter(({ to, typeOnly }) => !typeOnly && !FACES.some((face) => face.test(to)));
  expect(wrong.map(shown)).toEqual([]);
});

test('the code of modules has no circle; who calls (identity/actor.ts) is the one model that all may know', () => {
  const node = (path: string): string =>
    path === 'src/identity/actor.ts' ? 'actor' : (moduleOf(path) ?? path);
  const after = new Map<string, Set<string>>();
  for (const { from, to, typeOnly } of between) {
    if (typeOnly) continue;
    const next = after.get(node(from)) ?? new Set();
    after.set(node(from), next.add(node(to)));
  }
  expect(circleIn(after)).toEqual([]);
});

function circleIn(after: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const done = new Set<string>();
  const visit = (at: string, path: readonly string[]): string[] => {
    if (path.includes(at)) return [...path.slice(path.indexOf(at)), at];
    if (done.has(at)) return [];
    for (const next of after.get(at) ?? []) {
      const circle = visit(next, [...path, at]);
      if (circle.length > 0) return circle;
    }
    done.add(at);
    return [];
  };
  for (const start of after.keys()) {
    const circle = visit(start, []);
    if (circle.length > 0) return circle;
  }
  return [];
}

test('signing, the log and the readers of files know nothing of the service', () => {
  const pure = /^src\/(asn1|pdf|signing|ledger\/log)\//;
  const wrong = imports.filter(
    ({ from, to }) => pure.test(from) && !pure.test(to) && !/^src\/platform\//.test(to),
  );
  expect(wrong.map(shown)).toEqual([]);
});

test('only the platform and repositories touch the generated client', () => {
  const wrong = imports.filter(
    ({ from, to }) =>
      to.startsWith('prisma/generated') && !/^(src\/platform|scripts)\/|-repository\.ts$/.test(from),
  );
  expect(wrong.map(shown)).toEqual([]);
});

test('folder pages stay readable: 120 lines at most', () => {
  const pages = files.filter((path) => path.endsWith('README.md') && path !== 'README.md');
  expect(pages.filter((path) => textOf(path).trimEnd().split('\n').length > 120)).toEqual([]);
});

test('nothing is left for later, and no path of somebody’s machine is kept', () => {
  const marks = ['TO' + 'DO', 'FIX' + 'ME', 'XX' + 'X:', '@ts-' + 'ignore', '/ro' + 'ot/', '/ho' + 'me/'];
  const wrong = files
    .filter((path) => /\.(tsx?|mjs|js|md|sql|prisma)$/.test(path))
    .filter((path) => marks.some((mark) => textOf(path).includes(mark)));
  expect(wrong).toEqual([]);
});
