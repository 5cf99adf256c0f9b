/** The pages of officers, the school and the manager in their states, with invented people. */

import * as digitisation from '../../src/digitisation/digitisation-pages.tsx';
import * as issuance from '../../src/issuance/issuance-pages.tsx';
import { logContent } from '../../src/ledger/log-content.ts';
import { type LedgerLine, LedgerPage } from '../../src/ledger/log-pages.tsx';
import * as reuse from '../../src/reuse/desk-pages.tsx';
import * as statistics from '../../src/statistics/statistics-pages.tsx';
import type * as web from '../../src/web/index.ts';
import { digitisationExamples } from './digitisation-examples.tsx';
import type { Example } from './examples.tsx';

const at = (local: string): Date => new Date(`${local}:00+07:00`);
const today = (time: string): Date => at(`2026-11-23T${time}`);

/** A drawn page of paper, for `img`. */
const sheet = (lines: readonly string[]): string =>
  `data:image/svg+xml,${encodeURIComponent(
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 660" font-family="serif" font-size="22"><rect width="600" height="660" fill="#fffdf7"/>${lines
      .map((line, index) => `<text x="40" y="${80 + index * 60}">${line}</text>`)
      .join('')}</svg>`,
  )}`;
const page = sheet(['GIẤY KHAI SINH', 'Họ và tên: Phạm Minh Đức', 'Ngày sinh: 02 – 9 – 1996']);
const slip = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" width="360" height="36" font-family="serif" font-style="italic" font-size="20"><text x="4" y="26" fill="#1b3f8f">02 – 9 – 1996  Mồng hai tháng chín</text></svg>',
)}`;

const session: web.CounterSession = {
  honorific: 'bà',
  name: 'NGUYỄN THỊ HẠNH',
  birthDate: at('1968-03-14T12:00'),
  personalNumber: '000168004207',
  identityCheckedAt: today('09:14'),
  closesAt: today('09:44'),
};

const lines: readonly reuse.DossierLine[] = [
  {
    id: 'l1',
    number: 1,
    component: 'Tờ khai thay đổi thông tin cư trú (CT01)',
    detail: 'Điền sẵn 14 trên 17 ô từ kho',
    outcome: { kind: 'available' },
  },
  {
    id: 'l2',
    number: 2,
    component: 'Giấy tờ chứng minh quan hệ nhân thân',
    detail: 'Giấy chứng nhận kết hôn số 27/1991, bản số hóa tại một cửa',
    outcome: { kind: 'consent_required' },
  },
  {
    id: 'l3',
    number: 3,
    component: 'Giấy tờ chứng minh chỗ ở hợp pháp',
    detail: 'Giấy chứng nhận quyền sử dụng đất, bản sao điện tử chứng thực',
    outcome: { kind: 'available', consentAt: today('09:20'), view: 'full' },
  },
  {
    id: 'l4',
    number: 4,
    component: 'Giấy khai sinh của con, PHẠM MINH ĐỨC',
    outcome: {
      kind: 'mismatch',
      fields: [{ label: 'Ngày sinh', given: '09/02/1996', kept: '02/09/1996' }],
      correctedAt: 'UBND phường An Thịnh',
    },
  },
  {
    id: 'l5',
    number: 5,
    component: 'Trích lục cải chính hộ tịch',
    detail: 'Tìm ở 2 nơi, cần thu hẹp',
    outcome: { kind: 'need_more', question: 'Cấp ở xã nào trước 01/07/2025?' },
  },
  {
    id: 'l6',
    number: 6,
    component: 'Văn bản đồng ý của chủ hộ',
    outcome: {
      kind: 'not_found',
      searched: 'Kho thành phố, Cổng Dịch vụ công quốc gia',
      statementAt: today('09:16'),
    },
  },
];
const rest: readonly reuse.DossierLine[] = [
  { id: 'm1', number: 1, component: 'Tờ khai', outcome: { kind: 'taken', at: today('09:26') } },
  {
    id: 'm2',
    number: 2,
    component: 'Giấy khai sinh',
    outcome: { kind: 'pending', system: 'Cơ sở dữ liệu hộ tịch điện tử', nextTryAt: today('09:31') },
  },
  { id: 'm3', number: 3, component: 'Phiếu lý lịch tư pháp', outcome: { kind: 'preview_required' } },
  {
    id: 'm4',
    number: 4,
    component: 'Chứng chỉ nghề',
    outcome: { kind: 'not_acceptable', why: 'Tự tải lên, chưa ai đối chiếu.' },
  },
  { id: 'm5', number: 5, component: 'Bằng tốt nghiệp', outcome: { kind: 'revoked', replaced: true } },
];

