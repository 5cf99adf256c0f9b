/** Lists: three checks, summary list, what is seen and not seen, ledger, folded parts, pagination. */
import type { ComponentChildren } from 'preact';
import { shared } from '../content.ts';
import type { Language } from '../i18n/language.ts';
import { Shape, type ShapeName } from './shapes.tsx';
import type { Tone } from './status.tsx';

/** The answer to one of the three questions. */
export interface Check {
  readonly tone: Tone;
  /** Default: the shape of the tone. */
  readonly shape?: ShapeName;
  /** The answer in two or three words; without one it reads “Không xét”. */
  readonly answer?: string;
  readonly why: string;
}

export interface ThreeChecksProps {
  readonly language: Language;
  readonly integrity: Check;
  readonly validity: Check;
  readonly issuer: Check;
}

const shapeOf: Readonly<Record<Tone, ShapeName>> = {
  ok: 'tick',
  warn: 'warn',
  bad: 'octagon',
  mute: 'bar',
  act: 'info',
};

/** Always three, always in this order. */
export function ThreeChecks({ language, ...checks }: ThreeChecksProps) {
  const t = shared[language].checks;
  return (
    <ul class="checks">
      {(['integrity', 'validity', 'issuer'] as const).map((question) => {
        const check = checks[question];
        return (
          <li key={question} class={check.tone}>
            <Shape name={check.shape ?? shapeOf[check.tone]} />
            <div>
              <span class="of">{t[question]}</span>
              <b>{check.answer ?? t.none}</b>
              <span class="why">{check.why}</span>
            </div>
          </li>
        );
      })}
    </ul>
  );
}

export interface SummaryListProps {
  readonly rows: readonly { readonly label: string; readonly value: ComponentChildren }[];
  readonly ruled?: boolean;
  readonly narrow?: boolean;
}

/** Label above the value on phones, beside it from 768 px. */
export function SummaryList({ rows, ruled, narrow }: SummaryListProps) {
  return (
    <dl class={['summary-list', ruled ? 'ruled' : '', narrow ? 'narrow' : ''].filter(Boolean).join(' ')}>
      {rows.map((row) => (
        <div key={row.label}>
          <dt>{row.label}</dt>
          <dd>{row.value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** What the other side sees, or does not see, one a line with its eye. */
export function SeenList({ items, seen }: { items: readonly string[]; seen: boolean }) {
  return (
    <ul class="seen">
      {items.map((item) => (
        <li key={item}>
          <Shape name={seen ? 'eye' : 'hiddenEye'} />
          <span>{item}</span>
        </li>
      ))}
    </ul>
  );
}

/** Entries of one day, newest first: a heading, a strong rule, hairlines. */
export function Ledger({
  title,
  level = 2,
  children,
}: {
  title: string;
  level?: 2 | 3;
  children: ComponentChildren;
}) {
  return (
    <section class="ledger">
      {level === 2 ? <h2>{title}</h2> : <h3>{title}</h3>}
      <ol>{children}</ol>
    </section>
  );
}

export interface LedgerEntryProps {
  readonly who: ComponentChildren;
  readonly time: ComponentChildren;
  readonly children: ComponentChildren;
}

/** One entry: who (bold) and when, then whatever happened. */
export function LedgerEntry({ who, time, children }: LedgerEntryProps) {
  return (
    <li>
      <div class="who">
        <b>{who}</b>
        <span class="small soft num">{time}</span>
      </div>
      {children}
    </li>
  );
}

/** A part that may be opened. Never for what a person must read before deciding. */
export function Folded({
  title,
  open,
  children,
}: {
  title: string;
  open?: boolean;
  children: ComponentChildren;
}) {
  return (
    <details open={open}>
      <summary>{title}</summary>
      <div class="fold">{children}</div>
    </details>
  );
}

export interface PaginationProps {
  readonly language: Language;
  readonly page: number;
  readonly last: number;
  /** Address of a page, counted from 1. */
  readonly href: (page: number) => string;
}

/** Newer, where we are, older. Nothing at all when there is one page. */
export function Pagination({ language, page, last, href }: PaginationProps) {
  const t = shared[language].pages;
  if (last < 2) return null;
  return (
    <nav class="pager" aria-label={t.title}>
      {page > 1 ? (
        <a href={href(page - 1)} rel="prev">
          {t.previous}
        </a>
      ) : null}
      <span class="soft">{t.of(page, last)}</span>
      {page < last ? (
        <a href={href(page + 1)} rel="next">
          {t.next}
        </a>
      ) : null}
    </nav>
  );
}
