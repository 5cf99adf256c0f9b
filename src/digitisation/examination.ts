/**
 * Findings from measures: each pass, warn or reject against thresholds that are data with effective dates. Pure.
 * NĐ 30/2020 Annex I: colour, at least 200 dpi, scale 100 %; TT 01/2023 Điều 8: the whole paper, in order, accurate.
 */
import { z } from 'zod';
import type { CalendarDate, DocumentType } from '../catalogue/index.ts';
import { lookDistance } from './page-look.ts';
import type { Finding, ScanPage, Verdict } from './scan.ts';

const share = z.number().min(0).max(1);
export const examinationRulesSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]{3,40}$/),
  effectiveFrom: z.iso.date(),
  effectiveTo: z.iso.date().nullable(),
  thresholds: z.strictObject({
    /** Dots per inch. 200 is the law's; a scanner's 200 may measure a little less after a margin is cut. */
    resolutionReject: z.number(),
    resolutionWarn: z.number(),
    sharpnessReject: share,
    sharpnessWarn: share,
    paperDarkReject: z.number(),
    paperDarkWarn: z.number(),
    contrastReject: z.number(),
    contrastWarn: z.number(),
    /** Degrees. */
    skewWarn: z.number(),
    skewReject: z.number(),
    edgeInkWarn: share,
    fingersWarn: share,
    shadowWarn: share,
    blankInk: share,
    sealShare: share,
    bluePenShare: share,
    /** Bits of 256 in which two pages that look alike may differ. */
    lookDuplicate: z.int(),
  }),
  /** What a page without colour is. */
  colour: z.enum(['pass', 'warn', 'reject']),
  /** Groups of document types whose papers carry a red seal. */
  seal: z.strictObject({ warnGroups: z.array(z.string()) }),
  /** Exceptions by type of document. */
  types: z.record(
    z.string(),
    z.strictObject({ seal: z.boolean().optional(), colour: z.enum(['pass', 'warn', 'reject']).optional() }),
  ),
});
export type ExaminationRules = z.infer<typeof examinationRulesSchema>;

/** The rules of a day. @throws Error where none are in force: there is no examination without thresholds */
export function rulesAt(all: readonly ExaminationRules[], date: CalendarDate): ExaminationRules {
  const rules = all.find(
    ({ effectiveFrom, effectiveTo }) => effectiveFrom <= date && (effectiveTo === null || date < effectiveTo),
  );
  if (!rules) throw new Error(`no examination rules are in force on ${date}`);
  return rules;
}

export interface PaperFacts {
  readonly type: Pick<DocumentType, 'code' | 'group'>;
  readonly declaredSheets: number | null;
  /** Pages of the scan that could not be decoded, with why. */
  readonly faults: readonly { readonly page: number; readonly fault: string }[];
  /** Pages of other scans of the agency that look the same. */
  readonly alike: readonly number[];
}

/** All findings that are not a plain pass; none at all means that everything passed. */
export function findingsOf(
  pages: readonly ScanPage[],
  facts: PaperFacts,
  rules: ExaminationRules,
): Finding[] {
  const findings: Finding[] = facts.faults.map(({ page, fault }) => ({
    code: fault,
    verdict: fault === 'no-picture' ? 'warn' : 'reject',
    page,
  }));
  for (const page of pages) findings.push(...pageFindings(page, facts, rules));
  findings.push(...paperFindings(pages, facts, rules));
  return findings;
}

