/** The pages of the desk made from what is open: start, dossier with its panel, demand for paper, form, receipt. */
import { calendarDateAt } from '../catalogue/index.ts';
import { textSha256 } from '../consent/index.ts';
import type { RouteReply } from '../http/route.ts';
import { Failure } from '../platform/failure.ts';
import { type PageInput, seeOther } from '../web/citizen-page.ts';
import { type Fault, type OfficePageParts, paths, renderPage } from '../web/index.ts';
import { content } from './content.ts';
import { faultsOf } from './desk-forms.ts';
import { DeskStartPage, DossierPage, PaperDemandPage, type PaperReason } from './desk-pages.tsx';
import { panelOf } from './desk-panel-view.ts';
import { ConsentFormPage, CounterReceiptPage } from './desk-papers.tsx';
import { calledBy, linesOf, stripOf } from './desk-view.ts';
import type { DeskWork, OpenDossier } from './desk-work.ts';

export const callerOf = (input: PageInput) => ({ actor: input.actor, requestId: input.requestId });
export const shown = (body: string, status = 200): RouteReply => ({ status, body });
export const wordsOf = (input: PageInput) => content[input.language];

export type DeskPageMaker = ReturnType<typeof deskPageMaker>;

export function deskPageMaker({ office, work }: OfficePageParts & { readonly work: DeskWork }) {
  const { catalogue, clock, desk } = work.parts;

  async function frameOf(input: PageInput, open?: OpenDossier) {
    const context = await office(input, 'desk');
    const session = open ? open.session : await desk.current(input.actor);
    const person = open ? open.person : session && (await desk.person(session));
    return { ...context, session: session && person ? stripOf(session, person) : undefined };
  }

  async function start(
    input: PageInput,
    more: { values?: Record<string, string>; faults?: readonly Fault[]; status?: number } = {},
  ): Promise<RouteReply> {
    const { language } = input;
    const current = await catalogue.current();
    const today = calendarDateAt(clock.now());
    const procedures = current
      .procedures(today)
      .filter(({ components }) => components.some(({ reusable }) => reusable))
      .map(({ code, names }) => ({ value: code, label: `${code} ${names[language]}` }));
    const dossiers = await desk.today(input.actor);
    const props = {
      ...(await frameOf(input)),
      procedures: [{ value: '', label: '' }, ...procedures],
      today: dossiers.map((dossier) => ({
        id: dossier.id,
        code: dossier.code,
        procedure: current.procedure(dossier.procedureCode, today)?.names[language] ?? dossier.procedureCode,
        lines: dossier.outcomes.map(({ outcome }) => ({ outcome: { kind: outcome as 'available' } })),
      })),
      linkDown: await work.down(input.language),
      ...(more.values ? { values: more.values } : {}),
      ...(more.faults ? { faults: more.faults } : {}),
    };
    return shown(renderPage(DeskStartPage(props)), more.status ?? 200);
  }

  async function dossierPage(
    input: PageInput,
    open: OpenDossier,
    more: { line?: string; faults?: readonly Fault[]; sending?: { to: string | null }; status?: number } = {},
  ): Promise<RouteReply> {
    const { answer, person, taken, grants } = open;
    const { language } = input;
    const now = clock.now();
    const lines = linesOf(answer, { language, now, taken, grants });
    const agency = answer.catalogue.agency(answer.dossier.agencyId, calendarDateAt(now));
    const line = lines.find(({ id }) => id === more.line);
    const panel =
      line && (await panelOf(work, callerOf(input), { open, line, language, now, sending: more.sending }));
    const body = renderPage(
      DossierPage({
        ...(await frameOf(input, open)),
        dossier: {
          id: answer.dossier.id,
          code: answer.dossier.code,
          procedureCode: answer.request.procedureCode,
          procedure: answer.procedure.names[language],
          receivedAt: answer.dossier.receivedAt,
          due: answer.dossier.dueAt ?? undefined,
          solver: agency?.names[language] ?? answer.dossier.agencyId,
        },
        citizen: calledBy(person, now, language),
        lines,
        panel,
        linkDown: await work.down(input.language),
        statementHref: answer.statementId ? paths.deskStatement(answer.dossier.id) : undefined,
        faults: more.faults,
      }),
    );
    return shown(body, more.status ?? 200);
  }

  /** A form of a line: on failure the same page with its sentence, on success the line again. */
  async function onLine(
    input: PageInput & { params: { dossier: string; line: string } },
    field: string,
    act: (open: OpenDossier) => Promise<readonly Fault[] | { to: string | null } | undefined>,
  ): Promise<RouteReply> {
    const { dossier, line } = input.params;
    const open = await work.show(callerOf(input), dossier);
    try {
      const result = await act(open);
      if (result === undefined) return seeOther(`${paths.deskLine(dossier, line)}#pane`);
      const again = await work.show(callerOf(input), dossier);
      return 'to' in result
        ? await dossierPage(input, again, { line, sending: result })
        : await dossierPage(input, again, { line, faults: result, status: 422 });
    } catch (error) {
      if (!(error instanceof Failure) || error.kind === 'unavailable') throw error;
      const again = await work.show(callerOf(input), dossier);
      return dossierPage(input, again, { line, faults: faultsOf(error, field, input.language), status: 422 });
    }
  }

  async function demandPage(
    input: PageInput,
    open: OpenDossier,
    more: {
      values?: { line?: string; reason?: PaperReason; text?: string };
      faults?: readonly Fault[];
    } = {},
  ): Promise<RouteReply> {
    const lines = linesOf(open.answer, {
      language: input.language,
      now: clock.now(),
      taken: open.taken,
      grants: open.grants,
    });
    const { id, code } = open.answer.dossier;
    const body = PaperDemandPage({ ...(await frameOf(input, open)), dossier: { id, code }, lines, ...more });
    return shown(renderPage(body), more.faults ? 422 : 200);
  }

  async function formPage(
    input: PageInput & { params: { dossier: string; line: string } },
    more: { upload: boolean; faults?: readonly Fault[] },
  ): Promise<RouteReply> {
    const open = await work.show(callerOf(input), input.params.dossier);
    const grant = await work.ask(callerOf(input), open, input.params.line);
    const text = await work.parts.questions.textOf(grant);
    const today = calendarDateAt(clock.now());
    const { id, code } = open.answer.dossier;
    const body = ConsentFormPage({
      ...(await frameOf(input, open)),
      dossier: { id, code },
      line: input.params.line,
      citizen: calledBy(open.person, clock.now(), input.language),
      title:
        open.answer.catalogue.documentType(grant.documentType, today)?.names[input.language] ??
        grant.documentType,
      text,
      textSha256: textSha256(text),
      textVersion: grant.textVersion,
      ...more,
    });
    return shown(renderPage(body), more.faults ? 422 : 200);
  }

  async function receiptPage(input: PageInput, open: OpenDossier): Promise<RouteReply> {
    const { language } = input;
    const { answer } = open;
    const receipt = await work.parts.receipts.of({ ...callerOf(input), reuseRequestId: answer.request.id });
    const t = wordsOf(input).receipt;
    const body = CounterReceiptPage({
      ...(await frameOf(input, open)),
      dossier: {
        id: answer.dossier.id,
        code: answer.dossier.code,
        procedure: answer.procedure.names[language],
      },
      citizen: calledBy(open.person, clock.now(), language),
      agency:
        answer.catalogue.agency(answer.dossier.agencyId, calendarDateAt(clock.now()))?.names[language] ??
        answer.dossier.agencyId,
      code: answer.request.id.slice(-12).toUpperCase(),
      lines: receipt.lines.flatMap((line) => {
        const what = t.what[line.what];
        const component = answer.procedure.components.find(({ key }) => key === line.component);
        return what ? [{ at: line.at, what, paper: component?.names[language] ?? '' }] : [];
      }),
    });
    return shown(renderPage(body));
  }

  return { frameOf, start, dossierPage, onLine, demandPage, formPage, receiptPage };
}
