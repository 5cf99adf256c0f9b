/**
 * A published log for independent judges: leaves of invented events, tiles and bundles as the sequencer cuts them, a
 * checkpoint that a witness cosigned, and a proof file with openings for some entries. Pure material of the log's own
 * code; the judges share none of it.
 */
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as log from '../../src/ledger/log/index.ts';
import { readEntries } from '../../src/ledger/log-bundles.ts';

/** Writes the log below `folder`. @returns the log's key, and the file with the policy that asks for its witness */
export async function publishLog(folder: string, size: number): Promise<{ vkey: string; policy: string }> {
  const write = (path: string, bytes: string | Uint8Array): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  };
  const keys = generateKeyPairSync('ed25519');
  const witnessKeys = generateKeyPairSync('ed25519');
  const origin = 'vault.example/log';
  const records = Array.from({ length: size }, (_, n) => eventAt(n));
  const leaves = records.map((record) => log.leafOf(record));
  const prefixed = leaves.map((leaf) =>
    Buffer.concat([Buffer.of(leaf.length >> 8, leaf.length & 255), leaf]),
  );
  const entries = readEntries(0, Buffer.alloc(0), Buffer.concat(prefixed));
  const growth = await log.growTree(0, [], entries.hashes);
  const tiles = new Map(growth.tiles.map(({ id, bytes }) => [log.tilePath(id), bytes]));
  for (const { id, bytes } of [...entries.bundles, ...growth.tiles]) write(log.tilePath(id), bytes);
  const text = log.checkpointText({ origin, size, root: growth.root });
  const note = await log.signNote(text, log.logSigner(origin, keys.privateKey));
  const seconds = Math.floor(Date.now() / 1000);
  const witness = log.witnessSigner('witness.example', witnessKeys.privateKey, () => seconds);
  const cosigned = await log.signNote(text, witness);
  const checkpoint = log.formatNote({ text, signatures: [...note.signatures, ...cosigned.signatures] });
  write('checkpoint', checkpoint);
  const source = (id: log.TileId) => log.readHashTile(tiles.get(log.tilePath(id)) ?? Buffer.alloc(0));
  for (const index of [0, 1, 255, 256, 511, 512, size - 1]) {
    const [record] = records.slice(index, index + 1);
    if (record === undefined) continue;
    const path = await log.proveInclusion(source, index, size);
    const extra = log.openLeaf(record, ['paper', 'use']);
    write(`proofs/${index}.tlog-proof`, log.formatProofFile({ extra, index, path }, checkpoint));
  }
  const vkey = log.formatVerifierKey(log.notePublicKey(origin, 'log', keys.publicKey));
  const witnessKey = log.formatVerifierKey(
    log.notePublicKey('witness.example', 'witness', witnessKeys.publicKey),
  );
  const policy = join(folder, 'policy');
  writeFileSync(policy, `log ${vkey}\nwitness w ${witnessKey}\nquorum w\n`);
  return { vkey, policy };
}

const eventAt = (n: number): log.LeafRecord => ({
  id: randomUUID(),
  type: n % 3 === 0 ? 'document.read' : 'document.deposited',
  occurredAt: new Date(1_790_000_000_000 + n * 1234),
  actorKind: 'system',
  actorId: 'tthc-h24',
  agencyId: 'H24.991',
  documentId: randomUUID(),
  dossierId: null,
  personId: randomUUID(),
  requestId: randomUUID(),
  outcome: 'permitted',
  detail: { sha256: 'ab'.repeat(32), status: 'active' },
  salt: log.newLeafSalt(),
});
