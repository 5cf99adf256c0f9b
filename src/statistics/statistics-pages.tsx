/**
 * The board of a manager: three rates against their targets, agencies by reuse, the trend, and where paper is still
 * demanded. Bars stand beside their numbers and are read without colour; every chart has its table.
 */
import * as web from '../web/index.ts';
import { content } from './content.ts';

/** The three rates; formulas are settings. */
export type Rate = 'results' | 'digitised' | 'reused';
const rates = ['results', 'digitised', 'reused'] as const satisfies readonly Rate[];

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
  /** Between 0 and 1. */
  readonly shares: Readonly<Record<Rate, number>>;
  readonly targets: Readonly<Record<Rate, number>>;
  /** Ordered by reuse, best first. */
  readonly byAgency: readonly {
    readonly id: string;
    readonly name: string;
    readonly dossiers: number;
    readonly shares: Readonly<Record<Rate, number>>;
  }[];
  /** Oldest first. */
  readonly trend: readonly { readonly label: string; readonly share: number }[];
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

function ByAgency({ frame, byAgency, targets }: StatisticsPageProps) {
  const { language } = frame;
  const t = content[language];
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
            cell: (row) => <a href={web.paths.statisticsAgency(row.id)}>{row.name}</a>,
          },
          { label: t.dossiers, end: true, cell: (row) => web.formatNumber(row.dossiers, language) },
          ...rates.map((rate) => ({
            label: t.column(t.short[rate], whole(targets[rate])),
            cell: (row: (typeof byAgency)[number]) => (
              <web.Measured language={language} share={row.shares[rate]} target={targets[rate]} />
            ),
          })),
        ]}
      />
      <p class="small soft">
        {t.key} <a href={web.paths.statisticsMethod}>{t.method}</a>,{' '}
        <a href={web.paths.statisticsCsv}>{t.csv}</a>
      </p>
    </section>
  );
}

function Trend({ frame, trend, targets }: StatisticsPageProps) {
  const { language } = frame;
  const t = content[language];
  const first = trend[0];
  const last = trend[trend.length - 1];
  if (first === undefined || last === undefined) return <div />;
  return (
    <section>
      <h2>{t.trend(trend.length)}</h2>
      <web.LineChart
        language={language}
        label={t.trendLabel(
          web.formatPercent(first.share, language),
          web.formatPercent(last.share, language),
        )}
        points={trend}
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
            { label: t.short.reused, end: true, cell: (point) => web.formatPercent(point.share, language) },
          ]}
        />
      </web.Folded>
    </section>
  );
}

function Demands({ frame, demands, demandsTotal }: StatisticsPageProps) {
  const { language } = frame;
  const t = content[language];
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
        <a href={web.paths.paperDemands}>{t.each}</a>
      </p>
    </section>
  );
}
