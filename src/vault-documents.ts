/** Documents and dossiers put together: the services that others need, and every route of theirs. */
import type { SealedObjects } from '../storage/index.ts';
import type { CatalogueService } from './catalogue/index.ts';
import { depositRoutes } from './documents/documents-api.ts';
import { dossiersRoutes } from './documents/dossiers-api.ts';
import {
  DepositService,
  DossierService,
  OwnDocuments,
  RetrievalService,
  type Sealing,
  StatusService,
} from './documents/index.ts';
import { ownDocumentsRoutes } from './documents/own-documents-api.ts';
import type { Route } from './http/index.ts';
import type { Clock } from './platform/clock.ts';
import type { Database } from './platform/database.ts';
import type { KillablePool } from './platform/killable.ts';

export interface DocumentsParts {
  readonly database: Database;
  readonly catalogue: CatalogueService;
  readonly objects: SealedObjects;
  readonly sealing: Sealing;
  readonly readers: KillablePool;
  readonly clock: Clock;
  readonly limits: { readonly maxPages: number; readonly maxPixels: number; readonly maxBytes: number };
  readonly acceptInventedNumbers: boolean;
  readonly spoolFolder: string;
}

export interface Documents {
  readonly retrieval: RetrievalService;
  readonly deposits: DepositService;
  readonly dossiers: DossierService;
  readonly own: OwnDocuments;
  readonly routes: readonly Route[];
}

export function openDocuments(parts: DocumentsParts): Documents {
  const { database, catalogue, clock, limits } = parts;
  const retrieval = new RetrievalService(parts);
  const deposits = new DepositService(parts);
  const dossiers = new DossierService(parts);
  const own = new OwnDocuments({ database, clock, retrieval });
  const statuses = new StatusService(parts);
  const edge = { catalogue, clock, spoolFolder: parts.spoolFolder, maxFileBytes: limits.maxBytes };
  return {
    retrieval,
    deposits,
    dossiers,
    own,
    routes: [
      ...depositRoutes({ ...edge, deposits, statuses }),
      ...ownDocumentsRoutes({ ...edge, own }),
      ...dossiersRoutes({ ...edge, dossiers }),
    ],
  };
}
