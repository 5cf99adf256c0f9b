/** The three checks in plain words: integrity, validity, issuer, from what a verification found. */
import type { ThreeChecksProps } from './components/lists.tsx';
import { appearance, type State } from './components/status.tsx';
import { shared } from './content.ts';
import { formatDate } from './i18n/format.ts';
import type { Language } from './i18n/language.ts';

/** Facts a verification gives to the page. Names are written as on the paper. */
export interface CheckFacts {
  readonly integrity:
    | { readonly kind: 'intact'; readonly signedAt: Date }
    | { readonly kind: 'changed'; readonly signedAt: Date; readonly places: number }
    | { readonly kind: 'broken' }
    | { readonly kind: 'unproven'; readonly why: string }
    | { readonly kind: 'unsigned' };
  /** The state of the paper now; `none` where only the signed version has one, `unknown` where nobody was asked. */
  readonly validity:
    | { readonly state: State; readonly since?: Date; readonly why?: string }
    | { readonly state: 'none' }
    | { readonly state: 'unknown' };
  readonly issuer:
    | { readonly kind: 'right'; readonly agency: string; readonly keeper?: string }
    /** A file the vault does not know: only its signer is proven. */
    | { readonly kind: 'signed_by'; readonly signer: string; readonly trust: string }
    | { readonly kind: 'signed_version_only'; readonly agency: string }
    | { readonly kind: 'unproven'; readonly why: string }
    | { readonly kind: 'owner' };
}

const words = {
  vi: {
    intact: 'Còn nguyên vẹn',
    intactWhy: (date: string) => `Không chữ nào thay đổi từ lúc ký số ${date}.`,
    changed: 'Đã bị sửa',
    changedWhy: (places: number, date: string) => `Tệp đổi ${places} chỗ sau khi ký ngày ${date}.`,
    broken: 'Chữ ký không khớp',
    brokenWhy: 'Chữ ký số trong tệp không phải của nội dung này.',
    unproven: 'Chưa kết luận được',
    unsigned: 'Không có chữ ký số',
    unsignedWhy: 'Không có gì chứng minh nội dung còn như ban đầu.',
    validWhy: 'Không bị thu hồi, tạm khóa hay thay thế.',
    none: 'Không xét cho tệp này',
    noneWhy: 'Chỉ bản đã ký mới có hiệu lực.',
    unknown: 'Không xét',
    unknownWhy: 'Giấy này không có trong kho. Cơ quan cấp biết giấy còn hiệu lực hay không.',
    signedBy: 'Biết rõ người ký',
    signedByWhy: (signer: string, trust: string) => `${signer} đã ký số, được ${trust} xác nhận.`,
    since: (date: string) => `Từ ngày ${date}.`,
    right: 'Đúng cơ quan',
    rightWhy: (agency: string) => `${agency} giữ sổ gốc và đã ký số.`,
    succeeded: (agency: string, keeper: string) => `${agency} cấp. ${keeper} nay giữ sổ và đã ký số bản này.`,
    signedOnly: 'Chỉ đúng với bản đã ký',
    signedOnlyWhy: (agency: string) => `${agency} ký bản trước khi bị sửa.`,
    owner: 'Chưa cơ quan nào đối chiếu',
    ownerWhy: 'Chủ giấy tự tải lên. Cần mang bản chính đến Bộ phận Một cửa.',
  },
  en: {
    intact: 'Intact',
    intactWhy: (date: string) => `Not a letter has changed since it was signed on ${date}.`,
    changed: 'Changed',
    changedWhy: (places: number, date: string) =>
      `The file changed in ${places} place${places === 1 ? '' : 's'} after it was signed on ${date}.`,
    broken: 'Signature does not match',
    brokenWhy: 'The digital signature in the file is not of this content.',
    unproven: 'No conclusion yet',
    unsigned: 'No digital signature',
    unsignedWhy: 'Nothing proves that the content is as it was.',
    validWhy: 'Not revoked, suspended or superseded.',
    none: 'Not examined for this file',
    noneWhy: 'Only the signed version can be valid.',
    unknown: 'Not examined',
    unknownWhy: 'This paper is not in the vault. Its issuer knows whether it is still valid.',
    signedBy: 'The signer is known',
    signedByWhy: (signer: string, trust: string) => `${signer} signed it, confirmed by ${trust}.`,
    since: (date: string) => `Since ${date}.`,
    right: 'The right agency',
    rightWhy: (agency: string) => `${agency} keeps the register and signed.`,
    succeeded: (agency: string, keeper: string) =>
      `Issued by ${agency}. ${keeper} keeps the register now and signed this copy.`,
    signedOnly: 'True of the signed version only',
    signedOnlyWhy: (agency: string) => `${agency} signed the version before the change.`,
    owner: 'No agency has compared it',
    ownerWhy: 'Uploaded by its owner. The original has to be shown at the one-stop desk.',
  },
} as const satisfies Record<Language, Record<string, string | ((...parts: never[]) => string)>>;

/** The checks, ready for `ThreeChecks`. Green only where the fact is proven. */
export function describeChecks(facts: CheckFacts, language: Language): Omit<ThreeChecksProps, 'language'> {
  return {
    integrity: integrity(facts.integrity, language),
    validity: validity(facts.validity, language),
    issuer: issuer(facts.issuer, language),
  };
}

function integrity(fact: CheckFacts['integrity'], language: Language): ThreeChecksProps['integrity'] {
  const t = words[language];
  switch (fact.kind) {
    case 'intact':
      return { tone: 'ok', answer: t.intact, why: t.intactWhy(formatDate(fact.signedAt)) };
    case 'changed':
      return {
        tone: 'bad',
        shape: 'torn',
        answer: t.changed,
        why: t.changedWhy(fact.places, formatDate(fact.signedAt)),
      };
    case 'broken':
      return { tone: 'bad', answer: t.broken, why: t.brokenWhy };
    case 'unproven':
      return { tone: 'warn', answer: t.unproven, why: fact.why };
    case 'unsigned':
      return { tone: 'mute', shape: 'unverified', answer: t.unsigned, why: t.unsignedWhy };
  }
}

function validity(fact: CheckFacts['validity'], language: Language): ThreeChecksProps['validity'] {
  const t = words[language];
  if (fact.state === 'none') return { tone: 'mute', answer: t.none, why: t.noneWhy };
  if (fact.state === 'unknown') return { tone: 'mute', answer: t.unknown, why: t.unknownWhy };
  const { tone, shape } = appearance[fact.state];
  const since = fact.since === undefined ? '' : t.since(formatDate(fact.since));
  const why = [since, fact.why ?? ''].filter(Boolean).join(' ');
  const fallback = tone === 'ok' ? t.validWhy : '';
  return { tone, shape, answer: shared[language].status[fact.state], why: why || fallback };
}

function issuer(fact: CheckFacts['issuer'], language: Language): ThreeChecksProps['issuer'] {
  const t = words[language];
  switch (fact.kind) {
    case 'right':
      return {
        tone: 'ok',
        answer: t.right,
        why: fact.keeper === undefined ? t.rightWhy(fact.agency) : t.succeeded(fact.agency, fact.keeper),
      };
    case 'signed_by':
      return { tone: 'ok', answer: t.signedBy, why: t.signedByWhy(fact.signer, fact.trust) };
    case 'signed_version_only':
      return { tone: 'warn', answer: t.signedOnly, why: t.signedOnlyWhy(fact.agency) };
    case 'unproven':
      return { tone: 'warn', answer: t.unproven, why: fact.why };
    case 'owner':
      return { tone: 'mute', shape: 'unverified', answer: t.owner, why: t.ownerWhy };
  }
}
