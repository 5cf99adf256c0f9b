/**
 * Forged, broken and unusual signatures: CMS built by hand with one thing changed each, certificates that may not sign,
 * timestamps that prove nothing, revisions in every container, structures without end. With what must be said of each.
 */
import { createHash, type KeyObject, sign } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import {
  type Certificate,
  der,
  oids,
  readTimestampReply,
  writeDigestAlgorithm,
  writeSignatureAlgorithm,
  writeTimestampRequest,
} from '../../src/asn1/index.ts';
import { CertificateAuthority } from '../../src/signing/development/certificate-authority.ts';
import { generateKey } from '../../src/signing/development/development-pki.ts';
import { createTimestampAuthority } from '../../src/signing/development/timestamp-authority.ts';
import { createKeySigner, type Signer } from '../../src/signing/index.ts';
import type { Verdict } from '../../src/verification/index.ts';
import { appendRevision, lastStartxref, streamBody } from './pdf-builder.ts';
import type { TestPki } from './pki.ts';
import {
  bodies,
  DOC,
  docMdp,
  document,
  type SignatureRequest,
  signPdf,
  timestampToken,
} from './signed-pdf.ts';

export interface Forged {
  readonly name: string;
  readonly bytes: Buffer;
  readonly verdict: Verdict;
}

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');
const OTHERS = { others: '11 0 R 51 0 R', annots: '11 0 R 12 0 R 51 0 R' } as const;

/** Every file, under `pki`. */
export async function forgedSignatures(pki: TestPki, now: Date): Promise<Forged[]> {
  const { key, certificate } = await pki.issue({ key: 'rsa-2048', name: 'Người ký' });
  const chain = [pki.intermediate.certificate, pki.root.certificate];
  const signer = createKeySigner({ key, certificate, chain });
  return [
    ...(await cmsForgeries({ key, certificate, chain, signer })),
    ...(await wrongSigners(pki, now, signer)),
    ...(await wrongTimestamps(pki, now, signer)),
    ...(await containers(pki, signer)),
    ...(await endless(signer)),
  ];
}

interface CmsParts {
  readonly key: KeyObject;
  readonly certificate: Certificate;
  readonly chain: readonly Certificate[];
  readonly signer: Signer;
}

interface CmsChange {
  readonly attributes?: (attributes: Buffer[], digest: Buffer) => Buffer[];
  readonly noAttributes?: boolean;
  readonly digest?: 'md5' | 'sha1' | 'sha256' | 'sha512';
  readonly digestOid?: string;
  readonly signatureOid?: string;
  readonly content?: (data: Buffer) => Buffer;
  readonly certificates?: readonly Certificate[];
  readonly signers?: (one: Buffer) => Buffer[];
  readonly sid?: Certificate;
  readonly key?: KeyObject;
  readonly unsorted?: boolean;
  readonly after?: (cms: Buffer) => Buffer;
}

const attribute = (oid: string, value: Uint8Array): Buffer =>
  der.sequence(der.oid(oid), der.encode(0x31, value));

