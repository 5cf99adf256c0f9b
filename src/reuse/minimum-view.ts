/** The least of a paper that a procedure needs. Pure. */
import type { Component, DocumentType } from '../catalogue/index.ts';

/** Names of the fields; where the catalogue does not say, the fields that every paper of the type has. */
export function minimumFields(type: DocumentType, component: Pick<Component, 'alternatives'>): string[] {
  const named = component.alternatives.find(({ documentType }) => documentType === type.code)?.fields;
  const wanted = named ?? type.fields.filter(({ required }) => required).map(({ name }) => name);
  return wanted.filter((name) => type.fields.some((field) => field.name === name));
}
