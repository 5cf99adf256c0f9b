/**
 * A whole dossier at once: its record, its components, processing papers and results. Every file is taken in, sealed and
 * kept first; then one transaction makes all of it true, or none.
 */

import { type CatalogueService, calendarDateAt } from '../catalogue/index.ts';
import type { IdempotencyClaim } from '../http/index.ts';
import { recordRefusal } from '../identity/index.ts';
import type { Clock } from '../platform/clock.ts';
import { crashPoint } from '../platform/crash-points.ts';
import type { Database } from '../platform/database.ts';
import type { Fault } from '../platform/failure.ts';
import { type CheckedPaper, checkPaper, metadataFaults, type PaperOrder } from './deposit-order.ts';
import { asKnownConflict } from './deposit-service.ts';
import {
  type DepositReceipt,
  DepositWork,
  type DepositWorkParts,
  type PreparedFile,
} from './deposit-work.ts';
import { checkComponent, checkResultCode } from './dossier-place.ts';
import type { Dossier } from './dossier-repository.ts';
import type { DossierOrder, DossierService } from './dossier-service.ts';
import { canDepositDossier } from './dossiers-policy.ts';
import { nothingHere } from './retrieval-service.ts';

export interface DossierDepositOrder extends DossierOrder {
  readonly papers: readonly PaperOrder[];
  readonly claim: IdempotencyClaim;
}

export interface DossierReceipt {
  readonly dossier: Dossier;
  /** In the order in which the papers were sent. */
  readonly papers: readonly DepositReceipt[];
}

export interface DossierDepositParts extends DepositWorkParts {
  readonly database: Database;
  readonly catalogue: CatalogueService;
  readonly dossiers: DossierService;
  /** How the receipt is kept for a repeated key: the same JSON that is sent. */
  readonly toJson: (receipt: DossierReceipt) => unknown;
}

interface Piece {
  readonly order: PaperOrder;
  readonly checked: CheckedPaper;
  readonly pointer: string;
}

export class DossierDepositService {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #catalogue: CatalogueService;
  readonly #dossiers: DossierService;
  readonly #work: DepositWork;
  readonly #toJson: DossierDepositParts['toJson'];

  constructor(parts: DossierDepositParts) {
    this.#database = parts.database;
    this.#clock = parts.clock;
    this.#catalogue = parts.catalogue;
    this.#dossiers = parts.dossiers;
    this.#toJson = parts.toJson;
    this.#work = new DepositWork(parts);
  }

  /** @throws Failure with the faults of every paper by their place; nothing is stored that means anything then */
  async deposit(order: DossierDepositOrder): Promise<DossierReceipt> {
    const verdict = canDepositDossier(order.actor, order.agencyId);
    if (!verdict.allowed) {
      await recordRefusal(this.#database, this.#clock, {
        actor: order.actor,
        requestId: order.requestId,
        agencyId: order.agencyId,
        operation: 'deposit-dossier',
        because: verdict.reason,
      });
      throw nothingHere();
    }
    this.#dossiers.check(order);
    const pieces = await this.#checked(order);
    const prepared: PreparedFile[] = [];
    for (const { order: paper, checked } of pieces) {
      prepared.push(await this.#work.prepare(paper.files, checked.agency));
    }
    try {
      const receipt = await this.#database.transactSql(async (sql) => {
        const dossier = await this.#dossiers.recordIn(sql, order);
        const papers: DepositReceipt[] = [];
        for (const [at, piece] of pieces.entries()) {
          const kept = prepared[at];
          if (!kept) throw new Error('a paper was not prepared');
          papers.push(await this.#work.write(sql, order, { ...piece, prepared: kept }));
        }
        const given = { dossier, papers };
        await order.claim.settle(sql, { status: 201, body: this.#toJson(given) });
        crashPoint('deposit.before-commit');
        return given;
      });
      crashPoint('deposit.after-commit');
      return receipt;
    } catch (error) {
      throw asKnownConflict(error);
    }
  }

  /** Every paper against the catalogue and the procedure, all faults at once. */
  async #checked(order: DossierDepositOrder): Promise<readonly Piece[]> {
    const catalogue = await this.#catalogue.current();
    const today = calendarDateAt(this.#clock.now());
    const faults: Fault[] = [];
    const pieces: Piece[] = [];
    for (const [at, paper] of order.papers.entries()) {
      const pointer = `/body/papers/${at}`;
      const checked = checkPaper(paper, { agencyId: order.agencyId, catalogue, today, pointer });
      if ('type' in checked) pieces.push({ order: paper, checked, pointer });
      else faults.push(...checked);
      if (paper.place) {
        faults.push(...checkResultCode(paper.place, pointer));
        faults.push(...checkComponent(paper.place, order.procedureCode, { catalogue, today, pointer }));
      }
    }
    if (faults.length > 0) throw metadataFaults(faults);
    return pieces;
  }
}
