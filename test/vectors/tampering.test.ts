/** Every attack of the generator is called by its name, and none is ever valid. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { readCrl } from '../../src/asn1/index.ts';
import type { Signer } from '../../src/signing/index.ts';
import {
  createTrustSet,
  explain,
  isGood,
  type Report,
  type TrustSet,
  type Verdict,
  verify,
} from '../../src/verification/index.ts';
import { type FixedClock, fixedClock } from '../support/clock.ts';
import { appendRevision, streamBody } from '../support/pdf-builder.ts';
import { createTestPki, type TestPki } from '../support/pki.ts';
import { bodies, DOC, docMdp, document, fieldMdp, signPdf, timestampToken } from '../support/signed-pdf.ts';
import { tamperings } from '../support/tampering.ts';

let clock: FixedClock;
let pki: TestPki;
let signer: Signer;
let signed: Buffer;
let trust: TrustSet[];

const DAY = 86_400_000;
const later = (days: number): Date => new Date(clock.now().getTime() + days * DAY);

/** Trust with lists that are fresh at `now`. */
function trustAt(now: Date): TrustSet[] {
  return [
    createTrustSet('internal', {
      certificates: [pki.root.certificate],
      crls: [readCrl(pki.root.crl(now)), readCrl(pki.intermediate.crl(now))],
    }),
  ];
}

const check = (bytes: Uint8Array, at = clock.now()): Report => verify(bytes, { trust, at });
const verdictOf = (bytes: Uint8Array): Verdict => check(bytes).verdict;

beforeAll(async () => {
  clock = fixedClock('2026-11-24T08:00:00Z');
  pki = await createTestPki(clock);
  signer = await pki.signer();
  trust = trustAt(clock.now());
  signed = await signPdf(document(), { signer });
});

describe('untouched files', () => {
  test('a signature, a timestamp, validation data and an archive timestamp are valid', async () => {
    expect(check(signed)).toMatchObject({
      verdict: 'valid',
      indication: 'TOTAL-PASSED',
      signatures: [{ level: 'B-B', coversWholeFile: true }],
    });
    const stamped = await signPdf(document(), { signer, pki, timestamp: true });
    expect(check(stamped)).toMatchObject({
      verdict: 'valid',
      signatures: [{ level: 'B-T', provenTime: clock.now() }],
    });
    const store = (data: Uint8Array) => streamBody('', data);
    const withStore = appendRevision(stamped, [
      { num: 1, body: bodies.catalog('/DSS << /Certs [70 0 R] /CRLs [71 0 R 72 0 R] >>') },
      { num: 70, body: store(pki.intermediate.certificate.der) },
      { num: 71, body: store(pki.root.crl(clock.now())) },
      { num: 72, body: store(pki.intermediate.crl(clock.now())) },
    ]);
    expect(check(withStore)).toMatchObject({
      verdict: 'valid',
      signatures: [{ level: 'B-LT', coversWholeFile: false }],
    });
    const archived = await signPdf(withStore, {
      signer,
      pki,
      num: 80,
      name: 'Stamp',
      subFilter: 'ETSI.RFC3161',
      others: '11 0 R 51 0 R',
      annots: '11 0 R 12 0 R 51 0 R',
      catalog: '/DSS << /Certs [70 0 R] /CRLs [71 0 R 72 0 R] >>',
    });
    expect(check(archived)).toMatchObject({
      verdict: 'valid',
      signatures: [{ level: 'B-LTA' }, { type: 'document-timestamp' }],
    });
  });

  test('a second signature, a filled field and a new place to sign are permitted changes', async () => {
    const second = await signPdf(signed, {
      signer,
      num: 60,
      name: 'Second',
      others: '11 0 R 51 0 R',
      annots: '11 0 R 12 0 R 51 0 R',
    });
    expect(verdictOf(second)).toBe('valid-with-permitted-changes');
    const filled = appendRevision(signed, [
      { num: DOC.textField, body: bodies.textField('200') },
      { num: DOC.appearance, body: bodies.appearance('200') },
    ]);
    expect(check(filled)).toMatchObject({
      verdict: 'valid-with-permitted-changes',
      signatures: [{ changesAfter: [{ kind: 'form-field-filled', field: 'Amount', permitted: true }] }],
    });
    const properly = appendRevision(signed, [
      { num: DOC.textField, body: bodies.textField('200', '/AP << /N 60 0 R >>') },
      { num: 60, body: bodies.appearance('200') },
    ]);
    expect(verdictOf(properly)).toBe('valid-with-permitted-changes');
  });
});

