/**
 * P1: an authorised download of 200 KB (session, rate limit, bytes decrypted and SHA-256 checked before the first one
 * leaves, policy and status, durable event) against Express streaming a plain file of the same size from the same
 * filesystem; where Ceph is installed, also over S3 against Express streaming through the AWS SDK. The client runs in a
 * process of its own; PostgreSQL is a process of its own on the vault's side.
 */
import { createSecretKey, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
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
import { apiAudience, createAuthenticator } from '../../src/identity/index.ts';
import { systemClock as clock } from '../../src/platform/clock.ts';
import { Database, type Sql } from '../../src/platform/database.ts';
import { removeEmbeddedPostgres, startEmbeddedPostgres } from '../../src/platform/embedded-postgres.ts';
import { newId } from '../../src/platform/ids.ts';
import { createLogger } from '../../src/platform/logger.ts';
import { migrate } from '../../src/platform/migrator.ts';
import { FilesystemStore, KeyRing, type ObjectStore, SealedObjects } from '../../storage/index.ts';
import { provisionBucket } from '../../storage/provision-bucket.ts';
import { makeS3Client, S3Store } from '../../storage/s3.ts';
import { missingPrograms, runningS3Server, startS3Server, stopS3Server } from '../s3-up.ts';
import { type ComparisonResult, compare } from './harness.ts';
import { LoadClient } from './support/http-load.ts';
import { openSessionCookies } from './support/session-cookies.ts';

const SIZE = 200 * 1024;
const COUNT = 400;
const PARALLEL = 16;
/** Each may make 1,200 requests a minute of one kind. */
const ACCOUNTS = 20;

export async function bench(): Promise<Readonly<Record<string, ComparisonResult>>> {
  const folder = await mkdtemp(join(tmpdir(), 'motlan-bench-'));
  await using stack = new AsyncDisposableStack();
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  stack.defer(() => removeEmbeddedPostgres(join(folder, 'vault')));
  const postgres = await startEmbeddedPostgres({ dataDir: join(folder, 'vault') });
  stack.defer(() => postgres.stop());
  await migrate(postgres.url);
  const database = stack.use(new Database({ url: postgres.url }));
  const bytes = randomBytes(SIZE);
  await writeFile(join(folder, 'plain'), bytes);
  const { personId, cookies } = await database.transactSql((sql) => openSessionCookies(sql, ACCOUNTS));
  const client = stack.use(new LoadClient());
  const against = async (
    store: ObjectStore,
    baseline: { name: string; app: RequestListener },
    target: number,
  ): Promise<ComparisonResult> => {
    const keys = new KeyRing({ id: 'bench', key: createSecretKey(randomBytes(32)) });
    const objects = new SealedObjects({ store, keys, spoolFolder: join(folder, 'spool') });
    const documentId = await database.transactSql((sql) => keepPaper(sql, objects, { bytes, personId }));
    const [plain, vault] = [await listen(baseline.app), await listen(vaultApp(database, objects))];
    const side = (name: string, server: Server, path: string) => ({
      name,
      operations: COUNT,
      run: () =>
        client.run({
          count: COUNT,
          parallel: PARALLEL,
          length: SIZE,
          cookies,
          url: `${urlOf(server)}${path}`,
        }),
    });
    const result = await compare({
      name: 'download',
      baseline: side(baseline.name, plain, '/plain'),
      vault: side('authorised download', vault, `/api/v1/documents/${documentId}/content`),
      target,
    });
    for (const server of [plain, vault]) {
      server.closeAllConnections();
      server.close();
    }
    return { ...result, notes: { bytes: SIZE, parallel: PARALLEL } };
  };
  const files = await FilesystemStore.open(join(folder, 'objects'));
  const download = await against(
    files,
    { name: 'Express streaming a file', app: plainApp(() => createReadStream(join(folder, 'plain'))) },
    0.5,
  );
  if (missingPrograms().length > 0) return { download };
  const running = runningS3Server();
  const server = running ?? (await startS3Server());
  // One that was there belongs to somebody else.
  if (!running) stack.defer(stopS3Server);
  const options = { ...server, bucket: `bench-${newId()}`, region: 'us-east-1' };
  const sdk = makeS3Client(options);
  stack.defer(() => sdk.destroy());
  await provisionBucket(sdk, { bucket: options.bucket });
  const object = { Bucket: options.bucket, Key: 'plain' };
  await sdk.send(new PutObjectCommand({ ...object, Body: bytes }));
  const throughSdk = async (): Promise<Readable> =>
    (await sdk.send(new GetObjectCommand(object))).Body as Readable;
  const baseline = { name: 'Express streaming through the AWS SDK', app: plainApp(throughSdk) };
  return { download, 'download-s3': await against(stack.use(new S3Store(options)), baseline, 0.85) };
}

function plainApp(source: () => Readable | Promise<Readable>): RequestListener {
  const app = express();
  app.get('/plain', async (_request, response) => {
    response.setHeader('Content-Length', SIZE);
    (await source()).pipe(response);
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

/** A sealed document of one rendition, of this person. */
async function keepPaper(
  sql: Sql,
  objects: SealedObjects,
  { bytes, personId }: { bytes: Buffer; personId: string },
): Promise<string> {
  const at = clock.now();
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
    owners: [{ kind: 'person', id: personId }],
    at,
  });
  await insertVersion(sql, { id: versionId, documentId, number: 1, sha256: stored.sha256, pages: 1, at });
  await insertStoredObject(sql, stored, { boundTo: bound, at });
  const rendition = { versionId, kind: 'sealed', position: 0, mediaType: 'application/pdf' };
  await insertRendition(sql, { ...rendition, objectId: stored.objectId });
  await appendStatus(sql, { documentId, status: 'active', at, actor: { kind: 'vault' }, agencyId: null });
  return documentId;
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
