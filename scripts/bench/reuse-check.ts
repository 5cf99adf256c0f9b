/**
 * P2: the reuse check of five components (token, rate limit, papers of two people, outcomes, durable event) against an
 * Express route with one primary-key select, at 10 k and 1 M documents (BENCH_DOCUMENTS=10000000 for another size). The
 * client runs in a process of its own; PostgreSQL is a process of its own on either side.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import { CatalogueService } from '../../src/catalogue/index.ts';
import { OWNED_PAPERS } from '../../src/documents/owned-papers.ts';
import { createApp, IdempotencyKeys, Metrics, RateLimiter } from '../../src/http/index.ts';
import { apiAudience, createAuthenticator } from '../../src/identity/index.ts';
import { payloadDigest } from '../../src/identity/oidc-payload.ts';
import { systemClock as clock } from '../../src/platform/clock.ts';
import { Database } from '../../src/platform/database.ts';
import { removeEmbeddedPostgres, startEmbeddedPostgres } from '../../src/platform/embedded-postgres.ts';
import { createLogger } from '../../src/platform/logger.ts';
import { migrate } from '../../src/platform/migrator.ts';
import {
  Assessor,
  CheckDesk,
  ConsentQuestions,
  PaperRequests,
  ReuseGate,
  type ReuseRetrieval,
  ReuseService,
  reuseRoutes,
  toReply,
} from '../../src/reuse/index.ts';
import { type ComparisonResult, compare, type Range, rangeOf, type Side } from './harness.ts';
import { makeDocuments, makeRequests, personId, requestId } from './support/many-documents.ts';

const COUNT = 600;
const PARALLEL = 16;
const REQUESTS = 600;
const CLIENTS = 30;
const sizes = process.env.BENCH_DOCUMENTS ? [Number(process.env.BENCH_DOCUMENTS)] : [10_000, 1_000_000];
const BASE_URL = 'http://127.0.0.1';

export async function bench(): Promise<Readonly<Record<string, ComparisonResult>>> {
  const results: Record<string, ComparisonResult> = {};
  const costs: number[] = [];
  for (const size of sizes) {
    const folder = await mkdtemp(join(tmpdir(), 'motlan-bench-'));
    const postgres = await startEmbeddedPostgres({ dataDir: join(folder, 'vault') });
    try {
      await migrate(postgres.url);
      await using database = new Database({ url: postgres.url });
      const people = await makeDocuments(database, size);
      await makeRequests(database, REQUESTS, people);
      const tokens = await makeTokens(database);
      const measured = await measure(database, people, tokens);
      costs.push(1 / measured.vault.perCpuSecond.median);
      const [first = 0] = costs;
      const against: Record<string, number> =
        costs.length > 1 ? { 'CPU against the smallest': (costs.at(-1) ?? 0) / first } : {};
      results[`reuse-check-${size}`] = { ...measured, notes: { ...measured.notes, ...against } };
    } finally {
      await postgres.stop();
      removeEmbeddedPostgres(join(folder, 'vault'));
      await rm(folder, { recursive: true, force: true });
    }
  }
  return results;
}

async function measure(
  database: Database,
  people: number,
  tokens: readonly string[],
): Promise<ComparisonResult> {
  const [plain, vault] = [await listen(plainApp(database)), await listen(vaultApp(database))];
  const client = new Client(tokens);
  const latencies: number[] = [];
  const side = (name: string, server: Server, path: (n: number) => string, keep: boolean): Side => ({
    name,
    operations: COUNT,
    run: async () => {
      const p99 = await client.run(
        (server.address() as AddressInfo).port,
        Array.from({ length: COUNT }, (_, n) => path(1 + Math.floor(((n * 97) % COUNT) % REQUESTS))),
      );
      if (keep) latencies.push(p99);
    },
  });
  try {
    const baseline = side(
      'Express, one primary key',
      plain,
      (n) => `/person/${personId(1 + (n % people))}`,
      false,
    );
    const check = side('reuse check', vault, (n) => `/api/v1/reuse-requests/${requestId(n)}`, true);
    // The first asking of each request keeps its answer; what is measured is every later one.
    await check.run();
    const result = await compare({ name: 'reuse-check', baseline, vault: check, target: 0.45 });
    const p99: Range = rangeOf(latencies.slice(2));
    return {
      ...result,
      notes: {
        components: 5,
        buffers: await buffersOf(database, people),
        'p99 ms': `${p99.median.toFixed(1)} (${p99.min.toFixed(1)}–${p99.max.toFixed(1)})`,
      },
    };
  } finally {
    client.stop();
    for (const server of [plain, vault]) {
      server.closeAllConnections();
      server.close();
    }
  }
}

/** Pages that PostgreSQL looks at for the papers of one check. */
async function buffersOf(database: Database, people: number): Promise<number> {
  const types =
    'LOCAL.IDENTITY-CARD,LOCAL.PASSPORT,LOCAL.MARITAL-STATUS,LOCAL.RESIDENCE-CONFIRMATION,LOCAL.RESIDENCE-NOTICE';
  const owners = [personId(1 + Math.floor(people / 3)), personId(1 + Math.floor(people / 2))];
  const rows = await database.read<{ 'QUERY PLAN': { Plan: Record<string, number> }[] }>(
    `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${OWNED_PAPERS}`,
    [owners, [types, types]],
  );
  const plan = rows[0]?.['QUERY PLAN'][0]?.Plan;
  return (plan?.['Shared Hit Blocks'] ?? 0) + (plan?.['Shared Read Blocks'] ?? 0);
}

