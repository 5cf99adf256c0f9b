/**
 * The register (sổ gốc): the book that a competent body keeps when it issues originals, and the legal source of every
 * later copy (NĐ 23/2015/NĐ-CP art. 2(7)). Entries are numbered without gaps and never change; what is corrected,
 * revoked or issued again is told by annotations. Pure.
 */
import { hash } from 'node:crypto';
import type { CalendarDate, Metadata } from '../catalogue/index.ts';
import { type CanonicalValue, canonicalJson } from '../ledger/log/index.ts';

/** `originals`: what was issued; `copies`: copies issued from it; `certifications`: certified copies, one book a type. */
export const bookKinds = ['originals', 'copies', 'certifications'] as const;
export type BookKind = (typeof bookKinds)[number];

/** `lost`: the paper book is gone and nothing of it is known; requests get a written reply. */
export type BookState = 'open' | 'closed' | 'lost';

export interface RegisterBook {
  readonly id: string;
  /** The body that keeps it, by its identifier. */
  readonly agencyId: string;
  /** Code of the catalogue. */
  readonly documentType: string;
  readonly year: number;
  readonly kind: BookKind;
  /** Tells several books of one year apart; empty for the only one. */
  readonly series: string;
  /** How an entry's number is written: `{number}`, `{number:5}` (zero-padded) and `{year}` are replaced. */
  readonly numberFormat: string;
  readonly entriesPerPage: number;
  readonly state: BookState;
  /** The number given last; entries are 1 … lastNumber without a gap. */
  readonly lastNumber: number;
}

/** What is written when an entry is made. */
export interface EntryContent {
  /** The entry's number as the book writes it; given for legacy books, else made by `numberFormat`. */
  readonly label: string | null;
  readonly enteredOn: CalendarDate;
  /** The person or organisation in the vault; null where the old book names nobody the vault knows. */
  readonly holderId: string | null;
  /** The vault's document that was issued, or null (legacy books). */
  readonly documentId: string | null;
  /** In a book of copies: the entry copied. */
  readonly copyOf: string | null;
  /** The fields as issued, checked against the document type. */
  readonly fields: Metadata;
}

export interface RegisterEntry extends EntryContent {
  readonly id: string;
  readonly bookId: string;
  readonly number: number;
  readonly label: string;
  readonly page: number;
  /** Hex SHA-256 of the entry; see `entryDigest`. */
  readonly digest: string;
}

/**
 * `correction` changes how fields are to be read now; `reissue` names the new entry; `revocation` and `annulment` end
 * it; `voided` says that the number was reserved and nothing was issued; `note` says anything else.
 */
export const annotationKinds = [
  'correction',
  'reissue',
  'revocation',
  'annulment',
  'voided',
  'note',
] as const;
export type AnnotationKind = (typeof annotationKinds)[number];

export interface AnnotationContent {
  readonly kind: AnnotationKind;
  /** The decision it rests on; required but for `voided` and `note`. */
  readonly decisionNumber: string | null;
  readonly decisionDate: CalendarDate | null;
  /** Who decided. */
  readonly authority: string | null;
  readonly reason: string;
  /** For `correction`: the fields as they are to be read now. */
  readonly changes: Metadata;
  /** For `reissue`: the new entry. */
  readonly newEntryId: string | null;
}

export interface Annotation extends AnnotationContent {
  readonly id: string;
  readonly entryId: string;
  /** 1 for the entry's first. */
  readonly number: number;
  readonly on: CalendarDate;
  readonly digest: string;
}

/** The number of an entry as its book writes it. */
export const labelOf = (book: Pick<RegisterBook, 'numberFormat' | 'year'>, number: number): string =>
  book.numberFormat
    .replaceAll('{year}', String(book.year))
    .replace(/\{number(?::(\d{1,2}))?\}/g, (_, width?: string) =>
      String(number).padStart(Number(width ?? 0), '0'),
    );

/** A format must write different numbers differently. */
export const isNumberFormat = (format: string): boolean =>
  format.length <= 60 &&
  /^(?:[^{}]|\{year\}|\{number(?::\d{1,2})?\})*$/.test(format) &&
  format.includes('{number');

export const pageOf = (book: Pick<RegisterBook, 'entriesPerPage'>, number: number): number =>
  Math.ceil(number / book.entriesPerPage);

/** How an entry is to be read now. */
export interface EntryStanding {
  readonly state: 'in-force' | 'reissued' | 'revoked' | 'annulled' | 'voided';
  /** The fields with every correction applied; what was written first stays in the entry. */
  readonly fields: Metadata;
  readonly newEntryId: string | null;
}

/** @param annotations in order of their numbers */
export function standingOf(entry: RegisterEntry, annotations: readonly Annotation[]): EntryStanding {
  const fields: Metadata = { ...entry.fields };
  let state: EntryStanding['state'] = 'in-force';
  let newEntryId: string | null = null;
  for (const annotation of annotations) {
    switch (annotation.kind) {
      case 'correction':
        Object.assign(fields, annotation.changes);
        break;
      case 'reissue':
        state = 'reissued';
        newEntryId = annotation.newEntryId;
        break;
      case 'revocation':
        state = 'revoked';
        break;
      case 'annulment':
        state = 'annulled';
        break;
      case 'voided':
        state = 'voided';
        break;
      case 'note':
        break;
    }
  }
  return { state, fields, newEntryId };
}

/** SHA-256 over the book, the number and everything written in the entry. */
export const entryDigest = (entry: Omit<RegisterEntry, 'digest'>): string =>
  digestOf('mot-lan/register-entry/1', {
    book: entry.bookId,
    copyOf: entry.copyOf,
    document: entry.documentId,
    enteredOn: entry.enteredOn,
    fields: entry.fields,
    holder: entry.holderId,
    id: entry.id,
    label: entry.label,
    number: entry.number,
  });

/** SHA-256 over the annotation and, through its digest, the entry it belongs to. */
export const annotationDigest = (entry: string, annotation: Omit<Annotation, 'digest'>): string =>
  digestOf('mot-lan/register-annotation/1', {
    authority: annotation.authority,
    changes: annotation.changes,
    decisionDate: annotation.decisionDate,
    decisionNumber: annotation.decisionNumber,
    entry,
    kind: annotation.kind,
    newEntry: annotation.newEntryId,
    number: annotation.number,
    on: annotation.on,
    reason: annotation.reason,
  });

export interface PageStatement {
  readonly bookId: string;
  readonly page: number;
  /** Digest of the page before; null for the first. */
  readonly previous: string | null;
  /** Digests of its entries, each followed by those of its annotations up to the closing. */
  readonly entries: readonly { readonly digest: string; readonly annotations: readonly string[] }[];
}

/** What is signed when a page is closed: chained to the page before, so that no closed page can be exchanged. */
export const pageDigest = ({ bookId, page, previous, entries }: PageStatement): string =>
  digestOf('mot-lan/register-page/1', { book: bookId, entries, page, previous } as unknown as CanonicalValue);

const digestOf = (domain: string, value: CanonicalValue): string =>
  hash('sha256', `${domain}\n${canonicalJson(value)}`, 'hex');
