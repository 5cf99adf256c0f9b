/** Words of the statistics board (QĐ 766, NĐ 224/2026 Đ.19). */
export const vi = {
  title: 'Số hóa và sử dụng lại',
  lead: (period: string, scope: string, dossiers: string, at: string) =>
    `${period}, ${scope}, ${dossiers} hồ sơ đã giải quyết. Tính lúc ${at}.`,
  period: 'Kỳ',
  agency: 'Cơ quan',
  show: 'Xem',
  rates: {
    results: 'Cấp kết quả điện tử',
    digitised: 'Số hóa hồ sơ, kết quả',
    reused: 'Sử dụng lại giấy đã có',
  },
  reached: (target: string) => `Đạt mục tiêu ${target}`,
  missed: (points: string, target: string) => `Thiếu ${points} điểm so với mục tiêu ${target}`,
  byAgency: 'Theo cơ quan, xếp theo tỷ lệ sử dụng lại',
  dossiers: 'Hồ sơ',
  column: (name: string, target: string) => `${name}, mục tiêu ${target}`,
  short: { results: 'Kết quả điện tử', digitised: 'Số hóa', reused: 'Sử dụng lại' },
  key: 'Thanh đặc: đạt mục tiêu. Thanh kẻ sọc: chưa đạt. Vạch đứng: mục tiêu.',
  method: 'Cách tính từng tỷ lệ',
  csv: 'Tải bảng (CSV)',
  trend: (months: number) => `Sử dụng lại, ${months} tháng`,
  trendLabel: (from: string, to: string) => `Tỷ lệ sử dụng lại từ ${from} đến ${to}`,
  target: (target: string) => `Mục tiêu ${target}`,
  trendTable: 'Xem bảng số của biểu đồ',
  month: 'Tháng',
  demands: 'Giấy đã có trong kho mà vẫn bị yêu cầu',
  reason: 'Lý do đã chọn',
  times: 'Số lần',
  total: (now: string, before: string) => `Kỳ này: ${now} lần, kỳ trước: ${before} lần.`,
  each: 'Xem từng lần',
  none: 'Không có lần nào trong kỳ.',
  nothing: 'Chưa có số liệu',
  noDossiers: 'Trong kỳ này chưa có hồ sơ nào ở các cơ quan đã chọn.',
  allAgencies: 'Tất cả cơ quan',
  scope: (agency: string | undefined) =>
    agency === undefined ? 'mọi cơ quan được xem' : `${agency} và cơ quan trực thuộc`,
  reasons: {
    'suspected-forgery': 'Nghi giả mạo',
    'data-differ': 'Dữ liệu sai lệch',
    illegible: 'Bản số hóa không đọc được',
    'special-law': 'Luật chuyên ngành quy định',
  } as Readonly<Record<string, string>>,
  methodLead: (from: string) =>
    `Cách tính áp dụng từ ${from}. Công thức và mục tiêu là dữ liệu của danh mục, đổi được khi văn bản đổi.`,
  unverified: 'Chưa đối chiếu được với văn bản công bố; cơ quan vận hành cần xác nhận trước khi báo cáo.',
  rate: 'Tỷ lệ',
  formula: 'Công thức',
  targetColumn: 'Mục tiêu',
  formulas: {
    results:
      'Số hồ sơ đã giải quyết có ít nhất một kết quả còn hiệu lực, có chữ ký số của cơ quan, trong kho, chia cho số hồ sơ đã giải quyết.',
    digitised:
      'Số hồ sơ đã giải quyết có đủ thành phần bắt buộc phải nộp và kết quả trong kho, chia cho số hồ sơ đã giải quyết.',
    reused: {
      dossier:
        'Số hồ sơ đã tiếp nhận có ít nhất một thành phần lấy từ kho, chia cho số hồ sơ đã tiếp nhận có thành phần lấy được từ kho.',
      component:
        'Số thành phần lấy từ kho, chia cho số thành phần lấy được từ kho, trong các hồ sơ đã tiếp nhận.',
    },
  },
  back: 'Về bảng số liệu',
  demandsLead: (period: string) =>
    `Tháng ${period}. Không hiện tên người, mã hồ sơ; ghi chú của cán bộ chỉ công dân đó đọc được.`,
  csvPart: 'tử số',
  csvWhole: 'mẫu số',
  when: 'Lúc',
  procedure: 'Thủ tục',
  component: 'Thành phần hồ sơ',
};
