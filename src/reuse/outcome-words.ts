/** The words of outcomes: why, and what comes next. */
import type { Field } from '../catalogue/index.ts';

export interface Words {
  readonly vi: string;
  readonly en: string;
}

export const NOT_FOUND: Words = {
  vi: 'Chưa có trong kho. Người này được nộp bản giấy; cán bộ số hóa để lần sau không phải nộp lại.',
  en: 'Not in the vault yet. The person may hand in paper; the desk digitises it, so that it is not asked for again.',
};
export const REVOKED: Words = {
  vi: 'Giấy đã bị thu hồi hoặc hủy bỏ',
  en: 'The paper was revoked or annulled',
};
export const SUPERSEDED: Words = { vi: 'Giấy đã có bản thay thế', en: 'The paper was superseded' };
export const SUSPENDED: Words = { vi: 'Giấy đang tạm khóa', en: 'The paper is suspended' };
export const UNVERIFIED: Words = {
  vi: 'Giấy tự tải lên, chưa đối chiếu bản chính',
  en: 'Uploaded by the owner and not compared with the original',
};
export const OTHER_TYPE: Words = {
  vi: 'Loại giấy không dùng cho thành phần này',
  en: 'This type does not meet the component',
};
export const OWNER_ONLY: Words = {
  vi: 'Chỉ chủ giấy tờ được mở loại giấy này',
  en: 'Only the owner opens this type of paper',
};
export const CONSENT: Words = { vi: 'Cần chủ giấy tờ đồng ý', en: 'The owner must agree first' };
export const REFUSED: Words = { vi: 'Chủ giấy tờ đã từ chối', en: 'The owner refused' };
export const WITHDRAWN: Words = { vi: 'Sự đồng ý đã được rút lại', en: 'The consent was withdrawn' };
export const PREVIEW: Words = {
  vi: 'Chủ giấy tờ xem trước rồi mới đưa ra',
  en: 'The owner looks at it before it goes out',
};
export const REFUSED_AFTER_PREVIEW: Words = {
  vi: 'Chủ giấy tờ đã xem trước và không đưa giấy này ra',
  en: 'The owner looked at it and does not let it go',
};
export const DECEASED: Words = {
  vi: 'Chủ giấy tờ đã mất: giấy chỉ mở theo căn cứ luật định; người thừa kế được xem',
  en: 'The holder has died: the paper opens only by a duty of law; heirs may look at it',
};
export const OTHER_ISSUER: Words = {
  vi: 'Giấy có trong kho do nơi khác đăng ký. Hãy hỏi lại nơi đăng ký.',
  en: 'The paper in the vault was registered elsewhere. Ask again where it was registered.',
};
export const DIGITISING: Words = {
  vi: 'Bản giấy đã nộp và đang được số hóa',
  en: 'The paper was handed in and is being digitised',
};

const HOLDERS: Readonly<Record<string, Words>> = {
  spouse: { vi: 'vợ hoặc chồng', en: 'the spouse' },
  child: { vi: 'người con', en: 'the child' },
  parent: { vi: 'cha hoặc mẹ', en: 'the parent' },
  deceased: { vi: 'người đã mất', en: 'the deceased' },
  other: { vi: 'người liên quan', en: 'the other person' },
  organisation: { vi: 'tổ chức', en: 'the organisation' },
};

/** Whose paper it is must be said first. */
export const whose = (holder: string): Words => ({
  vi: `Giấy của ${HOLDERS[holder]?.vi ?? holder}: hãy cho số định danh, họ tên và ngày sinh của người đó`,
  en: `The paper of ${HOLDERS[holder]?.en ?? holder}: give their number, name and birth date`,
});

/** Names the fields that differ, never their values. */
export function differ(fields: readonly string[], known: readonly Field[] = []): Words {
  const label = (name: string, language: 'vi' | 'en'): string =>
    OWN[name]?.[language] ?? known.find((field) => field.name === name)?.labels[language] ?? name;
  return {
    vi: `Khác nhau: ${fields.map((name) => label(name, 'vi').toLocaleLowerCase('vi')).join(', ')}`,
    en: `Different: ${fields.map((name) => label(name, 'en').toLocaleLowerCase('en')).join(', ')}`,
  };
}

/** Fields of a person, not of a paper. */
export const OWN: Readonly<Record<string, Words>> = {
  number: { vi: 'Số định danh', en: 'Personal number' },
  name: { vi: 'Họ và tên', en: 'Full name' },
  birthDate: { vi: 'Ngày sinh', en: 'Date of birth' },
  issuer: { vi: 'Nơi đăng ký', en: 'Where it was registered' },
};
