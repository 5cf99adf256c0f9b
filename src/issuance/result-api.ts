/** Results of every agency by API: an idempotent push under the agency's own opaque id. */
import { z } from 'zod';
import { agencyIdSchema, calendarDateSchema, documentTypeCodeSchema } from '../catalogue/index.ts';
import { ownerSchema } from '../documents/index.ts';
import { type Route, route } from '../http/index.ts';
import type { ResultService } from './result-service.ts';

const receipt = z.object({
  outcome: z.enum(['created', 'unchanged', 'corrected']),
  document: z.string(),
  verificationCode: z.string(),
  version: z.int(),
  flagged: z.array(z.object({ document: z.string(), field: z.string(), procedure: z.string().nullable() })),
  ended: z.array(z.string()),
  grantsEnded: z.int(),
});

const text = (max: number) => z.string().trim().min(1).max(max);
const body = z.strictObject({
  documentType: documentTypeCodeSchema,
  symbol: text(100),
  issuedOn: calendarDateSchema,
  place: text(200),
  signer: z.strictObject({ title: text(200), name: text(200) }),
  fields: z.record(z.string().max(60), z.union([z.string().max(1000), z.number(), z.boolean()])),
  owners: z.array(ownerSchema).min(1).max(10),
  /** Base64; larger papers are deposited as files. */
  signedPdf: z.base64().max(900_000).nullable().default(null),
  changes: z
    .strictObject({ fullName: text(200).optional(), birthDate: calendarDateSchema.optional() })
    .default({}),
  replaces: text(200).nullable().default(null),
  correction: z
    .strictObject({ reason: text(1000) })
    .nullable()
    .default(null),
});

export function resultRoutes({ results }: { readonly results: ResultService }): Route[] {
  return [
    route(
      {
        method: 'put',
        path: '/api/v1/issuers/{agency}/documents/{externalId}',
        operationId: 'pushResult',
        summary: 'Push a result: structured, or as the PDF that the agency signed',
        description:
          'Idempotent: the same content under the same id answers with what is there. Other content needs `correction` with a reason and becomes a new version. An extract of a correction names in `changes` what is to be read of the person from now on.',
        tag: 'issuance',
        auth: {
          kind: 'office',
          roles: ['civil-status-officer', 'document-clerk'],
          scopes: ['documents:deposit'],
        },
        params: z.object({
          agency: agencyIdSchema,
          externalId: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,199}$/, 'Letters, digits, . _ : -'),
        }),
        body,
        responses: { 200: receipt, 201: receipt },
      },
      async ({ actor, params, body: { signedPdf, changes, ...rest }, requestId }) => {
        const made = await results.push({
          ...rest,
          actor,
          requestId,
          agencyId: params.agency,
          externalId: params.externalId,
          signedPdf: signedPdf === null ? null : Buffer.from(signedPdf, 'base64'),
          changes: {
            ...(changes.fullName !== undefined && { fullName: changes.fullName }),
            ...(changes.birthDate !== undefined && { birthDate: changes.birthDate }),
          },
        });
        const { documentId, flagged, ended, ...more } = made;
        return {
          status: made.outcome === 'created' ? 201 : 200,
          body: {
            ...more,
            document: documentId,
            flagged: flagged.map(({ documentId: document, field, procedure }) => ({
              document,
              field,
              procedure,
            })),
            ended: [...ended],
          },
        };
      },
    ),
  ];
}
