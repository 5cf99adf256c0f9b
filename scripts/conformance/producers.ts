/**
 * Files of other producers, made here with our throw-away keys, and what our verifier must say of them. They differ in
 * what writers differ in: attributes, padding, cross-reference kind, form structure, validation data.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { P12Signer as LibpdfSigner, PDF } from '@libpdf/core';
import { pdflibAddPlaceholder } from '@signpdf/placeholder-pdf-lib';
import { P12Signer } from '@signpdf/signer-p12';
import { SignPdf } from '@signpdf/signpdf';
import { PDFDocument } from 'pdf-lib';
import { type Certificate, readCrl } from '../../src/asn1/index.ts';
import { toPem } from '../../src/signing/index.ts';
import { createTrustSet, type Verdict, verify } from '../../src/verification/index.ts';
import { createTestPki, type TestPki } from '../../test/support/pki.ts';
import { hasProgram, run } from './judge.ts';
import {
  bouncyCastle,
  cachedJars,
  debianJars,
  dss,
  judgesFolder,
  pyhanko,
  python,
} from './program-judges.ts';

export interface Checked {
  readonly name: string;
  /** Undefined when our verifier says what it must. */
  readonly problem?: string;
}

export interface Producer {
  readonly id: string;
  readonly name: string;
  readonly missing: () => string | undefined;
  readonly produce: (folder: string) => Promise<readonly Checked[]>;
}

const password = 'conformance';

/** Keys as PKCS#12 files for producers, and the trust to read their files back under. */
interface Keys {
  readonly pki: TestPki;
  readonly signer: string;
  readonly timestamp: string;
}

/** RSA throughout: node-forge, under @signpdf, reads no certificates of EC keys. */
async function keysIn(folder: string): Promise<Keys> {
  const pki = await createTestPki({ now: () => new Date() }, { key: 'rsa-2048' });
  const chain = [pki.intermediate.certificate, pki.root.certificate];
  const write = async (name: string, profile: 'signer' | 'timestamp'): Promise<string> => {
    const { key, certificate } = await pki.issue({ name, key: 'rsa-2048', profile });
    const paths = {
      key: join(folder, `${name}.key`),
      pem: join(folder, `${name}.pem`),
      p12: join(folder, `${name}.p12`),
    };
    writeFileSync(paths.key, key.export({ format: 'pem', type: 'pkcs8' }));
    writeFileSync(paths.pem, [certificate, ...chain].map((each: Certificate) => toPem(each)).join(''));
    const args = ['pkcs12', '-export', '-legacy', '-inkey', paths.key, '-in', paths.pem, '-out', paths.p12];
    execFileSync('openssl', [...args, '-passout', `pass:${password}`, '-name', name]);
    return paths.p12;
  };
  writeFileSync(join(folder, 'root.pem'), toPem(pki.root.certificate));
  writeFileSync(join(folder, 'intermediate.pem'), toPem(pki.intermediate.certificate));
  writeFileSync(join(folder, 'root.crl'), pki.root.crl(new Date()));
  writeFileSync(join(folder, 'intermediate.crl'), pki.intermediate.crl(new Date()));
  writeFileSync(join(folder, 'plain.pdf'), await page(false));
  writeFileSync(join(folder, 'streams.pdf'), await page(true));
  return { pki, signer: await write('signer', 'signer'), timestamp: await write('timestamp', 'timestamp') };
}

async function page(useObjectStreams: boolean): Promise<Uint8Array> {
  const document = await PDFDocument.create();
  document.addPage([595, 842]).drawText('A page to be signed elsewhere', { x: 80, y: 700, size: 14 });
  document.addPage([595, 842]);
  return document.save({ useObjectStreams });
}

/** What our verifier says of files, against what it must say. */
function check(
  pki: TestPki,
  files: readonly {
    readonly name: string;
    readonly bytes: Uint8Array;
    readonly verdict?: Verdict;
    readonly level?: string;
  }[],
): Checked[] {
  const now = new Date();
  const crls = [readCrl(pki.root.crl(now)), readCrl(pki.intermediate.crl(now))];
  const trust = [createTrustSet('conformance', { certificates: [pki.root.certificate], crls })];
  return files.map(({ name, bytes, verdict = 'valid', level }) => {
    const report = verify(bytes, { trust, at: now });
    const found = report.signatures.find(({ type }) => type !== 'document-timestamp')?.level;
    if (report.verdict !== verdict) {
      const why = report.malformed?.reason ?? report.signatures.flatMap(({ reasons }) => reasons).join('; ');
      return { name, problem: `${report.verdict} instead of ${verdict}: ${why}` };
    }
    return level === undefined || found === level
      ? { name }
      : { name, problem: `level ${found} instead of ${level}` };
  });
}

