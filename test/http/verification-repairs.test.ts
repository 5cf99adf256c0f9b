/** The doctor's repairs over the API: for people who are signed in, only where lawful, behind everything signed. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readCrl } from '../../src/asn1/index.ts';

import { openDevelopmentPki, sealPdf } from '../../src/signing/index.ts';
import { createTrustSet, verify } from '../../src/verification/index.ts';
import { LAN } from '../support/identity-site.ts';
import { makePdf } from '../support/pdf.ts';
import { type Caller, createWholeVault, type WholeVault } from '../support/whole-vault.ts';

let whole: WholeVault;
beforeAll(async () => {
  whole = await createWholeVault();
});
afterAll(async () => {
  await whole?.[Symbol.asyncDispose]();
});

const send = (caller: Caller, path: string, bytes: Uint8Array): Promise<Response> => {
  const form = new FormData();
  form.append('file', new Blob([Uint8Array.from(bytes)], { type: 'application/pdf' }), 'paper.pdf');
  return caller.raw('POST', path, { body: form });
};

test('a bare signature becomes a lasting one; a changed or unsigned file is not touched', async () => {
  const pki = await openDevelopmentPki(join(whole.folder, 'keys', 'pki'), { now: () => new Date() });
  const { bytes } = await sealPdf(await makePdf(), { signer: pki.signers.officer, time: new Date() });
  const report = await send(whole.nobody, '/api/v1/verifications', bytes);
  expect(await report.json()).toMatchObject({
    verdict: 'valid',
    repairs: ['add-timestamp', 'add-validation-data', 'add-archive-timestamp'],
  });
  expect((await send(whole.nobody, '/api/v1/verifications/repairs', bytes)).status).toBe(401);

  const lan = await whole.person(LAN.subject);
  const repaired = await send(lan, '/api/v1/verifications/repairs', bytes);
  expect(repaired.status).toBe(200);
  expect(repaired.headers.get('repairs-made')).toBe('timestamp, validation-data, archive-timestamp');
  const result = Buffer.from(await repaired.arrayBuffer());
  expect(result.subarray(0, bytes.length).equals(Buffer.from(bytes))).toBe(true);
  const crls = [readCrl(pki.authority.crl(new Date()))];
  const trust = [createTrustSet('test', { certificates: [pki.root], crls })];
  expect(verify(result, { trust })).toMatchObject({
    verdict: 'valid',
    signatures: [{ level: 'B-LTA' }, {}, {}],
  });

  const changed = Buffer.from(bytes);
  changed[changed.indexOf('/MediaBox') + 12]! ^= 1;
  const refused = await send(lan, '/api/v1/verifications/repairs', changed);
  expect(refused.status).toBe(422);
  expect(await refused.json()).toMatchObject({ type: 'urn:mot-lan:problem:nothing-to-repair' });
  expect((await send(lan, '/api/v1/verifications/repairs', await makePdf())).status).toBe(422);
});
