/** Words of the sign-in page. */
export const vi = {
  title: 'Đăng nhập',
  lead: (provider: string) => `Nhập số định danh. Sau đó ông (bà) xác nhận trên ứng dụng ${provider}.`,
  number: 'Số định danh cá nhân',
  numberHint: '12 chữ số, ở mặt trước thẻ căn cước',
  go: (provider: string) => `Tiếp tục với ${provider}`,
  fault: {
    empty: 'Chưa nhập số định danh. Nhập 12 chữ số ở mặt trước thẻ căn cước.',
    nine: 'Số vừa nhập có 9 chữ số. Có thể đó là số chứng minh nhân dân cũ. Hãy nhập số 12 chữ số trên thẻ căn cước.',
    length: (digits: number) => `Số vừa nhập có ${digits} chữ số. Số định danh phải có đủ 12 chữ số.`,
    letters: 'Số định danh chỉ gồm chữ số. Hãy bỏ chữ cái hoặc dấu.',
  },
  noCard: 'Không tìm thấy thẻ căn cước?',
  noCardText:
    'Số định danh còn ghi trên giấy khai sinh cấp từ năm 2016, hoặc ông (bà) hỏi công an xã, phường nơi cư trú.',
  noPhone: 'Không dùng điện thoại thông minh?',
  noPhoneText:
    'Ông (bà) mang thẻ căn cước đến bất kỳ Bộ phận Một cửa nào. Cán bộ sẽ giúp. Không ai được hỏi mật khẩu của ông (bà).',
  nearest: 'Tìm Bộ phận Một cửa gần nhất',
  forgot: (provider: string) => `Quên mật khẩu ${provider}`,
  forgotText: (provider: string) =>
    `Mở ứng dụng ${provider}, chọn “Quên mật khẩu”. Hoặc mang thẻ căn cước đến công an xã, phường để đặt lại. Kho này không giữ mật khẩu của ông (bà).`,
  onlyVerify: 'Tôi chỉ muốn kiểm tra một tờ giấy',
  onlyVerifyText: 'Không cần đăng nhập.',
  onlyVerifyLink: 'Kiểm tra giấy bằng mã, ảnh QR hoặc tệp',
  officer: 'Tôi là cán bộ, công chức',
  officerText: 'Cán bộ đăng nhập bằng tài khoản của cơ quan, không dùng tài khoản của công dân.',
  officerLink: 'Đăng nhập dành cho cán bộ',
  expired: 'Phiên làm việc đã đóng vì lâu không dùng',
  expiredText: 'Đăng nhập lại để làm tiếp. Những gì đã gửi vẫn còn.',
};
