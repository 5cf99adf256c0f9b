/**
 * The files that judges are asked about: one of every kind the vault makes, under a throw-away hierarchy whose clock
 * is the machine's, since most judges know no other time.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PDFDocument } from 'pdf-lib';
import sharp from 'sharp';
import { buildPdfa, type PageElement, type PdfaRequest } from '../../src/pdf/index.ts';
import {
  createBulkTemplate,
  createRevocationClient,
  createTimestampClient,
  type Level,
  type MarkRequest,
  markProfiles,
  markTime,
  type Signer,
  sealPdf,
  toPem,
  upgradePdf,
} from '../../src/signing/index.ts';
import { createTestPki, type TestPki } from '../../test/support/pki.ts';

export interface Output {
  /** Unique, and the file's name without its ending. */
  readonly name: string;
  readonly path: string;
  /** Signatures of ours, document timestamps not counted. */
  readonly signatures: number;
  readonly level: 'none' | 'B-B' | Level;
  readonly pdfa?: '2b' | '3b';
  /** Holds signatures of other people too, about which nothing is claimed. */
  readonly foreign?: true;
}

export interface Made {
  readonly outputs: readonly Output[];
  readonly rootFile: string;
  /** DER revision lists of the hierarchy, for judges of signatures that carry none. */
  readonly crlFiles: readonly string[];
  readonly certificateFiles: readonly string[];
}

const ALGORITHMS = [
  { name: 'rsa-2048', key: 'rsa-2048', pss: false },
  { name: 'rsa-3072', key: 'rsa-3072', pss: false },
  { name: 'rsa-4096', key: 'rsa-4096', pss: false },
  { name: 'rsa-2048-pss', key: 'rsa-2048', pss: true },
  { name: 'rsa-3072-pss', key: 'rsa-3072', pss: true },
  { name: 'rsa-4096-pss', key: 'rsa-4096', pss: true },
  { name: 'p-256', key: 'p-256', pss: false },
  { name: 'p-384', key: 'p-384', pss: false },
] as const;

/** Makes everything in `folder`. @param samples a folder with signed files of others, where there is one */
export async function makeOutputs(folder: string, samples: string | undefined): Promise<Made> {
  const clock = { now: () => new Date() };
  const pki = await createTestPki(clock);
  const maker = new Maker(folder, pki);
  const signers = new Map<string, Signer>();
  for (const { name, key, pss } of ALGORITHMS) {
    signers.set(name, await pki.signer({ name: `Người ký ${name}`, key, pss }));
  }
  const page = buildPdfa(paper());
  const withAttachment = buildPdfa(paper({ attached: true }));
  const plain = await plainPdf();
  maker.keep('generated-2b', page, { signatures: 0, level: 'none', pdfa: '2b' });
  maker.keep('generated-3b', withAttachment, { signatures: 0, level: 'none', pdfa: '3b' });
  await everyLevel(maker, signers, page);
  await upgrades(maker, signers, { page, withAttachment, plain });
  await marks(maker, signers, { page, withAttachment, plain });
  await bulk(maker, signers);
  if (samples !== undefined) await sealedSamples(maker, signers, samples);
  return { outputs: maker.outputs, ...writeTrust(folder, pki, clock.now()) };
}

class Maker {
  readonly outputs: Output[] = [];
  readonly #folder: string;
  readonly #network: { readonly fetch: typeof fetch; readonly allowedHosts: readonly string[] };
  readonly #pki: TestPki;

  constructor(folder: string, pki: TestPki) {
    this.#folder = folder;
    this.#pki = pki;
    this.#network = { fetch: pki.fetch, allowedHosts: pki.hosts };
  }

