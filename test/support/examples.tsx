/** Every page in its states, with invented people: rendered by the page tests and looked at in the browser. */
import type { VNode } from 'preact';
import * as consent from '../../src/consent/consent-pages.tsx';
import * as documents from '../../src/documents/documents-pages.tsx';
import * as identity from '../../src/identity/sign-in-page.tsx';
import { PublicLogPage } from '../../src/ledger/log-pages.tsx';
import * as ledger from '../../src/ledger/usage-pages.tsx';
import * as preparation from '../../src/preparation/preparation-pages.tsx';
import * as verification from '../../src/verification/verification-pages.tsx';
import * as web from '../../src/web/index.ts';
import { deliveryExamples } from './delivery-examples.tsx';
import { frameIn } from './frames.ts';
import { officerExamples } from './officer-examples.tsx';
import { shippedCatalogue } from './shipped-catalogue.ts';

/** A page and the name of its picture. */
export interface Example {
  readonly name: string;
  readonly page: VNode;
}

const at = (local: string): Date => new Date(`${local}:00+07:00`);

export const hanh: web.Addressee = {
  honorific: 'bà',
  name: 'NGUYỄN THỊ HẠNH',
  personalNumber: '000168004207',
};
const permanentResidence = shippedCatalogue.procedure('1.004222', '2026-11-23');

/** Preparing for a procedure: the list, an unanswered checklist, an answered one. */
function preparing(
  own: Omit<preparation.ChecklistPageProps, 'procedure' | 'lines' | 'conditions'>,
): Example[] {
  const procedure = permanentResidence;
  if (!procedure) throw new Error('the shipped catalogue has no procedure 1.004222');
  const states = ['in-vault', 'not-usable', 'bring', 'form', 'show', 'ask'] as const;
  const lines = states.map((state, index) => {
    const component = procedure.components[index % procedure.components.length];
    if (!component) throw new Error('a procedure without components');
    const reason = state === 'not-usable' || state === 'ask' ? component.names : null;
    return {
      component: { ...component, key: state },
      state,
      document: null,
      reason,
      required: state !== 'show',
    };
  });
  const conditions = [{ key: 'joins-relative', words: 'Về ở với người thân', holds: true }];
  return [
    { name: 'procedures', page: <preparation.ProceduresPage {...own} query="" procedures={[procedure]} /> },
    { name: 'procedures-none', page: <preparation.ProceduresPage {...own} query="xyz" procedures={[]} /> },
    { name: 'checklist', page: <preparation.ChecklistPage {...own} {...{ procedure, lines, conditions }} /> },
  ];
}
const duc: web.Addressee = { honorific: 'ông', name: 'PHẠM MINH ĐỨC', personalNumber: '000096006118' };

const papers: readonly documents.ListedPaper[] = [
  {
    id: 'd1',
    title: 'Giấy chứng nhận kết hôn',
    issuer: 'UBND phường An Thịnh',
    formerIssuer: 'xã Vĩnh Hòa',
    validity: { kind: 'event', event: 'có thay đổi hôn nhân' },
    provenance: 'counter-scan',
    state: 'valid',
  },
  {
    id: 'd2',
    title: 'Giấy xác nhận thông tin về cư trú',
    issuer: 'Công an phường An Thịnh',
    validity: { kind: 'until', date: at('2026-12-06T12:00') },
    provenance: 'electronic-result',
    state: 'expiring',
    validUntil: at('2026-12-06T12:00'),
  },
  {
    id: 'd3',
    title: 'Chứng chỉ sơ cấp nghề May công nghiệp',
    issuer: '',
    validity: { kind: 'indefinite' },
    provenance: 'self-upload',
    state: 'unverified',
    uploadedAt: at('2026-10-02T12:00'),
  },
  {
    id: 'd4',
    title: 'Bằng tốt nghiệp trung học phổ thông',
    issuer: 'Sở Giáo dục và Đào tạo Hải Phòng',
    validity: { kind: 'indefinite' },
    provenance: 'register-copy',
    state: 'valid',
  },
  {
    id: 'd5',
    title: 'Giấy chứng nhận quyền sử dụng đất',
    issuer: 'Văn phòng Đăng ký đất đai Hải Phòng',
    validity: { kind: 'as_original' },
    provenance: 'certified-copy',
    state: 'valid',
  },
  {
    id: 'd6',
    title: 'Giấy xác nhận khuyết tật',
    issuer: 'UBND phường An Thịnh',
    validity: { kind: 'indefinite' },
    provenance: 'electronic-result',
    state: 'valid',
  },
];

