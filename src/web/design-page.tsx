/** The gallery at `/design` (development only): every component in every state, to look at and to test. */
import * as web from './index.ts';

const sheet =
  'data:image/svg+xml,%3Csvg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 210 297"%3E%3Cpath d="M30 40h150M30 70h110M30 100h150M30 130h80" stroke="%23999" stroke-width="3"/%3E%3C/svg%3E';
const tokens = ['ground', 'paper', 'ink', 'ink2', 'edge', 'act', 'ok', 'warn', 'bad', 'seal', 'gold', 'rule'];
const day = (date: string): Date => new Date(`${date}T02:00:00Z`);

export interface DesignPageProps {
  readonly frame: web.Frame;
}

export function DesignPage({ frame }: DesignPageProps) {
  const faults = [{ field: 'ngay-cap', text: 'Ngày 31/02/2026 không có trong lịch.' }];
  return (
    <web.PublicPage frame={frame} title="Bảng thành phần" faults={faults} account="Bảng thành phần" wide>
      <h1>Bảng thành phần</h1>
      <div class="cols two wide">
        <div class="loose">
          <Colours />
          <Type />
          <Buttons />
          <Blocks frame={frame} />
          <Fields fault={faults[0]?.text} />
        </div>
        <div class="loose">
          <States frame={frame} />
          <Papers frame={frame} />
          <Lists frame={frame} />
          <Progress frame={frame} />
        </div>
      </div>
      <Wide frame={frame} />
    </web.PublicPage>
  );
}

