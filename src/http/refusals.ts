/** What the pipeline itself refuses, in words that say how to mend it. */
import { Failure } from '../platform/failure.ts';
import type { Admission } from './authorise.ts';

export const nothingHere = (): Failure =>
  new Failure('not-found', { en: 'There is nothing at this address.', vi: 'Không có gì ở địa chỉ này.' });

export const tooMany = (retryAfter: number): Failure =>
  new Failure(
    'too-many',
    {
      en: `Too many requests. Try again in ${retryAfter} s.`,
      vi: `Quá nhiều yêu cầu. Hãy thử lại sau ${retryAfter} giây.`,
    },
    { retryAfter },
  );

export const staleForm = (): Failure =>
  new Failure(
    'forbidden',
    {
      en: 'This form has expired or comes from another site. Go back, reload the page and send it again.',
      vi: 'Biểu mẫu đã hết hạn hoặc đến từ trang khác. Hãy quay lại, tải lại trang và gửi lại.',
    },
    { code: 'stale-form' },
  );

export function notAdmitted(admission: Admission & { admitted: false }): Failure {
  switch (admission.because) {
    case 'sign-in':
      return new Failure('unauthenticated', {
        en: 'Sign in, or send a valid access token.',
        vi: 'Hãy đăng nhập, hoặc gửi mã truy cập còn hiệu lực.',
      });
    case 'assurance':
      return new Failure(
        'forbidden',
        {
          en: 'This needs an electronic identity account of level 2. The police station of the commune raises the level.',
          vi: 'Việc này cần tài khoản định danh điện tử mức độ 2. Công an cấp xã làm thủ tục nâng mức.',
        },
        { code: 'assurance-too-low' },
      );
    case 'role':
      return new Failure('forbidden', {
        en: 'This is for another role. The administrator of the agency grants roles.',
        vi: 'Việc này thuộc vai trò khác. Quản trị của cơ quan là nơi giao vai trò.',
      });
    case 'scope':
      return new Failure(
        'forbidden',
        {
          en: 'The token does not carry the scope of this operation. The administrator of the agency grants scopes.',
          vi: 'Mã truy cập không có phạm vi cho thao tác này. Quản trị của cơ quan là nơi cấp phạm vi.',
        },
        { code: 'scope-missing' },
      );
  }
}
