/**
 * The whole vault, listening, over a database of its own and files in a throw-away folder, with the demonstration's
 * people and systems. Callers are signed-in browsers and systems with tokens; both send JSON and forms alike.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseConfig } from '../../src/config/index.ts';
import { SCOPES, type Scope } from '../../src/identity/index.ts';
import { SystemClient } from '../../src/main-job/system-client.ts';
import type { Database } from '../../src/platform/database.ts';
import { createVault, type Vault } from '../../src/vault.ts';
import { Browser } from './identity-site.ts';
import { makePdf } from './pdf.ts';
import { createTestDatabase } from './test-database.ts';

/** Anybody who sends requests: signed in, a system, or nobody. */
export interface Caller {
  raw(method: string, path: string, init?: RequestInit): Promise<Response>;
  send(method: string, path: string, body?: unknown): Promise<Answer>;
}

export interface Answer {
  readonly status: number;
  /* oxlint-disable typescript/no-explicit-any */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of many shapes
  readonly body: any;
  /* oxlint-enable typescript/no-explicit-any */
  readonly headers: Headers;
}

export interface WholeVault extends AsyncDisposable {
  readonly vault: Vault;
  readonly database: Database;
  readonly folder: string;
  /** Signed in at the development issuer; once per person. */
  person(subject: string): Promise<Caller>;
  system(clientId: string, scopes: readonly Scope[]): Promise<Caller>;
  readonly nobody: Caller;
  /** Ids of demonstration people by personal number, and of the company and the child. */
  idOf(personalNumber: string): Promise<string>;
  count(eventType: string): Promise<number>;
}

export async function createWholeVault(env: Record<string, string> = {}): Promise<WholeVault> {
  await using stack = new AsyncDisposableStack();
  const { database, url } = stack.use(await createTestDatabase());
  const folder = await mkdtemp(join(tmpdir(), 'motlan-whole-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const config = parseConfig({ VAULT_DATA_DIR: folder, DATABASE_URL: url, LOG_LEVEL: 'error', ...env });
  const vault = await createVault({ ...config, port: 0 });
  stack.defer(() => vault.close());
  const people = new Map<string, Promise<Caller>>();
  const signIn = async (subject: string): Promise<Caller> => {
    const browser = new Browser(vault.url);
    await browser.signIn(subject);
    return callerOf((path, init) =>
      browser.fetch(path, { ...init, headers: { ...headersOf(init), Origin: vault.url } }),
    );
  };
  const parts = stack.move();
  return {
    vault,
    database,
    folder,
    person: (subject) => {
      const known = people.get(subject) ?? signIn(subject);
      people.set(subject, known);
      return known;
    },
    system: async (clientId, scopes) => {
      const wanted = SCOPES.filter((scope) => scopes.includes(scope));
      const client = await SystemClient.open({
        url: vault.url,
        keyFolder: join(folder, 'keys'),
        clientId,
        scopes: wanted,
      });
      return callerOf((path, init) => client.answer(path, init));
    },
    nobody: callerOf((path, init) => fetch(`${vault.url}${path}`, { ...init, redirect: 'manual' })),
    idOf: async (personalNumber) => {
      const [row] = await database.read<{ id: string }>(
        'SELECT id::text FROM person WHERE personal_number = $1',
        [personalNumber],
      );
      if (!row) throw new Error('nobody has this number');
      return row.id;
    },
    count: async (eventType) => {
      const [row] = await database.read<{ n: number }>(
        'SELECT count(*)::int AS n FROM ledger_event WHERE type = $1',
        [eventType],
      );
      return row?.n ?? 0;
    },
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}

const headersOf = (init: RequestInit): Record<string, string> =>
  Object.fromEntries(new Headers(init.headers));

function callerOf(ask: (path: string, init: RequestInit) => Promise<Response>): Caller {
  const raw: Caller['raw'] = (method, path, init = {}) => ask(path, { ...init, method });
  return {
    raw,
    send: async (method, path, body) => {
      const form = body instanceof FormData;
      const response = await raw(method, path, {
        headers: body === undefined || form ? {} : { 'Content-Type': 'application/json' },
        body: form ? body : body === undefined ? undefined : JSON.stringify(body),
      });
      const text = await response.text();
      const json = /json/.test(response.headers.get('content-type') ?? '');
      return { status: response.status, body: json ? JSON.parse(text) : text, headers: response.headers };
    },
  };
}

/** A PDF whose raw bytes hold these words, so that a search of bytes finds them. */
export async function pdfWith(words: string): Promise<Buffer> {
  const pdf = Buffer.from(await makePdf());
  const header = pdf.indexOf('\n', pdf.indexOf('\n') + 1) + 1;
  // A comment between header and body would move the cross-reference table; behind the last line it moves nothing.
  return header > 0 ? Buffer.concat([pdf, Buffer.from(`%${words}\n`)]) : pdf;
}

/** multipart/form-data with a JSON field and files. */
export function form(
  fields: Readonly<Record<string, unknown>>,
  files: readonly { readonly field?: string; readonly bytes: Uint8Array; readonly name?: string }[],
): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields))
    data.set(name, typeof value === 'string' ? value : JSON.stringify(value));
  for (const { field = 'file', bytes, name = 'scan.pdf' } of files)
    data.append(field, new Blob([Uint8Array.from(bytes)]), name);
  return data;
}

export const LAN = { personalNumber: '000190000017', fullName: 'Nguyễn Thị Lan', birthDate: '1990-05-04' };
export const COMPANY = {
  organisation: { registrationNumber: '0000000001', name: 'Công ty TNHH Hoa Phượng (minh họa)' },
};

/** Metadata of a land-use certificate deposited by the demonstration's commune. */
export const landCertificate = (more: Readonly<Record<string, unknown>> = {}) => ({
  agency: 'H24.991',
  type: 'LOCAL.LAND-CERTIFICATE',
  issuer: 'H24.991',
  provenance: 'counter-scan',
  metadata: {
    certificateSerial: 'MH 000118',
    parcelNumber: '118',
    mapSheet: '7',
    landAddress: 'xã Thanh Bình',
    area: 96.5,
  },
  owners: [LAN],
  ...more,
});
