/** The vocabulary of states: shape, word and colour of each, in that order of importance (DESIGN: states). */
import type { ComponentChildren } from 'preact';
import { shared } from '../content.ts';
import type { vi } from '../content.vi.ts';
import type { Language } from '../i18n/language.ts';
import { Shape, type ShapeName } from './shapes.tsx';

/** Every state a page can show. */
export type State = keyof typeof vi.status;

/** Colour family of a word; never the only sign. */
export type Tone = 'ok' | 'warn' | 'bad' | 'mute' | 'act';

/** Shape and colour of each state. */
export const appearance: Readonly<Record<State, { readonly shape: ShapeName; readonly tone: Tone }>> = {
  valid: { shape: 'tick', tone: 'ok' },
  expiring: { shape: 'half', tone: 'warn' },
  expired: { shape: 'bar', tone: 'mute' },
  unverified: { shape: 'unverified', tone: 'mute' },
  waiting: { shape: 'dots', tone: 'warn' },
  suspended: { shape: 'pause', tone: 'warn' },
  superseded: { shape: 'sheets', tone: 'mute' },
  revoked: { shape: 'octagon', tone: 'bad' },
  annulled: { shape: 'octagon', tone: 'bad' },
  blocked: { shape: 'octagon', tone: 'bad' },
  changed: { shape: 'torn', tone: 'bad' },
  available: { shape: 'tick', tone: 'ok' },
  consent_required: { shape: 'consent', tone: 'act' },
  preview_required: { shape: 'eye', tone: 'act' },
  pending: { shape: 'dots', tone: 'warn' },
  need_more: { shape: 'more', tone: 'warn' },
  mismatch: { shape: 'mismatch', tone: 'bad' },
  not_found: { shape: 'missing', tone: 'mute' },
  not_acceptable: { shape: 'warn', tone: 'warn' },
  refused: { shape: 'refused', tone: 'mute' },
  link_down: { shape: 'broken', tone: 'warn' },
  seen_full: { shape: 'eye', tone: 'act' },
  seen_minimum: { shape: 'eye', tone: 'act' },
  not_seen: { shape: 'hiddenEye', tone: 'mute' },
  asked_only: { shape: 'info', tone: 'act' },
  done: { shape: 'tick', tone: 'ok' },
};

/** The states, for the gallery. */
export const states = Object.keys(appearance) as readonly State[];

export interface StatusProps {
  readonly language: Language;
  readonly state: State;
  /** A more telling word than the common one: “Cần bà Hạnh đồng ý”. */
  readonly word?: ComponentChildren;
  /** What it means here, under the word. */
  readonly children?: ComponentChildren;
}

/** Shape, bold word, and an optional line. */
export function Status({ language, state, word, children }: StatusProps) {
  const { shape, tone } = appearance[state];
  return (
    <div class={`status ${tone}`}>
      <Shape name={shape} />
      <b>{word ?? shared[language].status[state]}</b>
      {children ? <span>{children}</span> : null}
    </div>
  );
}
