/** Issuance as the vault runs it: registers, batches, the worker that takes up what an earlier process left. */
import type { CatalogueService } from './catalogue/index.ts';
import { grantsOfOwners, withdrawGrant } from './consent/consent-repository.ts';
import type { DepositService } from './documents/index.ts';
import type { Route } from './http/index.ts';
import type { PersonActor } from './identity/index.ts';
import { batchListRoutes } from './issuance/batch-list-routes.ts';
import { batchPageRoutes } from './issuance/batch-page-routes.ts';
import {
  BatchMending,
  BatchService,
  BatchWorker,
  type CopyOrder,
  correctPaper,
  importRegister,
  issuanceRoutes,
  issueCopy,
  type LegacyRegister,
  RegisterActions,
  RegisterDesk,
  RegisterService,
  ResultService,
  type RunnerParts,
  registerRoutes,
  resultRoutes,
  voidLostCopies,
} from './issuance/index.ts';
import { registerActionRoutes } from './issuance/register-action-api.ts';
import { registerEntryRoutes } from './issuance/register-entry-routes.ts';
import { registerPageRoutes } from './issuance/register-page-routes.ts';
import { appendEvent } from './ledger/index.ts';
import type { Sql } from './platform/database.ts';
import type { Logger } from './platform/logger.ts';
import { tellReliers } from './reuse/index.ts';
import { signCms } from './signing/index.ts';
import type { OfficePageParts } from './web/index.ts';

export interface IssuanceSettings extends Omit<RunnerParts, 'registers' | 'chunk'>, OfficePageParts {
  readonly catalogue: CatalogueService;
  readonly logger: Logger;
  readonly spoolFolder: string;
  readonly deposits: DepositService;
}

/** The worker is the caller's to dispose of, before the database. */
export async function openIssuance(
  given: Omit<IssuanceSettings, 'onStanding'>,
): Promise<{ readonly routes: Route[]; readonly worker: BatchWorker }> {
  const settings: IssuanceSettings = { ...given, onStanding: tellReliers };
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
    onStanding: tellReliers,
    correctPaper: (correction) => correctPaper({ ...settings, registers }, correction),
    wake: (batchId) => worker.wake(batchId),
  });
  await actions.resume();
  await voidLostCopies({ database, registers }, new Date(clock.now().getTime() - 3_600_000));
  const desk = new RegisterDesk({
    database,
    catalogue,
    registers,
    clock,
    signPage: (agencyId, digest) => signCms(seals.signerFor(agencyId), digest),
  });
  const runner = { ...settings, registers };
  const registerParts = {
    desk,
    spoolFolder,
    importRegister: (actor: PersonActor, legacy: LegacyRegister) => importRegister(runner, actor, legacy),
    issueCopy: (actor: PersonActor, order: CopyOrder) => issueCopy(runner, actor, order),
  };
  const registerPages = { ...registerParts, office, actions, catalogue, clock };
  const results = new ResultService({ ...settings, registers, endGrants: endGrantsOf });
  const pages = { office, batches, mending, catalogue, clock, spoolFolder };
  return {
    routes: [
      ...issuanceRoutes({ batches, worker, catalogue, clock, spoolFolder }),
      ...registerActionRoutes({ actions }),
      ...resultRoutes({ results }),
      ...registerRoutes(registerParts),
      ...registerPageRoutes(registerPages),
      ...registerEntryRoutes(registerPages),
      ...batchListRoutes(pages),
      ...batchPageRoutes({ ...pages, worker, database, signerFor: (agencyId) => seals.signerFor(agencyId) }),
    ],
    worker,
  };
}

/** What a person who died had allowed ends with them, each grant with its event. */
async function endGrantsOf(sql: Sql, personId: string, at: Date): Promise<number> {
  let ended = 0;
  for (const grant of await grantsOfOwners(sql, { ownerIds: [personId], limit: 10_000 })) {
    if (!(await withdrawGrant(sql, { id: grant.id, at, by: 'vault' }))) continue;
    ended += 1;
    await appendEvent(sql, {
      type: 'consent.withdrawn',
      at,
      actor: { kind: 'vault' },
      outcome: 'done',
      agencyId: grant.agencyId,
      documentId: grant.documentId,
      dossierId: grant.dossierId,
      ownerIds: [personId],
      detail: { grant: grant.id, because: 'owner-died' },
    });
  }
  return ended;
}
