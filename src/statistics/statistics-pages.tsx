/**
 * The board of a manager: three rates against their targets, agencies by reuse, the trend, and where paper is still
 * demanded. Bars stand beside their numbers and are read without colour; every chart has its table.
 */
import * as web from '../web/index.ts';
import { content } from './content.ts';
import type { Measure } from './measure.ts';
import { type Rate, rates } from './rates.ts';

/** Between 0 and 1; null where there was nothing to measure. */
type Share = number | null;

export interface StatisticsPageProps {
  readonly frame: web.Frame;
  readonly officer: { readonly name: string; readonly office: string };
  readonly tabs: readonly web.Tab[];
  /** Fields `ky` and `coquan`. */
  readonly periods: readonly web.Option[];
  readonly period: string;
  readonly agencies: readonly web.Option[];
  readonly agency: string;
  /** “toàn thành phố”. */
  readonly scope: string;
  readonly dossiers: number;
  readonly computedAt: Date;
  readonly shares: Readonly<Record<Rate, Share>>;
  readonly targets: Readonly<Record<Rate, number>>;
  /** Ordered by reuse, best first. */
  readonly byAgency: readonly {
    readonly id: string;
    readonly name: string;
    readonly dossiers: number;
    readonly shares: Readonly<Record<Rate, Share>>;
  }[];
  /** Oldest first; the curve leaves out months without anything to measure. */
  readonly trend: readonly { readonly label: string; readonly share: Share }[];
  readonly demands: readonly { readonly agency: string; readonly reason: string; readonly times: number }[];
  readonly demandsTotal: { readonly now: number; readonly before: number };
}

export function StatisticsPage(props: StatisticsPageProps) {
  const { frame } = props;
  const { language } = frame;
  const t = content[language];
  const period = props.periods.find((option) => option.value === props.period)?.label ?? props.period;
  return (
    <web.DeskPage {...props} title={t.title}>
      <div class="between">
        <div class="page-head">
          <h1>{t.title}</h1>
          <p class="small soft">
            {t.lead(
              period,
              props.scope,
              web.formatNumber(props.dossiers, language),
              web.formatDateTime(props.computedAt),
            )}
          </p>
        </div>
        <form class="filter" action={web.paths.statistics}>
          <web.SelectField name="ky" label={t.period} options={props.periods} value={props.period} />
          <web.SelectField name="coquan" label={t.agency} options={props.agencies} value={props.agency} />
          <web.Button kind="second">{t.show}</web.Button>
        </form>
      </div>
      <div class="figures">
        {rates.map((rate) => (
          <Figure key={rate} rate={rate} {...props} />
        ))}
      </div>
      <ByAgency {...props} />
      <div class="cols two">
        <Trend {...props} />
        <Demands {...props} />
      </div>
    </web.DeskPage>
  );
}

const whole = (share: number): string => `${Math.round(share * 100)}%`;

function Figure({ frame, rate, shares, targets }: StatisticsPageProps & { readonly rate: Rate }) {
  const t = content[frame.language];
  const share = shares[rate];
  const target = targets[rate];
  if (share === null) {
    return (
      <div>
        <p class="small soft">
          <b>{t.rates[rate]}</b>
        </p>
        <p class="display tight">–</p>
        <p class="small soft">{t.nothing}</p>
      </div>
    );
  }
  const met = share >= target;
  return (
    <div>
      <p class="small soft">
        <b>{t.rates[rate]}</b>
      </p>
      <p class="display tight">{web.formatPercent(share, frame.language)}</p>
      <web.Status
        language={frame.language}
        state={met ? 'done' : 'not_acceptable'}
        word={
          met
            ? t.reached(whole(target))
            : t.missed(web.formatNumber((target - share) * 100, frame.language), whole(target))
        }
      />
    </div>
  );
}

function ByAgency({ frame, byAgency, targets, period, agency }: StatisticsPageProps) {
  const { language } = frame;
  const t = content[language];
  if (byAgency.length === 0) return <p>{t.noDossiers}</p>;
  const asked = `?${new URLSearchParams({ ky: period, coquan: agency }).toString()}`;
  return (
    <section>
      <h2>{t.byAgency}</h2>
      <web.Hatching />
      <web.Table
        caption={t.byAgency}
        rows={byAgency}
        keyOf={(row) => row.id}
        columns={[
          {
            label: t.agency,
            heads: true,
            cell: (row) => (
              <a
                href={`${web.paths.statistics}?${new URLSearchParams({ ky: period, coquan: row.id }).toString()}`}
              >
                {row.name}
              </a>
            ),
          },
          { label: t.dossiers, end: true, cell: (row) => web.formatNumber(row.dossiers, language) },
          ...rates.map((rate) => ({
            label: t.column(t.short[rate], whole(targets[rate])),
            cell: (row: (typeof byAgency)[number]) => {
              const share = row.shares[rate];
              return share === null ? (
                t.nothing
              ) : (
                <web.Measured language={language} share={share} target={targets[rate]} />
              );
            },
          })),
        ]}
      />
      <p class="small soft">
        {t.key} <a href={web.paths.statisticsMethod}>{t.method}</a>,{' '}
        <a href={`${web.paths.statisticsCsv}${asked}`}>{t.csv}</a>
      </p>
    </section>
  );
}

