/** A whole vault as a process of its own that can be killed: started on a data directory, awaited until it is ready. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';

export interface VaultOptions {
  readonly dataDir: string;
  readonly port: number;
  /** An external database; without it the vault runs its own. */
  readonly databaseUrl?: string;
  /** Arms a crash point. */
  readonly crashAt?: string;
  /** Whether the first start walks the main job once, as `npm start` does. */
  readonly demoJob?: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

const MAIN = join(import.meta.dirname, '..', '..', '..', 'src', `main${import.meta.filename.slice(-3)}`);
const START_MS = 90_000;

export class VaultProcess {
  readonly url: string;
  /** Resolves when the process is gone, however it ended. */
  readonly gone: Promise<void>;
  readonly #child: ChildProcess;
  #output = '';

  private constructor(options: VaultOptions) {
    this.url = `http://127.0.0.1:${options.port}`;
    const { DATABASE_URL: _, ...inherited } = process.env;
    this.#child = spawn(process.execPath, ['--enable-source-maps', '--max-semi-space-size=8', MAIN], {
      env: {
        ...inherited,
        VAULT_DATA_DIR: options.dataDir,
        PORT: String(options.port),
        LOG_LEVEL: 'error',
        ...(options.databaseUrl === undefined ? {} : { DATABASE_URL: options.databaseUrl }),
        ...(options.crashAt === undefined ? {} : { MOTLAN_CRASH_AT: options.crashAt }),
        ...options.env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.#output = (this.#output + chunk.toString('utf8')).slice(-20_000);
      });
    }
    this.gone = new Promise((resolve) => this.#child.once('exit', () => resolve()));
  }

  /** Resolves when it serves, or when it met its crash point on the way. @throws Error with its last words when it does not start */
  static async start(options: VaultOptions): Promise<VaultProcess> {
    await mkdir(options.dataDir, { recursive: true, mode: 0o711 });
    // The demonstration's own walk through the main job is not what is looked at here.
    if (!options.demoJob) await writeFile(join(options.dataDir, 'demo-done'), '');
    const vault = new VaultProcess(options);
    const deadline = Date.now() + START_MS;
    while (!vault.#output.includes('Một Lần is ready')) {
      // An armed one may meet its point while it starts.
      if (vault.isGone && options.crashAt !== undefined) return vault;
      if (vault.isGone || Date.now() > deadline) {
        vault.kill();
        throw new Error(`the vault does not start: ${vault.#output.trim().split('\n').slice(-5).join(' ')}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    return vault;
  }

  get isGone(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** The last thing it printed, for reports. */
  get output(): string {
    return this.#output;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** kill -9. */
  kill(): void {
    this.#child.kill('SIGKILL');
  }

  /** Ctrl-C, and waits. */
  async stop(): Promise<void> {
    this.#child.kill('SIGTERM');
    await this.gone;
  }

  /** Waits for its own end. @returns false when it still runs after the time */
  async ends(withinMs: number): Promise<boolean> {
    const late = new Promise<boolean>((resolve) => setTimeout(() => resolve(false), withinMs).unref());
    return Promise.race([this.gone.then(() => true), late]);
  }
}

/** A port that nobody listens on now. */
export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