describe('tampering', () => {
  test.each(tamperings.map((t) => [t.name, t] as const))('%s', (_name, { tamper, verdict }) => {
    const report = check(tamper(signed));
    expect(isGood(report.verdict)).toBe(false);
    expect(report.verdict).toBe(verdict);
    expect(explain(report, 'vi').tone).toBe('bad');
    expect(explain(report, 'en').headline).not.toBe('');
  });

  test('no single flipped byte that was signed is valid', () => {
    const gap =
      signed.indexOf('/Contents <000', 0, 'latin1') < 0
        ? /\/Contents <[0-9a-f]{200,}>/.exec(signed.toString('latin1'))
        : null;
    const start = gap?.index ?? 0;
    const end = start + (gap?.[0].length ?? 0);
    for (let at = 0; at < signed.length; at += at > start && at < end ? 997 : 31) {
      const flipped = Buffer.from(signed);
      flipped[at]! ^= 0x04;
      const isGap = at > start + 10 && at < end - 1;
      expect([at, isGood(verdictOf(flipped)) && !isGap]).toEqual([at, false]);
    }
  });

  test('no truncation is valid and none throws', () => {
    for (let end = 0; end < signed.length - 1; end += 53) {
      expect(isGood(verdictOf(signed.subarray(0, end)))).toBe(false);
    }
  });
});

test('asking for fields to be drawn anew is an attack where they show another value', async () => {
  const redraw = (bytes: Buffer) =>
    appendRevision(bytes, [
      { num: DOC.form, body: bodies.form('11 0 R 51 0 R', '/SigFlags 3 /NeedAppearances true') },
    ]);
  expect(verdictOf(redraw(signed))).toBe('valid-with-permitted-changes');
  expect(verdictOf(redraw(await signPdf(document('900'), { signer })))).toBe('modified-after-signing');
});

describe('permissions', () => {
  const second = (bytes: Buffer, catalog = '') =>
    signPdf(bytes, {
      signer,
      num: 60,
      name: 'Second',
      others: '11 0 R 51 0 R',
      annots: '11 0 R 12 0 R 51 0 R',
      catalog,
    });
  const certify = (p: 1 | 2 | 3) => signPdf(document(), { signer, entries: docMdp(p), catalog: PERMS });
  const PERMS = '/Perms << /DocMDP 50 0 R >>';
  const fill = (bytes: Buffer, catalog = PERMS) =>
    appendRevision(bytes, [
      { num: 1, body: bodies.catalog(catalog) },
      { num: DOC.textField, body: bodies.textField('200', '/AP << /N 62 0 R >>') },
      { num: 62, body: bodies.appearance('200') },
    ]);
  const comment = (bytes: Buffer) =>
    appendRevision(bytes, [
      { num: DOC.page1, body: bodies.page1('11 0 R 12 0 R 51 0 R 62 0 R') },
      { num: 62, body: '<< /Type /Annot /Subtype /Text /Contents (note) /Rect [1 1 20 20] /F 4 >>' },
    ]);

  test('of a certification are kept', async () => {
    expect(verdictOf(await certify(1))).toBe('valid');
    expect(verdictOf(await second(await certify(1), PERMS))).toBe('certification-violated');
    expect(verdictOf(fill(await certify(1)))).toBe('certification-violated');
    expect(verdictOf(comment(await certify(1)))).toBe('certification-violated');
    expect(verdictOf(await second(await certify(2), PERMS))).toBe('valid-with-permitted-changes');
    expect(verdictOf(fill(await certify(2)))).toBe('valid-with-permitted-changes');
    expect(verdictOf(comment(await certify(2)))).toBe('certification-violated');
    expect(verdictOf(comment(await certify(3)))).toBe('valid-with-permitted-changes');
    const page = appendRevision(await certify(3), [{ num: DOC.content1, body: streamBody('', 'x') }]);
    expect(verdictOf(page)).toBe('modified-after-signing');
  });

  test('of a lock are kept', async () => {
    const locked = (entries: string) => signPdf(document(), { signer, entries });
    expect(verdictOf(fill(await locked(fieldMdp('All')), ''))).toBe('certification-violated');
    expect(verdictOf(fill(await locked(fieldMdp('Include', ['Amount'])), ''))).toBe('certification-violated');
    expect(verdictOf(fill(await locked(fieldMdp('Exclude', ['Amount'])), ''))).toBe(
      'valid-with-permitted-changes',
    );
    const byField = await signPdf(document(), {
      signer,
      fieldEntries: '/Lock << /Type /SigFieldLock /Action /Include /Fields [(Amount)] >>',
    });
    expect(verdictOf(fill(byField, ''))).toBe('certification-violated');
  });
});