function pageFindings(page: ScanPage, facts: PaperFacts, rules: ExaminationRules): Finding[] {
  const { measures, number } = page;
  const t = rules.thresholds;
  const found: Finding[] = [];
  const low = (code: string, measured: number, reject: number, warn: number): void => {
    if (measured < reject) found.push({ code, verdict: 'reject', page: number, measured, threshold: reject });
    else if (measured < warn) found.push({ code, verdict: 'warn', page: number, measured, threshold: warn });
  };
  const high = (code: string, measured: number, warn: number, reject = Number.POSITIVE_INFINITY): void => {
    if (measured > reject) found.push({ code, verdict: 'reject', page: number, measured, threshold: reject });
    else if (measured > warn) found.push({ code, verdict: 'warn', page: number, measured, threshold: warn });
  };
  // Writing too faint to count as ink still stands out from the paper; a blank page has nothing that does.
  if (measures.ink < t.blankInk && measures.seal === 0 && measures.contrast < t.contrastReject / 2) {
    found.push({
      code: 'blank',
      verdict: 'warn',
      page: number,
      measured: measures.ink,
      threshold: t.blankInk,
    });
    return found;
  }
  low('resolution', measures.dpi, t.resolutionReject, t.resolutionWarn);
  low('blurred', measures.sharpness, t.sharpnessReject, t.sharpnessWarn);
  low('dark', measures.paper, t.paperDarkReject, t.paperDarkWarn);
  low('faint', measures.contrast, t.contrastReject, t.contrastWarn);
  high('skew', Math.abs(measures.skew), t.skewWarn, t.skewReject);
  high('edge-ink', measures.edgeInk, t.edgeInkWarn);
  high('fingers', measures.fingers, t.fingersWarn);
  high('shadow', measures.shadow, t.shadowWarn);
  if (measures.cutEdges.length > 0) {
    found.push({ code: 'cut-off', verdict: measures.cutEdges.length > 1 ? 'reject' : 'warn', page: number });
  }
  const colour: Verdict = rules.types[facts.type.code]?.colour ?? rules.colour;
  if (measures.colour !== 'colour' && colour !== 'pass') {
    found.push({ code: 'no-colour', verdict: colour, page: number });
  }
  return found;
}

function paperFindings(pages: readonly ScanPage[], facts: PaperFacts, rules: ExaminationRules): Finding[] {
  const t = rules.thresholds;
  const found: Finding[] = [];
  for (const [index, page] of pages.entries()) {
    const twin = pages
      .slice(0, index)
      .find(
        (other) =>
          page.look !== null &&
          other.look !== null &&
          lookDistance(page.look, other.look) <= t.lookDuplicate &&
          Math.abs(page.measures.ink - other.measures.ink) < 0.004,
      );
    if (twin && page.measures.ink >= t.blankInk)
      found.push({ code: 'duplicate-page', verdict: 'warn', page: page.number });
  }
  for (const page of facts.alike) found.push({ code: 'seen-before', verdict: 'warn', page });
  if (facts.declaredSheets !== null) {
    // A sheet has one or two pages; a page with a note is taken twice, with and without it.
    const count = pages.length + facts.faults.length;
    if (count < facts.declaredSheets) {
      found.push({
        code: 'pages-missing',
        verdict: 'reject',
        measured: count,
        threshold: facts.declaredSheets,
      });
    } else if (count > facts.declaredSheets * 3) {
      found.push({
        code: 'pages-too-many',
        verdict: 'warn',
        measured: count,
        threshold: facts.declaredSheets,
      });
    }
  }
  found.push(...orderFindings(pages));
  const wantsSeal = rules.types[facts.type.code]?.seal ?? rules.seal.warnGroups.includes(facts.type.group);
  const colourful = pages.some(({ measures }) => measures.colour === 'colour');
  if (wantsSeal && colourful && pages.every(({ measures }) => measures.seal < t.sealShare)) {
    found.push({ code: 'no-seal', verdict: 'warn', threshold: t.sealShare });
  }
  if (wantsSeal && colourful && pages.every(({ measures }) => measures.bluePen < t.bluePenShare)) {
    found.push({ code: 'no-signature', verdict: 'warn', threshold: t.bluePenShare });
  }
  return found;
}

/** Printed page numbers must rise by one; pages without one say nothing. */
export function orderFindings(pages: readonly ScanPage[]): Finding[] {
  const found: Finding[] = [];
  let before: { number: number; printed: number } | undefined;
  for (const { number, measures } of pages) {
    const printed = measures.printedNumber;
    if (printed === undefined) continue;
    if (before && printed - before.printed !== number - before.number) {
      found.push({
        code: 'out-of-order',
        verdict: 'warn',
        page: number,
        measured: printed,
        threshold: before.printed + number - before.number,
      });
    }
    before = { number, printed };
  }
  return found;
}