const ended: readonly documents.ListedPaper[] = [
  {
    id: 'd7',
    title: 'Giấy xác nhận tình trạng hôn nhân',
    issuer: 'UBND phường An Thịnh',
    validity: {
      kind: 'until_or_event',
      date: at('2026-05-01T12:00'),
      event: 'có thay đổi hôn nhân',
    },
    provenance: 'electronic-result',
    state: 'expired',
  },
];

const request: consent.ConsentRequest = {
  id: 'r1',
  agency: 'Công an phường An Thịnh',
  officer: 'Trần Thu Hà',
  office: 'Bộ phận Một cửa',
  procedure: 'Đăng ký thường trú',
  dossier: 'H24.118-261123-0042',
  until: at('2026-12-02T17:00'),
  items: [
    {
      id: 'i1',
      title: 'Giấy chứng nhận kết hôn',
      issuer: 'UBND phường An Thịnh giữ sổ đăng ký',
      why: 'để biết bà là vợ của chủ hộ, ông PHẠM VĂN LÂM.',
      view: 'minimum',
      seen: ['Họ tên hai vợ chồng', 'Số, ngày và nơi đăng ký kết hôn'],
      notSeen: ['Ảnh chụp giấy', 'Dân tộc, quốc tịch, nơi cư trú cũ'],
    },
    {
      id: 'i2',
      title: 'Giấy chứng nhận quyền sử dụng đất',
      issuer: 'Văn phòng Đăng ký đất đai Hải Phòng',
      why: 'để biết chỗ ở của bà là hợp pháp.',
      view: 'full',
      seen: ['Cả 4 trang, có sơ đồ thửa đất', 'Được lưu 1 bản vào hồ sơ này'],
      notSeen: [],
    },
    {
      id: 'i3',
      title: 'Giấy xác nhận khuyết tật',
      issuer: 'UBND phường An Thịnh',
      why: 'để xét miễn lệ phí 20.000 đồng.',
      view: 'minimum',
      seen: ['Có giấy còn hiệu lực hay không'],
      notSeen: ['Dạng tật, mức độ', 'Ảnh chụp giấy'],
      ifRefused: 'hồ sơ vẫn được giải quyết, bà nộp lệ phí.',
      optional: true,
      sensitive: true,
    },
  ],
};
const answers = { i1: 'allow', i2: 'allow', i3: 'refuse' } as const;

const grant: consent.Grant = {
  id: 'g1',
  agency: 'Công an phường An Thịnh',
  title: 'Giấy chứng nhận kết hôn',
  procedure: 'Đăng ký thường trú',
  dossier: 'H24.118-261123-0042',
  view: 'minimum',
  givenAt: at('2026-11-23T09:24'),
  until: at('2026-12-02T17:00'),
  timesSeen: 1,
};

