/** Forms and what a person presses: buttons, links, back links. Everything works without a script. */
import type { ComponentChildren } from 'preact';
import type { Frame } from '../frame.ts';
import { Shape, type ShapeName } from './shapes.tsx';

export interface PostFormProps {
  readonly frame: Frame;
  readonly action: string;
  /** True when the form carries files. */
  readonly files?: boolean;
  readonly children: ComponentChildren;
  readonly class?: string;
}

/** A form that changes something: carries the token against cross-site requests as `_csrf`. */
export function PostForm({ frame, action, files, children, class: className }: PostFormProps) {
  return (
    <form
      method="post"
      action={action}
      class={className}
      enctype={files ? 'multipart/form-data' : undefined}
      novalidate
    >
      <input type="hidden" name="_csrf" value={frame.csrfToken} />
      {children}
    </form>
  );
}

export interface ButtonProps {
  /** Primary: one a task. Refuse: followed by a confirmation page. */
  readonly kind?: 'primary' | 'second' | 'refuse';
  readonly shape?: ShapeName;
  readonly small?: boolean;
  /** Words for a screen reader where the label repeats: “dòng 37”. */
  readonly about?: string;
  readonly children: ComponentChildren;
}

const classes = ({ kind = 'primary', small }: ButtonProps): string =>
  ['button', kind === 'primary' ? '' : kind, small ? 'small' : ''].filter(Boolean).join(' ');

function Label({ shape, about, children }: ButtonProps) {
  return (
    <>
      {shape ? <Shape name={shape} /> : null}
      <span>
        {children}
        {about ? <span class="hidden">, {about}</span> : null}
      </span>
    </>
  );
}

/** Sends its form. Never disabled: it may be pressed, and the answer explains. */
export function Button(props: ButtonProps & { readonly name?: string; readonly value?: string }) {
  return (
    <button type="submit" class={classes(props)} name={props.name} value={props.value}>
      <Label {...props} />
    </button>
  );
}

/** Looks like a button, goes to a page. */
export function ButtonLink(props: ButtonProps & { readonly href: string }) {
  return (
    <a class={classes(props)} href={props.href}>
      <Label {...props} />
    </a>
  );
}

export interface TextLinkProps {
  readonly href: string;
  readonly shape?: ShapeName;
  readonly about?: string;
  readonly children: ComponentChildren;
}

/** A link on a line of its own: 44 px high. */
export function LoneLink(props: TextLinkProps) {
  return (
    <p class="lone">
      <a href={props.href}>
        <Label {...props} />
      </a>
    </p>
  );
}

/** The way back, above the title. */
export function BackLink({ href, children }: { href: string; children: ComponentChildren }) {
  return (
    <nav class="lone tight">
      <a class="back" href={href}>
        {children}
      </a>
    </nav>
  );
}
