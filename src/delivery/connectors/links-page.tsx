/** How the links to other systems stand: for the desk, in words that tell what to do meanwhile. */
import * as web from '../../web/index.ts';
import type { OfficeContext } from '../../web/office-page.ts';
import type { ShownLink } from './links.ts';

const content = {
  vi: {
    title: 'Kết nối với hệ thống khác',
    allUp: 'Các kết nối đã lập đều đang trả lời.',
    someDown: (count: number) => `${count} kết nối đang mất. Hồ sơ vẫn được nhận.`,
    doNot: 'Không yêu cầu người dân nộp giấy vì mất kết nối.',
    link: 'Kết nối',
    state: 'Tình trạng',
    up: 'Đang trả lời',
    down: (since: string) => `Mất kết nối từ ${since}`,
    none: 'Chưa lập',
    waiting: 'Đang chờ hỏi lại',
    meanwhile: 'Trong lúc đó',
  },
  en: {
    title: 'Links to other systems',
    allUp: 'Every link that is set up answers.',
    someDown: (count: number) => `${count} links are down. Dossiers are taken as ever.`,
    doNot: 'Do not ask citizens for paper because a link is down.',
    link: 'Link',
    state: 'State',
    up: 'Answers',
    down: (since: string) => `Down since ${since}`,
    none: 'Not set up',
    waiting: 'Waiting to be asked again',
    meanwhile: 'Meanwhile',
  },
};

export interface LinksPageProps extends OfficeContext {
  readonly links: readonly ShownLink[];
}

export function LinksPage({ frame, officer, tabs, links }: LinksPageProps) {
  const { language } = frame;
  const t = content[language];
  const down = links.filter(({ state }) => state === 'down');
  return (
    <web.DeskPage frame={frame} title={t.title} officer={officer} tabs={tabs}>
      <h1>{t.title}</h1>
      {down.length === 0 ? (
        <p>{t.allUp}</p>
      ) : (
        <web.Notice tone="warn" shape="broken" title={t.someDown(down.length)}>
          <p>
            <b>{t.doNot}</b>
          </p>
        </web.Notice>
      )}
      <web.Table
        caption={t.title}
        rows={links}
        keyOf={({ name }) => name}
        columns={[
          { label: t.link, heads: true, cell: ({ title }) => title[language] },
          { label: t.state, cell: (link) => <LinkStatus language={language} link={link} /> },
          { label: t.waiting, end: true, cell: ({ waiting }) => String(waiting) },
          {
            label: t.meanwhile,
            cell: ({ state, stillWorks }) => (state === 'down' ? stillWorks[language] : '–'),
          },
        ]}
      />
    </web.DeskPage>
  );
}

function LinkStatus({ language, link }: { language: web.Language; link: ShownLink }) {
  const t = content[language];
  if (link.state === 'not-set-up') return <web.Status language={language} state="unverified" word={t.none} />;
  if (link.state === 'up') return <web.Status language={language} state="done" word={t.up} />;
  const since = link.since === null ? '' : web.formatDateTime(link.since);
  return <web.Status language={language} state="link_down" word={t.down(since)} />;
}
