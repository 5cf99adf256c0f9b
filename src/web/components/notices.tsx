/** Blocks that stand out: notices (at most two a page), the ink block (one), the verdict (verification only). */
import type { ComponentChildren } from 'preact';
import { Shape, type ShapeName } from './shapes.tsx';
import type { Tone } from './status.tsx';

const usual: Readonly<Record<Tone, ShapeName>> = {
  act: 'info',
  ok: 'tick',
  warn: 'warn',
  bad: 'warn',
  mute: 'info',
};

export interface NoticeProps {
  /** `act` informs, `ok` reports a thing done, `warn` asks for attention, `bad` refuses. */
  readonly tone: Tone;
  readonly title: ComponentChildren;
  readonly shape?: ShapeName;
  readonly children?: ComponentChildren;
}

/** Border, tint, shape and a bold first line. */
export function Notice({ tone, title, shape, children }: NoticeProps) {
  return (
    <section class={`notice ${tone}`} aria-label={typeof title === 'string' ? title : undefined}>
      <div class="notice-head">
        <Shape name={shape ?? usual[tone]} />
        {typeof title === 'string' ? <p>{title}</p> : title}
      </div>
      {children}
    </section>
  );
}

export interface LinkDownProps {
  /** Which link, since when. */
  readonly title: string;
  /** What still works and what repeats by itself. */
  readonly goesOn: string;
  /** What not to ask of the citizen. */
  readonly doNot: string;
  readonly more: { readonly href: string; readonly label: string };
}

/** A link to another system is down, and the work goes on. */
export function LinkDown({ title, goesOn, doNot, more }: LinkDownProps) {
  return (
    <Notice tone="warn" shape="broken" title={title}>
      <p>
        {goesOn} <b>{doNot}</b> <a href={more.href}>{more.label}</a>
      </p>
    </Notice>
  );
}

/** A decision that waits for this person. */
export function InkBlock({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section class="ink-block stack" aria-labelledby="waits">
      <h2 id="waits">{title}</h2>
      {children}
    </section>
  );
}

export interface VerdictBlockProps {
  readonly good: boolean;
  /** The answer in one plain sentence: the page's h1. */
  readonly title: string;
  readonly checked: string;
  readonly shape?: ShapeName;
}

/** The answer of a verification. Green only for a result wholly proven. */
export function VerdictBlock({ good, title, checked, shape }: VerdictBlockProps) {
  return (
    <div class={`verdict ${good ? 'ok' : 'bad'}`}>
      <Shape name={shape ?? (good ? 'tick' : 'torn')} />
      <div>
        <h1>{title}</h1>
        <p>{checked}</p>
      </div>
    </div>
  );
}
