// Signs with a key at a remote service over the Cloud Signature Consortium's API, version 2 (CSC-API 2.0 §11): only
// digests leave, and what comes back is checked with the certificate's key before anyone gets it.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import {
  Asn1Error,
  type Certificate,
  Cursor,
  checkSignature,
  digestOid,
  encodingOf,
  oids,
  readCertificate,
  readDer,
  type SignatureScheme,
  writeSignatureAlgorithm,
} from '../asn1/index.ts';
import { FetchError, type FetchSettings, postToAllowedHost } from './allowed-fetch.ts';
import { maximumSignatureLength, schemeForKey } from './key-signer.ts';
import type { Signer } from './signer.ts';
import { SigningError } from './signing-error.ts';

export interface RemoteSignerSettings extends FetchSettings {
  /** Up to and including the version: `https://sign.example.vn/csc/v2`. */
  readonly baseUrl: string;
  /** A valid OAuth 2.0 access token with scope `service`; asked for before each request, so that it can be renewed. */
  readonly accessToken: () => Promise<string>;
  readonly credentialId: string;
  /** What the holder presents to authorise signatures: PIN, one-time password. Asked for once per authorisation. */
  readonly authorisation: () => Promise<Readonly<Record<string, string>>>;
  readonly pss?: boolean;
}

export interface RemoteSigner extends Signer {
  /** Signs several under one authorisation, in groups no larger than the service allows. In the order given. */
  signMany(data: readonly Uint8Array[]): Promise<Uint8Array[]>;
}

const base64 = z.base64();
const credentialSchema = z.object({
  key: z.object({ status: z.string(), algo: z.array(z.string()) }),
  cert: z.object({ status: z.string().optional(), certificates: z.array(base64).min(1).max(10) }),
  auth: z.object({ mode: z.string() }),
  multisign: z.int().min(1).optional(),
});
const authorisedSchema = z.object({ SAD: z.string().min(1).max(8192) });
const signedSchema = z.object({ signatures: z.array(base64) });

/**
 * Reads the credential and returns its signer.
 * @throws SigningError `signer-unavailable` when the service cannot be reached or answers out of form,
 *   `token-refused` when it refuses, `unsupported-key`, `certificate-unfit`
 */
export async function openRemoteSigner(settings: RemoteSignerSettings): Promise<RemoteSigner> {
  const call = createCaller(settings);
  const { credentialId: credentialID } = settings;
  const info = await call(
    'credentials/info',
    { credentialID, certificates: 'chain', certInfo: true, authInfo: true },
    credentialSchema,
  );
  if (info.key.status !== 'enabled') {
    throw new SigningError(
      'token-refused',
      'The remote key is disabled. Ask the service to enable it, or choose another credential.',
    );
  }
  if (info.auth.mode !== 'explicit') {
    throw new SigningError(
      'unsupported-key',
      `The credential is authorised by "${info.auth.mode}"; only "explicit" is supported here.`,
    );
  }
  const [certificate, ...chain] = readChain(info.cert.certificates);
  if (certificate?.publicKey === undefined) throw outOfForm('credentials/info');
  const scheme = schemeForKey(certificate.publicKey, settings.pss === true);
  const groupSize = Math.min(info.multisign ?? 1, 100);

  const signGroup = async (data: readonly Uint8Array[]): Promise<Uint8Array[]> => {
    const hashAlgorithmOID = digestOid(scheme.digest ?? 'sha256');
    const hashes = data.map((each) =>
      createHash(scheme.digest ?? 'sha256')
        .update(each)
        .digest('base64'),
    );
    const authData = Object.entries(await settings.authorisation()).map(([id, value]) => ({ id, value }));
    const wanted = { credentialID, numSignatures: hashes.length, hashes, hashAlgorithmOID };
    const { SAD } = await call('credentials/authorize', { ...wanted, authData }, authorisedSchema);
    const request = { credentialID, SAD, hashes, hashAlgorithmOID, ...signatureAlgorithm(scheme) };
    const { signatures } = await call('signatures/signHash', request, signedSchema);
    if (signatures.length !== data.length) throw outOfForm('signatures/signHash');
    return signatures.map((text, index) => {
      const signature = Buffer.from(text, 'base64');
      const input = { key: certificate.publicKey, scheme, data: data[index] ?? new Uint8Array(), signature };
      if (checkSignature(input) === 'valid') return signature;
      throw new SigningError(
        'signature-wrong',
        'The remote service returned a signature that is not of its certificate. Nothing was signed.',
      );
    });
  };
  const signMany = async (data: readonly Uint8Array[]): Promise<Uint8Array[]> => {
    const signatures: Uint8Array[] = [];
    for (let at = 0; at < data.length; at += groupSize) {
      signatures.push(...(await signGroup(data.slice(at, at + groupSize))));
    }
    return signatures;
  };
  return {
    certificate,
    chain,
    scheme,
    maximumSignatureLength: maximumSignatureLength(certificate.publicKey),
    signMany,
    sign: async (data) => {
      const [signature] = await signMany([data]);
      if (signature === undefined) throw outOfForm('signatures/signHash');
      return signature;
    },
  };
}

