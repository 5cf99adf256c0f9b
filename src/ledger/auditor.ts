/**
 * An outsider's auditor: reads a whole published log over HTTP or from a folder and believes nothing but its key.
 * It shares only the hashing with the writer; the formats are read here anew, so that a mistake of the writer is
 * not repeated by its judge. With a state it goes on where it stopped, and holds the log to what it saw before.
 */
import { checkHead, type Head, witnessesOf } from './audit-note.ts';
import { path, read, readEntries, readTile } from './audit-source.ts';
import { type AuditState, BEGINNING, rootOfHashes, rootOfState } from './audit-state.ts';
import { leafHash } from './log/hash.ts';

export interface AuditOptions {
  /** URL or folder below which `checkpoint` and `tile/` lie. */
  readonly prefix: string;
  /** The log's public key, `name+id+base64`, from a place other than the log itself. */
  readonly vkey: string;
  /** A checkpoint seen earlier; the log must have grown from it. */
  readonly earlier?: string;
  /** Public keys of witnesses whose cosignatures count. */
  readonly witnesses?: readonly string[];
  /** How many of them must have cosigned; default all. */
  readonly witnessesNeeded?: number;
  /** Where an earlier visit stopped. */
  readonly state?: AuditState;
  /** Told every 64 bundles, with a state from which the audit can go on. */
  readonly onProgress?: (state: AuditState, size: number) => void | Promise<void>;
}

export interface AuditReport {
  readonly size: number;
  readonly root: string;
  /** Names of witnesses that cosigned it. */
  readonly witnesses: readonly string[];
  /** What does not hold, each with the name of its object; empty when all is well. */
  readonly faults: readonly string[];
  /** For the next visit; what was given when something does not hold. */
  readonly state: AuditState;
}

/** Reads every tile and entry not examined before. Never throws for what it finds: each fault is named. */
export async function auditLog(options: AuditOptions): Promise<AuditReport> {
  const faults: string[] = [];
  const before = options.state ?? BEGINNING;
  const text = (await read(options.prefix, 'checkpoint'))?.toString('utf8');
  if (text === undefined) faults.push('checkpoint: missing');
  const head = text === undefined ? undefined : checkHead(text, options.vkey, 'checkpoint', faults);
  if (text === undefined || head === undefined)
    return { size: 0, root: '', witnesses: [], faults, state: before };
  const witnesses = witnessesOf(text, options.witnesses ?? [], faults);
  const needed = options.witnessesNeeded ?? options.witnesses?.length ?? 0;
  if (witnesses.length < needed)
    faults.push(`checkpoint: cosigned by ${witnesses.length} of ${needed} witnesses`);
  const seen = [options.earlier, before.checkpoint].flatMap((earlier) => {
    if (earlier === undefined) return [];
    return checkHead(earlier, options.vkey, 'the earlier checkpoint', faults) ?? [];
  });
  const examined = await new Walk(options, head, seen, faults).from(before);
  const state = faults.length > 0 ? before : { ...examined, checkpoint: text };
  return { size: head.size, root: head.root.toString('base64'), witnesses, faults, state };
}

/** One way through the bundles that were not examined before. */
class Walk {
  readonly #options: AuditOptions;
  readonly #head: Head;
  readonly #seen: readonly Head[];
  readonly #faults: string[];
  #levels: Buffer[][] = [];

  constructor(options: AuditOptions, head: Head, seen: readonly Head[], faults: string[]) {
    this.#options = options;
    this.#head = head;
    this.#seen = seen;
    this.#faults = faults;
  }

  async from(state: AuditState): Promise<Pick<AuditState, 'examined' | 'levels'>> {
    const { size } = this.#head;
    if (state.examined > size || this.#seen.some((seen) => seen.size > size)) {
      this.#faults.push('checkpoint: the log is shorter than it was earlier');
      return state;
    }
    this.#levels = state.levels.map((row) => [...row]);
    let rest: Buffer[] = [];
    let examined = state.examined;
    for (let first = state.examined; first < size; first += 256) {
      const width = Math.min(256, size - first);
      const hashes = await this.#bundle(first, width);
      this.#compareSeen(first, hashes);
      if (width < 256) {
        rest = hashes;
        break;
      }
      await this.#rise(rootOfHashes(hashes), first / 256);
      examined = first + 256;
      if ((examined / 256) % 64 === 0 && this.#faults.length === 0)
        await this.#options.onProgress?.({ ...this.#state(examined), checkpoint: state.checkpoint }, size);
    }
    if (examined === size) this.#compareSeen(examined, []);
    await this.#unfinishedTiles(examined);
    if (!rootOfState({ levels: this.#levels }, rest).equals(this.#head.root))
      this.#faults.push('checkpoint: its root is not that of the tiles');
    return this.#state(examined);
  }

  #state(examined: number): Pick<AuditState, 'examined' | 'levels'> {
    return { examined, levels: this.#levels.map((row) => [...row]) };
  }

  /** Leaf hashes of one bundle, entries and tile held against each other. */
  async #bundle(first: number, width: number): Promise<Buffer[]> {
    const { prefix } = this.#options;
    const entries = await readEntries(prefix, first / 256, width, this.#faults);
    const tile = await readTile(prefix, 0, first / 256, width, this.#faults);
    return Array.from({ length: width }, (_, at) => {
      const entry = entries?.[at];
      const computed = entry && leafHash(entry);
      const published = tile?.[at];
      if (computed && published && !computed.equals(published)) {
        const [bundle, hashes] = [path('entries', first / 256, width), path(0, first / 256, width)];
        this.#faults.push(`entry ${first + at}: ${bundle} and ${hashes} differ`);
      }
      return published ?? computed ?? Buffer.alloc(32);
    });
  }

  /** Adds the root of a full tile to the level above, and holds a tile that is full by it against the published one. */
  async #rise(hash: Buffer, index: number, level = 1): Promise<void> {
    const row = this.#levels[level - 1] ?? [];
    this.#levels[level - 1] = row;
    row.push(hash);
    if (row.length < 256) return;
    const above = Math.floor(index / 256);
    await this.#compareTile(level, above, row);
    this.#levels[level - 1] = [];
    await this.#rise(rootOfHashes(row), above, level + 1);
  }

  async #unfinishedTiles(examined: number): Promise<void> {
    for (const [at, row] of this.#levels.entries()) {
      if (row.length > 0) await this.#compareTile(at + 1, Math.floor(examined / 256 ** (at + 2)), row);
    }
  }

  async #compareTile(level: number, index: number, row: readonly Buffer[]): Promise<void> {
    const tile = await readTile(this.#options.prefix, level, index, row.length, this.#faults);
    if (tile?.some((hash, at) => !hash.equals(row[at] ?? hash)))
      this.#faults.push(`${path(level, index, row.length)}: does not follow from the tiles below`);
  }

  /** Earlier checkpoints whose size lies in this bundle must have the root of the leaves up to there. */
  #compareSeen(first: number, hashes: readonly Buffer[]): void {
    for (const { size, root } of this.#seen) {
      const inside = size >= first && (size < first + Math.max(1, hashes.length) || size === this.#head.size);
      if (!inside || size > first + hashes.length || (size === first + 256 && size !== this.#head.size))
        continue;
      if (!rootOfState({ levels: this.#levels }, hashes.slice(0, size - first)).equals(root))
        this.#faults.push(`checkpoint: the log did not grow from the earlier one of size ${size}`);
    }
  }
}
