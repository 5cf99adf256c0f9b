/** A signing service that speaks CSC API v2: credentials/info, credentials/authorize, signatures/signHash. */
import { constants, type KeyObject, privateEncrypt, randomUUID } from 'node:crypto';
import { type Certificate, der, oids } from '../../src/asn1/index.ts';

export interface CscOptions {
  readonly key: KeyObject;
  readonly certificate: Certificate;
  readonly chain?: readonly Certificate[];
  readonly token: string;
  readonly pin: string;
  readonly multisign?: number;
}

export interface CscSimulator {
  readonly fetch: typeof fetch;
  readonly baseUrl: string;
  readonly host: string;
  /** Paths called so far. */
  readonly calls: string[];
  /** Makes the next answers of a path something else. */
  readonly broken: Map<string, () => Response>;
}

interface Body {
  readonly credentialID?: string;
  readonly numSignatures?: number;
  readonly hashes?: readonly string[];
  readonly hashAlgorithmOID?: string;
  readonly signAlgo?: string;
  readonly signAlgoParams?: string;
  readonly SAD?: string;
  readonly authData?: readonly { readonly id: string; readonly value: string }[];
}

export const cscCredential = 'can-bo-1';

export function createCscSimulator(options: CscOptions): CscSimulator {
  const host = 'sign.test.invalid';
  const authorised = new Map<string, string>();
  const calls: string[] = [];
  const broken = new Map<string, () => Response>();
  const refuse = (error: string, status = 400) =>
    Response.json({ error, error_description: 'refused' }, { status });

  const handlers: Readonly<Record<string, (body: Body) => Response>> = {
    'credentials/info': () => {
      const rsa = options.key.asymmetricKeyType === 'rsa';
      const certificates = [options.certificate, ...(options.chain ?? [])];
      return Response.json({
        key: { status: 'enabled', algo: [rsa ? oids.rsaEncryption : oids.ecPublicKey], len: 256 },
        cert: {
          status: 'valid',
          certificates: certificates.map(({ der: bytes }) => Buffer.from(bytes).toString('base64')),
        },
        auth: { mode: 'explicit', expression: 'PIN', objects: [{ id: 'PIN', type: 'Password' }] },
        SCAL: '2',
        multisign: options.multisign ?? 1,
      });
    },
    'credentials/authorize': (body) => {
      const pin = body.authData?.find(({ id }) => id === 'PIN')?.value;
      if (pin !== options.pin) return refuse('invalid_pin');
      if ((body.numSignatures ?? 0) > (options.multisign ?? 1)) return refuse('invalid_request');
      if (body.hashes?.length !== body.numSignatures) return refuse('invalid_request');
      const sad = randomUUID();
      authorised.set(sad, JSON.stringify(body.hashes));
      return Response.json({ SAD: sad, expiresIn: 60 });
    },
    'signatures/signHash': (body) => {
      const allowed = authorised.get(body.SAD ?? '');
      authorised.delete(body.SAD ?? '');
      // SCAL 2: what is signed must be what was authorised.
      if (allowed === undefined || allowed !== JSON.stringify(body.hashes)) return refuse('invalid_request');
      const signatures = (body.hashes ?? []).map((hash) =>
        signHash(options.key, Buffer.from(hash, 'base64'), body),
      );
      return Response.json({ signatures: signatures.map((bytes) => bytes.toString('base64')) });
    },
  };
  return {
    host,
    baseUrl: `https://${host}/csc/v2`,
    calls,
    broken,
    fetch: async (input, init) => {
      const path = String(input).split('/csc/v2/')[1] ?? '';
      calls.push(path);
      const failing = broken.get(path);
      if (failing !== undefined) return failing();
      if (new Headers(init?.headers).get('authorization') !== `Bearer ${options.token}`)
        return refuse('invalid_token', 401);
      const body = JSON.parse(
        Buffer.from(await new Response(init?.body ?? null).arrayBuffer()).toString('utf8'),
      ) as Body;
      if (body.credentialID !== cscCredential) return refuse('invalid_request');
      return handlers[path]?.(body) ?? refuse('not_found', 404);
    },
  };
}

// RSA with PKCS#1 v1.5 over a digest: the padding of the DigestInfo (RFC 8017 §9.2).
function signHash(key: KeyObject, hash: Buffer, body: Body): Buffer {
  if (body.signAlgo !== oids.sha256WithRsa) throw new Error('the simulator signs RSA with PKCS#1 v1.5 only');
  const algorithm = der.sequence(der.oid(body.hashAlgorithmOID ?? ''), der.nullValue());
  const digestInfo = der.sequence(algorithm, der.octetString(hash));
  return privateEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, digestInfo);
}
