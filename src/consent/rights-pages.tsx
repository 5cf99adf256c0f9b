/** A person's rights over data, the code for the counter, previews; and the list of the agency that has to answer. */
import * as web from '../web/index.ts';
import { clockOf, DATA_REQUEST_KINDS, type DataRequest } from './data-request.ts';
import { rightsContent } from './rights-content.ts';

interface PersonPage {
  readonly frame: web.Frame;
  readonly person: web.Addressee;
  readonly waiting: number;
}

export const rightsFields = { kind: 'viec', addressee: 'co-quan', text: 'noi-dung' } as const;

export interface RightsPageProps extends PersonPage {
  readonly agencies: readonly web.Option[];
  readonly requests: readonly DataRequest[];
  readonly nameOf: (agency: string) => string;
  readonly values?: Readonly<Record<string, string>>;
  readonly faults?: readonly web.Fault[];
  /** Code of the request that was just sent. */
  readonly sent?: string | undefined;
}

export function RightsPage(props: RightsPageProps) {
  const { frame, waiting, requests, values, faults } = props;
  const t = rightsContent[frame.language].rights;
  return (
    <web.CitizenPage frame={frame} title={t.title} current="log" waiting={waiting} faults={faults}>
      <h1>{t.title}</h1>
      <p>{t.lead}</p>
      {props.sent ? <web.Notice tone="ok" title={t.sent(props.sent)} /> : null}
      <web.PostForm frame={frame} action={web.paths.rights} class="loose">
        <web.RadioTiles
          name={rightsFields.kind}
          legend={t.kind}
          value={values?.[rightsFields.kind]}
          fault={web.faultOf(faults, rightsFields.kind)}
          options={DATA_REQUEST_KINDS.map((kind) => {
            const [label = kind, hint = ''] = t.kinds[kind] ?? [];
            return { value: kind, label, hint };
          })}
        />
        <web.SelectField
          name={rightsFields.addressee}
          label={t.addressee}
          hint={t.addresseeHint}
          options={props.agencies}
          value={values?.[rightsFields.addressee]}
          fault={web.faultOf(faults, rightsFields.addressee)}
        />
        <web.TextArea
          name={rightsFields.text}
          label={t.text}
          hint={t.textHint}
          value={values?.[rightsFields.text]}
          fault={web.faultOf(faults, rightsFields.text)}
        />
        <web.Button>{t.send}</web.Button>
      </web.PostForm>
      <section>
        <h2>{t.mine}</h2>
        {requests.length === 0 ? <p>{t.none}</p> : null}
        {requests.map((request) => (
          <Request key={request.id} {...props} request={request} />
        ))}
      </section>
    </web.CitizenPage>
  );
}

function Request({
  frame,
  nameOf,
  request,
  heading: Heading = 'h3',
}: {
  frame: web.Frame;
  nameOf: (agency: string) => string;
  request: DataRequest;
  heading?: 'h2' | 'h3';
}) {
  const t = rightsContent[frame.language].rights;
  const clock = clockOf(request, frame.now);
  const due = clock.due && web.formatDate(clock.due);
  const row = (label: string, value: string) => ({ label, value });
  return (
    <section class="panel" aria-label={request.code}>
      <Heading>{t.kinds[request.kind]?.[0] ?? request.kind}</Heading>
      <p>{request.text}</p>
      <web.SummaryList
        rows={[
          row(t.code, request.code),
          row(t.to, nameOf(request.addresseeId)),
          row(t.received, web.formatDateTime(request.receivedAt)),
          row(t.state, t.states[request.state] ?? request.state),
          ...(due ? [row(t.due, clock.late ? t.late(due) : due)] : []),
          ...(request.answer ? [row(t.answer, request.answer)] : []),
        ]}
      />
    </section>
  );
}

export interface OfficeRequestsPageProps {
  readonly frame: web.Frame;
  readonly officer: { readonly name: string; readonly office: string };
  readonly tabs: readonly web.Tab[];
  readonly requests: readonly DataRequest[];
  readonly nameOf: (agency: string) => string;
  readonly faults?: readonly web.Fault[];
}

