/** Digitisation over HTTP, step by step. Deciding is the services' work; a scanner program or a page calls the same. */
import { z } from 'zod';
import { documentAnswer, toDocumentAnswer } from '../documents/index.ts';
import { type Route, readUpload, route } from '../http/index.ts';
import { ATTEST_ROLES, SCAN_ROLES } from './digitisation-policy.ts';
import type { DigitisationServices } from './digitisation-services.ts';
import { REJECTION_REASONS } from './refusal.ts';
import { SCAN_STATES } from './scan.ts';
import { scanAnswer, scanDetailAnswer, toScanAnswer, toScanDetail } from './scan-answers.ts';
import { scanFilesRoutes } from './scan-files-api.ts';
import { openingBody, proposalAnswer, receiptAnswer, valuesBody, words } from './scan-schemas.ts';

const tag = 'digitisation';
const scans = { kind: 'office', roles: SCAN_ROLES } as const;
const attests = { kind: 'office', roles: ATTEST_ROLES } as const;
const sees = { kind: 'office', roles: [...SCAN_ROLES, 'head', 'manager'] } as const;
const params = z.object({ scanId: z.uuid() });
export function digitisationRoutes(services: DigitisationServices): Route[] {
  const { opening, capture, signature, extraction, attestation, accession, view, reading } = services;
  return [
    route(
      {
        method: 'post',
        path: '/api/v1/scans',
        operationId: 'openScan',
        summary: 'Open the place of a paper: refusals with their reason, and “already in the vault?” first',
        tag,
        auth: scans,
        body: openingBody,
        responses: {
          201: scanAnswer,
          200: z.object({ inVault: z.array(documentAnswer.omit({ metadata: true })) }),
        },
      },
      async ({ actor, body, requestId }) => {
        const opened = await opening.open({
          actor,
          requestId,
          agencyId: body.agency,
          typeCode: body.type,
          form: body.form,
          owners: body.owners.map((owner) => ({ kind: 'person' as const, ...owner })),
          dossierCode: body.dossier?.code ?? null,
          group: body.dossier?.group ?? 'component',
          componentKey: body.dossier?.component ?? null,
          declaredSheets: body.sheets,
          againBecause: body.againBecause,
          station: body.station,
        });
        if (opened.kind === 'opened') {
          return {
            status: 201,
            body: toScanAnswer(opened.scan),
            headers: { Location: `/api/v1/scans/${opened.scan.id}` },
          };
        }
        const catalogue = await services.desk.catalogue();
        return {
          status: 200,
          body: {
            inVault: opened.documents.map((document) =>
              toDocumentAnswer(document, catalogue, services.desk.now()),
            ),
          },
        };
      },
    ),
    route(
      {
        method: 'get',
        path: '/api/v1/scans',
        operationId: 'listScans',
        summary: 'Papers of my agencies on their way, newest first',
        tag,
        auth: sees,
        query: z.object({
          state: z.enum(SCAN_STATES).optional(),
          dossier: z.string().max(60).optional(),
          limit: z.coerce.number().int().min(1).max(200).default(50),
        }),
        responses: { 200: z.object({ scans: z.array(scanAnswer) }) },
      },
      async ({ actor, query }) => {
        const states = query.state ? [query.state] : undefined;
        const found = await view.list(actor, { states, dossierCode: query.dossier, limit: query.limit });
        return { status: 200, body: { scans: found.map(toScanAnswer) } };
      },
    ),
    route(
      {
        method: 'get',
        path: '/api/v1/scans/{scanId}',
        operationId: 'showScan',
        summary: 'A paper on its way: files with digests, pages with measures, findings, steps',
        tag,
        auth: sees,
        params,
        responses: { 200: scanDetailAnswer },
      },
      async ({ actor, params: { scanId }, requestId }) => {
        const parts = await view.show({ actor, scanId, requestId });
        return { status: 200, body: toScanDetail(parts.scan, parts) };
      },
    ),
    route(
      {
        method: 'post',
        path: '/api/v1/scans/{scanId}/files',
        operationId: 'captureFiles',
        summary:
          'Send captured pages: pictures one by one or together, or one PDF. A file sent twice is taken once',
        tag,
        auth: scans,
        params,
        upload: { contentTypes: ['multipart/form-data'] },
        responses: { 200: scanAnswer },
      },
      async ({ actor, params: { scanId }, request, requestId }) => {
        const upload = await readUpload(request, services.spoolFolder, {
          maxFileBytes: services.desk.parts.limits.maxBytes,
          maxFiles: 200,
        });
        try {
          const files = upload.files.filter(({ field }) => field === 'file');
          const device = upload.fields.device?.trim().slice(0, 100);
          const scan = await capture.capture({ actor, scanId, requestId, files, device });
          return { status: 200, body: toScanAnswer(scan) };
        } finally {
          await upload.dispose();
        }
      },
    ),
    route(
      {
        method: 'delete',
        path: '/api/v1/scans/{scanId}/files/{position}',
        operationId: 'removeCapturedFile',
        summary: 'Take a captured file out, to capture it again better',
        tag,
        auth: scans,
        params: params.extend({ position: z.coerce.number().int().min(0).max(2000) }),
        responses: { 200: scanAnswer },
      },
      async ({ actor, params: { scanId, position }, requestId }) => ({
        status: 200,
        body: toScanAnswer(await capture.removeFile({ actor, scanId, position, requestId })),
      }),
    ),
    route(
      {
        method: 'post',
        path: '/api/v1/scans/{scanId}/examination',
        operationId: 'examineScan',
        summary: 'Examine the kept pages again, with the thresholds of today',
        tag,
        auth: scans,
        params,
        responses: { 200: scanAnswer },
      },
      async ({ actor, params: { scanId }, requestId }) => ({
        status: 200,
        body: toScanAnswer(await capture.examine({ actor, scanId, requestId })),
      }),
    ),
    route(
      {
        method: 'post',
        path: '/api/v1/scans/{scanId}/signature',
        operationId: 'signScan',
        summary: 'The scanning person signs: name and time at the top left; closes capture',
        tag,
        auth: scans,
        params,
        body: z.strictObject({
          overrides: z
            .array(z.strictObject({ code: z.string().max(40), page: z.int().optional(), reason: words(300) }))
            .max(500)
            .default([]),
        }),
        responses: { 200: scanAnswer },
      },
      async ({ actor, params: { scanId }, body, requestId }) => ({
        status: 200,
        body: toScanAnswer(await signature.sign({ actor, scanId, requestId, overrides: body.overrides })),
      }),
    ),
    route(
      {
        method: 'get',
        path: '/api/v1/scans/{scanId}/proposals',
        operationId: 'proposeValues',
        summary:
          'What the rules read on the pages, each with its confidence and its place; nothing is stored by asking',
        tag,
        auth: scans,
        params,
        responses: { 200: z.object({ ready: z.boolean(), proposals: z.array(proposalAnswer) }) },
      },
      async ({ actor, params: { scanId }, requestId }) => {
        const parts = await view.show({ actor, scanId, requestId });
        const proposed = await reading.proposals(parts);
        return {
          status: 200,
          body: {
            ready: proposed.ready,
            proposals: proposed.proposals.map((each) => ({
              ...each,
              box: [...each.box],
              others: [...(each.others ?? [])],
            })),
          },
        };
      },
    ),
    route(
      {
        method: 'post',
        path: '/api/v1/scans/{scanId}/values',
        operationId: 'confirmValues',
        summary: 'Confirm what the paper says: symbol, date, issuer and the fields of its type',
        tag,
        auth: scans,
        params,
        body: valuesBody,
        responses: { 200: scanAnswer },
      },
      async ({ actor, params: { scanId }, body, requestId }) => {
        const { issuer, ...rest } = body;
        const { proposals } = await reading.proposals(await view.show({ actor, scanId, requestId }));
        const scan = await extraction.confirm({
          actor,
          scanId,
          requestId,
          values: { issuerId: issuer, ...rest },
          proposals,
        });
        return { status: 200, body: toScanAnswer(scan) };
      },
    ),
    route(
      {
        method: 'post',
        path: '/api/v1/scans/{scanId}/attestation',
        operationId: 'attestScan',
        summary:
          'Attest: compared with the original in the hand. The last one needed closes it with the agency’s seal',
        tag,
        auth: attests,
        params,
        body: z.strictObject({ compared: z.literal(true) }),
        responses: { 200: scanAnswer },
      },
      async ({ actor, params: { scanId }, requestId }) => ({
        status: 200,
        body: toScanAnswer(await attestation.attest({ actor, scanId, requestId })),
      }),
    ),
    route(
      {
        method: 'post',
        path: '/api/v1/scans/{scanId}/accession',
        operationId: 'keepScan',
        summary: 'Assign the code and keep the paper; for an electronic original, keep it as what it is',
        tag,
        auth: scans,
        params,
        responses: { 201: receiptAnswer },
      },
      async ({ actor, params: { scanId }, requestId }) => {
        const { scan } = await view.show({ actor, scanId, requestId });
        const order = { actor, scanId, requestId };
        const receipt =
          scan.state === 'captured' ? await accession.finishElectronic(order) : await accession.finish(order);
        return {
          status: 201,
          body: receipt,
          headers: { Location: `/api/v1/documents/${receipt.documentId}` },
        };
      },
    ),
    route(
      {
        method: 'post',
        path: '/api/v1/scans/{scanId}/rejection',
        operationId: 'rejectScan',
        summary: 'The paper does not enter the vault; the citizen keeps the original, the dossier goes on',
        tag,
        auth: scans,
        params,
        body: z.strictObject({ reason: z.enum(REJECTION_REASONS) }),
        responses: { 200: scanAnswer },
      },
      async ({ actor, params: { scanId }, body, requestId }) => ({
        status: 200,
        body: toScanAnswer(await capture.reject({ actor, scanId, requestId, reason: body.reason })),
      }),
    ),
    ...scanFilesRoutes(services),
  ];
}
