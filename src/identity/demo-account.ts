/** An invented person who can sign in at the development identity provider. */

/** Who stands together in lists. */
export const demoAccountGroups = ['citizen', 'office', 'oversight'] as const;
export type DemoAccountGroup = (typeof demoAccountGroups)[number];

export interface DemoAccount {
  /** The `sub`; lower-case letters, digits and hyphens. */
  readonly subject: string;
  readonly group: DemoAccountGroup;
  readonly fullName: string;
  /** Place 000: no real person has such a number. */
  readonly personalNumber: string;
  readonly birthDate: string;
  readonly gender: 'male' | 'female';
  readonly assurance: 1 | 2;
  /** What this person is for, in both languages. */
  readonly about: { readonly vi: string; readonly en: string };
}
