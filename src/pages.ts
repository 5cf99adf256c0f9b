/** The pages put together: the frame around each, the reader of the page, and the routes of every module's pages. */
import type { Request } from 'express';
import { type CatalogueService, calendarDateAt } from './catalogue/index.ts';
import type { Config } from './config/index.ts';
import { consentRoutes } from './consent/consent-routes.ts';
import type { ConsentService, DataRequestService } from './consent/index.ts';
import { Notifications } from './delivery/index.ts';
import { DocumentChecks } from './documents/document-checks.ts';
import { documentChecksRoutes } from './documents/document-checks-api.ts';
import { documentsPageRoutes } from './documents/documents-page-routes.ts';
import type { OwnDocuments, RetrievalService } from './documents/index.ts';
import { PublicLookup } from './documents/public-lookup.ts';
import type { SelfUploads } from './documents/self-uploads.ts';
import { StoredVerification } from './documents/stored-verification.ts';
import { uploadPageRoutes } from './documents/upload-page-routes.ts';
import type { Language, Problem, Route } from './http/index.ts';
import { type Actor, personById } from './identity/index.ts';
import { LedgerBrowser, type LogFacts, type UsageLog } from './ledger/index.ts';
import { logRoutes } from './ledger/log-routes.ts';
import { usageRoutes } from './ledger/usage-routes.ts';
import type { Clock } from './platform/clock.ts';
import type { Database } from './platform/database.ts';
import type { KillablePool } from './platform/killable.ts';
import { preparationRoutes } from './preparation/preparation-routes.ts';
import { CitizenConsentPages } from './reuse/citizen-consents.ts';
import { CitizenUsagePages } from './reuse/citizen-usage.ts';
import type { ConsentQuestions } from './reuse/index.ts';
import { statisticsRoutes } from './statistics/statistics-routes.ts';
import { StatisticsService } from './statistics/statistics-service.ts';
import type { OpenedReuse } from './vault-reuse.ts';
import { type TrustSet, verifyInChild } from './verification/index.ts';
import { type VerificationApiParts, verificationApiRoutes } from './verification/verification-api.ts';
import { verificationRoutes } from './verification/verification-routes.ts';
import type { CitizenContext, CitizenPageParts, PageInput } from './web/citizen-page.ts';
import {
  type Frame,
  firstSection,
  type OfficePageParts,
  officeTabs,
  paths,
  problemPage,
  renderPage,
  rolesOf,
} from './web/index.ts';
import { referenceRoutes } from './web/reference/reference-routes.ts';
import { webRoutes } from './web/web-routes.ts';

export interface PageParts {
  readonly config: Config;
  readonly clock: Clock;
  readonly database: Database;
  readonly catalogue: CatalogueService;
  readonly formToken: (request: Request) => string;
  readonly own: OwnDocuments;
  readonly uploads: SelfUploads;
  readonly retrieval: RetrievalService;
  readonly consents: ConsentService;
  readonly usage: UsageLog;
  readonly questions: ConsentQuestions;
  readonly dataRequests: DataRequestService;
  readonly reusePages: OpenedReuse['pages'];
  readonly logFacts: () => Promise<LogFacts>;
  /** Where the vault answers. */
  readonly address: string;
  readonly readers: KillablePool;
  readonly trust: () => readonly TrustSet[];
  readonly repair: VerificationApiParts['repair'];
  readonly spoolFolder: string;
}

export interface Pages {
  readonly routes: readonly Route[];
  /** What every page of a citizen needs, for parts with pages of their own. */
  readonly citizen: CitizenPageParts['citizen'];
  readonly office: OfficePageParts['office'];
  readonly frameOf: (input: { request: Request; language: Language }, csrfToken: string) => Frame;
  readonly renderProblem: (problem: Problem, language: Language) => string;
  /** The machine-readable description of the API and the page that reads it out. */
  readonly reference: (document: () => Record<string, unknown>) => Route[];
}

