/**
 * The one-stop desk: a dossier and a citizen in, at once each component with its answer and one next step. The side
 * panel opens by a plain link and works as a page of its own; nothing typed is lost when a link to elsewhere fails.
 */
import * as web from '../web/index.ts';
import { content } from './content.ts';
import { type DossierLine, LineAnswer, LineNext, type LineOutcome } from './desk-line.tsx';
import { DeskPanel, type PanelContent } from './desk-panel.tsx';

export type { DossierLine, LineOutcome } from './desk-line.tsx';
export type { PanelContent } from './desk-panel.tsx';

/** What every page of the desk carries. */
export interface DeskProps {
  readonly frame: web.Frame;
  readonly officer: { readonly name: string; readonly office: string };
  readonly tabs: readonly web.Tab[];
  readonly session?: web.CounterSession | undefined;
}

export interface DossierPageProps extends DeskProps {
  readonly dossier: {
    readonly id: string;
    readonly code: string;
    readonly procedureCode: string;
    readonly procedure: string;
    readonly receivedAt: Date;
    readonly due?: Date | undefined;
    readonly solver: string;
  };
  /** “bà Hạnh”: honorific and given name. */
  readonly citizen: string;
  readonly lines: readonly DossierLine[];
  /** The line whose panel is open. */
  readonly panel?: PanelContent | undefined;
  /** A link that is down, since when, and how many questions wait for it. */
  readonly linkDown?: { readonly system: string; readonly since: Date; readonly waiting: number } | undefined;
  readonly faults?: readonly web.Fault[] | undefined;
  /** Opens the statement of what was not found. */
  readonly statementHref?: string | undefined;
}

/** A dossier with its lines and, beside them, the open one. */
export function DossierPage(props: DossierPageProps) {
  const { frame, dossier, lines, panel, linkDown, faults } = props;
  const t = content[frame.language];
  return (
    <web.DeskPage {...props} title={dossier.procedure} faults={faults}>
      <DownLink frame={frame} linkDown={linkDown} />
      <div class="cols side">
        <div class="loose">
          <div class="page-head">
            <p class="small soft">{t.dossier(dossier.code, dossier.procedureCode)}</p>
            <h1>{dossier.procedure}</h1>
            <p class="small soft meta">
              <span>
                {t.received} <b>{web.formatDateTime(dossier.receivedAt)}</b>
              </span>
              {dossier.due ? (
                <span>
                  {t.due} <b>{web.formatDate(dossier.due)}</b>
                </span>
              ) : null}
              <span>
                {t.solver} <b>{dossier.solver}</b>
              </span>
            </p>
          </div>
          <p class="lead">
            {t.answered(lines.length)} <Counts lines={lines} language={frame.language} />.
          </p>
          <Lines {...props} />
          {props.statementHref ? (
            <web.LoneLink href={props.statementHref} shape="print">
              {t.statement}
            </web.LoneLink>
          ) : null}
          <p class="small soft">
            <a href={web.paths.deskPaper(dossier.id)}>{t.paper}</a>
            {t.paperNote}
          </p>
          <div class="row">
            <web.ButtonLink href={web.paths.deskReview(dossier.id)}>{t.review}</web.ButtonLink>
            <web.PostForm frame={frame} action={web.paths.deskNext(dossier.id)}>
              <web.Button kind="second">{t.later}</web.Button>
            </web.PostForm>
          </div>
        </div>
        {panel ? <DeskPanel {...props} panel={panel} dossierId={dossier.id} /> : null}
      </div>
    </web.DeskPage>
  );
}

function DownLink({ frame, linkDown }: Pick<DossierPageProps, 'frame' | 'linkDown'>) {
  if (!linkDown) return null;
  const t = content[frame.language].linkDown;
  return (
    <web.LinkDown
      title={t.title(linkDown.system, web.formatTime(linkDown.since))}
      goesOn={t.goesOn(linkDown.waiting)}
      doNot={t.doNot}
      more={{ href: web.paths.deskLinks, label: t.more }}
    />
  );
}

const order = [
  'taken',
  'available',
  'consent_required',
  'preview_required',
  'mismatch',
  'need_more',
  'pending',
  'not_acceptable',
  'revoked',
  'not_found',
] as const satisfies readonly LineOutcome['kind'][];

function Counts({
  lines,
  language,
}: {
  lines: DeskStartPageProps['today'][number]['lines'];
  language: web.Language;
}) {
  const t = content[language].counts;
  const parts = order.flatMap((kind) => {
    const count = lines.filter((line) => line.outcome.kind === kind).length;
    return count === 0 ? [] : [t[kind](count)];
  });
  const [first, ...rest] = parts;
  return (
    <>
      <b>{first}</b>
      {rest.map((part) => `, ${part}`).join('')}
    </>
  );
}

function Lines({ frame, citizen, dossier, lines, panel }: DossierPageProps) {
  const { language } = frame;
  const t = content[language].columns;
  const isOpen = (line: DossierLine): boolean => line.id === panel?.line.id;
  return (
    <web.Table
      caption={t.component}
      rows={lines}
      keyOf={(line) => line.id}
      isOpen={isOpen}
      columns={[
        { label: t.line, hiddenLabel: true, cell: (line) => line.number, class: 'num' },
        {
          label: t.component,
          heads: true,
          cell: (line) => (
            <>
              <span>{line.component}</span>
              {line.detail ? <span class="hint">{line.detail}</span> : null}
            </>
          ),
        },
        {
          label: t.answer,
          bare: true,
          cell: (line) => <LineAnswer language={language} citizen={citizen} line={line} />,
        },
        {
          label: t.next,
          bare: true,
          class: 'next',
          cell: (line) => (
            <LineNext
              language={language}
              line={line}
              href={web.paths.deskLine(dossier.id, line.id)}
              open={isOpen(line)}
            />
          ),
        },
      ]}
    />
  );
}

