/** Where digitisation begins: what is under way, what dossiers wait for, the place of a paper, what the vault has already. */
import * as web from '../web/index.ts';
import { content } from './content.ts';
import { PAPER_FORMS, PAPER_GROUPS, type ScanState } from './scan.ts';

/** What every page of digitisation carries. */
export interface DigitisationPage {
  readonly frame: web.Frame;
  readonly officer: { readonly name: string; readonly office: string };
  readonly tabs: readonly web.Tab[];
  readonly faults?: readonly web.Fault[];
}

export interface UnderWay {
  readonly id: string;
  readonly title: string;
  readonly dossier: string | null;
  readonly state: ScanState;
  readonly at: Date;
}

export interface WaitingTask {
  readonly id: string;
  readonly title: string;
  readonly dossier: string | null;
  readonly at: Date;
}

export interface StartPageProps extends DigitisationPage {
  readonly scans: readonly UnderWay[];
  readonly tasks: readonly WaitingTask[];
}

/** The list an officer comes back to: every interrupted paper is one press away from going on. */
export function StartPage(props: StartPageProps) {
  const { frame, scans, tasks } = props;
  const t = content[frame.language];
  return (
    <web.DeskPage {...props} title={t.start.title}>
      <div class="page-head">
        <h1>{t.start.title}</h1>
        <p>{t.start.lead}</p>
      </div>
      <div class="row">
        <web.ButtonLink href={digitisePaths.open}>{t.start.begin}</web.ButtonLink>
        <web.ButtonLink kind="second" href={digitisePaths.search}>
          {t.start.search}
        </web.ButtonLink>
      </div>
      {tasks.length > 0 ? (
        <section class="stack">
          <h2>{t.start.tasks}</h2>
          <p class="small soft">{t.start.tasksLead}</p>
          <web.Table
            caption={t.start.tasks}
            keyOf={(task) => task.id}
            rows={tasks}
            columns={[
              { label: t.start.columns.paper, heads: true, cell: (task) => task.title },
              { label: t.start.columns.dossier, cell: (task) => task.dossier ?? '–' },
              { label: t.start.columns.when, cell: (task) => web.formatDateTime(task.at) },
            ]}
          />
        </section>
      ) : null}
      <section class="stack">
        <h2>{t.start.under}</h2>
        {scans.length === 0 ? (
          <p>{t.start.nothing}</p>
        ) : (
          <web.Table
            caption={t.start.under}
            keyOf={(scan) => scan.id}
            rows={scans}
            columns={[
              { label: t.start.columns.paper, heads: true, cell: (scan) => scan.title },
              { label: t.start.columns.dossier, cell: (scan) => scan.dossier ?? '–' },
              { label: t.start.columns.state, cell: (scan) => t.states[scan.state] },
              { label: t.start.columns.when, cell: (scan) => web.formatDateTime(scan.at) },
              {
                label: t.start.columns.next,
                bare: true,
                cell: (scan) => (
                  <a href={web.paths.capture(scan.id)}>
                    <b>{t.start.continue}</b>
                    <span class="hidden">, {scan.title}</span>
                  </a>
                ),
              },
            ]}
          />
        )}
      </section>
    </web.DeskPage>
  );
}

/** Addresses of pages that only digitisation links to. */
export const digitisePaths = {
  open: `${web.paths.digitise}/moi`,
  search: `${web.paths.digitise}/tim`,
  sign: (id: string) => `${web.paths.capture(id)}/ky-ban-chup`,
  remove: (id: string) => `${web.paths.capture(id)}/bo-anh`,
  second: (id: string) => `${web.paths.capture(id)}/nguoi-thu-hai`,
  finish: (id: string) => `${web.paths.capture(id)}/luu-vao-kho`,
  picture: (id: string, page: number) => `${web.paths.capture(id)}/anh/${page}`,
  thumbnail: (id: string, page: number) => `${web.paths.capture(id)}/anh-nho/${page}`,
  statement: (id: string) => `/api/v1/scans/${encodeURIComponent(id)}/statement.json`,
  statementSignature: (id: string) => `/api/v1/scans/${encodeURIComponent(id)}/statement.p7s`,
} as const;

/** Fields of the form that opens the place of a paper. */
export const openFields = {
  agency: 'co-quan',
  type: 'loai',
  form: 'hinh-thuc',
  number: 'so-dinh-danh',
  name: 'ho-ten',
  dossier: 'ho-so',
  group: 'nhom',
  sheets: 'so-to',
  again: 'ly-do-so-hoa-lai',
} as const;
export type OpenForm = Partial<Record<keyof typeof openFields, string>>;

export interface OpenPageProps extends DigitisationPage {
  readonly agencies: readonly web.Option[];
  readonly types: readonly web.Option[];
  readonly given: OpenForm;
}