/** A detached CMS signature with one thing changed. */
function buildCms(parts: CmsParts, data: Buffer, change: CmsChange): Buffer {
  const digest = change.digest ?? 'sha256';
  const algorithm =
    change.digestOid === undefined
      ? digest === 'md5'
        ? der.sequence(der.oid('1.2.840.113549.2.5'), der.nullValue())
        : writeDigestAlgorithm(digest)
      : der.sequence(der.oid(change.digestOid), der.nullValue());
  const value = createHash(digest).update(data).digest();
  const ess = createHash('sha256').update(parts.certificate.der).digest();
  const standard = [
    attribute(oids.contentType, der.oid(oids.data)),
    attribute(oids.messageDigest, der.octetString(value)),
    attribute(oids.signingCertificateV2, der.sequence(der.sequence(der.sequence(der.octetString(ess))))),
  ];
  const attributes = change.attributes?.(standard, value) ?? standard;
  const set =
    change.unsorted === true
      ? der.encode(0x31, ...[...attributes].sort(Buffer.compare).reverse())
      : der.setOf(...attributes);
  const signed = change.noAttributes === true ? data : set;
  const signature = sign(digest, signed, change.key ?? parts.key);
  const tagged = Buffer.from(set);
  tagged[0] = 0xa0;
  const sid = change.sid ?? parts.certificate;
  const signatureAlgorithm =
    change.signatureOid === undefined
      ? digest === 'md5' || digest === 'sha1'
        ? der.sequence(der.oid(oids.rsaEncryption), der.nullValue())
        : writeSignatureAlgorithm({ kind: 'rsa-pkcs1', digest })
      : der.sequence(der.oid(change.signatureOid), der.nullValue());
  const one = der.sequence(
    der.integer(1),
    der.sequence(sid.issuer.der, sid.serialNumberDer),
    algorithm,
    ...(change.noAttributes === true ? [] : [tagged]),
    signatureAlgorithm,
    der.octetString(signature),
  );
  const content = change.content?.(data);
  const certificates = change.certificates ?? [parts.certificate, ...parts.chain];
  const cms = der.sequence(
    der.oid(oids.signedData),
    der.explicit(
      0,
      der.sequence(
        der.integer(1),
        der.setOf(algorithm),
        content === undefined
          ? der.sequence(der.oid(oids.data))
          : der.sequence(der.oid(oids.data), der.explicit(0, der.octetString(content))),
        der.encode(0xa0, ...certificates.map((each) => each.der)),
        der.encode(0x31, ...(change.signers?.(one) ?? [one])),
      ),
    ),
  );
  return change.after?.(cms) ?? cms;
}

async function cmsForgeries(parts: CmsParts): Promise<Forged[]> {
  const otherKey = await generateKey('rsa-2048');
  const without = (oid: string) => (attributes: Buffer[]) =>
    attributes.filter((each) => !each.includes(der.oid(oid)));
  const otherHash = attribute(
    oids.signingCertificateV2,
    der.sequence(der.sequence(der.sequence(der.octetString(Buffer.alloc(32, 1))))),
  );
  const cases: readonly [name: string, change: CmsChange, verdict: Verdict, subFilter?: string][] = [
    ['as it should be', {}, 'valid'],
    ['SHA-512', { digest: 'sha512' }, 'valid'],
    [
      'legacy without signing certificate',
      { attributes: without(oids.signingCertificateV2) },
      'valid',
      'adbe.pkcs7.detached',
    ],
    ['legacy without attributes', { noAttributes: true }, 'valid', 'adbe.pkcs7.detached'],
    ['CAdES without signing certificate', { attributes: without(oids.signingCertificateV2) }, 'valid'],
    ['without message digest', { attributes: without(oids.messageDigest) }, 'invalid-signature'],
    [
      'message digest of other data',
      {
        attributes: ([type, , ess]) => [
          type!,
          attribute(oids.messageDigest, der.octetString(Buffer.alloc(32, 7))),
          ess!,
        ],
      },
      'invalid-signature',
    ],
    [
      'message digest cut short',
      {
        attributes: ([type, , ess], digest) => [
          type!,
          attribute(oids.messageDigest, der.octetString(digest.subarray(0, 16))),
          ess!,
        ],
      },
      'invalid-signature',
    ],
    [
      'content type of a timestamp',
      {
        attributes: ([, digest, ess]) => [attribute(oids.contentType, der.oid(oids.tstInfo)), digest!, ess!],
      },
      'invalid-signature',
    ],
    [
      'signing certificate of somebody else',
      { attributes: ([type, digest]) => [type!, digest!, otherHash] },
      'indeterminate',
    ],
    ['signed by another key', { key: otherKey }, 'invalid-signature'],
    ['without the certificate', { certificates: [] }, 'indeterminate'],
    [
      'without issuers, which the trust set lacks',
      { certificates: [parts.certificate] },
      'valid-with-untrusted-chain',
    ],
    ['names another certificate', { sid: parts.chain[0]! }, 'indeterminate'],
    ['no signer', { signers: () => [] }, 'invalid-signature'],
    ['two signers', { signers: (one) => [one, one] }, 'indeterminate'],
    ['MD5', { digest: 'md5' }, 'indeterminate'],
    ['SHA-1', { digest: 'sha1' }, 'indeterminate'],
    ['unknown digest', { digestOid: '1.2.3.4.5' }, 'indeterminate'],
    ['unknown signature algorithm', { signatureOid: '1.2.3.4.6' }, 'indeterminate'],
    ['attributes not sorted', { unsorted: true }, 'valid'],
    ['trailing bytes', { after: (cms) => Buffer.concat([cms, Buffer.from('deadbeef', 'hex')]) }, 'valid'],
    ['cut in the middle', { after: (cms) => cms.subarray(0, cms.length >> 1) }, 'invalid-signature'],
    ['zeros', { after: (cms) => Buffer.alloc(cms.length) }, 'invalid-signature'],
    ['a certificate instead', { after: () => Buffer.from(parts.certificate.der) }, 'invalid-signature'],
    [
      'length that wraps around',
      { after: (cms) => Buffer.concat([Buffer.from('308480000000', 'hex'), cms]) },
      'invalid-signature',
    ],
    [
      'signs another file, carried inside',
      {
        content: () => Buffer.from('another file'),
        attributes: ([type, , ess]) => [
          type!,
          attribute(
            oids.messageDigest,
            der.octetString(createHash('sha256').update('another file').digest()),
          ),
          ess!,
        ],
      },
      'invalid-signature',
    ],
  ];
  const made: Forged[] = [];
  for (const [name, change, verdict, subFilter] of cases) {
    const bytes = await signPdf(document(), {
      signer: parts.signer,
      subFilter,
      cms: (_digest, data) => buildCms(parts, data, change),
    });
    made.push({ name: `CMS: ${name}`, bytes, verdict });
  }
  return made;
}

