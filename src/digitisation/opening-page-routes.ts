/** Pages before a paper is captured: the list, the place of a paper, what the vault has already, what is refused. */
import { z } from 'zod';
import { calendarDateAt } from '../catalogue/index.ts';
import { type Route, type RouteReply, route } from '../http/index.ts';
import { agenciesOf } from '../identity/index.ts';
import { Failure } from '../platform/failure.ts';
import { type PageInput, seeOther } from '../web/citizen-page.ts';
import { type Fault, paths } from '../web/index.ts';
import { content } from './content.ts';
import { type DigitisationPageParts, pageProps, shownPage, titleOf } from './digitisation-page-context.ts';
import { SCAN_ROLES } from './digitisation-policy.ts';
import { PAPER_FORMS, PAPER_GROUPS } from './scan.ts';
import { shownDate } from './scan-form.ts';
import {
  digitisePaths,
  InVaultPage,
  type OpenForm,
  OpenPage,
  openFields,
  RefusedPage,
  StartPage,
} from './start-pages.tsx';

const page = { page: true } as const;
const common = { tag: 'digitisation', auth: { kind: 'office', roles: SCAN_ROLES }, page: true } as const;
const text = z.string().max(400).optional();
const openBody = z.object({
  [openFields.agency]: text,
  [openFields.type]: text,
  [openFields.form]: text,
  [openFields.number]: text,
  [openFields.name]: text,
  [openFields.dossier]: text,
  [openFields.group]: text,
  [openFields.sheets]: text,
  [openFields.again]: text,
  _csrf: text,
});

