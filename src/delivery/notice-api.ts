/** A person's notices and how to be told, over the API. */
import { z } from 'zod';
import { type Route, route } from '../http/index.ts';
import { Failure } from '../platform/failure.ts';
import type { AddressChannel, ContactService } from './contact-service.ts';
import { content } from './content.ts';
import { CHANNELS, maskAddress, NOTICE_KINDS } from './notice.ts';
import { code, personOf, readAddress } from './notice-address.ts';
import type { Contact } from './notification-repository.ts';
import type { Notifications } from './notifications.ts';

const tag = 'notifications';
const channelParam = z.object({ channel: z.enum(['email', 'sms']) });

const noticeAnswer = z.object({
  id: z.string(),
  kind: z.enum(NOTICE_KINDS),
  subject: z.string(),
  createdAt: z.string(),
  readAt: z.string().nullable(),
  undelivered: z.array(z.enum(CHANNELS)),
});
const contactAnswer = z.object({
  language: z.enum(['vi', 'en']),
  /** Masked. */
  email: z.string().nullable(),
  phone: z.string().nullable(),
  byEmail: z.boolean(),
  bySms: z.boolean(),
  byApp: z.boolean(),
});

export function noticeRoutes({
  notifications,
  contacts,
}: {
  notifications: Notifications;
  contacts: ContactService;
}): Route[] {
  const auth = { kind: 'citizen' } as const;
  return [
    route(
      {
        method: 'get',
        path: '/api/v1/me/notifications',
        operationId: 'listMyNotifications',
        summary: 'What happened to my papers, newest first, and how many are unread',
        tag,
        auth,
        query: z.object({ before: z.uuid().optional() }),
        responses: {
          200: z.object({ unread: z.number(), items: z.array(noticeAnswer), next: z.string().nullable() }),
        },
      },
      async ({ actor, query }) => {
        const { personId } = personOf(actor);
        const items = await notifications.list(personId, query.before ?? null);
        return {
          status: 200,
          body: {
            unread: await notifications.unread(personId),
            items: items.map((notice) => ({
              ...notice,
              undelivered: [...notice.undelivered],
              createdAt: notice.createdAt.toISOString(),
              readAt: notice.readAt?.toISOString() ?? null,
            })),
            next: items.length < 50 ? null : (items.at(-1)?.id ?? null),
          },
        };
      },
    ),
    route(
      {
        method: 'post',
        path: '/api/v1/me/notifications/read',
        operationId: 'markMyNotificationsRead',
        summary: 'Marks one as read, or all',
        tag,
        auth,
        body: z.strictObject({ id: z.uuid().nullable().default(null) }),
        responses: { 204: null },
      },
      async ({ actor, body }) => {
        await notifications.markRead(personOf(actor).personId, body.id);
        return { status: 204 };
      },
    ),
    route(
      {
        method: 'get',
        path: '/api/v1/me/contact',
        operationId: 'showMyContact',
        summary: 'How I am told; addresses are masked',
        tag,
        auth,
        responses: { 200: contactAnswer },
      },
      async ({ actor }) => ({ status: 200, body: toContact(await contacts.contact(personOf(actor))) }),
    ),
    route(
      {
        method: 'put',
        path: '/api/v1/me/contact',
        operationId: 'chooseMyContact',
        summary: 'Which channels, in which language',
        tag,
        auth,
        body: z.strictObject({
          language: z.enum(['vi', 'en']),
          byEmail: z.boolean(),
          bySms: z.boolean(),
          byApp: z.boolean(),
        }),
        responses: { 200: contactAnswer },
      },
      async ({ actor, body, requestId }) => ({
        status: 200,
        body: toContact(await contacts.choose(personOf(actor), body, requestId)),
      }),
    ),
    route(
      {
        method: 'post',
        path: '/api/v1/me/contact/{channel}/proposals',
        operationId: 'proposeMyAddress',
        summary: 'Sends a one-time code to an address; it counts when the code comes back',
        tag,
        auth,
        params: channelParam,
        body: z.strictObject({ address: z.string().max(300) }),
        ratePerMinute: 5,
        responses: { 202: z.object({ sentTo: z.string() }) },
      },
      async ({ actor, params, body, language }) => {
        const address = readAddress(params.channel, body.address);
        if (address === undefined) throw noAddress(params.channel);
        const wish = { channel: params.channel, address, language };
        return { status: 202, body: { sentTo: await contacts.propose(personOf(actor), wish) } };
      },
    ),
    route(
      {
        method: 'post',
        path: '/api/v1/me/contact/{channel}/confirmation',
        operationId: 'confirmMyAddress',
        summary: 'The code that was sent',
        tag,
        auth,
        params: channelParam,
        body: z.strictObject({ code }),
        ratePerMinute: 10,
        responses: { 200: contactAnswer },
      },
      async ({ actor, params, body, requestId }) => ({
        status: 200,
        body: toContact(await contacts.confirm(personOf(actor), { ...params, ...body }, requestId)),
      }),
    ),
  ];
}

const toContact = (contact: Contact): z.input<typeof contactAnswer> => ({
  ...contact,
  email: contact.email && maskAddress(contact.email),
  phone: contact.phone && maskAddress(contact.phone),
});

const noAddress = (channel: AddressChannel): Failure => {
  const words = { vi: content.vi.contact, en: content.en.contact };
  const key = channel === 'email' ? 'wrongAddress' : 'wrongNumber';
  return new Failure(
    'invalid',
    { en: words.en[key], vi: words.vi[key] },
    { code: 'no-address', faults: [{ pointer: '/body/address', detail: words.en[key] }] },
  );
};