export function openPages(parts: PageParts): Pages {
  const { config, clock, database, catalogue } = parts;
  const trial = config.mode === 'development';
  const frameOf = (input: { request: Request; language: Language }, csrfToken: string): Frame => ({
    language: input.language,
    path: input.request.originalUrl,
    place: input.language === 'vi' ? 'Kho dữ liệu điện tử' : 'Electronic data store',
    csrfToken,
    now: clock.now(),
    trial,
  });
  const frame = (input: { request: Request; language: Language }): Frame =>
    frameOf(input, parts.formToken(input.request));
  const notifications = new Notifications({ database, clock });
  const unread = async (actor: Actor): Promise<number> =>
    actor.kind === 'person' ? notifications.unread(actor.personId) : 0;
  const consents = new CitizenConsentPages(parts);
  const usage = new CitizenUsagePages(parts);
  const citizen = async (input: PageInput): Promise<CitizenContext> => ({
    frame: { ...frame(input), notices: await unread(input.actor) },
    person: await addresseeOf(database, input.actor, clock.now()),
    waiting: await consents.waiting(input),
  });
  const office: OfficePageParts['office'] = async (input, section) => {
    const { actor, language } = input;
    const roles = actor.kind === 'person' ? actor.roles : [];
    const held = roles.find(({ role }) => rolesOf(section).includes(role)) ?? roles[0];
    const snapshot = await catalogue.current();
    const agency = held && snapshot.agency(held.agencyId, calendarDateAt(clock.now()));
    return {
      frame: frame(input),
      officer: { name: await nameOf(database, actor), office: agency?.names[language] ?? '' },
      tabs: officeTabs(
        roles.map(({ role }) => role),
        section,
        language,
      ),
    };
  };
  const verification = new StoredVerification({
    retrieval: parts.retrieval,
    readers: parts.readers,
    clock,
    trust: parts.trust,
  });
  const lookup = new PublicLookup({ database, catalogue, clock, verification });
  const verify = (bytes: Uint8Array) =>
    verifyInChild(parts.readers, bytes, { trust: [...parts.trust()], at: clock.now() });
  /** Officers begin at their work, everybody else at their own papers. */
  const begin = ({ actor }: Pick<PageInput, 'actor'>): string =>
    (actor.kind === 'person' ? firstSection(actor.roles.map(({ role }) => role)) : undefined) ?? paths.papers;
  const routes: Route[] = [
    ...webRoutes({ frame, offices: async () => [], begin, gallery: trial }),
    // Before the pages of single papers, whose addresses would otherwise take this one for an id.
    ...uploadPageRoutes({
      citizen,
      uploads: parts.uploads,
      own: parts.own,
      spoolFolder: parts.spoolFolder,
      maximumBytes: config.limits.fileBytes,
    }),
    ...documentsPageRoutes({
      citizen,
      own: parts.own,
      verification,
      catalogue,
      database,
      clock,
      nextRequest: (input) => consents.next(input),
      ways: { search: false, upload: true },
    }),
    ...parts.reusePages({ citizen, office }),
    ...preparationRoutes({ citizen, own: parts.own, catalogue, clock }),
    ...consentRoutes({ citizen, consents }),
    ...usageRoutes({ citizen, usage }),
    ...logRoutes({
      frame,
      office,
      facts: parts.logFacts,
      address: parts.address,
      browser: new LedgerBrowser({ database, clock }),
    }),
    ...statisticsRoutes({ office, statistics: new StatisticsService(parts), catalogue, clock }),
    ...verificationApiRoutes({
      spoolFolder: parts.spoolFolder,
      maximumBytes: config.limits.fileBytes,
      verify,
      repair: parts.repair,
    }),
    ...documentChecksRoutes({ checks: new DocumentChecks({ lookup, database, clock }) }),
    ...verificationRoutes({
      frame,
      spoolFolder: parts.spoolFolder,
      maximumBytes: config.limits.fileBytes,
      verify,
      findByCode: (code, input) => lookup.byCode(code, input),
      findByDigest: (sha256, input) => lookup.byDigest(sha256, input.language),
    }),
  ];
  return {
    routes,
    citizen,
    office,
    frameOf,
    renderProblem: (problem, language) =>
      renderPage(
        problemPage(problem, {
          language,
          path: '/',
          place: language === 'vi' ? 'Kho dữ liệu điện tử' : 'Electronic data store',
          csrfToken: '',
          now: clock.now(),
          trial,
        }),
      ),
    reference: (document) => referenceRoutes({ frame, document }),
  };
}

/** The officer's name as others see it; empty for anybody who is no person. */
async function nameOf(database: Database, actor: Actor): Promise<string> {
  if (actor.kind !== 'person') return '';
  return (await database.transactSql((sql) => personById(sql, actor.personId)))?.fullName ?? '';
}

/** “bà” or “ông” where sex and adulthood are known. */
async function addresseeOf(database: Database, actor: Actor, now: Date): Promise<CitizenContext['person']> {
  const person =
    actor.kind === 'person'
      ? await database.transactSql((sql) => personById(sql, actor.personId))
      : undefined;
  const adult = person?.birthDate ? now.getUTCFullYear() - Number(person.birthDate.slice(0, 4)) > 18 : false;
  const honorific =
    adult && person?.gender === 'female' ? 'bà' : adult && person?.gender === 'male' ? 'ông' : 'ông (bà)';
  return {
    honorific,
    name: person?.fullName.toLocaleUpperCase('vi') ?? '',
    personalNumber: person?.personalNumber ?? '',
  };
}