async function wrongSigners(pki: TestPki, now: Date, good: Signer): Promise<Forged[]> {
  const days = (count: number): Date => new Date(now.getTime() + count * 86_400_000);
  const made: Forged[] = [];
  const put = async (
    name: string,
    verdict: Verdict,
    signer: Signer,
    request: Partial<SignatureRequest> = {},
  ) =>
    made.push({ name: `signer: ${name}`, verdict, bytes: await signPdf(document(), { signer, ...request }) });
  const chain = [pki.intermediate.certificate, pki.root.certificate];
  await put('expired', 'expired', await pki.signer({ notBefore: days(-30), notAfter: days(-1) }));
  await put('not yet valid', 'expired', await pki.signer({ notBefore: days(1), notAfter: days(30) }));
  const revoked = await pki.signer({});
  pki.intermediate.revoke({ certificate: revoked.certificate, at: days(-0.5) });
  await put('revoked', 'revoked', revoked);
  await put('revoked before its timestamp', 'revoked', revoked, { pki, timestamp: true });
  const name = [{ oid: oids.commonName, value: 'Kẻ giả mạo' }];
  const span = { notBefore: days(-1), notAfter: days(300) };
  // A certificate that is not an authority issues another.
  const leaf = await pki.issue({});
  const beneathKey = await generateKey('p-256');
  const beneath = new CertificateAuthority(leaf.key, leaf.certificate).issue({
    subject: name,
    key: beneathKey,
    profile: 'signer',
    ...span,
  });
  await put(
    'issued by one who is no authority',
    'indeterminate',
    createKeySigner({ key: beneathKey, certificate: beneath, chain: [leaf.certificate, ...chain] }),
  );
  // A root of the same name with another key.
  const falseKey = await generateKey('p-256');
  const falseRoot = CertificateAuthority.createRoot(falseKey, {
    subject: [
      { oid: oids.organization, value: 'Một Lần' },
      { oid: oids.commonName, value: 'Gốc thử' },
    ],
    ...span,
  });
  const falseSignerKey = await generateKey('p-256');
  const falseSigner = falseRoot.issue({ subject: name, key: falseSignerKey, profile: 'signer', ...span });
  await put(
    'under a root of the same name',
    'valid-with-untrusted-chain',
    createKeySigner({ key: falseSignerKey, certificate: falseSigner, chain: [falseRoot.certificate] }),
  );
  const selfKey = await generateKey('p-256');
  const self = CertificateAuthority.createRoot(selfKey, { subject: name, ...span });
  await put(
    'an authority of its own, not meant for signing',
    'indeterminate',
    createKeySigner({ key: selfKey, certificate: self.certificate }),
  );
  const stamping = await pki.issue({ profile: 'timestamp' });
  await put('a time-stamping certificate', 'indeterminate', createKeySigner({ ...stamping, chain }));
  // Two good signers one after the other, the second revoked: the worst counts.
  const first = await signPdf(document(), { signer: good });
  made.push({
    name: 'signer: the second of two is revoked',
    verdict: 'revoked',
    bytes: await signPdf(first, { signer: revoked, num: 60, name: 'Second', ...OTHERS }),
  });
  return made;
}

