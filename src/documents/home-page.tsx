/**
 * “My papers”: the one thing that waits, search, papers that need attention first, ended papers folded.
 * An empty list says that it does not mean the person has no papers, and gives three ways on.
 */
import * as web from '../web/index.ts';
import { content } from './content.ts';

/** One paper as the list shows it. */
export interface ListedPaper {
  readonly id: string;
  readonly title: string;
  readonly issuer: string;
  /** Name of the issuer when it issued the paper, if another keeps the register now. */
  readonly formerIssuer?: string;
  readonly validity: web.ValidityTerm;
  readonly provenance: web.Provenance;
  /** Name of the database of a `database-link`. */
  readonly database?: string;
  readonly state: web.State;
  /** Last valid day of a paper that expires. */
  readonly validUntil?: Date;
  /** When the owner uploaded it, if they did. */
  readonly uploadedAt?: Date;
}

export interface HomePageProps {
  readonly frame: web.Frame;
  readonly person: web.Addressee;
  /** Requests that wait for an answer. */
  readonly waiting: number;
  /** The one due first. */
  readonly nextRequest?: {
    readonly id: string;
    readonly agency: string;
    readonly papers: number;
    readonly procedure: string;
    readonly due: Date;
  };
  /** Those for whom the person acts, and whose papers are shown, if it is not their own. */
  readonly represented?: readonly { readonly id: string; readonly name: string }[];
  readonly of?: { readonly id: string; readonly name: string };
  /** What was searched for; empty for all. The handler filters with `matchesSearch`. */
  readonly query: string;
  readonly papers: readonly ListedPaper[];
  /** Ways on that this instance offers besides the one-stop desk. */
  readonly ways: { readonly search: boolean; readonly upload: boolean };
  /** Expired, superseded, revoked: folded at the end. */
  readonly ended: readonly ListedPaper[];
}

const urgency = (paper: ListedPaper): number =>
  paper.state === 'expiring' ? 0 : paper.state === 'valid' ? 3 : paper.state === 'unverified' ? 2 : 1;

export function HomePage(props: HomePageProps) {
  const { frame, person, waiting, query, papers, ended } = props;
  const t = content[frame.language].home;
  const sorted = [...papers].sort((left, right) => urgency(left) - urgency(right));
  const empty = papers.length + ended.length === 0 && query === '';
  return (
    <web.CitizenPage frame={frame} title={t.title} current="papers" waiting={waiting}>
      {props.of ? <web.BackLink href={web.paths.papers}>{t.title}</web.BackLink> : null}
      <div class="page-head">
        <h1>{props.of ? t.papersOf(props.of.name) : t.title}</h1>
        <p class="small soft">
          {frame.language === 'vi' ? `${web.addressed(person).You} ` : ''}
          {person.name}
        </p>
        <p class="small soft">
          {t.number} {web.maskNumber(person.personalNumber)}
        </p>
      </div>
      <Waiting {...props} />
      <p class="lone tight">
        <a href={web.paths.preparation}>{t.prepare}</a>
      </p>
      {empty ? (
        <Empty {...props} />
      ) : (
        <>
          <search>
            <form class="find" action={web.paths.papers}>
              {props.of ? <input type="hidden" name="cua" value={props.of.id} /> : null}
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
          <h2>{heading(props)}</h2>
          {query === '' ? null : (
            <p class="lone tight">
              <a href={props.of ? web.paths.papersOf(props.of.id) : web.paths.papers}>{t.all}</a>
            </p>
          )}
          <div class="cards two wide">
            {sorted.map((paper) => (
              <Card key={paper.id} paper={paper} {...props} />
            ))}
          </div>
          <div class="wide">
            {ended.length === 0 ? null : (
              <web.Folded title={t.ended(ended.length)}>
                <div class="cards two">
                  {ended.map((paper) => (
                    <Card key={paper.id} paper={paper} {...props} />
                  ))}
                </div>
              </web.Folded>
            )}
            <web.Folded title={t.missing(person.honorific)} open={query !== '' && papers.length === 0}>
              <Ways {...props} />
            </web.Folded>
          </div>
        </>
      )}
      <Represented {...props} />
    </web.CitizenPage>
  );
}

