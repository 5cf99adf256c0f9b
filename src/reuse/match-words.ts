/** The words for how fields agree, and where a wrong one is corrected: a named office and procedure, not a home page. */
import type { CalendarDate, Catalogue, DocumentGroup, Labels } from '../catalogue/index.ts';
import type { FieldResult } from './field-match.ts';

export const MATCH_WORDS: Readonly<Record<FieldResult, Labels>> = {
  exact: { vi: 'Khớp', en: 'The same' },
  'unicode-form': { vi: 'Khớp, chỉ khác cách mã hóa dấu', en: 'The same, in another Unicode form' },
  'letter-case': { vi: 'Khớp, chỉ khác chữ hoa, chữ thường', en: 'The same but for capital letters' },
  'tone-place': { vi: 'Khớp, chỉ khác chỗ đặt dấu thanh', en: 'The same but for the place of the tone mark' },
  marks: { vi: 'Khớp chữ, khác dấu', en: 'The same letters, other marks' },
  order: { vi: 'Khớp, chỉ khác thứ tự chữ', en: 'The same words in another order' },
  'old-number': {
    vi: 'Khớp với số chứng minh nhân dân 9 số của chính người này',
    en: 'The former 9-digit number of the same person',
  },
  passport: { vi: 'Khớp theo hộ chiếu', en: 'The same by passport' },
  'year-only': {
    vi: 'Khớp năm; một bên không ghi ngày tháng',
    en: 'The same year; one side has no day and month',
  },
  'merged-unit': { vi: 'Khớp, đơn vị cũ đã sáp nhập', en: 'The same place, merged since' },
  differs: { vi: 'Khác nhau', en: 'Different' },
};

/** Where a value of the vault is put right. */
export interface Correction {
  /** The agency that keeps the register, by identifier; null where the catalogue does not know it. */
  readonly agency: string | null;
  readonly office: Labels;
  readonly procedure: string | null;
  readonly words: Labels;
}

/** The procedure that corrects a register, by the group of its papers; used only while it is in force. */
const PROCEDURES: Partial<Record<DocumentGroup, string>> = {
  'civil-status': '1.004859',
  education: '3.000466',
};

export function correctionOf(
  catalogue: Catalogue,
  today: CalendarDate,
  paper: { readonly issuerId: string | null; readonly group: DocumentGroup },
): Correction {
  const keeper =
    paper.issuerId === null ? undefined : catalogue.presentKeeper(paper.issuerId, today, paper.group);
  const agency = keeper?.found ? keeper.keeper : undefined;
  const procedure = catalogue.procedure(PROCEDURES[paper.group] ?? '', today);
  const office = agency?.names ?? {
    vi: 'cơ quan đang giữ sổ gốc của giấy',
    en: 'the agency that keeps the register of the paper',
  };
  return {
    agency: agency?.id ?? null,
    office,
    procedure: procedure?.code ?? null,
    words: corrected(office, procedure && { code: procedure.code, names: procedure.names }),
  };
}

/** For the name and birth date of a person, which the population database keeps. */
export function personCorrection(catalogue: Catalogue, today: CalendarDate): Correction {
  const procedure = catalogue.procedure('1.004859', today);
  const office = {
    vi: 'UBND cấp xã nơi đã đăng ký khai sinh hoặc nơi cư trú',
    en: 'the commune where the birth was registered or where the person lives',
  };
  return {
    agency: null,
    office,
    procedure: procedure?.code ?? null,
    words: corrected(office, procedure && { code: procedure.code, names: procedure.names }),
  };
}

const corrected = (office: Labels, procedure: { code: string; names: Labels } | undefined): Labels => ({
  vi: `Tờ khai sai thì sửa tại đây. Kho sai thì cải chính tại ${office.vi}${procedure ? `, thủ tục ${procedure.code} ${procedure.names.vi}` : ''}.`,
  en: `If the form is wrong, mend it here. If the vault is, it is corrected at ${office.en}${procedure ? ` by procedure ${procedure.code} ${procedure.names.en}` : ''}.`,
});
