/** The shell of every page: head, band, header, main, footer; and the three layouts that stand in it. */
import type { ComponentChildren } from 'preact';
import { shared } from '../content.ts';
import type { Fault, Frame } from '../frame.ts';
import { formatDate, formatTime, maskNumber } from '../i18n/format.ts';
import { inLanguage } from '../i18n/language.ts';
import { paths } from '../paths.ts';
import { stylesheet } from '../stylesheet.ts';
import { ErrorSummary } from './error-summary.tsx';
import { PostForm } from './form.tsx';
import { Mark } from './mark.tsx';

interface PageProps {
  readonly frame: Frame;
  /** What the reader does here; stands in the window title before the name of the service. */
  readonly title: string;
  /** Faults of a form: the summary comes first in main, takes the focus, and the title begins with “Lỗi:”. */
  readonly faults?: readonly Fault[];
  readonly children: ComponentChildren;
}

interface ShellProps extends PageProps {
  readonly kind: 'citizen' | 'desk' | 'public';
  readonly account?: ComponentChildren;
  readonly tabs?: ComponentChildren;
  readonly strip?: ComponentChildren;
}

function Shell({ frame, title, faults, kind, account, tabs, strip, children }: ShellProps) {
  const t = shared[frame.language];
  const other = frame.language === 'vi' ? 'en' : 'vi';
  const failed = faults !== undefined && faults.length > 0;
  const wrap = `wrap ${kind === 'desk' ? 'loose' : ''}`.trim();
  return (
    <html lang={frame.language}>
      <head>
        <meta charset="utf-8" />
        <title>{`${failed ? `${t.errorTitle}: ` : ''}${title} – ${t.service}`}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="format-detection" content="telephone=no" />
        <link rel="stylesheet" href={stylesheet.path} />
        <link rel="icon" href="data:," />
      </head>
      <body class={kind}>
        <a class="skip hidden" href="#main">
          {t.skip}
        </a>
        <header class="head">
          <div class="band" />
          <div class="wrap top">
            <a class="brand" href={kind === 'desk' ? paths.desk : paths.home}>
              <Mark />
              <div>
                <b>{t.service}</b>
                <span>{frame.place}</span>
              </div>
            </a>
            <div class="account">{account}</div>
          </div>
          {tabs === undefined ? null : <div class="wrap">{tabs}</div>}
        </header>
        {strip}
        <main id="main" class={wrap} tabindex={-1}>
          {frame.trial ? <p class="small warn tight">{t.trial}</p> : null}
          {failed ? <ErrorSummary language={frame.language} faults={faults} /> : null}
          {children}
        </main>
        <footer class="foot">
          <div class="wrap">
            <p>
              <b>{t.service}</b>, {t.serviceFull}. {frame.place}.
            </p>
            <ul>
              <li>
                <a href={paths.help}>{t.help}</a>
              </li>
              <li>
                <a href={paths.privacy}>{t.privacy}</a>
              </li>
              <li>
                <a href={paths.accessibility}>{t.accessibility}</a>
              </li>
              <li>
                <a href={inLanguage(frame.path, other)} lang={other} hreflang={other} rel="nofollow">
                  {t.otherLanguage}
                </a>
              </li>
            </ul>
          </div>
        </footer>
      </body>
    </html>
  );
}

/** One entry of the tabs under the header. */
export interface Tab {
  readonly href: string;
  readonly label: string;
  readonly current?: boolean;
  /** Things that wait there; shown only above zero. */
  readonly count?: number;
}

/** Main sections, all visible; the current one is bold and underlined. */
export function Tabs({ tabs, frame }: { tabs: readonly Tab[]; frame: Frame }) {
  const t = shared[frame.language];
  return (
    <nav class="tabs" aria-label={t.tabs}>
      {tabs.map((tab) => (
        <a key={tab.href} href={tab.href} aria-current={tab.current ? 'page' : undefined}>
          {tab.label}
          {tab.count ? (
            <>
              {' '}
              <span class="badge">
                <span aria-hidden="true">{tab.count}</span>
                <span class="hidden">{t.waiting(tab.count)}</span>
              </span>
            </>
          ) : null}
        </a>
      ))}
    </nav>
  );
}

