/** The JSON in which scans leave the API. Names and numbers of people are not part of it. */
import { z } from 'zod';
import {
  attestationsNeeded,
  PAPER_GROUPS,
  SCAN_STATES,
  type Scan,
  type ScanFile,
  type ScanPage,
} from './scan.ts';
import type { ScanStep } from './scan-repository.ts';

const finding = z.object({
  code: z.string(),
  verdict: z.enum(['pass', 'warn', 'reject']),
  page: z.int().optional(),
  measured: z.number().optional(),
  threshold: z.number().optional(),
  override: z.string().optional(),
});

export const scanAnswer = z.object({
  id: z.string(),
  agency: z.string(),
  state: z.enum(SCAN_STATES),
  revision: z.int(),
  type: z.string(),
  sensitive: z.boolean(),
  dossier: z.string().nullable(),
  group: z.enum(PAPER_GROUPS),
  component: z.string().nullable(),
  declaredSheets: z.int().nullable(),
  station: z.string().nullable(),
  electronicOriginal: z.boolean(),
  findings: z.array(finding),
  rules: z.string().nullable(),
  attestations: z.object({ given: z.int(), needed: z.int() }),
  resultCode: z.string().nullable(),
  reason: z.string().nullable(),
  createdAt: z.string(),
  updatedAt: z.string(),
});

export const scanDetailAnswer = scanAnswer.extend({
  files: z.array(z.object({ position: z.int(), mediaType: z.string(), sha256: z.string(), size: z.int() })),
  pages: z.array(
    z.object({
      number: z.int(),
      file: z.int(),
      read: z.boolean(),
      measures: z.record(z.string(), z.unknown()),
    }),
  ),
  steps: z.array(z.object({ number: z.int(), state: z.string(), at: z.string() })),
});

export function toScanAnswer(scan: Scan): z.input<typeof scanAnswer> {
  return {
    id: scan.id,
    agency: scan.agencyId,
    state: scan.state,
    revision: scan.revision,
    type: scan.typeCode,
    sensitive: scan.sensitive,
    dossier: scan.dossierCode,
    group: scan.group,
    component: scan.componentKey,
    declaredSheets: scan.declaredSheets,
    station: scan.station,
    electronicOriginal:
      scan.examination?.findings.some(({ code }) => code === 'electronic-original') === true,
    findings: [...(scan.examination?.findings ?? [])],
    rules: scan.examination?.rules ?? null,
    attestations: { given: scan.attestations.length, needed: attestationsNeeded(scan) },
    resultCode: scan.resultCode,
    reason: scan.reason,
    createdAt: scan.createdAt.toISOString(),
    updatedAt: scan.updatedAt.toISOString(),
  };
}

export const toScanDetail = (
  scan: Scan,
  parts: { files: readonly ScanFile[]; pages: readonly ScanPage[]; steps: readonly ScanStep[] },
): z.input<typeof scanDetailAnswer> => ({
  ...toScanAnswer(scan),
  files: parts.files.map(({ position, mediaType, sha256, size }) => ({ position, mediaType, sha256, size })),
  pages: parts.pages.map(({ number, filePosition, reading, measures }) => ({
    number,
    file: filePosition,
    read: reading !== null,
    // What a QR code on a card says is personal data of the highest sort: the compare screen uses it, the API does not.
    measures: { ...measures, codes: measures.codes.length },
  })),
  steps: parts.steps.map(({ number, state, at }) => ({ number, state, at: at.toISOString() })),
});
