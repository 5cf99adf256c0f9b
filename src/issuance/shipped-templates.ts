/** The templates that come with the vault, one file a version in `templates/`; a file here is never edited, only followed. */
import { readdirSync, readFileSync } from 'node:fs';
import { type IssueTemplate, templateSchema } from './template.ts';

const folder = new URL('./templates/', import.meta.url);
let loaded: readonly IssueTemplate[] | undefined;

/** All shipped templates, checked once. */
export function shippedTemplates(): readonly IssueTemplate[] {
  loaded ??= readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => templateSchema.parse(JSON.parse(readFileSync(new URL(name, folder), 'utf8'))));
  return loaded;
}

/** The newest version for a document type. */
export const templateFor = (documentType: string): IssueTemplate | undefined =>
  shippedTemplates()
    .filter((template) => template.documentType === documentType)
    .sort((a, b) => b.version - a.version)[0];

export const templateOf = (named: {
  readonly code: string;
  readonly version: number;
}): IssueTemplate | undefined =>
  shippedTemplates().find(({ code, version }) => code === named.code && version === named.version);