async function wrongTimestamps(pki: TestPki, now: Date, signer: Signer): Promise<Forged[]> {
  const made: Forged[] = [];
  const put = async (name: string, verdict: Verdict, request: Partial<SignatureRequest>) =>
    made.push({
      name: `timestamp: ${name}`,
      verdict,
      bytes: await signPdf(document(), { signer, pki, ...request }),
    });
  const ask = async (authority: Signer, time: Date, digest: Uint8Array) => {
    const reply = await createTimestampAuthority(
      authority,
      () => time,
    )(writeTimestampRequest('sha256', digest, 1n));
    const { token } = readTimestampReply(reply);
    if (token === undefined) throw new Error('the authority refused');
    return token;
  };
  await put('as it should be', 'valid', { timestamp: true });
  const digest = Buffer.alloc(32, 9);
  await put('over other data', 'invalid-timestamp', { token: await timestampToken(pki, digest) });
  const broken = Buffer.from(await timestampToken(pki, digest));
  broken[broken.length - 5]! ^= 0xff;
  await put('with a broken signature', 'invalid-timestamp', { token: broken });
  await put('that is no token', 'invalid-timestamp', { token: der.sequence(der.integer(1)) });
  const stamped = await signPdf(document(), { signer, pki, timestamp: true });
  const over = (token: Uint8Array) =>
    signPdf(stamped, { signer, pki, token, subFilter: 'ETSI.RFC3161', num: 80, name: 'Stamp', ...OTHERS });
  made.push({
    name: 'timestamp: of the document, copied from another',
    verdict: 'invalid-timestamp',
    bytes: await over(await timestampToken(pki, digest)),
  });
  const ownDigest = async (authority: Signer) => {
    // The token is over what signPdf will hash: built with a placeholder first, then with the same ranges.
    let wanted: Uint8Array = Buffer.alloc(32);
    await signPdf(stamped, {
      signer,
      subFilter: 'ETSI.RFC3161',
      num: 80,
      name: 'Stamp',
      ...OTHERS,
      cms: (found) => {
        wanted = found;
        return Buffer.alloc(1);
      },
    });
    return over(await ask(authority, now, wanted));
  };
  const stranger = await (async () => {
    const key = await generateKey('p-256');
    const span = {
      notBefore: new Date(now.getTime() - 86_400_000),
      notAfter: new Date(now.getTime() + 86_400_000_000),
    };
    const root = CertificateAuthority.createRoot(await generateKey('p-256').then((rootKey) => rootKey), {
      subject: [{ oid: oids.commonName, value: 'Gốc lạ' }],
      ...span,
    });
    return createKeySigner({
      key,
      certificate: root.issue({
        subject: [{ oid: oids.commonName, value: 'TSA lạ' }],
        key,
        profile: 'timestamp',
        ...span,
      }),
    });
  })();
  made.push({
    name: 'timestamp: of the document, by an unknown authority',
    verdict: 'valid',
    bytes: await ownDigest(stranger),
  });
  made.push({
    name: 'timestamp: of the document, as it should be',
    verdict: 'valid',
    bytes: await ownDigest(pki.timestampSigner),
  });
  return made;
}