function Trend({ frame, trend, targets }: StatisticsPageProps) {
  const { language } = frame;
  const t = content[language];
  const points = trend.filter((point): point is { label: string; share: number } => point.share !== null);
  const first = points[0];
  const last = points[points.length - 1];
  if (first === undefined || last === undefined || points.length < 2) return <div />;
  return (
    <section>
      <h2>{t.trend(trend.length)}</h2>
      <web.LineChart
        language={language}
        label={t.trendLabel(
          web.formatPercent(first.share, language),
          web.formatPercent(last.share, language),
        )}
        points={points}
        target={targets.reused}
        targetLabel={t.target(whole(targets.reused))}
      />
      <web.Folded title={t.trendTable}>
        <web.Table
          caption={t.trend(trend.length)}
          rows={trend}
          keyOf={(point) => point.label}
          columns={[
            { label: t.month, heads: true, cell: (point) => point.label },
            {
              label: t.short.reused,
              end: true,
              cell: (point) => (point.share === null ? '–' : web.formatPercent(point.share, language)),
            },
          ]}
        />
      </web.Folded>
    </section>
  );
}

function Demands({ frame, demands, demandsTotal, period, agency }: StatisticsPageProps) {
  const { language } = frame;
  const t = content[language];
  const asked = new URLSearchParams({ ky: period, coquan: agency }).toString();
  return (
    <section>
      <h2>{t.demands}</h2>
      {demands.length === 0 ? (
        <p>{t.none}</p>
      ) : (
        <web.Table
          caption={t.demands}
          rows={demands}
          keyOf={(row) => `${row.agency} ${row.reason}`}
          columns={[
            { label: t.agency, heads: true, cell: (row) => row.agency },
            { label: t.reason, cell: (row) => row.reason },
            { label: t.times, end: true, cell: (row) => web.formatNumber(row.times, language) },
          ]}
        />
      )}
      <p class="small soft">
        {t.total(
          web.formatNumber(demandsTotal.now, language),
          web.formatNumber(demandsTotal.before, language),
        )}{' '}
        <a href={`${web.paths.paperDemands}?${asked}`}>{t.each}</a>
      </p>
    </section>
  );
}

export interface MethodPageProps {
  readonly frame: web.Frame;
  readonly officer: web.OfficeContext['officer'];
  readonly tabs: readonly web.Tab[];
  readonly measure: Measure;
}

/** How each rate is computed, with the measure of the day. */
export function MethodPage(props: MethodPageProps) {
  const { frame, measure } = props;
  const { language } = frame;
  const t = content[language];
  return (
    <web.DeskPage {...props} title={t.method}>
      <h1>{t.method}</h1>
      <p>{t.methodLead(web.formatDate(new Date(`${measure.validFrom}T00:00:00+07:00`)))}</p>
      {measure.verified ? null : <p class="small soft">{t.unverified}</p>}
      <web.Table
        caption={t.method}
        rows={rates}
        keyOf={(rate) => rate}
        columns={[
          { label: t.rate, heads: true, cell: (rate) => t.rates[rate] },
          {
            label: t.formula,
            cell: (rate) => (rate === 'reused' ? t.formulas.reused[measure.reusedPer] : t.formulas[rate]),
          },
          { label: t.targetColumn, end: true, cell: (rate) => whole(measure.targets[rate]) },
        ]}
      />
      <p>
        <a href={web.paths.statistics}>{t.back}</a>
      </p>
    </web.DeskPage>
  );
}

export interface DemandsPageProps {
  readonly frame: web.Frame;
  readonly officer: web.OfficeContext['officer'];
  readonly tabs: readonly web.Tab[];
  /** “10/2026”. */
  readonly period: string;
  readonly demands: readonly {
    readonly id: string;
    readonly at: Date;
    readonly agency: string;
    readonly procedure: string;
    readonly component: string;
    readonly reason: string;
  }[];
}

/** Each paper that was demanded although the vault had answered; what and why, never of whom. */
export function DemandsPage(props: DemandsPageProps) {
  const { frame, demands, period } = props;
  const t = content[frame.language];
  return (
    <web.DeskPage {...props} title={t.demands}>
      <h1>{t.demands}</h1>
      <p class="small soft">{t.demandsLead(period)}</p>
      {demands.length === 0 ? (
        <p>{t.none}</p>
      ) : (
        <web.Table
          caption={t.demands}
          rows={demands}
          keyOf={({ id }) => id}
          columns={[
            { label: t.when, heads: true, cell: ({ at }) => web.formatDateTime(at) },
            { label: t.agency, cell: ({ agency }) => agency },
            { label: t.procedure, cell: ({ procedure }) => procedure },
            { label: t.component, cell: ({ component }) => component },
            { label: t.reason, cell: ({ reason }) => reason },
          ]}
        />
      )}
      <p>
        <a href={web.paths.statistics}>{t.back}</a>
      </p>
    </web.DeskPage>
  );
}
