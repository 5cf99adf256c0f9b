/**
 * “Who looked at my papers”: plain sentences, newest first, grouped by day; filters, export, and a way to ask
 * or complain at each entry. Refused and blocked attempts are entries too. Never a value out of a paper.
 */
import * as web from '../web/index.ts';
import { content } from './content.ts';

/** How one access ended. */
export type UsageOutcome = 'seen_full' | 'seen_minimum' | 'asked_only' | 'blocked' | 'refused';

/** One entry of the log as its owner reads it. */
export interface UsageEntry {
  readonly id: string;
  readonly at: Date;
  /** The organisation, or “Người cầm mã chia sẻ của bà”. */
  readonly who: string;
  readonly officer?: string;
  readonly documents: readonly { readonly id: string; readonly title: string }[];
  readonly outcome: UsageOutcome;
  readonly procedure?: string;
  readonly dossier?: string;
  readonly basis: 'consent' | 'law' | 'share';
  /** A sentence of its own, where the common words do not say enough (why it was blocked). */
  readonly remark?: string;
}

/** What is filtered by; the names are those of the query string. */
export interface UsageFilter {
  readonly giay?: string;
  readonly coquan?: string;
  readonly thoigian?: 'month' | 'year' | 'all';
}

export interface UsageLogPageProps {
  readonly frame: web.Frame;
  readonly person: web.Addressee;
  readonly waiting: number;
  readonly since: Date;
  readonly counts: {
    readonly seen: number;
    readonly asked: number;
    readonly refused: number;
    readonly blocked: number;
  };
  readonly entries: readonly UsageEntry[];
  readonly filter: UsageFilter;
  /** What may be filtered by: papers and agencies that occur in the log. */
  readonly documents: readonly web.Option[];
  readonly agencies: readonly web.Option[];
  /** Address of the older entries, if there are any. */
  readonly older?: string;
}

export function UsageLogPage(props: UsageLogPageProps) {
  const { frame, person, waiting, since, counts, entries } = props;
  const t = content[frame.language];
  const { you } = web.addressed(person);
  const filtered = Boolean(props.filter.giay || props.filter.coquan);
  const days = Map.groupBy(entries, (entry) => web.isoDay(entry.at));
  const parts = [
    counts.asked > 0 ? t.asked(counts.asked) : '',
    counts.refused > 0 ? t.refused(counts.refused, you) : '',
    counts.blocked > 0 ? t.blocked(counts.blocked) : '',
  ].filter(Boolean);
  return (
    <web.CitizenPage frame={frame} title={t.title} current="log" waiting={waiting}>
      <h1>{t.title}</h1>
      <p>
        {t.since(web.formatDate(since))} <b>{t.seen(counts.seen)}</b>
        {parts.map((part) => `, ${part}`).join('')}. {t.permanent}
      </p>
      <Filter {...props} />
      {entries.length === 0 ? <p>{filtered ? t.noneFound : t.none(you)}</p> : null}
      {[...days.values()].map((day) => (
        <web.Ledger key={day[0]?.id} title={web.formatWeekday(day[0]?.at ?? frame.now, frame.language)}>
          {day.map((entry) => (
            <Entry key={entry.id} entry={entry} {...props} />
          ))}
        </web.Ledger>
      ))}
      {props.older ? (
        <web.ButtonLink kind="second" href={props.older}>
          {t.older}
        </web.ButtonLink>
      ) : null}
      <div>
        <web.LoneLink href={web.paths.logExport} shape="download">
          {t.exportCsv}
        </web.LoneLink>
        <web.LoneLink href={web.paths.publicLog}>{t.anyone}</web.LoneLink>
      </div>
    </web.CitizenPage>
  );
}

function Filter({ frame, filter, documents, agencies }: UsageLogPageProps) {
  const t = content[frame.language];
  const any = { value: '', label: t.all };
  const open = Boolean(filter.giay || filter.coquan || filter.thoigian);
  return (
    <web.Folded title={t.filter} open={open}>
      <form action={web.paths.log}>
        <web.SelectField
          name="giay"
          label={t.document}
          options={[any, ...documents]}
          value={filter.giay ?? ''}
        />
        <web.SelectField
          name="coquan"
          label={t.agency}
          options={[any, ...agencies]}
          value={filter.coquan ?? ''}
        />
        <web.SelectField
          name="thoigian"
          label={t.period}
          value={filter.thoigian ?? 'year'}
          options={(['month', 'year', 'all'] as const).map((value) => ({ value, label: t.periods[value] }))}
        />
        <web.Button kind="second">{t.apply}</web.Button>
      </form>
    </web.Folded>
  );
}

