/** A signing service that speaks CSC API v2: credentials/info, credentials/authorize, signatures/signHash. */
import {
  constants,
  createECDH,
  createHash,
  type KeyObject,
  privateEncrypt,
  randomBytes,
  randomUUID,
} from 'node:crypto';
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

function signHash(key: KeyObject, hash: Buffer, body: Body): Buffer {
  if (body.signAlgo === oids.rsaPss) {
    const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
    return privateEncrypt({ key, padding: constants.RSA_NO_PADDING }, pssEncoded(hash, bits));
  }
  if (body.signAlgo === oids.ecdsaWithSha256 || body.signAlgo === oids.ecdsaWithSha384)
    return ecdsa(key, hash);
  if (body.signAlgo !== oids.sha256WithRsa) throw new Error('the simulator does not know this algorithm');
  // The padding of the DigestInfo (RFC 8017 §9.2).
  const algorithm = der.sequence(der.oid(body.hashAlgorithmOID ?? ''), der.nullValue());
  const digestInfo = der.sequence(algorithm, der.octetString(hash));
  return privateEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, digestInfo);
}

/** EMSA-PSS with SHA-256 and a salt of 32 octets (RFC 8017 §9.1.1), over a digest taken elsewhere. */
function pssEncoded(hash: Buffer, modulusBits: number): Buffer {
  const length = Math.ceil((modulusBits - 1) / 8);
  const salt = randomBytes(32);
  const seed = createHash('sha256').update(Buffer.alloc(8)).update(hash).update(salt).digest();
  const block = Buffer.concat([Buffer.alloc(length - 66), Buffer.from([1]), salt]);
  for (let at = 0, counter = 0; at < block.length; counter += 1) {
    const count = Buffer.from([0, 0, counter >> 8, counter & 255]);
    for (const octet of createHash('sha256').update(seed).update(count).digest()) {
      if (at < block.length) block[at] = (block[at] ?? 0) ^ octet;
      at += 1;
    }
  }
  block[0] = (block[0] ?? 0) & (0xff >> (8 * length - (modulusBits - 1)));
  return Buffer.concat([block, seed, Buffer.from([0xbc])]);
}

const curves = {
  prime256v1: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
  secp384r1:
    0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
} as const;

/** ECDSA over a digest taken elsewhere (FIPS 186-5 §6.4), which node:crypto does not offer. */
function ecdsa(key: KeyObject, hash: Buffer): Buffer {
  const curve = key.asymmetricKeyDetails?.namedCurve as keyof typeof curves;
  const order = curves[curve];
  const number = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
  const secret = number(Buffer.from(key.export({ format: 'jwk' }).d ?? '', 'base64url'));
  const once = createECDH(curve);
  const point = once.generateKeys();
  const r = number(point.subarray(1, (point.length + 1) / 2)) % order;
  const s = (inverse(number(once.getPrivateKey()), order) * ((number(hash) + r * secret) % order)) % order;
  const octets = (value: bigint): Buffer => {
    const text = value.toString(16);
    return Buffer.from(text.padStart(text.length + (text.length % 2), '0'), 'hex');
  };
  return der.sequence(der.integer(octets(r)), der.integer(octets(s)));
}

function inverse(value: bigint, modulus: bigint): bigint {
  let [a, b, x, y] = [value % modulus, modulus, 1n, 0n];
  while (a > 1n) {
    const quotient = a / b;
    [a, b] = [b, a % b];
    [x, y] = [y, x - quotient * y];
  }
  return x < 0n ? x + modulus : x;
}
