/**
 * Intake: from uploaded files to one PDF that the vault can seal, or a failure that says how to mend it. Nothing here
 * touches rows or objects, and hostile files are only ever read in a killable child.
 */
import { inspectPdfInChild } from '../pdf/inspect.ts';
import { Failure } from '../platform/failure.ts';
import type { KillablePool } from '../platform/killable.ts';
import { type FileKind, fileKind, MEDIA_TYPES } from './file-kind.ts';
import { buildPdfInChild } from './page-images-in-child.ts';

export interface IntakeFile {
  readonly size: number;
  read(): Promise<Buffer>;
}

export interface IntakeLimits {
  readonly maxPages: number;
  /** Of one picture: A4 at 600 dpi is 35 million. */
  readonly maxPixels: number;
}

export interface Intake {
  readonly originals: readonly { readonly bytes: Buffer; readonly mediaType: string }[];
  /** The PDF to seal; the very original where a PDF came in. */
  readonly pdf: Uint8Array;
  readonly pages: number;
  /** Signatures that the original already carries. */
  readonly signatures: number;
}

export async function takeIn(
  files: readonly IntakeFile[],
  pool: KillablePool,
  limits: IntakeLimits,
): Promise<Intake> {
  const first = files[0];
  if (!first) throw problem('invalid', 'no-file', 'Send at least one file.', 'Hãy gửi ít nhất một tệp.');
  const buffers: Buffer[] = [];
  for (const file of files) {
    if (file.size === 0) {
      throw problem(
        'unprocessable',
        'empty-file',
        'The file is empty (0 bytes). Scan or save it again.',
        'Tệp rỗng (0 byte). Hãy quét hoặc lưu lại.',
      );
    }
    buffers.push(await file.read());
  }
  const kinds = buffers.map(fileKind);
  if (kinds[0] === 'pdf' && buffers.length === 1 && buffers[0]) return takePdf(buffers[0], pool, limits);
  return takeImages(buffers, kinds, pool, limits);
}

async function takePdf(bytes: Buffer, pool: KillablePool, limits: IntakeLimits): Promise<Intake> {
  const facts = await inspectPdfInChild(pool, bytes);
  if (!facts.readable) {
    if (facts.fault === 'locked') {
      throw problem(
        'unprocessable',
        'password-protected',
        'The PDF asks for a password. Save a copy without a password and send that.',
        'Tệp PDF đòi mật khẩu. Hãy lưu một bản không mật khẩu rồi gửi.',
      );
    }
    throw problem(
      'unprocessable',
      facts.fault === 'budget' ? 'file-exhausts-reader' : 'damaged-pdf',
      `The PDF cannot be read (${facts.reason}${facts.offset >= 0 ? `, at byte ${facts.offset}` : ''}). It may be cut off or damaged; fetch or scan it again.`,
      'Không đọc được tệp PDF. Có thể tệp bị cắt cụt hoặc hỏng; hãy tải hoặc quét lại.',
    );
  }
  if (facts.pages === 0) {
    throw problem('unprocessable', 'no-pages', 'The PDF has no page.', 'Tệp PDF không có trang nào.');
  }
  if (facts.pages > limits.maxPages) throw tooManyPages(limits.maxPages);
  if (facts.hasJavaScript || facts.hasActions) {
    throw problem(
      'unprocessable',
      'active-content',
      'The PDF carries scripts or actions that run when it is opened. Print it to a plain PDF, or scan the paper.',
      'Tệp PDF có mã lệnh tự chạy khi mở. Hãy in ra PDF thường, hoặc quét bản giấy.',
    );
  }
  return {
    originals: [{ bytes, mediaType: MEDIA_TYPES.pdf }],
    pdf: bytes,
    pages: facts.pages,
    signatures: facts.signatures,
  };
}

async function takeImages(
  buffers: readonly Buffer[],
  kinds: readonly FileKind[],
  pool: KillablePool,
  limits: IntakeLimits,
): Promise<Intake> {
  const originals = buffers.map((bytes, at) => {
    const kind = kinds[at] ?? 'unknown';
    if (kind === 'heic') {
      throw problem(
        'unsupported',
        'heic',
        'HEIC pictures are not taken. On an iPhone: Settings, Camera, Formats, Most Compatible; then take it again.',
        'Kho không nhận ảnh HEIC. Trên iPhone: Cài đặt, Camera, Định dạng, Tương thích nhất; rồi chụp lại.',
      );
    }
    if (kind === 'pdf') {
      throw problem(
        'invalid',
        'mixed-files',
        'Send either one PDF or page pictures, not both.',
        'Hãy gửi một tệp PDF, hoặc các ảnh trang, không gửi lẫn.',
      );
    }
    if (kind === 'unknown') {
      throw problem(
        'unsupported',
        'unknown-file-kind',
        'Send a PDF, or page pictures in JPEG, PNG or TIFF.',
        'Hãy gửi tệp PDF, hoặc ảnh trang dạng JPEG, PNG hay TIFF.',
      );
    }
    return { bytes, mediaType: MEDIA_TYPES[kind] };
  });
  const built = await buildPdfInChild(pool, {
    files: buffers,
    maxPages: limits.maxPages,
    maxPixels: limits.maxPixels,
  });
  if (built === 'busy') throw busy();
  if (built.made) return { originals, pdf: built.pdf, pages: built.pages, signatures: 0 };
  const which = built.file + 1;
  switch (built.reason) {
    case 'too-many-pages':
      throw tooManyPages(limits.maxPages);
    case 'too-many-pixels':
      throw problem(
        'unprocessable',
        'too-many-pixels',
        `Picture ${which} has more pixels than the vault opens. Scan A4 at 200 to 300 dpi.`,
        `Ảnh ${which} có nhiều điểm ảnh hơn mức kho mở. Hãy quét khổ A4 ở 200 đến 300 dpi.`,
      );
    case 'too-small':
      throw problem(
        'unprocessable',
        'too-small',
        `Picture ${which} is too small to read.`,
        `Ảnh ${which} quá nhỏ, không đọc được.`,
      );
    case 'animated':
      throw problem(
        'unprocessable',
        'animated',
        `Picture ${which} is animated.`,
        `Ảnh ${which} là ảnh động.`,
      );
    case 'damaged':
      throw problem(
        'unprocessable',
        'damaged-picture',
        `Picture ${which} is damaged or cut off. Scan or photograph it again.`,
        `Ảnh ${which} bị hỏng hoặc bị cắt cụt. Hãy quét hoặc chụp lại.`,
      );
  }
}

const problem = (
  kind: 'invalid' | 'unsupported' | 'unprocessable',
  code: string,
  en: string,
  vi: string,
): Failure => new Failure(kind, { en, vi }, { code });

const tooManyPages = (maxPages: number): Failure =>
  problem(
    'unprocessable',
    'too-many-pages',
    `More than ${maxPages} pages. Split the file.`,
    `Nhiều hơn ${maxPages} trang. Hãy tách tệp.`,
  );

const busy = (): Failure =>
  new Failure(
    'unavailable',
    {
      en: 'Too many files are being read right now. Try again in a moment.',
      vi: 'Đang có quá nhiều tệp chờ đọc. Hãy thử lại sau ít phút.',
    },
    { code: 'busy', retryAfter: 5 },
  );
