/**
 * What the tests of tokens do with softhsm2, in a process of its own: the library reads SOFTHSM2_CONF from the real
 * environment, which a test cannot change for itself.
 *
 *   node token-session.ts FOLDER BINDING LIBRARY   FOLDER holds KIND.der, KIND.chain.der and paper.pdf
 *
 * Writes KIND[-pss].pdf and agent-N.pdf into FOLDER and prints one JSON object.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { readCertificate } from '../../src/asn1/index.ts';
import {
  completeSignature,
  createSigningAgent,
  loadPkcs11Module,
  openPkcs11Signer,
  type Pkcs11Module,
  prepareSignature,
  type Signer,
  SigningError,
  sealPdf,
} from '../../src/signing/index.ts';

const [folder = '', binding = '', library = '', at = ''] = process.argv.slice(2);
const time = new Date(at);
const kinds = ['rsa-2048', 'rsa-4096', 'p-256', 'p-384'];
const pin = async (): Promise<string> => '8842';
const read = (name: string): Buffer => readFileSync(join(folder, name));
const chain = [readCertificate(read('chain.der'))];
const paper = read('paper.pdf');
const module = await loadPkcs11Module(library, binding);
for (const kind of kinds) storeCertificate(module, kind);

const files: string[] = [];
const keep = (name: string, bytes: Uint8Array): void => {
  writeFileSync(join(folder, `${name}.pdf`), bytes);
  files.push(name);
};
for (const [kind, pss] of [
  ...kinds.map((kind) => [kind, false] as const),
  ['rsa-2048', true],
  ['rsa-4096', true],
] as const) {
  const signer = await openPkcs11Signer({ module, tokenLabel: kind, pss, pin, chain });
  keep(`${kind}${pss ? '-pss' : ''}`, (await sealPdf(paper, { signer, time })).bytes);
  signer.close();
}
const refusals = {
  wrongPin: await kindOf(openPkcs11Signer({ module, tokenLabel: 'rsa-2048', pin: async () => '0000' })),
  absent: await kindOf(openPkcs11Signer({ module, tokenLabel: 'none', pin })),
};
const crossed = await signThroughAgent();
process.stdout.write(`${JSON.stringify({ files, refusals, crossed })}\n`);
module.C_Finalize();

async function kindOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'none',
    (error: unknown) => (error instanceof SigningError ? error.kind : String(error)),
  );
}

/** Two steps for a batch of five. @returns how a signature of the batch fares on another document of it */
async function signThroughAgent(): Promise<string> {
  const signer = await openPkcs11Signer({ module, tokenLabel: 'p-256', pin });
  const [origin, pairingCode] = ['https://kho.example.vn', 'ABCDE-FGHJK-MNPQR'];
  const agent = createSigningAgent({ signer, allowedOrigins: [origin], pairingCode });
  await new Promise<void>((resolve) => agent.listen(0, '127.0.0.1', resolve));
  try {
    const address = `http://127.0.0.1:${(agent.address() as AddressInfo).port}`;
    const headers = { origin, authorization: `Bearer ${pairingCode}`, 'content-type': 'application/json' };
    const about = (await (await fetch(`${address}/certificate`, { headers })).json()) as Pick<
      Signer,
      'scheme' | 'maximumSignatureLength'
    > & { certificate: string };
    const certificate = readCertificate(Buffer.from(about.certificate, 'base64'));
    const reasons = [1, 2, 3, 4, 5].map((number) => `paper ${number}`);
    const prepared = await Promise.all(
      reasons.map((reason) => prepareSignature(paper, { ...about, certificate, chain }, { time, reason })),
    );
    const body = JSON.stringify({ toSign: prepared.map(({ toSign }) => toSign) });
    const reply = await fetch(`${address}/signatures`, { method: 'POST', headers, body });
    const { signatures } = (await reply.json()) as { signatures: string[] };
    for (const [number, state] of prepared.entries()) {
      const complete = () => completeSignature(paper, state, Buffer.from(signatures[number] ?? '', 'base64'));
      keep(`agent-${number}`, complete());
      if (Buffer.compare(complete(), complete()) !== 0) return 'not idempotent';
    }
    const [first] = prepared;
    if (first === undefined) return 'nothing was prepared';
    return await kindOf(
      (async () => completeSignature(paper, first, Buffer.from(signatures[1] ?? '', 'base64')))(),
    );
  } finally {
    agent.close();
    agent.closeAllConnections();
    signer.close();
  }
}

// softhsm2-util imports keys only; the certificate goes in over PKCS#11 itself.
function storeCertificate(pkcs11: Pkcs11Module, label: string): void {
  const writable = pkcs11 as Pkcs11Module & {
    C_CreateObject(session: Buffer, template: object[]): Buffer;
    C_Logout(session: Buffer): void;
  };
  const slot = pkcs11.C_GetSlotList(true).find((each) => pkcs11.C_GetTokenInfo(each).label.trim() === label);
  if (slot === undefined) throw new Error(`there is no token ${label}`);
  const session = pkcs11.C_OpenSession(slot, 6);
  pkcs11.C_Login(session, 1, '8842');
  writable.C_CreateObject(session, [
    { type: 0x000, value: 1 },
    { type: 0x001, value: true },
    { type: 0x080, value: 0 },
    { type: 0x101, value: Buffer.from('subject') },
    { type: 0x102, value: Buffer.from([0xa1]) },
    { type: 0x011, value: read(`${label}.der`) },
  ]);
  writable.C_Logout(session);
  pkcs11.C_CloseSession(session);
}
