/** What every page needs besides its subject. Its handler builds it from the request, the session and the config. */
import type { Language } from './i18n/language.ts';

export interface Frame {
  readonly language: Language;
  /** Path and query of this page, for the link to the other language. Starts with `/`. */
  readonly path: string;
  /** The authority that runs the vault, as it is written under the name: “Thành phố Hải Phòng”. */
  readonly place: string;
  /** Token against cross-site requests, put in every form as `_csrf`. */
  readonly csrfToken: string;
  /** The instant the page speaks of; days left are counted from it. */
  readonly now: Date;
  /** True where the instance uses development keys: every page says so. */
  readonly trial?: boolean;
  /** Notices that a signed-in citizen has not read; shown at the right of the header. */
  readonly notices?: number;
}

/** One fault of a form, as it is shown above the field and in the summary. */
export interface Fault {
  /** The `id` of the field, which is also its name unless it repeats. */
  readonly field: string;
  /** A sentence that says what is wrong and how to mend it. */
  readonly text: string;
}

/** The sentence of one field, if it has a fault. */
export const faultOf = (faults: readonly Fault[] | undefined, field: string): string | undefined =>
  faults?.find((fault) => fault.field === field)?.text;
