/** The usage log over HTTP: who, for whom, when, why, which document, how it ended; never a field's value. */
import { z } from 'zod';
import { type Route, route } from '../http/index.ts';
import { Failure } from '../platform/failure.ts';
import type { UsageLog } from './usage-log.ts';

export function usageRoutes({ usage }: { usage: UsageLog }): Route[] {
  return [
    route(
      {
        method: 'get',
        path: '/api/v1/me/usages',
        operationId: 'listMyUsages',
        summary: 'Who looked at my papers and why, refused requests too',
        tag: 'usage log',
        auth: { kind: 'citizen' },
        query: z.object({
          after: z.uuid().optional(),
          limit: z.coerce.number().int().min(1).max(200).default(50),
        }),
        responses: {
          200: z.object({
            totalUsages: z.int(),
            usages: z.array(
              z.object({
                id: z.string(),
                time: z.string(),
                action: z.string(),
                outcome: z.string(),
                actor: z.object({ kind: z.string(), id: z.string().nullable() }),
                organisation: z.string().nullable(),
                system: z.string().nullable(),
                purpose: z.string().nullable(),
                dossier: z.string().nullable(),
                document: z.object({ id: z.string(), type: z.string().nullable() }).nullable(),
              }),
            ),
            next: z.string().nullable(),
          }),
        },
      },
      async ({ actor, query, requestId }) => {
        if (actor.kind !== 'person') {
          throw new Failure('forbidden', {
            en: 'A usage log belongs to a person.',
            vi: 'Nhật ký này thuộc về cá nhân.',
          });
        }
        const { total, lines } = await usage.read(actor, query, requestId);
        return {
          status: 200,
          body: {
            totalUsages: total,
            usages: lines.map((line) => ({
              id: line.eventId,
              time: line.time.toISOString(),
              action: line.action,
              outcome: line.outcome,
              actor: { kind: line.actorKind, id: line.actorKind === 'system' ? line.actorId : null },
              organisation: line.agencyId,
              system: line.actorKind === 'system' ? line.actorId : null,
              purpose: line.procedureCode,
              dossier: line.dossierCode,
              document: line.documentId === null ? null : { id: line.documentId, type: line.documentType },
            })),
            next: lines.length === query.limit ? (lines.at(-1)?.eventId ?? null) : null,
          },
        };
      },
    ),
  ];
}