/** The way to the papers of a child, a ward or an organisation; each opens as far as the representation reaches. */
function Represented({ frame, person, represented = [], of }: HomePageProps) {
  const others = represented.filter(({ id }) => id !== of?.id);
  if (others.length === 0) return null;
  return (
    <section>
      <h2>{content[frame.language].home.represented(person.honorific)}</h2>
      {others.map(({ id, name }) => (
        <web.LoneLink key={id} href={web.paths.papersOf(id)}>
          {name}
        </web.LoneLink>
      ))}
    </section>
  );
}

function heading({ frame, query, papers }: HomePageProps): string {
  const t = content[frame.language].home;
  if (query === '') return t.papers(papers.length);
  return papers.length === 0 ? `${t.notFound(query)}. ${t.notFoundHelp}` : t.found(papers.length, query);
}

function Waiting({ frame, person, waiting, nextRequest }: HomePageProps) {
  const t = content[frame.language].home;
  if (nextRequest === undefined) return null;
  const due = `${web.formatTime(nextRequest.due)} ${frame.language === 'vi' ? 'ngày ' : ''}${web.formatDate(nextRequest.due)}`;
  return (
    <web.InkBlock title={t.waiting(waiting, person.honorific)}>
      <p>
        {t.asks(nextRequest.agency)} <b>{t.papers(nextRequest.papers)}</b>{' '}
        {t.procedure(nextRequest.procedure)}
      </p>
      <p>{t.nothingYet(person.honorific, due)}</p>
      <web.ButtonLink href={web.paths.request(nextRequest.id)}>{t.answer}</web.ButtonLink>
    </web.InkBlock>
  );
}

function Card({ frame, person, paper }: HomePageProps & { readonly paper: ListedPaper }) {
  const t = content[frame.language].home;
  const issuer = paper.uploadedAt
    ? t.uploadedOn(person.honorific, web.formatDate(paper.uploadedAt))
    : paper.formerIssuer
      ? t.formerly(paper.issuer, paper.formerIssuer)
      : paper.issuer;
  const note =
    paper.state === 'expiring' && paper.validUntil
      ? t.daysLeft(web.daysUntil(paper.validUntil, frame.now))
      : paper.state === 'unverified'
        ? t.unverifiedNote(person.honorific)
        : paper.state === 'superseded'
          ? t.supersededNote
          : undefined;
  return (
    <web.PaperCard
      language={frame.language}
      issuer={issuer}
      title={paper.title}
      href={web.paths.paper(paper.id)}
      validity={web.validityWords(paper.validity, frame.language)}
      provenance={paper.provenance}
      database={paper.database}
      state={paper.state}
      note={note}
    />
  );
}

function Empty(props: HomePageProps) {
  const t = content[props.frame.language].home;
  return (
    <>
      <svg width="62" height="90" viewBox="0 0 62 90" aria-hidden="true" focusable="false">
        <path
          d="M2 2h58v86H2zm0 6h58"
          fill="none"
          stroke="var(--edge)"
          stroke-width="2.5"
          stroke-dasharray="7 4"
        />
        <path d="M13 26h36M13 37h36M13 48h22" stroke="var(--rule)" stroke-width="2.5" />
      </svg>
      <h2>{t.emptyTitle}</h2>
      <p>{t.emptyText(props.person.honorific, 1 + Number(props.ways.search) + Number(props.ways.upload))}</p>
      <Ways {...props} />
    </>
  );
}

function Ways({ frame, ways }: HomePageProps) {
  const t = content[frame.language].home;
  return (
    <div class="stack">
      {ways.search ? (
        <section class="panel">
          <h3>{t.elsewhere}</h3>
          <p>{t.elsewhereText}</p>
          <web.ButtonLink href={web.paths.paperSearch}>{t.elsewhereButton}</web.ButtonLink>
        </section>
      ) : null}
      <section class="panel">
        <h3>{t.bring}</h3>
        <p>{t.bringText}</p>
        <web.LoneLink href={web.paths.offices}>{t.bringLink}</web.LoneLink>
      </section>
      {ways.upload ? (
        <section class="panel">
          <h3>{t.upload}</h3>
          <p>{t.uploadText}</p>
          <web.LoneLink href={web.paths.upload}>{t.uploadLink}</web.LoneLink>
        </section>
      ) : null}
    </div>
  );
}