export function OpenPage(props: OpenPageProps) {
  const { frame, given, faults } = props;
  const t = content[frame.language].open;
  const groups = content[frame.language].groups;
  const fault = (field: keyof typeof openFields): string | undefined =>
    web.faultOf(faults, openFields[field]);
  return (
    <web.DeskPage {...props} title={t.title}>
      <web.BackLink href={web.paths.digitise}>{content[frame.language].start.title}</web.BackLink>
      <h1 class="tight">{t.title}</h1>
      <web.PostForm frame={frame} action={digitisePaths.open} class="loose measure">
        {props.agencies.length > 1 ? (
          <web.SelectField
            name={openFields.agency}
            label={t.agency}
            options={props.agencies}
            value={given.agency}
          />
        ) : (
          <input type="hidden" name={openFields.agency} value={props.agencies[0]?.value ?? ''} />
        )}
        <web.SelectField
          name={openFields.type}
          label={t.type}
          options={[{ value: '', label: '' }, ...props.types]}
          value={given.type}
          fault={fault('type')}
        />
        <web.RadioTiles
          name={openFields.form}
          legend={t.form}
          value={given.form}
          fault={fault('form')}
          options={PAPER_FORMS.map((value) => ({ value, label: t.forms[value] }))}
        />
        <web.TextField
          name={openFields.number}
          label={t.number}
          hint={t.numberHint}
          value={given.number}
          keyboard="numeric"
          width="w12"
          fault={fault('number')}
        />
        <web.TextField name={openFields.name} label={t.name} value={given.name} fault={fault('name')} />
        <web.TextField
          name={openFields.dossier}
          label={t.dossier}
          hint={t.dossierHint}
          value={given.dossier}
          width="w20"
          fault={fault('dossier')}
        />
        <web.RadioTiles
          name={openFields.group}
          legend={t.group}
          value={given.group ?? 'component'}
          options={PAPER_GROUPS.map((value) => ({ value, label: groups[value] }))}
        />
        <web.TextField
          name={openFields.sheets}
          label={t.sheets}
          hint={t.sheetsHint}
          value={given.sheets}
          keyboard="numeric"
          width="w4"
          fault={fault('sheets')}
        />
        <web.Button>{t.send}</web.Button>
      </web.PostForm>
    </web.DeskPage>
  );
}

export interface InVaultPageProps extends DigitisationPage {
  readonly papers: readonly {
    readonly title: string;
    readonly issuer: string;
    readonly symbol: string | null;
    readonly issuedOn: string | null;
  }[];
  readonly given: OpenForm;
}

/** “Already in the vault?” answered with yes: the copy is used, unless there is a reason. */
export function InVaultPage(props: InVaultPageProps) {
  const { frame, given, papers, faults } = props;
  const t = content[frame.language].inVault;
  return (
    <web.DeskPage {...props} title={t.title}>
      <h1 class="tight">{t.title}</h1>
      <p>{t.lead}</p>
      {papers.map((paper) => (
        <web.SummaryList
          key={`${paper.title}${paper.symbol}`}
          ruled
          rows={[
            { label: content[frame.language].start.columns.paper, value: <b>{paper.title}</b> },
            { label: content[frame.language].general.issuer, value: paper.issuer },
            { label: content[frame.language].general.symbol, value: paper.symbol ?? '–' },
            { label: content[frame.language].general.issuedOn, value: paper.issuedOn ?? '–' },
          ]}
        />
      ))}
      <div class="row">
        <web.ButtonLink href={web.paths.digitise}>{t.back}</web.ButtonLink>
      </div>
      <web.PostForm frame={frame} action={digitisePaths.open} class="loose measure">
        {Object.entries(openFields)
          .filter(([key]) => key !== 'again')
          .map(([key, name]) => (
            <input key={name} type="hidden" name={name} value={given[key as keyof OpenForm] ?? ''} />
          ))}
        <web.TextField
          name={openFields.again}
          label={t.again}
          hint={t.againHint}
          value={given.again}
          fault={web.faultOf(faults, openFields.again)}
        />
        <web.Button kind="second">{t.send}</web.Button>
      </web.PostForm>
    </web.DeskPage>
  );
}

/** What is not to be digitised, with its reason and the way on. */
export function RefusedPage(props: DigitisationPage & { readonly why: string }) {
  const t = content[props.frame.language].refused;
  return (
    <web.DeskPage {...props} title={t.title}>
      <h1 class="tight">{t.title}</h1>
      <web.Notice tone="warn" title={props.why} />
      <web.LoneLink href={web.paths.digitise}>{t.back}</web.LoneLink>
    </web.DeskPage>
  );
}
