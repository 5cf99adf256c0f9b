/** Words of the consent pages. The text a person consents to is part of the record: change its version with it. */

/** Version of the consent text, kept in each record with the hash of what was shown. */
export const vi = {
  textVersion: 'vi-2026-11',
  requests: {
    title: 'Yêu cầu xem giấy tờ',
    waiting: (count: number, you: string) =>
      count === 0 ? `Không có yêu cầu nào chờ ${you}` : `${count} yêu cầu chờ ${you} trả lời`,
    none: (you: string) =>
      `Khi có cơ quan xin xem giấy, yêu cầu hiện ở đây và báo cho ${you}. Im lặng không phải là đồng ý.`,
    line: (papers: number, procedure: string) => `Xin xem ${papers} giấy tờ để làm thủ tục ${procedure}`,
    due: (due: string) => `Hạn trả lời: ${due}`,
    open: 'Xem và trả lời',
    answered: 'Đã trả lời',
    expired: 'Hết hạn, không ai xem được gì',
    outcome: (allowed: number, refused: number) => `Cho phép ${allowed}, từ chối ${refused}`,
    grants: (you: string) => `Những gì ${you} đang cho phép`,
  },
  ask: {
    back: 'Các yêu cầu',
    title: (papers: number, You: string) => `${You} có cho phép xem ${papers} giấy tờ này không?`,
    lead: (You: string) => `${You} chọn riêng cho từng giấy. Không ô nào được chọn sẵn.`,
    who: 'Ai xin xem',
    officer: (officer: string, office: string) => `Người tiếp nhận: ${officer}, ${office}`,
    procedure: 'Để làm thủ tục',
    dossier: (code: string) => `Hồ sơ ${code}`,
    whyFull: 'Vì sao cần xem cả giấy',
    until: 'Được xem đến khi',
    untilText: 'Hồ sơ giải quyết xong, chậm nhất',
    closes: 'Sau đó tự đóng lại.',
    item: (index: number, total: number) => `Giấy ${index} trên ${total}`,
    optional: ', không bắt buộc',
    sensitive: ', dữ liệu nhạy cảm',
    why: 'Vì sao cần:',
    see: 'Họ sẽ thấy',
    minimum: '(mức tối thiểu)',
    full: '(mức toàn bộ)',
    notSee: 'Họ không thấy',
    ifRefused: (you: string) => `Nếu ${you} từ chối:`,
    answer: (index: number, You: string) => `${You} trả lời giấy ${index}`,
    allow: 'Cho phép',
    refuse: 'Từ chối',
    unanswered: (index: number, title: string) =>
      `Chưa trả lời giấy ${index}: ${title}. Chọn Cho phép hoặc Từ chối.`,
    rights: (you: string) => `Quyền của ${you}`,
    right: (you: string): readonly (readonly [string, string])[] => [
      ['Từ chối được.', `Khi đó ${you} nộp bản giấy. Không ai được gây khó cho ${you}.`],
      ['Đổi ý lúc nào cũng được,', 'ở mục “Yêu cầu” hoặc tại bất kỳ Bộ phận Một cửa nào.'],
      ['Mỗi lần xem đều được ghi lại', `và báo cho ${you}.`],
      ['Thấy không đúng thì hỏi.', 'Cơ quan phải trả lời trong 2 ngày làm việc.'],
    ],
    review: 'Xem lại trước khi gửi',
    print: 'In yêu cầu này',
    help: 'Tôi chưa hiểu, cần người giúp',
  },
  check: {
    title: 'Xem lại trước khi gửi',
    lead: (agency: string, you: string) =>
      `Chưa gửi gì cả. ${agency} chỉ biết câu trả lời sau khi ${you} bấm gửi.`,
    change: 'Sửa',
    nothing: 'Không thấy gì',
    send: 'Gửi câu trả lời',
  },
  sent: {
    title: 'Đã gửi câu trả lời',
    receipt: (code: string, at: string) => `Mã biên nhận ${code}, lúc ${at}.`,
    next: 'Tiếp theo',
    allowed: (agency: string, until: string) =>
      `${agency} xem được các giấy đã cho phép, chậm nhất đến ${until}.`,
    refusedNext: (you: string) => `Giấy đã từ chối thì ${you} nộp bản giấy, hoặc hỏi người tiếp nhận.`,
    log: (you: string) => `Mỗi lần xem hiện ở mục “Ai đã xem” và được báo cho ${you}.`,
    withdraw: 'Đổi ý thì thu hồi ở',
    answers: 'Câu trả lời',
    print: 'In biên nhận',
  },
  grants: {
    title: (you: string) => `Những gì ${you} đang cho phép`,
    none: (you: string) => `Hiện không ai được xem giấy tờ của ${you}, trừ trường hợp luật cho phép.`,
    lead: (you: string) =>
      `Thu hồi có tác dụng ngay với lần xem sau. Những lần đã xem vẫn nằm trong sổ của ${you}.`,
    for: 'Để làm thủ tục',
    until: 'Chậm nhất đến',
    given: 'Cho phép lúc',
    seen: (times: number) => (times === 0 ? 'Chưa xem lần nào' : `Đã xem ${times} lần`),
    withdraw: 'Thu hồi',
  },
  withdraw: {
    title: (agency: string) => `Thu hồi quyền xem của ${agency}?`,
    what: (title: string) => `Họ sẽ không mở được “${title}” nữa.`,
    effect: (you: string) =>
      `Nếu hồ sơ chưa xong, ${you} có thể phải nộp bản giấy. Những gì đã dùng trước lúc này không mất hiệu lực.`,
    yes: 'Thu hồi quyền xem',
    no: 'Giữ nguyên',
  },
};
