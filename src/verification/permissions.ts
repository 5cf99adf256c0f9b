/** What a signature allows afterwards: DocMDP, FieldMDP and the field's lock (ISO 32000-2 §12.8.2, §12.7.5.5). */
import {
  isArray,
  isName,
  PdfDict,
  type PdfObject,
  PdfRef,
  PdfString,
  type Revision,
  textOf,
} from '../pdf/index.ts';
import type { FoundChange } from './changes/comparison.ts';
import type { Change } from './report.ts';
import type { SignatureField } from './signature-fields.ts';

export type MdpLevel = 1 | 2 | 3;

export interface Permissions {
  /** Of a certification or a lock with `/P`; `undefined` where the signature does not say. */
  readonly level: MdpLevel | undefined;
  readonly isCertification: boolean;
  readonly locks: readonly Lock[];
}

interface Lock {
  readonly action: 'All' | 'Include' | 'Exclude';
  readonly fields: readonly string[];
}

/** Read in the signed revision, where nobody could have changed it. */
export function readPermissions(revision: Revision, field: SignatureField): Permissions {
  const locks: Lock[] = [];
  let level: MdpLevel | undefined;
  let isCertification = false;
  for (const item of revision.array(field.signature, 'Reference') ?? []) {
    const reference = revision.resolve(item);
    if (!(reference instanceof PdfDict)) {
      continue;
    }
    const parameters = revision.get(reference, 'TransformParams');
    const method = revision.get(reference, 'TransformMethod');
    if (isName(method, 'DocMDP')) {
      isCertification = true;
      level = stricter(level, levelOf(revision, parameters, 2));
    } else if (isName(method, 'FieldMDP') && parameters instanceof PdfDict) {
      locks.push(lockOf(revision, parameters));
    }
  }
  if (isCertifying(revision, field)) {
    isCertification = true;
    level ??= 2;
  }
  const lock = revision.get(field.dict, 'Lock');
  if (lock instanceof PdfDict) {
    locks.push(lockOf(revision, lock));
    if (lock.has('P')) {
      level = stricter(level, levelOf(revision, lock, 3));
    }
  }
  return { level, isCertification, locks };
}

/** Whether the permissions allow a change; `forbidden` ones never are. */
export function applyPermissions(found: FoundChange, permissions: Permissions): Change {
  const { existingField, ...change } = found;
  const locked =
    existingField &&
    change.field !== undefined &&
    permissions.locks.some((lock) => locks(lock, change.field ?? ''));
  return { ...change, permitted: !locked && isAllowed(found, permissions.level) };
}

function isAllowed(found: FoundChange, level: MdpLevel | undefined): boolean {
  switch (found.level) {
    case 'archival':
      return true;
    case 'signing':
    case 'form':
      return level !== 1;
    case 'annotation':
      return level === 3;
    case 'forbidden':
      return false;
  }
}

/**
 * Whether a refused change breaks only what this signature asked for: another signature might have allowed it.
 * Everything else alters the signed document itself.
 */
export function breaksOnlyPermissions(change: Change, permissions: Permissions): boolean {
  if (change.level === 'annotation') {
    return permissions.level !== undefined;
  }
  return change.level !== 'forbidden';
}

function isCertifying(revision: Revision, field: SignatureField): boolean {
  const perms = revision.dict(revision.catalog, 'Perms');
  const reference = perms?.get('DocMDP');
  return reference instanceof PdfRef && field.value instanceof PdfRef && reference.num === field.value.num;
}

function levelOf(revision: Revision, parameters: PdfObject, fallback: MdpLevel): MdpLevel {
  const value = parameters instanceof PdfDict ? revision.get(parameters, 'P') : null;
  return value === 1 || value === 2 || value === 3 ? value : fallback;
}

function stricter(a: MdpLevel | undefined, b: MdpLevel): MdpLevel {
  return a === undefined || b < a ? b : a;
}

function lockOf(revision: Revision, dict: PdfDict): Lock {
  const action = revision.get(dict, 'Action');
  const fields = revision.get(dict, 'Fields');
  const names = isArray(fields) ? fields.map((item) => revision.resolve(item)) : [];
  return {
    // An action nobody knows locks everything.
    action: isName(action, 'Include') ? 'Include' : isName(action, 'Exclude') ? 'Exclude' : 'All',
    fields: names.filter((name) => name instanceof PdfString).map(textOf),
  };
}

function locks(lock: Lock, field: string): boolean {
  const named = lock.fields.some((name) => field === name || field.startsWith(`${name}.`));
  return lock.action === 'All' || (lock.action === 'Include') === named;
}
