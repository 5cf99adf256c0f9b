/** A whole vault with papers of the demonstration's people, and callers of every kind, for tests of reuse and consent. */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseConfig } from '../../src/config/index.ts';
import { Browser } from '../../src/main-job/browser.ts';
import { makeScan } from '../../src/main-job/sample-scan.ts';
import { SystemClient } from '../../src/main-job/system-client.ts';
import { createVault, type Vault } from '../../src/vault.ts';
import { createTestDatabase, type TestDatabase } from './test-database.ts';

export const LAN = { personalNumber: '000190000017', fullName: 'Nguyễn Thị Lan', birthDate: '1990-05-04' };
export const HUNG = { personalNumber: '000085000024', fullName: 'Trần Văn Hùng', birthDate: '1985-01-20' };
export const SAU = { personalNumber: '000148000048', fullName: 'Lê Thị Sáu', birthDate: '1948-09-02' };
export const AN = { personalNumber: '000221000203', fullName: 'Nguyễn Gia An', birthDate: '2021-06-01' };
export type Claim = typeof LAN;

export interface Reply<T = Record<string, unknown>> {
  readonly status: number;
  readonly body: T;
  readonly headers: Headers;
}

export interface Component {
  readonly component: string;
  readonly outcome: string;
  readonly parameter: string | null;
  readonly estimatedAt: string | null;
  readonly successor: string | null;
  readonly match: readonly { field: string; result: string }[];
  readonly correction: { procedure: string | null; agency: string | null } | null;
  readonly document: { id: string } | null;
}

export interface Answer {
  readonly id: string;
  readonly match: readonly { field: string; result: string }[];
  readonly components: readonly Component[];
  readonly linkedSteps: readonly unknown[];
  readonly notFoundStatement: string | null;
}

export class ReuseVault implements AsyncDisposable {
  readonly vault: Vault;
  readonly db: TestDatabase;
  readonly #folder: string;
  readonly #systems = new Map<string, SystemClient>();
  #sequence = Math.floor(Math.random() * 9000);

  private constructor(vault: Vault, db: TestDatabase, folder: string) {
    this.vault = vault;
    this.db = db;
    this.#folder = folder;
  }

  static async open(): Promise<ReuseVault> {
    const db = await createTestDatabase();
    const folder = await mkdtemp(join(tmpdir(), 'motlan-reuse-'));
    const config = parseConfig({ VAULT_DATA_DIR: folder, DATABASE_URL: db.url, LOG_LEVEL: 'error' });
    return new ReuseVault(await createVault({ ...config, port: 0 }), db, folder);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.vault.close();
    await this.db[Symbol.asyncDispose]();
    await rm(this.#folder, { recursive: true, force: true });
  }

  async system(clientId = 'tthc-h24'): Promise<SystemClient> {
    const known = this.#systems.get(clientId);
    if (known) return known;
    const opened = await SystemClient.open({
      url: this.vault.url,
      keyFolder: join(this.#folder, 'keys'),
      clientId,
      scopes: ['documents:deposit', 'documents:status', 'dossiers:write', 'reuse:request', 'reuse:retrieve'],
    });
    this.#systems.set(clientId, opened);
    return opened;
  }

  /** A person's browser, signed in at the development issuer. */
  async person(subject: string): Promise<Person> {
    const browser = new Browser(this.vault.url);
    await browser.signIn(subject);
    return new Person(browser);
  }

  async call<T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    options: { clientId?: string; key?: string } = {},
  ): Promise<Reply<T>> {
    const system = await this.system(options.clientId);
    const response = await system.answer(path, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      headers: {
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(method === 'POST' ? { 'Idempotency-Key': options.key ?? randomUUID() } : {}),
      },
    });
    const text = await response.text();
    const json = /json/.test(response.headers.get('content-type') ?? '');
    return {
      status: response.status,
      headers: response.headers,
      body: (json ? JSON.parse(text) : text) as T,
    };
  }

  async dossier(owner: Claim, procedure = '1.004222', state = 'received', code?: string): Promise<string> {
    this.#sequence += 1;
    const now = new Date();
    const day = now.toISOString().slice(2, 10).replaceAll('-', '');
    const name = code ?? `H24.991-${day}-${String(this.#sequence).padStart(4, '0')}`;
    const reply = await this.call('PUT', `/api/v1/agencies/H24.991/dossiers/${name}`, {
      procedure,
      owner,
      state,
      receivedAt: new Date(now.getTime() - 60_000).toISOString(),
      ...(state === 'closed' || state === 'finished' ? { finishedAt: now.toISOString() } : {}),
    });
    if (reply.status > 299) throw new Error(`dossier: ${JSON.stringify(reply.body)}`);
    return name;
  }

