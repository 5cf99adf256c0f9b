/** Why a pushed result is not taken, in words that say how to mend it. */
import { Failure } from '../platform/failure.ts';

/** Ids travel in addresses and logs: one that holds a personal number is refused. */
export function refuseTellingId(externalId: string): void {
  if (!/\d{12}/.test(externalId.replace(/[\s._:-]/g, ''))) return;
  throw new Failure(
    'invalid',
    {
      vi: 'Mã ngoài có dãy 12 chữ số như số định danh cá nhân; hãy dùng mã không nói về người.',
      en: 'The external id holds 12 digits like a personal number. Use an id that tells nothing of the person.',
    },
    {
      code: 'telling-external-id',
      faults: [{ pointer: '/path/externalId', detail: 'Use an opaque id without 12 digits.' }],
    },
  );
}

export const notForAgency = (): Failure =>
  new Failure(
    'forbidden',
    {
      vi: 'Không có quyền gửi kết quả của cơ quan này.',
      en: 'You do not push results of this agency. Its administrator grants the role or scope.',
    },
    { code: 'role-needed' },
  );
export const otherContent = (): Failure =>
  new Failure(
    'conflict',
    {
      vi: 'Mã ngoài này đã có với nội dung khác. Nếu là cải chính, hãy gửi kèm "correction" nêu lý do.',
      en: 'This external id stands for other content. If it is corrected, send "correction" with the reason.',
    },
    { code: 'other-content' },
  );
export const signedAnew = (): Failure =>
  new Failure('conflict', {
    vi: 'Bản đã ký được thay bằng kết quả mới có "replaces", không sửa dưới cùng mã.',
    en: 'A signed paper is followed by a new result with "replaces", not changed under the same id.',
  });
export const unknownType = (): Failure =>
  new Failure('invalid', {
    vi: 'Danh mục không có loại giấy tờ hoặc cơ quan này vào ngày cấp.',
    en: 'The catalogue has no such document type or agency on the day of issue.',
  });
export const notItsIssuer = (): Failure =>
  new Failure('invalid', {
    vi: 'Theo danh mục, đơn vị này không cấp loại giấy tờ đó vào ngày cấp.',
    en: 'By the catalogue this body does not issue this type on the day of issue.',
  });
export const noTemplate = (): Failure =>
  new Failure('invalid', {
    vi: 'Loại giấy này chưa có mẫu; hãy gửi tệp PDF cơ quan đã ký trong "signedPdf".',
    en: 'There is no template for this type; send the PDF that the agency signed in "signedPdf".',
  });
export const unknownReplaced = (): Failure =>
  new Failure('invalid', {
    vi: 'Không có giấy mà kết quả này thay thế.',
    en: 'There is no paper of the external id in "replaces".',
  });
export const badSignature = (): Failure =>
  new Failure(
    'unprocessable',
    {
      vi: 'Chữ ký trên tệp PDF không có hoặc không kiểm tra được; hãy gửi tệp đã ký đúng.',
      en: 'The PDF has no signature that holds. Send the file as it was signed.',
    },
    { code: 'signature-not-good' },
  );
export const busy = (): Failure =>
  new Failure(
    'unavailable',
    { vi: 'Đang bận kiểm tra tệp.', en: 'Busy verifying files.' },
    { retryAfter: 5 },
  );