const diploma = { id: 'd4', title: 'Bằng tốt nghiệp trung học phổ thông' };
const entries: readonly ledger.UsageEntry[] = [
  {
    id: 'e1',
    at: at('2026-11-23T09:18'),
    who: 'Bộ phận Một cửa phường An Thịnh',
    officer: 'Trần Thu Hà',
    documents: papers.map(({ id, title }) => ({ id, title })),
    outcome: 'asked_only',
    procedure: 'Đăng ký thường trú',
    dossier: 'H24.118-261123-0042',
    basis: 'consent',
  },
  {
    id: 'e2',
    at: at('2026-11-05T14:52'),
    who: 'Người cầm mã chia sẻ của bà',
    documents: [diploma],
    outcome: 'blocked',
    basis: 'share',
    remark: 'Mã chỉ dùng được một lần và đã dùng lúc 14:40.',
  },
  {
    id: 'e3',
    at: at('2026-11-05T14:40'),
    who: 'Công ty TNHH May Sao Biển',
    documents: [diploma],
    outcome: 'seen_full',
    basis: 'share',
  },
  {
    id: 'e4',
    at: at('2026-10-12T08:05'),
    who: 'UBND phường An Thịnh',
    officer: 'Lê Quang Vinh',
    documents: [{ id: 'd1', title: 'Giấy chứng nhận kết hôn' }],
    outcome: 'seen_minimum',
    procedure: 'cấp bản sao trích lục hộ tịch',
    dossier: 'H24.118-261012-0007',
    basis: 'law',
  },
  {
    id: 'e5',
    at: at('2026-09-03T10:22'),
    who: 'Bảo hiểm xã hội Hải Phòng',
    documents: [{ id: 'd6', title: 'Giấy xác nhận khuyết tật' }],
    outcome: 'refused',
    procedure: 'đổi thẻ bảo hiểm y tế',
    basis: 'consent',
  },
];

const intact: web.CheckFacts = {
  integrity: { kind: 'intact', signedAt: at('2026-10-02T09:00') },
  validity: { state: 'valid' },
  issuer: { kind: 'right', agency: 'Sở Giáo dục và Đào tạo Hải Phòng' },
};
const technical = [
  { label: 'Kết luận', value: 'TOTAL-FAILED, FORMAT_FAILURE (EN 319 102-1)' },
  { label: 'Dấu thời gian', value: '22/11/2026 16:04:51 +07:00' },
  { label: 'SHA-256', value: '9f2c71ab04e85d10' },
];
const masked = {
  title: 'Bằng tốt nghiệp trung học phổ thông',
  holder: web.maskName('NGUYỄN THỊ HẠNH'),
  serial: web.maskSerial('B 0412345'),
  issuer: 'Sở Giáo dục và Đào tạo Hải Phòng',
  issuedOn: at('1986-08-18T12:00'),
  validity: { kind: 'indefinite' },
} as const;

