/** What anybody may know of the log: the published checkpoint in parts, for a page in plain words and for metrics. */
import { cosignaturesOf, cosignatureTime, NoteError, type Policy, parseCheckpoint } from './log/index.ts';
import type { LogObjects } from './log-objects.ts';

export interface LogFacts {
  readonly origin: string;
  /** Number of entries; 0 before the first checkpoint. */
  readonly size: number;
  /** Base64; empty before the first checkpoint. */
  readonly root: string;
  /** The public key, as auditors are given it. */
  readonly vkey: string;
  /** Witnesses of the policy, and when each said that it had seen this very checkpoint. */
  readonly witnesses: readonly { readonly name: string; readonly cosignedAt: Date | null }[];
}

/** Reads the published checkpoint. Never throws for what it holds: a malformed one shows as none. */
export async function logFacts(parts: {
  objects: LogObjects;
  vkey: string;
  policy: Policy;
}): Promise<LogFacts> {
  const { objects, vkey, policy } = parts;
  const [origin = ''] = vkey.split('+');
  const text = await objects.getCheckpoint();
  try {
    const checkpoint = text === undefined ? undefined : parseCheckpoint(text);
    const found = checkpoint ? cosignaturesOf(policy, checkpoint) : [];
    return {
      origin,
      size: checkpoint?.size ?? 0,
      root: checkpoint?.root.toString('base64') ?? '',
      vkey,
      witnesses: policy.witnesses.map(({ verifier }) => {
        const cosigned = found.find(({ party }) => party.verifier.name === verifier.name);
        const seconds = cosigned && cosignatureTime(cosigned.signature.signature);
        return { name: verifier.name, cosignedAt: seconds === undefined ? null : new Date(seconds * 1000) };
      }),
    };
  } catch (error) {
    if (!(error instanceof NoteError)) throw error;
    return { origin, size: 0, root: '', vkey, witnesses: [] };
  }
}
