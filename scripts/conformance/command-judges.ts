/** Judges that are commands of the distribution: Poppler's pdfsig, MuPDF, OpenSSL, qpdf. */
import { readFileSync, writeFileSync } from 'node:fs';
import { oids, readSignedData } from '../../src/asn1/index.ts';
import { isName, openPdf } from '../../src/pdf/index.ts';
import { readSignatureFields } from '../../src/verification/signature-fields.ts';
import { eachFile, hasProgram, type Judge, run } from './judge.ts';
import type { Output } from './outputs.ts';

const signed = (output: Output): boolean => output.signatures > 0;
const needs = (program: string, from: string) => (): string | undefined =>
  hasProgram(program) ? undefined : `${program} is not installed (Debian: ${from})`;

/** Integrity only: it cannot be given roots without an NSS database. Document timestamps it does not know. */
export const pdfsig: Judge = {
  name: 'pdfsig',
  missing: needs('pdfsig', 'poppler-utils'),
  concerns: signed,
  judge: (outputs) =>
    eachFile(outputs, async ({ path, signatures }) => {
      const { out } = await run('pdfsig', ['-nocert', path]);
      const blocks = out.split(/^Signature #\d+:/m).slice(1);
      const ours = blocks.filter((block) => !/Signature Type: (ETSI\.RFC3161|unknown)/.test(block));
      const good = ours.filter((block) => block.includes('Signature is Valid.'));
      if (ours.length >= signatures && good.length === ours.length) return undefined;
      return firstLine(
        ours.find((block) => !block.includes('Signature is Valid.')) ?? out,
        /Validation:.*|rror.*/,
      );
    }),
};

/**
 * Reads and draws every page, and checks digests. Its OpenSSL interface knows no PSS (PKCS7_verify) and no document
 * timestamps; such signatures it only has to show.
 */
export const mutool: Judge = {
  name: 'mutool',
  missing: needs('mutool', 'mupdf-tools'),
  concerns: () => true,
  judge: (outputs) =>
    eachFile(outputs, async ({ name, path, signatures, foreign }) => {
      const drawn = await run('mutool', ['draw', '-q', '-r', '20', '-o', '/dev/null', '-F', 'pbm', path]);
      const complaint = drawn.out
        .split('\n')
        .find((line) => /^(error|warning): /.test(line) && !/ICC support/.test(line));
      if (drawn.status !== 0 || complaint !== undefined)
        return complaint ?? `draw ended with ${drawn.status}`;
      if (signatures === 0 || name.endsWith('-pss') || foreign === true) return undefined;
      const checked = await run('mutool', ['sign', '-v', path]);
      const blocks = checked.out.split(/^Verifying signature \d+:/m).slice(1);
      const good = blocks.filter((block) =>
        /unchanged since signing|signature is valid but there have been edits/.test(block),
      );
      return good.length === signatures ? undefined : firstLine(checked.out, /Digest error.*/);
    }),
};

export const qpdf: Judge = {
  name: 'qpdf --check',
  missing: needs('qpdf', 'qpdf'),
  concerns: () => true,
  judge: (outputs) =>
    eachFile(outputs, async ({ path }) => {
      const { status, out } = await run('qpdf', ['--check', path]);
      return status === 0 ? undefined : firstLine(out, /WARNING.*|ERROR.*/);
    }),
};

/** Every signature's CMS with `-cades`, under the root alone. */
export const opensslCms: Judge = {
  name: 'openssl cms -cades',
  missing: needs('openssl', 'openssl'),
  concerns: signed,
  judge: (outputs, made) =>
    eachFile(outputs, async (output) => {
      const parts = cut(output).filter(({ stamp }) => !stamp);
      const ours = output.foreign === true ? parts.slice(-output.signatures) : parts;
      if (ours.length !== output.signatures) return `${ours.length} signatures were found`;
      for (const { cms, data } of ours) {
        const files = write(output, { cms, data });
        const args = [
          'cms',
          '-verify',
          '-inform',
          'DER',
          '-in',
          files.cms,
          '-content',
          files.data,
          '-binary',
        ];
        const rest = ['-CAfile', made.rootFile, '-purpose', 'any', '-cades', '-out', '/dev/null'];
        const { status, out } = await run('openssl', [...args, ...rest]);
        if (status !== 0) return firstLine(out, /.*(?:error|rror:).*/);
      }
      return undefined;
    }),
};

/** Every timestamp: those over signature values and those over the document. */
export const opensslTs: Judge = {
  name: 'openssl ts',
  missing: needs('openssl', 'openssl'),
  concerns: ({ level }) => level === 'B-T' || level === 'B-LT' || level === 'B-LTA',
  judge: (outputs, made) =>
    eachFile(outputs, async (output) => {
      const tokens = tokensOf(output);
      if (tokens.length === 0) return 'no timestamp was found';
      for (const token of tokens) {
        const files = write(output, { cms: token.token, data: token.data });
        const args = ['ts', '-verify', '-in', files.cms, '-token_in', '-data', files.data];
        const { status, out } = await run('openssl', [
          ...args,
          '-CAfile',
          made.rootFile,
          '-untrusted',
          made.certificateFiles[0] ?? '',
        ]);
        if (status !== 0) return firstLine(out, /.*rror.*/);
      }
      return undefined;
    }),
};

interface Cut {
  readonly stamp: boolean;
  readonly cms: Uint8Array;
  readonly data: Uint8Array;
}

/** CMS and signed bytes of each signature, oldest first. */
function cut({ path }: Output): Cut[] {
  const bytes = readFileSync(path);
  const { last } = openPdf(bytes);
  return readSignatureFields(last)
    .map(({ signature }) => {
      const range = (last.array(signature, 'ByteRange') ?? []).map(Number);
      const [, before = 0, after = 0, rest = 0] = range;
      const padded = Buffer.from(bytes.subarray(before + 1, after - 1).toString('latin1'), 'hex');
      return {
        stamp: isName(last.get(signature, 'SubFilter'), 'ETSI.RFC3161'),
        cms: padded.subarray(0, derLength(padded)),
        data: Buffer.concat([bytes.subarray(0, before), bytes.subarray(after, after + rest)]),
        end: after + rest,
      };
    })
    .sort((a, b) => a.end - b.end);
}

function tokensOf(output: Output): { readonly token: Uint8Array; readonly data: Uint8Array }[] {
  const parts = cut(output);
  const signatures = parts.filter(({ stamp }) => !stamp);
  const ours = output.foreign === true ? signatures.slice(-output.signatures) : signatures;
  return [
    ...ours.flatMap(({ cms }) => {
      const { signerInfos } = readSignedData(cms);
      return signerInfos.flatMap(({ unsignedAttributes, signature }) =>
        unsignedAttributes
          .filter(({ oid }) => oid === oids.signatureTimestamp)
          .flatMap(({ values }) => values.map((token) => ({ token, data: signature }))),
      );
    }),
    ...parts.filter(({ stamp }) => stamp).map(({ cms, data }) => ({ token: cms, data })),
  ];
}

function derLength(bytes: Buffer): number {
  const first = bytes[1] ?? 0;
  if (first < 0x80) return first + 2;
  const count = first & 0x7f;
  return bytes.readUIntBE(2, count) + 2 + count;
}

let number = 0;
function write({ path }: Output, parts: { readonly cms: Uint8Array; readonly data: Uint8Array }) {
  number += 1;
  const files = { cms: `${path}.${number}.cms`, data: `${path}.${number}.data` };
  writeFileSync(files.cms, parts.cms);
  writeFileSync(files.data, parts.data);
  return files;
}

function firstLine(out: string, pattern: RegExp): string {
  return (pattern.exec(out)?.[0] ?? out.trim().split('\n')[0] ?? 'it said nothing').trim().slice(0, 300);
}
