/**
 * The board of an agency and those below it, computed from rows at the moment it is asked. Managers and auditors see
 * the agencies they stand for; nobody sees a person.
 */
import { type Agency, type CatalogueService, calendarDateAt } from '../catalogue/index.ts';
import { type Actor, agenciesOf } from '../identity/index.ts';
import { appendEvent } from '../ledger/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database.ts';
import { Failure } from '../platform/failure.ts';
import { type Measure, measureAt } from './measure.ts';
import { addToMonth, boundsOf, type Month, monthAt } from './period.ts';
import { digitisedRatio, type Rate, type Ratio, resultsRatio, reusedRatio } from './rates.ts';
import {
  type Demand,
  type DemandCount,
  demandCounts,
  demandsOf,
  receivedGroups,
  settledGroups,
} from './statistics-repository.ts';

export interface StatisticsOrder {
  readonly actor: Actor;
  /** Undefined means the month before the present one: the last whole one. */
  readonly month?: Month;
  /** With those below it; undefined means every agency the actor stands for. */
  readonly agencyId?: string;
  readonly requestId: string;
}

export interface Board {
  readonly month: Month;
  readonly computedAt: Date;
  readonly measure: Measure;
  /** Settled dossiers. */
  readonly dossiers: number;
  readonly ratios: Readonly<Record<Rate, Ratio>>;
  readonly byAgency: readonly {
    readonly agency: Agency;
    readonly dossiers: number;
    readonly ratios: Readonly<Record<Rate, Ratio>>;
  }[];
  /** Oldest first, ends with the asked month. */
  readonly trend: readonly { readonly month: Month; readonly reused: Ratio }[];
  readonly demands: readonly DemandCount[];
  readonly demandsBefore: number;
  /** Agencies that may be chosen. */
  readonly agencies: readonly Agency[];
}

/** Demands listed at once. */
const DEMANDS_SHOWN = 500;

export class StatisticsService {
  readonly #parts: { database: Database; clock: Clock; catalogue: CatalogueService };

  constructor(parts: { database: Database; clock: Clock; catalogue: CatalogueService }) {
    this.#parts = parts;
  }

  /** @throws Failure `not-found` for an agency outside the actor's; the refusal is an event */
  async board(order: StatisticsOrder): Promise<Board> {
    const { database, clock, catalogue } = this.#parts;
    const computedAt = clock.now();
    const month = order.month ?? addToMonth(monthAt(computedAt), -1);
    const day = calendarDateAt(computedAt);
    const measure = measureAt(`${month}-01`);
    const { mine, asked } = await this.#agencies(order);
    const agencies = asked.map(({ id }) => id);
    const snapshot = await catalogue.current();
    const procedureOf = (code: string) =>
      snapshot.procedure(code, `${month}-01`) ?? snapshot.procedure(code, day);
    const { from, until } = boundsOf(month);
    const since = boundsOf(addToMonth(month, 1 - measure.trendMonths)).from;
    const before = boundsOf(addToMonth(month, -1));
    const read = await database.transactSql(async (sql) => ({
      received: await receivedGroups(sql, { agencies, from: since, until }),
      settled: await settledGroups(sql, { agencies, from, until }),
      demands: await demandCounts(sql, { agencies, from, until }),
      before: await demandCounts(sql, { agencies, ...before }),
    }));
    const received = read.received.filter((group) => group.month === month);
    const reused = (groups: typeof received): Ratio => reusedRatio(groups, procedureOf, measure.reusedPer);
    const ratiosOf = (
      settled: typeof read.settled,
      taken: typeof received,
    ): Readonly<Record<Rate, Ratio>> => ({
      results: resultsRatio(settled),
      digitised: digitisedRatio(settled, procedureOf),
      reused: reused(taken),
    });
    const busy = new Set([...read.settled, ...received].map(({ agencyId }) => agencyId));
    const byAgency = asked
      .filter(({ id }) => busy.has(id))
      .map((agency) => {
        const settled = read.settled.filter(({ agencyId }) => agencyId === agency.id);
        const ratios = ratiosOf(
          settled,
          received.filter(({ agencyId }) => agencyId === agency.id),
        );
        return { agency, dossiers: ratios.results.whole, ratios };
      })
      .sort((a, b) => shareForOrder(b.ratios.reused) - shareForOrder(a.ratios.reused));
    const ratios = ratiosOf(read.settled, received);
    return {
      month,
      computedAt,
      measure,
      dossiers: ratios.results.whole,
      ratios,
      byAgency,
      trend: Array.from({ length: measure.trendMonths }, (_, index) => {
        const each = addToMonth(month, index + 1 - measure.trendMonths);
        return { month: each, reused: reused(read.received.filter((group) => group.month === each)) };
      }),
      demands: read.demands,
      demandsBefore: read.before.reduce((total, { times }) => total + times, 0),
      agencies: mine,
    };
  }

  /** Each demanded paper of a month, newest first, at most 500. */
  async demands(order: StatisticsOrder): Promise<{ month: Month; demands: readonly Demand[] }> {
    const { database, clock } = this.#parts;
    const month = order.month ?? addToMonth(monthAt(clock.now()), -1);
    const { asked } = await this.#agencies(order);
    const span = { agencies: asked.map(({ id }) => id), ...boundsOf(month) };
    return { month, demands: await database.transactSql((sql) => demandsOf(sql, span, DEMANDS_SHOWN)) };
  }

  /** The agencies an actor stands for with all below them, and those of the question. */
  async #agencies(order: StatisticsOrder): Promise<{ mine: Agency[]; asked: Agency[] }> {
    const { catalogue, clock, database } = this.#parts;
    const day = calendarDateAt(clock.now());
    const snapshot = await catalogue.current();
    const present = [
      ...new Map(
        snapshot.entries.agencies
          .map(({ id }) => snapshot.agency(id, day))
          .filter((agency) => agency !== undefined)
          .map((agency) => [agency.id, agency]),
      ).values(),
    ];
    const mine = below(present, agenciesOf(order.actor, ['manager', 'auditor']));
    if (order.agencyId === undefined) return { mine, asked: mine };
    const { agencyId } = order;
    if (!mine.some(({ id }) => id === agencyId)) {
      await database.transactSql((sql) =>
        appendEvent(sql, {
          type: 'access.denied',
          at: clock.now(),
          actor: order.actor,
          outcome: 'denied',
          requestId: order.requestId,
          detail: { operation: 'read-statistics', because: 'other-agency' },
        }),
      );
      throw new Failure('not-found', {
        en: 'You do not see the figures of this agency. Choose one of your own.',
        vi: 'Ông (bà) không xem được số liệu của cơ quan này. Hãy chọn cơ quan của mình.',
      });
    }
    return { mine, asked: below(mine, [agencyId]) };
  }
}

/** Agencies without anything to reuse come last. */
const shareForOrder = ({ part, whole }: Ratio): number => (whole === 0 ? -1 : part / whole);

/** The named agencies and all that stand below them, in the order given. */
function below(agencies: readonly Agency[], roots: readonly string[]): Agency[] {
  const found = new Set(roots);
  for (let size = -1; size !== found.size; ) {
    size = found.size;
    for (const { id, parent } of agencies) if (parent !== null && found.has(parent)) found.add(id);
  }
  return agencies.filter(({ id }) => found.has(id));
}