  keep(name: string, bytes: Uint8Array, about: Omit<Output, 'name' | 'path'>): void {
    const path = join(this.#folder, `${name}.pdf`);
    writeFileSync(path, bytes);
    this.outputs.push({ name, path, ...about });
  }

  timestamps() {
    const [host = ''] = this.#pki.hosts;
    return createTimestampClient({
      ...this.#network,
      authorities: [{ name: 'tsa', url: `http://${host}/tsa` }],
    });
  }

  async seal(
    bytes: Uint8Array,
    signer: Signer,
    how: { stamped?: boolean; mark?: MarkRequest; fieldName?: string } = {},
  ) {
    const { stamped, ...options } = how;
    const timestamps = stamped === true ? this.timestamps() : undefined;
    return (await sealPdf(bytes, { signer, time: new Date(), timestamps, ...options })).bytes;
  }

  async upgrade(bytes: Uint8Array, level: Level): Promise<Uint8Array> {
    const revocation = createRevocationClient({ ...this.#network, now: () => new Date() });
    const issuers = [this.#pki.root.certificate, this.#pki.intermediate.certificate];
    return (await upgradePdf(bytes, level, { timestamps: this.timestamps(), revocation, issuers })).bytes;
  }
}

/** Every level with every algorithm once. */
async function everyLevel(
  maker: Maker,
  signers: ReadonlyMap<string, Signer>,
  page: Uint8Array,
): Promise<void> {
  for (const [name, signer] of signers) {
    const about = { signatures: 1, pdfa: '2b' } as const;
    maker.keep(`level-bb-${name}`, await maker.seal(page, signer), { ...about, level: 'B-B' });
    const stamped = await maker.seal(page, signer, { stamped: true });
    maker.keep(`level-bt-${name}`, stamped, { ...about, level: 'B-T' });
    const lasting = await maker.upgrade(stamped, 'B-LT');
    maker.keep(`level-blt-${name}`, lasting, { ...about, level: 'B-LT' });
    maker.keep(`level-blta-${name}`, await maker.upgrade(lasting, 'B-LTA'), { ...about, level: 'B-LTA' });
  }
}

interface Bases {
  readonly page: Uint8Array;
  readonly withAttachment: Uint8Array;
  readonly plain: Uint8Array;
}

/** A signature without timestamp, raised step by step; one raised at once; an archive renewed. */
async function upgrades(maker: Maker, signers: ReadonlyMap<string, Signer>, bases: Bases): Promise<void> {
  const about = { signatures: 1 } as const;
  const bare = await maker.seal(bases.withAttachment, pick(signers, 'p-256'));
  const stamped = await maker.upgrade(bare, 'B-T');
  maker.keep('upgraded-bt', stamped, { ...about, level: 'B-T', pdfa: '3b' });
  const lasting = await maker.upgrade(stamped, 'B-LT');
  maker.keep('upgraded-blt', lasting, { ...about, level: 'B-LT', pdfa: '3b' });
  const archived = await maker.upgrade(lasting, 'B-LTA');
  maker.keep('upgraded-blta', archived, { ...about, level: 'B-LTA', pdfa: '3b' });
  maker.keep('archive-renewed', await maker.upgrade(archived, 'B-LTA'), {
    ...about,
    level: 'B-LTA',
    pdfa: '3b',
  });
  const plain = await maker.seal(bases.plain, pick(signers, 'rsa-3072'));
  maker.keep('upgraded-at-once', await maker.upgrade(plain, 'B-LTA'), { ...about, level: 'B-LTA' });
}

/** Every mark on two files, and two marks of two signers on one page. */
async function marks(maker: Maker, signers: ReadonlyMap<string, Signer>, bases: Bases): Promise<void> {
  const requests = await markRequests();
  const signer = pick(signers, 'rsa-2048');
  for (const [name, mark] of Object.entries(requests)) {
    const about = { signatures: 1, level: 'B-T' } as const;
    maker.keep(`mark-${name}-a`, await maker.seal(bases.page, signer, { mark, stamped: true }), {
      ...about,
      pdfa: '2b',
    });
    maker.keep(`mark-${name}-b`, await maker.seal(bases.plain, signer, { mark, stamped: true }), about);
  }
  const first = await maker.seal(bases.page, pick(signers, 'p-256'), {
    mark: requests.officer,
    stamped: true,
    fieldName: 'Officer',
  });
  const both = await maker.seal(first, signer, {
    mark: requests.agencyCopy,
    stamped: true,
    fieldName: 'AgencyCopy',
  });
  maker.keep('mark-two-of-two', both, { signatures: 2, level: 'B-T', pdfa: '2b' });
  maker.keep('mark-two-archived', await maker.upgrade(both, 'B-LTA'), {
    signatures: 2,
    level: 'B-LTA',
    pdfa: '2b',
  });
}

async function markRequests() {
  const time = markTime(new Date());
  const image = await sharp({
    create: { width: 300, height: 200, channels: 4, background: { r: 200, g: 20, b: 20, alpha: 0.5 } },
  })
    .png()
    .toBuffer();
  return {
    officer: { profile: markProfiles.officer, values: { name: 'Nguyễn Thị Số Hóa', time } },
    agencyCopy: {
      profile: markProfiles.agencyCopy,
      values: { form: 'SAO Y', agency: 'Ủy ban nhân dân xã An Bình', time },
    },
    sealImage: { profile: markProfiles.sealImage, values: {}, image },
    exportQr: {
      profile: markProfiles.exportQr,
      values: { caption: 'Mã tra cứu 4KQT-7M2A' },
      qr: 'https://kho.example.vn/verify/4KQT-7M2A-9XWD-R3VN',
    },
  } satisfies Readonly<Record<string, MarkRequest>>;
}

async function bulk(maker: Maker, signers: ReadonlyMap<string, Signer>): Promise<void> {
  const elements: PageElement[] = [
    { kind: 'text', text: 'BẰNG TỐT NGHIỆP', x: 297, y: 700, size: 20, font: 'tinos-bold', align: 'center' },
    { kind: 'text', text: '{name}', x: 297, y: 640, size: 16, font: 'tinos', align: 'center' },
  ];
  const layout = { title: 'Bằng của {name}', width: 595, height: 842, elements };
  const attachment = { name: 'row.json', mimeType: 'application/json', relationship: 'Data' as const };
  for (const algorithm of ['rsa-2048', 'rsa-3072', 'p-256']) {
    const signer = pick(signers, algorithm);
    const template = await createBulkTemplate(layout, signer);
    for (const [at, name] of ['Nguyễn Thị Ưởng', 'Trần Văn Đạt'].entries()) {
      const bytes = template.sign({ fields: { name }, identifier: `B${at}` }, new Date());
      maker.keep(`bulk-${algorithm}-${at}`, bytes, { signatures: 1, level: 'B-B', pdfa: '2b' });
      if (at === 0) {
        const archived = await maker.upgrade(bytes, 'B-LTA');
        maker.keep(`bulk-${algorithm}-archived`, archived, { signatures: 1, level: 'B-LTA', pdfa: '2b' });
      }
    }
  }
  const withData = await createBulkTemplate({ ...layout, attachment }, pick(signers, 'p-256'));
  const document = { fields: { name: 'Lê Hữu Phước' }, attachment: Buffer.from('{"name":"Lê Hữu Phước"}') };
  maker.keep('bulk-attached', withData.sign(document, new Date()), {
    signatures: 1,
    level: 'B-B',
    pdfa: '3b',
  });
}

/** A real decree, sealed as a deposit is. */
async function sealedSamples(
  maker: Maker,
  signers: ReadonlyMap<string, Signer>,
  samples: string,
): Promise<void> {
  const original = readFileSync(join(samples, '335-cp.signed.pdf'));
  const mark = (await markRequests()).agencyCopy;
  for (const algorithm of ['rsa-3072', 'p-256']) {
    const how = { mark, stamped: true, fieldName: 'AgencyCopy' };
    const bytes = await maker.seal(original, pick(signers, algorithm), how);
    maker.keep(`sealed-decree-${algorithm}`, bytes, { signatures: 1, level: 'B-T', foreign: true });
  }
}

function paper(options: { readonly attached?: boolean } = {}): PdfaRequest {
  const line = (text: string, y: number): PageElement => ({
    kind: 'text',
    text,
    x: 80,
    y,
    size: 14,
    font: 'tinos',
  });
  return {
    title: 'Giấy tờ thử nghiệm',
    created: new Date(),
    pages: [
      {
        width: 595,
        height: 842,
        elements: [line('Giấy xác nhận tình trạng cư trú', 700), line('Xã An Bình', 660)],
      },
      { width: 595, height: 842, elements: [line('Trang thứ hai', 700)] },
    ],
    ...(options.attached === true
      ? {
          attachments: [
            {
              name: 'data.json',
              mimeType: 'application/json',
              bytes: Buffer.from('{"kind":"test"}'),
              relationship: 'Data' as const,
            },
          ],
        }
      : {}),
  };
}

/** A file of another writer, with a cross-reference stream. */
async function plainPdf(): Promise<Uint8Array> {
  const document = await PDFDocument.create();
  document.addPage([595, 842]).drawText('A page of another writer', { x: 80, y: 700, size: 14 });
  return document.save();
}

function writeTrust(folder: string, pki: TestPki, now: Date): Omit<Made, 'outputs'> {
  const write = (name: string, bytes: Uint8Array | string): string => {
    writeFileSync(join(folder, name), bytes);
    return join(folder, name);
  };
  return {
    rootFile: write('root.pem', toPem(pki.root.certificate)),
    crlFiles: [write('root.crl', pki.root.crl(now)), write('intermediate.crl', pki.intermediate.crl(now))],
    certificateFiles: [write('intermediate.pem', toPem(pki.intermediate.certificate))],
  };
}

function pick(signers: ReadonlyMap<string, Signer>, name: string): Signer {
  const signer = signers.get(name);
  if (signer === undefined) throw new Error(`there is no signer ${name}`);
  return signer;
}
