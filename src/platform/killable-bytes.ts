/**
 * Large inputs of a killable child, passed beside the channel: through a file without a name, which the child opens by
 * the parent's descriptor. The channel would hold two more copies of a paper of 50 MB in the parent. Nothing readable is
 * left behind when either dies, since the file has no name from the start.
 */
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { open, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Smaller ones go through the channel. */
const LARGE = 1024 * 1024;

interface LentBytes {
  readonly lentBytes: string;
}

export interface Lent {
  /** The input with large bytes replaced. */
  readonly input: unknown;
  /** Frees the files; call it when the child has answered or died. */
  release(): Promise<void>;
}

/** Replaces large byte arrays anywhere in plain data; where the system has no such descriptors, nothing. */
export async function lend(input: unknown): Promise<Lent> {
  const closing: (() => Promise<void>)[] = [];
  const release = async (): Promise<void> => {
    await Promise.allSettled(closing.splice(0).map((close) => close()));
  };
  if (!existsSync('/proc/self/fd')) return { input, release };
  const replaced = async (value: unknown): Promise<unknown> => {
    if (value instanceof Uint8Array) {
      if (value.byteLength < LARGE) return value;
      const path = join(tmpdir(), `motlan-${randomUUID()}`);
      const file = await open(path, 'wx+', 0o600);
      closing.push(() => file.close());
      await unlink(path);
      await file.writeFile(value);
      return { lentBytes: `/proc/${process.pid}/fd/${file.fd}` } satisfies LentBytes;
    }
    if (Array.isArray(value)) return Promise.all(value.map(replaced));
    if (isPlain(value)) {
      const entries = Object.entries(value).map(async ([key, each]) => [key, await replaced(each)] as const);
      return Object.fromEntries(await Promise.all(entries));
    }
    return value;
  };
  try {
    return { input: await replaced(input), release };
  } catch (error) {
    await release();
    throw error;
  }
}

/** In the child: the input as it was. */
export function restore(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(restore);
  if (!isPlain(value)) return value;
  if (typeof value.lentBytes === 'string') return new Uint8Array(readFileSync(value.lentBytes));
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, restore(each)]));
}

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
