/** Issuance as the vault runs it: registers, batches, the worker that takes up what an earlier process left. */
import type { CatalogueService } from './catalogue/index.ts';
import type { Route } from './http/index.ts';
import { batchListRoutes } from './issuance/batch-list-routes.ts';
import { batchPageRoutes } from './issuance/batch-page-routes.ts';
import {
  BatchMending,
  BatchService,
  BatchWorker,
  correctPaper,
  issuanceRoutes,
  RegisterActions,
  RegisterService,
  type RunnerParts,
} from './issuance/index.ts';
import { registerActionRoutes } from './issuance/register-action-api.ts';
import type { Logger } from './platform/logger.ts';
import type { OfficePageParts } from './web/index.ts';

export interface IssuanceSettings extends Omit<RunnerParts, 'registers' | 'chunk'>, OfficePageParts {
  readonly catalogue: CatalogueService;
  readonly logger: Logger;
  readonly spoolFolder: string;
}

/** The worker is the caller's to dispose of, before the database. */
export async function openIssuance(
  settings: IssuanceSettings,
): Promise<{ readonly routes: Route[]; readonly worker: BatchWorker }> {
  const { database, catalogue, clock, logger, spoolFolder, office, seals } = settings;
  const registers = new RegisterService({ catalogue, clock });
  const batches = new BatchService({ database, catalogue, registers, clock });
  const mending = new BatchMending({ database, catalogue, clock });
  const worker = new BatchWorker({ ...settings, registers }, (error) =>
    logger.error({ err: error }, 'a batch stopped; it goes on at the next start'),
  );
  await worker.resume();
  const actions = new RegisterActions({
    database,
    catalogue,
    registers,
    clock,
    correctPaper: (correction) => correctPaper({ ...settings, registers }, correction),
    wake: (batchId) => worker.wake(batchId),
  });
  await actions.resume();
  const pages = { office, batches, mending, catalogue, clock, spoolFolder };
  return {
    routes: [
      ...issuanceRoutes({ batches, worker, catalogue, clock, spoolFolder }),
      ...registerActionRoutes({ actions }),
      ...batchListRoutes(pages),
      ...batchPageRoutes({ ...pages, worker, database, signerFor: (agencyId) => seals.signerFor(agencyId) }),
    ],
    worker,
  };
}
