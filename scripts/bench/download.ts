/**
 * P1: an authorised download of 200 KB (session, rate limit, bytes decrypted and SHA-256 checked before the first one
 * leaves, policy and status, durable event) against Express streaming a plain file of the same size from the same
 * filesystem. The client runs in a process of its own; PostgreSQL is a process of its own on the vault's side.
 */
import { createSecretKey, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import { CatalogueService } from '../../src/catalogue/index.ts';
import {
  appendStatus,
  insertDocument,
  insertRendition,
  insertVersion,
} from '../../src/documents/document-repository.ts';
import { boundTo, OwnDocuments, RetrievalService } from '../../src/documents/index.ts';
import { ownDocumentsRoutes } from '../../src/documents/own-documents-api.ts';
import { insertStoredObject } from '../../src/documents/stored-object-repository.ts';
import { createApp, IdempotencyKeys, Metrics, RateLimiter } from '../../src/http/index.ts';
import { insertAccount } from '../../src/identity/account-repository.ts';
import { apiAudience, createAuthenticator, findOrCreatePerson } from '../../src/identity/index.ts';
import { Sessions } from '../../src/identity/session-service.ts';
import { systemClock as clock } from '../../src/platform/clock.ts';
import { Database, type Sql } from '../../src/platform/database.ts';
import { removeEmbeddedPostgres, startEmbeddedPostgres } from '../../src/platform/embedded-postgres.ts';
import { newId } from '../../src/platform/ids.ts';
import { createLogger } from '../../src/platform/logger.ts';
import { migrate } from '../../src/platform/migrator.ts';
import { FilesystemStore, KeyRing, SealedObjects } from '../../storage/index.ts';
import { type ComparisonResult, compare } from './harness.ts';
import { LoadClient } from './support/http-load.ts';

const SIZE = 200 * 1024;
const COUNT = 400;
const PARALLEL = 16;
/** Each may make 1,200 requests a minute of one kind. */
const ACCOUNTS = 20;

export async function bench(): Promise<Readonly<Record<string, ComparisonResult>>> {
  const folder = await mkdtemp(join(tmpdir(), 'motlan-bench-'));
  const postgres = await startEmbeddedPostgres({ dataDir: join(folder, 'vault') });
  try {
    await migrate(postgres.url);
    await using database = new Database({ url: postgres.url });
    const bytes = randomBytes(SIZE);
    await writeFile(join(folder, 'plain'), bytes);
    const keys = new KeyRing({ id: 'bench', key: createSecretKey(randomBytes(32)) });
    const store = await FilesystemStore.open(join(folder, 'objects'));
    const objects = new SealedObjects({ store, keys, spoolFolder: join(folder, 'spool') });
    const { documentId, cookies } = await database.transactSql((sql) => prepare(sql, objects, bytes));
    const [plain, vault] = [
      await listen(plainApp(join(folder, 'plain'))),
      await listen(vaultApp(database, objects)),
    ];
    using client = new LoadClient();
    const load = { count: COUNT, parallel: PARALLEL, length: SIZE, cookies };
    const side = (name: string, server: Server, path: string) => ({
      name,
      operations: COUNT,
      run: () => client.run({ ...load, url: `${urlOf(server)}${path}` }),
    });
    const result = await compare({
      name: 'download',
      baseline: side('Express streaming a file', plain, '/plain'),
      vault: side('authorised download', vault, `/api/v1/documents/${documentId}/content`),
      target: 0.5,
    });
    for (const server of [plain, vault]) {
      server.closeAllConnections();
      server.close();
    }
    return { download: { ...result, notes: { bytes: SIZE, parallel: PARALLEL } } };
  } finally {
    await postgres.stop();
    removeEmbeddedPostgres(join(folder, 'vault'));
    await rm(folder, { recursive: true, force: true });
  }
}

function plainApp(path: string): RequestListener {
  const app = express();
  app.get('/plain', (_request, response) => {
    response.setHeader('Content-Length', SIZE);
    createReadStream(path).pipe(response);
  });
  return app;
}

function vaultApp(database: Database, objects: SealedObjects): RequestListener {
  const retrieval = new RetrievalService({ database, objects, clock });
  const own = new OwnDocuments({ database, clock, retrieval });
  const baseUrl = 'http://127.0.0.1';
  const authenticator = createAuthenticator({ database, clock, baseUrl, audience: apiAudience(baseUrl) });
  const catalogue = new CatalogueService(database);
  return createApp({
    routes: ownDocumentsRoutes({ own, catalogue, clock }).filter(
      ({ declaration }) => declaration.operationId === 'readDocument',
    ),
    authenticate: authenticator.authenticate,
    csrfHolds: authenticator.csrfHolds,
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

/** One person with a sealed document of one rendition, and sessions of several accounts. */
async function prepare(
  sql: Sql,
  objects: SealedObjects,
  bytes: Buffer,
): Promise<{ documentId: string; cookies: string[] }> {
  const at = clock.now();
  const claim = { personalNumber: '000199000018', fullName: 'Trần Thị Thử' };
  const { person } = await findOrCreatePerson(sql, claim, { now: at, acceptInvented: true });
  const [documentId, versionId] = [newId(), newId()];
  const bound = boundTo(documentId, 'sealed');
  const stored = await objects.writeObject(bytes, { boundTo: bound, maxBytes: SIZE });
  const nothing = {
    issuerId: null,
    depositorId: null,
    symbol: null,
    abstract: null,
    issuedOn: null,
    externalId: null,
  };
  await insertDocument(sql, {
    ...nothing,
    id: documentId,
    typeCode: 'bench',
    provenance: 'counter-scan',
    metadata: {},
    sensitive: false,
    verificationCode: documentId,
    owners: [{ kind: 'person', id: person.id }],
    at,
  });
  await insertVersion(sql, { id: versionId, documentId, number: 1, sha256: stored.sha256, pages: 1, at });
  await insertStoredObject(sql, stored, { boundTo: bound, at });
  const rendition = { versionId, kind: 'sealed', position: 0, mediaType: 'application/pdf' };
  await insertRendition(sql, { ...rendition, objectId: stored.objectId });
  await appendStatus(sql, { documentId, status: 'active', at, actor: { kind: 'vault' }, agencyId: null });
  return { documentId, cookies: await openSessions(sql, person.id) };
}

async function openSessions(sql: Sql, personId: string): Promise<string[]> {
  const sessions = new Sessions({ database: undefined as unknown as Database, clock });
  const cookies: string[] = [];
  for (let n = 0; n < ACCOUNTS; n += 1) {
    const account = await insertAccount(
      sql,
      { issuer: 'https://bench.invalid', subject: `${n}`, personId },
      clock.now(),
    );
    const { token } = await sessions.open(sql, { accountId: account.id, personId, assurance: 2 });
    cookies.push(`session=${token}`);
  }
  return cookies;
}

async function listen(app: RequestListener): Promise<Server> {
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

function urlOf(server: Server): string {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server does not listen');
  return `http://127.0.0.1:${address.port}`;
}
