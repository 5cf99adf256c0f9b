/**
 * Resident memory of a vault's process, by the kernel's word: idle, while 50 MB are deposited and read, and under 200
 * parallel downloads of 200 KB. The highest of samples every 20 ms; the ratio is the limit divided by what was measured.
 */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PDFDocument } from 'pdf-lib';
import { Browser } from '../../src/main-job/browser.ts';
import { SystemClient } from '../../src/main-job/system-client.ts';
import { removeEmbeddedPostgres } from '../../src/platform/embedded-postgres.ts';
import { metadataOf } from '../faults/driver/caller.ts';
import { freePort, VaultProcess } from '../faults/driver/vault-process.ts';
import { type ComparisonResult, rangeOf } from './harness.ts';

const LIMITS = { idle: 200, large: 150, parallel: 150 };

export async function bench(): Promise<Readonly<Record<string, ComparisonResult>>> {
  const folder = await mkdtemp(join(tmpdir(), 'motlan-memory-'));
  const dataDir = join(folder, 'vault');
  const vault = await VaultProcess.start({ dataDir, port: await freePort() });
  try {
    const system = await SystemClient.open({
      url: vault.url,
      keyFolder: join(dataDir, 'keys'),
      clientId: 'tthc-h24',
      scopes: ['documents:deposit'],
    });
    const citizen = new Browser(vault.url);
    await citizen.signIn('lan');
    await sleep(5000);
    const idle = resident(vault.pid);
    const small = await deposit(system, await paperOf(200 * 1024));
    const parallel = await highest(vault.pid, async () => {
      await Promise.all(Array.from({ length: 200 }, () => read(citizen, small)));
    });
    await settled(vault.pid);
    const before = resident(vault.pid);
    const large = await highest(vault.pid, async () => {
      await read(citizen, await deposit(system, await paperOf(50 * 1024 * 1024)));
    });
    return {
      memory: resultOf('idle', idle, LIMITS.idle),
      'memory-parallel': resultOf('200 downloads at once', parallel - idle, LIMITS.parallel),
      'memory-large': resultOf('50 MB deposited and read', large - before, LIMITS.large),
    };
  } finally {
    await vault.stop();
    removeEmbeddedPostgres(dataDir);
    await rm(folder, { recursive: true, force: true });
  }
}

/** A PDF of one page that carries so many random bytes. */
async function paperOf(bytes: number): Promise<Uint8Array> {
  const pdf = await PDFDocument.create();
  pdf.addPage([595, 842]).drawText('benchmark');
  // Random bytes cannot be pressed, as a scan's cannot.
  pdf.context.register(pdf.context.stream(randomBytes(bytes)));
  return pdf.save({ useObjectStreams: false });
}

interface Paper {
  readonly documentId: string;
  readonly sha256: string;
}

async function deposit(system: SystemClient, bytes: Uint8Array): Promise<Paper> {
  const form = new FormData();
  form.set('metadata', JSON.stringify(metadataOf(randomUUID())));
  form.set('file', new Blob([Uint8Array.from(bytes)], { type: 'application/pdf' }), 'paper.pdf');
  const headers = { 'Idempotency-Key': randomUUID() };
  const response = await system.raw('POST', '/api/v1/documents', { body: form, headers });
  return (await response.json()) as Paper;
}

async function read(citizen: Browser, { documentId, sha256 }: Paper): Promise<void> {
  const { response } = await citizen.open(`/api/v1/documents/${documentId}/content`);
  const digest = createHash('sha256')
    .update(Buffer.from(await response.arrayBuffer()))
    .digest('hex');
  if (digest !== sha256) throw new Error(`a reading answered ${response.status} with other bytes`);
}

/** The highest resident memory while something is done, in MiB. */
async function highest(pid: number, work: () => Promise<void>): Promise<number> {
  let most = resident(pid);
  const watching = setInterval(() => {
    most = Math.max(most, resident(pid));
  }, 20);
  await work().finally(() => clearInterval(watching));
  return Math.max(most, resident(pid));
}

/** Waits until memory stops falling. */
async function settled(pid: number): Promise<void> {
  for (let before = Number.POSITIVE_INFINITY; resident(pid) < before - 1; ) {
    before = resident(pid);
    await sleep(3000);
  }
}

function resident(pid: number): number {
  const pages = Number(readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ')[1]);
  return (pages * 4096) / (1024 * 1024);
}

function resultOf(name: string, megabytes: number, limit: number): ComparisonResult {
  const measured = Math.max(1, megabytes);
  return {
    baseline: { name: `limit of ${limit} MB`, perCpuSecond: rangeOf([1 / limit]) },
    vault: { name, perCpuSecond: rangeOf([1 / measured]) },
    ratio: rangeOf([limit / measured]),
    target: 1,
    reached: measured <= limit,
    notes: { megabytes: Math.round(megabytes) },
  };
}