/** The same change in every container that a revision can have. */
async function containers(pki: TestPki, signer: Signer): Promise<Forged[]> {
  const signed = await signPdf(document(), { signer, pki, timestamp: true });
  const evil = bodies.page1('11 0 R 12 0 R 51 0 R').replace('/Contents 5', '/Contents 14');
  const made: Forged[] = [];
  const put = (name: string, bytes: Buffer, verdict: Verdict = 'modified-after-signing') =>
    made.push({ name: `container: ${name}`, bytes, verdict });
  put('object stream, deflated', withObjectStream(signed, [[3, evil]], true));
  put(
    'object stream, two objects',
    withObjectStream(
      signed,
      [
        [2, '<< /Type /Pages /Kids [3 0 R] /Count 1 >>'],
        [3, evil],
      ],
      false,
    ),
  );
  put(
    'object stream that repeats what is there',
    withObjectStream(signed, [[2, '<< /Type /Pages /Kids [3 0 R 4 0 R] /Count 2 >>']], false),
    'valid',
  );
  put('hybrid: the change in the hidden stream', hybrid(signed, 3, evil));
  put(
    'several empty revisions, then the change',
    appendRevision(appendRevision(appendRevision(signed, []), []), [{ num: 3, body: evil }]),
  );
  put(
    'the change, then the old object again',
    appendRevision(appendRevision(signed, [{ num: 3, body: evil }]), [
      { num: 3, body: bodies.page1('11 0 R 12 0 R 51 0 R') },
    ]),
    'valid',
  );
  put('nothing changed', appendRevision(signed, []), 'valid');
  put('higher generation', Buffer.concat([signed, generation(signed, evil)]));
  const second = await signPdf(
    appendRevision(signed, [{ num: 5, body: streamBody('', 'BT (Pay 900) Tj ET') }]),
    { signer, num: 60, name: 'Second', ...OTHERS },
  );
  put('changed, then signed by another', second);
  const certified = await signPdf(document(), {
    signer,
    entries: docMdp(2),
    catalog: '/Perms << /DocMDP 50 0 R >>',
  });
  put(
    'changed under a certification',
    appendRevision(certified, [{ num: 5, body: streamBody('', 'BT (Pay 900) Tj ET') }]),
  );
  put(
    'certification dropped from the catalogue',
    appendRevision(certified, [{ num: 1, body: bodies.catalog() }]),
  );
  return made;
}

function withObjectStream(
  previous: Buffer,
  objects: readonly (readonly [number, string])[],
  packed: boolean,
): Buffer {
  let body = '';
  const heads = objects.map(([num, text]) => {
    const head = `${num} ${body.length}`;
    body += `${text}\n`;
    return head;
  });
  const first = `${heads.join(' ')} `;
  const data = latin1(`${first}${body}`);
  const dict = `/Type /ObjStm /N ${objects.length} /First ${first.length}`;
  const stream = packed
    ? streamBody(`${dict} /Filter /FlateDecode`, deflateSync(data))
    : streamBody(dict, data);
  const at = previous.length;
  const object = Buffer.concat([latin1('70 0 obj\n'), stream, latin1('\nendobj\n')]);
  const xrefAt = at + object.length;
  const row = (type: number, a: number, b: number) => [type, (a >> 16) & 255, (a >> 8) & 255, a & 255, b];
  const rows = [
    ...objects.map(([num], index) => [num, ...row(2, 70, index)]),
    [70, ...row(1, at, 0)],
    [71, ...row(1, xrefAt, 0)],
  ].sort((x, y) => x[0]! - y[0]!);
  const index = rows.map(([num]) => `${num} 1`).join(' ');
  const table = streamBody(
    `/Type /XRef /Size 100 /Root 1 0 R /W [1 3 1] /Index [${index}] /Prev ${lastStartxref(previous)}`,
    Buffer.from(rows.flatMap((each) => each.slice(1))),
  );
  return Buffer.concat([
    previous,
    object,
    latin1('71 0 obj\n'),
    table,
    latin1(`\nendobj\nstartxref\n${xrefAt}\n%%EOF\n`),
  ]);
}

