/**
 * The code of a digitised paper (TT 01/2023/TT-VPCP Điều 10). Its exact pattern is not known to this project, so it is a
 * template of the operator's: the parts the law names are placeholders, nothing else is believed about it.
 */
export interface CodeParts {
  /** Identifier of the owner; the law lets it be blank. */
  readonly owner: string;
  readonly type: string;
  readonly agency: string;
  /** Two digits of the year. */
  readonly year: string;
}

const PLACEHOLDERS = ['owner', 'type', 'agency', 'year', 'sequence'] as const;

/** @throws Error that says what is wrong with the template */
export function checkCodeTemplate(template: string): string {
  const named = [...template.matchAll(/\{([^}]*)\}/g)].map(([, name]) => name);
  const unknown = named.filter((name) => !(PLACEHOLDERS as readonly (string | undefined)[]).includes(name));
  if (unknown.length > 0) {
    throw new Error(
      `the template of digitisation codes names {${unknown.join('}, {')}}; known are {${PLACEHOLDERS.join('}, {')}}`,
    );
  }
  if (named.at(-1) !== 'sequence' || !template.endsWith('{sequence}')) {
    throw new Error(
      'the template of digitisation codes must end with {sequence}: it is what makes the code unique',
    );
  }
  return template;
}

/** Everything before the number; codes of one prefix are counted together. */
export const codePrefix = (template: string, parts: CodeParts): string =>
  template
    .slice(0, -'{sequence}'.length)
    .replace(/\{(\w+)\}/g, (_, name: keyof CodeParts) => parts[name] ?? '');

export const codeOf = (prefix: string, sequence: number): string =>
  `${prefix}${String(sequence).padStart(3, '0')}`;
