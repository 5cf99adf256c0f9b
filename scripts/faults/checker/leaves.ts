/**
 * The log recomputed from the rows, by the documented layout (`src/ledger/README.md`) and RFC 6962, without the vault's
 * code: the leaf of an event, the root of any size, the log's signature on a checkpoint (C2SP signed-note).
 */
import { createHash, createPublicKey, verify } from 'node:crypto';

/** A row of `ledger_event`. */
export interface EventRow {
  readonly id: string;
  readonly type: string;
  readonly occurred_at: Date;
  readonly actor_kind: string;
  readonly actor_id: string | null;
  readonly agency_id: string | null;
  readonly document_id: string | null;
  readonly dossier_id: string | null;
  readonly owner_id: string | null;
  readonly request_id: string | null;
  readonly outcome: string;
  readonly detail: Record<string, unknown>;
  readonly salt: Buffer;
  /** From `event_subject`. */
  readonly owner_ids: readonly string[];
}

const sha256 = (...parts: readonly Uint8Array[]): Buffer => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

export function leafOfEvent(event: EventRow): Buffer {
  const status = typeof event.detail.status === 'string' ? event.detail.status : null;
  const digest = typeof event.detail.sha256 === 'string' ? event.detail.sha256 : null;
  const parts = {
    paper: { document: event.document_id, sha256: digest, status },
    use: {
      actorKind: event.actor_kind,
      agency: event.agency_id,
      at: event.occurred_at.toISOString(),
      dossier: event.dossier_id,
      event: event.id,
      person: event.owner_ids.length > 1 ? null : event.owner_id,
      request: event.request_id,
      ...(event.owner_ids.length > 1 ? { owners: ownersOf(event) } : {}),
    },
    office: { actor: event.actor_id, detail: event.detail },
  };
  const head = Buffer.alloc(9);
  head[0] = 1;
  head.writeBigUInt64BE(BigInt(Math.floor(event.occurred_at.getTime() / 1000)), 1);
  const words = [event.type, event.outcome, status ?? ''].map((word) =>
    Buffer.concat([Buffer.of(word.length), Buffer.from(word, 'latin1')]),
  );
  const commitments = Object.entries(parts).map(([name, value], index) =>
    sha256(
      Buffer.from(`mot-lan/leaf/1/${name}\n`),
      event.salt.subarray(index * 16, index * 16 + 16),
      Buffer.from(sorted(value)),
    ),
  );
  return Buffer.concat([head, ...words, ...commitments]);
}

/** Each of several owners under a salt of their own, made from the salt of `office`. */
const ownersOf = ({ owner_ids: ids, salt }: EventRow): string[] =>
  ids
    .map((id) => {
      const own = sha256(Buffer.from('mot-lan/leaf/1/owner-salt\n'), salt.subarray(32, 48), Buffer.from(id));
      return sha256(Buffer.from('mot-lan/leaf/1/owner\n'), own.subarray(0, 16), Buffer.from(id)).toString(
        'hex',
      );
    })
    .sort();

/** JSON with sorted keys and no space (RFC 8785). */
function sorted(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(sorted).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${sorted((value as Record<string, unknown>)[key])}`).join(',')}}`;
}

/** A growing Merkle tree (RFC 6962 §2.1): leaves are appended, the root can be asked for at any size. */
export class GrowingTree {
  size = 0;
  /** Roots of the perfect subtrees, largest first, with their heights. */
  readonly #peaks: { height: number; hash: Buffer }[] = [];

  append(leaf: Uint8Array): void {
    let peak = { height: 0, hash: sha256(Buffer.of(0), leaf) };
    for (let left = this.#peaks.at(-1); left?.height === peak.height; left = this.#peaks.at(-1)) {
      this.#peaks.pop();
      peak = { height: peak.height + 1, hash: sha256(Buffer.of(1), left.hash, peak.hash) };
    }
    this.#peaks.push(peak);
    this.size += 1;
  }

  root(): Buffer {
    let root: Buffer | undefined;
    for (const { hash } of this.#peaks.toReversed()) {
      root = root === undefined ? hash : sha256(Buffer.of(1), hash, root);
    }
    return root ?? sha256();
  }
}

/** Whether a checkpoint of this size and root carries the log's signature. */
export function isSigned(
  note: string,
  checkpoint: { readonly size: number; readonly root: Uint8Array },
  log: { readonly origin: string; readonly publicKey: Uint8Array },
): boolean {
  const text = `${log.origin}\n${checkpoint.size}\n${Buffer.from(checkpoint.root).toString('base64')}\n`;
  if (!note.startsWith(`${text}\n`)) return false;
  const lines = note.slice(text.length + 1).split('\n');
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(log.publicKey).toString('base64url') };
  const key = createPublicKey({ key: jwk, format: 'jwk' });
  return lines.some((line) => {
    const [, name, encoded = ''] = /^— (\S+) (\S+)$/.exec(line) ?? [];
    const signature = Buffer.from(encoded, 'base64').subarray(4);
    return name === log.origin && verify(null, Buffer.from(text), key, signature);
  });
}
