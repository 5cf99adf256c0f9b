/** The signature doctor's words in Vietnamese; their shape is the law for every other language. */
import type { ChangeKind, Verdict, WarningCode } from './report.ts';

const verdicts = {
  valid: {
    headline: 'Chữ ký hợp lệ',
    summary: 'Nội dung còn nguyên như lúc ký, người ký được tổ chức tin cậy xác nhận.',
    advice: 'Có thể dùng tệp này.',
  },
  'valid-with-permitted-changes': {
    headline: 'Chữ ký hợp lệ',
    summary:
      'Nội dung đã ký còn nguyên. Sau khi ký chỉ có những bổ sung mà người ký cho phép, như chữ ký khác hoặc ô được điền.',
    advice: 'Có thể dùng tệp này. Xem phần bổ sung ở dưới nếu cần.',
  },
  'valid-with-untrusted-chain': {
    headline: 'Nội dung còn nguyên, chưa xác nhận được người ký',
    summary:
      'Tệp không bị sửa sau khi ký, nhưng ở đây chưa có chứng thư gốc của tổ chức đã cấp chứng thư cho người ký.',
    advice:
      'Hãy thêm chứng thư gốc của tổ chức đó vào danh sách tin cậy rồi kiểm tra lại, hoặc hỏi cơ quan phát hành.',
  },
  indeterminate: {
    headline: 'Chưa kết luận được',
    summary: 'Không thấy dấu hiệu bị sửa, nhưng thiếu thông tin để khẳng định chữ ký hợp lệ.',
    advice: 'Xem lý do ở dưới. Nếu cần dùng ngay, hãy hỏi cơ quan phát hành hoặc xin bản ký mới.',
  },
  unsigned: {
    headline: 'Tệp không có chữ ký số',
    summary: 'Không ai ký tệp này nên không thể xác nhận nội dung là của ai.',
    advice: 'Hãy xin cơ quan phát hành bản có chữ ký số, hoặc đối chiếu với bản giấy.',
  },
  expired: {
    headline: 'Chứng thư đã hết hạn',
    summary:
      'Chứng thư của người ký không còn trong thời hạn và không có dấu thời gian nào chứng minh chữ ký được tạo khi chứng thư còn hạn.',
    advice: 'Hãy xin cơ quan phát hành bản ký mới có dấu thời gian.',
  },
  revoked: {
    headline: 'Chứng thư đã bị thu hồi',
    summary:
      'Chứng thư của người ký đã bị thu hồi và không có gì chứng minh chữ ký được tạo trước khi thu hồi.',
    advice: 'Đừng dùng tệp này. Hãy hỏi cơ quan phát hành.',
  },
  'invalid-timestamp': {
    headline: 'Dấu thời gian không hợp lệ',
    summary: 'Dấu thời gian trong tệp không thuộc về chữ ký này hoặc không do bên có thẩm quyền tạo ra.',
    advice: 'Đừng dựa vào tệp này. Hãy xin lại bản gốc từ cơ quan phát hành.',
  },
  'invalid-signature': {
    headline: 'Chữ ký không hợp lệ',
    summary: 'Chữ ký không khớp với nội dung của tệp.',
    advice: 'Đừng dùng tệp này. Hãy xin lại bản gốc từ cơ quan phát hành.',
  },
  'certification-violated': {
    headline: 'Tệp bị thay đổi trái với điều người ký cho phép',
    summary: 'Người ký đã khóa tệp, nhưng sau đó tệp vẫn bị điền, ký hoặc ghi chú thêm.',
    advice: 'Đừng dùng tệp này. Hãy xin bản như lúc người ký đã khóa.',
  },
  'modified-after-signing': {
    headline: 'Chữ ký không hợp lệ: nội dung đã bị sửa sau khi ký',
    summary: 'Phần đang xem không còn là phần đã được ký.',
    advice:
      'Đừng dùng tệp này. Hãy xin lại bản gốc. Việc sửa có thể do phần mềm, đừng vội kết luận ai gian dối.',
  },
  malformed: {
    headline: 'Không đọc được tệp',
    summary: 'Tệp bị hỏng, bị cắt cụt hoặc được dựng để làm treo máy.',
    advice: 'Hãy tải lại tệp từ nơi phát hành và kiểm tra lại.',
  },
} satisfies Record<Verdict, { headline: string; summary: string; advice: string }>;

