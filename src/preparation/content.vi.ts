/** Words of the pages that tell what to take along. `you` is “bà”, “ông” or “ông (bà)”. */
import { capital } from '../web/i18n/format.ts';

export const vi = {
  title: 'Chuẩn bị trước khi đi làm thủ tục',
  lead: (you: string) =>
    `Chọn thủ tục để biết giấy nào của ${you} đã có trong kho, giấy nào còn phải mang theo.`,
  search: 'Tìm thủ tục',
  searchHint: 'Gõ không dấu cũng được, ví dụ: thuong tru',
  find: 'Tìm',
  none: (query: string) => `Không có thủ tục nào tên “${query}”. Thử ít chữ hơn, hoặc hỏi Bộ phận Một cửa.`,
  all: 'Xem mọi thủ tục',
  code: (code: string) => `Mã ${code}`,
  bring: (count: number, you: string) =>
    count === 0
      ? `${capital(you)} không phải mang bản giấy nào.`
      : `${capital(you)} cần mang theo ${count} giấy tờ.`,
  inVault: (count: number) =>
    count === 0
      ? 'Kho chưa có giấy nào cho thủ tục này.'
      : `${count} giấy đã có trong kho, không phải nộp lại.`,
  unclear: 'Trả lời các câu hỏi bên dưới để danh sách đúng với trường hợp của mình.',
  questions: 'Trường hợp của tôi',
  questionsHint: 'Chọn những điều đúng, để trống những điều không đúng.',
  update: 'Xem danh sách',
  list: 'Giấy tờ của thủ tục',
  states: {
    'in-vault': 'Có trong kho, không phải mang theo',
    'not-usable': 'Có trong kho nhưng chưa dùng được',
    bring: 'Mang theo bản giấy',
    form: 'Tờ khai: điền tại quầy hoặc trên mạng',
    show: 'Chỉ xuất trình, không nộp',
    ask: 'Chưa rõ có cần không',
  },
  optional: 'Không bắt buộc',
  consent: (you: string) => `Khi nộp hồ sơ, ${you} sẽ được hỏi có cho dùng giấy này không.`,
  onlyIf: (condition: string) => `Chỉ cần khi: ${condition}`,
  see: 'Xem giấy này',
  unverified: 'Mã thủ tục này chưa đối chiếu với cơ sở dữ liệu quốc gia.',
  back: 'Chọn thủ tục khác',
};
