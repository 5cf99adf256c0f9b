/** Where a thing stands: steps, progress in words first, the clock of a legal term. */
import { shared } from '../content.ts';
import { daysUntil, formatDate, formatDayMonth } from '../i18n/format.ts';
import type { Language } from '../i18n/language.ts';
import { Shape } from './shapes.tsx';

/** One step: its name and, instead of the common word, what happened (“428 dòng”). */
export interface Step {
  readonly name: string;
  readonly state: 'done' | 'now' | 'later' | 'attention';
  readonly word?: string;
}

const stepClass = { done: 'ok', now: 'act', later: 'mute', attention: 'warn' } as const;

/** The steps of a task, numbered; the current one is underlined and announced. */
export function Steps({ language, steps }: { language: Language; steps: readonly Step[] }) {
  const t = shared[language].steps;
  return (
    <ol class="steps" aria-label={t.title}>
      {steps.map((step, index) => (
        <li
          key={step.name}
          class={stepClass[step.state]}
          aria-current={step.state === 'now' ? 'step' : undefined}
        >
          <b>
            {index + 1}. <span>{step.name}</span>
          </b>
          <small>
            {step.state === 'done' ? <Shape name="tick" /> : null}
            {step.state === 'attention' ? <Shape name="warn" /> : null} {step.word ?? t[step.state]}
          </small>
        </li>
      ))}
    </ol>
  );
}

/** A bar under the counts, which say the same in words. */
export function ProgressBar({ done, total }: { done: number; total: number }) {
  const share = total === 0 ? 0 : Math.min(100, (100 * done) / total);
  return (
    <svg class="bar" aria-hidden="true" focusable="false">
      <rect width={`${share.toFixed(1)}%`} height="100%" />
    </svg>
  );
}

export interface LegalClockProps {
  readonly language: Language;
  /** What is due: “Hạn cấp văn bằng số”. */
  readonly what: string;
  readonly from: Date;
  readonly due: Date;
  readonly now: Date;
}

/** One box a day with its date and word; at most seven, ending with the last day or, when late, with today. */
export function LegalClock({ language, what, from, due, now }: LegalClockProps) {
  const t = shared[language].clock;
  const left = daysUntil(due, now);
  const last = left < 0 ? now : due;
  const count = Math.max(1, Math.min(7, daysUntil(last, from) + 1));
  const boxes = Array.from(
    { length: count },
    (_, index) => new Date(last.getTime() - (count - 1 - index) * 86_400_000),
  );
  return (
    <div class={left < 0 ? 'clock bad' : 'clock'}>
      <p>
        {left < 0 ? <Shape name="octagon" /> : null}{' '}
        <b>{left < 0 ? t.late(-left, what, formatDate(due)) : t.left(left, what, formatDate(due))}</b>
      </p>
      <ol>
        {boxes.map((box) => {
          const ahead = daysUntil(box, now);
          const toDue = daysUntil(due, box);
          const word =
            ahead === 0
              ? left < 0
                ? t.lateToday
                : toDue === 0
                  ? t.dueToday
                  : t.today
              : toDue === 0
                ? t.due
                : ahead < 0
                  ? t.gone
                  : t.ahead;
          return (
            <li key={formatDate(box)} class={`days ${ahead === 0 ? 'now' : ahead < 0 ? 'gone' : ''}`.trim()}>
              <span>{formatDayMonth(box)}</span>
              <span>{word}</span>
            </li>
          );
        })}
      </ol>
    </div>
  );
}
