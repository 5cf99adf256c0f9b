/** The pages of notices in their states, with invented people. */
import { CONNECTORS, LINK_NAMES } from '../../src/delivery/connectors/contract.ts';
import { LinksPage } from '../../src/delivery/connectors/links-page.tsx';
import * as delivery from '../../src/delivery/notice-pages.tsx';
import type * as web from '../../src/web/index.ts';
import type { Example } from './examples.tsx';

const at = (local: string): Date => new Date(`${local}:00+07:00`);
const notices: readonly delivery.ShownNotice[] = (
  ['asked', 'issued', 'read', 'revoked', 'changed', 'expiring', 'paper-asked', 'answered'] as const
).map((kind, index) => ({
  id: `n${index}`,
  kind,
  at: at(`2026-11-${23 - Math.floor(index / 3)}T09:1${index}`),
  read: index > 1,
  href: '/giay-to/d1',
  undelivered: index === 0 ? ['email'] : [],
}));
const chosen = { byEmail: true, bySms: false, byApp: false };

const links = (down: boolean) =>
  LINK_NAMES.map((name, index) => ({
    name,
    title: CONNECTORS[name].title,
    stillWorks: CONNECTORS[name].stillWorks,
    state: index === 2 && down ? ('down' as const) : index > 5 ? ('not-set-up' as const) : ('up' as const),
    since: index > 5 ? null : at('2026-11-23T09:19'),
    lastAnswerAt: null,
    nextTryAt: null,
    waiting: index === 2 && down ? 4 : 0,
  }));
const officer = { name: 'Hoàng Thị Thu', office: 'UBND phường An Thịnh' };
const tabs = [{ href: '/quay', label: 'Quầy Một cửa', current: true }];

export const deliveryExamples = (frame: web.Frame): Example[] => [
  { name: 'links', page: <LinksPage frame={frame} officer={officer} tabs={tabs} links={links(false)} /> },
  { name: 'links-down', page: <LinksPage frame={frame} officer={officer} tabs={tabs} links={links(true)} /> },
  { name: 'notices', page: <delivery.NoticesPage frame={frame} waiting={1} unread={2} notices={notices} /> },
  { name: 'notices-none', page: <delivery.NoticesPage frame={frame} waiting={0} unread={0} notices={[]} /> },
  {
    name: 'contact',
    page: (
      <delivery.ContactPage
        frame={frame}
        waiting={0}
        email="h•••@example.vn"
        phone={null}
        chosen={chosen}
        saved
      />
    ),
  },
  {
    name: 'contact-code',
    page: (
      <delivery.ContactPage
        frame={frame}
        waiting={0}
        email={null}
        phone={null}
        chosen={chosen}
        checking={{ channel: 'sms', to: '09••••318' }}
        faults={[{ field: 'ma-sms', text: 'Mã không đúng. Hãy xin mã mới.' }]}
      />
    ),
  },
];