const noOpenssl = (): string | undefined => (hasProgram('openssl') ? undefined : 'openssl is not installed');

const signpdf: Producer = {
  id: 'signpdf',
  name: '@signpdf',
  missing: noOpenssl,
  produce: async (folder) => {
    const { pki, signer } = await keysIn(folder);
    const files = [];
    for (const base of ['plain', 'streams']) {
      const pdfDoc = await PDFDocument.load(readFileSync(join(folder, `${base}.pdf`)));
      pdflibAddPlaceholder({ pdfDoc, reason: 'x', contactInfo: 'x', name: 'x', location: 'x' });
      const placed = await pdfDoc.save({ useObjectStreams: false });
      const bytes = await new SignPdf().sign(
        placed,
        new P12Signer(readFileSync(signer), { passphrase: password }),
      );
      // Beneath it node-forge encodes the Vietnamese letters of the issuer's name twice, so that the signature names a
      // certificate that does not exist: nobody finds a signer, and saying so is right.
      files.push({ name: base, bytes, verdict: 'indeterminate' as const });
    }
    return check(pki, files);
  },
};

const libpdf: Producer = {
  id: 'libpdf',
  name: '@libpdf/core',
  missing: noOpenssl,
  produce: async (folder) => {
    const keys = await keysIn(folder);
    const signer = await LibpdfSigner.create(readFileSync(keys.signer), password);
    const files = [];
    for (const base of ['plain', 'streams']) {
      const pdf = await PDF.load(readFileSync(join(folder, `${base}.pdf`)));
      const { bytes } = await pdf.sign({ signer });
      files.push({ name: base, bytes });
      const again = await PDF.load(bytes);
      const second = await again.sign({ signer });
      files.push({
        name: `${base}-twice`,
        bytes: second.bytes,
        verdict: 'valid-with-permitted-changes' as const,
      });
    }
    return check(keys.pki, files);
  },
};

/** A program of ours that drives the producer writes `NAME[=VERDICT[=LEVEL]]` lines and NAME.pdf files. */
async function driven(folder: string, program: string, args: readonly string[]): Promise<readonly Checked[]> {
  const { pki, signer, timestamp } = await keysIn(folder);
  const ran = await run(program, [...args, folder, signer, timestamp, password], { seconds: 240 });
  const lines = ran.out
    .split('\n')
    .flatMap((line) => (line.startsWith('made ') ? [line.slice(5).trim()] : []));
  if (ran.status !== 0 || lines.length === 0) {
    return [{ name: 'producer', problem: ran.out.trim().split('\n').slice(-4).join(' | ').slice(0, 500) }];
  }
  return check(
    pki,
    lines.map((line) => {
      const [name = '', verdict = 'valid', level] = line.split('=');
      return { name, bytes: readFileSync(join(folder, `${name}.pdf`)), verdict: verdict as Verdict, level };
    }),
  );
}

const java = (name: string, jars: readonly string[]): string[] => [
  '-Dfile.encoding=UTF-8',
  '-cp',
  jars.join(delimiter),
  join(judgesFolder, 'java', `${name}.java`),
];

const pyhankoProducer: Producer = {
  id: 'pyhanko',
  name: 'pyHanko',
  missing: () => noOpenssl() ?? pyhanko.missing(),
  produce: (folder) => driven(folder, python, [join(judgesFolder, 'pyhanko_producer.py')]),
};

const bouncyProducer: Producer = {
  id: 'pdfbox',
  name: 'PDFBox with BouncyCastle',
  missing: () => noOpenssl() ?? bouncyCastle.missing(),
  produce: (folder) => driven(folder, 'java', java('BouncyProducer', debianJars)),
};

const dssProducer: Producer = {
  id: 'dss',
  name: 'EU DSS',
  missing: () => noOpenssl() ?? dss.missing(),
  produce: (folder) => driven(folder, 'java', java('DssProducer', cachedJars('dss'))),
};

export const foreignProducers: readonly Producer[] = [
  signpdf,
  libpdf,
  pyhankoProducer,
  bouncyProducer,
  dssProducer,
];
