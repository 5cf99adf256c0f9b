/**
 * HEIC, which iPhones make, through the decoder of the system where there is one (`heif-dec` or `heif-convert` of
 * libheif): the codec is patent-encumbered, so the vault ships none. Without it the picture is refused with how to switch
 * the phone. The decoder runs as a process of its own with a time limit.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Failure } from '../platform/failure.ts';

const run = promisify(execFile);
const DECODERS = ['heif-dec', 'heif-convert'] as const;
let decoder: Promise<string | undefined> | undefined;

async function findDecoder(): Promise<string | undefined> {
  for (const name of DECODERS) {
    const found = await run(name, ['--version'], { timeout: 5_000 }).then(
      () => true,
      (error: NodeJS.ErrnoException) => error.code !== 'ENOENT',
    );
    if (found) return name;
  }
  return undefined;
}

/** A JPEG of the picture. @throws Failure `unsupported` where the system has no decoder, `unprocessable` where it fails */
export async function decodeHeic(bytes: Uint8Array): Promise<Buffer> {
  decoder ??= findDecoder();
  const command = await decoder;
  if (command === undefined) throw noDecoder();
  const folder = await mkdtemp(join(tmpdir(), 'motlan-heic-'));
  try {
    const [source, target] = [join(folder, 'in.heic'), join(folder, 'out.jpg')];
    await writeFile(source, bytes, { mode: 0o600 });
    await run(command, ['-q', '95', source, target], { timeout: 20_000, maxBuffer: 100_000 });
    return await readFile(target);
  } catch (error) {
    throw new Failure(
      'unprocessable',
      {
        en: 'The HEIC picture cannot be decoded. Take it again, or switch the phone to JPEG.',
        vi: 'Không giải mã được ảnh HEIC. Hãy chụp lại, hoặc chuyển điện thoại sang JPEG.',
      },
      { code: 'damaged-picture', cause: error },
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const noDecoder = (): Failure =>
  new Failure(
    'unsupported',
    {
      en: 'This vault has no decoder for HEIC. On an iPhone: Settings, Camera, Formats, Most Compatible; then take the picture again.',
      vi: 'Kho này không có bộ giải mã HEIC. Trên iPhone: Cài đặt, Camera, Định dạng, Tương thích nhất; rồi chụp lại.',
    },
    { code: 'heic' },
  );