export interface CitizenPageProps extends PageProps {
  readonly current: 'papers' | 'requests' | 'log';
  /** Requests that wait for this person. */
  readonly waiting: number;
}

/** A page of a signed-in citizen: three tabs, all visible. */
export function CitizenPage(props: CitizenPageProps) {
  const { frame, current, waiting } = props;
  const t = shared[frame.language];
  const tabs = [
    { href: paths.papers, label: t.citizenTabs.papers, current: current === 'papers' },
    { href: paths.requests, label: t.citizenTabs.requests, current: current === 'requests', count: waiting },
    { href: paths.log, label: t.citizenTabs.log, current: current === 'log' },
  ];
  const account = (
    <>
      <a href={paths.notices}>{t.notices(frame.notices ?? 0)}</a>
      <PostForm frame={frame} action={paths.signOut}>
        <button class="link" type="submit">
          {t.signOut}
        </button>
      </PostForm>
    </>
  );
  return <Shell {...props} kind="citizen" account={account} tabs={<Tabs tabs={tabs} frame={frame} />} />;
}

/** The person at the counter, named on every page opened in the session. */
export interface CounterSession {
  readonly honorific: string;
  readonly name: string;
  readonly birthDate: Date;
  readonly personalNumber: string;
  readonly identityCheckedAt: Date;
  readonly closesAt: Date;
}

export interface DeskPageProps extends PageProps {
  readonly officer: { readonly name: string; readonly office: string };
  /** Only the tabs of this officer's own role. */
  readonly tabs: readonly Tab[];
  readonly session?: CounterSession;
}

/** A page of an officer: denser, with the tabs of the role and, at the counter, the session strip. */
export function DeskPage(props: DeskPageProps) {
  const { frame, officer, session } = props;
  const account = (
    <>
      <b>{officer.name}</b>
      <br />
      {officer.office} <a href={paths.papers}>{shared[frame.language].ownPapers}</a>{' '}
      <PostForm frame={frame} action={paths.signOut}>
        <button class="link" type="submit">
          {shared[frame.language].signOut}
        </button>
      </PostForm>
    </>
  );
  return (
    <Shell
      {...props}
      kind="desk"
      account={account}
      tabs={<Tabs tabs={props.tabs} frame={frame} />}
      strip={session === undefined ? null : <SessionStrip frame={frame} session={session} />}
    />
  );
}

function SessionStrip({ frame, session }: { frame: Frame; session: CounterSession }) {
  const t = shared[frame.language].session;
  return (
    <section class="session" aria-label={`${t.serving} ${session.name}`}>
      <div class="wrap">
        <p>
          {t.serving}{' '}
          <b>
            {session.honorific} {session.name}
          </b>
          , {t.born} {formatDate(session.birthDate)}, {maskNumber(session.personalNumber)}
        </p>
        <p class="tight">{t.identity(formatTime(session.identityCheckedAt))}</p>
        <p class="tight">{t.closes(formatTime(session.closesAt))}</p>
        <PostForm frame={frame} action={paths.deskEnd}>
          <button class="link" type="submit">
            {t.end}
          </button>
        </PostForm>
      </div>
    </section>
  );
}

export interface PublicPageProps extends PageProps {
  /** What stands at the right of the header. Default: the link to sign in. */
  readonly account?: ComponentChildren;
  /** Verification pages are wide, the others keep to the citizen's column. */
  readonly wide?: boolean;
}

/** A page for anyone, without tabs. */
export function PublicPage(props: PublicPageProps) {
  const t = shared[props.frame.language];
  return (
    <Shell
      {...props}
      kind={props.wide ? 'public' : 'citizen'}
      account={props.account ?? <a href={paths.signIn}>{t.signIn}</a>}
    />
  );
}