const changes = {
  'validation-data-added': 'Thêm dữ liệu xác minh lâu dài',
  'validation-data-removed': 'Dữ liệu xác minh bị bớt hoặc bị thay',
  'document-timestamp-added': 'Thêm dấu thời gian lưu trữ',
  'metadata-changed': 'Thông tin mô tả của tệp thay đổi',
  'signature-added': 'Thêm một chữ ký',
  'signature-field-added': 'Thêm chỗ để ký',
  'signature-removed': 'Một chữ ký bị gỡ bỏ',
  'signature-changed': 'Hình thức hoặc dữ liệu của chữ ký bị thay đổi',
  'form-field-filled': 'Một ô được điền',
  'form-field-added': 'Một ô mới được thêm',
  'form-field-removed': 'Một ô bị gỡ bỏ',
  'form-field-changed': 'Một ô bị thay đổi',
  'form-changed': 'Cách trình bày các ô bị thay đổi',
  'annotation-added': 'Thêm một ghi chú',
  'annotation-removed': 'Một ghi chú bị gỡ bỏ',
  'annotation-changed': 'Một ghi chú bị thay đổi',
  'overlay-added': 'Có hình che lên nội dung trang',
  'pages-added': 'Thêm trang',
  'pages-removed': 'Bớt trang',
  'pages-reordered': 'Thứ tự trang bị đổi',
  'page-changed': 'Nội dung trang bị thay đổi',
  'document-changed': 'Cấu trúc của tệp bị thay đổi',
  'hidden-objects': 'Có nội dung ẩn được chèn vào sau khi ký',
  'trailing-data': 'Có dữ liệu lạ ở cuối tệp',
} satisfies Record<ChangeKind, string>;

const warnings = {
  'weak-digest': 'Chữ ký dùng thuật toán đã yếu.',
  'weak-key': 'Khóa của người ký quá ngắn.',
  'no-signing-certificate-attribute':
    'Chữ ký kiểu cũ: không ghi rõ chứng thư trong phần được ký. Không ảnh hưởng đến nội dung.',
  'attributes-not-sorted': 'Dữ liệu chữ ký xếp chưa đúng chuẩn. Một vài phần mềm khác có thể từ chối.',
  'not-der': 'Dữ liệu chữ ký mã hóa theo kiểu cũ. Không ảnh hưởng đến nội dung.',
  'padding-not-zero': 'Có dữ liệu thừa phía sau chữ ký.',
  'several-fields': 'Một chữ ký hiện ở nhiều chỗ.',
  'timestamp-untrusted': 'Có dấu thời gian, nhưng ở đây chưa xác nhận được bên tạo ra nó.',
  'timestamp-revocation-unknown': 'Chưa biết chứng thư của bên cấp dấu thời gian có bị thu hồi không.',
  'ca-revocation-unknown': 'Chưa biết chứng thư của tổ chức cấp chứng thư có bị thu hồi không.',
  'revocation-stated-late':
    'Danh sách thu hồi được lập sau khi chứng thư hết hạn, có thể không còn ghi các lần thu hồi trước đó.',
  'claimed-time-after-proven-time': 'Giờ người ký tự ghi muộn hơn giờ mà dấu thời gian chứng minh.',
  'test-certificate': 'Chứng thư thử nghiệm, không có giá trị pháp lý.',
  'document-timestamp-only': 'Tệp có dấu thời gian nhưng không ai ký.',
  'empty-signature-field': 'Có một chỗ ký còn để trống.',
  encrypted: 'Tệp có mã hóa nhưng mở được không cần mật khẩu.',
  'signature-removed': 'Bản trước của tệp có chữ ký, bản hiện tại thì không.',
  'sub-filter-unusual': 'Chữ ký thuộc loại ít gặp.',
} satisfies Record<WarningCode, string>;

const VIETNAM_TIME = new Intl.DateTimeFormat('vi-VN', {
  timeZone: 'Asia/Ho_Chi_Minh',
  day: '2-digit',
  month: '2-digit',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});

