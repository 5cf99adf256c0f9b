/**
 * P7: an inclusion proof over HTTP against a static file of 1 KB through Express, at 10⁴, 10⁵ and 10⁶ leaves
 * (10⁷ with BENCH_LEAVES=10000000). A generator makes the tiles; entries asked for are spread evenly at random.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import {
  checkpointText,
  type Edge,
  formatNote,
  growTree,
  leafHash,
  logSigner,
  readHashTile,
  rootFromTiles,
  signNote,
} from '../../src/ledger/log/index.ts';
import { logHandler } from '../../src/ledger/log-handler.ts';
import { LogObjects } from '../../src/ledger/log-objects.ts';
import { LogProofs } from '../../src/ledger/log-proofs.ts';
import { LogReader } from '../../src/ledger/log-reader.ts';
import { MemoryStore } from '../../storage/index.ts';
import { type ComparisonResult, compare, type Side } from './harness.ts';

const REQUESTS = 2000;
const sizes = [10_000, 100_000, Number(process.env.BENCH_LEAVES ?? 1_000_000)];

export async function bench(): Promise<Readonly<Record<string, ComparisonResult>>> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-proof-'));
  writeFileSync(join(folder, 'one.txt'), 'x'.repeat(1024));
  const results: Record<string, ComparisonResult> = {};
  for (const size of sizes) {
    const { objects, note, root } = await generate(size);
    const app = express();
    app.disable('x-powered-by');
    app.use('/static', express.static(folder));
    const row = { size: String(size), root, note, cosignatures: '' };
    const sql = { query: async <Row>() => [row] as Row[] };
    app.use('/log', logHandler({ objects, proofs: new LogProofs({ sql, reader: new LogReader(objects) }) }));
    const server = app.listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    const client = new Client(port);
    const ask = (path: () => string): Promise<void> => client.ask(Array.from({ length: REQUESTS }, path));
    const baseline: Side = {
      name: 'static 1 KB',
      operations: REQUESTS,
      run: () => ask(() => '/static/one.txt'),
    };
    const vault: Side = {
      name: 'proof',
      operations: REQUESTS,
      run: () => ask(() => `/log/proof/${Math.floor(Math.random() * size)}`),
    };
    // The reader keeps tiles in memory; it is asked for more entries than one repetition before measuring starts.
    await vault.run();
    results[`proof-${size}`] = await compare({ name: 'proof', baseline, vault, target: 0.8 });
    client.stop();
    server.close();
  }
  return results;
}

/** A log of `size` small leaves: tiles in memory and a signed checkpoint. */
async function generate(size: number): Promise<{ objects: LogObjects; note: string; root: Buffer }> {
  const objects = new LogObjects(new MemoryStore());
  let edge: Edge = [];
  const batch = 16_384;
  for (let start = 0; start < size; start += batch) {
    const leaves = Array.from({ length: Math.min(batch, size - start) }, (_, n) =>
      leafHash(Buffer.from(`${start + n}`)),
    );
    const growth = await growTree(start, edge, Buffer.concat(leaves));
    edge = growth.edge;
    for (const { id, bytes } of growth.tiles) await objects.putTile(id, bytes);
  }
  const root = await rootFromTiles(
    async (id) => readHashTile((await objects.getTile(id)) ?? Buffer.alloc(0)),
    size,
  );
  const signer = logSigner('bench.example/log', generateKeyPairSync('ed25519').privateKey);
  const text = checkpointText({ origin: signer.name, size, root });
  return { objects, root, note: formatNote(await signNote(text, signer)) };
}

/** Asks for paths from another process, so that only the server's CPU is measured. */
class Client {
  readonly #child: ChildProcess;

  constructor(port: number) {
    this.#child = spawn(process.execPath, ['-e', CLIENT, String(port)], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
  }

  ask(paths: readonly string[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#child.once('message', (failure: string) =>
        failure === '' ? resolve() : reject(new Error(failure)),
      );
      this.#child.send(paths);
    });
  }

  stop(): void {
    this.#child.kill();
  }
}

const CLIENT = `
const { Agent, get } = require('node:http');
const agent = new Agent({ keepAlive: true, maxSockets: 8 });
const one = (path) => new Promise((resolve, reject) => {
  get({ host: '127.0.0.1', port: process.argv[1], path, agent }, (response) => {
    if (response.statusCode !== 200) reject(new Error(path + ': ' + response.statusCode));
    response.resume().once('end', resolve);
  }).once('error', reject);
});
process.on('message', async (paths) => {
  const worker = async () => { while (paths.length > 0) await one(paths.pop()); };
  try {
    await Promise.all(Array.from({ length: 8 }, worker));
    process.send('');
  } catch (error) {
    process.send(String(error));
  }
});`;