/** Pages of the citizen. */
function citizen(frame: web.Frame): Example[] {
  const own = { frame, person: hanh, waiting: 1 };
  const ways = { search: true, upload: true };
  const home = { ...own, query: '', papers, ended, ways };
  const next = {
    id: 'r1',
    agency: request.agency,
    papers: 3,
    procedure: request.procedure,
    due: at('2026-11-25T17:00'),
  };
  const paper = {
    id: 'd1',
    title: 'Giấy chứng nhận kết hôn',
    state: 'valid',
    validity: { kind: 'event', event: 'có thay đổi về hôn nhân' },
    usable: true,
    provenance: 'counter-scan',
    number: '27/1991, quyển số 01/1991',
    issuedOn: at('1991-05-12T12:00'),
    issuer: 'UBND xã Vĩnh Hòa',
    keeper: 'UBND phường An Thịnh',
    code: '0001••••4207.KQ.G15.000032.01',
    file: { kind: 'PDF', bytes: 412_000 },
    picture: { pages: 2, width: 600, height: 660 },
  } as const;
  const history = [
    {
      at: at('2026-10-12T08:05'),
      what: 'Được dùng lại',
      detail: 'Hồ sơ H24.118-261012-0007, UBND phường An Thịnh',
    },
    { at: at('1991-05-12T12:00'), dayOnly: true, what: 'Đăng ký kết hôn', detail: 'UBND xã Vĩnh Hòa' },
  ];
  const fault = {
    field: 'tep',
    text: 'Tệp “don.docx” không phải ảnh hay PDF. Hãy chụp ảnh giấy, hoặc chọn tệp PDF.',
  };
  return [
    { name: 'home', page: <documents.HomePage {...home} nextRequest={next} /> },
    {
      name: 'home-search',
      page: (
        <documents.HomePage
          represented={[
            { id: 'p7', name: 'Nguyễn Gia An' },
            { id: 'o1', name: 'Công ty TNHH Hoa Phượng' },
          ]}
          of={{ id: 'p7', name: 'Nguyễn Gia An' }}
          {...home}
          query="<b>hon"
          papers={[]}
          ended={[]}
        />
      ),
    },
    { name: 'empty', page: <documents.HomePage {...home} person={duc} waiting={0} papers={[]} ended={[]} /> },
    {
      name: 'document',
      page: (
        <documents.DocumentPage
          {...own}
          offers={{ share: true, print: true, correct: true }}
          document={paper}
          checks={{
            ...intact,
            issuer: { kind: 'right', agency: 'UBND xã Vĩnh Hòa', keeper: 'UBND phường An Thịnh' },
          }}
          checkedAt={frame.now}
          verificationCode="7K4M-92QX-PD31-R3VN"
          history={history}
        />
      ),
    },
    {
      name: 'document-superseded',
      page: (
        <documents.DocumentPage
          {...own}
          offers={{ share: true, print: true, correct: true }}
          document={{ ...paper, state: 'superseded', usable: false, supersededBy: 'd9', picture: undefined }}
          checks={{ ...intact, validity: { state: 'superseded', since: at('2026-10-01T09:00') } }}
          checkedAt={frame.now}
          history={history}
        />
      ),
    },
    {
      name: 'document-own',
      page: (
        <documents.DocumentPage
          {...own}
          offers={{ share: true, print: true, correct: true }}
          document={{ ...paper, state: 'unverified', usable: false, provenance: 'self-upload' }}
          checks={{
            integrity: { kind: 'unsigned' },
            validity: { state: 'unverified' },
            issuer: { kind: 'owner' },
          }}
          checkedAt={frame.now}
          history={[]}
        />
      ),
    },
    {
      name: 'upload-remove',
      page: (
        <documents.RemovePage
          {...own}
          paper={{ id: 'd9', title: 'Chứng chỉ nghề may', uploadedAt: at('2026-11-02T09:10') }}
        />
      ),
    },
    ...preparing(own),
    { name: 'upload', page: <documents.UploadPage {...own} maximumBytes={20_000_000} /> },
    {
      name: 'upload-fault',
      page: (
        <documents.UploadPage {...own} maximumBytes={20_000_000} values={{ ten: 'Đơn' }} faults={[fault]} />
      ),
    },
    {
      name: 'requests',
      page: (
        <consent.RequestsPage
          {...own}
          open={[next]}
          closed={[
            {
              id: 'r0',
              agency: 'Bảo hiểm xã hội Hải Phòng',
              procedure: 'Đổi thẻ bảo hiểm y tế',
              at: at('2026-09-03T10:22'),
              outcome: { allowed: 1, refused: 1 },
            },
            {
              id: 'r9',
              agency: 'UBND phường Lê Lợi',
              procedure: 'Cấp phép xây dựng',
              at: at('2026-08-03T10:22'),
              outcome: 'expired',
            },
          ]}
        />
      ),
    },
    { name: 'requests-none', page: <consent.RequestsPage {...own} waiting={0} open={[]} closed={[]} /> },
    { name: 'consent', page: <consent.ConsentPage {...own} request={request} /> },
    {
      name: 'consent-fault',
      page: (
        <consent.ConsentPage
          {...own}
          request={request}
          answers={{ i1: 'allow' }}
          faults={consent.unansweredFaults(request, { i1: 'allow' }, frame.language)}
        />
      ),
    },
    {
      name: 'consent-check',
      page: <consent.ConsentCheckPage {...own} request={request} answers={answers} />,
    },
    {
      name: 'consent-sent',
      page: (
        <consent.ConsentSentPage
          {...own}
          request={request}
          answers={answers}
          receipt={{ code: 'BN-7K4M-92QX', at: frame.now }}
        />
      ),
    },
    { name: 'grants', page: <consent.GrantsPage {...own} grants={[grant]} /> },
    { name: 'grants-none', page: <consent.GrantsPage {...own} grants={[]} /> },
    { name: 'withdraw', page: <consent.WithdrawPage {...own} grant={grant} /> },
    ...usage(own),
  ];
}

