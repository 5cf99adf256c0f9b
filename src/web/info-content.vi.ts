/** Words of the pages behind the footer: help, personal data, accessibility, offices. */
type Sections = readonly { readonly title: string; readonly text: readonly string[] }[];

const help: Sections = [
  {
    title: 'Xem và tải giấy tờ',
    text: [
      'Đăng nhập, mở mục “Giấy tờ”, chọn một giấy. Trang giấy có nút tải về, chia sẻ bằng mã QR và in bản chuyển đổi.',
      'Giấy có dấu tròn đỏ số 1 là giấy có cơ quan đứng sau. Vòng nét đứt là giấy tự tải lên, chưa cơ quan nào đối chiếu.',
    ],
  },
  {
    title: 'Có cơ quan xin xem giấy',
    text: [
      'Yêu cầu hiện ở mục “Yêu cầu”. Ông (bà) trả lời riêng cho từng giấy. Chưa trả lời thì họ chưa xem được gì.',
      'Đổi ý thì mở “Yêu cầu”, “Những gì đang cho phép”, rồi thu hồi.',
    ],
  },
  {
    title: 'Muốn biết ai đã xem',
    text: [
      'Mục “Ai đã xem” ghi mọi lần xem, kể cả lần bị từ chối. Mỗi lần có đường dẫn để hỏi hoặc khiếu nại.',
    ],
  },
  {
    title: 'Giấy có chỗ sai',
    text: [
      'Mở giấy, chọn “Thấy sai? Yêu cầu sửa”. Cơ quan giữ sổ sửa trong sổ gốc, rồi kho nhận bản mới. Bản cũ vẫn giữ và ghi là bị thay thế.',
    ],
  },
  {
    title: 'Không dùng điện thoại, máy tính',
    text: [
      'Mang thẻ căn cước đến bất kỳ Bộ phận Một cửa nào. Cán bộ làm cùng ông (bà) và in phiếu ghi những gì đã làm. Không ai được hỏi mật khẩu của ông (bà).',
    ],
  },
];

const privacy: Sections = [
  {
    title: 'Kho giữ gì',
    text: [
      'Giấy tờ cơ quan đã cấp hoặc số hóa, giấy tự tải lên, và dữ liệu mô tả của giấy: loại, số, ngày, cơ quan cấp, thời hạn.',
      'Sổ ghi mọi lần xem. Sổ ghi ai, lúc nào, để làm thủ tục gì; không ghi nội dung giấy.',
    ],
  },
  {
    title: 'Ai xem được',
    text: [
      'Chủ giấy và người đại diện đã được ghi nhận. Cơ quan chỉ xem được khi chủ giấy cho phép cho một hồ sơ, hoặc khi một điều luật cho phép. Cả hai đều vào sổ.',
      'Người có mã kiểm tra in trên giấy chỉ thấy giấy còn hiệu lực hay không, tên và số đã che bớt.',
    ],
  },
  {
    title: 'Quyền của chủ giấy',
    text: [
      'Biết ai đã xem, đồng ý hoặc từ chối từng giấy, rút lại sự đồng ý, xin sửa, tải dữ liệu của mình, khiếu nại.',
      'Yêu cầu được báo đã nhận trong 2 ngày làm việc. Rút lại sự đồng ý có tác dụng ngay với lần xem sau.',
      'Giấy bị thu hồi hay hết hạn không bị xóa: luật yêu cầu giữ để tra cứu.',
    ],
  },
  {
    title: 'Trang này dùng cookie gì',
    text: [
      'Một cookie giữ phiên đăng nhập và một cookie nhớ ngôn ngữ. Không có cookie theo dõi, không tải gì từ nơi khác.',
    ],
  },
];

const accessibility: Sections = [
  {
    title: 'Mức đang theo',
    text: [
      'Các trang được làm theo WCAG 2.2 mức AA: dùng được bằng bàn phím, không cần JavaScript, phóng to 400% không phải cuộn ngang, có giao diện sáng và tối, nghĩa không chỉ dựa vào màu.',
    ],
  },
  {
    title: 'Đã kiểm tra thế nào',
    text: [
      'Mọi trang, mọi trạng thái được kiểm tra tự động bằng axe và trong trình duyệt thật. Kiểm tra tự động chỉ thấy một phần lỗi; chưa có đợt thử với người dùng trình đọc màn hình và người trên 60 tuổi.',
    ],
  },
  {
    title: 'Gặp chỗ khó dùng',
    text: [
      'Báo cho cơ quan chủ quản kho, hoặc nói với cán bộ tại Bộ phận Một cửa. Trong khi chờ sửa, cán bộ làm cùng ông (bà).',
    ],
  },
];

export const vi = {
  help: { title: 'Trợ giúp', sections: help },
  privacy: { title: 'Bảo vệ dữ liệu cá nhân', sections: privacy },
  accessibility: { title: 'Khả năng tiếp cận', sections: accessibility },
  offices: {
    title: 'Bộ phận Một cửa',
    lead: 'Bộ phận Một cửa nào cũng nhận, không phân biệt nơi cư trú. Mang theo thẻ căn cước.',
    none: 'Kho chưa có danh sách địa chỉ. Hãy đến trụ sở UBND xã, phường, đặc khu gần nhất.',
    columns: { name: 'Nơi', address: 'Địa chỉ', hours: 'Giờ làm việc' },
  },
  welcome: {
    title: 'Nộp một lần, dùng nhiều lần',
    lead: 'Kho giữ bản điện tử có chữ ký số của giấy tờ. Thủ tục sau lấy giấy từ kho khi chủ giấy đồng ý, không phải nộp lại.',
    own: 'Tôi muốn xem giấy tờ của tôi',
    ownText: 'Đăng nhập để xem giấy, trả lời yêu cầu, và biết ai đã xem.',
    signIn: 'Đăng nhập',
    verify: 'Tôi muốn kiểm tra một tờ giấy',
    verifyText: 'Không cần đăng nhập. Nhập mã in trên giấy hoặc đưa tệp PDF.',
    verifyLink: 'Kiểm tra giấy',
    desk: 'Tôi cần người giúp',
    deskText: 'Cán bộ ở bất kỳ Bộ phận Một cửa nào cũng giúp được.',
    deskLink: 'Tìm nơi gần nhất',
  },
};
