/** What a file is by its own first bytes; names and declared types are not believed. Pure. */
export type FileKind = 'pdf' | 'jpeg' | 'png' | 'tiff' | 'heic' | 'unknown';

export const MEDIA_TYPES: Readonly<Record<Exclude<FileKind, 'unknown'>, string>> = {
  pdf: 'application/pdf',
  jpeg: 'image/jpeg',
  png: 'image/png',
  tiff: 'image/tiff',
  heic: 'image/heic',
};

/** ISO 32000-2 §7.5.2 lets a PDF header begin within the first 1,024 bytes. */
export function fileKind(bytes: Uint8Array): FileKind {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 1024));
  if (head.includes('%PDF-')) return 'pdf';
  if (head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff) return 'jpeg';
  if (head.subarray(0, 8).equals(Buffer.from('89504e470d0a1a0a', 'hex'))) return 'png';
  const tiff = head.subarray(0, 4).toString('hex');
  if (tiff === '49492a00' || tiff === '4d4d002a') return 'tiff';
  if (
    head.subarray(4, 8).toString('latin1') === 'ftyp' &&
    /^(heic|heix|mif1|msf1|hevc)$/.test(head.subarray(8, 12).toString('latin1'))
  ) {
    return 'heic';
  }
  return 'unknown';
}
