/**
 * A listening site as a citizen meets it: sign-in at the development issuer, own papers, public verification, over a
 * real database, a memory object store, a throw-away signing hierarchy and the demonstration's catalogue.
 */
import { createSecretKey, randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCrl } from '../../src/asn1/index.ts';
import {
  CatalogueService,
  demoCatalogueFiles,
  importCatalogue,
  shippedCatalogueFiles,
} from '../../src/catalogue/index.ts';
import {
  addresseeOf,
  type DepositReceipt,
  DepositService,
  documentsPageRoutes,
  OwnDocuments,
  PublicLookup,
  RetrievalService,
  Sealing,
  StoredVerification,
} from '../../src/documents/index.ts';
import { createApp, IdempotencyKeys, Metrics, NO_CLAIM, RateLimiter } from '../../src/http/index.ts';
import { createIdentity, personById } from '../../src/identity/index.ts';
import { systemClock as clock } from '../../src/platform/clock.ts';
import { KillablePool } from '../../src/platform/killable.ts';
import { createLogger } from '../../src/platform/logger.ts';
import { preparationRoutes } from '../../src/preparation/preparation-routes.ts';
import { createTrustSet, verifyInChild } from '../../src/verification/index.ts';
import { verificationRoutes } from '../../src/verification/verification-routes.ts';
import type { CitizenContext, PageInput } from '../../src/web/citizen-page.ts';
import { type Frame, paths, problemPage, renderPage } from '../../src/web/index.ts';
import { webRoutes } from '../../src/web/web-routes.ts';
import { KeyRing, MemoryStore, SealedObjects } from '../../storage/index.ts';
import { makePdf } from './pdf.ts';
import { createTestPki } from './pki.ts';
import { createTestDatabase } from './test-database.ts';

export interface CitizenSite extends AsyncDisposable {
  readonly baseUrl: string;
  /** A birth certificate, deposited and sealed for this person. */
  deposit(person: { fullName: string; personalNumber: string; birthDate: string }): Promise<DepositReceipt>;
}

export async function createCitizenSite(): Promise<CitizenSite> {
  const stack = new AsyncDisposableStack();
  const { database } = stack.use(await createTestDatabase());
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stack.defer(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const folder = await mkdtemp(join(tmpdir(), 'citizen-site-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const readers = stack.use(new KillablePool());

  const imported = await database.transactSql((sql) =>
    importCatalogue(sql, [...shippedCatalogueFiles(), ...demoCatalogueFiles()], {
      actor: { kind: 'vault' },
      at: clock.now(),
    }),
  );
  if (!imported.ok) throw new Error('the demonstration catalogue was not imported');
  const catalogue = new CatalogueService(database);

  const pki = await createTestPki(clock);
  const signer = await pki.signer();
  const trust = () => {
    const now = clock.now();
    const crls = [readCrl(pki.root.crl(now)), readCrl(pki.intermediate.crl(now))];
    return [createTrustSet('test', { certificates: [pki.root.certificate], crls, isTest: true })];
  };
  const objects = new SealedObjects({
    store: new MemoryStore(),
    keys: new KeyRing({ id: 'k1', key: createSecretKey(randomBytes(32)) }),
    spoolFolder: join(folder, 'spool'),
  });
  const sealing = new Sealing({ database, clock, readers, trust, seals: { signerFor: () => signer } });
  const deposits = new DepositService({
    database,
    objects,
    catalogue,
    sealing,
    readers,
    clock,
    limits: { maxBytes: 20_000_000, maxPages: 50, maxPixels: 40_000_000 },
    acceptInventedNumbers: true,
  });
  const retrieval = new RetrievalService({ database, objects, clock });
  const own = new OwnDocuments({ database, clock, retrieval });
  const verification = new StoredVerification({ retrieval, readers, clock, trust });
  const lookup = new PublicLookup({ database, catalogue, clock, verification });

  const frame = (
    input: { request?: { originalUrl: string }; language: 'vi' | 'en' },
    csrfToken = '',
  ): Frame => ({
    language: input.language,
    path: input.request?.originalUrl ?? '/',
    place: 'Thành phố Hải Phòng',
    now: clock.now(),
    csrfToken,
    trial: true,
  });
  const identity = await createIdentity({
    database,
    clock,
    mode: 'development',
    baseUrl,
    keyFolder: join(folder, 'keys'),
    issuer: { kind: 'development' },
    agencyExists: async () => true,
    frame: (input) => frame({ request: undefined, language: 'vi' }, input.csrfToken),
  });
  const { authenticator } = identity;
  const framed = (input: Pick<PageInput, 'request' | 'language'>) =>
    frame(input, authenticator.formToken(input.request));
  const citizen = async (input: PageInput): Promise<CitizenContext> => {
    const { actor } = input;
    if (actor.kind !== 'person') throw new Error('only signed-in people come here');
    const person = await database.transactSql((sql) => personById(sql, actor.personId));
    if (person === undefined) throw new Error('an account without a person');
    return { frame: framed(input), person: addresseeOf(person, clock.now()), waiting: 0 };
  };

  const app = createApp({
    routes: [
      ...webRoutes({ frame: framed, offices: async () => [], begin: () => paths.papers, gallery: false }),
      ...verificationRoutes({
        frame: framed,
        spoolFolder: join(folder, 'uploads'),
        maximumBytes: 20_000_000,
        verify: (bytes) => verifyInChild(readers, bytes, { trust: trust(), at: clock.now() }),
        findByCode: (code, input) => lookup.byCode(code, input),
        findByDigest: (sha256, input) => lookup.byDigest(sha256, input.language),
      }),
      ...documentsPageRoutes({
        citizen,
        own,
        verification,
        catalogue,
        database,
        clock,
        nextRequest: async () => undefined,
        ways: { search: false, upload: false },
      }),
      ...preparationRoutes({ citizen, own, catalogue, clock }),
      ...identity.routes,
    ],
    authenticate: authenticator.authenticate,
    csrfHolds: authenticator.csrfHolds,
    recordDenial: async () => undefined,
    signInPage: '/dang-nhap',
    renderProblem: (problem, language) => renderPage(problemPage(problem, frame({ language }))),
    idempotencyKeys: new IdempotencyKeys(database, clock),
    rateLimiter: new RateLimiter(database, clock),
    metrics: new Metrics(),
    logger: createLogger('silent'),
    clock,
    ready: async () => ({ ready: true, parts: {} }),
    secure: false,
    mounts: identity.mounts,
    trustedProxies: 0,
  });
  server.on('request', app);

  return {
    baseUrl,
    deposit: async (person) => {
      const pdf = Buffer.from(await makePdf());
      return deposits.deposit({
        actor: { kind: 'system', clientId: 'test', agencyId: 'H24.991', scopes: ['documents:deposit'] },
        agencyId: 'H24.991',
        typeCode: 'KQ.G15.000031',
        issuerId: 'H24.991',
        provenance: 'electronic-result',
        symbol: '118/2026',
        abstract: null,
        issuedOn: '2026-02-03',
        metadata: {
          fullName: person.fullName,
          birthDate: person.birthDate,
          birthPlace: 'Trạm y tế',
          registrationNumber: '118',
          bookNumber: '02/2026',
          registrationDate: '2026-02-03',
        },
        owners: [{ kind: 'person', ...person }],
        externalId: null,
        place: null,
        files: [{ size: pdf.byteLength, read: async () => pdf }],
        requestId: randomUUID(),
        claim: NO_CLAIM,
      });
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}