/** What the agency has to acknowledge and to answer. */
export function OfficeRequestsPage(props: OfficeRequestsPageProps) {
  const { frame, requests, faults } = props;
  const t = rightsContent[frame.language].rights;
  return (
    <web.DeskPage {...props} title={t.officeTitle} faults={faults}>
      <h1>{t.officeTitle}</h1>
      <p>{t.officeLead}</p>
      {requests.length === 0 ? <p>{t.officeNone}</p> : null}
      {requests.map((request) => (
        <div key={request.id} class="loose measure">
          <Request {...props} request={request} heading="h2" />
          <web.PostForm frame={frame} action={web.paths.dataRequest(request.id)} class="loose">
            <web.TextArea
              name={`tra-loi-${request.id}`}
              label={t.officeAnswer}
              rows={2}
              fault={web.faultOf(faults, `tra-loi-${request.id}`)}
            />
            <div class="row">
              {request.state === 'received' ? (
                <web.Button name="buoc" value="acknowledged" about={request.code}>
                  {t.acknowledge}
                </web.Button>
              ) : null}
              <web.Button kind="second" name="buoc" value="done" about={request.code}>
                {t.settle}
              </web.Button>
              <web.Button kind="refuse" name="buoc" value="refused" about={request.code}>
                {t.refuse}
              </web.Button>
            </div>
          </web.PostForm>
        </div>
      ))}
    </web.DeskPage>
  );
}

export interface CounterCodePageProps extends PersonPage {
  /** Shown once, to the person it belongs to. */
  readonly code?: {
    readonly text: string;
    readonly until: Date;
    readonly qr: { readonly size: number; readonly dark: (row: number, column: number) => boolean };
  };
}

/** The code that a person shows at the counter. */
export function CounterCodePage({ frame, waiting, code }: CounterCodePageProps) {
  const t = rightsContent[frame.language].code;
  return (
    <web.CitizenPage frame={frame} title={t.title} current="requests" waiting={waiting}>
      <web.BackLink href={web.paths.requests}>{t.back}</web.BackLink>
      <h1 class="tight">{t.title}</h1>
      <p>{t.lead}</p>
      {code ? (
        <section class="panel" aria-label={t.title}>
          <Qr qr={code.qr} label={t.image} />
          <p>
            <b class="tabular">{code.text.replace(/(.{5})(?=.)/g, '$1 ')}</b>
          </p>
          <p class="soft">{t.use(web.formatTime(code.until))}</p>
        </section>
      ) : null}
      <web.PostForm frame={frame} action={web.paths.counterCode}>
        <web.Button kind={code ? 'second' : 'primary'}>{t.make}</web.Button>
      </web.PostForm>
    </web.CitizenPage>
  );
}

function Qr({ qr, label }: { qr: NonNullable<CounterCodePageProps['code']>['qr']; label: string }) {
  const quiet = 4;
  const side = qr.size + 2 * quiet;
  const dark: string[] = [];
  for (let row = 0; row < qr.size; row += 1) {
    for (let column = 0; column < qr.size; column += 1) {
      if (qr.dark(row, column)) dark.push(`M${column + quiet} ${row + quiet}h1v1h-1z`);
    }
  }
  return (
    <svg role="img" aria-label={label} width="220" height="220" viewBox={`0 0 ${side} ${side}`}>
      <rect width={side} height={side} fill="#fff" />
      <path d={dark.join('')} fill="#000" />
    </svg>
  );
}

export interface PreviewsPageProps extends PersonPage {
  readonly items: readonly {
    readonly requestId: string;
    readonly componentKey: string;
    readonly documentId: string;
    readonly agency: string;
    readonly title: string;
    readonly procedure: string;
    readonly dossier: string;
  }[];
}

/** Papers to look at before they go out, each with its own choice. */
export function PreviewsPage({ frame, waiting, items }: PreviewsPageProps) {
  const t = rightsContent[frame.language].preview;
  return (
    <web.CitizenPage frame={frame} title={t.title} current="requests" waiting={waiting}>
      <web.BackLink href={web.paths.requests}>{t.back}</web.BackLink>
      <h1 class="tight">{t.title}</h1>
      <p>{items.length === 0 ? t.none : t.lead}</p>
      {items.map((item) => (
        <section key={`${item.requestId} ${item.componentKey}`} class="panel">
          <h2>{item.agency}</h2>
          <p class="serif">{item.title}</p>
          <web.SummaryList rows={[{ label: t.for, value: `${item.procedure}, ${item.dossier}` }]} />
          <web.LoneLink href={web.paths.paper(item.documentId)} about={item.title}>
            {t.see}
          </web.LoneLink>
          <web.PostForm frame={frame} action={web.paths.preview(item.requestId, item.componentKey)}>
            <div class="row">
              <web.Button name="quyet-dinh" value="use" about={item.title}>
                {t.use}
              </web.Button>
              <web.Button kind="refuse" name="quyet-dinh" value="refuse" about={item.title}>
                {t.refuse}
              </web.Button>
            </div>
          </web.PostForm>
        </section>
      ))}
    </web.CitizenPage>
  );
}