function usage(own: { frame: web.Frame; person: web.Addressee; waiting: number }): Example[] {
  const log = {
    ...own,
    since: at('2025-11-23T09:00'),
    counts: { seen: 2, asked: 1, refused: 1, blocked: 1 },
    filter: {},
    documents: [{ value: 'd1', label: 'Giấy chứng nhận kết hôn' }],
    agencies: [{ value: 'a1', label: 'UBND phường An Thịnh' }],
  };
  const [first] = entries;
  const entry = first as ledger.UsageEntry;
  return [
    ...([0, 41_022] as const).map((size) => ({
      name: size === 0 ? 'public-log-empty' : 'public-log',
      page: (
        <PublicLogPage
          frame={log.frame}
          address="https://kho.example.vn"
          facts={{
            origin: 'kho.example.vn/log',
            size,
            root: size === 0 ? '' : 'CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=',
            vkey: 'kho.example.vn/log+01a2b3c4+AUPLx1gWnFcUqTFxyBbYCJlJHFyvFVSVAYXNRWIm5Pkx',
            witnesses:
              size === 0
                ? []
                : [
                    { name: 'witness.example.vn', cosignedAt: at('2026-11-24T09:12') },
                    { name: 'other.example.vn', cosignedAt: null },
                  ],
          }}
        />
      ),
    })),
    {
      name: 'usage-log',
      page: <ledger.UsageLogPage {...log} entries={entries} older="/ai-da-xem?trang=2" />,
    },
    {
      name: 'usage-log-filtered',
      page: <ledger.UsageLogPage {...log} entries={[]} filter={{ giay: 'd1' }} />,
    },
    { name: 'usage-log-empty', page: <ledger.UsageLogPage {...log} entries={[]} /> },
    { name: 'complaint', page: <ledger.ComplaintPage {...own} entry={entry} /> },
    {
      name: 'complaint-fault',
      page: (
        <ledger.ComplaintPage {...own} entry={entry} faults={[ledger.nothingChosen(own.frame.language)]} />
      ),
    },
    {
      name: 'complaint-sent',
      page: (
        <ledger.ComplaintSentPage {...own} agency={entry.who} code="KN-0042" due={at('2026-11-25T17:00')} />
      ),
    },
  ];
}

