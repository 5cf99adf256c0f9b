/** Text fields, lists, files and tiles. Labels are visible, hints stand above the field, faults keep the value. */
import type { ComponentChildren } from 'preact';
import { Shape } from './shapes.tsx';

interface FieldProps {
  /** Name in the form; also the `id` unless one is given. */
  readonly name: string;
  readonly id?: string;
  readonly label: ComponentChildren;
  readonly hint?: ComponentChildren;
  readonly fault?: string;
  /** How long an answer is expected: tells the width. */
  readonly width?: 'w4' | 'w12' | 'w20';
}

const describedBy = ({ id, name, hint, fault }: FieldProps): string | undefined =>
  [hint ? `${id ?? name}-hint` : '', fault ? `${id ?? name}-fault` : ''].filter(Boolean).join(' ') ||
  undefined;

function Field(props: FieldProps & { readonly children: ComponentChildren }) {
  const id = props.id ?? props.name;
  return (
    <div class={['field', props.width, props.fault ? 'wrong' : ''].filter(Boolean).join(' ')}>
      <label for={id}>{props.label}</label>
      <Hint id={id} text={props.hint} />
      <FaultLine id={id} text={props.fault} />
      {props.children}
    </div>
  );
}

function Hint({ id, text }: { id: string; text?: ComponentChildren }) {
  return text ? (
    <p class="hint" id={`${id}-hint`}>
      {text}
    </p>
  ) : null;
}

/** The fault above a field: triangle and sentence. */
export function FaultLine({ id, text }: { id: string; text?: string }) {
  return text ? (
    <p class="fault" id={`${id}-fault`}>
      <Shape name="warn" />
      <span>{text}</span>
    </p>
  ) : null;
}

export interface TextFieldProps extends FieldProps {
  readonly value?: string;
  /** The keyboard a phone opens. */
  readonly keyboard?: 'numeric' | 'email' | 'tel' | 'search';
  readonly autocomplete?: string;
}

/** One line of text. No placeholder, no mask; any spacing is accepted by the server. */
export function TextField(props: TextFieldProps) {
  return (
    <Field {...props}>
      <input
        id={props.id ?? props.name}
        name={props.name}
        type="text"
        value={props.value}
        inputmode={props.keyboard}
        autocomplete={props.autocomplete ?? 'off'}
        aria-describedby={describedBy(props)}
        aria-invalid={props.fault ? true : undefined}
      />
    </Field>
  );
}

/** Several lines of text. */
export function TextArea(props: FieldProps & { readonly value?: string; readonly rows?: number }) {
  return (
    <Field {...props}>
      <textarea
        id={props.id ?? props.name}
        name={props.name}
        rows={props.rows ?? 4}
        aria-describedby={describedBy(props)}
        aria-invalid={props.fault ? true : undefined}
      >
        {props.value}
      </textarea>
    </Field>
  );
}

/** One choice of a fold-down list. */
export interface Option {
  readonly value: string;
  readonly label: string;
}

/** A list where tiles would be too many. */
export function SelectField(
  props: FieldProps & { readonly options: readonly Option[]; readonly value?: string },
) {
  return (
    <Field {...props}>
      <select
        id={props.id ?? props.name}
        name={props.name}
        aria-describedby={describedBy(props)}
        aria-invalid={props.fault ? true : undefined}
      >
        {props.options.map((option) => (
          <option key={option.value} value={option.value} selected={option.value === props.value}>
            {option.label}
          </option>
        ))}
      </select>
    </Field>
  );
}

/** A file from the phone or the computer. */
export function FileField(props: FieldProps & { readonly accept: string; readonly multiple?: boolean }) {
  return (
    <Field {...props}>
      <input
        id={props.id ?? props.name}
        name={props.name}
        type="file"
        accept={props.accept}
        multiple={props.multiple}
        aria-describedby={describedBy(props)}
        aria-invalid={props.fault ? true : undefined}
      />
    </Field>
  );
}

/** One tile: the whole of it is the target. */
export interface TileOption {
  readonly value: string;
  readonly label: ComponentChildren;
  /** A second line; the label is then bold. */
  readonly hint?: ComponentChildren;
}

export interface RadioTilesProps {
  readonly name: string;
  readonly legend: ComponentChildren;
  readonly hint?: ComponentChildren;
  readonly options: readonly TileOption[];
  /** What was chosen before. Consent is never chosen beforehand. */
  readonly value?: string;
  readonly fault?: string;
  /** Two tiles side by side. */
  readonly pair?: boolean;
}

/** One of several. The first tile carries the `id` of the field, so that the summary's link lands on it. */
export function RadioTiles({ name, legend, hint, options, value, fault, pair }: RadioTilesProps) {
  const described = [hint ? `${name}-hint` : '', fault ? `${name}-fault` : ''].filter(Boolean).join(' ');
  return (
    <fieldset class={fault ? 'wrong' : undefined} aria-describedby={described || undefined}>
      <legend>{legend}</legend>
      <Hint id={name} text={hint} />
      <FaultLine id={name} text={fault} />
      <div class={pair ? 'tiles pair' : 'tiles'}>
        {options.map((option, index) => (
          <label key={option.value} class={option.hint ? 'tile titled' : 'tile'}>
            <input
              type="radio"
              id={index === 0 ? name : `${name}-${option.value}`}
              name={name}
              value={option.value}
              checked={option.value === value}
            />
            <TileText option={option} />
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function TileText({ option }: { option: Pick<TileOption, 'label' | 'hint'> }) {
  return option.hint ? (
    <span>
      <b>{option.label}</b>
      <span class="hint">{option.hint}</span>
    </span>
  ) : (
    <span>{option.label}</span>
  );
}

export interface CheckTileProps extends Pick<TileOption, 'label' | 'hint'> {
  readonly name: string;
  readonly value?: string;
  readonly checked?: boolean;
  readonly fault?: string;
}

/** A single statement to tick. */
export function CheckTile({ name, value = 'yes', checked, fault, label, hint }: CheckTileProps) {
  return (
    <div class={fault ? 'field wrong' : 'field'}>
      <FaultLine id={name} text={fault} />
      <label class={hint ? 'tile titled' : 'tile'}>
        <input
          type="checkbox"
          id={name}
          name={name}
          value={value}
          checked={checked}
          aria-describedby={fault ? `${name}-fault` : undefined}
          aria-invalid={fault ? true : undefined}
        />
        <TileText option={{ label, hint }} />
      </label>
    </div>
  );
}
