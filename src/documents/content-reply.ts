/** A retrieved rendition as an HTTP answer: Range, ETag, digest, and a name that says nothing of its owner. */
import type { ByteRange } from '../../storage/index.ts';
import type { RouteReply } from '../http/index.ts';
import { Failure } from '../platform/failure.ts';
import type { Retrieved } from './retrieval-service.ts';

/** One range of `bytes=a-b`, `bytes=a-`; anything else means the whole (RFC 9110 §14.2 lets a server ignore it). */
export function rangeOf(header: string | undefined): ByteRange | undefined {
  const match = /^bytes=(\d{1,15})-(\d{0,15})$/.exec(header?.trim() ?? '');
  if (!match) return undefined;
  const start = Number(match[1]);
  const end = match[2] ? Number(match[2]) + 1 : Number.MAX_SAFE_INTEGER;
  if (end <= start) {
    throw new Failure('invalid', { en: 'The range is empty.', vi: 'Khoảng byte rỗng.' }, { code: 'range' });
  }
  return { start, end };
}

export function contentReply(retrieved: Retrieved, asked: ByteRange | undefined): RouteReply {
  const { start, end, size, sha256 } = retrieved;
  const partial = asked !== undefined;
  return {
    status: partial ? 206 : 200,
    stream: retrieved.chunks,
    headers: {
      'Content-Type': retrieved.mediaType,
      'Content-Length': String(end - start),
      'Accept-Ranges': 'bytes',
      ...(partial ? { 'Content-Range': `bytes ${start}-${end - 1}/${size}` } : {}),
      ETag: `"${sha256}"`,
      'Repr-Digest': `sha-256=:${Buffer.from(sha256, 'hex').toString('base64')}:`,
      'Content-Disposition': `attachment; filename="${retrieved.document.id}.${extensionOf(retrieved.mediaType)}"`,
      'Cache-Control': 'private, no-store',
      'X-Ledger-Event': retrieved.eventId,
    },
  };
}

const extensionOf = (mediaType: string): string =>
  ({ 'image/jpeg': 'jpg', 'image/png': 'png', 'image/tiff': 'tiff' })[mediaType] ?? 'pdf';
