/** What to take along: the list of procedures, and one procedure's checklist. */
import type { Procedure } from '../catalogue/index.ts';
import * as web from '../web/index.ts';
import type { ChecklistLine, LineState } from './checklist.ts';
import { content } from './content.ts';

interface Common {
  readonly frame: web.Frame;
  readonly person: web.Addressee;
  readonly waiting: number;
}

export interface ProceduresPageProps extends Common {
  /** What was searched for; empty for all. */
  readonly query: string;
  readonly procedures: readonly Procedure[];
}

export function ProceduresPage(props: ProceduresPageProps) {
  const { frame, person, query, procedures } = props;
  const { language } = frame;
  const t = content[language];
  const fields = [...Map.groupBy(procedures, ({ field }) => field[language])];
  return (
    <web.CitizenPage {...props} title={t.title} current="papers">
      <web.BackLink href={web.paths.papers}>{web.shared[language].citizenTabs.papers}</web.BackLink>
      <div class="page-head">
        <h1>{t.title}</h1>
        <p>{t.lead(person.honorific)}</p>
      </div>
      <search>
        <form class="find" action={web.paths.preparation}>
          <web.TextField
            name="tim"
            label={t.search}
            hint={t.searchHint}
            value={query === '' ? undefined : query}
            keyboard="search"
          />
          <web.Button kind="second">{t.find}</web.Button>
        </form>
      </search>
      {query === '' ? null : (
        <p class="lone tight">
          <a href={web.paths.preparation}>{t.all}</a>
        </p>
      )}
      {procedures.length === 0 ? <p>{t.none(query)}</p> : null}
      {fields.map(([field, list]) => (
        <section key={field}>
          <h2>{field}</h2>
          <ul>
            {list.map(({ code, names }) => (
              <li key={code}>
                <a href={web.paths.preparationFor(code)}>{names[language]}</a>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </web.CitizenPage>
  );
}

export interface ChecklistPageProps extends Common {
  readonly procedure: Procedure;
  readonly lines: readonly ChecklistLine[];
  /** Conditions of the procedure, each once; `holds` is undefined before the form was sent. */
  readonly conditions: readonly { readonly key: string; readonly words: string; readonly holds?: boolean }[];
}

const shapes: Readonly<Record<LineState, web.State>> = {
  'in-vault': 'available',
  'not-usable': 'not_acceptable',
  bring: 'not_found',
  form: 'need_more',
  show: 'preview_required',
  ask: 'need_more',
};

export function ChecklistPage(props: ChecklistPageProps) {
  const { frame, person, procedure, lines, conditions } = props;
  const { language } = frame;
  const t = content[language];
  const count = (...states: LineState[]): number =>
    lines.filter(({ state, required }) => required && states.includes(state)).length;
  return (
    <web.CitizenPage {...props} title={procedure.names[language]} current="papers">
      <web.BackLink href={web.paths.preparation}>{t.back}</web.BackLink>
      <div class="page-head">
        <h1>{procedure.names[language]}</h1>
        <p class="small soft">
          {t.code(procedure.code)}
          {procedure.codeVerified ? null : `. ${t.unverified}`}
        </p>
      </div>
      <p>
        <b>{t.bring(count('bring', 'not-usable', 'show'), person.honorific)}</b>{' '}
        {t.inVault(lines.filter(({ state }) => state === 'in-vault').length)}
      </p>
      {count('ask') > 0 || lines.some(({ state }) => state === 'ask') ? <p>{t.unclear}</p> : null}
      {conditions.length === 0 ? null : (
        <form action={web.paths.preparationFor(procedure.code)} class="loose">
          <input type="hidden" name="xong" value="1" />
          <fieldset>
            <legend>{t.questions}</legend>
            <p class="small soft">{t.questionsHint}</p>
            {conditions.map(({ key, words, holds }) => (
              <label key={key} class="tile">
                <input type="checkbox" name="dk" value={key} checked={holds === true} /> {words}
              </label>
            ))}
          </fieldset>
          <web.Button kind="second">{t.update}</web.Button>
        </form>
      )}
      <h2>{t.list}</h2>
      <ul class="plain cards">
        {lines.map((line) => (
          <li key={line.component.key} class="card">
            <Line line={line} {...props} />
          </li>
        ))}
      </ul>
    </web.CitizenPage>
  );
}

function Line({ line, frame, person }: ChecklistPageProps & { readonly line: ChecklistLine }) {
  const { language } = frame;
  const t = content[language];
  const { component, state, reason, document, required } = line;
  const note =
    state === 'in-vault'
      ? t.consent(person.honorific)
      : state === 'ask' && reason
        ? t.onlyIf(reason[language])
        : reason?.[language];
  return (
    <>
      <h3 class="title">{component.names[language]}</h3>
      <web.Status language={language} state={shapes[state]} word={t.states[state]}>
        {note}
      </web.Status>
      {required || state === 'ask' ? null : <p class="small soft tight">{t.optional}</p>}
      {document ? (
        <p class="tight">
          <a href={web.paths.paper(document.id)}>
            {t.see}
            <span class="hidden">: {component.names[language]}</span>
          </a>
        </p>
      ) : null}
    </>
  );
}