export function openingPageRoutes(parts: DigitisationPageParts): Route[] {
  const { services } = parts;

  async function form(
    input: PageInput,
    status: number,
    given: OpenForm,
    faults: readonly Fault[] = [],
  ): Promise<RouteReply> {
    const catalogue = await services.desk.catalogue();
    const today = calendarDateAt(services.desk.now());
    const agencies = agenciesOf(input.actor, SCAN_ROLES).map((id) => ({
      value: id,
      label: catalogue.agency(id, today)?.names[input.language] ?? id,
    }));
    const types = catalogue
      .documentTypes(today)
      .map(({ code, names }) => ({ value: code, label: names[input.language] }))
      .toSorted((a, b) => a.label.localeCompare(b.label, input.language));
    return shownPage(
      status,
      OpenPage({ ...(await pageProps(parts, input)), agencies, types, given, faults }),
    );
  }

  return [
    route(
      {
        ...common,
        method: 'get',
        path: paths.digitise,
        operationId: 'showDigitisation',
        summary: 'Papers under way, and papers that dossiers wait for',
        responses: { 200: page },
      },
      async (input) => {
        const catalogue = await services.desk.catalogue();
        const now = services.desk.now();
        const scans = await services.view.list(input.actor, { limit: 50 });
        const tasks = await parts.tasks(agenciesOf(input.actor, SCAN_ROLES));
        return shownPage(
          200,
          StartPage({
            ...(await pageProps(parts, input)),
            scans: scans.map((scan) => ({
              id: scan.id,
              title: titleOf(catalogue, scan, input.language, now),
              dossier: scan.dossierCode,
              state: scan.state,
              at: scan.updatedAt,
            })),
            tasks: tasks.map((task) => ({
              id: task.id,
              title: task.typeCode
                ? titleOf(catalogue, { typeCode: task.typeCode }, input.language, now)
                : '–',
              dossier: task.dossierCode,
              at: task.at,
            })),
          }),
        );
      },
    ),
    route(
      {
        ...common,
        method: 'get',
        path: digitisePaths.open,
        operationId: 'showScanOpening',
        summary: 'The form that opens the place of a paper',
        query: z.object({ 'ho-so': z.string().max(60).optional(), loai: z.string().max(60).optional() }),
        responses: { 200: page },
      },
      (input) => form(input, 200, { dossier: input.query['ho-so'], type: input.query.loai, sheets: '1' }),
    ),
    route(
      {
        ...common,
        method: 'post',
        path: digitisePaths.open,
        operationId: 'openScanByForm',
        summary: 'Ask the vault first, then open the place of a paper',
        body: openBody,
        responses: { 200: page, 303: null, 409: page, 422: page },
      },
      async (input) => {
        const given = givenOf(input.body as Record<string, string | undefined>);
        const faults = faultsOf(given, input.language);
        if (faults.length > 0) return form(input, 422, given, faults);
        try {
          const opened = await services.opening.open({
            actor: input.actor,
            requestId: input.requestId,
            agencyId: given.agency || (agenciesOf(input.actor, SCAN_ROLES)[0] ?? ''),
            typeCode: given.type ?? '',
            form: PAPER_FORMS.find((each) => each === given.form) ?? 'original',
            owners: [
              { kind: 'person', personalNumber: given.number?.replace(/[\s.]/g, ''), fullName: given.name },
            ],
            dossierCode: given.dossier || null,
            group: PAPER_GROUPS.find((each) => each === given.group) ?? 'component',
            componentKey: null,
            declaredSheets: given.sheets ? Number(given.sheets) : null,
            againBecause: given.again && given.again.length >= 3 ? given.again : null,
            station: null,
          });
          if (opened.kind === 'opened') return seeOther(paths.capture(opened.scan.id));
          const catalogue = await services.desk.catalogue();
          const now = services.desk.now();
          const againFaults =
            given.again !== undefined && given.again !== ''
              ? [{ field: openFields.again, text: content[input.language].open.faults.again }]
              : [];
          return shownPage(
            againFaults.length > 0 ? 422 : 200,
            InVaultPage({
              ...(await pageProps(parts, input)),
              given,
              faults: againFaults,
              papers: opened.documents.map((document) => ({
                title: titleOf(catalogue, document, input.language, now),
                issuer: catalogue.agencyVersions(document.issuerId ?? '')[0]?.names[input.language] ?? '–',
                symbol: document.symbol,
                issuedOn: document.issuedOn && shownDate(document.issuedOn),
              })),
            }),
          );
        } catch (error) {
          return refusedBy(error, input, given);
        }
      },
    ),
  ];

  async function refusedBy(error: unknown, input: PageInput, given: OpenForm): Promise<RouteReply> {
    if (!(error instanceof Failure)) throw error;
    if (error.code?.startsWith('not-digitised-')) {
      const why = input.language === 'vi' ? error.vi : error.message;
      return shownPage(409, RefusedPage({ ...(await pageProps(parts, input)), why }));
    }
    if (error.kind !== 'invalid' && error.kind !== 'conflict') throw error;
    const t = content[input.language].open.faults;
    const words = input.language === 'vi' ? error.vi : error.message;
    const faults = error.faults.map(({ pointer }): Fault => {
      if (/fullName/.test(pointer)) return { field: openFields.name, text: words };
      if (/owners/.test(pointer)) return { field: openFields.number, text: words };
      if (/dossier/.test(pointer)) return { field: openFields.dossier, text: t.dossier };
      return { field: openFields.type, text: t.type };
    });
    return form(input, 422, given, faults.length > 0 ? faults : [{ field: openFields.number, text: words }]);
  }
}

const givenOf = (body: Record<string, string | undefined>): OpenForm =>
  Object.fromEntries(
    Object.entries(openFields).map(([key, name]) => [key, body[name]?.normalize('NFC').trim() ?? '']),
  );

function faultsOf(given: OpenForm, language: 'vi' | 'en'): Fault[] {
  const t = content[language].open.faults;
  const faults: Fault[] = [];
  if (!given.type) faults.push({ field: openFields.type, text: t.type });
  if (!PAPER_FORMS.some((form) => form === given.form)) faults.push({ field: openFields.form, text: t.form });
  // What is not to be digitised is refused before its owner is asked for.
  if (given.form === 'original' || given.form === '') {
    if (!/^\d{12}$/.test((given.number ?? '').replace(/[\s.]/g, '')))
      faults.push({ field: openFields.number, text: t.number });
    if (!given.name) faults.push({ field: openFields.name, text: t.name });
  }
  if (
    given.sheets &&
    !(/^\d{1,4}$/.test(given.sheets) && Number(given.sheets) >= 1 && Number(given.sheets) <= 2000)
  ) {
    faults.push({ field: openFields.sheets, text: t.sheets });
  }
  return faults;
}
