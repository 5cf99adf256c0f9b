/**
 * Uploads: a multipart request read once, file by file, into spool files that have no name, so that a crash leaves no
 * readable paper behind. Size and digest are known before any service sees them.
 */
import { createHash, randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { Busboy, type BusboyHeaders } from '@fastify/busboy';
import type { Request } from 'express';
import { Failure } from '../platform/failure.ts';

export interface UploadedFile {
  /** The name of the form field. */
  readonly field: string;
  readonly size: number;
  /** Hexadecimal, lower case. */
  readonly sha256: string;
  /** The whole file in one buffer of exactly its size. */
  read(): Promise<Buffer>;
}

export interface Upload {
  readonly fields: Readonly<Record<string, string>>;
  readonly files: readonly UploadedFile[];
  /** Gives the spool files back; safe to call twice. */
  dispose(): Promise<void>;
}

export interface UploadLimits {
  readonly maxFileBytes: number;
  readonly maxFiles: number;
}

/** @throws Failure `too-large`, `invalid` (not multipart, cut off, too many parts); nothing is left behind */
export async function readUpload(
  request: Request,
  spoolFolder: string,
  limits: UploadLimits,
): Promise<Upload> {
  if (!/^multipart\/form-data;/i.test(request.headers['content-type'] ?? '')) throw notMultipart();
  await mkdir(spoolFolder, { recursive: true, mode: 0o700 });
  const fields: Record<string, string> = Object.create(null);
  const handles: FileHandle[] = [];
  const pending: Promise<UploadedFile>[] = [];
  const dispose = async (): Promise<void> => {
    await Promise.allSettled(handles.splice(0).map((handle) => handle.close()));
  };
  try {
    await new Promise<void>((resolve, reject) => {
      const parser = new Busboy({
        headers: request.headers as BusboyHeaders,
        limits: {
          fileSize: limits.maxFileBytes + 1,
          files: limits.maxFiles,
          fields: 50,
          fieldSize: 1_000_000,
          parts: limits.maxFiles + 50,
        },
      });
      parser.on('field', (name, value) => {
        fields[name] = value;
      });
      parser.on('file', (field, stream) => {
        const spooled = spool(field, stream, spoolFolder, limits.maxFileBytes, handles);
        spooled.catch(reject);
        pending.push(spooled);
      });
      parser.on('filesLimit', () => reject(tooManyFiles(limits.maxFiles)));
      parser.on('fieldsLimit', () => reject(cutOff()));
      parser.on('partsLimit', () => reject(cutOff()));
      parser.on('error', () => reject(cutOff()));
      parser.on('finish', () => resolve());
      request.once('aborted', () => reject(cutOff()));
      request.once('error', () => reject(cutOff()));
      request.pipe(parser);
    });
    return { fields, files: await Promise.all(pending), dispose };
  } catch (error) {
    request.unpipe();
    request.resume();
    await Promise.allSettled(pending);
    await dispose();
    throw error;
  }
}

async function spool(
  field: string,
  stream: Readable,
  folder: string,
  maxBytes: number,
  handles: FileHandle[],
): Promise<UploadedFile> {
  const path = join(folder, randomUUID());
  const handle = await open(path, 'wx+', 0o600);
  handles.push(handle);
  await unlink(path);
  const digest = createHash('sha256');
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    size += chunk.byteLength;
    if (size > maxBytes) {
      stream.resume();
      throw tooLarge(maxBytes);
    }
    digest.update(chunk);
    await handle.write(chunk, 0, chunk.byteLength, size - chunk.byteLength);
  }
  return {
    field,
    size,
    sha256: digest.digest('hex'),
    read: async () => {
      const bytes = Buffer.allocUnsafeSlow(size);
      let filled = 0;
      while (filled < size) {
        const { bytesRead } = await handle.read(bytes, filled, size - filled, filled);
        if (bytesRead === 0) throw new Error('a spool file is shorter than it was written');
        filled += bytesRead;
      }
      return bytes;
    },
  };
}

const megabytes = (bytes: number): string => `${Math.floor(bytes / 1_000_000)} MB`;

const tooLarge = (maxBytes: number): Failure =>
  new Failure('too-large', {
    en: `A file is larger than ${megabytes(maxBytes)}. Split it, or scan at 200 to 300 dpi.`,
    vi: `Có tệp lớn hơn ${megabytes(maxBytes)}. Hãy tách tệp, hoặc quét ở 200 đến 300 dpi.`,
  });

const tooManyFiles = (maxFiles: number): Failure =>
  new Failure('invalid', {
    en: `At most ${maxFiles} files at once. Send the rest as another document, or as one PDF.`,
    vi: `Mỗi lần gửi nhiều nhất ${maxFiles} tệp. Hãy gửi phần còn lại thành giấy tờ khác, hoặc gộp thành một PDF.`,
  });

const cutOff = (): Failure =>
  new Failure(
    'invalid',
    {
      en: 'The upload broke off or is malformed. Nothing was kept; send it again.',
      vi: 'Tải lên bị ngắt hoặc sai dạng. Chưa giữ gì; hãy gửi lại.',
    },
    { code: 'upload-cut' },
  );

const notMultipart = (): Failure =>
  new Failure('unsupported', {
    en: 'Send the document as multipart/form-data: a "metadata" field with JSON and one or more "file" parts.',
    vi: 'Hãy gửi giấy tờ dạng multipart/form-data: một trường "metadata" chứa JSON và một hay nhiều phần "file".',
  });
