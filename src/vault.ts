/**
 * The composition root: `createVault(config)` puts every part together with plain constructors and takes them apart
 * again in the reverse order. Nothing else knows how the parts meet.
 */
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type ObjectStore, SealedObjects } from '../storage/index.ts';
import { CatalogueService, calendarDateAt, catalogueRoutes } from './catalogue/index.ts';
import type { Config } from './config/index.ts';
import { seedDemo } from './demo.ts';
import { forgetDigitisation, storePrefix, watchedFolder } from './digitisation/index.ts';
import { ObjectCare, Sealing, voidAbandonedIntents } from './documents/index.ts';
import {
  createApp,
  type Denial,
  IdempotencyKeys,
  Metrics,
  openApiDocument,
  RateLimiter,
  type Route,
} from './http/index.ts';
import { createIdentity, type Identity } from './identity/index.ts';
import { appendEvent, proofRoutes, UsageLog, usageRoutes } from './ledger/index.ts';
import { openPages } from './pages.ts';
import { type Clock, systemClock } from './platform/clock.ts';
import { type DataDirectory, emptyFolder, openDataDirectory } from './platform/data-directory.ts';
import { Database } from './platform/database.ts';
import { Duties } from './platform/duties.ts';
import { startEmbeddedPostgres } from './platform/embedded-postgres.ts';
import { Instance } from './platform/instance.ts';
import { KillablePool } from './platform/killable.ts';
import { closeServer, listen } from './platform/listening.ts';
import { createLogger, type Logger } from './platform/logger.ts';
import { migrate } from './platform/migrator.ts';
import { openDelivery, openMessages } from './vault-delivery.ts';
import { openDigitisation } from './vault-digitisation.ts';
import { openDocuments } from './vault-documents.ts';
import { openIssuance } from './vault-issuance.ts';
import { openLedger } from './vault-ledger.ts';
import { catalogueNames } from './vault-names.ts';
import { openPreservation } from './vault-preservation.ts';
import { openReuse } from './vault-reuse.ts';
import { openScrub } from './vault-scrub.ts';
import { openSigning, repairWith } from './vault-signing.ts';
import { closeObjectStore, openKeyRing, openObjectStore } from './vault-storage.ts';
import { paths } from './web/paths.ts';

export interface VaultOverrides {
  readonly clock?: Clock;
  readonly logger?: Logger;
  /** Told of each step of the start, for people who wait. */
  readonly progress?: (step: string) => void;
}

export interface Vault extends AsyncDisposable {
  readonly config: Config;
  readonly database: Database;
  readonly identity: Identity;
  readonly routes: readonly Route[];
  /** What it does by itself every so often. */
  readonly duties: Duties;
  /** Where it answers; known once it listens. */
  readonly url: string;
  /** Public keys of the trust set of our own seals, PEM: what a verifier is given with `--trust`. */
  readonly trustFile: string | null;
  close(): Promise<void>;
}

