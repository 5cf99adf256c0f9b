/** All batches of one's bodies with the five-day clock, and the form that makes a new one. */
import * as web from '../web/index.ts';
import type { BatchState } from './batch.ts';
import { content } from './content.ts';

interface DeskProps {
  readonly frame: web.Frame;
  readonly officer: { readonly name: string; readonly office: string };
  readonly tabs: readonly web.Tab[];
}

export interface ListedBatch {
  readonly id: string;
  readonly title: string;
  readonly state: BatchState;
  /** Days until the term; negative when late, null without a term or when all is issued. */
  readonly daysLeft: number | null;
  readonly due?: Date;
  readonly total: number;
  readonly issued: number;
  readonly faulty: number;
}

export interface BatchListPageProps extends DeskProps {
  /** Those that are due first, then the newest. */
  readonly batches: readonly ListedBatch[];
  readonly mayPrepare: boolean;
}

const stateShape: Readonly<Record<BatchState, web.State>> = {
  prepared: 'waiting',
  running: 'pending',
  paused: 'suspended',
  finished: 'done',
  cancelled: 'refused',
};

export function BatchListPage(props: BatchListPageProps) {
  const { frame, batches } = props;
  const { language } = frame;
  const t = content[language];
  const n = (value: number): string => web.formatNumber(value, language);
  return (
    <web.DeskPage {...props} title={t.list.title}>
      <div class="between">
        <div class="page-head">
          <h1>{t.list.title}</h1>
          <p class="lead">{t.list.lead}</p>
        </div>
        {props.mayPrepare ? <web.ButtonLink href={web.paths.batchNew}>{t.list.fresh}</web.ButtonLink> : null}
      </div>
      {batches.length === 0 ? (
        <p>{t.list.none}</p>
      ) : (
        <section>
          <h2>{t.list.board}</h2>
          <p class="small soft">{t.list.boardHint}</p>
          <web.Table
            caption={t.list.title}
            rows={batches}
            keyOf={(batch) => batch.id}
            columns={[
              {
                label: t.list.what,
                heads: true,
                cell: (batch) => <a href={web.paths.batch(batch.id)}>{batch.title}</a>,
              },
              {
                label: t.list.state,
                cell: (batch) => (
                  <web.Status
                    language={language}
                    state={stateShape[batch.state]}
                    word={t.states[batch.state]}
                  />
                ),
              },
              { label: t.list.due, cell: (batch) => <Due batch={batch} language={language} /> },
              {
                label: t.list.counts,
                cell: (batch) => (
                  <>
                    <span>{t.list.progress(n(batch.issued), n(batch.total))}</span>
                    {batch.faulty > 0 ? <span class="hint">{t.list.mend(n(batch.faulty))}</span> : null}
                  </>
                ),
              },
            ]}
          />
        </section>
      )}
    </web.DeskPage>
  );
}

function Due({ batch, language }: { readonly batch: ListedBatch; readonly language: web.Language }) {
  const t = content[language].list;
  if (batch.due === undefined) return <span class="soft">{t.noDue}</span>;
  const { daysLeft } = batch;
  return (
    <>
      <span>{web.formatDate(batch.due)}</span>
      {daysLeft === null ? null : daysLeft < 0 ? (
        <web.Status language={language} state="blocked" word={t.late(-daysLeft)} />
      ) : (
        <span class="hint">{t.left(daysLeft)}</span>
      )}
    </>
  );
}

/** Names of the form's fields, in Vietnamese as the addresses are. */
export const batchFields = {
  type: 'loai',
  agency: 'donvi',
  issuedOn: 'ngaycap',
  place: 'noicap',
  signerTitle: 'chucvu',
  signerName: 'nguoiky',
  decisionNumber: 'soquyetdinh',
  decisionDate: 'ngayquyetdinh',
  table: 'bang',
} as const;
export type BatchField = keyof typeof batchFields;

export interface NewBatchPageProps extends DeskProps {
  readonly types: readonly web.Option[];
  readonly agencies: readonly web.Option[];
  readonly values: Partial<Record<BatchField, string>>;
  readonly faults: readonly web.Fault[];
}

export function NewBatchPage(props: NewBatchPageProps) {
  const { frame, values, faults, types } = props;
  const t = content[frame.language].fresh;
  const text = (field: Exclude<BatchField, 'type' | 'agency' | 'table'>, label: string, hint?: string) => (
    <web.TextField
      name={batchFields[field]}
      label={label}
      hint={hint}
      value={values[field]}
      fault={web.faultOf(faults, batchFields[field])}
    />
  );
  return (
    <web.DeskPage {...props} title={t.title}>
      <web.BackLink href={web.paths.batches}>{content[frame.language].view.back}</web.BackLink>
      <div class="page-head">
        <h1>{t.title}</h1>
        <p class="lead">{t.lead}</p>
      </div>
      <div class="cols side">
        <web.PostForm frame={frame} action={web.paths.batchNew} files class="stack">
          <web.SelectField
            name={batchFields.type}
            label={t.type}
            options={[{ value: '', label: t.choose }, ...types]}
            value={values.type}
            fault={web.faultOf(faults, batchFields.type)}
          />
          <web.SelectField
            name={batchFields.agency}
            label={t.agency}
            options={props.agencies}
            value={values.agency}
            fault={web.faultOf(faults, batchFields.agency)}
          />
          {text('issuedOn', t.issuedOn, t.dateHint)}
          {text('place', t.place)}
          {text('signerTitle', t.signerTitle)}
          {text('signerName', t.signerName)}
          {text('decisionNumber', t.decisionNumber, t.decisionHint)}
          {text('decisionDate', t.decisionDate, t.decisionHint)}
          <web.FileField
            name={batchFields.table}
            label={t.table}
            hint={t.tableHint}
            accept=".csv,.xlsx,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
            fault={web.faultOf(faults, batchFields.table)}
          />
          <web.Button>{t.check}</web.Button>
        </web.PostForm>
        <section class="panel">
          {types.map(({ value, label }) => (
            <div key={value}>
              <h2>{label}</h2>
              <web.LoneLink href={web.paths.batchForm(value)} about={label}>
                {t.form}
              </web.LoneLink>
              <web.LoneLink href={web.paths.templateSample(value)} about={label}>
                {t.sample}
              </web.LoneLink>
            </div>
          ))}
        </section>
      </div>
    </web.DeskPage>
  );
}
