/**
 * P6: verifying a signed PDF in full against its cryptography alone: digest of the signed bytes, one signature, the
 * certificates of the chain and the revocation lists, keys imported each time as a verifier must.
 */
import { execFileSync } from 'node:child_process';
import { createHash, createPublicKey, generateKeyPairSync, verify as verifySignature } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PDFDocument } from 'pdf-lib';
import { type Certificate, oids, readCrl } from '../../src/asn1/index.ts';
import { CertificateAuthority, createKeySigner, sealPdf } from '../../src/signing/index.ts';
import { createTrustSet, verify } from '../../src/verification/index.ts';
import { cacheFolder } from '../conformance/judge.ts';
import { type ComparisonResult, compare } from './harness.ts';

const BATCH = 150;
const DAY = 86_400_000;

export async function bench(): Promise<Readonly<Record<string, ComparisonResult>>> {
  const { bytes, chain, crls, trust, at } = await material();
  const report = verify(bytes, { trust, at });
  if (report.verdict !== 'valid') {
    throw new Error(
      `the benchmark's own file is ${report.verdict}: ${report.signatures[0]?.reasons.join('; ')}`,
    );
  }
  const signed = {
    data: bytes.subarray(0, bytes.length - 2),
    value: chain[0]?.signature ?? new Uint8Array(),
  };
  const cryptography = (): void => {
    createHash('sha256').update(signed.data).digest();
    const keys = chain.map(({ spki }) =>
      createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' }),
    );
    chain.forEach((certificate, i) => {
      const key = keys[i + 1] ?? keys[i];
      if (key === undefined || !verifySignature('sha256', certificate.tbs, key, certificate.signature)) {
        throw new Error('the baseline does not verify');
      }
    });
    for (const { tbs, signature } of crls) {
      if (!keys.some((key) => verifySignature('sha256', tbs, key, signature))) {
        throw new Error('the baseline does not verify');
      }
    }
  };
  const result = await compare({
    name: 'verify',
    baseline: { name: 'cryptography alone', operations: BATCH, run: () => repeat(cryptography) },
    vault: { name: 'verify', operations: BATCH, run: () => repeat(() => verify(bytes, { trust, at })) },
    target: 0.25,
  });
  const own = { verify: { ...result, notes: { bytes: bytes.length } } };
  const python = join(cacheFolder, 'pyhanko', 'bin', 'python');
  if (!existsSync(python)) {
    console.log('skipped: verify-pyhanko (scripts/conformance/install.sh brings pyHanko)');
    return own;
  }
  return { ...own, 'verify-pyhanko': againstPyhanko(result, python, { bytes, chain, crls, at }) };
}

/** pyHanko on the same file, in its own process, by CPU time too; start-up and imports are not counted. */
function againstPyhanko(
  ours: ComparisonResult,
  python: string,
  about: Pick<Awaited<ReturnType<typeof material>>, 'bytes' | 'chain' | 'crls' | 'at'>,
): ComparisonResult {
  const folder = mkdtempSync(join(tmpdir(), 'motlan-bench-verify-'));
  try {
    const [file, root] = [join(folder, 'file.pdf'), join(folder, 'root.der')];
    writeFileSync(file, about.bytes);
    writeFileSync(root, about.chain.at(-1)?.der ?? new Uint8Array());
    for (const [index, { der }] of about.crls.entries()) writeFileSync(join(folder, `${index}.crl`), der);
    const program = fileURLToPath(
      new URL('support/pyhanko_verify.py', import.meta.url.replace('/dist/', '/')),
    );
    const out = execFileSync(python, [program, file, root, folder, about.at.toISOString(), '10', '7'], {
      encoding: 'utf8',
    });
    const seconds = out
      .trim()
      .split('\n')
      .map(Number)
      .sort((a, b) => a - b);
    const at = (index: number): number => seconds.at(index) ?? Number.NaN;
    const [fast, middle, slow] = [at(0), at(seconds.length >> 1), at(-1)];
    const rate = ours.vault.perCpuSecond;
    const ratio = { median: rate.median * middle, min: rate.min * fast, max: rate.max * slow };
    return {
      baseline: { name: 'pyHanko', perCpuSecond: { median: 1 / middle, min: 1 / slow, max: 1 / fast } },
      vault: ours.vault,
      ratio,
      target: 20,
      reached: ratio.median >= 20,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function repeat(action: () => unknown): void {
  for (let i = 0; i < BATCH; i += 1) {
    action();
  }
}

/** A one-page PDF signed with RSA-2048 under a root and an authority, with fresh revocation lists. */
async function material() {
  const at = new Date('2026-11-24T08:00:00Z');
  const span = { notBefore: new Date(at.getTime() - DAY), notAfter: new Date(at.getTime() + 700 * DAY) };
  const subject = (value: string) => [{ oid: oids.commonName, value }];
  const key = () => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const rootKey = key();
  const root = CertificateAuthority.createRoot(rootKey, { subject: subject('Root'), ...span });
  const authorityKey = key();
  const authority = new CertificateAuthority(
    authorityKey,
    root.issue({ subject: subject('Authority'), key: authorityKey, profile: 'authority', ...span }),
  );
  const signerKey = key();
  const certificate = authority.issue({
    subject: subject('Signer'),
    key: signerKey,
    profile: 'signer',
    ...span,
  });
  const chain: Certificate[] = [certificate, authority.certificate, root.certificate];
  const signer = createKeySigner({ key: signerKey, certificate, chain: chain.slice(1) });
  const document = await PDFDocument.create();
  document.addPage([595, 842]).drawText('Bench', { x: 100, y: 400, size: 20 });
  const { bytes } = await sealPdf(await document.save({ useObjectStreams: false }), { signer, time: at });
  const crls = [readCrl(root.crl(at)), readCrl(authority.crl(at))];
  return {
    bytes,
    chain,
    crls,
    at,
    trust: [createTrustSet('bench', { certificates: [root.certificate], crls })],
  };
}
