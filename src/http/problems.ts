/**
 * Problem details (RFC 9457): the one table from failures to statuses and words. `type` is a stable URN, `instance` the
 * request's URN and never a URL, since URLs may hold codes.
 */
import { ObjectStoreError } from '../../storage/index.ts';
import { Failure, type FailureKind, type Fault } from '../platform/failure.ts';

export interface Problem {
  readonly type: string;
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly instance: string;
  readonly errors?: readonly Fault[];
  /** The same in both languages, whichever was asked for. */
  readonly translations: Readonly<Record<'vi' | 'en', { title: string; detail: string }>>;
  readonly retryAfter?: number;
}

const KINDS: Record<FailureKind, { status: number; vi: string; en: string }> = {
  invalid: { status: 422, vi: 'Có chỗ cần sửa', en: 'Something needs mending' },
  unauthenticated: { status: 401, vi: 'Cần đăng nhập', en: 'Sign-in needed' },
  forbidden: { status: 403, vi: 'Không được mở', en: 'Not allowed' },
  'not-found': { status: 404, vi: 'Không có ở địa chỉ này', en: 'Nothing at this address' },
  conflict: { status: 409, vi: 'Trạng thái đã khác', en: 'The state is another' },
  'idempotency-mismatch': {
    status: 422,
    vi: 'Khóa lặp lại dùng cho nội dung khác',
    en: 'Idempotency key reused',
  },
  gone: { status: 410, vi: 'Không còn nữa', en: 'No longer here' },
  'too-large': { status: 413, vi: 'Tệp quá lớn', en: 'The file is too large' },
  unsupported: { status: 415, vi: 'Loại tệp không nhận', en: 'This kind of file is not taken' },
  unprocessable: { status: 422, vi: 'Tệp không dùng được', en: 'The file cannot be used' },
  precondition: { status: 412, vi: 'Đã có bản mới hơn', en: 'A newer version exists' },
  'too-many': { status: 429, vi: 'Quá nhiều yêu cầu', en: 'Too many requests' },
  unavailable: { status: 503, vi: 'Tạm thời chưa trả lời được', en: 'Temporarily unavailable' },
};

const UNKNOWN = {
  en: 'The vault met a fault of its own. Nothing was handed out. Quote the request number when you report it.',
  vi: 'Kho gặp sự cố bên trong. Chưa có gì được đưa ra ngoài. Khi báo, hãy kèm số yêu cầu.',
};

/** The problem for any thrown value; what is not an expected failure tells nothing of itself. */
export function problemOf(error: unknown, requestId: string, language: 'vi' | 'en'): Problem {
  const failure = asFailure(error);
  if (!failure)
    return assemble(
      500,
      'internal',
      { vi: 'Sự cố trong kho', en: 'Internal fault' },
      UNKNOWN,
      requestId,
      language,
    );
  const { status, ...titles } = KINDS[failure.kind];
  const words = { en: failure.message, vi: failure.vi };
  const problem = assemble(status, failure.code ?? failure.kind, titles, words, requestId, language);
  return {
    ...problem,
    ...(failure.faults.length > 0 ? { errors: failure.faults } : {}),
    ...(failure.retryAfter === undefined ? {} : { retryAfter: failure.retryAfter }),
  };
}

/** Failures of the ports in the vocabulary of failures; undefined for the unexpected. */
export function asFailure(error: unknown): Failure | undefined {
  if (error instanceof Failure) return error;
  if (error instanceof ObjectStoreError) {
    if (error.kind === 'unavailable') {
      return new Failure(
        'unavailable',
        {
          en: 'The object store does not answer. Nothing was changed; try again in a moment.',
          vi: 'Kho đối tượng chưa trả lời. Chưa có gì thay đổi; hãy thử lại sau ít phút.',
        },
        { code: 'object-store-down', retryAfter: 5, cause: error },
      );
    }
    if (error.kind === 'too-large') {
      return new Failure('too-large', {
        en: 'The file is larger than the vault takes. Split it, or scan at 200 to 300 dpi.',
        vi: 'Tệp lớn hơn mức kho nhận. Hãy tách tệp, hoặc quét ở 200 đến 300 dpi.',
      });
    }
    if (error.kind === 'invalid-range') {
      return new Failure('invalid', {
        en: 'The range is not inside the file.',
        vi: 'Khoảng byte nằm ngoài tệp.',
      });
    }
  }
  return bodyParserFailure(error);
}

function bodyParserFailure(error: unknown): Failure | undefined {
  const type = typeof error === 'object' && error !== null ? (error as { type?: unknown }).type : undefined;
  if (type === 'entity.too.large') {
    return new Failure('too-large', {
      en: 'The request is larger than this operation takes.',
      vi: 'Yêu cầu lớn hơn mức thao tác này nhận.',
    });
  }
  if (typeof type === 'string' && /^(entity|encoding|charset|request|parameters|querystring)\./.test(type)) {
    return new Failure(
      'invalid',
      {
        en: 'The body is not well-formed JSON in UTF-8.',
        vi: 'Nội dung gửi lên không phải JSON đúng dạng, mã UTF-8.',
      },
      { code: 'malformed-body' },
    );
  }
  return undefined;
}

function assemble(
  status: number,
  code: string,
  titles: { vi: string; en: string },
  details: { vi: string; en: string },
  requestId: string,
  language: 'vi' | 'en',
): Problem {
  return {
    type: `urn:mot-lan:problem:${code}`,
    status,
    title: titles[language],
    detail: details[language],
    instance: `urn:uuid:${requestId}`,
    translations: {
      vi: { title: titles.vi, detail: details.vi },
      en: { title: titles.en, detail: details.en },
    },
  };
}
