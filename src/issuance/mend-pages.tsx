/** Mending one row, sending a mended file, and giving a batch up. */
import * as web from '../web/index.ts';
import { content } from './content.ts';

interface DeskProps {
  readonly frame: web.Frame;
  readonly officer: { readonly name: string; readonly office: string };
  readonly tabs: readonly web.Tab[];
  readonly batchId: string;
}

export interface MendRowPageProps extends DeskProps {
  readonly row: number;
  readonly fields: readonly {
    readonly name: string;
    readonly label: string;
    readonly value: string;
    readonly fault?: string;
    readonly options?: readonly web.Option[];
  }[];
  /** Faults of the row as a whole. */
  readonly whole: readonly string[];
}

export function MendRowPage(props: MendRowPageProps) {
  const { frame, batchId, row, fields, whole } = props;
  const t = content[frame.language].mend;
  const first = fields[0]?.name ?? 'row';
  const faults = [
    ...whole.map((text) => ({ field: first, text })),
    ...fields.flatMap(({ name, fault, label }) =>
      fault ? [{ field: name, text: `${label}: ${fault}` }] : [],
    ),
  ];
  return (
    <web.DeskPage {...props} title={t.rowTitle(row)} faults={faults}>
      <web.BackLink href={web.paths.batch(batchId)}>{t.back}</web.BackLink>
      <div class="page-head">
        <h1>{t.rowTitle(row)}</h1>
        <p>{t.rowLead}</p>
      </div>
      <web.PostForm frame={frame} action={web.paths.batchRow(batchId, row)} class="stack">
        {fields.map(({ name, label, value, fault }) => (
          <web.TextField key={name} name={name} label={label} value={value} fault={fault} />
        ))}
        <web.Button>{t.save}</web.Button>
      </web.PostForm>
      <web.PostForm frame={frame} action={web.paths.batchLeaveOut(batchId, row)}>
        <web.Button kind="second">{t.leaveOut}</web.Button>
      </web.PostForm>
    </web.DeskPage>
  );
}

export interface MendFilePageProps extends DeskProps {
  readonly faults: readonly web.Fault[];
}

export function MendFilePage(props: MendFilePageProps) {
  const { frame, batchId, faults } = props;
  const t = content[frame.language].mend;
  return (
    <web.DeskPage {...props} title={t.fileTitle}>
      <web.BackLink href={web.paths.batch(batchId)}>{t.back}</web.BackLink>
      <div class="page-head">
        <h1>{t.fileTitle}</h1>
        <p>{t.fileLead}</p>
      </div>
      <web.PostForm frame={frame} action={web.paths.batchReload(batchId)} files class="stack">
        <web.FileField
          name="bang"
          label={t.file}
          accept=".csv,.xlsx,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
          fault={web.faultOf(faults, 'bang')}
        />
        <web.Button>{t.send}</web.Button>
      </web.PostForm>
    </web.DeskPage>
  );
}

export function CancelBatchPage(props: DeskProps) {
  const { frame, batchId } = props;
  const t = content[frame.language].cancel;
  return (
    <web.DeskPage {...props} title={t.title}>
      <div class="page-head">
        <h1>{t.title}</h1>
        <p>{t.lead}</p>
      </div>
      <web.PostForm frame={frame} action={web.paths.batchCancel(batchId)}>
        <web.Button kind="refuse">{t.yes}</web.Button>
      </web.PostForm>
      <web.LoneLink href={web.paths.batch(batchId)}>{t.no}</web.LoneLink>
    </web.DeskPage>
  );
}
