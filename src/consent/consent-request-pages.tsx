/**
 * The requests of a person, and one of them to decide: who, why, until when, then one card an item, the rights,
 * a page to check, a page that says it was sent. Nothing is chosen beforehand and nothing allows all at once.
 */
import * as web from '../web/index.ts';
import { content } from './content.ts';
import { rightsContent } from './rights-content.ts';

/** A person's answer to one item. */
export type Answer = 'allow' | 'refuse';

export interface ConsentItem {
  readonly id: string;
  readonly title: string;
  /** Who keeps the paper: “UBND phường An Thịnh giữ sổ đăng ký”. */
  readonly issuer: string;
  /** Completes “Vì sao cần:”. */
  readonly why: string;
  readonly view: 'minimum' | 'full';
  readonly seen: readonly string[];
  readonly notSeen: readonly string[];
  /** What happens if the person refuses; said where the item is optional. */
  readonly ifRefused?: string;
  readonly optional?: boolean;
  readonly sensitive?: boolean;
}

/** What somebody asks to see. */
export interface ConsentRequest {
  readonly id: string;
  readonly agency: string;
  readonly officer: string;
  readonly office: string;
  readonly procedure: string;
  readonly dossier: string;
  /** Latest day of access. */
  readonly until: Date;
  /** Why the whole papers are wanted and not the minimum. */
  readonly fullViewReason?: string | undefined;
  readonly items: readonly ConsentItem[];
}

/** Name of the form field that holds the answer to one item. */
export const answerField = (item: string): string => `giay-${item}`;

interface PersonPage {
  readonly frame: web.Frame;
  readonly person: web.Addressee;
  readonly waiting: number;
}

export interface RequestsPageProps extends PersonPage {
  readonly open: readonly {
    readonly id: string;
    readonly agency: string;
    readonly papers: number;
    readonly procedure: string;
    readonly due: Date;
  }[];
  readonly closed: readonly {
    readonly id: string;
    readonly agency: string;
    readonly procedure: string;
    readonly at: Date;
    readonly outcome: 'expired' | { readonly allowed: number; readonly refused: number };
  }[];
}

/** All requests: those that wait, then those that are settled. */
export function RequestsPage({ frame, person, waiting, open, closed }: RequestsPageProps) {
  const t = content[frame.language].requests;
  const more = rightsContent[frame.language];
  return (
    <web.CitizenPage frame={frame} title={t.title} current="requests" waiting={waiting}>
      <h1>{t.title}</h1>
      <h2>{t.waiting(open.length, person.honorific)}</h2>
      {open.length === 0 ? <p>{t.none(person.honorific)}</p> : null}
      {open.map((request) => (
        <section key={request.id} class="panel">
          <h3>{request.agency}</h3>
          <p>{t.line(request.papers, request.procedure)}</p>
          <p class="soft">{t.due(web.formatDateTime(request.due))}</p>
          <web.ButtonLink href={web.paths.request(request.id)} about={request.agency}>
            {t.open}
          </web.ButtonLink>
        </section>
      ))}
      <web.LoneLink href={web.paths.grants}>{t.grants(person.honorific)}</web.LoneLink>
      <web.LoneLink href={web.paths.previews}>{more.preview.title}</web.LoneLink>
      <web.LoneLink href={web.paths.counterCode}>{more.code.title}</web.LoneLink>
      <web.LoneLink href={web.paths.rights}>{more.rights.title}</web.LoneLink>
      {closed.length === 0 ? null : (
        <web.Ledger title={t.answered}>
          {closed.map((request) => (
            <web.LedgerEntry key={request.id} who={request.agency} time={web.formatDateTime(request.at)}>
              <p>{request.procedure}</p>
              <p class="small soft">
                {request.outcome === 'expired'
                  ? t.expired
                  : t.outcome(request.outcome.allowed, request.outcome.refused)}
              </p>
            </web.LedgerEntry>
          ))}
        </web.Ledger>
      )}
    </web.CitizenPage>
  );
}

export interface ConsentPageProps extends PersonPage {
  readonly request: ConsentRequest;
  /** What was chosen before coming back; empty at first. */
  readonly answers?: Readonly<Record<string, Answer>>;
  readonly faults?: readonly web.Fault[];
}

