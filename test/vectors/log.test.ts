import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import {
  consistencyPlan,
  EMPTY_ROOT,
  formatVerifierKey,
  inclusionPlan,
  leafHash,
  notePublicKey,
  noteVerifier,
  openCheckpoint,
  parseNote,
  parseVerifierKey,
  rootOf,
  tilePath,
  verifyConsistency,
  verifyInclusion,
  verifyNote,
} from '../../src/ledger/log/index.ts';

interface Vectors {
  checkpoint: string;
  key: string;
  roots: Record<string, string>;
  inclusion: { Size: number; Index: number; Path: string[] | null }[];
  consistency: { OldSize: number; Size: number; Path: string[] | null }[];
  paths: Record<string, { L: number; N: number; W: number }>;
}
// Made by `go run . vectors` in scripts/conformance/log.
const vectors = JSON.parse(readFileSync('test/vectors/data/log.json', 'utf8')) as Vectors;
const leaves = Array.from({ length: 700 }, (_, n) => leafHash(Buffer.from(`entry ${n}`)));
const fromBase64 = (lines: string[] | null): Buffer[] =>
  (lines ?? []).map((line) => Buffer.from(line, 'base64'));
const hex = (text: string): Buffer => Buffer.from(text, 'hex');

describe('RFC 6962 hashing', () => {
  const inputs = [
    '',
    '00',
    '10',
    '2021',
    '3031',
    '40414243',
    '5051525354555657',
    '606162636465666768696a6b6c6d6e6f',
  ];
  const roots = [
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
    'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
    'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
    '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
    'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
    '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
  ];
  test.each(roots.map((root, size) => [size, root] as const))(
    'the published root of %i leaves',
    (size, root) => {
      expect(rootOf(inputs.slice(0, size).map((input) => leafHash(hex(input))))).toEqual(hex(root));
    },
  );
  test('the empty tree', () => expect(EMPTY_ROOT).toEqual(hex(roots[0]!)));
});

describe('made by the Go checksum-database packages', () => {
  test('roots', () => {
    for (const [size, root] of Object.entries(vectors.roots)) {
      expect(rootOf(leaves.slice(0, Number(size))).toString('base64')).toBe(root);
    }
  });

  test('inclusion proofs: ours are the same, and theirs verify', () => {
    for (const { Size: size, Index: index, Path } of vectors.inclusion) {
      const path = fromBase64(Path);
      expect(inclusionPlan(index, size).map(({ start, end }) => rootOf(leaves.slice(start, end)))).toEqual(
        path,
      );
      const root = fromBase64([vectors.roots[size]!])[0]!;
      expect(verifyInclusion({ index, size, leafHash: leaves[index]!, root, path })).toBe(true);
    }
  });

  test('consistency proofs: ours are the same, and theirs verify', () => {
    for (const { OldSize: oldSize, Size: newSize, Path } of vectors.consistency) {
      const path = fromBase64(Path);
      expect(
        consistencyPlan(oldSize, newSize).map(({ start, end }) => rootOf(leaves.slice(start, end))),
      ).toEqual(path);
      const [oldRoot, newRoot] = fromBase64([vectors.roots[oldSize]!, vectors.roots[newSize]!]);
      expect(verifyConsistency({ oldSize, oldRoot: oldRoot!, newSize, newRoot: newRoot!, path })).toBe(true);
    }
  });

  test('tile paths, apart from the height that C2SP leaves out', () => {
    for (const [path, { L: level, N: index, W: width }] of Object.entries(vectors.paths)) {
      expect(tilePath({ level, index, width })).toBe(path.replace('tile/8/', 'tile/'));
    }
  });

  test('a signed checkpoint', () => {
    const checkpoint = openCheckpoint(vectors.checkpoint, noteVerifier(parseVerifierKey(vectors.key)));
    expect(checkpoint).toMatchObject({ origin: 'PeterNeumann', size: 700 });
    expect(checkpoint.root.toString('base64')).toBe(vectors.roots[700]);
  });
});

describe('published notes', () => {
  const neumann = noteVerifier(parseVerifierKey(vectors.key));
  const text =
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n" +
    '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n';

  test('the example of the Go note package verifies', () => {
    expect(verifyNote(parseNote(text), [neumann])).toHaveLength(1);
  });

  test('and does not with another word, or under another key of the same name', () => {
    expect(() => verifyNote(parseNote(text.replace('answer', 'cause')), [neumann])).toThrow('does not match');
    const other = notePublicKey('PeterNeumann', 'log', generateKeyPairSync('ed25519').publicKey);
    expect(() => verifyNote(parseNote(text), [noteVerifier(other)])).toThrow('no known key');
  });

  test('a public key is written as it was read', () => {
    expect(formatVerifierKey(parseVerifierKey(vectors.key))).toBe(vectors.key);
  });

  test('the C2SP example of a cosigned checkpoint is read', () => {
    const example =
      'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n' +
      '— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n' +
      '— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n';
    const note = parseNote(example);
    expect(note.signatures.map(({ name }) => name)).toEqual([
      'example.com/behind-the-sofa',
      'witness.example.com/w1',
    ]);
    expect(note.signatures[1]!.signature.readBigUInt64BE()).toBe(1679315147n);
  });
});