function plainApp(database: Database): RequestListener {
  const app = express();
  app.disable('x-powered-by');
  app.get('/person/:id', async (request, response) => {
    const { rows } = await database.pool.query('SELECT id, full_name FROM person WHERE id = $1::uuid', [
      request.params.id,
    ]);
    response.json(rows[0]);
  });
  return app;
}

function vaultApp(database: Database): RequestListener {
  const catalogue = new CatalogueService(database);
  const parts = { database, clock, catalogue };
  const gate = new ReuseGate(parts);
  const assessor = new Assessor(parts);
  const common = { ...parts, gate, assessor };
  const { authenticate, csrfHolds } = createAuthenticator({
    database,
    clock,
    baseUrl: BASE_URL,
    audience: apiAudience(BASE_URL),
  });
  return createApp({
    routes: reuseRoutes({
      reuse: new ReuseService({ ...common, toReply, checks: new CheckDesk(parts) }),
      questions: new ConsentQuestions(common),
      papers: new PaperRequests(common),
      retrieval: undefined as unknown as ReuseRetrieval,
    }),
    authenticate,
    csrfHolds,
    recordDenial: async () => {
      throw new Error('the benchmark was denied');
    },
    signInPage: '/dang-nhap',
    renderProblem: (problem) => problem.type,
    idempotencyKeys: new IdempotencyKeys(database, clock),
    rateLimiter: new RateLimiter(database, clock),
    metrics: new Metrics(),
    logger: createLogger('silent'),
    clock,
    ready: async () => ({ ready: true, parts: {} }),
    secure: false,
    trustedProxies: 0,
  });
}

/** Tokens of several systems of the agency: each may ask 1,200 times a minute. */
async function makeTokens(database: Database): Promise<string[]> {
  const tokens: string[] = [];
  for (let n = 0; n < CLIENTS; n += 1) {
    const [clientId, token] = [`bench-${n}`, `bench-token-of-client-${n}`];
    await database.read(
      `INSERT INTO machine_client (client_id, agency_id, name, jwks, scopes, dpop_required, registered_by, created_at)
       VALUES ($1::text, 'H24.991', 'bench', '{}'::jsonb, ARRAY['reuse:request'], false, 'bench', now())`,
      [clientId],
    );
    const payload = { clientId, scope: 'reuse:request', aud: apiAudience(BASE_URL) };
    await database.read(
      `INSERT INTO oidc_payload (model, id_sha256, payload, expires_at)
       VALUES ('ClientCredentials', $1::bytea, $2::jsonb, now() + interval '1 day')`,
      [payloadDigest(token), JSON.stringify(payload)],
    );
    tokens.push(token);
  }
  return tokens;
}

async function listen(app: RequestListener): Promise<Server> {
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

/** Asks from another process, so that only the server's CPU is measured; tells the 99th percentile of the answers. */
class Client {
  readonly #child: ChildProcess;

  constructor(tokens: readonly string[]) {
    this.#child = spawn(process.execPath, ['-e', CLIENT, String(PARALLEL), JSON.stringify(tokens)], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
  }

  run(port: number, paths: readonly string[]): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#child.once('message', (answer: { failure?: string; p99?: number }) =>
        answer.failure === undefined ? resolve(answer.p99 ?? 0) : reject(new Error(answer.failure)),
      );
      this.#child.send({ port, paths });
    });
  }

  stop(): void {
    this.#child.kill();
  }
}

const CLIENT = `
const { Agent, get } = require('node:http');
const parallel = Number(process.argv[1]);
const tokens = JSON.parse(process.argv[2]);
const agent = new Agent({ keepAlive: true, maxSockets: parallel });
let turn = 0;
const one = (port, path) => new Promise((resolve, reject) => {
  const started = performance.now();
  turn += 1;
  const headers = { authorization: 'Bearer ' + tokens[turn % tokens.length] };
  get({ host: '127.0.0.1', port, path, agent, headers }, (response) => {
    if (response.statusCode !== 200) reject(new Error(path + ': ' + response.statusCode));
    response.resume().once('end', () => resolve(performance.now() - started));
  }).once('error', reject);
});
process.on('message', async ({ port, paths }) => {
  const taken = [];
  const worker = async () => { while (paths.length > 0) taken.push(await one(port, paths.pop())); };
  try {
    await Promise.all(Array.from({ length: parallel }, worker));
    taken.sort((a, b) => a - b);
    process.send({ p99: taken[Math.floor(taken.length * 0.99)] });
  } catch (error) {
    process.send({ failure: String(error) });
  }
});`;
