/** Dossiers over HTTP: the record that the procedure system keeps up to date, and its manifest. */
import { z } from 'zod';
import { agencyIdSchema, type CatalogueService, procedureCodeSchema } from '../catalogue/index.ts';
import { type Route, route } from '../http/index.ts';
import type { Clock } from '../platform/clock.ts';
import { dossierAnswer, dossierPaperAnswer, toDossierAnswer, toPaperAnswer } from './dossier-answers.ts';
import type { DossierService } from './dossier-service.ts';
import { DOSSIER_LIST_ROLES, DOSSIER_ROLES } from './dossiers-policy.ts';
import { instant, ownerSchema } from './paper-schemas.ts';

export interface DossiersApiParts {
  readonly dossiers: DossierService;
  readonly catalogue: CatalogueService;
  readonly clock: Clock;
}

const tag = 'dossiers';
export const dossierParams = z.object({ agency: agencyIdSchema, code: z.string().max(60) });

export const dossierShape = {
  procedure: procedureCodeSchema,
  owner: ownerSchema,
  state: z.enum(['received', 'in-progress', 'finished', 'closed']),
  receivedAt: instant,
  dueAt: instant.nullable().default(null),
  finishedAt: instant.nullable().default(null),
};

export function dossiersRoutes({ dossiers, catalogue, clock }: DossiersApiParts): Route[] {
  const record = route(
    {
      method: 'put',
      path: '/api/v1/agencies/{agency}/dossiers/{code}',
      operationId: 'recordDossier',
      summary: 'Record a dossier or its next state; saying the same again changes nothing',
      tag,
      auth: { kind: 'office', roles: DOSSIER_ROLES, scopes: ['dossiers:write'] },
      params: dossierParams,
      body: z.strictObject(dossierShape),
      responses: { 200: dossierAnswer },
    },
    async ({ actor, params, body, requestId }) => {
      const { procedure, ...facts } = body;
      const dossier = await dossiers.record({
        actor,
        agencyId: params.agency,
        code: params.code,
        procedureCode: procedure,
        ...facts,
        requestId,
      });
      return { status: 200, body: toDossierAnswer(dossier), headers: { ETag: `"${dossier.revision}"` } };
    },
  );

  const show = route(
    {
      method: 'get',
      path: '/api/v1/agencies/{agency}/dossiers/{code}',
      operationId: 'exportDossier',
      summary: 'The manifest of a dossier: its papers with digests and statuses',
      tag,
      auth: { kind: 'office', roles: DOSSIER_LIST_ROLES, scopes: ['dossiers:write'] },
      params: dossierParams,
      responses: { 200: dossierAnswer.extend({ papers: z.array(dossierPaperAnswer) }) },
    },
    async ({ actor, params, requestId }) => {
      const { dossier, papers } = await dossiers.view({
        actor,
        agencyId: params.agency,
        code: params.code,
        requestId,
      });
      const terms = { catalogue: await catalogue.current(), at: clock.now() };
      return {
        status: 200,
        body: { ...toDossierAnswer(dossier), papers: papers.map((each) => toPaperAnswer(each, terms)) },
        headers: { ETag: `"${dossier.revision}"` },
      };
    },
  );

  return [record, show];
}