/** Starts everything and listens. @throws Error with a sentence for the operator; nothing is left running then */
export async function createVault(config: Config, overrides: VaultOverrides = {}): Promise<Vault> {
  const progress = overrides.progress ?? (() => undefined);
  const clock = overrides.clock ?? systemClock;
  const logger = overrides.logger ?? createLogger(config.logLevel);
  await using stack = new AsyncDisposableStack();
  const data = openDataDirectory(config.dataDir);
  stack.defer(() => data.release());

  const databaseUrl = await openDatabaseServer(config, data, stack, progress);
  progress('Bringing the tables up to date');
  await migrate(databaseUrl);
  const database = stack.use(new Database({ url: databaseUrl, connections: config.databaseConnections }));
  const duties = stack.use(new Duties({ database, clock, logger }));
  const instance = stack.use(await Instance.start(databaseUrl));
  // Under the directory's lock: what lies in the spool was left by a process that died.
  emptyFolder(data.paths.spool);
  const store = await openObjectStore(config, data.paths, { alone: true });
  stack.defer(() => closeObjectStore(store));
  const keys = openKeyRing(config, data.paths);
  const objects = new SealedObjects({
    store,
    keys,
    spoolFolder: join(data.paths.spool, 'sealed'),
  });
  const readers = stack.use(new KillablePool({ size: 2, waiting: 64 }));
  const catalogue = new CatalogueService(database);

  progress('Opening the log');
  const ledger = await openLedger({ config, keyFolder: data.paths.keys, database, store, clock, logger });
  stack.use(ledger.log);

  const scrub = openScrub({
    database,
    objects,
    ledger,
    duties,
    clock,
    logger,
    periodDays: config.scrubPeriodDays,
  });

  const signing = await openSigning(config, data.paths.keys, clock);
  const sealing = new Sealing({
    database,
    clock,
    seals: signing.seals,
    timestamps: signing.timestamps,
    evidence: signing.evidence,
    readers,
    trust: signing.trust,
  });
  openPreservation(duties, { ...signing, database, objects, clock, logger, readers });
  const acceptInventedNumbers = config.mode === 'development';
  const documents = openDocuments({
    database,
    catalogue,
    objects,
    sealing,
    readers,
    clock,
    limits: {
      maxPages: config.limits.pages,
      maxPixels: 80_000_000,
      maxBytes: config.limits.fileBytes,
      maxPapers: config.limits.selfUploads,
      maxOwnerBytes: config.limits.selfUploadBytes,
    },
    acceptInventedNumbers,
    spoolFolder: data.paths.spool,
    erasers: [forgetDigitisation],
  });
  const { own, retrieval, uploads } = documents;
  const { proofs } = ledger;
  const messages = openMessages(config, { database, keys, clock });
  const reuse = openReuse({
    database,
    clock,
    catalogue,
    objects,
    retrieval,
    sealing,
    dossiers: documents.dossiers,
    proofs,
    spoolFolder: data.paths.spool,
    sender: messages.codes,
    links: () => messages.links.show(),
  });
  const usage = new UsageLog({ database, clock });

  // Its address is needed before the application is; who asks in between is told to come back.
  let handle: RequestListener = (_request, response) => response.writeHead(503, { 'Retry-After': '1' }).end();
  const server = createServer((request, response) => handle(request, response));
  await listen(server, config.host, config.port);
  stack.defer(() => closeServer(server));
  const port = (server.address() as AddressInfo).port;
  const url = config.port === 0 ? `http://127.0.0.1:${port}` : config.baseUrl;

  const identity = await createIdentity({
    database,
    clock,
    mode: config.mode,
    baseUrl: url,
    keyFolder: data.paths.keys,
    issuer:
      config.issuer.kind === 'development'
        ? { kind: 'development' }
        : { ...config.issuer, kind: 'external', name: 'VNeID' },
    names: catalogueNames(catalogue, clock),
    agencyExists: async (agencyId) =>
      (await catalogue.current()).agency(agencyId, calendarDateAt(clock.now())) !== undefined,
    frame: ({ request, language, csrfToken }) => pages.frameOf({ request, language }, csrfToken),
  });
  const care = new ObjectCare({ database, store, clock, logger });
  duties.every({
    name: 'orphans',
    seconds: 86_400,
    run: async (signal) => void (await care.removeOrphans(signal)),
  });
  duties.every({ name: 'sessions', seconds: 600, run: () => identity.sessions.sweep() });
  const pages = openPages({
    config,
    clock,
    database,
    catalogue,
    formToken: (request) => identity.authenticator.formToken(request),
    own,
    uploads,
    retrieval,
    consents: reuse.consents,
    usage,
    questions: reuse.questions,
    dataRequests: reuse.dataRequests,
    reusePages: reuse.pages,
    logFacts: ledger.facts,
    address: url,
    readers,
    trust: signing.trust,
    repair: repairWith(signing),
    spoolFolder: data.paths.spool,
  });
  if (config.seedDemo) {
    progress('Seeding the catalogue and the demonstration');
    await seedDemo({ database, clock, issuer: identity.issuer, keyFolder: data.paths.keys });
  }
  await database.transactSql((sql) =>
    voidAbandonedIntents(sql, new Date(clock.now().getTime() - 3_600_000), clock.now()),
  );

  const digitisation = await openDigitisation({
    database,
    logger,
    duties,
    catalogue,
    objects,
    sealing,
    readers,
    clock,
    acceptInventedNumbers,
    limits: { maxPages: config.limits.pages, maxPixels: 80_000_000, maxBytes: config.limits.fileBytes },
    seals: signing.seals,
    officers: signing.officers,
    trust: signing.trust,
    codeTemplate: '{owner}.{type}.{sequence}',
    drops: [watchedFolder(join(data.paths.root, 'drop')), storePrefix(store)],
    office: pages.office,
    spoolFolder: data.paths.spool,
  });
  for (const pool of digitisation.pools) stack.use(pool);
  const issuance = await openIssuance({
    database,
    catalogue,
    objects,
    readers,
    clock,
    logger,
    acceptInventedNumbers,
    seals: signing.seals,
    timestamps: signing.timestamps,
    trust: signing.trust,
    baseUrl: url,
    deposits: documents.deposits,
    office: pages.office,
    spoolFolder: data.paths.spool,
  });
  stack.use(issuance.worker);
  const delivery = openDelivery({
    config,
    database,
    clock,
    duties,
    keys,
    messages,
    baseUrl: url,
    issuer: identity.issuer,
    citizen: pages.citizen,
    office: pages.office,
  });
  const apiRoutes: Route[] = [
    ...delivery.routes,
    ...documents.routes,
    ...reuse.routes,
    ...usageRoutes({ usage }),
    ...proofRoutes({ proofs, usage, lookAtPaper: (look) => own.show(look) }),
    ...catalogueRoutes({ catalogue, clock }),
    ...issuance.routes,
    ...digitisation.routes,
    ...identity.routes,
    ...pages.routes,
  ];
  const routes = [
    ...apiRoutes,
    ...pages.reference(() => openApiDocument(apiRoutes, { baseUrl: url, version: '1' })),
  ];
  const metrics = new Metrics();
  ledger.watch(metrics.registry);
  scrub.watch(metrics.registry);
  const app = createApp({
    routes,
    authenticate: identity.authenticator.authenticate,
    csrfHolds: identity.authenticator.csrfHolds,
    recordDenial: (denial) => recordDenial(database, clock, denial),
    signInPage: paths.signIn,
    renderProblem: pages.renderProblem,
    idempotencyKeys: new IdempotencyKeys(database, clock, instance),
    rateLimiter: new RateLimiter(database, clock),
    metrics,
    logger,
    clock,
    ready: () =>
      readiness(database, store, {
        log: ledger.accepts,
        whole: async () => (await scrub.damaged()).length === 0,
      }),
    secure: url.startsWith('https:'),
    mounts: {
      ...identity.mounts,
      '/log': ledger.handler,
    },
    trustedProxies: config.trustedProxies,
  });
  handle = app;
  const parts = stack.move();
  const close = (): Promise<void> => parts.disposeAsync();
  return {
    config,
    database,
    identity,
    routes,
    duties,
    url,
    trustFile: signing.trustFile,
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function openDatabaseServer(
  config: Config,
  data: DataDirectory,
  stack: AsyncDisposableStack,
  progress: (step: string) => void,
): Promise<string> {
  if (config.database.kind === 'postgres') return config.database.url.reveal();
  progress('Starting the embedded PostgreSQL');
  const server = await startEmbeddedPostgres({ dataDir: data.paths.root });
  stack.defer(() => server.stop());
  return server.url;
}

const recordDenial = async (database: Database, clock: Clock, denial: Denial): Promise<void> => {
  await database.transactSql((sql) =>
    appendEvent(sql, {
      type: 'access.denied',
      at: clock.now(),
      actor: denial.actor,
      outcome: 'denied',
      requestId: denial.requestId,
      detail: { operation: denial.operationId, because: denial.because },
    }),
  );
};

async function readiness(
  database: Database,
  store: ObjectStore,
  also: { readonly log: () => Promise<boolean>; readonly whole: () => Promise<boolean> },
): Promise<{ ready: boolean; parts: Record<string, boolean> }> {
  const holds = (probe: Promise<unknown>): Promise<boolean> =>
    probe.then(
      () => true,
      () => false,
    );
  const [rows, bytes, log, whole] = await Promise.all([
    holds(database.read('SELECT 1')),
    holds(store.check()),
    also.log().catch(() => false),
    also.whole().catch(() => false),
  ]);
  // One damaged paper keeps nobody else's from being read: it is told, not a reason to be unready.
  return { ready: rows && bytes && log, parts: { database: rows, objects: bytes, log, whole } };
}
