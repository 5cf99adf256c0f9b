// The DER reader: strict, bounded, one kind of error; the writer: minimal and sorted.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  Asn1Error,
  childrenOf,
  contentOf,
  der,
  encodingOf,
  readBitFlags,
  readCertificate,
  readCrl,
  readDer,
  readDerPrefix,
  readInteger,
  readOcspResponse,
  readOctets,
  readOid,
  readSignedData,
  readText,
  readTime,
  readTimestampInfo,
  readTimestampReply,
} from '../../../src/asn1/index.ts';

const bytes = (hex: string) => Buffer.from(hex, 'hex');

describe('reading DER', () => {
  it.each([
    ['nothing', ''],
    ['a tag alone', '30'],
    ['a length past the end', '300500'],
    ['a length that is not minimal', '30810100'],
    ['leading zero in a long length', '3082000100'],
    ['an indefinite length', '3080020101' + '0000'],
    ['a long-form tag', '1f8101' + '00'],
    ['bytes after the element', '050000'],
    ['an absurd length', '308fffffffffffffffffffffffffffffffff'],
  ])('refuses %s', (_, hex) => {
    expect(() => readDer(bytes(hex))).toThrow(Asn1Error);
  });

  it('reads the element before the padding of a signature container', () => {
    expect(readDerPrefix(bytes('3003020105000000')).end).toBe(5);
  });

  it('follows BER only when told to', () => {
    const outer = readDer(bytes('308024800402abcd0401ef00000000'), { ber: true });
    expect(outer.ber).toBe(true);
    const [inner] = childrenOf(outer);
    expect(Buffer.from(readOctets(inner!)).toString('hex')).toBe('abcdef');
    expect(encodingOf(outer)).toHaveLength(15);
  });

  it('stops at the depth limit whatever the form', () => {
    const visit = (element: ReturnType<typeof readDer>): void => {
      for (const child of childrenOf(element)) visit(child);
    };
    let nested: Uint8Array = der.nullValue();
    for (let i = 0; i < 100; i++) nested = der.sequence(nested);
    expect(() => visit(readDer(nested))).toThrow(/nested too deeply/);
    const indefinite = Buffer.alloc(100_000, bytes('3080'));
    expect(() => readDer(indefinite, { ber: true })).toThrow(/nested too deeply/);
  });

  it('says where it failed', () => {
    try {
      childrenOf(readDer(bytes('30050201070209')));
      throw new Error('not reached');
    } catch (error) {
      expect(error).toBeInstanceOf(Asn1Error);
      expect((error as Asn1Error).offset).toBe(6);
    }
  });

  it('fails on arbitrary and on damaged input only with Asn1Error', () => {
    const readers = [
      readCertificate,
      readCrl,
      readOcspResponse,
      readSignedData,
      readTimestampReply,
      readTimestampInfo,
    ];
    const seed = der.sequence(
      der.sequence(
        der.explicit(0, der.integer(2)),
        der.integer(5),
        der.sequence(der.oid('1.2.840.113549.1.1.11')),
      ),
      der.sequence(der.oid('1.2.840.113549.1.1.11'), der.nullValue()),
      der.bitString(Buffer.alloc(8, 1)),
    );
    const onlyAsn1Error = (input: Uint8Array) => {
      for (const read of readers) {
        try {
          read(input);
        } catch (error) {
          expect(error).toBeInstanceOf(Asn1Error);
        }
      }
    };
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), onlyAsn1Error), { numRuns: 300 });
    const damaged = fc.tuple(fc.nat(seed.length - 1), fc.nat(255)).map(([at, value]) => {
      const copy = Buffer.from(seed);
      copy[at] = value;
      return copy;
    });
    fc.assert(fc.property(damaged, onlyAsn1Error), { numRuns: 300 });
  });
});

describe('writing DER', () => {
  it('round-trips integers and identifiers', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 1n << 200n }), (value) => {
        expect(readInteger(readDer(der.integer(value)))).toBe(value);
      }),
    );
    for (const dotted of ['1.2.840.113549.1.7.2', '2.5.4.3', '0.9.2342.19200300.100.1.1', '2.999.1']) {
      expect(readOid(readDer(der.oid(dotted)))).toBe(dotted);
    }
  });

  it('reads negative integers as such', () => {
    expect(readInteger(readDer(bytes('0201ff')))).toBe(-1n);
  });

  it('sorts SET OF by encoding', () => {
    const set = der.setOf(der.integer(300), der.integer(2), der.integer(1));
    expect(set.toString('hex')).toBe('310a' + '020101' + '020102' + '0202012c');
  });

  it('removes trailing zero bits of named bit lists', () => {
    expect(der.bitFlags([5, 6]).toString('hex')).toBe('03020106');
    expect(readBitFlags(readDer(der.bitFlags([0, 8])))).toEqual([true, ...Array(7).fill(false), true]);
  });

  it('writes UTCTime until 2049 and GeneralizedTime after', () => {
    for (const iso of ['2026-11-23T08:30:00.000Z', '2049-12-31T23:59:59.000Z', '2050-01-01T00:00:00.000Z']) {
      expect(readTime(readDer(der.time(new Date(iso)))).toISOString()).toBe(iso);
    }
    expect(der.time(new Date('2050-01-01'))[0]).toBe(0x18);
  });

  it('refuses impossible times', () => {
    const at = (text: string) => Buffer.concat([Buffer.from([0x18, text.length]), Buffer.from(text)]);
    expect(() => readTime(readDer(at('20260231000000Z')))).toThrow(Asn1Error);
    expect(() => readTime(readDer(at('20261301000000Z')))).toThrow(Asn1Error);
    expect(readTime(readDer(at('20261123083000.5Z'))).toISOString()).toBe('2026-11-23T08:30:00.500Z');
  });

  it('keeps Vietnamese text', () => {
    expect(readText(readDer(der.utf8String('Ủy ban nhân dân xã')))).toBe('Ủy ban nhân dân xã');
    expect(contentOf(readDer(bytes('1e0454003201'))).length).toBe(4);
  });
});
