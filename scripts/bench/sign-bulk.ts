/**
 * P4: the bulk signing path (fill, digest, CMS, key operation; one-page PDF/A-2b, RSA-2048) against the bare key
 * operation, and against two libraries that load a page already filled and sign it: they do less, and start from
 * the same key, certificate and page size.
 */
import { createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { P12Signer as LibpdfSigner, PDF } from '@libpdf/core';
import { pdflibAddPlaceholder } from '@signpdf/placeholder-pdf-lib';
import { P12Signer } from '@signpdf/signer-p12';
import { SignPdf } from '@signpdf/signpdf';
import forge from 'node-forge';
import { PDFDocument } from 'pdf-lib';
import { type Certificate, oids } from '../../src/asn1/index.ts';
import type { PageElement } from '../../src/pdf/index.ts';
import { CertificateAuthority, createBulkTemplate, createKeySigner, toPem } from '../../src/signing/index.ts';
import { type ComparisonResult, compare, type Side } from './harness.ts';

const batch = 800;
const otherBatch = 8;
const day = 86_400_000;

export async function bench(): Promise<Readonly<Record<string, ComparisonResult>>> {
  const { key, certificate, root } = material();
  const template = await createBulkTemplate(layout, createKeySigner({ key, certificate, chain: [root] }));
  const time = new Date();
  let number = 0;
  const signOne = (): Buffer => {
    number += 1;
    return template.sign({ fields: { ...fields, number: `B${number}` } }, time);
  };
  const data = Buffer.alloc(200, 7);
  const vault: Side = { name: 'bulk path', operations: batch, run: () => repeat(batch, signOne) };
  const bytes = signOne().length;
  const bare: Side = {
    name: 'bare RSA-2048',
    operations: batch,
    run: () => repeat(batch, () => sign('sha256', data, key)),
  };
  const raw = await compare({ name: 'sign-bulk', baseline: bare, vault, target: 0.8, repetitions: 9 });
  const p12 = makePkcs12(key, certificate);
  const page = await filledPage();
  const others = {
    'sign-bulk-signpdf': withSignpdf(page, p12),
    'sign-bulk-libpdf': await withLibpdf(page, p12),
  };
  const results: Record<string, ComparisonResult> = { 'sign-bulk': { ...raw, notes: { bytes } } };
  for (const [name, baseline] of Object.entries(others)) {
    results[name] = await compare({ name, baseline, vault, target: 20 });
  }
  return results;
}

const names = ['birth', 'place', 'school', 'year', 'grade', 'number', 'decision', 'day'];
const fields = {
  name: 'Nguyễn Thị Ưởng',
  birth: '01/02/2008',
  place: 'xã An Bình, tỉnh Thử Nghiệm',
  school: 'Trường Trung học phổ thông An Bình',
  year: '2026',
  grade: 'Khá',
  decision: '123/QĐ-SGDĐT',
  day: '24/11/2026',
};
const layout = {
  title: 'Bằng tốt nghiệp của {name}',
  width: 595,
  height: 842,
  elements: [
    {
      kind: 'text',
      text: 'CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM',
      x: 297,
      y: 780,
      size: 13,
      font: 'tinos-bold',
      align: 'center',
    },
    { kind: 'text', text: '{name}', x: 297, y: 620, size: 20, font: 'tinos-bold', align: 'center' },
    ...names.map((name, index): PageElement => {
      return { kind: 'text', text: `{${name}}`, x: 80, y: 560 - index * 24, size: 13, font: 'tinos' };
    }),
  ] satisfies PageElement[],
};

function material() {
  const { privateKey: rootKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const { privateKey: key } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const now = Date.now();
  const validity = { notBefore: new Date(now - day), notAfter: new Date(now + 30 * day) };
  const subject = (value: string) => [{ oid: oids.commonName, value }];
  const authority = CertificateAuthority.createRoot(rootKey, { subject: subject('Root'), ...validity });
  const request = { subject: subject('Signer'), key: createPublicKey(key), profile: 'signer' as const };
  return { key, certificate: authority.issue({ ...request, ...validity }), root: authority.certificate };
}

function makePkcs12(key: KeyObject, certificate: Certificate): Buffer {
  const asn1 = forge.pkcs12.toPkcs12Asn1(
    forge.pki.privateKeyFromPem(key.export({ format: 'pem', type: 'pkcs1' }) as string),
    [forge.pki.certificateFromPem(toPem(certificate))],
    'bench',
    { algorithm: '3des' },
  );
  return Buffer.from(forge.asn1.toDer(asn1).getBytes(), 'binary');
}

async function filledPage(): Promise<Uint8Array> {
  const document = await PDFDocument.create();
  const page = document.addPage([layout.width, layout.height]);
  for (const [index, name] of names.entries())
    page.drawText(`${name}: 1234567890`, { x: 80, y: 560 - index * 24 });
  return document.save({ useObjectStreams: false });
}

function withSignpdf(page: Uint8Array, p12: Buffer): Side {
  // The signer reads its key file anew for each signature and can be used once.
  const signer = () => new P12Signer(p12, { passphrase: 'bench' });
  const library = new SignPdf();
  const about = { reason: 'x', contactInfo: 'x', name: 'x', location: 'x' };
  const once = async () => {
    const pdfDoc = await PDFDocument.load(page);
    pdflibAddPlaceholder({ pdfDoc, ...about });
    await library.sign(await pdfDoc.save({ useObjectStreams: false }), signer());
  };
  return { name: '@signpdf', operations: otherBatch, run: () => repeatLater(otherBatch, once) };
}

async function withLibpdf(page: Uint8Array, p12: Buffer): Promise<Side> {
  const signer = await LibpdfSigner.create(p12, 'bench');
  const once = async () => {
    const pdf = await PDF.load(page);
    await pdf.sign({ signer });
  };
  return { name: '@libpdf/core', operations: otherBatch, run: () => repeatLater(otherBatch, once) };
}

function repeat(count: number, action: () => unknown): void {
  for (let i = 0; i < count; i++) action();
}

async function repeatLater(count: number, action: () => Promise<unknown>): Promise<void> {
  for (let i = 0; i < count; i++) await action();
}
