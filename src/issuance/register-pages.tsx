/** The pages of registers: books with search and import, a page of a book, an entry, and what is decided about entries. */
import * as web from '../web/index.ts';
import { content } from './content.ts';
import type { BookKind, BookState, EntryStanding } from './register.ts';
import { DecideForm, shapes } from './register-entry-pages.tsx';

interface DeskProps {
  readonly frame: web.Frame;
  readonly officer: { readonly name: string; readonly office: string };
  readonly tabs: readonly web.Tab[];
  readonly faults: readonly web.Fault[];
}
type State = EntryStanding['state'];

export interface ShownEntry {
  readonly id: string;
  readonly label: string;
  readonly name: string;
  readonly birth: string;
  readonly state: State;
}

export interface RegistersPageProps extends DeskProps {
  readonly books: readonly {
    readonly id: string;
    readonly kind: BookKind;
    readonly type: string;
    readonly year: number;
    readonly keeper: string;
    readonly state: BookState;
    readonly entries: number;
  }[];
  readonly types: readonly web.Option[];
  readonly agencies: readonly web.Option[];
  readonly typed: Readonly<Record<string, string>>;
  readonly found?: readonly ShownEntry[];
  /** The written reply where nothing was found. */
  readonly reply?: string;
}

export function RegistersPage(props: RegistersPageProps) {
  const { frame, books, types, agencies, typed, faults } = props;
  const { language } = frame;
  const t = content[language].registers;
  const field = (name: string, label: string, hint?: string) => (
    <web.TextField
      name={name}
      label={label}
      hint={hint}
      value={typed[name]}
      fault={web.faultOf(faults, name)}
    />
  );
  const choice = (id: string, name: string, label: string, options: readonly web.Option[]) => (
    <web.SelectField id={id} name={name} label={label} options={options} value={typed[name]} />
  );
  return (
    <web.DeskPage {...props} title={t.title}>
      <div class="page-head">
        <h1>{t.title}</h1>
        <p class="lead">{t.lead}</p>
      </div>
      {props.reply ? (
        <web.Notice tone="act" title={t.reply}>
          <p>{props.reply}</p>
        </web.Notice>
      ) : null}
      {props.found ? <Entries frame={frame} entries={props.found} caption={t.search} /> : null}
      {books.length === 0 ? (
        <p>{t.none}</p>
      ) : (
        <web.Table
          caption={t.title}
          rows={books}
          keyOf={(book) => book.id}
          columns={[
            {
              label: t.book,
              heads: true,
              cell: (book) => (
                <a href={web.paths.registerBook(book.id)}>
                  {t.bookTitle(t.kinds[book.kind], book.type, book.year)}
                </a>
              ),
            },
            { label: t.keeper, cell: (book) => book.keeper },
            { label: t.entries, end: true, cell: (book) => web.formatNumber(book.entries, language) },
            { label: t.state, cell: (book) => t.states[book.state] },
          ]}
        />
      )}
      <div class="cols two">
        <section>
          <h2>{t.search}</h2>
          <p class="small soft">{t.searchHint}</p>
          <web.PostForm frame={frame} action={web.paths.registerSearch} class="stack">
            {choice('tra-donvi', 'donvi', t.keeper, agencies)}
            {choice('tra-loai', 'loai', t.type, types)}
            {field('so', t.number)}
            {field('hoten', t.holder)}
            {field('ngaysinh', t.birth)}
            <web.Button>{t.find}</web.Button>
          </web.PostForm>
        </section>
        <section>
          <h2>{t.import}</h2>
          <p class="small soft">{t.importHint}</p>
          <web.PostForm frame={frame} action={web.paths.registerImport} files class="stack">
            {choice('nhap-donvi', 'donvi', t.keeper, agencies)}
            {choice('nhap-loai', 'loai', t.type, types)}
            {field('nam', t.year)}
            {field('quyen', t.series)}
            <web.FileField
              name="bang"
              label={t.table}
              accept=".csv,.xlsx,text/csv"
              fault={web.faultOf(faults, 'bang')}
            />
            <web.FileField
              name="trang"
              label={t.scan}
              accept="image/jpeg,image/png,application/pdf"
              multiple
            />
            <web.Button kind="second">{t.importDo}</web.Button>
          </web.PostForm>
        </section>
      </div>
    </web.DeskPage>
  );
}

function Entries(props: {
  readonly frame: web.Frame;
  readonly entries: readonly ShownEntry[];
  readonly caption: string;
}) {
  const { language } = props.frame;
  const t = content[language].registers;
  return (
    <web.Table
      caption={props.caption}
      rows={props.entries}
      keyOf={(entry) => entry.id}
      columns={[
        {
          label: t.number,
          heads: true,
          cell: (entry) => <a href={web.paths.registerEntry(entry.id)}>{entry.label}</a>,
        },
        { label: t.holder, cell: (entry) => entry.name },
        { label: t.birth, cell: (entry) => entry.birth },
        {
          label: t.standing,
          cell: (entry) => (
            <web.Status language={language} state={shapes[entry.state]} word={t.standings[entry.state]} />
          ),
        },
      ]}
    />
  );
}

export interface RegisterBookPageProps extends DeskProps {
  readonly book: {
    readonly id: string;
    readonly kind: BookKind;
    readonly type: string;
    readonly year: number;
    readonly state: BookState;
  };
  readonly page: number;
  readonly last: number;
  readonly scans: number;
  readonly entries: readonly ShownEntry[];
  readonly mayClose: boolean;
  readonly fields: readonly web.Option[];
  readonly typed: Readonly<Record<string, string>>;
}

export function RegisterBookPage(props: RegisterBookPageProps) {
  const { frame, book, page, last, entries } = props;
  const { language } = frame;
  const t = content[language].registers;
  const title = t.bookTitle(t.kinds[book.kind], book.type, book.year);
  return (
    <web.DeskPage {...props} title={title}>
      <web.BackLink href={web.paths.registers}>{t.back}</web.BackLink>
      <div class="page-head">
        <h1>{title}</h1>
        <p class="small soft">
          {t.states[book.state]}. {t.page(page, last)}
          {props.scans > 0 ? `. ${t.scans(web.formatNumber(props.scans, language))}` : ''}
        </p>
      </div>
      <Entries frame={frame} entries={entries} caption={title} />
      <web.Pagination
        language={language}
        page={page}
        last={last}
        href={(to) => `${web.paths.registerBook(book.id)}?trang=${to}`}
      />
      {props.mayClose ? (
        <web.PostForm frame={frame} action={web.paths.registerClosePages(book.id)}>
          <p class="small soft">{t.closePagesHint}</p>
          <web.Button kind="second">{t.closePages}</web.Button>
        </web.PostForm>
      ) : null}
      {book.kind === 'originals' && entries.length > 0 ? (
        <section>
          <h2>{t.cohort}</h2>
          <DecideForm {...props} action={web.paths.registerCohort(book.id)} range />
        </section>
      ) : null}
    </web.DeskPage>
  );
}
