/**
 * A batch of diplomas: counts in words, the legal clock, the steps, the rows to mend, and the signing. Good rows
 * never wait for bad ones; who prepared the list may not sign it. A reload shows the truth.
 */
import * as web from '../web/index.ts';
import { content } from './content.ts';

/** One cell that was not taken. */
export interface FaultyRow {
  /** Row of the file, the header being 1. */
  readonly row: number;
  readonly student: string;
  /** Masked, or its length where it is wrong. */
  readonly number: string;
  readonly cell: string;
  /** As it stands in the file; empty when blank. */
  readonly value: string;
  readonly why: string;
}

export interface BatchPageProps {
  readonly frame: web.Frame;
  readonly officer: { readonly name: string; readonly office: string };
  readonly tabs: readonly web.Tab[];
  readonly batch: {
    readonly id: string;
    readonly title: string;
    /** “Quyết định công nhận tốt nghiệp số 412/QĐ-THPTVH, ngày 20/11/2026”. */
    readonly decision: string;
    readonly decidedOn?: Date;
    /** Without a decision there is no term. */
    readonly due?: Date;
    readonly rows: number;
    readonly signed: number;
    /** Good rows, signed or not. */
    readonly good: number;
  };
  /** Five: list, rows, sample, sign, keep. */
  readonly steps: readonly Pick<web.Step, 'state' | 'word'>[];
  readonly faulty: readonly FaultyRow[];
  /** Rows whose owner could not be found while numbers were given. */
  readonly failed?: readonly { readonly row: number; readonly why: string }[];
  /** What stopped it, for people. */
  readonly problem?: string;
  /** Address of the script that keeps the counts fresh; the page works without. */
  readonly live?: { readonly script: string; readonly source: string };
  readonly mayCancel?: boolean;
  readonly signing: {
    readonly state: 'idle' | 'running' | 'paused' | 'done' | 'cancelled';
    readonly signer: string;
    readonly certificate: { readonly kind: string; readonly until: Date };
    readonly maker: string;
    /** True when the reader may sign: the signer, and not the maker. */
    readonly maySign: boolean;
  };
}

const stepNames = ['list', 'rows', 'sample', 'sign', 'keep'] as const;

export function BatchPage(props: BatchPageProps) {
  const { frame, batch, steps, faulty } = props;
  const { language } = frame;
  const t = content[language];
  const n = (value: number): string => web.formatNumber(value, language);
  const waiting = batch.good - batch.signed;
  return (
    <web.DeskPage {...props} title={batch.title}>
      <web.BackLink href={web.paths.batches}>{t.view.back}</web.BackLink>
      <div class="between">
        <div class="page-head">
          <p class="small soft">{batch.decision}</p>
          <h1>{batch.title}</h1>
          <p class="lead">
            {t.students(n(batch.rows))} <b>{t.signed(n(batch.signed))}</b>
            {waiting > 0 ? t.toSign(n(waiting)) : ''}
            {faulty.length > 0 ? t.toMend(n(faulty.length)) : ''}.
          </p>
        </div>
        {batch.due && batch.decidedOn ? (
          <web.LegalClock
            language={language}
            what={t.deadline}
            from={batch.decidedOn}
            due={batch.due}
            now={frame.now}
          />
        ) : null}
      </div>
      {props.problem ? (
        <web.Notice tone="warn" title={t.view.paused}>
          <p>{props.problem}</p>
        </web.Notice>
      ) : null}
      <web.Steps
        language={language}
        steps={stepNames.map((name, index) => ({
          name: t.steps[name],
          ...(steps[index] ?? { state: 'later' as const }),
        }))}
      />
      <div class="cols side">
        <div>
          <Faulty {...props} />
          <Failed {...props} />
        </div>
        <Signing {...props} />
      </div>
      {props.live ? <script type="module" src={props.live.script} data-source={props.live.source} /> : null}
    </web.DeskPage>
  );
}