function Entry({ frame, person, entry }: UsageLogPageProps & { readonly entry: UsageEntry }) {
  const t = content[frame.language];
  const { You } = web.addressed(person);
  const [only] = entry.documents;
  return (
    <web.LedgerEntry who={entry.who} time={web.formatTime(entry.at)}>
      {entry.documents.length === 1 && only ? (
        <p>
          <a href={web.paths.paper(only.id)}>{only.title}</a>
        </p>
      ) : (
        <details class="inline-fold">
          <summary>{t.papers(entry.documents.length)}</summary>
          <ul class="fold">
            {entry.documents.map((document) => (
              <li key={document.id}>
                <a href={web.paths.paper(document.id)}>{document.title}</a>
              </li>
            ))}
          </ul>
        </details>
      )}
      <web.Status
        language={frame.language}
        state={entry.outcome}
        word={entry.outcome === 'refused' ? t.refusedWord(You) : undefined}
      />
      <p class="small soft">{reason(entry, frame.language, You)}</p>
      <p class="ask">
        <a href={web.paths.logComplain(entry.id)}>
          {entry.basis === 'law' ? t.askLaw : t.ask}
          <span class="hidden">
            , {entry.who}, {web.formatDateTime(entry.at)}
          </span>
        </a>{' '}
        <a href={web.paths.logProof(entry.id)}>
          {t.proof}
          <span class="hidden">
            , {entry.who}, {web.formatDateTime(entry.at)}
          </span>
        </a>
      </p>
    </web.LedgerEntry>
  );
}

/** “Trần Thu Hà, để làm Đăng ký thường trú, hồ sơ H24…. Không xem nội dung.” */
function reason(entry: UsageEntry, language: web.Language, You: string): string {
  const t = content[language];
  const facts = [
    entry.officer ?? '',
    entry.procedure ? t.purpose(entry.procedure) : '',
    entry.dossier ? t.dossier(entry.dossier) : '',
  ].filter(Boolean);
  const sentences = [
    facts.length > 0 ? `${web.capital(facts.join(', '))}.` : '',
    entry.outcome === 'asked_only' ? t.notOpened : '',
    entry.basis === 'law' ? t.byLaw : '',
    entry.basis === 'share' && entry.outcome !== 'blocked' ? t.byShare(You) : '',
    entry.remark ?? '',
  ];
  return sentences.filter(Boolean).join(' ');
}

/** What a person may want to say about one entry. */
export const complaintReasons = ['explain', 'unknown', 'correct', 'complain'] as const;
export type ComplaintReason = (typeof complaintReasons)[number];

export interface ComplaintPageProps {
  readonly frame: web.Frame;
  readonly person: web.Addressee;
  readonly waiting: number;
  readonly entry: UsageEntry;
  /** Fields: `viec` (what), `them` (more). */
  readonly values?: { readonly viec?: ComplaintReason; readonly them?: string };
  readonly faults?: readonly web.Fault[];
}

/** The words of the fault when nothing was chosen. */
export const nothingChosen = (language: web.Language): web.Fault => ({
  field: 'viec',
  text: content[language].complain.missing,
});

export function ComplaintPage({ frame, person, waiting, entry, values, faults }: ComplaintPageProps) {
  const t = content[frame.language].complain;
  const { You } = web.addressed(person);
  return (
    <web.CitizenPage frame={frame} title={t.title} current="log" waiting={waiting} faults={faults}>
      <web.BackLink href={web.paths.log}>{web.shared[frame.language].citizenTabs.log}</web.BackLink>
      <h1 class="tight">{t.title}</h1>
      <section class="panel" aria-label={t.what}>
        <p>
          <b>{entry.who}</b>, {web.formatDateTime(entry.at)}
        </p>
        <p>{entry.documents.map((document) => document.title).join(', ')}</p>
        <p class="small soft">{reason(entry, frame.language, You)}</p>
      </section>
      <web.PostForm frame={frame} action={web.paths.logComplain(entry.id)} class="loose">
        <web.RadioTiles
          name="viec"
          legend={t.why(You)}
          value={values?.viec}
          fault={web.faultOf(faults, 'viec')}
          options={complaintReasons.map((value) => ({ value, label: t.reasons[value] }))}
        />
        <web.TextArea name="them" label={t.text} hint={t.textHint} value={values?.them} />
        <web.Button>{t.send}</web.Button>
      </web.PostForm>
      <p class="small soft">{t.promise}</p>
    </web.CitizenPage>
  );
}

export interface ComplaintSentPageProps extends Pick<ComplaintPageProps, 'frame' | 'person' | 'waiting'> {
  readonly agency: string;
  readonly code: string;
  /** Last day to acknowledge: two working days. */
  readonly due: Date;
}

export function ComplaintSentPage({ frame, waiting, agency, code, due }: ComplaintSentPageProps) {
  const t = content[frame.language].complain;
  return (
    <web.CitizenPage frame={frame} title={t.sent} current="log" waiting={waiting}>
      <h1>{t.sent}</h1>
      <web.Notice tone="ok" title={t.receipt(code)}>
        <p>{t.sentText(agency, web.formatDate(due))}</p>
      </web.Notice>
      <web.LoneLink href={web.paths.log}>{web.shared[frame.language].citizenTabs.log}</web.LoneLink>
    </web.CitizenPage>
  );
}
