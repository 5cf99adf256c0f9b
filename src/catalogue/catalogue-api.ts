/** The catalogue for other systems: procedures and what they ask, document types, agencies and their successors. */
import { z } from 'zod';
import { type Route, route } from '../http/index.ts';
import type { Clock } from '../platform/clock.ts';
import { Failure } from '../platform/failure.ts';
import { calendarDateAt, calendarDateSchema } from './calendar-date.ts';
import type { Catalogue } from './catalogue.ts';
import {
  agencyAnswer,
  componentsAnswer,
  documentTypeAnswer,
  toAgencyAnswer,
  toComponentsAnswer,
  toDocumentTypeAnswer,
} from './catalogue-answers.ts';
import type { CatalogueService } from './catalogue-service.ts';
import { parseAgencyId, parseLegacyAgencyCode, parseProcedureCode } from './codes.ts';
import { documentGroupSchema } from './document-group.ts';
import type { Labels } from './labels.ts';

const tag = 'catalogue';
const on = z.object({
  on: calendarDateSchema
    .optional()
    .describe('The day asked about, YYYY-MM-DD; today in Vietnam when left out.'),
});

export function catalogueRoutes({
  catalogue,
  clock,
}: {
  readonly catalogue: CatalogueService;
  readonly clock: Clock;
}): Route[] {
  const dayOf = (query: { on?: string | undefined }): string => query.on ?? calendarDateAt(clock.now());

  const components = route(
    {
      method: 'get',
      path: '/api/v1/procedures/{code}/components',
      operationId: 'listProcedureComponents',
      summary: 'What a procedure asks for, and which documents meet each component',
      description:
        'A linked group answers for all its steps at once. A procedure that was replaced answers 404 and names its successor.',
      tag,
      auth: { kind: 'public' },
      params: z.object({ code: z.string().max(60) }),
      query: on,
      responses: { 200: componentsAnswer },
    },
    async ({ params, query }) => {
      const code = parseProcedureCode(params.code);
      if (!code.ok) throw badCode(code.problem);
      const current = await catalogue.current();
      const procedure = current.procedure(code.value.code, dayOf(query));
      if (!procedure) throw noProcedure(current, code.value.code, dayOf(query));
      return { status: 200, body: toComponentsAnswer(current, procedure, dayOf(query)) };
    },
  );

  const types = route(
    {
      method: 'get',
      path: '/api/v1/document-types',
      operationId: 'listDocumentTypes',
      summary: 'Document types in force, with their validity rules and fields',
      tag,
      auth: { kind: 'public' },
      query: on.extend({ group: documentGroupSchema.optional() }),
      responses: { 200: z.object({ on: z.string(), items: z.array(documentTypeAnswer) }) },
    },
    async ({ query }) => {
      const all = (await catalogue.current()).documentTypes(dayOf(query));
      const items = all.filter(({ group }) => query.group === undefined || group === query.group);
      return { status: 200, body: { on: dayOf(query), items: items.map(toDocumentTypeAnswer) } };
    },
  );

  const agency = route(
    {
      method: 'get',
      path: '/api/v1/agencies/{id}',
      operationId: 'getAgency',
      summary: 'An agency, in force or ended, and who keeps its registers now',
      tag,
      auth: { kind: 'public' },
      params: z.object({ id: z.string().max(60) }),
      query: on.extend({ group: documentGroupSchema.optional() }),
      responses: { 200: agencyAnswer },
    },
    async ({ params, query }) => {
      const given = parseAgencyId(params.id);
      const id = given.ok ? given : parseLegacyAgencyCode(params.id);
      if (!id.ok) throw badCode(given.ok ? id.problem : given.problem);
      const current = await catalogue.current();
      const versions = current.agencyVersions(id.value);
      const last = versions.filter(({ validFrom }) => validFrom <= dayOf(query)).at(-1);
      if (!last) {
        throw new Failure('not-found', {
          en: `The catalogue has no agency ${id.value}; check the code with the agency.`,
          vi: `Danh mục không có cơ quan ${id.value}; hãy hỏi lại mã của cơ quan đó.`,
        });
      }
      const keeper = current.presentKeeper(last.id, dayOf(query), query.group);
      return { status: 200, body: toAgencyAnswer(last, keeper) };
    },
  );

  return [components, types, agency];
}

const badCode = ({ vi, en }: Labels): Failure =>
  new Failure('invalid', { vi, en }, { code: 'bad-code', faults: [{ pointer: '', detail: en }] });

function noProcedure(current: Catalogue, code: string, at: string): Failure {
  const successor = current.replacementOf(code, at);
  if (successor) {
    return new Failure(
      'not-found',
      {
        en: `Procedure ${code} was replaced by ${successor.code} (${successor.names.en}).`,
        vi: `Thủ tục ${code} đã được thay bằng ${successor.code} (${successor.names.vi}).`,
      },
      { code: 'procedure-replaced' },
    );
  }
  return new Failure(
    'not-found',
    {
      en: `No procedure ${code} is in force on ${at}; check the code on the national portal.`,
      vi: `Không có thủ tục ${code} đang áp dụng vào ngày ${at}; hãy xem lại mã trên Cổng Dịch vụ công quốc gia.`,
    },
    { code: 'unknown-procedure' },
  );
}