/** The items that have no answer, as faults of the form. */
export function unansweredFaults(
  request: ConsentRequest,
  answers: Readonly<Record<string, Answer>>,
  language: web.Language,
): web.Fault[] {
  return request.items.flatMap((item, index) =>
    answers[item.id] === undefined
      ? [{ field: answerField(item.id), text: content[language].ask.unanswered(index + 1, item.title) }]
      : [],
  );
}

/** One request to decide. The form goes to the page to check; it sends nothing to the agency. */
export function ConsentPage(props: ConsentPageProps) {
  const { frame, person, waiting, request, faults } = props;
  const t = content[frame.language].ask;
  const { you, You } = web.addressed(person);
  const title = t.title(request.items.length, You);
  return (
    <web.CitizenPage frame={frame} title={title} current="requests" waiting={waiting} faults={faults}>
      <web.BackLink href={web.paths.requests}>{t.back}</web.BackLink>
      <h1 class="tight">{title}</h1>
      <p>{t.lead(You)}</p>
      <Asker {...props} />
      <web.PostForm frame={frame} action={web.paths.requestCheck(request.id)} class="loose">
        {request.items.map((item, index) => (
          <Item key={item.id} {...props} item={item} index={index + 1} />
        ))}
        <section>
          <h2>{t.rights(you)}</h2>
          <ul>
            {t.right(you).map(([strong, rest]) => (
              <li key={strong}>
                <b>{strong}</b> {rest}
              </li>
            ))}
          </ul>
        </section>
        <web.Button>{t.review}</web.Button>
      </web.PostForm>
      <web.LoneLink href={`${web.paths.request(request.id)}?in=1`} shape="print">
        {t.print}
      </web.LoneLink>
      <web.LoneLink href={web.paths.help}>{t.help}</web.LoneLink>
    </web.CitizenPage>
  );
}

function Asker({ frame, request }: ConsentPageProps) {
  const t = content[frame.language].ask;
  return (
    <section class="panel" aria-label={t.who}>
      <dl class="summary-list stacked">
        <div>
          <dt>{t.who}</dt>
          <dd>
            <b>{request.agency}</b>
            <br />
            {request.officer ? t.officer(request.officer, request.office) : null}
          </dd>
        </div>
        <div>
          <dt>{t.procedure}</dt>
          <dd>
            <b>{request.procedure}</b>
            <br />
            {t.dossier(request.dossier)}
          </dd>
        </div>
        {request.fullViewReason ? (
          <div>
            <dt>{t.whyFull}</dt>
            <dd>{request.fullViewReason}</dd>
          </div>
        ) : null}
        <div>
          <dt>{t.until}</dt>
          <dd>
            {t.untilText} <b>{web.formatDate(request.until)}</b>. {t.closes}
          </dd>
        </div>
      </dl>
    </section>
  );
}

function Item(props: ConsentPageProps & { readonly item: ConsentItem; readonly index: number }) {
  const { frame, person, request, answers, faults, item, index } = props;
  const t = content[frame.language].ask;
  const { you, You } = web.addressed(person);
  const field = answerField(item.id);
  return (
    <section aria-label={`${t.item(index, request.items.length)}: ${item.title}`}>
      <p class="small soft">
        <b>{t.item(index, request.items.length)}</b>
        {item.optional ? t.optional : ''}
        {item.sensitive ? t.sensitive : ''}
      </p>
      <div class="card stack after-label">
        <div>
          <p class="from">{item.issuer}</p>
          <h2 class="title">{item.title}</h2>
        </div>
        <p>
          <b>{t.why}</b> {item.why}
        </p>
        <div>
          <h3>
            {t.see} <span class="small soft">{item.view === 'minimum' ? t.minimum : t.full}</span>
          </h3>
          <web.SeenList seen items={item.seen} />
        </div>
        {item.notSeen.length === 0 ? null : (
          <div>
            <h3>{t.notSee}</h3>
            <web.SeenList seen={false} items={item.notSeen} />
          </div>
        )}
        {item.ifRefused ? (
          <p>
            <b>{t.ifRefused(you)}</b> {item.ifRefused}
          </p>
        ) : null}
        <web.RadioTiles
          name={field}
          pair
          legend={
            <>
              {t.answer(index, You)}
              <span class="hidden">: {item.title}</span>
            </>
          }
          value={answers?.[item.id]}
          fault={web.faultOf(faults, field)}
          options={[
            { value: 'allow', label: t.allow },
            { value: 'refuse', label: t.refuse },
          ]}
        />
      </div>
    </section>
  );
}
