/**
 * A process to be killed: puts objects into a filesystem store one after another and tells each acknowledged one.
 * Arguments: the store's folder, a prefix for the keys, and `--early` to lie: then each is told before it is kept,
 * which whoever watches must find out. Each object is its own key, repeated to 2 MiB and sent in small pieces.
 */
import { FilesystemStore } from '../../../storage/filesystem-store.ts';

const [root = '', prefix = 'k', early] = process.argv.slice(2);
const store = await FilesystemStore.open(root);
for (let n = 0; ; n += 1) {
  const key = `${prefix}/${String(n).padStart(5, '0')}`;
  const piece = Buffer.from(key.repeat(1024));
  const pieces = async function* () {
    for (let i = 0; i < 256; i += 1) yield piece;
  };
  process.stdout.write(early ? `kept ${key}\n` : `begin ${key}\n`);
  await store.put(key, { size: piece.byteLength * 256, open: pieces }, { ifAbsent: true });
  if (!early) process.stdout.write(`kept ${key}\n`);
}
