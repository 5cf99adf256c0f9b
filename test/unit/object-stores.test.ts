/** The adapters that need no server, under the contract of the port. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FilesystemStore } from '../../storage/filesystem-store.ts';
import { MemoryStore } from '../../storage/memory-store.ts';
import { objectStoreContract } from '../contract/object-store.ts';

objectStoreContract('memory', async () => ({ store: new MemoryStore() }));

objectStoreContract('the filesystem', async () => {
  const root = await mkdtemp(join(tmpdir(), 'motlan-objects-'));
  return { store: await FilesystemStore.open(root), close: () => rm(root, { recursive: true }) };
});