function desk(frame: web.Frame): Example[] {
  const common = {
    frame,
    officer: { name: 'Trần Thu Hà', office: 'Bộ phận Một cửa phường An Thịnh, quầy 3' },
    tabs: [
      { href: '/quay', label: frame.language === 'vi' ? 'Hồ sơ tại quầy' : 'At the desk', current: true },
      { href: '/so-hoa', label: frame.language === 'vi' ? 'Số hóa' : 'Digitise' },
      { href: '/viec-cho', label: frame.language === 'vi' ? 'Việc chờ' : 'Waiting', count: 4 },
      { href: '/thong-ke', label: frame.language === 'vi' ? 'Thống kê' : 'Statistics' },
    ],
    session,
  };
  const dossier = {
    id: 'h1',
    code: 'H24.118-261123-0042',
    procedureCode: '1.004222',
    procedure: 'Đăng ký thường trú',
    receivedAt: today('09:12'),
    due: at('2026-12-02T17:00'),
    solver: 'Công an phường An Thịnh',
  };
  const second = lines[1] as reuse.DossierLine;
  const ask = {
    kind: 'ask',
    line: second,
    title: 'Giấy chứng nhận kết hôn',
    issuer: 'UBND phường An Thịnh giữ sổ',
    numberAndDate: '27/1991, ngày 12/05/1991',
    state: 'valid',
    checkedAt: today('09:21'),
    channels: ['phone', 'code', 'message', 'form'],
    phone: '09••••318',
    readAloudHref: '/quay/h1/l2/loi-doc',
  } as const;
  const look = {
    kind: 'look',
    line: second,
    title: 'Giấy chứng nhận kết hôn',
    view: 'minimum',
    state: 'valid',
    checkedAt: today('09:27'),
    values: [
      { label: 'Chồng', value: 'PHẠM VĂN LÂM' },
      { label: 'Vợ', value: 'NGUYỄN THỊ HẠNH' },
      { label: 'Số đăng ký', value: '27/1991' },
    ],
    takeable: true,
  } as const;
  const own = { ...common, dossier, citizen: frame.language === 'vi' ? 'bà Hạnh' : 'Ms Hạnh' };
  const missing = {
    field: 'so-dinh-danh',
    text: 'Số vừa nhập có 11 chữ số. Số định danh phải có đủ 12 chữ số.',
  };
  const procedures = [{ value: '1.004222', label: 'Đăng ký thường trú' }];
  return [
    { name: 'desk', page: <reuse.DossierPage {...own} lines={lines} panel={{ ...ask, channel: 'phone' }} /> },
    {
      name: 'desk-link-down',
      page: (
        <reuse.DossierPage
          {...own}
          lines={[...lines.slice(0, 3), ...rest.slice(1, 2)]}
          panel={look}
          linkDown={{ system: 'cơ sở dữ liệu hộ tịch điện tử', since: today('09:19'), waiting: 2 }}
        />
      ),
    },
    {
      name: 'desk-other-outcomes',
      page: (
        <reuse.DossierPage
          {...own}
          lines={rest}
          panel={{
            kind: 'explain',
            line: rest[3] as reuse.DossierLine,
            title: 'Chứng chỉ nghề',
            paragraphs: ['Bà Hạnh tự tải lên ngày 02/10/2026, chưa ai đối chiếu.'],
            next: { value: '/so-hoa', label: 'Nhận bản chính và số hóa' },
          }}
        />
      ),
    },
    {
      name: 'desk-start',
      page: (
        <reuse.DeskStartPage
          {...common}
          session={undefined}
          procedures={procedures}
          today={[{ ...dossier, lines }]}
        />
      ),
    },
    {
      name: 'desk-start-fault',
      page: (
        <reuse.DeskStartPage
          {...common}
          session={undefined}
          procedures={procedures}
          today={[]}
          values={{ 'so-dinh-danh': '00016800420', 'ho-ten': 'NGUYỄN THỊ HẠNH' }}
          faults={[missing]}
        />
      ),
    },
    { name: 'desk-paper', page: <reuse.PaperDemandPage {...common} dossier={dossier} lines={lines} /> },
    ...scan(common),
  ];
}

