/** How a page speaks to and of a person. */
import { capital } from './i18n/format.ts';

export interface Addressee {
  /** “bà” or “ông” where sex and adulthood are known, otherwise “ông (bà)”. */
  readonly honorific: string;
  /** In upper case, as on papers. */
  readonly name: string;
  /** Twelve digits; pages show it masked. */
  readonly personalNumber: string;
}

/** The two forms of address a sentence needs: inside it and at its start. English texts ignore them. */
export interface You {
  readonly you: string;
  readonly You: string;
}

/** Forms of address of one person. */
export const addressed = ({ honorific }: Pick<Addressee, 'honorific'>): You => ({
  you: honorific,
  You: capital(honorific),
});
