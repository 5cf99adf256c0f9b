/** Digitisation as the vault runs it: the use cases, their routes, and the work that goes on behind the counter. */
import type { SealedObjects } from '../storage/index.ts';
import type { CatalogueService } from './catalogue/index.ts';
import {
  createDigitisation,
  type DigitisationServices,
  type DropSource,
  digitisationPageRoutes,
  digitisationRoutes,
  type OfficerSigners,
  openTasks,
  openWordReader,
  operatorAt,
  PageReader,
  StationIntake,
  searchRoutes,
  TextSearch,
} from './digitisation/index.ts';
import type { AgencySeals, Sealing } from './documents/index.ts';
import type { Route } from './http/index.ts';
import type { Clock } from './platform/clock.ts';
import type { Database } from './platform/database.ts';
import type { Duties } from './platform/duties.ts';
import { KillablePool } from './platform/killable.ts';
import type { Logger } from './platform/logger.ts';
import { type TrustSet, verifyInChild } from './verification/index.ts';
import type { OfficePageParts } from './web/index.ts';

export interface DigitisationSettings {
  readonly database: Database;
  readonly objects: SealedObjects;
  readonly catalogue: CatalogueService;
  readonly readers: KillablePool;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly duties: Duties;
  readonly limits: { readonly maxPages: number; readonly maxPixels: number; readonly maxBytes: number };
  readonly acceptInventedNumbers: boolean;
  readonly sealing: Sealing;
  readonly seals: AgencySeals;
  readonly officers: OfficerSigners;
  readonly trust: () => readonly TrustSet[];
  readonly codeTemplate: string;
  readonly spoolFolder: string;
  /** Where scanner stations leave files. */
  readonly drops: readonly DropSource[];
  readonly office: OfficePageParts['office'];
}

export interface OpenedDigitisation {
  readonly services: DigitisationServices;
  readonly routes: readonly Route[];
  /** Children that examine and read pages; disposed of before the database. */
  readonly pools: readonly KillablePool[];
}

/** Pages are read soon after they were captured; a page that was missed is found at the next round. */
const READ_EVERY_SECONDS = 15;
/** Readers of words, of low priority: one leaves a core of two for whoever waits at the counter. */
const READERS = 1;

export async function openDigitisation(settings: DigitisationSettings): Promise<OpenedDigitisation> {
  const { readers, trust, clock, database, duties, logger } = settings;
  // Pictures have children of their own, so that a batch of scans never keeps a verification waiting.
  const examiners = new KillablePool({ size: 2, waiting: 64, megabytes: 1200 });
  const wordReaders = new KillablePool({ size: READERS, waiting: 16, megabytes: 900 });
  const services = createDigitisation({
    ...settings,
    readers: examiners,
    verify: async (bytes) => {
      const outcome = await verifyInChild(readers, bytes, { trust: [...trust()], at: clock.now() });
      return outcome.kind === 'busy' ? 'busy' : outcome.report;
    },
  });
  const reader = new PageReader({
    desk: services.desk,
    reader: await openWordReader(wordReaders),
    examiners,
    logger,
    atOnce: READERS,
  });
  duties.every({
    name: 'read-pages',
    seconds: READ_EVERY_SECONDS,
    run: async (signal) => {
      await reader.readWaiting(signal);
    },
  });
  const stations = new StationIntake({
    services,
    sources: settings.drops,
    logger,
    officerOf: (personId) => operatorAt(database, personId, clock.now()),
  });
  duties.every({
    name: 'take-in-drops',
    seconds: READ_EVERY_SECONDS,
    run: async (signal) => {
      await stations.takeIn(signal);
    },
  });
  const search = new TextSearch({ database, clock });
  const pages = digitisationPageRoutes({
    services,
    search,
    office: settings.office,
    tasks: (agencyIds) => openTasks(database, agencyIds),
    wake: () => void duties.runNow('read-pages'),
  });
  return {
    services,
    routes: [...digitisationRoutes(services), ...searchRoutes({ search, desk: services.desk }), ...pages],
    pools: [examiners, wordReaders],
  };
}