function Faulty({ frame, batch, faulty }: BatchPageProps) {
  const { language } = frame;
  const t = content[language];
  const n = (value: number): string => web.formatNumber(value, language);
  if (faulty.length === 0) {
    return <web.Notice tone="ok" title={t.noFaults} />;
  }
  return (
    <section>
      <h2>{t.mendTitle(n(faulty.length))}</h2>
      <p>{t.mendText(n(batch.good), n(faulty.length))}</p>
      <web.Table
        caption={t.mendTitle(n(faulty.length))}
        rows={faulty}
        keyOf={(row) => `${row.row} ${row.cell}`}
        columns={[
          { label: t.columns.row, cell: (row) => row.row, class: 'num' },
          {
            label: t.columns.student,
            heads: true,
            cell: (row) => (
              <>
                <span>{row.student}</span>
                <span class="hint num">{row.number}</span>
              </>
            ),
          },
          {
            label: t.columns.cell,
            bare: true,
            cell: (row) => (
              <>
                <span>{row.cell}</span>
                <b>{row.value === '' ? t.blank : row.value}</b>
              </>
            ),
          },
          { label: t.columns.why, bare: true, cell: (row) => row.why },
          {
            label: t.columns.mend,
            bare: true,
            class: 'next',
            cell: (row) => (
              <a href={web.paths.batchRow(batch.id, row.row)}>
                {t.columns.mend}
                <span class="hidden">, {t.about(row.row)}</span>
              </a>
            ),
          },
        ]}
      />
      <div class="row">
        <web.ButtonLink kind="second" shape="download" href={web.paths.batchFaults(batch.id)}>
          {t.faultsFile(n(faulty.length))}
        </web.ButtonLink>
        <web.ButtonLink kind="second" href={web.paths.batchReload(batch.id)}>
          {t.reload}
        </web.ButtonLink>
      </div>
    </section>
  );
}

function Failed({ frame, failed = [] }: BatchPageProps) {
  const { language } = frame;
  const t = content[language];
  if (failed.length === 0) return null;
  const title = t.view.failedTitle(web.formatNumber(failed.length, language));
  return (
    <section>
      <h2>{title}</h2>
      <p>{t.view.failedText}</p>
      <web.Table
        caption={title}
        rows={failed}
        keyOf={(row) => String(row.row)}
        columns={[
          { label: t.columns.row, heads: true, cell: (row) => row.row, class: 'num' },
          { label: t.view.reasonColumn, cell: (row) => row.why },
        ]}
      />
    </section>
  );
}

function Signing({ frame, batch, signing, mayCancel, live }: BatchPageProps) {
  const { language } = frame;
  const t = content[language];
  const n = (value: number): string => web.formatNumber(value, language);
  return (
    <section class="panel">
      <h2>{t.signing}</h2>
      <div>
        <p>
          <b id="progress">{t.progress(n(batch.signed), n(batch.good))}</b>
          {t.progressRest}
        </p>
        <web.ProgressBar done={batch.signed} total={batch.good} />
        {live ? <web.LoneLink href={web.paths.batch(batch.id)}>{t.view.refresh}</web.LoneLink> : null}
      </div>
      <p class="small soft">{t.safe}</p>
      <web.SummaryList
        ruled
        rows={[
          { label: t.signer, value: signing.signer },
          {
            label: t.certificate,
            value: t.certificateUntil(signing.certificate.kind, web.formatDate(signing.certificate.until)),
          },
          { label: t.maker, value: t.makerRule(signing.maker) },
        ]}
      />
      {signing.state === 'running' ? (
        <web.PostForm frame={frame} action={web.paths.batchPause(batch.id)}>
          <web.Button kind="second">{t.pause}</web.Button>
        </web.PostForm>
      ) : null}
      {(signing.state === 'idle' || signing.state === 'paused') && signing.maySign && batch.good > 0 ? (
        <web.PostForm frame={frame} action={web.paths.batchSign(batch.id)}>
          <web.Button>
            {signing.state === 'paused'
              ? t.view.resume(n(batch.good - batch.signed))
              : t.sign(n(batch.good - batch.signed))}
          </web.Button>
        </web.PostForm>
      ) : null}
      {signing.maySign || signing.state === 'done' || signing.state === 'cancelled' ? null : (
        <p class="small">{t.selfSign}</p>
      )}
      {batch.good > 0 && signing.state !== 'cancelled' ? (
        <web.LoneLink href={web.paths.batchSample(batch.id)}>
          {batch.signed > 0 ? t.sample : t.view.preview}
        </web.LoneLink>
      ) : null}
      {mayCancel ? <web.LoneLink href={web.paths.batchCancel(batch.id)}>{t.view.cancel}</web.LoneLink> : null}
    </section>
  );
}
