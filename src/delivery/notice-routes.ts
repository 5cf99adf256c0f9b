/** A person's notices and how to be told: the pages. */
import { z } from 'zod';
import { type Route, type RouteReply, route } from '../http/index.ts';
import { Failure } from '../platform/failure.ts';
import { type CitizenPageParts, citizenPage, type PageInput, seeOther } from '../web/citizen-page.ts';
import { type Fault, paths, renderPage } from '../web/index.ts';
import type { ContactService } from './contact-service.ts';
import { content } from './content.ts';
import { maskAddress } from './notice.ts';
import { code, personOf, readAddress } from './notice-address.ts';
import { ContactPage, type ContactPageProps, NoticesPage } from './notice-pages.tsx';
import type { Notice } from './notification-repository.ts';
import type { Notifications } from './notifications.ts';

export interface NoticeRouteParts {
  readonly notifications: Notifications;
  readonly contacts: ContactService;
}

const page = { page: true } as const;
const tag = 'notifications';
const channelParam = z.object({ channel: z.enum(['email', 'sms']) });
export function noticePageRoutes({
  citizen,
  notifications,
  contacts,
}: CitizenPageParts & NoticeRouteParts): Route[] {
  const common = { ...citizenPage, tag } as const;

  async function contactPage(
    input: PageInput,
    more: Pick<ContactPageProps, 'checking' | 'saved' | 'faults'>,
  ): Promise<RouteReply> {
    const contact = await contacts.contact(personOf(input.actor));
    const { frame, waiting } = await citizen(input);
    const body = renderPage(
      ContactPage({
        frame,
        waiting,
        email: contact.email && maskAddress(contact.email),
        phone: contact.phone && maskAddress(contact.phone),
        chosen: contact,
        ...more,
      }),
    );
    return { status: more.faults ? 422 : 200, body };
  }
  const fault = (field: string, text: string): readonly Fault[] => [{ field, text }];

  return [
    route(
      {
        ...common,
        method: 'get',
        path: paths.notices,
        operationId: 'showNotices',
        summary: 'Notices',
        query: z.object({ sau: z.uuid().optional() }),
        responses: { 200: page },
      },
      async (input) => {
        const { personId } = personOf(input.actor);
        const notices = await notifications.list(personId, input.query.sau ?? null);
        const { frame, waiting } = await citizen(input);
        const last = notices.at(-1);
        const body = renderPage(
          NoticesPage({
            frame,
            waiting,
            unread: await notifications.unread(personId),
            notices: notices.map((notice) => ({
              ...notice,
              at: notice.createdAt,
              read: notice.readAt !== null,
              href: placeOf(notice),
            })),
            older: notices.length < 50 || !last ? undefined : `${paths.notices}?sau=${last.id}`,
          }),
        );
        return { status: 200, body };
      },
    ),
    route(
      {
        ...common,
        method: 'post',
        path: paths.notices,
        operationId: 'markNoticesRead',
        summary: 'All notices are read',
        responses: { 303: null },
      },
      async ({ actor }) => {
        await notifications.markRead(personOf(actor).personId, null);
        return seeOther(paths.notices);
      },
    ),
    route(
      {
        ...common,
        method: 'get',
        path: paths.contact,
        operationId: 'showContact',
        summary: 'How to be told',
        query: z.object({ luu: z.literal('1').optional() }),
        responses: { 200: page, 422: page },
      },
      async (input) => contactPage(input, { saved: input.query.luu === '1' }),
    ),
    route(
      {
        ...common,
        method: 'post',
        path: paths.contact,
        operationId: 'chooseContact',
        summary: 'Chooses how to be told',
        body: z.object({
          email: z.string().max(5).optional(),
          sms: z.string().max(5).optional(),
          app: z.string().max(5).optional(),
        }),
        responses: { 303: null },
      },
      async ({ actor, body, language, requestId }) => {
        const wish = { byEmail: body.email === 'yes', bySms: body.sms === 'yes', byApp: body.app === 'yes' };
        await contacts.choose(personOf(actor), { language, ...wish }, requestId);
        return seeOther(`${paths.contact}?luu=1`);
      },
    ),
    route(
      {
        ...common,
        method: 'post',
        path: proposePath,
        operationId: 'proposeAddress',
        summary: 'Sends a code to an address',
        params: channelParam,
        body: z.record(z.string().max(40), z.string().max(300)),
        ratePerMinute: 5,
        responses: { 200: page, 422: page },
      },
      async (input) => {
        const { channel } = input.params;
        const t = content[input.language].contact;
        const field = `dia-chi-${channel}`;
        const address = readAddress(channel, input.body[field] ?? '');
        if (address === undefined)
          return contactPage(input, {
            faults: fault(field, channel === 'email' ? t.wrongAddress : t.wrongNumber),
          });
        const { language } = input;
        return contacts.propose(personOf(input.actor), { channel, address, language }).then(
          (to) => contactPage(input, { checking: { channel, to } }),
          (error: unknown) => {
            if (error instanceof Failure && error.code === 'channel-not-set-up')
              return contactPage(input, { faults: fault(field, t.notSetUp) });
            throw error;
          },
        );
      },
    ),
    route(
      {
        ...common,
        method: 'post',
        path: confirmPath,
        operationId: 'confirmAddress',
        summary: 'The code came back',
        params: channelParam,
        body: z.record(z.string().max(40), z.string().max(40)),
        ratePerMinute: 10,
        responses: { 303: null, 422: page },
      },
      async (input) => {
        const { channel } = input.params;
        const field = `ma-${channel}`;
        const said = { channel, code: code.parse(input.body[field] ?? '') };
        return contacts.confirm(personOf(input.actor), said, input.requestId).then(
          () => seeOther(`${paths.contact}?luu=1`),
          (error: unknown) => {
            if (!(error instanceof Failure) || error.code !== 'wrong-code') throw error;
            const to = '••••';
            return contactPage(input, {
              checking: { channel, to },
              faults: fault(field, content[input.language].contact.wrongCode),
            });
          },
        );
      },
    ),
    route(
      {
        ...common,
        method: 'post',
        path: removePath,
        operationId: 'removeAddress',
        summary: 'Forgets an address',
        params: channelParam,
        responses: { 303: null },
      },
      async ({ actor, params, requestId }) => {
        await contacts.forget(personOf(actor), params.channel, requestId);
        return seeOther(`${paths.contact}?luu=1`);
      },
    ),
  ];
}

const proposePath = `${paths.contact}/{channel}/gui-ma`;
const confirmPath = `${paths.contact}/{channel}/xac-nhan`;
const removePath = `${paths.contact}/{channel}/bo`;

/** The thing itself, for its owner. */
function placeOf(notice: Notice): string {
  switch (notice.kind) {
    case 'asked':
      return notice.data.type === 'access.asked.v1' ? paths.accessRequest(notice.subject) : paths.requests;
    case 'read':
    case 'paper-asked':
    case 'answered':
      return paths.log;
    default:
      return paths.paper(notice.subject);
  }
}
