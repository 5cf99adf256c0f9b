/** What is not to be digitised, with the reason and the way on (TT 01/2023/TT-VPCP). Pure. */
import { Failure } from '../platform/failure.ts';
import type { PaperForm } from './scan.ts';

export interface Refusal {
  readonly code: string;
  readonly en: string;
  readonly vi: string;
}

export const REFUSALS: Readonly<Record<Exclude<PaperForm, 'original'>, Refusal>> = {
  photocopy: {
    code: 'photocopy',
    en: 'A photocopy is not digitised: it proves nothing that the original does not. Ask for the original, or look for the paper in the vault.',
    vi: 'Không số hóa bản photo: bản photo không chứng minh được gì thay bản chính. Hãy đề nghị xuất trình bản chính, hoặc tìm giấy này trong kho.',
  },
  'paper-certified-copy': {
    code: 'paper-certified-copy',
    en: 'A certified copy on paper is not digitised. Ask for the original, or for a certified electronic copy from the office that certifies.',
    vi: 'Không số hóa bản sao chứng thực giấy. Hãy đề nghị bản chính, hoặc bản sao điện tử chứng thực tại nơi chứng thực.',
  },
  'shown-only': {
    code: 'shown-only',
    en: 'The procedure asks only to see this paper. Look at it, give it back, go on with the dossier.',
    vi: 'Thủ tục chỉ yêu cầu xuất trình giấy này. Hãy xem, trả lại và làm tiếp hồ sơ.',
  },
  'state-secret': {
    code: 'state-secret',
    en: 'A paper that holds state secrets never enters the vault. Handle it by the rules on state secrets; the dossier goes on with a reference to it.',
    vi: 'Giấy chứa bí mật nhà nước không được đưa vào kho. Hãy xử lý theo quy định bảo vệ bí mật nhà nước; hồ sơ ghi dẫn chiếu và làm tiếp.',
  },
};

export function refuse(form: Exclude<PaperForm, 'original'>): Failure {
  const { code, en, vi } = REFUSALS[form];
  return new Failure('conflict', { en, vi }, { code: `not-digitised-${code}` });
}

export const alreadyInVault = (): Failure =>
  new Failure(
    'conflict',
    {
      en: 'The vault holds this paper of this owner, valid today. Use that one; digitise again only with a reason (another paper, newer content).',
      vi: 'Kho đã có giấy này của chủ giấy tờ, hôm nay còn hiệu lực. Hãy dùng bản đã có; chỉ số hóa lại khi có lý do (giấy khác, nội dung mới hơn).',
    },
    { code: 'already-in-vault' },
  );

/** Reasons for which a paper that was begun does not enter. */
export const REJECTION_REASONS = ['blurred', 'altered', 'not-original', 'not-allowed'] as const;
export type RejectionReason = (typeof REJECTION_REASONS)[number];
