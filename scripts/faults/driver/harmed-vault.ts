/** A vault on a throw-away data directory, its callers, and the checker: what the rounds that harm whole vaults share. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type EmbeddedPostgres,
  removeEmbeddedPostgres,
  startEmbeddedPostgres,
} from '../../../src/platform/embedded-postgres.ts';
import { checkVault } from '../checker/check.ts';
import type { Finding } from '../checker/finding.ts';
import { keptVault } from '../checker/kept-vault.ts';
import { Caller } from './caller.ts';
import { freePort, VaultProcess } from './vault-process.ts';

export class HarmedVault implements AsyncDisposable {
  readonly folder: string;
  readonly dataDir: string;
  readonly port: number;
  readonly #postgres: EmbeddedPostgres | undefined;
  #vault: VaultProcess | undefined;
  #caller: Caller | undefined;

  private constructor(folder: string, port: number, postgres: EmbeddedPostgres | undefined) {
    this.folder = folder;
    this.dataDir = join(folder, 'vault');
    this.port = port;
    this.#postgres = postgres;
  }

  /** @param options.ownDatabase the vault runs its embedded database, which dies with it; else one outlives it */
  static async make(options: { readonly ownDatabase: boolean }): Promise<HarmedVault> {
    const folder = await mkdtemp(join(tmpdir(), 'motlan-harm-'));
    const postgres = options.ownDatabase
      ? undefined
      : await startEmbeddedPostgres({ dataDir: join(folder, 'database') });
    const harmed = new HarmedVault(folder, await freePort(), postgres);
    await harmed.start();
    harmed.#caller = await Caller.of(harmed.vault.url, harmed.dataDir);
    return harmed;
  }

  get vault(): VaultProcess {
    if (this.#vault === undefined) throw new Error('the vault was not started');
    return this.#vault;
  }

  get caller(): Caller {
    if (this.#caller === undefined) throw new Error('nobody has signed in');
    return this.#caller;
  }

  get databaseUrl(): string | undefined {
    return this.#postgres?.url;
  }

  /** Starts the vault, armed or not; one that still runs is killed before. */
  async start(crashAt?: string, env?: Readonly<Record<string, string>>): Promise<VaultProcess> {
    if (this.#vault && !this.#vault.isGone) {
      this.#vault.kill();
      await this.#vault.gone;
    }
    const { dataDir, port } = this;
    this.#vault = await VaultProcess.start({ dataDir, port, databaseUrl: this.#postgres?.url, crashAt, env });
    return this.#vault;
  }

  /** The checker's judgement of rows, objects, log and what the callers noted. The database must run. */
  async check(): Promise<Finding[]> {
    const { dataDir } = this;
    return checkVault(keptVault({ dataDir, databaseUrl: this.#postgres?.url }), this.caller);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#vault && !this.#vault.isGone) await this.#vault.stop();
    await this.#postgres?.stop();
    if (this.#postgres) removeEmbeddedPostgres(join(this.folder, 'database'));
    removeEmbeddedPostgres(this.dataDir);
    await rm(this.folder, { recursive: true, force: true });
  }
}
