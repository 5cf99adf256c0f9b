/** The log in plain words for whoever passes by, and the ledger of an agency for its auditor. */
import * as web from '../web/index.ts';
import { EVENT_TYPES, type EventOutcome, type EventType } from './event.ts';
import { logContent } from './log-content.ts';
import type { LogFacts } from './log-facts.ts';

export interface PublicLogPageProps {
  readonly frame: web.Frame;
  readonly facts: LogFacts;
  /** Address of this vault, for the commands. */
  readonly address: string;
}

export function PublicLogPage({ frame, facts, address }: PublicLogPageProps) {
  const { language } = frame;
  const t = logContent[language].public;
  return (
    <web.PublicPage frame={frame} title={t.title}>
      <h1>{t.title}</h1>
      <p>{t.lead}</p>
      <p>{t.private}</p>
      <section>
        <h2>{t.now}</h2>
        {facts.size === 0 ? (
          <p>{t.empty}</p>
        ) : (
          <web.SummaryList
            rows={[
              { label: t.name, value: facts.origin },
              { label: t.size, value: web.formatNumber(facts.size, language) },
              { label: t.root, value: <code>{facts.root}</code> },
              { label: t.key, value: <code>{facts.vkey}</code> },
            ]}
          />
        )}
        <web.LoneLink href="/log/checkpoint" shape="download">
          {t.file}
        </web.LoneLink>
      </section>
      <section>
        <h2>{t.witnesses}</h2>
        {facts.witnesses.length === 0 ? (
          <p>{t.noWitness}</p>
        ) : (
          <web.Table
            caption={t.witnesses}
            rows={facts.witnesses}
            keyOf={(row) => row.name}
            columns={[
              { label: t.witness, heads: true, cell: (row) => row.name },
              {
                label: t.seen,
                cell: (row) => (row.cosignedAt ? web.formatDateTime(row.cosignedAt) : t.unseen),
              },
            ]}
          />
        )}
      </section>
      <section>
        <h2>{t.how}</h2>
        <p>{t.howText}</p>
        <p>
          <code>{`npm run vault -- log audit --key KEY ${address}/log`}</code>
        </p>
        <p>{t.ownText}</p>
        <p>
          <code>npm run vault -- log verify --key KEY FILE.tlog-proof</code>
        </p>
      </section>
    </web.PublicPage>
  );
}

/** One event as the auditor sees it. */
export interface LedgerLine {
  readonly id: string;
  readonly at: Date;
  readonly type: EventType;
  readonly outcome: EventOutcome;
  readonly actorKind: string;
  readonly actorId: string | null;
  readonly documentId: string | null;
  readonly dossier: string | null;
  /** Index in the log; null while it waits. */
  readonly index: number | null;
}

/** The names are those of the query string; dates are local days. */
export interface LedgerFilter {
  readonly viec?: EventType;
  readonly ketqua?: EventOutcome;
  readonly tu?: string;
  readonly den?: string;
}

export interface LedgerPageProps {
  readonly frame: web.Frame;
  readonly officer: { readonly name: string; readonly office: string };
  readonly tabs: readonly web.Tab[];
  readonly lines: readonly LedgerLine[];
  readonly filter: LedgerFilter;
  /** Typed dates that could not be read come back as they were typed. */
  readonly typed?: { readonly tu?: string; readonly den?: string };
  readonly faults?: readonly web.Fault[];
  readonly older?: string;
  readonly csv: string;
}

export const OUTCOMES = ['permitted', 'denied', 'done', 'failed'] as const satisfies readonly EventOutcome[];

export function LedgerPage(props: LedgerPageProps) {
  const { frame, lines, filter } = props;
  const t = logContent[frame.language].browser;
  return (
    <web.DeskPage {...props} title={t.title}>
      <div class="page-head">
        <h1>{t.title}</h1>
        <p class="small soft">{t.lead(props.officer.office)}</p>
      </div>
      <Filter {...props} />
      {lines.length === 0 ? <p>{t.none}</p> : <Lines {...props} />}
      {props.older ? (
        <web.ButtonLink kind="second" href={props.older}>
          {t.older}
        </web.ButtonLink>
      ) : null}
      <web.LoneLink href={`${props.csv}?${queryOf(filter)}`} shape="download">
        {t.exportCsv}
      </web.LoneLink>
    </web.DeskPage>
  );
}

function Filter({ frame, filter, typed, faults }: LedgerPageProps) {
  const t = logContent[frame.language].browser;
  const any = { value: '', label: t.all };
  const faultOf = (field: string) => faults?.find((fault) => fault.field === field)?.text;
  return (
    <form class="filter" action={web.paths.ledger}>
      <web.SelectField
        name="viec"
        label={t.type}
        options={[any, ...EVENT_TYPES.map((value) => ({ value, label: value }))]}
        value={filter.viec ?? ''}
      />
      <web.SelectField
        name="ketqua"
        label={t.outcome}
        options={[any, ...OUTCOMES.map((value) => ({ value, label: t.outcomes[value] }))]}
        value={filter.ketqua ?? ''}
      />
      <web.TextField
        name="tu"
        label={t.from}
        hint={t.dateHint}
        value={typed?.tu ?? filter.tu}
        fault={faultOf('tu')}
      />
      <web.TextField
        name="den"
        label={t.to}
        hint={t.dateHint}
        value={typed?.den ?? filter.den}
        fault={faultOf('den')}
      />
      <web.Button kind="second">{t.apply}</web.Button>
    </form>
  );
}

function Lines({ frame, lines }: LedgerPageProps) {
  const t = logContent[frame.language].browser;
  const kinds: Readonly<Record<string, string>> = t.kinds;
  return (
    <web.Table
      caption={t.title}
      rows={lines}
      keyOf={(line) => line.id}
      columns={[
        { label: t.when, heads: true, cell: (line) => web.formatDateTime(line.at) },
        { label: t.type, cell: (line) => <code>{line.type}</code> },
        { label: t.outcome, cell: (line) => t.outcomes[line.outcome] },
        {
          label: t.actor,
          cell: (line) => [kinds[line.actorKind] ?? line.actorKind, line.actorId ?? ''].join(' ').trim(),
        },
        { label: t.paper, cell: (line) => line.documentId ?? '–' },
        { label: t.dossier, cell: (line) => line.dossier ?? '–' },
        { label: t.place, end: true, cell: (line) => line.index ?? t.waits },
      ]}
    />
  );
}

export const queryOf = (filter: LedgerFilter & { readonly sau?: string }): string =>
  new URLSearchParams(
    Object.entries(filter).filter((pair): pair is [string, string] => typeof pair[1] === 'string'),
  ).toString();