  async land(owner: Claim, symbol = `MH ${this.#sequence}`): Promise<string> {
    return this.#deposit(owner, {
      type: 'LOCAL.LAND-CERTIFICATE',
      provenance: 'counter-scan',
      symbol,
      issuedOn: '2020-08-01',
      metadata: {
        certificateSerial: symbol,
        parcelNumber: '118',
        mapSheet: '7',
        landAddress: 'Xã Thanh Bình (minh họa)',
        area: 96.5,
      },
    });
  }

  async birth(owner: Claim): Promise<string> {
    return this.#deposit(owner, {
      type: 'KQ.G15.000031',
      provenance: 'electronic-result',
      symbol: '118/2026',
      issuedOn: '2026-02-03',
      metadata: {
        fullName: owner.fullName,
        birthDate: owner.birthDate,
        birthPlace: 'Tỉnh Quảng Nam',
        registrationNumber: '118',
        bookNumber: '02/2026',
        registrationDate: '2026-02-03',
      },
    });
  }

  async #deposit(owner: Claim, paper: Record<string, unknown>): Promise<string> {
    const form = new FormData();
    form.set('metadata', JSON.stringify({ agency: 'H24.991', issuer: 'H24.991', owners: [owner], ...paper }));
    form.set(
      'file',
      new Blob([Uint8Array.from(await makeScan(new Date()))], { type: 'application/pdf' }),
      'scan.pdf',
    );
    const response = await (await this.system()).answer('/api/v1/documents', {
      method: 'POST',
      body: form,
      headers: { 'Idempotency-Key': randomUUID() },
    });
    const receipt = (await response.json()) as { documentId: string };
    if (response.status !== 201) throw new Error(`deposit: ${JSON.stringify(receipt)}`);
    return receipt.documentId;
  }

  /** Asks for a dossier; the rest of the body overrides. */
  ask(
    owner: Claim,
    dossier: string,
    more: Record<string, unknown> = {},
    options: { key?: string; clientId?: string } = {},
  ): Promise<Reply<Answer>> {
    return this.call<Answer>(
      'POST',
      '/api/v1/reuse-requests',
      {
        agency: 'H24.991',
        procedure: '1.004222',
        dossier,
        owner,
        components: ['legal-residence'],
        purpose: 'Đăng ký thường trú',
        ...more,
      },
      options,
    );
  }

  /** Puts the question and lets the owner allow it. @returns the consent */
  async consent(requestId: string, owner: Person, component = 'legal-residence'): Promise<string> {
    const asked = await this.call<{ questions: { id: string }[] }>(
      'POST',
      `/api/v1/reuse-requests/${requestId}/consent-questions`,
      { components: [component] },
    );
    const id = asked.body.questions[0]?.id ?? '';
    const answered = await owner.allow(id);
    if (answered.status !== 200) throw new Error(`consent: ${JSON.stringify(answered.body)}`);
    return id;
  }

  async events(type: string): Promise<number> {
    const [row] = await this.db.database.read<{ n: number }>(
      'SELECT count(*)::int AS n FROM ledger_event WHERE type = $1::text',
      [type],
    );
    return row?.n ?? 0;
  }
}

export class Person {
  readonly browser: Browser;

  constructor(browser: Browser) {
    this.browser = browser;
  }

  async call<T = Record<string, unknown>>(method: string, path: string, body?: unknown): Promise<Reply<T>> {
    const { response } = await this.browser.open(path, {
      method,
      headers: {
        'Sec-Fetch-Site': 'same-origin',
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const json = /json/.test(response.headers.get('content-type') ?? '');
    return {
      status: response.status,
      headers: response.headers,
      body: (json ? JSON.parse(text) : text) as T,
    };
  }

  async allow(consent: string, decision: 'allow' | 'refuse' = 'allow'): Promise<Reply> {
    const shown = await this.call<{ textSha256: string }>('GET', `/api/v1/me/consents/${consent}`);
    return this.call('POST', `/api/v1/me/consents/${consent}/answer`, {
      decision,
      textSha256: shown.body.textSha256 ?? '0'.repeat(64),
    });
  }
}