describe('timestamps and time', () => {
  test('a copied, spoiled or unentitled timestamp is an invalid one', async () => {
    const token = await timestampToken(pki, Buffer.alloc(32, 7));
    expect(verdictOf(await signPdf(document(), { signer, pki, token }))).toBe('invalid-timestamp');
    const stampOver = await signPdf(signed, {
      signer,
      pki,
      token,
      num: 80,
      name: 'Stamp',
      subFilter: 'ETSI.RFC3161',
      others: '11 0 R 51 0 R',
      annots: '11 0 R 12 0 R 51 0 R',
    });
    expect(verdictOf(stampOver)).toBe('invalid-timestamp');
  });

  test('document timestamps alone leave a file unsigned', async () => {
    const stamped = await signPdf(document(), { signer, pki, subFilter: 'ETSI.RFC3161' });
    expect(check(stamped)).toMatchObject({
      verdict: 'unsigned',
      indication: 'NO_SIGNATURE_FOUND',
      signatures: [{ type: 'document-timestamp' }],
    });
  });

  test('revocation counts only before the proven time', async () => {
    const own = fixedClock('2026-11-24T08:00:00Z');
    const other = await createTestPki(own);
    const theirs = await other.signer({ notAfter: new Date('2027-11-24T00:00:00Z') });
    const plain = await signPdf(document(), { signer: theirs });
    const stamped = await signPdf(document(), { signer: theirs, pki: other, timestamp: true });
    other.intermediate.revoke({ certificate: theirs.certificate, at: new Date('2026-12-01T00:00:00Z') });
    const at = new Date('2026-12-10T00:00:00Z');
    const set = [
      createTrustSet('internal', {
        certificates: [other.root.certificate, other.intermediate.certificate],
        crls: [readCrl(other.root.crl(at)), readCrl(other.intermediate.crl(at))],
      }),
    ];
    expect(verify(plain, { trust: set, at })).toMatchObject({
      verdict: 'revoked',
      subIndication: 'REVOKED_NO_POE',
    });
    expect(verify(stamped, { trust: set, at })).toMatchObject({
      verdict: 'valid',
      signatures: [{ provenTime: new Date('2026-11-24T08:00:00Z') }],
    });
    own.set('2026-12-05T00:00:00Z');
    const tooLate = await signPdf(document(), { signer: theirs, pki: other, timestamp: true });
    expect(verify(tooLate, { trust: set, at })).toMatchObject({ verdict: 'revoked' });
    // After the certificate's end only the timestamp keeps the signature alive.
    const end = new Date('2028-01-10T00:00:00Z');
    const late = [
      createTrustSet('internal', {
        certificates: [other.root.certificate],
        crls: [
          readCrl(other.root.crl(at)),
          readCrl(other.intermediate.crl(at)),
          readCrl(other.root.crl(end)),
        ],
      }),
    ];
    expect(verify(plain, { trust: late, at: end }).verdict).toBe('revoked');
    expect(verify(stamped, { trust: late, at: end }).verdict).toBe('valid');
  });

  test('outside validity without proof is expired; without revocation data undecided; without root untrusted', () => {
    expect(verify(signed, { trust: trustAt(later(800)), at: later(800) })).toMatchObject({
      verdict: 'expired',
      subIndication: 'OUT_OF_BOUNDS_NO_POE',
    });
    const bare = [createTrustSet('internal', { certificates: [pki.root.certificate] })];
    expect(verify(signed, { trust: bare, at: clock.now() })).toMatchObject({
      verdict: 'indeterminate',
      subIndication: 'TRY_LATER',
    });
    expect(verify(signed, { trust: [], at: clock.now() })).toMatchObject({
      verdict: 'valid-with-untrusted-chain',
      subIndication: 'NO_CERTIFICATE_CHAIN_FOUND',
    });
  });
});

describe('cryptography', () => {
  test('a signature by another key, a broken CMS and a wrong digest are invalid', async () => {
    expect(check(await signPdf(document(), { signer, spoil: true }))).toMatchObject({
      verdict: 'invalid-signature',
      subIndication: 'SIG_CRYPTO_FAILURE',
    });
    expect(
      check(await signPdf(document(), { signer, cms: () => Buffer.from('3003020101', 'hex') })),
    ).toMatchObject({ verdict: 'invalid-signature', subIndication: 'FORMAT_FAILURE' });
  });
});
