/** The pages of one entry and of one decision, and the form that decides. */
import * as web from '../web/index.ts';
import { content } from './content.ts';
import type { EntryStanding } from './register.ts';
import { type ActionKind, actionKinds } from './register-action.ts';
import { copyRelations } from './register-policy.ts';

interface DeskProps {
  readonly frame: web.Frame;
  readonly officer: { readonly name: string; readonly office: string };
  readonly tabs: readonly web.Tab[];
  readonly faults: readonly web.Fault[];
}
type State = EntryStanding['state'];
/** How each standing of an entry is shown. */
export const shapes: Readonly<Record<State, web.State>> = {
  'in-force': 'valid',
  reissued: 'superseded',
  revoked: 'revoked',
  annulled: 'annulled',
  voided: 'not_found',
};

/** A decision about one entry, or about a range of a book. */
export function DecideForm(props: {
  readonly frame: web.Frame;
  readonly faults: readonly web.Fault[];
  readonly typed: Readonly<Record<string, string>>;
  readonly fields: readonly web.Option[];
  readonly action: string;
  readonly range?: boolean;
}) {
  const { frame, faults, typed, fields } = props;
  const t = content[frame.language].registers;
  const hint = content[frame.language].fresh.dateHint;
  const field = (name: string, label: string, about?: string) => (
    <web.TextField
      name={name}
      label={label}
      hint={about}
      value={typed[name]}
      fault={web.faultOf(faults, name)}
    />
  );
  return (
    <web.PostForm frame={frame} action={props.action} class="stack">
      {props.range ? (
        <>
          {field('tu', t.from)}
          {field('den', t.to)}
        </>
      ) : null}
      <web.SelectField
        name="viec"
        label={t.kind}
        options={actionKinds.map((kind) => ({ value: kind, label: t.actKinds[kind] }))}
        value={typed.viec}
      />
      <web.SelectField
        name="truong"
        label={t.changedField}
        options={[{ value: '', label: t.noChange }, ...fields]}
        value={typed.truong}
      />
      {field('giatri', t.changedValue)}
      {field('soquyetdinh', t.decision)}
      {field('ngayquyetdinh', t.decisionDate, hint)}
      {field('coquan', t.authority)}
      {field('lydo', t.reason)}
      <web.Button>{t.plan}</web.Button>
    </web.PostForm>
  );
}

export interface EntryPageProps extends DeskProps {
  readonly entry: {
    readonly id: string;
    readonly bookId: string;
    readonly label: string;
    readonly state: State;
  };
  readonly rows: readonly { readonly label: string; readonly value: string }[];
  readonly notes: readonly {
    readonly number: number;
    readonly reason: string;
    readonly decision: string | null;
    readonly decidedOn: string | null;
  }[];
  readonly copies: readonly { readonly label: string; readonly on: string }[];
  readonly fields: readonly web.Option[];
  readonly typed: Readonly<Record<string, string>>;
  readonly mayCopy: boolean;
  readonly copied?: string;
}

