/** Digitisation as the vault runs it: the use cases, their routes, and the work that goes on behind the counter. */
import type { SealedObjects } from '../storage/index.ts';
import type { CatalogueService } from './catalogue/index.ts';
import {
  createDigitisation,
  type DigitisationServices,
  digitisationRoutes,
  type OfficerSigners,
} from './digitisation/index.ts';
import type { AgencySeals, Sealing } from './documents/index.ts';
import type { Route } from './http/index.ts';
import type { Clock } from './platform/clock.ts';
import type { Database } from './platform/database.ts';
import { KillablePool } from './platform/killable.ts';
import { type TrustSet, verifyInChild } from './verification/index.ts';

export interface DigitisationSettings {
  readonly database: Database;
  readonly objects: SealedObjects;
  readonly catalogue: CatalogueService;
  readonly readers: KillablePool;
  readonly clock: Clock;
  readonly limits: { readonly maxPages: number; readonly maxPixels: number; readonly maxBytes: number };
  readonly acceptInventedNumbers: boolean;
  readonly sealing: Sealing;
  readonly seals: AgencySeals;
  readonly officers: OfficerSigners;
  readonly trust: () => readonly TrustSet[];
  readonly codeTemplate: string;
  readonly spoolFolder: string;
}

export interface OpenedDigitisation {
  readonly services: DigitisationServices;
  readonly routes: readonly Route[];
  /** Children that examine pages; disposed of before the database. */
  readonly examiners: KillablePool;
}

export function openDigitisation(settings: DigitisationSettings): OpenedDigitisation {
  const { readers, trust, clock } = settings;
  // Pictures have children of their own, so that a batch of scans never keeps a verification waiting.
  const examiners = new KillablePool({ size: 2, waiting: 64, megabytes: 1200 });
  const services = createDigitisation({
    ...settings,
    readers: examiners,
    verify: async (bytes) => {
      const outcome = await verifyInChild(readers, bytes, { trust: [...trust()], at: clock.now() });
      return outcome.kind === 'busy' ? 'busy' : outcome.report;
    },
  });
  return { services, routes: digitisationRoutes(services), examiners };
}