function scan(common: {
  frame: web.Frame;
  officer: { name: string; office: string };
  tabs: web.Tab[];
}): Example[] {
  const capture = { id: 'c1', title: 'Giấy khai sinh, PHẠM MINH ĐỨC', dossier: 'H24.118-261123-0042' };
  const values: readonly web.ReadValue[] = [
    {
      name: 'ho-ten',
      label: 'Họ, chữ đệm, tên',
      value: 'PHẠM MINH ĐỨC',
      state: 'sure',
      confidence: 0.98,
      whole: true,
    },
    {
      name: 'ngay-sinh',
      label: 'Ngày sinh',
      value: '02/09/1996',
      state: 'doubtful',
      confidence: 0.61,
      hint: 'Số có thể đọc là 9/2. Dòng bằng chữ ghi tháng chín.',
      cutOut: { src: slip, alt: 'Dòng ngày sinh trên bản chính' },
      readings: ['02/09/1996', '09/02/1996'],
    },
    { name: 'so', label: 'Số đăng ký', value: '118', state: 'sure', confidence: 0.96 },
    { name: 'quyen', label: 'Quyển số', value: '02/1996', state: 'sure', confidence: 0.95 },
    { name: 'me', label: 'Họ tên mẹ', value: 'NGUYỄN THỊ HẠNH', state: 'sure', confidence: 0.97 },
    { name: 'cha', label: 'Họ tên cha', value: 'PHẠM VĂN LÂM', state: 'by-hand' },
  ];
  const compare: digitisation.ComparePageProps = {
    ...common,
    session,
    capture,
    steps: [{ state: 'done', word: 'Ký số 09:31' }, { state: 'now' }, { state: 'later' }, { state: 'later' }],
    pages: [
      { page: 1, name: 'Mặt trước', src: page, good: true, quality: '300 dpi, đủ 4 mép' },
      { page: 2, name: 'Mặt sau', src: page, good: false, quality: 'Nghiêng 2,4°' },
    ],
    sheets: 1,
    picture: { page: 1, src: page, alt: 'Ảnh trang 1 của giấy khai sinh', width: 600, height: 660 },
    region: { x: 6, y: 26, width: 60, height: 7, field: 'Ngày sinh' },
    values,
  };
  return [
    { name: 'compare', page: <digitisation.ComparePage {...compare} /> },
    {
      name: 'compare-fault',
      page: (
        <digitisation.ComparePage {...compare} faults={[digitisation.notAttested(common.frame.language)]} />
      ),
    },
    { name: 'compare-reject', page: <digitisation.RejectPage {...compare} /> },
    ...digitisationExamples(common.frame, page),
  ];
}

function school(frame: web.Frame): Example[] {
  const common = {
    frame,
    officer: { name: 'Đỗ Thị Lan', office: 'Văn thư, Trường THPT Vĩnh Hòa' },
    tabs: [
      { href: '/cap-van-bang', label: frame.language === 'vi' ? 'Cấp văn bằng' : 'Diplomas', current: true },
      { href: '/so-goc', label: frame.language === 'vi' ? 'Sổ gốc' : 'Registers' },
    ],
  };
  const batch: issuance.BatchPageProps = {
    ...common,
    batch: {
      id: 'b1',
      title: 'Bằng tốt nghiệp THPT, đợt 2 năm 2026',
      decision: 'Quyết định công nhận tốt nghiệp số 412/QĐ-THPTVH, ngày 20/11/2026',
      decidedOn: at('2026-11-21T08:00'),
      due: at('2026-11-25T17:00'),
      rows: 428,
      signed: 180,
      good: 422,
    },
    steps: [
      { state: 'done', word: '428 dòng' },
      { state: 'attention', word: '6 dòng cần sửa' },
      { state: 'done', word: 'Duyệt 08:40' },
      { state: 'now', word: 'Đang ký 180/422' },
      { state: 'later', word: 'Tự động sau khi ký' },
    ],
    faulty: [
      {
        row: 37,
        student: 'VŨ HOÀNG ANH',
        number: '0002••••1180',
        cell: 'Ngày sinh',
        value: '31/02/2008',
        why: 'Không có ngày này trong lịch',
      },
      {
        row: 401,
        student: 'HOÀNG VĂN NAM',
        number: '0002••••3395',
        cell: 'Dân tộc',
        value: '',
        why: 'Bắt buộc theo sổ gốc',
      },
    ],
    signing: {
      state: 'running',
      signer: 'NGUYỄN QUỐC TOẢN, Hiệu trưởng',
      certificate: { kind: 'Chuyên dùng công vụ', until: at('2027-09-14T12:00') },
      maker: 'Đỗ Thị Lan',
      maySign: true,
    },
  };
  const conversion: issuance.ConversionPageProps = {
    frame,
    qr: { size: 25, dark: (row, column) => (row * 7 + column * 3) % 5 < 2 },
    code: '7K4M-92QX-PD31-R3VN',
    title: 'Giấy chứng nhận kết hôn',
    picture: { src: page, alt: 'Giấy chứng nhận kết hôn số 27/1991', width: 600, height: 660 },
    page: 1,
    pages: 2,
    system: 'Một Lần, Kho quản lý dữ liệu điện tử của tổ chức, cá nhân',
    owner: 'Ủy ban nhân dân thành phố Hải Phòng',
    converter: { name: 'Trần Thu Hà', office: 'Bộ phận Một cửa phường An Thịnh', at: today('09:55') },
    dossier: 'H24.118-261123-0042, 1.004222',
    provenance: 'counter-scan',
    resultCode: '0001••••4207.KQ.G15.000032.01',
    validity: { kind: 'event', event: 'có thay đổi về hôn nhân' },
    address: 'kho.haiphong.example/kiem-tra',
  };
  return [
    { name: 'batch', page: <issuance.BatchPage {...batch} /> },
    {
      name: 'batch-late',
      page: (
        <issuance.BatchPage
          {...batch}
          batch={{ ...batch.batch, due: at('2026-11-22T17:00') }}
          faulty={[]}
          signing={{ ...batch.signing, state: 'idle', maySign: false }}
        />
      ),
    },
    { name: 'conversion', page: <issuance.ConversionPage {...conversion} /> },
    { name: 'conversion-test', page: <issuance.ConversionPage {...conversion} test dossier={undefined} /> },
  ];
}

