/**
 * One file as it was captured: what it is by its own bytes, and whether it may be looked at. Nothing here touches rows.
 * What is dangerous to open is set apart and kept as it is; what cannot be read is refused with what to do.
 */
import { type FileKind, fileKind } from '../documents/index.ts';
import { inspectPdfInChild } from '../pdf/index.ts';
import { Failure } from '../platform/failure.ts';
import type { KillablePool } from '../platform/killable.ts';
import type { Report } from '../verification/index.ts';
import { decodeHeic } from './heic.ts';

export type CapturedFile =
  | { readonly kind: 'scan'; readonly fileKind: Exclude<FileKind, 'unknown'>; readonly pages: number }
  /** Kept, never opened again here. */
  | { readonly kind: 'dangerous'; readonly reason: string }
  /** A signed electronic paper, not a picture of one. */
  | { readonly kind: 'electronic'; readonly pages: number; readonly report: Report };

export interface CaptureTools {
  readonly readers: KillablePool;
  readonly verify: (bytes: Uint8Array) => Promise<Report | 'busy'>;
  readonly maxPages: number;
}

/** @throws Failure that says how to mend it */
export async function lookAtFile(bytes: Uint8Array, tools: CaptureTools): Promise<CapturedFile> {
  if (bytes.byteLength === 0) {
    throw failure(
      'unprocessable',
      'empty-file',
      'The file is empty (0 bytes). Scan it again.',
      'Tệp rỗng (0 byte). Hãy chụp lại.',
    );
  }
  const kind = fileKind(bytes);
  if (kind === 'unknown') {
    throw failure(
      'unsupported',
      'unknown-file-kind',
      'Send page pictures in JPEG, PNG or TIFF, or a PDF from the scanner.',
      'Hãy gửi ảnh trang dạng JPEG, PNG, TIFF, hoặc tệp PDF của máy quét.',
    );
  }
  if (kind === 'heic') {
    // Decoded once to know that it can be: the picture itself is kept as it came.
    await decodeHeic(bytes);
    return { kind: 'scan', fileKind: kind, pages: 1 };
  }
  if (kind !== 'pdf') return { kind: 'scan', fileKind: kind, pages: 1 };
  return lookAtPdf(bytes, tools);
}

async function lookAtPdf(bytes: Uint8Array, tools: CaptureTools): Promise<CapturedFile> {
  const facts = await inspectPdfInChild(tools.readers, bytes);
  if (!facts.readable) {
    if (facts.fault === 'locked') {
      throw failure(
        'unprocessable',
        'password-protected',
        'The PDF asks for a password. Save a copy without one on the scanner, and send that.',
        'Tệp PDF đòi mật khẩu. Hãy tắt mật khẩu trên máy quét, lưu lại rồi gửi.',
      );
    }
    if (facts.fault === 'budget') return { kind: 'dangerous', reason: 'exhausts-reader' };
    throw failure(
      'unprocessable',
      'damaged-pdf',
      'The PDF is cut off or damaged. Fetch it from the scanner again, or scan the page again.',
      'Tệp PDF bị cắt cụt hoặc hỏng. Hãy lấy lại từ máy quét, hoặc quét lại.',
    );
  }
  if (facts.pages === 0) {
    throw failure('unprocessable', 'no-pages', 'The PDF has no page.', 'Tệp PDF không có trang nào.');
  }
  if (facts.pages > tools.maxPages) {
    throw failure(
      'unprocessable',
      'too-many-pages',
      `More than ${tools.maxPages} pages. Split the file.`,
      `Nhiều hơn ${tools.maxPages} trang. Hãy tách tệp.`,
    );
  }
  if (facts.hasJavaScript) return { kind: 'dangerous', reason: 'script' };
  if (facts.hasActions) return { kind: 'dangerous', reason: 'action' };
  if (facts.signatures > 0) {
    const report = await tools.verify(bytes);
    if (report === 'busy') throw busy();
    return BROKEN.has(report.verdict)
      ? { kind: 'dangerous', reason: 'signature-broken' }
      : { kind: 'electronic', pages: facts.pages, report };
  }
  if (facts.hasAttachments) return { kind: 'dangerous', reason: 'attachment' };
  return { kind: 'scan', fileKind: 'pdf', pages: facts.pages };
}

/** What these say of an electronic original: it is no longer what was signed. */
const BROKEN: ReadonlySet<string> = new Set([
  'malformed',
  'modified-after-signing',
  'certification-violated',
  'invalid-signature',
]);

const failure = (kind: 'unprocessable' | 'unsupported', code: string, en: string, vi: string): Failure =>
  new Failure(kind, { en, vi }, { code });

export const busy = (): Failure =>
  new Failure(
    'unavailable',
    {
      en: 'Too many files are being examined right now. Nothing is lost; try again in a moment.',
      vi: 'Đang có quá nhiều tệp chờ kiểm tra. Chưa mất gì; hãy thử lại sau ít phút.',
    },
    { code: 'busy', retryAfter: 5 },
  );
