/**
 * Deposit: a paper enters the vault once. Order, and why it survives a power cut: bytes first (an orphan object is
 * noise without its row), the intent before the key is used, our own verifier over the result, then one transaction for
 * rows, status, event and the settled idempotency key; the reply comes last.
 */

import {
  type CalendarDate,
  type Catalogue,
  type CatalogueService,
  calendarDateAt,
} from '../catalogue/index.ts';
import type { IdempotencyClaim } from '../http/index.ts';
import { recordRefusal } from '../identity/index.ts';
import type { Clock } from '../platform/clock.ts';
import { crashPoint } from '../platform/crash-points.ts';
import { type Database, isUniqueViolation } from '../platform/database.ts';
import { Failure, type Fault } from '../platform/failure.ts';
import { checkPaper, type DepositContext, metadataFaults, type PaperOrder } from './deposit-order.ts';
import { type DepositReceipt, DepositWork, type DepositWorkParts } from './deposit-work.ts';
import { canDeposit } from './documents-policy.ts';
import { checkComponent, checkResultCode } from './dossier-place.ts';
import { findDossier } from './dossier-repository.ts';

export interface DepositOrder extends DepositContext, PaperOrder {
  readonly claim: IdempotencyClaim;
}

export interface DepositParts extends DepositWorkParts {
  readonly database: Database;
  readonly catalogue: CatalogueService;
}

export class DepositService {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #catalogue: CatalogueService;
  readonly #work: DepositWork;

  constructor(parts: DepositParts) {
    this.#database = parts.database;
    this.#clock = parts.clock;
    this.#catalogue = parts.catalogue;
    this.#work = new DepositWork(parts);
  }

  /** @throws Failure; before the commit nothing is stored that means anything */
  async deposit(order: DepositOrder): Promise<DepositReceipt> {
    const verdict = canDeposit(order.actor, order.agencyId);
    if (!verdict.allowed) {
      await recordRefusal(this.#database, this.#clock, {
        ...order,
        operation: 'deposit',
        because: verdict.reason,
      });
      throw notForAgency();
    }
    const pointer = '/body';
    const catalogue = await this.#catalogue.current();
    const today = calendarDateAt(this.#clock.now());
    const checked = checkPaper(order, { agencyId: order.agencyId, catalogue, today, pointer });
    const placeFaults = await this.#placeFaults(order, { catalogue, today });
    if (!('type' in checked)) throw metadataFaults([...checked, ...placeFaults]);
    if (placeFaults.length > 0) throw metadataFaults(placeFaults);
    const prepared = await this.#work.prepare(order.files, checked.agency);
    try {
      const receipt = await this.#database.transactSql(async (sql) => {
        const given = await this.#work.write(sql, order, { order, checked, prepared, pointer });
        await order.claim.settle(sql, { status: 201, body: given });
        crashPoint('deposit.before-commit');
        return given;
      });
      crashPoint('deposit.after-commit');
      return receipt;
    } catch (error) {
      throw asKnownConflict(error);
    }
  }

  /** Told before any byte is read; the place itself is taken in the last transaction. */
  async #placeFaults(
    { place, agencyId }: DepositOrder,
    terms: { readonly catalogue: Catalogue; readonly today: CalendarDate },
  ): Promise<readonly Fault[]> {
    if (!place) return [];
    const pointer = '/body/dossier';
    const faults = checkResultCode(place, pointer);
    const dossier = await this.#database.transactSql((sql) => findDossier(sql, place.dossierCode));
    if (dossier?.agencyId !== agencyId) {
      faults.push({
        pointer: `${pointer}/code`,
        detail: 'This agency has no dossier of this code. Record it first.',
      });
      return faults;
    }
    return [...faults, ...checkComponent(place, dossier.procedureCode, { ...terms, pointer })];
  }
}

/** What the tables' own rules refused, in words. */
export function asKnownConflict(error: unknown): unknown {
  if (isUniqueViolation(error, 'external_id')) return alreadyPushed();
  if (isUniqueViolation(error, 'result_code')) return resultCodeTaken();
  return error;
}

export const notForAgency = (): Failure =>
  new Failure(
    'forbidden',
    {
      en: 'You do not deposit for this agency. Its administrator grants the role or scope.',
      vi: 'Ông (bà) không được nộp giấy tờ cho cơ quan này. Quản trị của cơ quan là nơi giao vai trò.',
    },
    { code: 'not-for-this-agency' },
  );

const alreadyPushed = (): Failure =>
  new Failure(
    'conflict',
    {
      en: 'A document of this external id exists. To change it, add a version or change its status.',
      vi: 'Đã có giấy tờ mang mã ngoài này. Muốn đổi, hãy thêm phiên bản hoặc đổi trạng thái.',
    },
    { code: 'external-id-taken' },
  );

const resultCodeTaken = (): Failure =>
  new Failure(
    'conflict',
    {
      en: 'A result of this code exists. Number the next result of the dossier -KQ2, -KQ3 and so on.',
      vi: 'Đã có kết quả mang mã này. Kết quả tiếp theo của hồ sơ ghi -KQ2, -KQ3, v.v.',
    },
    { code: 'result-code-taken' },
  );