export const doctorWordsVi = {
  verdicts,
  changes,
  warnings,
  trustSets: {
    vgca: 'Ban Cơ yếu Chính phủ (chữ ký số chuyên dùng công vụ)',
    national: 'Tổ chức cung cấp dịch vụ chứng thực chữ ký số quốc gia',
    internal: 'hệ thống nội bộ',
    test: 'hệ thống thử nghiệm',
  } as Readonly<Record<string, string>>,
  repairs: {
    'add-timestamp': 'Thêm dấu thời gian, để chứng minh chữ ký có trước khi chứng thư hết hạn.',
    'add-validation-data':
      'Thêm dữ liệu thu hồi vào tệp, để sau này vẫn kiểm tra được khi nơi cấp không còn trả lời.',
    'add-archive-timestamp': 'Thêm dấu thời gian lưu trữ, để giữ giá trị của chữ ký nhiều năm.',
  },
  repairHow:
    'Bổ sung không chạm vào phần đã ký. Đăng nhập rồi gửi tệp đến POST /api/v1/verifications/repairs, hoặc chạy: npm run vault -- upgrade TỆP.',
  testNotice: 'CHỨNG THƯ SỐ THỬ NGHIỆM – KHÔNG CÓ GIÁ TRỊ PHÁP LÝ',
  unknownSigner: 'không rõ tên',
  malformedAt: (offset: number, reason: string) =>
    offset >= 0 ? `Dừng đọc ở byte ${offset}: ${reason}.` : `Dừng đọc: ${reason}.`,
  signatureTitle: (name: string, organization: string | undefined) =>
    organization === undefined || organization === name
      ? `Chữ ký của ${name}`
      : `Chữ ký của ${name}, ${organization}`,
  stampTitle: (name: string) => `Dấu thời gian của ${name}`,
  intactWhole: 'Nội dung còn nguyên như lúc ký; chữ ký bao trùm toàn bộ tệp.',
  intactRevision: 'Nội dung đã ký còn nguyên; sau đó tệp có bổ sung được phép.',
  unchecked: 'Chưa kiểm tra được nội dung có còn nguyên không.',
  altered: 'Sau khi ký, tệp đã bị thay đổi ở những chỗ kể dưới đây.',
  alteredMatters: 'Quan trọng: điều bạn thấy có thể không phải điều đã được ký.',
  alteredTodo: 'Xin lại bản gốc từ nơi phát hành.',
  broken: 'Chữ ký không khớp với nội dung của tệp.',
  brokenMatters: 'Quan trọng: không thể tin nội dung này.',
  brokenTodo: 'Xin lại bản gốc từ nơi phát hành.',
  chainUnknown: 'Chưa xác nhận được ai đã cấp chứng thư cho người ký.',
  chainUnknownMatters: 'Nội dung không bị sửa, nhưng tên người ký chưa được ai ở đây bảo đảm.',
  chainUnknownTodo:
    'Quản trị viên thêm chứng thư gốc (ví dụ của Ban Cơ yếu Chính phủ) vào danh sách tin cậy.',
  noCertificate: 'Tệp không kèm chứng thư của người ký nên không biết ai đã ký.',
  revoked: 'Chứng thư của người ký đã bị thu hồi.',
  revokedMatters: 'Quan trọng: khóa có thể đã bị mất hoặc người ký không còn thẩm quyền.',
  revokedTodo: 'Hỏi cơ quan phát hành; xin bản ký bằng chứng thư mới.',
  expired: 'Chứng thư của người ký không còn trong thời hạn.',
  expiredMatters: 'Không có dấu thời gian thì không biết chữ ký có được tạo lúc còn hạn hay không.',
  expiredTodo: 'Xin bản ký mới có dấu thời gian.',
  revocationUnknown: 'Chưa biết chứng thư của người ký có bị thu hồi hay không.',
  revocationUnknownMatters: 'Có thể không sao, nhưng chưa ai xác nhận điều đó.',
  revocationUnknownTodo:
    'Kiểm tra lại khi có mạng, hoặc bổ sung danh sách thu hồi của tổ chức cấp chứng thư.',
  weakOrUnknown: 'Chữ ký dùng thuật toán đã yếu hoặc chưa biết.',
  weakOrUnknownMatters: 'Không có nghĩa là bị sửa, nhưng không đủ mạnh để khẳng định.',
  weakOrUnknownTodo: 'Xin bản ký mới bằng thuật toán hiện hành (SHA-256 trở lên).',
  notEntitled: 'Chứng thư không được cấp để ký loại tệp này.',
  trustedBy: (set: string) => `Người ký được xác nhận bởi ${set}.`,
  provenTime: (time: string) => `Dấu thời gian chứng minh chữ ký đã có vào lúc ${time}.`,
  claimedTime: (time: string) => `Người ký tự ghi giờ ký là ${time}; chưa có gì chứng minh.`,
  noTime: 'Không rõ giờ ký.',
  stampTrusted: (by: string, when: string) => `Dấu thời gian ${when} của ${by} đáng tin.`,
  stampUntrusted: (by: string, when: string) =>
    `Có dấu thời gian ${when} của ${by}, nhưng ở đây chưa xác nhận được bên này.`,
  stampBroken: (by: string) => `Dấu thời gian của ${by} không thuộc về tệp này hoặc bị hỏng.`,
  stampBrokenMatters: 'Quan trọng: ai đó có thể đã chép dấu thời gian từ tệp khác sang.',
  onPage: (page: number) => `trang ${page}`,
  inField: (field: string) => `ô "${field}"`,
  time: (time: Date) => VIETNAM_TIME.format(time),
};

export type DoctorWords = typeof doctorWordsVi;
