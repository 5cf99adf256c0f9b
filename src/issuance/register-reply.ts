/**
 * The written reply when a register cannot serve: NĐ 23/2015/NĐ-CP art. 17(2) gives the person a paper that says so.
 * Pure: what was searched goes in, the words come out.
 */
import { type CalendarDate, inWords, type Labels } from '../catalogue/index.ts';

export interface NegativeReply {
  readonly kind: 'no-book' | 'book-lost' | 'no-entry';
  readonly agency: Labels;
  readonly documentType: Labels;
  /** Years of the books that were searched. */
  readonly years: readonly number[];
  /** Names of what was searched by, never the values. */
  readonly searchedBy: readonly string[];
  readonly on: CalendarDate;
  readonly words: Labels;
}

export function negativeReply(facts: Omit<NegativeReply, 'words'>): NegativeReply {
  const { agency, documentType, years, on, kind } = facts;
  const when = years.length === 0 ? '' : ` (${years.join(', ')})`;
  const why: Record<NegativeReply['kind'], Labels> = {
    'no-book': {
      vi: `không giữ sổ gốc cấp ${documentType.vi}${when}`,
      en: `keeps no register of ${documentType.en}${when}`,
    },
    'book-lost': {
      vi: `không còn lưu được sổ gốc cấp ${documentType.vi}${when}`,
      en: `no longer has the register of ${documentType.en}${when}`,
    },
    'no-entry': {
      vi: `đã tra sổ gốc cấp ${documentType.vi}${when} và không thấy thông tin được yêu cầu`,
      en: `searched the register of ${documentType.en}${when} and found no such entry`,
    },
  };
  return {
    ...facts,
    words: {
      vi: `Ngày ${inWords(on)}, ${agency.vi} ${why[kind].vi}. Văn bản này là trả lời không cấp được bản sao từ sổ gốc (NĐ 23/2015/NĐ-CP Điều 17 khoản 2).`,
      en: `On ${on}, ${agency.en} ${why[kind].en}. This is the written reply that no copy can be issued from the register (Decree 23/2015 art. 17(2)).`,
    },
  };
}