/** Names of the fields of `DeskStartPage`; a fault's `field` is one of them. */
export const deskFields = {
  dossier: 'ho-so',
  procedure: 'thu-tuc',
  number: 'so-dinh-danh',
  name: 'ho-ten',
  birth: 'ngay-sinh',
  identity: 'da-doi-chieu',
} as const;

export interface DeskStartPageProps extends DeskProps {
  readonly procedures: readonly web.Option[];
  readonly values?: Readonly<Partial<Record<(typeof deskFields)[keyof typeof deskFields], string>>>;
  readonly faults?: readonly web.Fault[];
  readonly today: readonly {
    readonly id: string;
    readonly code: string;
    readonly procedure: string;
    /** How each line was answered last. */
    readonly lines: readonly { readonly outcome: { readonly kind: LineOutcome['kind'] } }[];
  }[];
  readonly linkDown?: DossierPageProps['linkDown'];
}

/** Where the day begins: a dossier to open, and those of today. */
export function DeskStartPage(props: DeskStartPageProps) {
  const { frame, procedures, values, faults, today } = props;
  const t = content[frame.language].open;
  const text = (name: (typeof deskFields)[keyof typeof deskFields]) => ({
    name,
    value: values?.[name],
    fault: web.faultOf(faults, name),
  });
  return (
    <web.DeskPage {...props} title={t.title} faults={faults}>
      <DownLink frame={frame} linkDown={props.linkDown} />
      <h1>{t.title}</h1>
      <p>{t.lead}</p>
      <div class="cols two">
        <web.PostForm frame={frame} action={web.paths.desk} class="loose">
          <web.TextField {...text(deskFields.dossier)} label={t.dossier} hint={t.dossierHint} width="w20" />
          <web.SelectField {...text(deskFields.procedure)} label={t.procedure} options={procedures} />
          <web.TextField {...text(deskFields.number)} label={t.number} keyboard="numeric" width="w12" />
          <web.TextField {...text(deskFields.name)} label={t.name} hint={t.nameHint} />
          <web.TextField {...text(deskFields.birth)} label={t.birth} hint={t.birthHint} width="w12" />
          <web.CheckTile
            name={deskFields.identity}
            label={t.identity}
            checked={values?.[deskFields.identity] === 'yes'}
            fault={web.faultOf(faults, deskFields.identity)}
          />
          <web.Button>{t.ask}</web.Button>
        </web.PostForm>
        <section>
          <h2>{t.today}</h2>
          {today.length === 0 ? (
            <p>{t.none}</p>
          ) : (
            <web.Table
              caption={t.today}
              rows={today}
              keyOf={(dossier) => dossier.id}
              columns={[
                { label: t.columns.dossier, heads: true, cell: (dossier) => dossier.code },
                { label: t.columns.procedure, cell: (dossier) => dossier.procedure },
                {
                  label: t.columns.state,
                  cell: (dossier) => (
                    <span>
                      <Counts lines={dossier.lines} language={frame.language} />
                    </span>
                  ),
                },
                {
                  label: t.columns.next,
                  bare: true,
                  class: 'next',
                  cell: (dossier) => (
                    <a href={web.paths.deskDossier(dossier.id)}>
                      {t.goOn}
                      <span class="hidden">, {dossier.code}</span>
                    </a>
                  ),
                },
              ]}
            />
          )}
        </section>
      </div>
    </web.DeskPage>
  );
}

/** Why paper may be asked for in spite of an answer. */
export const paperReasons = ['suspected-forgery', 'data-differ', 'illegible', 'special-law'] as const;
export type PaperReason = (typeof paperReasons)[number];

export interface PaperDemandPageProps extends DeskProps {
  readonly dossier: { readonly id: string; readonly code: string };
  readonly lines: readonly DossierLine[];
  /** Fields: `thanh-phan`, `ly-do`, `can-cu`. */
  readonly values?: { readonly line?: string; readonly reason?: PaperReason; readonly text?: string };
  readonly faults?: readonly web.Fault[];
}

/** A demand for paper, with its legal reason, which the citizen can read. */
export function PaperDemandPage(props: PaperDemandPageProps) {
  const { frame, dossier, lines, values, faults } = props;
  const t = content[frame.language].demand;
  return (
    <web.DeskPage {...props} title={t.title} faults={faults}>
      <web.BackLink href={web.paths.deskDossier(dossier.id)}>{dossier.code}</web.BackLink>
      <h1 class="tight">{t.title}</h1>
      <p class="measure">{t.lead}</p>
      <web.PostForm frame={frame} action={web.paths.deskPaper(dossier.id)} class="loose measure">
        <web.RadioTiles
          name="thanh-phan"
          legend={t.which}
          value={values?.line}
          fault={web.faultOf(faults, 'thanh-phan')}
          options={lines.map((line) => ({ value: line.id, label: `${line.number}. ${line.component}` }))}
        />
        <web.RadioTiles
          name="ly-do"
          legend={t.why}
          value={values?.reason}
          fault={web.faultOf(faults, 'ly-do')}
          options={paperReasons.map((value) => ({ value, label: t.reasons[value] }))}
        />
        <web.TextArea
          name="can-cu"
          label={t.text}
          hint={t.textHint}
          value={values?.text}
          fault={web.faultOf(faults, 'can-cu')}
        />
        <web.Button kind="refuse">{t.send}</web.Button>
      </web.PostForm>
    </web.DeskPage>
  );
}
