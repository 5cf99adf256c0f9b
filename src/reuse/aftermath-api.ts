/** After the answer: signed statements, who has to be told, check before certifying, receipts, paper asked for. */
import { z } from 'zod';
import { agencyIdSchema, calendarDateSchema, documentTypeCodeSchema } from '../catalogue/index.ts';
import { type Route, route } from '../http/index.ts';
import { Failure } from '../platform/failure.ts';
import type { CertificationChecks } from './certification-check.ts';
import { FIELD_RESULTS } from './field-match.ts';
import { MATCH_WORDS } from './match-words.ts';
import type { PaperRequests } from './paper-requests.ts';
import type { Receipts } from './receipts.ts';
import { CHANGES, noticesOf } from './reliance.ts';
import { Refused, type ReuseGate } from './reuse-gate.ts';
import { mayReuse, REUSE_ROLES } from './reuse-policy.ts';
import * as refusals from './reuse-refusals.ts';
import type { Statements } from './statements.ts';

const words = z.object({ vi: z.string(), en: z.string() });
const tag = 'reuse';

export function aftermathRoutes(parts: {
  gate: ReuseGate;
  statements: Statements;
  certifications: CertificationChecks;
  papers: PaperRequests;
  receipts: Receipts;
}): Route[] {
  const { gate, statements, certifications, papers, receipts } = parts;
  const office = { kind: 'office', roles: REUSE_ROLES, scopes: ['reuse:request'] } as const;
  const either = { kind: 'citizen-or-office', roles: REUSE_ROLES, scopes: ['reuse:request'] } as const;
  const byStatement = z.object({ statementId: z.uuid() });

  return [
    route(
      {
        method: 'get',
        path: '/api/v1/not-found-statements/{statementId}',
        operationId: 'showNotFoundStatement',
        summary: 'What was searched for and not found, with its digest and its proof in the log',
        tag,
        auth: either,
        params: byStatement,
        responses: {
          200: z.object({
            statement: z.record(z.string(), z.unknown()),
            /** Of the statement as JSON with its members in the order of their names. */
            sha256: z.string(),
            event: z.string(),
            /** C2SP tlog-proof with the event's detail opened; null for some seconds after the statement. */
            proof: z.string().nullable(),
          }),
        },
      },
      async ({ actor, params: { statementId }, requestId }) => {
        const kept = await statements.show({ actor, requestId, statementId });
        return {
          status: 200,
          body: {
            statement: { ...kept.statement },
            sha256: kept.sha256,
            event: kept.eventId,
            proof: kept.proof,
          },
        };
      },
    ),
    route(
      {
        method: 'get',
        path: '/api/v1/not-found-statements/{statementId}/pdf',
        operationId: 'getNotFoundStatementPdf',
        summary: 'The statement sealed by the agency, PDF/A with the JSON attached',
        tag,
        auth: either,
        params: byStatement,
        responses: { 200: { bytes: 'application/pdf' } },
      },
      async ({ actor, params: { statementId }, requestId }) => ({
        status: 200,
        body: await statements.pdf({ actor, requestId, statementId }),
        headers: {
          'Content-Type': 'application/pdf',
          'Content-Disposition': 'inline; filename="phieu-xac-nhan.pdf"',
        },
      }),
    ),
    route(
      {
        method: 'get',
        path: '/api/v1/agencies/{agency}/reliance-notices',
        operationId: 'listRelianceNotices',
        summary: 'Dossiers of the agency that relied on a paper which has changed since, oldest first',
        tag,
        auth: office,
        params: z.object({ agency: agencyIdSchema }),
        query: z.object({
          after: z.uuid().optional(),
          limit: z.coerce.number().int().min(1).max(200).default(50),
        }),
        responses: {
          200: z.object({
            notices: z.array(
              z.object({
                id: z.string(),
                dossier: z.string(),
                component: z.string(),
                document: z.string(),
                version: z.string(),
                change: z.enum(CHANGES),
                successor: z.string().nullable(),
                event: z.string(),
                at: z.string(),
              }),
            ),
          }),
        },
      },
      async ({ actor, params: { agency }, query, requestId }) => {
        const notices = await gate.run({ actor, requestId }, 'list-notices', async (sql) =>
          mayReuse(actor, agency, 'reuse:request')
            ? noticesOf(sql, { agencyId: agency, after: query.after ?? null, limit: query.limit })
            : new Refused(refusals.noSuchRequest()),
        );
        return {
          status: 200,
          body: {
            notices: notices.map(({ documentId, versionId, successorId, eventId, at, change, ...rest }) => ({
              ...rest,
              document: documentId,
              version: versionId,
              change: change as (typeof CHANGES)[number],
              successor: successorId,
              event: eventId,
              at: at.toISOString(),
            })),
          },
        };
      },
    ),
    route(
      {
        method: 'post',
        path: '/api/v1/certification-checks',
        operationId: 'checkBeforeCertifying',
        summary: 'Is this paper already in the vault? Then it need not be certified',
        tag,
        auth: office,
        body: z.strictObject({
          agency: agencyIdSchema,
          dossier: z.string().max(60),
          owner: z.strictObject({
            personalNumber: z.string().max(20),
            fullName: z.string().max(200),
            birthDate: calendarDateSchema.optional(),
          }),
          documentType: documentTypeCodeSchema,
          symbol: z.string().trim().min(1).max(100).nullable().default(null),
        }),
        responses: {
          200: z.object({
            certificationNeeded: z.boolean(),
            because: z.enum(['in-vault', 'not-in-vault', 'not-usable', 'mismatch']),
            words,
            match: z.array(z.object({ field: z.string(), result: z.enum(FIELD_RESULTS), words })),
            event: z.string(),
          }),
        },
      },
      async ({ actor, body, requestId }) => {
        const checked = await certifications.check({
          actor,
          requestId,
          agencyId: body.agency,
          dossierCode: body.dossier,
          owner: body.owner,
          documentType: body.documentType,
          symbol: body.symbol,
        });
        const { eventId, match, ...rest } = checked;
        return {
          status: 200,
          body: {
            ...rest,
            event: eventId,
            match: match.map((each) => ({ ...each, words: { ...MATCH_WORDS[each.result] } })),
          },
        };
      },
    ),
    route(
      {
        method: 'get',
        path: '/api/v1/reuse-requests/{reuseRequestId}/receipt',
        operationId: 'showReuseReceipt',
        summary: 'What was asked, answered, consented and handed over for a request, each with its event',
        description: 'For both sides: the agency that asked, and the person whose papers they are.',
        tag,
        auth: either,
        params: z.object({ reuseRequestId: z.uuid() }),
        responses: {
          200: z.object({
            reuseRequest: z.string(),
            dossier: z.string(),
            agency: z.string(),
            lines: z.array(
              z.object({
                event: z.string(),
                at: z.string(),
                what: z.string(),
                outcome: z.string(),
                component: z.string().nullable(),
                document: z.string().nullable(),
                sha256: z.string().nullable(),
                assisted: z.boolean(),
              }),
            ),
          }),
        },
      },
      async ({ actor, params: { reuseRequestId }, requestId }) => {
        const receipt = await receipts.of({ actor, requestId, reuseRequestId });
        return {
          status: 200,
          body: {
            ...receipt,
            lines: receipt.lines.map((line) => ({ ...line, at: line.at.toISOString() })),
          },
        };
      },
    ),
    route(
      {
        method: 'get',
        path: '/api/v1/reuse-requests/{reuseRequestId}/receipt/{event}/proof',
        operationId: 'proveReceiptLine',
        summary: 'The proof that a line of the receipt stands in the log (C2SP tlog-proof)',
        tag,
        auth: either,
        params: z.object({ reuseRequestId: z.uuid(), event: z.uuid() }),
        responses: { 200: z.object({ event: z.string(), proof: z.string().nullable() }) },
      },
      async ({ actor, params: { reuseRequestId, event }, requestId }) => ({
        status: 200,
        body: { event, proof: await receipts.proof({ actor, requestId, reuseRequestId, eventId: event }) },
      }),
    ),
    route(
      {
        method: 'get',
        path: '/api/v1/me/paper-requests',
        operationId: 'listMyPaperRequests',
        summary: 'Where paper was asked of me although the vault had answered, and why',
        tag: 'usage log',
        auth: { kind: 'citizen' },
        responses: {
          200: z.object({
            paperRequests: z.array(
              z.object({
                id: z.string(),
                agency: z.string(),
                procedure: z.string().nullable(),
                dossier: z.string(),
                component: z.string(),
                reason: z.string(),
                note: z.string().nullable(),
                at: z.string(),
              }),
            ),
          }),
        },
      },
      async ({ actor }) => ({
        status: 200,
        body: {
          paperRequests: (actor.kind === 'person' ? await papers.ofOwner(actor.personId) : []).map(
            ({ agencyId, procedureCode, at, ...rest }) => ({
              ...rest,
              agency: agencyId,
              procedure: procedureCode,
              at: at.toISOString(),
            }),
          ),
        },
      }),
    ),
    route(
      {
        method: 'get',
        path: '/api/v1/agencies/{agency}/paper-requests',
        operationId: 'countPaperRequests',
        summary: 'How often the agency asked for paper all the same, by procedure and reason',
        tag,
        auth: { kind: 'office', roles: ['manager', 'auditor', ...REUSE_ROLES], scopes: ['reuse:request'] },
        params: z.object({ agency: agencyIdSchema }),
        query: z.object({ from: calendarDateSchema, to: calendarDateSchema }),
        responses: {
          200: z.object({
            counts: z.array(z.object({ procedure: z.string(), reason: z.string(), count: z.int() })),
          }),
        },
      },
      async ({ actor, params: { agency }, query, requestId }) => {
        const theirs =
          actor.kind === 'system'
            ? actor.agencyId === agency
            : actor.kind === 'person' && actor.roles.some(({ agencyId }) => agencyId === agency);
        if (!theirs) {
          const failure = new Failure('not-found', {
            en: 'You do not see figures of this agency.',
            vi: 'Ông (bà) không xem số liệu của cơ quan này.',
          });
          await gate.record({ actor, requestId }, 'count-paper', new Refused(failure));
          throw failure;
        }
        const counts = await papers.counts(
          agency,
          new Date(`${query.from}T00:00:00+07:00`),
          new Date(`${query.to}T24:00:00+07:00`),
        );
        return {
          status: 200,
          body: {
            counts: counts.map(({ procedureCode, reason, count }) => ({
              procedure: procedureCode,
              reason,
              count,
            })),
          },
        };
      },
    ),
  ];
}
