/** What a document is, and the standing it may have. Pure: no clock, no rows, no HTTP. */
import type { CalendarDate, Provenance } from '../catalogue/index.ts';

export interface OwnerRef {
  readonly kind: 'person' | 'organisation';
  readonly id: string;
}

/**
 * Standing by decision. Whether it is still valid today is computed at each read from this and the type's validity
 * rule; it is stored nowhere.
 */
export const STATUSES = [
  'active',
  'suspended',
  'superseded',
  'revoked',
  'annulled',
  'rejected',
  'unverified',
] as const;
export type Status = (typeof STATUSES)[number];

/** From which standing to which a decision may lead. What ended stays ended. */
const TRANSITIONS: Readonly<Record<Status, readonly Status[]>> = {
  active: ['suspended', 'superseded', 'revoked', 'annulled'],
  suspended: ['active', 'superseded', 'revoked', 'annulled'],
  unverified: ['rejected'],
  superseded: ['revoked', 'annulled'],
  revoked: [],
  annulled: [],
  rejected: [],
};

export const mayBecome = (from: Status, to: Status): boolean => TRANSITIONS[from].includes(to);

export interface StatusEntry {
  readonly number: number;
  readonly status: Status;
  readonly at: Date;
  readonly reason: string | null;
  readonly decisionNumber: string | null;
  readonly decisionDate: CalendarDate | null;
  readonly successorId: string | null;
}

export interface DocumentFacts {
  readonly id: string;
  readonly typeCode: string;
  readonly issuerId: string | null;
  readonly depositorId: string | null;
  readonly provenance: Provenance;
  readonly symbol: string | null;
  readonly abstract: string | null;
  readonly issuedOn: CalendarDate | null;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly sensitive: boolean;
  readonly verificationCode: string;
  readonly depositedAt: Date;
  readonly erasedAt: Date | null;
  readonly owners: readonly OwnerRef[];
  /** The standing at the moment of the read. */
  readonly status: StatusEntry;
  readonly version: VersionFacts;
}

export interface VersionFacts {
  readonly id: string;
  readonly number: number;
  readonly sha256: string;
  readonly pages: number;
  readonly createdAt: Date;
}

/**
 * `original`: bit for bit as it came; `sealed`: with the agency's e-copy signature; `assembled`: the PDF made of the
 * pictures of a self-upload; `statement`: the digitisation statement at position 0, its signature at 1; the others are
 * derived for looking and searching (`text` has a hidden text layer).
 */
export type RenditionKind =
  | 'original'
  | 'sealed'
  | 'assembled'
  | 'access'
  | 'thumbnail'
  | 'text'
  | 'statement';

/** The file that is handed out: sealed where the vault sealed, else the PDF itself (issued here, or self-uploaded). */
export const HANDED_OUT: readonly RenditionKind[] = ['sealed', 'assembled', 'original'];
/** What a rendition's object is bound to, so that no row can pass another document's bytes off as its own. */
export const boundTo = (documentId: string, kind: RenditionKind): string => `document:${documentId}/${kind}`;