function Colours() {
  return (
    <section>
      <h2>Màu</h2>
      <ul class="plain row">
        {tokens.map((token) => (
          <li key={token} class="small">
            <svg width="72" height="32" aria-hidden="true" focusable="false">
              <rect width="72" height="32" fill={`var(--${token})`} stroke="var(--edge)" />
            </svg>
            <br />
            {token}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Type() {
  return (
    <section>
      <h2>Chữ</h2>
      <p class="display">87,0%</p>
      <p class="serif">Giấy tờ nói bằng chữ có chân: Ữ Ậ Ể Ộ ở ẫ</p>
      <p>
        <b>Chữ thường 18 đậm</b>, và 18 thường: Ữ Ậ Ể Ộ ở ẫ
      </p>
      <p class="small soft">Chữ phụ 16: 23/11/2026, 0311••••4207</p>
      <p>
        Một câu có <a href="#main">liên kết trong câu</a> và phím <kbd>Enter</kbd>.
      </p>
      <web.BackLink href="#main">Giấy tờ của tôi</web.BackLink>
      <web.LoneLink href="#main" shape="download">
        Tải sổ này về
      </web.LoneLink>
    </section>
  );
}

function Buttons() {
  return (
    <section>
      <h2>Nút</h2>
      <form action="#main">
        <div class="row">
          <web.Button>Tiếp tục</web.Button>
          <web.Button kind="second" shape="print">
            In trang này
          </web.Button>
          <web.Button kind="refuse">Từ chối</web.Button>
          <web.Button kind="second" small about="dòng 37">
            Nhỏ, 44 px
          </web.Button>
          <web.ButtonLink href="#main" kind="second">
            Nút là liên kết
          </web.ButtonLink>
        </div>
      </form>
    </section>
  );
}

function Blocks({ frame }: DesignPageProps) {
  return (
    <section class="loose">
      <h2>Thông báo và khối</h2>
      <web.Notice tone="act" title="Tin thường: đã gửi yêu cầu" />
      <web.Notice tone="ok" title="Xong: đã ghi vào sổ" />
      <web.Notice tone="warn" title="Chưa kết luận được">
        <p>Kho chưa lấy được danh sách thu hồi.</p>
      </web.Notice>
      <web.Notice tone="bad" title="Không nhận tệp này" />
      <web.LinkDown
        title="Mất kết nối với cơ sở dữ liệu hộ tịch điện tử từ 09:19"
        goesOn="Vẫn tiếp nhận, số hóa và dùng giấy trong kho như thường."
        doNot="Đừng bảo công dân đi lấy bản giấy vì lỗi này."
        more={{ href: '#main', label: 'Tình trạng các kết nối' }}
      />
      <web.InkBlock title="1 yêu cầu chờ bà trả lời">
        <p>Mỗi trang nhiều nhất một khối.</p>
        <web.ButtonLink href="#main">Xem và trả lời</web.ButtonLink>
      </web.InkBlock>
      <web.ThreeChecks
        language={frame.language}
        integrity={{ tone: 'ok', answer: 'Còn nguyên vẹn', why: 'Không chữ nào thay đổi từ lúc ký số.' }}
        validity={{ tone: 'mute', why: 'Chỉ bản đã ký mới có hiệu lực.' }}
        issuer={{ tone: 'warn', answer: 'Chỉ đúng với bản đã ký', why: 'Trường ký bản trước khi bị sửa.' }}
      />
    </section>
  );
}

function Fields({ fault }: { fault?: string }) {
  return (
    <section>
      <h2>Ô nhập và lựa chọn</h2>
      <form action="#main" class="loose">
        <web.TextField name="so-vao-so" label="Số vào sổ gốc" hint="Ghi ở góc trái văn bằng" width="w20" />
        <web.TextField name="ngay-cap" label="Ngày cấp" value="31/02/2026" fault={fault} width="w12" />
        <web.SelectField
          name="ky"
          label="Kỳ"
          width="w12"
          value="10"
          options={[
            { value: '9', label: 'Tháng 09/2026' },
            { value: '10', label: 'Tháng 10/2026' },
          ]}
        />
        <web.TextArea name="ly-do" label="Lý do" hint="Một hai câu là đủ" />
        <web.FileField name="tep" label="Ảnh hoặc PDF" accept="application/pdf,image/jpeg" />
        <web.RadioTiles
          name="tra-loi"
          legend="Bà trả lời giấy 1"
          pair
          options={[
            { value: 'allow', label: 'Cho phép' },
            { value: 'refuse', label: 'Từ chối' },
          ]}
        />
        <web.RadioTiles
          name="kenh"
          legend="Xin đồng ý bằng cách nào?"
          value="phone"
          options={[
            { value: 'phone', label: 'Gửi tới điện thoại', hint: 'Bà Hạnh trả lời trên VNeID' },
            { value: 'paper', label: 'Phiếu giấy', hint: 'Ký, hoặc điểm chỉ có một người làm chứng' },
          ]}
        />
        <web.CheckTile name="doi-chieu" label="Tôi đã đối chiếu với bản chính" />
      </form>
    </section>
  );
}

function States({ frame }: DesignPageProps) {
  return (
    <section>
      <h2>Trạng thái</h2>
      <ul class="plain">
        {web.states.map((state) => (
          <li key={state}>
            <web.Status language={frame.language} state={state} />
          </li>
        ))}
      </ul>
      <p class="row">
        {web.shapeNames.map((name) => (
          <web.Shape key={name} name={name} />
        ))}
      </p>
    </section>
  );
}

function Papers({ frame }: DesignPageProps) {
  const { language } = frame;
  return (
    <section class="loose">
      <h2>Thẻ giấy</h2>
      <web.PaperCard
        language={language}
        issuer="Cơ quan cấp hoặc giữ sổ"
        title="Tên giấy bằng chữ có chân"
        href="#main"
        validity="Vô thời hạn"
        provenance="electronic-result"
        state="valid"
      />
      <web.PaperCard
        language={language}
        issuer="Tự tải lên"
        title="Không có dấu khi chưa đối chiếu"
        href="#main"
        validity="Vô thời hạn"
        provenance="self-upload"
        state="unverified"
        note="Chưa dùng được cho thủ tục."
      />
      <web.DocumentPane above="Dòng 2" title="Giấy chứng nhận kết hôn">
        <web.SummaryList
          ruled
          rows={[
            { label: 'Cơ quan', value: 'UBND phường An Thịnh giữ sổ' },
            { label: 'Hiệu lực', value: 'Còn hiệu lực lúc 09:21' },
          ]}
        />
      </web.DocumentPane>
      <web.Facsimile
        image={{ src: sheet, alt: 'Trang 1 của giấy mẫu', width: 210, height: 297 }}
        region={{ x: 12, y: 20, width: 60, height: 6 }}
      />
    </section>
  );
}

function Lists({ frame }: DesignPageProps) {
  return (
    <section class="loose">
      <web.Ledger title={web.formatWeekday(frame.now, frame.language)}>
        <web.LedgerEntry who="UBND phường An Thịnh" time="08:05">
          <p>
            <a href="#main">Giấy chứng nhận kết hôn</a>
          </p>
          <web.Status language={frame.language} state="seen_minimum" />
        </web.LedgerEntry>
      </web.Ledger>
      <web.SeenList seen items={['Họ tên hai vợ chồng']} />
      <web.SeenList seen={false} items={['Ảnh chụp giấy']} />
      <div>
        <web.Folded title="Phần mở rộng" open>
          <p>Nội dung phụ.</p>
        </web.Folded>
        <web.Folded title="Đang đóng">
          <p>Nội dung phụ.</p>
        </web.Folded>
      </div>
      <web.Pagination language={frame.language} page={2} last={9} href={(page) => `?trang=${page}`} />
    </section>
  );
}

function Progress({ frame }: DesignPageProps) {
  const { language } = frame;
  return (
    <section class="loose">
      <h2>Tiến độ, bước, hạn</h2>
      <div>
        <p>
          <b>180 trên 422</b> đã ký
        </p>
        <web.ProgressBar done={180} total={422} />
      </div>
      <web.Steps
        language={language}
        steps={[
          { name: 'Nhập danh sách', state: 'done', word: '428 dòng' },
          { name: 'Kiểm tra dòng', state: 'attention', word: '6 dòng cần sửa' },
          { name: 'Ký số', state: 'now' },
          { name: 'Đưa vào kho', state: 'later' },
        ]}
      />
      <web.LegalClock
        language={language}
        what="Hạn cấp văn bằng số"
        from={day('2026-11-21')}
        due={day('2026-11-25')}
        now={day('2026-11-23')}
      />
      <web.LegalClock
        language={language}
        what="Hạn trả lời"
        from={day('2026-11-20')}
        due={day('2026-11-22')}
        now={day('2026-11-23')}
      />
    </section>
  );
}

function Wide({ frame }: DesignPageProps) {
  const { language } = frame;
  return (
    <section class="wide loose">
      <web.Hatching />
      <web.Table
        caption="Theo cơ quan"
        showCaption
        keyOf={(row) => row.name}
        isOpen={(row) => row.name === 'Dòng đang mở'}
        rows={[
          { name: 'Sở Tư pháp', count: 412, share: 0.715 },
          { name: 'Dòng đang mở', count: 1208, share: 0.333 },
        ]}
        columns={[
          { label: 'Cơ quan', heads: true, cell: (row) => row.name },
          { label: 'Hồ sơ', end: true, cell: (row) => web.formatNumber(row.count, language) },
          {
            label: 'Sử dụng lại',
            cell: (row) => <web.Measured language={language} share={row.share} target={0.5} />,
          },
        ]}
      />
      <web.LineChart
        language={language}
        label="Tỷ lệ sử dụng lại tăng từ 21,0% lên 49,8% trong 12 tháng"
        target={0.5}
        targetLabel="Mục tiêu 50%"
        points={[0.21, 0.25, 0.31, 0.4, 0.498].map((share, index) => ({
          label: `0${index + 6}/2026`,
          share,
        }))}
      />
      <form action="#main">
        <web.ComparedValues
          language={language}
          values={[
            {
              name: 'ten',
              label: 'Họ, chữ đệm, tên',
              value: 'PHẠM MINH ĐỨC',
              state: 'sure',
              confidence: 0.98,
            },
            {
              name: 'ngay-sinh',
              label: 'Ngày sinh',
              value: '02/09/1996',
              state: 'doubtful',
              confidence: 0.61,
              hint: 'Số có thể đọc là 9/2. Dòng bằng chữ ghi tháng chín.',
              cutOut: { src: sheet, alt: 'Dòng ngày sinh trên bản chính' },
              readings: ['02/09/1996', '09/02/1996'],
            },
            { name: 'cha', label: 'Họ tên cha', value: 'PHẠM VĂN LÂM', state: 'by-hand' },
          ]}
        />
      </form>
    </section>
  );
}
