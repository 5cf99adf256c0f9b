/** The first thing in main after a form with faults. Takes the focus without a script, links to each field. */
import { shared } from '../content.ts';
import type { Fault } from '../frame.ts';
import type { Language } from '../i18n/language.ts';
import { Shape } from './shapes.tsx';

/** `autofocus` is right here: the page was asked for by a failed form, and its reader must hear why first. */
const takesFocus = { tabIndex: -1, autofocus: true } as const;

export function ErrorSummary({ language, faults }: { language: Language; faults: readonly Fault[] }) {
  return (
    <div class="notice bad summary" role="alert" aria-labelledby="faults" {...takesFocus}>
      <div class="notice-head">
        <Shape name="warn" />
        <h2 id="faults">{shared[language].faults(faults.length)}</h2>
      </div>
      <ul class="plain">
        {faults.map((fault) => (
          <li key={fault.field}>
            <a href={`#${fault.field}`}>{fault.text}</a>
          </li>
        ))}
      </ul>
    </div>
  );
}
