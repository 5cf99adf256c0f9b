/** After the choice: check before sending, sent with its receipt, what is allowed now, withdrawal. */
import * as web from '../web/index.ts';
import { type Answer, answerField, type ConsentItem, type ConsentRequest } from './consent-request-pages.tsx';
import { content } from './content.ts';

interface AnsweredPage {
  readonly frame: web.Frame;
  readonly person: web.Addressee;
  readonly waiting: number;
  readonly request: ConsentRequest;
  /** One answer an item. */
  readonly answers: Readonly<Record<string, Answer>>;
}

/** What was chosen, before anything is sent. The answers travel as hidden fields. */
export function ConsentCheckPage(props: AnsweredPage) {
  const { frame, person, waiting, request, answers } = props;
  const t = content[frame.language].check;
  return (
    <web.CitizenPage frame={frame} title={t.title} current="requests" waiting={waiting}>
      <web.BackLink href={web.paths.request(request.id)}>{content[frame.language].ask.back}</web.BackLink>
      <h1 class="tight">{t.title}</h1>
      <p>{t.lead(request.agency, person.honorific)}</p>
      <Answers {...props} />
      <web.PostForm frame={frame} action={web.paths.requestSend(request.id)}>
        {request.items.map((item) => (
          <input key={item.id} type="hidden" name={answerField(item.id)} value={answers[item.id] ?? ''} />
        ))}
        <web.Button>{t.send}</web.Button>
      </web.PostForm>
      <web.PostForm frame={frame} action={web.paths.request(request.id)}>
        {request.items.map((item) => (
          <input key={item.id} type="hidden" name={answerField(item.id)} value={answers[item.id] ?? ''} />
        ))}
        <web.Button kind="second">{t.change}</web.Button>
      </web.PostForm>
    </web.CitizenPage>
  );
}

function Answers({ frame, request, answers }: AnsweredPage) {
  const { ask, check } = content[frame.language];
  const line = (item: ConsentItem) =>
    answers[item.id] === 'allow' ? (
      <web.Status language={frame.language} state="done" word={ask.allow}>
        {ask.see}: {item.seen.join('; ')}
      </web.Status>
    ) : (
      <web.Status language={frame.language} state="refused" word={ask.refuse}>
        {item.ifRefused ? web.capital(item.ifRefused) : check.nothing}
      </web.Status>
    );
  return (
    <web.SummaryList ruled rows={request.items.map((item) => ({ label: item.title, value: line(item) }))} />
  );
}

export interface ConsentSentPageProps extends AnsweredPage {
  readonly receipt: { readonly code: string; readonly at: Date };
}

/** It was sent: receipt, what happens next, how to change one's mind. */
export function ConsentSentPage(props: ConsentSentPageProps) {
  const { frame, person, waiting, request, answers, receipt } = props;
  const t = content[frame.language].sent;
  const given = Object.values(answers);
  return (
    <web.CitizenPage frame={frame} title={t.title} current="requests" waiting={waiting}>
      <h1>{t.title}</h1>
      <web.Notice tone="ok" title={t.receipt(receipt.code, web.formatDateTime(receipt.at))} />
      <section>
        <h2>{t.next}</h2>
        <ul>
          {given.includes('allow') ? (
            <li>{t.allowed(request.agency, web.formatDate(request.until))}</li>
          ) : null}
          {given.includes('refuse') ? <li>{t.refusedNext(person.honorific)}</li> : null}
          <li>{t.log(person.honorific)}</li>
          <li>
            {t.withdraw}{' '}
            <a href={web.paths.grants}>{content[frame.language].grants.title(person.honorific)}</a>.
          </li>
        </ul>
      </section>
      <section>
        <h2>{t.answers}</h2>
        <Answers {...props} />
      </section>
      <web.LoneLink href={web.paths.papers}>{web.shared[frame.language].citizenTabs.papers}</web.LoneLink>
    </web.CitizenPage>
  );
}

/** One access in force. */
export interface Grant {
  readonly id: string;
  readonly agency: string;
  readonly title: string;
  readonly procedure: string;
  readonly dossier: string;
  readonly view: 'minimum' | 'full';
  readonly givenAt: Date;
  readonly until: Date;
  readonly timesSeen: number;
}

interface PersonPage {
  readonly frame: web.Frame;
  readonly person: web.Addressee;
  readonly waiting: number;
}

/** What the person allows now, each with its way to withdraw. */
export function GrantsPage(props: PersonPage & { readonly grants: readonly Grant[] }) {
  const { frame, person, waiting, grants } = props;
  const t = content[frame.language].grants;
  const title = t.title(person.honorific);
  return (
    <web.CitizenPage frame={frame} title={title} current="requests" waiting={waiting}>
      <web.BackLink href={web.paths.requests}>{content[frame.language].ask.back}</web.BackLink>
      <h1 class="tight">{title}</h1>
      <p>{grants.length === 0 ? t.none(person.honorific) : t.lead(person.honorific)}</p>
      {grants.map((grant) => (
        <section key={grant.id} class="panel">
          <h2>{grant.agency}</h2>
          <p>
            <span class="serif">{grant.title}</span>{' '}
            <span class="small soft">
              {grant.view === 'minimum'
                ? content[frame.language].ask.minimum
                : content[frame.language].ask.full}
            </span>
          </p>
          <web.SummaryList
            rows={[
              { label: t.for, value: `${grant.procedure}, ${grant.dossier}` },
              { label: t.given, value: web.formatDateTime(grant.givenAt) },
              { label: t.until, value: `${web.formatDate(grant.until)}. ${t.seen(grant.timesSeen)}.` },
            ]}
          />
          <web.ButtonLink
            kind="refuse"
            href={web.paths.grantWithdraw(grant.id)}
            about={`${grant.title}, ${grant.agency}`}
          >
            {t.withdraw}
          </web.ButtonLink>
        </section>
      ))}
    </web.CitizenPage>
  );
}

/** The confirmation before a withdrawal; it says what follows. */
export function WithdrawPage(props: PersonPage & { readonly grant: Grant }) {
  const { frame, person, waiting, grant } = props;
  const t = content[frame.language].withdraw;
  return (
    <web.CitizenPage frame={frame} title={t.title(grant.agency)} current="requests" waiting={waiting}>
      <web.BackLink href={web.paths.grants}>
        {content[frame.language].grants.title(person.honorific)}
      </web.BackLink>
      <h1 class="tight">{t.title(grant.agency)}</h1>
      <p>{t.what(grant.title)}</p>
      <p>{t.effect(person.honorific)}</p>
      <web.PostForm frame={frame} action={web.paths.grantWithdraw(grant.id)}>
        <div class="row">
          <web.Button kind="refuse">{t.yes}</web.Button>
          <web.ButtonLink kind="second" href={web.paths.grants}>
            {t.no}
          </web.ButtonLink>
        </div>
      </web.PostForm>
    </web.CitizenPage>
  );
}