function hybrid(previous: Buffer, num: number, text: string): Buffer {
  const at = previous.length;
  const object = latin1(`${num} 0 obj\n${text}\nendobj\n`);
  const streamAt = at + object.length;
  const row = (a: number) => [1, (a >> 16) & 255, (a >> 8) & 255, a & 255, 0];
  const rows = Buffer.from([...row(at), ...row(streamAt)]);
  const stream = Buffer.concat([
    latin1('71 0 obj\n'),
    streamBody(`/Type /XRef /Size 100 /Root 1 0 R /W [1 3 1] /Index [${num} 1 71 1]`, rows),
    latin1('\nendobj\n'),
  ]);
  const tableAt = streamAt + stream.length;
  return Buffer.concat([
    previous,
    object,
    stream,
    latin1(
      `xref\n0 0\ntrailer\n<< /Size 100 /Root 1 0 R /Prev ${lastStartxref(previous)} /XRefStm ${streamAt} >>\nstartxref\n${tableAt}\n%%EOF\n`,
    ),
  ]);
}

function generation(previous: Buffer, text: string): Buffer {
  const object = latin1(`3 1 obj\n${text}\nendobj\n`);
  const tableAt = previous.length + object.length;
  return Buffer.concat([
    object,
    latin1(
      `xref\n3 1\n${String(previous.length).padStart(10, '0')} 00001 n \ntrailer\n<< /Size 100 /Root 1 0 R /Prev ${lastStartxref(previous)} >>\nstartxref\n${tableAt}\n%%EOF\n`,
    ),
  ]);
}

/** Structures that never end, or end too late. */
async function endless(signer: Signer): Promise<Forged[]> {
  const signed = await signPdf(document(), { signer });
  const made: Forged[] = [];
  const put = (name: string, bytes: Buffer, verdict: Verdict) =>
    made.push({ name: `endless: ${name}`, bytes, verdict });
  const update = (
    name: string,
    verdict: Verdict,
    ...objects: Parameters<typeof appendRevision>[1][number][]
  ) => put(name, appendRevision(signed, objects), verdict);
  update('field that is its own kid', 'modified-after-signing', {
    num: DOC.textField,
    body: '<< /FT /Tx /T (Amount) /Kids [11 0 R] >>',
  });
  update('parents in a circle', 'modified-after-signing', {
    num: DOC.textField,
    body: bodies.textField('100', '/Parent 11 0 R /AP << /N 13 0 R >>'),
  });
  update(
    'store that holds itself',
    'valid',
    { num: 1, body: bodies.catalog('/DSS 60 0 R') },
    { num: 60, body: '<< /Certs [60 0 R] /VRI << /A 60 0 R >> >>' },
  );
  update('length that refers to itself', 'modified-after-signing', {
    num: DOC.content1,
    body: '<< /Length 5 0 R >>\nstream\nx\nendstream',
  });
  update('bomb in the content', 'modified-after-signing', {
    num: DOC.content1,
    body: streamBody('/Filter /FlateDecode', deflateSync(Buffer.alloc(60_000_000))),
  });
  update('filters on filters', 'modified-after-signing', {
    num: DOC.content1,
    body: streamBody(`/Filter [${'/FlateDecode '.repeat(300)}]`, deflateSync(Buffer.alloc(10))),
  });
  put(
    'object stream of forty megabytes that changes nothing',
    withObjectStream(signed, [[3, `${bodies.page1('11 0 R 12 0 R 51 0 R')}${' '.repeat(40_000_000)}`]], true),
    'valid',
  );
  let many: Buffer = signed;
  for (let count = 0; count < 400; count += 1) many = appendRevision(many, []);
  put('four hundred empty revisions', many, 'valid');
  put(
    'page tree three thousand deep',
    appendRevision(signed, [
      { num: DOC.pages, body: '<< /Type /Pages /Kids [1000 0 R] /Count 1 >>' },
      ...Array.from({ length: 3000 }, (_, at) => ({
        num: 1000 + at,
        body: `<< /Type /Pages /Kids [${1001 + at} 0 R] /Count 1 >>`,
      })),
    ]),
    'malformed',
  );
  put(
    'a hundred thousand annotations',
    appendRevision(signed, [
      { num: DOC.page1, body: bodies.page1(`11 0 R 12 0 R 51 0 R ${'12 0 R '.repeat(100_000)}`) },
    ]),
    'modified-after-signing',
  );
  return made;
}