function board(frame: web.Frame): Example[] {
  const agencies = ['Sở Tư pháp', 'UBND phường An Thịnh', 'UBND phường Lê Lợi', 'UBND xã Đại Hà'];
  return [
    ...(['ledger', 'ledger-none', 'ledger-fault'] as const).map((name) => ({
      name,
      page: (
        <LedgerPage
          frame={frame}
          officer={{ name: 'Phạm Hồng Sơn', office: 'UBND phường An Thịnh' }}
          tabs={[
            { href: '/so-nhat-ky', label: frame.language === 'vi' ? 'Sổ nhật ký' : 'Ledger', current: true },
          ]}
          filter={name === 'ledger' ? {} : { viec: 'document.read' }}
          typed={name === 'ledger-fault' ? { tu: '1/11/2026' } : {}}
          faults={
            name === 'ledger-fault' ? [{ field: 'tu', text: logContent[frame.language].browser.badDate }] : []
          }
          csv="/so-nhat-ky/tai-ve.csv"
          older={name === 'ledger' ? '/so-nhat-ky?sau=1' : undefined}
          lines={name === 'ledger' ? ledgerLines : []}
        />
      ),
    })),
    {
      name: 'statistics',
      page: (
        <statistics.StatisticsPage
          frame={frame}
          officer={{ name: 'Phạm Hồng Sơn', office: 'Văn phòng UBND thành phố' }}
          tabs={[
            { href: '/thong-ke', label: frame.language === 'vi' ? 'Số hóa' : 'Digitisation', current: true },
          ]}
          periods={[{ value: '2026-10', label: '10/2026' }]}
          period="2026-10"
          agencies={[{ value: '', label: frame.language === 'vi' ? 'Tất cả cơ quan' : 'All agencies' }]}
          agency=""
          scope={frame.language === 'vi' ? 'toàn thành phố' : 'the whole city'}
          dossiers={5158}
          computedAt={today('06:00')}
          shares={{ results: 0.87, digitised: 0.728, reused: 0.498 }}
          targets={{ results: 0.85, digitised: 0.8, reused: 0.5 }}
          byAgency={agencies.map((name, index) => ({
            id: `a${index}`,
            name,
            dossiers: 412 + index * 400,
            shares: {
              results: 0.94 - index * 0.06,
              digitised: 0.88 - index * 0.1,
              reused: 0.715 - index * 0.17,
            },
          }))}
          trend={Array.from({ length: 12 }, (_, index) => ({
            label: `${String(((index + 10) % 12) + 1).padStart(2, '0')}/${index < 2 ? 2025 : 2026}`,
            share: 0.21 + (index * 0.288) / 11,
          }))}
          demands={[{ agency: 'UBND xã Đại Hà', reason: 'Bản số hóa không đọc được', times: 31 }]}
          demandsTotal={{ now: 52, before: 88 }}
        />
      ),
    },
  ];
}

/** Every officer's page in every state. */
const ledgerLines: readonly LedgerLine[] = [
  {
    id: 'e2',
    at: new Date('2026-11-24T09:12:00+07:00'),
    type: 'reuse.retrieved',
    outcome: 'permitted',
    actorKind: 'system',
    actorId: 'tthc-h24',
    documentId: '01a2101e-0e27-7504-8490-3f504d155b0d',
    dossier: 'H24.991-261124-0007',
    index: null,
  },
  {
    id: 'e1',
    at: new Date('2026-11-24T09:10:00+07:00'),
    type: 'access.denied',
    outcome: 'denied',
    actorKind: 'anonymous',
    actorId: null,
    documentId: null,
    dossier: null,
    index: 41,
  },
];

export const officerExamples = (frame: web.Frame): Example[] => [
  ...desk(frame),
  ...school(frame),
  ...board(frame),
];
