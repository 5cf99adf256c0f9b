/** Routes of the register's books: the list with search and import, a book's page, decisions about a range. */
import { z } from 'zod';
import { calendarDateAt } from '../catalogue/index.ts';
import { type Route, type RouteReply, readUpload, route } from '../http/index.ts';
import { type PageInput, seeOther } from '../web/citizen-page.ts';
import { type Fault, paths, renderPage } from '../web/index.ts';
import { largestTable, person } from './batch-list-routes.ts';
import { content } from './content.ts';
import {
  agenciesOf,
  changeable,
  common,
  decide,
  faultsOf,
  form,
  isoDate,
  page,
  type RegisterPageParts,
  shownEntry,
  type Typed,
} from './register-forms.ts';
import { RegisterBookPage, RegistersPage, type RegistersPageProps } from './register-pages.tsx';

export function registerPageRoutes(parts: RegisterPageParts): Route[] {
  const { desk, catalogue, clock, office } = parts;
  const shown = (body: string, status = 200): RouteReply => ({ status, body });
  const today = () => calendarDateAt(clock.now());

  const booksPage = async (
    input: PageInput,
    more: Partial<Pick<RegistersPageProps, 'faults' | 'typed' | 'found' | 'reply'>> = {},
  ): Promise<RouteReply> => {
    const actor = person(input);
    const { language } = input;
    const snapshot = await catalogue.current();
    const agencies = agenciesOf(actor).map((id) => ({
      value: id,
      label: snapshot.agency(id, today())?.names[language] ?? id,
    }));
    const codes = new Map(snapshot.entries.documentTypes.map(({ code, names }) => [code, names[language]]));
    const books = (await desk.books(actor)).map((book) => ({
      ...book,
      type: codes.get(book.documentType) ?? book.documentType,
      keeper: snapshot.agencyVersions(book.agencyId)[0]?.names[language] ?? book.agencyId,
      entries: book.lastNumber,
    }));
    const types = [...codes].map(([value, label]) => ({ value, label }));
    const props = {
      ...(await office(input, 'registers')),
      books,
      agencies,
      types,
      faults: [],
      typed: {},
      ...more,
    };
    return shown(renderPage(RegistersPage(props)), props.faults.length > 0 ? 422 : 200);
  };
  const bookPage = async (
    input: PageInput,
    asked: { readonly book: string; readonly page?: number },
    more: { readonly faults?: readonly Fault[]; readonly typed?: Typed } = {},
  ): Promise<RouteReply> => {
    const actor = person(input);
    const view = await desk.page(actor, asked.book, asked.page ?? 1);
    const snapshot = await catalogue.current();
    const type = snapshot.entries.documentTypes.find(({ code }) => code === view.book.documentType);
    const props = {
      ...(await office(input, 'registers')),
      book: { ...view.book, type: type?.names[input.language] ?? view.book.documentType },
      page: view.page,
      last: view.last,
      scans: view.scans,
      entries: view.entries.map(shownEntry),
      mayClose: actor.roles.some(({ role }) => role === 'head') && view.book.lastNumber > 0,
      fields: await changeable(parts, view.book.documentType, input.language),
      faults: more.faults ?? [],
      typed: more.typed ?? {},
    };
    return shown(renderPage(RegisterBookPage(props)), props.faults.length > 0 ? 422 : 200);
  };
  return [
    route(
      {
        ...common,
        method: 'get',
        path: paths.registers,
        operationId: 'showRegisters',
        summary: 'Books, search and import',
        responses: { 200: page, 422: page },
      },
      (input) => booksPage(input),
    ),
    route(
      {
        ...common,
        method: 'post',
        path: paths.registerSearch,
        operationId: 'searchRegistersFromPage',
        summary: 'Look an entry up, or get the written reply',
        body: form,
        responses: { 200: page, 422: page },
      },
      (input) => {
        const typed = input.body;
        return faultsOf(
          input,
          'so',
          (faults) => booksPage(input, { faults, typed }),
          async () => {
            const answer = await desk.search(person(input), {
              agencyId: typed.donvi ?? '',
              documentType: typed.loai ?? '',
              by: {
                ...(typed.so?.trim() && { label: typed.so.trim() }),
                ...(typed.hoten?.trim() && { name: typed.hoten.trim() }),
                ...(typed.ngaysinh?.trim() && { birthDate: isoDate(typed.ngaysinh) }),
              },
            });
            return booksPage(input, {
              typed,
              ...(answer.found
                ? { found: answer.entries.map(shownEntry) }
                : { reply: answer.reply.words[input.language] }),
            });
          },
        );
      },
    ),
    route(
      {
        ...common,
        method: 'post',
        path: paths.registerImport,
        operationId: 'importRegisterFromPage',
        summary: 'Read a paper register in',
        upload: { contentTypes: ['multipart/form-data'] },
        responses: { 303: null, 422: page },
      },
      async (input) => {
        const t = content[input.language];
        const upload = await readUpload(input.request, parts.spoolFolder, {
          maxFileBytes: largestTable,
          maxFiles: 500,
        });
        try {
          const typed: Typed = { ...upload.fields };
          const again = (faults: readonly Fault[]) => booksPage(input, { faults, typed });
          const table = upload.files.find(({ field, size }) => field === 'bang' && size > 0);
          if (!table) return await again([{ field: 'bang', text: t.fresh.faults.table }]);
          const scans: Buffer[] = [];
          for (const each of upload.files)
            if (each.field === 'trang' && each.size > 0) scans.push(await each.read());
          return await faultsOf(input, 'nam', again, async () => {
            const made = await parts.importRegister(person(input), {
              agencyId: typed.donvi ?? '',
              documentType: typed.loai ?? '',
              year: Number(typed.nam),
              series: (typed.quyen ?? '').trim().slice(0, 60),
              table: await table.read(),
              scans,
            });
            if (made.ok && made.bookId) return seeOther(paths.registerBook(made.bookId));
            const list = made.ok ? [] : made.faults;
            const told = list
              .slice(0, 20)
              .map(
                ({ row, column, message }) => `${t.columns.row} ${row} ${column}: ${message[input.language]}`,
              );
            return again([
              { field: 'bang', text: `${t.registers.importFaults(list.length)}. ${told.join(' ')}` },
            ]);
          });
        } finally {
          await upload.dispose();
        }
      },
    ),
    route(
      {
        ...common,
        method: 'get',
        path: '/so-goc/quyen/{book}',
        operationId: 'showRegisterBook',
        summary: 'A page of a book',
        params: z.object({ book: z.uuid() }),
        query: z.object({ trang: z.coerce.number().int().min(1).optional() }),
        responses: { 200: page, 422: page },
      },
      (input) => bookPage(input, { book: input.params.book, page: input.query.trang }),
    ),
    route(
      {
        ...common,
        auth: { kind: 'office', roles: ['head'] },
        method: 'post',
        path: '/so-goc/quyen/{book}/khoa-trang',
        operationId: 'closePagesFromPage',
        summary: 'Close every full page of a book',
        params: z.object({ book: z.uuid() }),
        responses: { 303: null },
      },
      async (input) => {
        await desk.closePages(person(input), input.params.book);
        return seeOther(paths.registerBook(input.params.book));
      },
    ),
    route(
      {
        ...common,
        method: 'post',
        path: '/so-goc/quyen/{book}/quyet-dinh',
        operationId: 'decideAboutCohort',
        summary: 'Prepare a decision about a range of entries',
        params: z.object({ book: z.uuid() }),
        body: form,
        responses: { 303: null, 422: page },
      },
      async (input) => {
        const { book } = input.params;
        const typed = input.body;
        const [from, to] = [Number(typed.tu), Number(typed.den)];
        const again = (faults: readonly Fault[]) => bookPage(input, { book }, { faults, typed });
        const range = await desk.range(person(input), book, { from, to });
        if (range.entryIds.length === 0)
          return again([{ field: 'tu', text: content[input.language].registers.from }]);
        return decide(parts, input, { ...range, typed }, again);
      },
    ),
  ];
}
