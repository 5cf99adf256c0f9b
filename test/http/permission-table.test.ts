/**
 * The permission table, asked over HTTP: every caller of every relation at every route, on a real thing and on a guessed
 * one. Who is not meant to get an answer is refused, by the same words for the thing as for the guess, and leaves one
 * event. A route that has no row fails, and a wrong cell is told as caller, operation and what came.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Route } from '../../src/http/index.ts';
import { type Asking, CALLERS, type CallerName, createCallers, HERE } from '../support/permission-callers.ts';
import { type Asked, PERMISSION_TABLE, type Row, type Scene } from '../support/permission-table.ts';
import { COMPONENT, createThings } from '../support/permission-things.ts';
import { createWholeVault, type WholeVault } from '../support/whole-vault.ts';

const GUESS = '01900000-0000-7000-8000-000000000000';
let site: WholeVault;
let scene: Scene;

beforeAll(async () => {
  site = await createWholeVault();
  const callers = await createCallers(site);
  scene = { site, callers, things: await createThings(site, callers) };
}, 60_000);
afterAll(async () => {
  await site?.[Symbol.asyncDispose]();
});

test('every route has a name and a row of its own, and every row a route', () => {
  const routes = site.vault.routes.map(({ declaration }) => declaration.operationId);
  const rows = Object.keys(PERMISSION_TABLE);
  expect(routes.filter((operation, at) => routes.indexOf(operation) !== at)).toEqual([]);
  expect(
    routes.filter((operation) => !rows.includes(operation)).map((name) => `${name}: add its row`),
  ).toEqual([]);
  expect(rows.filter((operation) => !routes.includes(operation))).toEqual([]);
});

test('every cell holds', async () => {
  const wrong: string[] = [];
  for (const route of site.vault.routes) {
    const row = PERMISSION_TABLE[route.declaration.operationId];
    if (row) wrong.push(...(await tryRow(route, row)));
  }
  expect(wrong).toEqual([]);
}, 300_000);

interface Outcome {
  readonly status: number;
  readonly refused: boolean;
  /** What a refusal says, for comparing one with another. */
  readonly words: string;
}

async function tryRow(route: Route, row: Row): Promise<string[]> {
  const { declaration } = route;
  let made = (await row.prepare?.(scene)) ?? {};
  const path = (guess: boolean): string => pathOf(declaration.path, made, guess);
  const guessable = !row.nothingToGuess && !row.gate && /\{(?!agency\})/.test(declaration.path);
  const ask = async (caller: CallerName, guess: boolean): Promise<Outcome> => {
    const asking = scene.callers.asking.get(caller) as Asking;
    const asked = (await row.request?.({ ...scene, made })) ?? {};
    const page = declaration.page === true;
    const init = { method: declaration.method.toUpperCase(), page, ...(await bodyOf(asked)) };
    return outcomeOf(await asking(`${path(guess)}${asked.query ?? ''}`, init));
  };
  // Where the operation is about no thing of the commune, one caller of a role stands for those of every relation.
  const relational = row.gate === undefined && (/\{/.test(declaration.path) || row.nothingToGuess === true);
  const callers = row.only ?? (relational ? CALLERS : CALLERS.filter(standsForRole));
  const told = (caller: CallerName, what: string): string =>
    `${caller} → ${declaration.operationId}: ${what}`;
  if (row.answers === 'everyone') {
    const some: readonly CallerName[] = row.only ?? [
      'stranger',
      'citizen/none',
      'operator/same',
      'system/same',
    ];
    const outcomes = await Promise.all(
      some.map(async (caller) => [caller, await ask(caller, false)] as const),
    );
    return outcomes
      .filter(([, { status }]) => status >= 500 || (status === 401 && !declaration.page))
      .map(([caller, { status }]) => told(caller, `expected an answer, got ${status}`));
  }
  const wrong: string[] = [];
  const through = row.answers ?? row.reaches ?? row.gate ?? [];
  const before = await site.count('access.denied');
  let refusals = 0;
  await inTurns(
    callers.filter((each) => !through.includes(each)),
    8,
    async (caller) => {
      const real = await ask(caller, false);
      refusals += 1;
      if (!real.refused) wrong.push(told(caller, `expected a refusal, got ${real.status}`));
      if (!guessable) return;
      const guessed = await ask(caller, true);
      refusals += 1;
      if (guessed.words !== real.words && !row.mayKnow?.includes(caller))
        wrong.push(told(caller, `the thing is told from a guess: ${real.words} and ${guessed.words}`));
    },
  );
  const denied = (await site.count('access.denied')) - before;
  if (denied !== refusals)
    wrong.push(`${declaration.operationId}: ${refusals} refusals left ${denied} events`);
  const answered = callers.filter((each) => through.includes(each));
  // What one answer uses up is made anew for the next, so these come one by one.
  await inTurns(answered, row.prepare ? 1 : 8, async (caller) => {
    if (row.answers && guessable) {
      const guessed = await ask(caller, true);
      if (!guessed.refused && guessed.status !== 422)
        wrong.push(told(caller, `a guess was answered with ${guessed.status}`));
    }
    if (row.prepare && caller !== through[0]) made = await row.prepare(scene);
    const real = await ask(caller, false);
    const reached = row.answers
      ? !real.refused
      : real.status === 404 || !real.refused || (row.gate !== undefined && real.status === 403);
    if (!reached || real.status >= 500)
      wrong.push(told(caller, `expected an answer, got ${real.status} ${real.words}`));
  });
  return wrong;
}

const standsForRole = (caller: CallerName): boolean =>
  ['stranger', 'citizen/none', 'citizen/own-level-1'].includes(caller) ||
  (!caller.startsWith('citizen/') && !caller.endsWith('/other'));

/** A few at a time, so that the table is done soon and the vault is not flooded. */
async function inTurns<T>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const left = [...items];
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item);
    }),
  );
}

