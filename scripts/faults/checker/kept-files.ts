/**
 * The objects of a filesystem store, read by the documented layout (`storage/README.md`, "Formats"): a version is the
 * file `data/<key>@<nine digits>`, 24 bytes of header (`MLFILE1\n`, nonce, size as u64) and then the bytes; an empty
 * file is the tombstone of a deleted version.
 */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';

export interface KeptFile {
  readonly key: string;
  readonly versionId: string;
  readonly path: string;
  readonly writtenAt: Date;
}

const NAME = /^(.+)@([0-9]{9})$/;
const HEADER = 24;

/** Every version below a prefix that is not a tombstone. */
export async function keptFiles(folder: string, prefix: string): Promise<KeptFile[]> {
  const data = join(folder, 'data');
  const found: KeptFile[] = [];
  for (const entry of await readdir(join(data, prefix), { recursive: true, withFileTypes: true }).catch(
    () => [],
  )) {
    const path = join(entry.parentPath, entry.name);
    const [, key, digits] = NAME.exec(relative(data, path)) ?? [];
    if (!entry.isFile() || key === undefined || digits === undefined) continue;
    const { size, mtime } = await stat(path);
    if (size === 0) continue;
    const header = (await readFile(path)).subarray(0, HEADER);
    found.push({
      key,
      versionId: `${Number(digits)}.${header.toString('hex', 8, 16)}`,
      path,
      writtenAt: mtime,
    });
  }
  return found;
}

/** The bytes of one version. @throws Error that says what is wrong with the file. */
export async function readKeptFile(folder: string, key: string, versionId: string): Promise<Buffer> {
  const [sequence = '', nonce = ''] = versionId.split('.');
  const path = join(folder, 'data', `${key}@${sequence.padStart(9, '0')}`);
  const file = await readFile(path).catch(() => undefined);
  if (file === undefined || file.byteLength === 0) throw new Error('its object is not there');
  if (file.toString('latin1', 0, 8) !== 'MLFILE1\n') throw new Error('its object has no header');
  if (file.toString('hex', 8, 16) !== nonce) throw new Error('its object is another version');
  const bytes = file.subarray(HEADER);
  if (file.readBigUInt64BE(16) !== BigInt(bytes.byteLength)) throw new Error('its object has another length');
  return bytes;
}
