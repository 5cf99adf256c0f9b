/** A full scrub (read, decrypt, SHA-256 of every stored object, unbounded rate) against bare read + SHA-256. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ScrubItem, scrub } from '../../src/platform/scrub.ts';
import {
  FilesystemStore,
  KeyRing,
  masterKeyFromBase64,
  SealedObjects,
  type StoredObject,
} from '../../storage/index.ts';
import { type ComparisonResult, compare } from './harness.ts';

const FILES = 200;
const BYTES = 400_000;

export async function bench(): Promise<Readonly<Record<string, ComparisonResult>>> {
  const bare = mkdtempSync(join(tmpdir(), 'bench-bare-'));
  const store = await FilesystemStore.open(mkdtempSync(join(tmpdir(), 'bench-scrub-')));
  const keys = new KeyRing(masterKeyFromBase64('bench', randomBytes(32).toString('base64')));
  const sealed = new SealedObjects({ store, keys, spoolFolder: mkdtempSync(join(tmpdir(), 'bench-spool-')) });
  const kept: StoredObject[] = [];
  for (let n = 0; n < FILES; n += 1) {
    const bytes = randomBytes(BYTES);
    writeFileSync(join(bare, String(n)), bytes);
    kept.push(await sealed.writeObject(bytes, { boundTo: 'bench', maxBytes: BYTES }));
  }
  async function* items(): AsyncGenerator<ScrubItem> {
    for (const one of kept) {
      const check = async (): Promise<undefined> => void (await sealed.check(one, { boundTo: 'bench' }));
      yield { where: one.key, bytes: one.size, check };
    }
  }
  const result = await compare({
    name: 'scrub',
    baseline: {
      name: 'read + SHA-256',
      operations: FILES,
      run: () => {
        for (const name of readdirSync(bare))
          createHash('sha256')
            .update(readFileSync(join(bare, name)))
            .digest();
      },
    },
    vault: {
      name: 'scrub',
      operations: FILES,
      run: async () => {
        const onFault = (): never => {
          throw new Error('a fault in a fresh store');
        };
        await scrub({ items: items(), bytesPerSecond: 1e12, onFault });
      },
    },
    target: 0.6,
  });
  return { scrub: result };
}