function pathOf(path: string, made: Readonly<Record<string, string>>, guess: boolean): string {
  const { things } = scene;
  const real: Readonly<Record<string, string>> = {
    agency: HERE,
    code: path.includes('dossiers')
      ? things.dossier
      : path.includes('kiem-tra')
        ? things.verificationCode
        : things.procedure,
    id: path.startsWith('/ai-da-xem')
      ? things.eventId
      : path.startsWith('/yeu-cau')
        ? things.reuseRequestId
        : things.documentId,
    component: COMPONENT,
    documentId: things.documentId,
    reuseRequestId: things.reuseRequestId,
    consentId: things.consentId,
    organisation: things.organisation,
    client: 'no-such-client',
    ...made,
  };
  const guesses: Readonly<Record<string, string>> = {
    agency: HERE,
    code: path.includes('dossiers') ? 'H24.991-991231-9999' : 'ZZZZ-ZZZZ-ZZZZ-ZZZZ',
    component: COMPONENT,
    client: 'no-such-client',
  };
  return path.replace(/\{(\w+)\}/g, (_, name: string) => (guess ? guesses[name] : real[name]) ?? GUESS);
}

async function bodyOf(asked: Asked): Promise<RequestInit> {
  const { headers } = asked;
  if (asked.body) return { headers, body: await asked.body() };
  if (asked.fields)
    return {
      body: new URLSearchParams(asked.fields).toString(),
      headers: { ...headers, 'Content-Type': 'application/x-www-form-urlencoded' },
    };
  return asked.json === undefined
    ? { headers }
    : { body: JSON.stringify(asked.json), headers: { ...headers, 'Content-Type': 'application/json' } };
}

async function outcomeOf(response: Response): Promise<Outcome> {
  const { status } = response;
  const toSignIn = status === 303 && (response.headers.get('location') ?? '').startsWith('/dang-nhap');
  const refused = toSignIn || status === 401 || status === 403 || status === 404;
  const json = /json/.test(response.headers.get('content-type') ?? '');
  if (!refused || !json) {
    await response.body?.cancel();
    return { status, refused, words: String(status) };
  }
  const { type, detail } = (await response.json()) as { type: string; detail: string };
  return { status, refused, words: `${status} ${type} ${detail}` };
}
