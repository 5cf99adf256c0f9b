/** Issuance as the vault runs it: registers, batches, the worker that takes up what an earlier process left. */
import type { CatalogueService } from './catalogue/index.ts';
import type { Route } from './http/index.ts';
import {
  BatchService,
  BatchWorker,
  issuanceRoutes,
  RegisterService,
  type RunnerParts,
} from './issuance/index.ts';
import type { Logger } from './platform/logger.ts';

export interface IssuanceSettings extends Omit<RunnerParts, 'registers' | 'chunk'> {
  readonly catalogue: CatalogueService;
  readonly logger: Logger;
  readonly spoolFolder: string;
}

/** The worker is the caller's to dispose of, before the database. */
export async function openIssuance(
  settings: IssuanceSettings,
): Promise<{ readonly routes: Route[]; readonly worker: BatchWorker }> {
  const { database, catalogue, clock, logger, spoolFolder } = settings;
  const registers = new RegisterService({ catalogue, clock });
  const batches = new BatchService({ database, catalogue, registers, clock });
  const worker = new BatchWorker({ ...settings, registers }, (error) =>
    logger.error({ err: error }, 'a batch stopped; it goes on at the next start'),
  );
  await worker.resume();
  return { routes: issuanceRoutes({ batches, worker, catalogue, clock, spoolFolder }), worker };
}