type Call = <T>(path: string, body: object, schema: z.ZodType<T>) => Promise<T>;

function createCaller(settings: RemoteSignerSettings): Call {
  return async (path, body, schema) => {
    const token = await settings.accessToken();
    const { status, bytes } = await send(settings, { path, body, token });
    const parsed = parseJson(bytes);
    if (status === 200) {
      const read = schema.safeParse(parsed);
      if (!read.success) throw outOfForm(path);
      return read.data;
    }
    // Only the code is shown: descriptions may repeat what was sent, the PIN included.
    const failure = z.object({ error: z.string().regex(/^[A-Za-z_]{1,60}$/) }).safeParse(parsed);
    const code = failure.success ? failure.data.error : `status ${status}`;
    if (status >= 400 && status < 500) {
      throw new SigningError(
        'token-refused',
        `The remote signing service refused ${path} (${code}). Check the PIN, the one-time password and the access.`,
      );
    }
    throw new SigningError(
      'signer-unavailable',
      `The remote signing service failed at ${path} (${code}). Try later.`,
    );
  };
}

async function send(
  settings: RemoteSignerSettings,
  request: { readonly path: string; readonly body: object; readonly token: string },
) {
  try {
    return await postToAllowedHost(settings, `${settings.baseUrl}/${request.path}`, {
      body: Buffer.from(JSON.stringify(request.body)),
      contentType: 'application/json',
      authorization: `Bearer ${request.token}`,
      maximumLength: 1024 * 1024,
    });
  } catch (error) {
    if (!(error instanceof FetchError)) throw error;
    throw new SigningError(
      'signer-unavailable',
      `The remote signing service cannot be used: ${error.message}. Try later.`,
    );
  }
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return undefined;
  }
}

function readChain(certificates: readonly string[]): Certificate[] {
  try {
    return certificates.map((text) => readCertificate(Buffer.from(text, 'base64')));
  } catch (error) {
    if (error instanceof Asn1Error) throw outOfForm('credentials/info');
    throw error;
  }
}

// PSS needs its parameters beside the identifier; the others say all by their identifier (CSC-API 2.0 §11.11).
function signatureAlgorithm(scheme: SignatureScheme): {
  readonly signAlgo: string;
  readonly signAlgoParams?: string;
} {
  const cursor = new Cursor(readDer(writeSignatureAlgorithm(scheme)));
  cursor.next();
  const parameters = cursor.peek();
  if (scheme.kind === 'rsa-pss' && parameters !== undefined) {
    return { signAlgo: oids.rsaPss, signAlgoParams: Buffer.from(encodingOf(parameters)).toString('base64') };
  }
  if (scheme.kind === 'rsa-pkcs1') return { signAlgo: oids.sha256WithRsa };
  return { signAlgo: scheme.digest === 'sha384' ? oids.ecdsaWithSha384 : oids.ecdsaWithSha256 };
}

function outOfForm(path: string): SigningError {
  return new SigningError(
    'signer-unavailable',
    `The remote signing service answered ${path} out of form. Check its version: CSC API v2 is needed.`,
  );
}
