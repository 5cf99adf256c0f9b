/**
 * Values read from a scan, beside the original. Each carries a word and a number; a doubtful one shows its
 * cut-out above the input and offers the readings as buttons. The number alone never decides.
 */
import { shared } from '../content.ts';
import { formatPercent } from '../i18n/format.ts';
import type { Language } from '../i18n/language.ts';
import { FaultLine } from './fields.tsx';
import { Shape } from './shapes.tsx';

/** One value that was read. */
export interface ReadValue {
  readonly name: string;
  readonly label: string;
  readonly value: string;
  readonly state: 'sure' | 'doubtful' | 'by-hand';
  /** Between 0 and 1; absent for a value typed by hand. */
  readonly confidence?: number;
  readonly hint?: string;
  /** Part of the original that shows the value. */
  readonly cutOut?: { readonly src: string; readonly alt: string };
  readonly readings?: readonly string[];
  readonly fault?: string;
  /** Takes the whole width of the form. */
  readonly whole?: boolean;
}

/** The fields of the form. A reading's button sends the form with `use` = `name=reading`; the page returns with it. */
export function ComparedValues({ language, values }: { language: Language; values: readonly ReadValue[] }) {
  return (
    <div class="values">
      {values.map((value) => (
        <ComparedValue key={value.name} language={language} value={value} />
      ))}
    </div>
  );
}

function ComparedValue({ language, value }: { language: Language; value: ReadValue }) {
  const t = shared[language].compare;
  const classes = [
    'field',
    value.state === 'doubtful' ? 'doubt' : '',
    value.fault ? 'wrong' : '',
    value.whole || value.state === 'doubtful' ? 'whole' : '',
  ];
  const described = [
    value.hint ? `${value.name}-hint` : '',
    `${value.name}-sure`,
    value.fault ? `${value.name}-fault` : '',
  ];
  return (
    <div class={classes.filter(Boolean).join(' ')}>
      <div class="value-head">
        <label for={value.name}>{value.label}</label>
        <Confidence language={language} value={value} />
      </div>
      {value.hint ? (
        <p class="hint" id={`${value.name}-hint`}>
          {value.hint}
        </p>
      ) : null}
      <FaultLine id={value.name} text={value.fault} />
      {value.cutOut ? (
        <div class="cut">
          <img src={value.cutOut.src} alt={value.cutOut.alt || t.original} />
        </div>
      ) : null}
      <input
        id={value.name}
        name={value.name}
        type="text"
        value={value.value}
        autocomplete="off"
        aria-describedby={described.filter(Boolean).join(' ')}
        aria-invalid={value.fault ? true : undefined}
      />
      {value.readings && value.readings.length > 1 ? (
        <fieldset class="readings" aria-label={`${t.readings}: ${value.label}`}>
          {value.readings.map((reading, index) => (
            <button
              key={reading}
              type="submit"
              class="button second small"
              name="use"
              value={`${value.name}=${reading}`}
            >
              <span>
                {index + 1}. {reading}
                <span class="hidden">
                  , {t.use}, {value.label}
                </span>
              </span>
            </button>
          ))}
        </fieldset>
      ) : null}
    </div>
  );
}

function Confidence({ language, value }: { language: Language; value: ReadValue }) {
  const t = shared[language].compare;
  const id = `${value.name}-sure`;
  if (value.state === 'by-hand') {
    return (
      <span class="sure mute" id={id}>
        <Shape name="pencil" /> {t.byHand}
      </span>
    );
  }
  const share = formatPercent(value.confidence ?? 0, language).replace(/[,.]\d%/, '%');
  return value.state === 'sure' ? (
    <span class="sure ok" id={id}>
      <Shape name="tick" /> {t.sure(share)}
    </span>
  ) : (
    <span class="sure warn" id={id}>
      <Shape name="warn" /> {t.doubtful(share)}
    </span>
  );
}
