/** Words of the pages that refuse or fail. Each names the next step and who takes it. */
export const vi = {
  notFound: {
    title: 'Không có trang này',
    text: 'Địa chỉ có thể gõ thiếu, hoặc giấy này không phải của người đang đăng nhập. Điều đó không có nghĩa là giấy không còn.',
  },
  forbidden: {
    title: 'Trang này chưa mở cho ông (bà)',
    text: 'Trang chỉ mở cho người có quyền với giấy hoặc hồ sơ này.',
    reasons: {
      officer: 'Trang này chỉ mở cho cán bộ đang giữ hồ sơ. Hãy mở từ hồ sơ tại quầy.',
      owner:
        'Trang này chỉ mở cho chủ giấy tờ, hoặc người đại diện đã được ghi nhận. Muốn được đại diện, đến Bộ phận Một cửa với giấy ủy quyền.',
      level: 'Việc này cần tài khoản định danh mức 2. Nâng mức tại công an xã, phường.',
      form: 'Trang gửi đi đã cũ hoặc mở từ nơi khác. Chưa có gì được ghi. Quay lại, tải lại trang rồi gửi lần nữa.',
    },
  },
  server: {
    title: 'Việc này chưa làm xong',
    text: 'Máy chủ gặp trục trặc và đã tự ghi lại. Giấy tờ trong kho vẫn còn nguyên. Những gì chưa gửi thì chưa có tác dụng.',
    reference: (code: string) => `Khi gọi hỗ trợ, đọc mã ${code}.`,
    retry: 'Thử lại trang này',
  },
  unprocessable: {
    title: 'Chưa nhận được nội dung gửi',
    text: 'Có chỗ máy chủ không đọc được. Chưa có gì được ghi. Quay lại và xem các ô đã điền.',
  },
  tooMany: {
    title: 'Gửi quá nhiều lần trong thời gian ngắn',
    text: (seconds: number) => `Chờ ${seconds} giây rồi thử lại. Chưa có gì bị mất.`,
  },
  home: 'Về trang đầu',
  verify: 'Kiểm tra một tờ giấy',
  offices: 'Tìm Bộ phận Một cửa gần nhất',
};
