/**
 * Hostile files deposited over HTTP, several at once: bombs of pixels, of compression and of objects, nesting without
 * end, page trees that bite their tail, polyglots, what was cut off. Each must be refused with words that help, nothing
 * of it kept, and the vault must answer others meanwhile. The lag of its event loop is measured, not judged: rates on a
 * shared machine wander.
 */

import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { crc32, deflateSync } from 'node:zlib';
import { PDFDocument } from 'pdf-lib';
import { makeScan } from '../../src/main-job/sample-scan.ts';
import { SystemClient } from '../../src/main-job/system-client.ts';
import { metadataOf } from './driver/caller.ts';
import { HarmedVault } from './driver/harmed-vault.ts';
import type { Chance, Round, Tally } from './round.ts';

const PARALLEL = 4;

export const round: Round = {
  what: 'hostile files deposited',
  n: 16,
  run: upload,
  control: { without: 'a process of its own for reading', n: 1, run: readHere },
};

async function upload(n: number, chance: Chance): Promise<Tally> {
  await using harmed = await HarmedVault.make({ ownDatabase: false });
  const { url } = harmed.vault;
  const system = await SystemClient.open({
    url,
    keyFolder: join(harmed.dataDir, 'keys'),
    clientId: 'tthc-h24',
    scopes: ['documents:deposit'],
  });
  const scan = Buffer.from(await makeScan(new Date()));
  const kinds: Record<string, number> = {};
  const waits: number[] = [];
  let undetected = 0;
  // Each reading of the figures begins them anew: the start of the vault is not what is measured. What a busy machine
  // does to an idle vault stands beside it.
  await loopDelay(url);
  await new Promise((resolve) => setTimeout(resolve, 3000));
  kinds['p99 of the event loop’s delay when idle, ms'] = await loopDelay(url);
  const asking = { done: false };
  const asked = askOthers(url, waits, asking);
  const names = Object.keys(HOSTILE);
  for (let at = 0; at < n; at += PARALLEL) {
    const wave = Array.from(
      { length: Math.min(PARALLEL, n - at) },
      (_, i) => names[(at + i) % names.length] ?? '',
    );
    const statuses = await Promise.all(
      wave.map((name) => statusOf(system, HOSTILE[name]?.(scan, chance) ?? Buffer.alloc(0))),
    );
    for (const [i, status] of statuses.entries()) {
      const name = wave[i] ?? '';
      kinds[`${name}: ${status}`] = (kinds[`${name}: ${status}`] ?? 0) + 1;
      // Refused with a reason, or told to come back; anything else is a crash or a paper that should not be one.
      if (![413, 415, 422, 503].includes(status)) undetected += 1;
    }
  }
  asking.done = true;
  await asked;
  for (const { invariant, where, what } of await harmed.check()) {
    process.stdout.write(`  ${invariant} ${where} ${what}\n`);
    undetected += 1;
  }
  kinds['p99 of /healthz meanwhile, ms'] = Math.round(percentile(waits, 0.99));
  kinds['p99 of the event loop’s delay, ms'] = await loopDelay(url);
  return { n, lost: 0, undetected, duplicates: 0, kinds };
}

async function statusOf(system: SystemClient, bytes: Buffer): Promise<number> {
  const form = new FormData();
  form.set('metadata', JSON.stringify(metadataOf(randomUUID())));
  form.set('file', new Blob([Uint8Array.from(bytes)]), 'x');
  try {
    const response = await system.raw('POST', '/api/v1/documents', {
      body: form,
      headers: { 'Idempotency-Key': randomUUID() },
    });
    await response.arrayBuffer();
    return response.status;
  } catch (error) {
    return Number(/answered (\d+)/.exec(String(error))?.[1] ?? 0);
  }
}

async function askOthers(url: string, waits: number[], until: { done: boolean }): Promise<void> {
  while (!until.done) {
    const began = performance.now();
    await (await fetch(`${url}/healthz`)).arrayBuffer();
    waits.push(performance.now() - began);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const percentile = (values: readonly number[], part: number): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length * part)] ?? 0;

async function loopDelay(url: string): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  const seconds = Number(/^nodejs_eventloop_lag_p99_seconds (\S+)/m.exec(metrics)?.[1] ?? 0);
  return Math.round(seconds * 1000);
}

/** What a reader inside the vault's own process would do to everybody else: its event loop stands still. */
async function readHere(n: number): Promise<Tally> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const bomb = manyObjects();
  await new Promise((resolve) => setTimeout(resolve, 20));
  await PDFDocument.load(Uint8Array.from(bomb)).catch(() => undefined);
  await new Promise((resolve) => setTimeout(resolve, 20));
  delay.disable();
  return { n, lost: 0, undetected: delay.max / 1e6 > 50 ? 1 : 0, duplicates: 0 };
}

type Hostile = (scan: Buffer, chance: Chance) => Buffer;

const HOSTILE: Readonly<Record<string, Hostile>> = {
  'pixel bomb': () => png(60_000, 60_000),
  'compression bomb': () =>
    pdfOf([`<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length LENGTH >>`], bomb()),
  'object bomb': () => manyObjects(),
  'endless nesting': () => pdfOf([`<< /Type /X /A ${'['.repeat(200_000)} >>`]),
  'page tree that bites its tail': () => pdfOf([], undefined, '<< /Type /Pages /Kids [2 0 R] /Count 1 >>'),
  'cut off': (scan, chance) => scan.subarray(0, 100 + chance.below(scan.byteLength - 2000)),
  polyglot: (scan) => Buffer.concat([Buffer.from('PK\u0003\u0004 not a zip'), Buffer.alloc(2000), scan]),
  'a PNG that is a script': () =>
    Buffer.concat([Buffer.from('\u0089PNG\r\n\u001a\n', 'latin1'), Buffer.from('<script>')]),
};

const bomb = (): Buffer => deflateSync(Buffer.alloc(100 * 1024 * 1024), { level: 9 });

/** A small PDF by hand: catalog, page tree, and whatever objects are given; the last may carry a stream. */
function pdfOf(
  objects: readonly string[],
  stream?: Buffer,
  pages = '<< /Type /Pages /Kids [] /Count 1 >>',
): Buffer {
  const all = ['<< /Type /Catalog /Pages 2 0 R >>', pages, ...objects];
  const parts: Buffer[] = [Buffer.from('%PDF-1.7\n')];
  const offsets: number[] = [];
  let at = parts[0]?.byteLength ?? 0;
  const push = (part: Buffer): void => {
    parts.push(part);
    at += part.byteLength;
  };
  for (const [index, text] of all.entries()) {
    offsets.push(at);
    const last = index === all.length - 1 && stream;
    push(Buffer.from(`${index + 1} 0 obj\n${text.replace('LENGTH', String(stream?.byteLength ?? 0))}\n`));
    if (last) push(Buffer.concat([Buffer.from('stream\n'), stream, Buffer.from('\nendstream\n')]));
    push(Buffer.from('endobj\n'));
  }
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const size = all.length + 1;
  parts.push(
    Buffer.from(
      `xref\n0 ${size}\n0000000000 65535 f \n${table}trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${at}\n%%EOF\n`,
    ),
  );
  return Buffer.concat(parts);
}

const manyObjects = (): Buffer =>
  pdfOf(Array.from({ length: 60_000 }, (_, n) => `<< /A [ ${n} ${n} ${n} ] >>`));

/** A PNG of a few hundred bytes that claims so many pixels. */
function png(width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 6, 0, 0, 0], 8);
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.byteLength);
    check.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, check]);
  };
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.alloc(200_000))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}
