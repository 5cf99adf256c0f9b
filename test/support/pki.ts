/** A throw-away hierarchy for tests: root, intermediate, signers, TSA, OCSP and CRL, all on an injected clock. */
import type { KeyObject } from 'node:crypto';
import { type Certificate, oids } from '../../src/asn1/index.ts';
import {
  CertificateAuthority,
  type CertificateProfile,
} from '../../src/signing/development/certificate-authority.ts';
import { generateKey, type KeyKind } from '../../src/signing/development/development-pki.ts';
import { createOcspResponder } from '../../src/signing/development/ocsp-responder.ts';
import {
  createTimestampAuthority,
  type TimestampAuthority,
} from '../../src/signing/development/timestamp-authority.ts';
import { createKeySigner } from '../../src/signing/key-signer.ts';
import type { Signer } from '../../src/signing/signer.ts';

export interface TestPki {
  readonly root: CertificateAuthority;
  readonly intermediate: CertificateAuthority;
  readonly timestampSigner: Signer;
  readonly timestampAuthority: TimestampAuthority;
  /** A certificate with its key, issued by the intermediate. */
  issue(options: IssueOptions): Promise<{ readonly key: KeyObject; readonly certificate: Certificate }>;
  signer(options?: IssueOptions & { readonly pss?: boolean }): Promise<Signer>;
  /** Serves TSA, OCSP and CRLs at the addresses written into the certificates; other addresses answer 404. */
  readonly fetch: typeof fetch;
  /** Addresses asked so far. */
  readonly asked: string[];
  /** Hosts to allow-list. */
  readonly hosts: readonly string[];
}

export interface IssueOptions {
  readonly name?: string;
  readonly key?: KeyKind;
  readonly profile?: CertificateProfile;
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  /** false: the certificate says nothing of where its status is told. */
  readonly addresses?: boolean;
}

const host = 'pki.test.invalid';
const year = 365 * 86_400_000;

/** @param clock anything with `now()`; certificates start a day before and last two years (authorities twenty) */
export async function createTestPki(
  clock: { now(): Date },
  options: { key?: KeyKind } = {},
): Promise<TestPki> {
  const kind = options.key ?? 'p-256';
  const subject = (name: string) => [
    { oid: oids.organization, value: 'Một Lần' },
    { oid: oids.commonName, value: name },
  ];
  const started = clock.now().getTime();
  const span = (years: number) => ({
    notBefore: new Date(started - 86_400_000),
    notAfter: new Date(started + years * year),
  });
  const rootKey = await generateKey(kind);
  const root = CertificateAuthority.createRoot(rootKey, { subject: subject('Gốc thử'), ...span(20) });
  const intermediateKey = await generateKey(kind);
  const intermediate = new CertificateAuthority(
    intermediateKey,
    root.issue({
      subject: subject('Trung gian thử'),
      key: intermediateKey,
      profile: 'authority',
      crlUrl: `http://${host}/root.crl`,
      ...span(20),
    }),
  );
  const addresses = { ocspUrl: `http://${host}/ocsp`, crlUrl: `http://${host}/intermediate.crl` };
  const chain = [intermediate.certificate, root.certificate];

  const issue: TestPki['issue'] = async (wanted) => {
    const key = await generateKey(wanted.key ?? kind);
    const certificate = intermediate.issue({
      subject: subject(wanted.name ?? 'Người ký thử'),
      key,
      profile: wanted.profile ?? 'signer',
      notBefore: wanted.notBefore ?? span(2).notBefore,
      notAfter: wanted.notAfter ?? span(2).notAfter,
      ...(wanted.addresses === false ? {} : addresses),
    });
    return { key, certificate };
  };
  const tsa = await issue({ name: 'Dấu thời gian thử', profile: 'timestamp', notAfter: span(10).notAfter });
  const timestampSigner = createKeySigner({ ...tsa, chain });
  const timestampAuthority = createTimestampAuthority(timestampSigner, () => clock.now());
  const responder = await issue({ name: 'Tình trạng thử', profile: 'ocsp', addresses: false });
  const ocsp = createOcspResponder({ authority: intermediate, ...responder, now: () => clock.now() });

  const asked: string[] = [];
  const answer = async (url: string, body: Uint8Array): Promise<[string, Uint8Array] | undefined> => {
    if (url === `http://${host}/tsa`) return ['application/timestamp-reply', await timestampAuthority(body)];
    if (url === `http://${host}/ocsp`) return ['application/ocsp-response', ocsp(body)];
    if (url === `http://${host}/root.crl`) return ['application/pkix-crl', root.crl(clock.now())];
    if (url === `http://${host}/intermediate.crl`)
      return ['application/pkix-crl', intermediate.crl(clock.now())];
    return undefined;
  };
  return {
    root,
    intermediate,
    timestampSigner,
    timestampAuthority,
    issue,
    signer: async (wanted = {}) => createKeySigner({ ...(await issue(wanted)), chain, pss: wanted.pss }),
    fetch: async (input, init) => {
      const url = String(input instanceof Request ? input.url : input);
      asked.push(url);
      const found = await answer(url, new Uint8Array(await new Response(init?.body ?? null).arrayBuffer()));
      if (found === undefined) return new Response('not found', { status: 404 });
      return new Response(Uint8Array.from(found[1]), { headers: { 'content-type': found[0] } });
    },
    asked,
    hosts: [host],
  };
}
