/** Every state of digitisation's pages, for the tests of all pages. People, papers and numbers are invented. */
import { CapturePage } from '../../src/digitisation/capture-page.tsx';
import {
  DonePage,
  FinishPage,
  QuarantinePage,
  SecondPage,
  SlipPage,
} from '../../src/digitisation/end-pages.tsx';
import { SearchPage, searchField } from '../../src/digitisation/search-page.tsx';
import {
  InVaultPage,
  OpenPage,
  openFields,
  RefusedPage,
  StartPage,
} from '../../src/digitisation/start-pages.tsx';
import type * as web from '../../src/web/index.ts';

const at = new Date('2026-11-24T09:31:00+07:00');

export function digitisationExamples(
  frame: web.Frame,
  picture: string,
): { name: string; page: ReturnType<typeof StartPage> }[] {
  const props = {
    frame,
    officer: { name: 'Trần Thu Hà', office: 'UBND xã Thanh Bình' },
    tabs: [
      { href: '/so-hoa', label: frame.language === 'vi' ? 'Số hóa' : 'Digitise', current: true },
      { href: '/so-hoa/tim', label: frame.language === 'vi' ? 'Tìm trong giấy tờ' : 'Search in papers' },
    ],
  };
  const scan = { id: 's1', title: 'Giấy khai sinh', dossier: 'H24.991-261124-0001' };
  const steps = [{ state: 'now' as const }];
  const capture = { ...props, scan, steps };
  const given = { type: 'KQ.G15.000031', form: 'original', name: 'Nguyễn Thị Lan', dossier: '', sheets: '1' };
  const opening = {
    ...props,
    given,
    agencies: [{ value: 'H24.991', label: 'UBND xã Thanh Bình' }],
    types: [{ value: 'KQ.G15.000031', label: 'Giấy khai sinh' }],
  };
  const papers = [
    { title: 'Giấy khai sinh', issuer: 'UBND xã Thanh Bình', symbol: '118/2019', issuedOn: '20/03/2019' },
  ];
  return [
    {
      name: 'digitise-start',
      page: (
        <StartPage
          {...props}
          scans={[{ id: 's1', title: scan.title, dossier: scan.dossier, state: 'examined', at }]}
          tasks={[{ id: 't1', title: 'Giấy chứng nhận kết hôn', dossier: scan.dossier, at }]}
        />
      ),
    },
    { name: 'digitise-start-empty', page: <StartPage {...props} scans={[]} tasks={[]} /> },
    { name: 'digitise-open', page: <OpenPage {...opening} /> },
    {
      name: 'digitise-open-faults',
      page: <OpenPage {...opening} faults={[{ field: openFields.number, text: 'Hãy nhập 12 chữ số.' }]} />,
    },
    { name: 'digitise-in-vault', page: <InVaultPage {...props} given={given} papers={papers} /> },
    { name: 'digitise-refused', page: <RefusedPage {...props} why="Không số hóa bản photo." /> },
    {
      name: 'digitise-capture',
      page: <CapturePage {...capture} pages={[]} findings={[]} examined={false} />,
    },
    {
      name: 'digitise-findings',
      page: (
        <CapturePage
          {...capture}
          examined
          pages={[{ number: 1, file: 0, src: picture, dpi: 150 }]}
          findings={[
            { code: 'skew', verdict: 'warn', page: 1, measured: 2.4, threshold: 1.5 },
            { code: 'blurred', verdict: 'reject', page: 1, measured: 0.1, threshold: 0.2 },
          ]}
          faults={[{ field: 'ly-do.skew.1', text: 'Ghi lý do cho cảnh báo này.' }]}
        />
      ),
    },
    {
      name: 'digitise-all-pass',
      page: (
        <CapturePage
          {...capture}
          examined
          pages={[{ number: 1, file: 0, src: picture, dpi: 300 }]}
          findings={[]}
        />
      ),
    },
    {
      name: 'digitise-second',
      page: (
        <SecondPage
          {...props}
          scan={scan}
          rows={[{ label: 'Họ tên', value: 'NGUYỄN THỊ LAN' }]}
          pictures={[{ src: picture, alt: 'Trang 1' }]}
          yours={false}
        />
      ),
    },
    { name: 'digitise-finish', page: <FinishPage {...props} scan={scan} /> },
    {
      name: 'digitise-done',
      page: (
        <DonePage
          {...props}
          scan={scan}
          resultCode="000190000017.KQ.G15.000031.001"
          verificationCode="4KQT-7M2A-9XWD-R3VN"
          sha256={'ab'.repeat(32)}
          statement
        />
      ),
    },
    { name: 'digitise-slip', page: <SlipPage {...props} scan={scan} reason="blurred" at={at} /> },
    { name: 'digitise-quarantine', page: <QuarantinePage {...props} scan={scan} reason="script" /> },
    {
      name: 'digitise-search',
      page: (
        <SearchPage
          {...props}
          query=""
          faults={[{ field: searchField, text: 'Hãy nhập ít nhất một chữ.' }]}
        />
      ),
    },
    {
      name: 'digitise-found',
      page: (
        <SearchPage
          {...props}
          query="khai sinh"
          papers={[
            {
              id: 'd1',
              title: scan.title,
              issuer: 'UBND xã Thanh Bình',
              page: 1,
              snippet: [
                { text: 'GIẤY ', found: false },
                { text: 'KHAI SINH', found: true },
              ],
            },
          ]}
        />
      ),
    },
  ];
}