export function EntryPage(props: EntryPageProps) {
  const { frame, entry, notes, copies, typed, faults } = props;
  const { language } = frame;
  const t = content[language].registers;
  const title = t.entryTitle(entry.label);
  const field = (name: string, label: string) => (
    <web.TextField name={name} label={label} value={typed[name]} fault={web.faultOf(faults, name)} />
  );
  return (
    <web.DeskPage {...props} title={title}>
      <web.BackLink href={web.paths.registerBook(entry.bookId)}>{t.toBook}</web.BackLink>
      <div class="page-head">
        <h1>{title}</h1>
        <web.Status language={language} state={shapes[entry.state]} word={t.standings[entry.state]} />
      </div>
      {props.copied ? <web.Notice tone="ok" title={t.copied(props.copied)} /> : null}
      <section>
        <h2>{t.written}</h2>
        <web.SummaryList ruled rows={props.rows} />
      </section>
      <section>
        <h2>{t.notes}</h2>
        {notes.length === 0 ? (
          <p>{t.noNotes}</p>
        ) : (
          <ol>
            {notes.map((note) => (
              <li key={note.number}>
                {note.reason}
                {note.decision && note.decidedOn ? (
                  <span class="hint">{t.note(note.decision, note.decidedOn)}</span>
                ) : null}
              </li>
            ))}
          </ol>
        )}
      </section>
      <section>
        <h2>{t.copies}</h2>
        {copies.length === 0 ? (
          <p>{t.noCopies}</p>
        ) : (
          <ul>
            {copies.map((copy) => (
              <li key={copy.label}>
                {copy.label}, {copy.on}
              </li>
            ))}
          </ul>
        )}
      </section>
      <div class="cols two">
        <section>
          <h2>{t.act}</h2>
          <DecideForm {...props} action={web.paths.registerDecide(entry.id)} />
        </section>
        {props.mayCopy ? (
          <section>
            <h2>{t.copy}</h2>
            <web.PostForm frame={frame} action={web.paths.registerCopy(entry.id)} class="stack">
              {field('nguoiyeucau', t.requester)}
              <web.SelectField
                name="quanhe"
                label={t.relation}
                options={copyRelations.map((value) => ({ value, label: t.relations[value] }))}
                value={typed.quanhe}
                fault={web.faultOf(faults, 'quanhe')}
              />
              {field('sodinhdanh', t.holderNumber)}
              {field('soban', t.quantity)}
              {field('noicap', content[language].fresh.place)}
              {field('chucvu', content[language].fresh.signerTitle)}
              {field('nguoiky', content[language].fresh.signerName)}
              <web.Button kind="second">{t.copyDo}</web.Button>
            </web.PostForm>
          </section>
        ) : null}
      </div>
    </web.DeskPage>
  );
}

export interface ActionPageProps extends DeskProps {
  readonly action: {
    readonly id: string;
    readonly kind: ActionKind;
    readonly state: 'prepared' | 'approved' | 'done' | 'cancelled';
    readonly decision: string;
    readonly decidedOn: string;
    readonly authority: string;
    readonly reason: string;
  };
  readonly entries: readonly {
    readonly id: string;
    readonly label: string;
    readonly allowed: boolean;
    readonly why: string;
    readonly copies: number;
    readonly outcome: string | null;
  }[];
  /** True for a head who did not prepare it. */
  readonly mayApprove: boolean;
}

export function ActionPage(props: ActionPageProps) {
  const { frame, action, entries } = props;
  const { language } = frame;
  const t = content[language].registers;
  const open = action.state === 'prepared';
  const title = open ? t.planTitle : t.doneTitle;
  return (
    <web.DeskPage {...props} title={title}>
      <web.BackLink href={web.paths.registers}>{t.back}</web.BackLink>
      <div class="page-head">
        <h1>{title}</h1>
        {open ? <p class="lead">{t.planLead(entries.length)}</p> : null}
      </div>
      <web.SummaryList
        ruled
        rows={[
          { label: t.kind, value: t.actKinds[action.kind] },
          { label: t.decision, value: t.note(action.decision, action.decidedOn) },
          { label: t.authority, value: action.authority },
          { label: t.reason, value: action.reason },
        ]}
      />
      <web.Table
        caption={title}
        rows={entries}
        keyOf={(entry) => entry.id}
        columns={[
          {
            label: t.number,
            heads: true,
            cell: (entry) => <a href={web.paths.registerEntry(entry.id)}>{entry.label}</a>,
          },
          {
            label: t.state,
            cell: (entry) =>
              entry.outcome === 'done' ? t.done : (entry.outcome ?? (entry.allowed ? t.may : entry.why)),
          },
          { label: t.copies, cell: (entry) => t.willCopies(entry.copies) },
        ]}
      />
      {open ? (
        <div class="row">
          {props.mayApprove ? (
            <web.PostForm frame={frame} action={web.paths.registerApprove(action.id)}>
              <web.Button>{t.approve}</web.Button>
            </web.PostForm>
          ) : (
            <p class="small">{content[language].selfSign}</p>
          )}
          <web.PostForm frame={frame} action={web.paths.registerGiveUp(action.id)}>
            <web.Button kind="second">{t.cancel}</web.Button>
          </web.PostForm>
        </div>
      ) : null}
    </web.DeskPage>
  );
}
