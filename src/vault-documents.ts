/** Documents and dossiers put together: the services that others need, and every route of theirs. */
import type { SealedObjects } from '../storage/index.ts';
import type { CatalogueService } from './catalogue/index.ts';
import { depositRoutes } from './documents/documents-api.ts';
import { DossierDepositService } from './documents/dossier-deposit-service.ts';
import { DossierExportService } from './documents/dossier-export-service.ts';
import { dossiersRoutes } from './documents/dossiers-api.ts';
import type { Eraser } from './documents/erase.ts';
import { ErasureService } from './documents/erasure-service.ts';
import { erasuresRoutes } from './documents/erasures-api.ts';
import {
  DepositService,
  DossierService,
  OwnDocuments,
  RetrievalService,
  type Sealing,
  StatusService,
} from './documents/index.ts';
import { ownDocumentsRoutes } from './documents/own-documents-api.ts';
import { SelfUploads } from './documents/self-uploads.ts';
import { selfUploadsRoutes } from './documents/self-uploads-api.ts';
import { VersionService } from './documents/version-service.ts';
import { toDossierReceipt, wholeDossiersRoutes } from './documents/whole-dossiers-api.ts';
import type { Route } from './http/index.ts';
import type { Clock } from './platform/clock.ts';
import type { Database } from './platform/database.ts';
import type { KillablePool } from './platform/killable.ts';
import { tellReliers } from './reuse/index.ts';

export interface DocumentsParts {
  readonly database: Database;
  readonly catalogue: CatalogueService;
  readonly objects: SealedObjects;
  readonly sealing: Sealing;
  readonly readers: KillablePool;
  readonly clock: Clock;
  readonly limits: {
    readonly maxPages: number;
    readonly maxPixels: number;
    readonly maxBytes: number;
    /** Self-uploads of one owner: how many, and how many bytes together. */
    readonly maxPapers: number;
    readonly maxOwnerBytes: number;
  };
  readonly acceptInventedNumbers: boolean;
  readonly spoolFolder: string;
  /** Modules that keep rows made from contents; asked at every erasure. */
  readonly erasers: readonly Eraser[];
}

export interface Documents {
  readonly retrieval: RetrievalService;
  readonly deposits: DepositService;
  readonly dossiers: DossierService;
  readonly own: OwnDocuments;
  readonly uploads: SelfUploads;
  readonly routes: readonly Route[];
}

export function openDocuments(parts: DocumentsParts): Documents {
  const { database, catalogue, clock, limits } = parts;
  const retrieval = new RetrievalService(parts);
  const deposits = new DepositService(parts);
  const dossiers = new DossierService(parts);
  const own = new OwnDocuments({ database, clock, retrieval });
  const statuses = new StatusService({ database, clock, onChange: tellReliers });
  const versions = new VersionService({ ...parts, onChange: tellReliers });
  const uploads = new SelfUploads(parts);
  const dossierDeposits = new DossierDepositService({ ...parts, dossiers, toJson: toDossierReceipt });
  const dossierExports = new DossierExportService(parts);
  const erasures = new ErasureService(parts);
  const edge = { catalogue, clock, spoolFolder: parts.spoolFolder, maxFileBytes: limits.maxBytes };
  return {
    retrieval,
    deposits,
    dossiers,
    own,
    uploads,
    routes: [
      ...depositRoutes({ ...edge, deposits, statuses, versions }),
      ...selfUploadsRoutes({ ...edge, uploads }),
      ...erasuresRoutes({ erasures }),
      ...ownDocumentsRoutes({ ...edge, own }),
      ...dossiersRoutes({ ...edge, dossiers }),
      ...wholeDossiersRoutes({ ...edge, dossiers, dossierDeposits, dossierExports }),
    ],
  };
}