/** Pages for anyone. */
function open(frame: web.Frame): Example[] {
  const signIn = { frame, provider: 'VNeID', officerHref: '/dang-nhap/can-bo' };
  const typed = identity.readPersonalNumber('031 482 097', frame.language);
  const verdict = { frame, checkedAt: at('2026-11-23T10:12'), technical };
  const changed: web.CheckFacts = {
    integrity: { kind: 'changed', signedAt: at('2026-11-22T16:04'), places: 2 },
    validity: { state: 'none' },
    issuer: { kind: 'signed_version_only', agency: 'Trường THPT Vĩnh Hòa' },
  };
  const unproven: web.CheckFacts = {
    integrity: intact.integrity,
    validity: { state: 'waiting', why: 'Chưa lấy được danh sách thu hồi.' },
    issuer: { kind: 'unproven', why: 'Chứng thư không nối được tới gốc tin cậy.' },
  };
  return [
    { name: 'sign-in', page: <identity.SignInPage {...signIn} /> },
    { name: 'sign-in-expired', page: <identity.SignInPage {...signIn} expired returnTo="/yeu-cau/r1" /> },
    {
      name: 'sign-in-fault',
      page: (
        <identity.SignInPage {...signIn} value="031482097" faults={'fault' in typed ? [typed.fault] : []} />
      ),
    },
    { name: 'welcome', page: <web.WelcomePage frame={frame} /> },
    { name: 'help', page: <web.InfoPage frame={frame} about="help" /> },
    { name: 'privacy', page: <web.InfoPage frame={frame} about="privacy" /> },
    { name: 'accessibility', page: <web.InfoPage frame={frame} about="accessibility" /> },
    {
      name: 'offices',
      page: (
        <web.OfficesPage
          frame={frame}
          offices={[{ name: 'Phường An Thịnh', address: 'Số 1, đường Lê Lợi', hours: '07:30–17:00' }]}
        />
      ),
    },
    { name: 'offices-none', page: <web.OfficesPage frame={frame} offices={[]} /> },
    { name: 'error-404', page: <web.NotFoundPage frame={frame} /> },
    { name: 'error-403', page: <web.ForbiddenPage frame={frame} reason="officer" /> },
    { name: 'error-422', page: <web.UnprocessablePage frame={frame} details={['Thiếu mã hồ sơ.']} /> },
    { name: 'error-429', page: <web.TooManyRequestsPage frame={frame} seconds={30} /> },
    { name: 'error-500', page: <web.ServerErrorPage frame={frame} reference="01939c1e" /> },
    { name: 'verify', page: <verification.VerifyStartPage frame={frame} maximumBytes={20_000_000} /> },
    {
      name: 'verify-fault',
      page: (
        <verification.VerifyStartPage
          frame={frame}
          maximumBytes={20_000_000}
          code="7K4M-92"
          faults={[{ field: 'ma', text: 'Mã gồm 12 chữ và số, không có chữ I, L, O, U.' }]}
        />
      ),
    },
    {
      name: 'verify-valid',
      page: (
        <verification.VerdictPage
          {...verdict}
          verdict="valid"
          checks={intact}
          paper={masked}
          worth={['Bản sao điện tử từ sổ gốc thay cho bản chính trong giao dịch.']}
        />
      ),
    },
    {
      name: 'verify-test',
      page: <verification.VerdictPage {...verdict} verdict="valid" test checks={intact} paper={masked} />,
    },
    {
      name: 'verify-changed',
      page: (
        <verification.VerdictPage
          {...verdict}
          verdict="changed"
          checks={changed}
          paper={{ ...masked, issuer: 'Trường THPT Vĩnh Hòa' }}
          changes={[
            { where: 'Trang 1, dòng Xếp loại', signed: 'Khá', file: 'Giỏi' },
            { where: 'Trang 1, góc dưới phải', signed: 'Không có gì', file: 'Thêm 1 hình ảnh' },
          ]}
        />
      ),
    },
    {
      name: 'verify-revoked',
      page: (
        <verification.VerdictPage
          {...verdict}
          verdict="revoked"
          checks={{ ...intact, validity: { state: 'revoked', since: at('2026-11-20T09:00') } }}
          paper={masked}
        />
      ),
    },
    {
      name: 'verify-indeterminate',
      page: <verification.VerdictPage {...verdict} verdict="indeterminate" checks={unproven} />,
    },
    {
      name: 'verify-unsigned',
      page: (
        <verification.VerdictPage
          {...verdict}
          verdict="unsigned"
          checks={{
            integrity: { kind: 'unsigned' },
            validity: { state: 'none' },
            issuer: { kind: 'unproven', why: 'Không có chữ ký để biết ai cấp.' },
          }}
        />
      ),
    },
    {
      name: 'verify-not-found',
      page: <verification.CodeNotFoundPage frame={frame} code="7K4M-92QX-PD31-R3VN" />,
    },
  ];
}

/** Every page in every state. */
export function examples(language: web.Language): readonly Example[] {
  const frame = frameIn(language);
  return [...citizen(frame), ...open(frame), ...officerExamples(frame), ...deliveryExamples(frame)];
}
