/** What the vault seals, its verifier calls valid: every level, marks, two signatures, archives years later. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { readCrl } from '../../../src/asn1/index.ts';
import {
  createRevocationClient,
  createTimestampClient,
  markProfiles,
  markTime,
  type Signer,
  sealPdf,
  upgradePdf,
} from '../../../src/signing/index.ts';
import { createTrustSet, explain, type TrustSet, verify } from '../../../src/verification/index.ts';
import { fixedClock } from '../../support/clock.ts';
import { makePdf } from '../../support/pdf.ts';
import { createTestPki, type TestPki } from '../../support/pki.ts';

const clock = fixedClock('2026-11-24T07:00:00Z');
let pki: TestPki;
let signer: Signer;
/** The root alone: everything else must come from the file. */
let rootOnly: TrustSet[];

beforeAll(async () => {
  pki = await createTestPki(clock);
  signer = await pki.signer();
  rootOnly = [createTrustSet('internal', { certificates: [pki.root.certificate] })];
});

const timestamps = () =>
  createTimestampClient({
    authorities: [{ name: 'Thử', url: 'http://pki.test.invalid/tsa' }],
    allowedHosts: pki.hosts,
    fetch: pki.fetch,
  });
const settings = () => ({
  timestamps: timestamps(),
  revocation: createRevocationClient({ allowedHosts: pki.hosts, fetch: pki.fetch, now: () => clock.now() }),
  issuers: [pki.intermediate.certificate, pki.root.certificate],
});

describe.each([{ streams: false }, { streams: true }])('sealed files (%o)', (made) => {
  test('reach the level they claim and are valid by the root alone once they carry their revocation data', async () => {
    const { bytes } = await sealPdf(await makePdf(made), {
      signer,
      time: clock.now(),
      timestamps: timestamps(),
    });
    const at = clock.now();
    expect(verify(bytes, { trust: rootOnly, at })).toMatchObject({
      verdict: 'indeterminate',
      subIndication: 'TRY_LATER',
      signatures: [{ level: 'B-T' }],
    });
    const longTerm = await upgradePdf(bytes, 'B-LT', settings());
    expect(verify(longTerm.bytes, { trust: rootOnly, at })).toMatchObject({
      verdict: 'valid',
      signatures: [{ level: 'B-LT', provenTime: at }],
    });
    const archived = await upgradePdf(longTerm.bytes, 'B-LTA', settings());
    expect(verify(archived.bytes, { trust: rootOnly, at })).toMatchObject({
      verdict: 'valid',
      signatures: [{ level: 'B-LTA' }, { type: 'document-timestamp' }],
    });
    // Three years on the signer's certificate is over; the archive still speaks.
    const later = new Date('2029-11-24T00:00:00Z');
    expect(verify(archived.bytes, { trust: rootOnly, at: later })).toMatchObject({ verdict: 'valid' });
  });

  test('keep two marks and two signatures valid', async () => {
    const trust = [
      createTrustSet('internal', {
        certificates: [pki.root.certificate],
        crls: [readCrl(pki.root.crl(clock.now())), readCrl(pki.intermediate.crl(clock.now()))],
      }),
    ];
    const time = clock.now();
    const first = await sealPdf(await makePdf(made), {
      signer,
      time,
      mark: { profile: markProfiles.officer, values: { name: 'Nguyễn Thị Số Hóa', time: markTime(time) } },
    });
    const second = await sealPdf(first.bytes, {
      signer,
      time,
      mark: {
        profile: markProfiles.agencyCopy,
        values: { form: 'SAO Y', agency: 'Ủy ban nhân dân xã An Bình', time: markTime(time) },
      },
    });
    const report = verify(second.bytes, { trust, at: time });
    expect(report).toMatchObject({
      verdict: 'valid-with-permitted-changes',
      signatures: [
        { verdict: 'valid-with-permitted-changes', coversWholeFile: false },
        { verdict: 'valid', coversWholeFile: true },
      ],
    });
    expect(explain(report, 'vi')).toMatchObject({
      tone: 'good',
      legalNotice: 'CHỨNG THƯ SỐ THỬ NGHIỆM – KHÔNG CÓ GIÁ TRỊ PHÁP LÝ',
      repairs: ['add-timestamp', 'add-validation-data', 'add-archive-timestamp'],
    });
  });
});
