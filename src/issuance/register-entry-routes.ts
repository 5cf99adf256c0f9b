/** Routes of one entry and of one decision: looking, deciding, copying, approving. */
import { z } from 'zod';
import { inWords as dateInWords } from '../catalogue/index.ts';
import { type Route, type RouteReply, route } from '../http/index.ts';
import { holds } from '../identity/index.ts';
import { Failure } from '../platform/failure.ts';
import { type PageInput, seeOther } from '../web/citizen-page.ts';
import { type Fault, paths, renderPage } from '../web/index.ts';
import { inWords, person } from './batch-list-routes.ts';
import { content } from './content.ts';
import { ActionPage, EntryPage } from './register-entry-pages.tsx';
import {
  changeable,
  common,
  decide,
  faultsOf,
  form,
  page,
  type RegisterPageParts,
  type Typed,
} from './register-forms.ts';
import { copyRelations } from './register-policy.ts';

export function registerEntryRoutes(parts: RegisterPageParts): Route[] {
  const { desk, actions, catalogue, office } = parts;
  const shown = (body: string, status = 200): RouteReply => ({ status, body });
  const entryPage = async (
    input: PageInput,
    entryId: string,
    more: { readonly faults?: readonly Fault[]; readonly typed?: Typed; readonly copied?: string } = {},
  ): Promise<RouteReply> => {
    const view = await desk.entry(person(input), entryId);
    const snapshot = await catalogue.current();
    const type = snapshot.entries.documentTypes.find(({ code }) => code === view.book.documentType);
    const rows = (type?.fields ?? []).flatMap(({ name, labels, kind }) => {
      const value = view.entry.fields[name];
      if (value === undefined) return [];
      const text = kind === 'date' || kind === 'partial-date' ? dateInWords(String(value)) : String(value);
      return [{ label: labels[input.language], value: text }];
    });
    const props = {
      ...(await office(input, 'registers')),
      entry: {
        id: view.entry.id,
        bookId: view.book.id,
        label: view.entry.label,
        state: view.standing.state,
      },
      rows,
      notes: view.annotations.map(({ number, reason, decisionNumber, decisionDate }) => ({
        number,
        reason,
        decision: decisionNumber,
        decidedOn: decisionDate === null ? null : inWords(decisionDate),
      })),
      copies: view.copies.map(({ label, enteredOn }) => ({ label, on: inWords(enteredOn) })),
      fields: await changeable(parts, view.book.documentType, input.language),
      mayCopy:
        type?.group === 'education' && view.book.kind === 'originals' && view.standing.state === 'in-force',
      faults: more.faults ?? [],
      typed: more.typed ?? {},
      ...(more.copied !== undefined && { copied: more.copied }),
    };
    return shown(renderPage(EntryPage(props)), props.faults.length > 0 ? 422 : 200);
  };
  return [
    route(
      {
        ...common,
        method: 'get',
        path: '/so-goc/muc/{entry}',
        operationId: 'showRegisterEntry',
        summary: 'An entry with what became of it',
        params: z.object({ entry: z.uuid() }),
        query: z.object({ daCap: z.string().max(60).optional() }),
        responses: { 200: page, 422: page },
      },
      (input) =>
        entryPage(
          input,
          input.params.entry,
          input.query.daCap === undefined ? {} : { copied: input.query.daCap },
        ),
    ),
    route(
      {
        ...common,
        method: 'post',
        path: '/so-goc/muc/{entry}/quyet-dinh',
        operationId: 'decideAboutEntry',
        summary: 'Prepare a decision about one paper',
        params: z.object({ entry: z.uuid() }),
        body: form,
        responses: { 303: null, 422: page },
      },
      async (input) => {
        const { entry } = input.params;
        const typed = input.body;
        const agencyId = await desk.keeperOfEntry(person(input), entry);
        return decide(parts, input, { agencyId, entryIds: [entry], typed }, (faults) =>
          entryPage(input, entry, { faults, typed }),
        );
      },
    ),
    route(
      {
        ...common,
        method: 'post',
        path: '/so-goc/muc/{entry}/ban-sao',
        operationId: 'issueCopyFromPage',
        summary: 'Issue a copy from the register',
        params: z.object({ entry: z.uuid() }),
        body: form,
        responses: { 303: null, 422: page },
      },
      async (input) => {
        const { entry } = input.params;
        const typed = input.body;
        const again = (faults: readonly Fault[]) => entryPage(input, entry, { faults, typed });
        const t = content[input.language].fresh.faults;
        const missing = (
          [
            ['nguoiyeucau', content[input.language].registers.requester],
            ['noicap', t.place],
            ['chucvu', t.signerTitle],
            ['nguoiky', t.signerName],
          ] as const
        ).flatMap(([field, text]) => (typed[field]?.trim() ? [] : [{ field, text }]));
        const relation = copyRelations.find((each) => each === typed.quanhe);
        if (missing.length > 0 || !relation) return again(missing);
        const agencyId = await desk.keeperOfEntry(person(input), entry);
        return faultsOf(input, 'quanhe', again, async () => {
          const made = await parts.issueCopy(person(input), {
            agencyId,
            entryId: entry,
            requester: { name: (typed.nguoiyeucau ?? '').trim(), relation },
            holderNumber: typed.sodinhdanh?.replace(/\D/g, '') || null,
            quantity: Math.min(50, Math.max(1, Number(typed.soban) || 1)),
            place: (typed.noicap ?? '').trim(),
            signer: { title: (typed.chucvu ?? '').trim(), name: (typed.nguoiky ?? '').trim() },
          });
          return seeOther(`${paths.registerEntry(entry)}?daCap=${encodeURIComponent(made.label)}`);
        });
      },
    ),
    route(
      {
        ...common,
        method: 'get',
        path: '/so-goc/viec/{action}',
        operationId: 'showRegisterAction',
        summary: 'What a decision does or did',
        params: z.object({ action: z.uuid() }),
        responses: { 200: page },
      },
      async (input) => {
        const actor = person(input);
        const { action, entries } = await actions.look(actor, input.params.action);
        if (!action)
          throw new Failure('not-found', { vi: 'Không có việc này.', en: 'There is no such action.' });
        const props = {
          ...(await office(input, 'registers')),
          faults: [],
          action: {
            ...action,
            decision: action.decisionNumber,
            decidedOn: inWords(action.decisionDate),
          },
          entries: entries.slice(0, 500).map(({ entryId, reason, ...entry }) => ({
            ...entry,
            id: entryId,
            why: reason[input.language],
          })),
          mayApprove: holds(actor, ['head'], action.agencyId) && action.preparedBy !== actor.accountId,
        };
        return shown(renderPage(ActionPage(props)));
      },
    ),
    ...(['duyet', 'bo'] as const).map((step) =>
      route(
        {
          ...common,
          method: 'post',
          path: `/so-goc/viec/{action}/${step}`,
          operationId: step === 'duyet' ? 'approveActionFromPage' : 'cancelActionFromPage',
          summary: step === 'duyet' ? 'Approve a decision and carry it out' : 'Give a decision up',
          params: z.object({ action: z.uuid() }),
          responses: { 303: null },
        },
        async (input) => {
          const { action } = input.params;
          if (step === 'duyet') await actions.approve(person(input), action);
          else await actions.cancel(person(input), action);
          return seeOther(paths.registerAction(action));
        },
      ),
    ),
  ];
}
