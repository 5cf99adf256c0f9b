/** Words of the public verification pages: plain sentence first, technique last. */
export const vi = {
  start: {
    title: 'Kiểm tra một tờ giấy',
    lead: 'Ai cũng kiểm tra được, không cần đăng nhập. Kho không lưu tệp ông (bà) đưa lên.',
    code: 'Mã in trên giấy',
    codeHint: 'Ở cạnh mã QR, ví dụ: 7K4M-92QX-PD31. Chữ hoa hay thường, có gạch hay không đều được.',
    checkCode: 'Kiểm tra mã',
    file: 'Hoặc tệp PDF ông (bà) nhận được',
    fileHint: (size: string) => `Tối đa ${size}. Dùng tệp gốc được gửi, không dùng ảnh chụp màn hình.`,
    checkFile: 'Kiểm tra tệp',
    how: 'Lấy mã ở đâu?',
    howText:
      'Giấy in từ kho có mã QR ở góc trên bên trái. Quét bằng máy ảnh điện thoại thì trang kết quả mở ngay. Địa chỉ trang phải trùng với địa chỉ in trên giấy.',
    fault: {
      empty: 'Chưa nhập mã. Nhập mã in cạnh mã QR, hoặc chọn tệp PDF ở dưới.',
      shape: 'Mã gồm 12 chữ và số, không có chữ I, L, O, U. Hãy xem lại mã in trên giấy.',
      typo: 'Mã này gõ nhầm một chữ ở đâu đó. Hãy so lại từng nhóm với giấy.',
      noFile: 'Chưa chọn tệp. Chọn tệp PDF cần kiểm tra.',
      notPdf: 'Tệp này không phải PDF. Hãy chọn tệp PDF gốc được gửi cho ông (bà).',
      tooBig: (size: string) => `Tệp lớn hơn ${size}. Hãy kiểm tra bằng mã in trên giấy.`,
    },
  },
  verdict: {
    valid: 'Giấy này còn nguyên vẹn và còn hiệu lực',
    changed: 'Đừng dùng tệp này. Nội dung đã bị sửa sau khi ký.',
    revoked: 'Đừng dùng giấy này. Cơ quan cấp đã thu hồi.',
    annulled: 'Đừng dùng giấy này. Cơ quan có thẩm quyền đã hủy bỏ.',
    broken: 'Đừng dùng tệp này. Chữ ký số không đúng.',
    expired: 'Giấy này đã hết hạn',
    suspended: 'Giấy này đang tạm khóa',
    superseded: 'Giấy này đã có bản mới thay thế',
    indeterminate: 'Chưa kết luận được',
    unsigned: 'Tệp này không có chữ ký số',
    unverified: 'Chưa cơ quan nào đối chiếu giấy này',
    indeterminateText:
      'Chưa kết luận được không có nghĩa là giấy giả. Chưa nên dựa vào giấy này cho đến khi kiểm tra lại.',
    at: (time: string, date: string) => `Kiểm tra lúc ${time}, ngày ${date}`,
    test: 'Ký bằng chứng thư thử nghiệm. Không có giá trị pháp lý.',
  },
  compare: {
    title: 'So với tờ giấy ông (bà) đang cầm',
    text: 'Các dòng dưới đây phải giống hệt. Nếu khác, tờ giấy đó không phải bản này.',
    paper: 'Giấy',
    holder: 'Người được cấp',
    serial: 'Số hiệu',
    issuer: 'Cơ quan cấp',
    keeper: 'Cơ quan nay giữ sổ',
    issuedOn: 'Ngày cấp',
    validity: 'Hiệu lực',
    masked:
      'Tên và số được che bớt vì ai có mã cũng xem được trang này. Địa chỉ trang phải trùng với địa chỉ in trên giấy.',
  },
  changes: {
    title: 'Chỗ bị sửa',
    where: 'Ở đâu',
    signed: 'Bản đã ký',
    file: 'Tệp này',
  },
  advice: {
    title: 'Nên làm gì',
    changed: (agency: string): readonly string[] => [
      'Không nhận tệp này.',
      'Xin người nộp mã QR, hoặc bản tải lại từ kho. Bản đã ký vẫn còn hiệu lực.',
      `Nếu nghi giả mạo, báo ${agency}.`,
    ],
    refused: (agency: string): readonly string[] => [
      'Không nhận giấy này.',
      `Hỏi ${agency} lý do và bản thay thế, nếu có.`,
    ],
    broken: (agency: string): readonly string[] => [
      'Không nhận tệp này.',
      'Xin người nộp mã QR, hoặc bản tải lại từ kho.',
      `Nếu nghi giả mạo, báo ${agency}.`,
    ],
    ended: (agency: string): readonly string[] => [
      'Xin người nộp giấy còn hiệu lực.',
      `Cần hỏi thêm thì hỏi ${agency}.`,
    ],
    indeterminate: (agency: string): readonly string[] => [
      'Kiểm tra lại sau một giờ, hoặc nhập mã in trên giấy.',
      `Cần ngay thì hỏi ${agency}.`,
    ],
    unsigned: (): readonly string[] => [
      'Xin người nộp mã QR hoặc tệp PDF tải từ kho.',
      'Ảnh chụp và bản quét không kiểm tra được bằng cách này.',
    ],
    haste: 'Đừng vội kết luận về người nộp: phần mềm chỉnh ảnh, ghi chú cũng có thể làm đổi tệp.',
    theIssuer: 'cơ quan ghi trên giấy',
  },
  worth: 'Giấy này có giá trị gì?',
  technical: 'Chi tiết kỹ thuật',
  log: 'Điểm chốt sổ',
  again: 'Kiểm tra giấy khác',
  notFound: {
    title: 'Không có giấy nào mang mã này',
    text: (code: string) => `Mã ${code} viết đúng cách, nhưng không có trong kho này.`,
    reasons: [
      'So lại từng nhóm của mã với giấy: 0 và O, 1 và I dễ lẫn.',
      'Xem địa chỉ in trên giấy. Giấy của tỉnh khác kiểm tra ở trang của tỉnh đó.',
      'Nếu vẫn không thấy, hỏi cơ quan ghi trên giấy. Chưa nên nhận giấy.',
    ] as readonly string[],
  },
};
