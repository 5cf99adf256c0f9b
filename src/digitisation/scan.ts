/** What a scan is and which way it may go. Pure: no clock, no rows, no HTTP. */
import type { CalendarDate } from '../catalogue/index.ts';
import type { OwnerRef } from '../documents/index.ts';
import type { Measures } from './measures.ts';

/**
 * The states of a paper on its way (TT 01/2023/TT-VPCP Điều 7–10). `opened`: its place is prepared, nothing was
 * captured yet. The scanning person's signature closes capture, before extraction; the agency's signature and the
 * digitisation statement close attestation.
 */
export const SCAN_STATES = [
  'opened',
  'captured',
  'examined',
  'signed-by-scanner',
  'extracted',
  'attested',
  'coded',
  'accessioned',
  'rejected',
  'quarantined',
] as const;
export type ScanState = (typeof SCAN_STATES)[number];

const NEXT: Readonly<Record<ScanState, readonly ScanState[]>> = {
  opened: ['captured', 'rejected', 'quarantined'],
  // A signed electronic original goes straight in as what it is.
  captured: ['captured', 'examined', 'accessioned', 'rejected', 'quarantined'],
  examined: ['captured', 'examined', 'signed-by-scanner', 'rejected', 'quarantined'],
  'signed-by-scanner': ['extracted', 'rejected'],
  extracted: ['extracted', 'attested', 'rejected'],
  attested: ['coded'],
  coded: ['accessioned'],
  accessioned: [],
  rejected: [],
  quarantined: ['rejected'],
};

export const mayGo = (from: ScanState, to: ScanState): boolean => NEXT[from].includes(to);
export const isOver = (state: ScanState): boolean => state === 'accessioned' || state === 'rejected';

/** Nothing is given back once the agency's key has been used: the scan only goes forward then. */
export const mayStillChange = (state: ScanState): boolean =>
  state === 'opened' || state === 'captured' || state === 'examined';

export const PAPER_GROUPS = ['component', 'processing', 'result'] as const;
export type ScanGroup = (typeof PAPER_GROUPS)[number];

/** How the paper in the hand came to be; only an original is digitised (TT 01/2023/TT-VPCP Điều 4 and 8). */
export const PAPER_FORMS = [
  'original',
  'photocopy',
  'paper-certified-copy',
  'shown-only',
  'state-secret',
] as const;
export type PaperForm = (typeof PAPER_FORMS)[number];

/** Which of the two lawful marks stands in the file so far. */
export interface MadeSignature {
  readonly fieldName: string;
  readonly purpose: 'officer-scan' | 'agency-copy';
  readonly intentId: string;
  readonly certificateSha256: string;
  readonly level: string;
  readonly upgrade: string;
  /** ISO 8601. */
  readonly at: string;
}

/** One person's statement that each value was compared with the original in the hand. */
export interface Attestation {
  readonly personId: string;
  readonly at: string;
}

export type Verdict = 'pass' | 'warn' | 'reject';

/** One thing the examination found. `page` is absent where it is of the whole paper. */
export interface Finding {
  readonly code: string;
  readonly verdict: Verdict;
  readonly page?: number;
  /** What was measured and what it was held against; absent where there is no number. */
  readonly measured?: number;
  readonly threshold?: number;
  /** The reason for which a warning was let pass. */
  readonly override?: string;
}

export interface Examination {
  /** Which thresholds: identifier and date of the rule set. */
  readonly rules: string;
  readonly at: string;
  readonly findings: readonly Finding[];
}

/** What the clerk confirmed. */
export interface ScanValues {
  readonly issuerId: string;
  readonly symbol: string | null;
  readonly abstract: string | null;
  readonly issuedOn: CalendarDate | null;
  readonly metadata: Readonly<Record<string, unknown>>;
}

export interface ScanFile {
  readonly position: number;
  readonly mediaType: string;
  readonly sha256: string;
  readonly size: number;
  readonly objectId: string;
}

/** A word with its place in hundredths of a percent of the page (0 to 10,000), as read. */
export interface Word {
  readonly text: string;
  /** 0 to 100. */
  readonly confidence: number;
  readonly box: readonly [left: number, top: number, right: number, bottom: number];
  /** Number of the line on the page, from 0. */
  readonly line: number;
}

export interface PageReading {
  readonly engine: string;
  readonly words: readonly Word[];
}

export interface ScanPage {
  readonly number: number;
  readonly filePosition: number;
  readonly filePage: number;
  readonly measures: Measures;
  readonly look: string | null;
  readonly accessObjectId: string | null;
  readonly thumbnailObjectId: string | null;
  readonly reading: PageReading | null;
}

export interface Scan {
  readonly id: string;
  readonly agencyId: string;
  readonly state: ScanState;
  readonly revision: number;
  readonly operatorId: string;
  readonly station: string | null;
  readonly device: string | null;
  readonly typeCode: string;
  readonly sensitive: boolean;
  readonly owners: readonly OwnerRef[];
  readonly dossierCode: string | null;
  readonly group: ScanGroup;
  readonly componentKey: string | null;
  readonly declaredSheets: number | null;
  readonly againBecause: string | null;
  readonly examination: Examination | null;
  readonly values: ScanValues | null;
  readonly signing: readonly MadeSignature[];
  readonly attestations: readonly Attestation[];
  readonly resultCode: string | null;
  readonly reason: string | null;
  readonly campaignId: string | null;
  readonly signedObjectId: string | null;
  readonly sealedObjectId: string | null;
  readonly statementObjectId: string | null;
  readonly statementSignatureObjectId: string | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** Warnings that nobody gave a reason for, and rejections: what stands between examination and signature. */
export const openFindings = (examination: Examination | null): Finding[] =>
  (examination?.findings ?? []).filter(
    ({ verdict, override }) => verdict === 'reject' || (verdict === 'warn' && !override),
  );

/** How many people must attest: two where the type holds sensitive data. */
export const attestationsNeeded = (scan: Pick<Scan, 'sensitive'>): number => (scan.sensitive ? 2 : 1);
