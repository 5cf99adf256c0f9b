/** A whole vault with the demonstration's people, over a database of its own; closing it removes everything. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseConfig } from '../../src/config/index.ts';
import { createVault, type Vault } from '../../src/vault.ts';
import { createTestDatabase } from './test-database.ts';

export async function createDemoVault(): Promise<Vault> {
  const own = await createTestDatabase();
  const folder = await mkdtemp(join(tmpdir(), 'motlan-demo-'));
  const config = parseConfig({ VAULT_DATA_DIR: folder, DATABASE_URL: own.url, LOG_LEVEL: 'error' });
  const vault = await createVault({ ...config, port: 0 });
  const close = async (): Promise<void> => {
    await vault.close();
    await own[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  };
  return { ...vault, close, [Symbol.asyncDispose]: close };
}
