// Signs with a key in a token or HSM over PKCS#11 (OASIS PKCS#11 2.40). The native binding `pkcs11js` is not a
// dependency of the vault: whoever has a token installs it. Everything that happens to tokens is expected: absent,
// unplugged while in use, PIN wrong, expired or locked; after each the next signature starts over.
import { createHash } from 'node:crypto';
import { type Certificate, der, readCertificate, type SignatureScheme } from '../asn1/index.ts';
import { maximumSignatureLength, schemeForKey } from './key-signer.ts';
import { describeTokenError, type Pkcs11Handle, type Pkcs11Module, tokenErrorCode } from './pkcs11-module.ts';
import type { Signer } from './signer.ts';
import { SigningError } from './signing-error.ts';

export interface Pkcs11Settings {
  /** From `loadPkcs11Module`, initialised by it. */
  readonly module: Pkcs11Module;
  readonly tokenLabel: string;
  /** Label of the key; needed when the token holds several. */
  readonly keyLabel?: string;
  /** Asked at every login: at the first signature, and again after the token was away. Not kept. */
  readonly pin: () => Promise<string>;
  readonly chain?: readonly Certificate[];
  readonly pss?: boolean;
}

export interface Pkcs11Signer extends Signer {
  /** Logs out and closes the session. */
  close(): void;
}

/** @throws SigningError `token-absent`, `wrong-password`, `pin-required`, `token-refused`, `unsupported-key`, `certificate-mismatch` */
export async function openPkcs11Signer(settings: Pkcs11Settings): Promise<Pkcs11Signer> {
  let session = await openSession(settings);
  const first = session;
  const { certificate } = first;
  const key = certificate.publicKey;
  if (key === undefined)
    throw new SigningError('unsupported-key', 'The certificate in the token has a key that is not known.');
  const scheme = schemeForKey(key, settings.pss === true);
  let alive = true;
  // A token does one thing at a time; callers wait for each other.
  let last: Promise<unknown> = Promise.resolve();

  const signOnce = async (data: Uint8Array): Promise<Uint8Array> => {
    if (!alive) {
      session = await openSession(settings);
      if (session.certificate.fingerprint !== certificate.fingerprint) {
        throw new SigningError(
          'certificate-mismatch',
          'Another token was plugged in. Plug in the one that the signature was prepared for.',
        );
      }
      alive = true;
    }
    try {
      return signInToken(settings.module, session, { data, scheme });
    } catch (error) {
      if (error instanceof SigningError) throw error;
      alive = false;
      closeQuietly(settings.module, session.handle);
      throw describeTokenError(error);
    }
  };
  return {
    certificate,
    chain: settings.chain ?? [],
    scheme,
    maximumSignatureLength: maximumSignatureLength(key),
    sign: (data) => {
      const result = last.then(() => signOnce(data));
      last = result.catch(() => undefined);
      return result;
    },
    close: () => {
      alive = false;
      closeQuietly(settings.module, session.handle);
    },
  };
}

interface Session {
  readonly handle: Pkcs11Handle;
  readonly key: Pkcs11Handle;
  readonly certificate: Certificate;
}

const serialSession = 4;
const userNormal = 1;
const alreadyLoggedIn = 0x100;
const attribute = { class: 0x000, label: 0x003, value: 0x011, id: 0x102 } as const;
const objectClass = { certificate: 1, privateKey: 3 } as const;

async function openSession(settings: Pkcs11Settings): Promise<Session> {
  const { module } = settings;
  const pin = await settings.pin();
  try {
    const slot = module.C_GetSlotList(true).find((candidate) => {
      return module.C_GetTokenInfo(candidate).label.replace(/[\s\0]+$/, '') === settings.tokenLabel;
    });
    if (slot === undefined) {
      throw new SigningError(
        'token-absent',
        `The token "${settings.tokenLabel}" is not plugged in. Plug it in and try again.`,
      );
    }
    const handle = module.C_OpenSession(slot, serialSession);
    try {
      logIn(module, handle, pin);
      return { handle, ...findKey(settings, handle) };
    } catch (error) {
      closeQuietly(module, handle);
      throw error;
    }
  } catch (error) {
    throw error instanceof SigningError ? error : describeTokenError(error);
  }
}

function logIn(module: Pkcs11Module, handle: Pkcs11Handle, pin: string): void {
  try {
    module.C_Login(handle, userNormal, pin);
  } catch (error) {
    if (tokenErrorCode(error) !== alreadyLoggedIn) throw error;
  }
}

function findKey(settings: Pkcs11Settings, handle: Pkcs11Handle): Omit<Session, 'handle'> {
  const { module, keyLabel } = settings;
  const label = keyLabel === undefined ? [] : [{ type: attribute.label, value: keyLabel }];
  const keys = findObjects(module, handle, [
    { type: attribute.class, value: objectClass.privateKey },
    ...label,
  ]);
  const [key] = keys;
  if (key === undefined || keys.length > 1) {
    throw new SigningError(
      'unreadable-key',
      `The token holds ${keys.length} fitting keys. Name one by its label.`,
    );
  }
  const id = readAttribute(module, { handle, object: key, type: attribute.id });
  const [holder] = findObjects(module, handle, [
    { type: attribute.class, value: objectClass.certificate },
    { type: attribute.id, value: id },
  ]);
  if (holder === undefined) {
    throw new SigningError(
      'certificate-mismatch',
      'The token has no certificate for its key. Load the certificate into the token.',
    );
  }
  return {
    key,
    certificate: readCertificate(readAttribute(module, { handle, object: holder, type: attribute.value })),
  };
}

function findObjects(
  module: Pkcs11Module,
  handle: Pkcs11Handle,
  template: Parameters<Pkcs11Module['C_FindObjectsInit']>[1],
) {
  module.C_FindObjectsInit(handle, template);
  try {
    return module.C_FindObjects(handle, 10);
  } finally {
    module.C_FindObjectsFinal(handle);
  }
}

function readAttribute(
  module: Pkcs11Module,
  about: { readonly handle: Pkcs11Handle; readonly object: Pkcs11Handle; readonly type: number },
): Buffer {
  const [found] = module.C_GetAttributeValue(about.handle, about.object, [{ type: about.type }]);
  if (found === undefined || !Buffer.isBuffer(found.value))
    throw new SigningError('token-refused', 'The token does not tell what its key is.');
  return found.value;
}

const mechanism = { rsaPkcs: 0x01, rsaPkcsPss: 0x0d, ecdsa: 0x1041 } as const;

// The digest is taken here: every token signs digests, few take data of any length.
function signInToken(
  module: Pkcs11Module,
  session: Session,
  about: { readonly data: Uint8Array; readonly scheme: SignatureScheme },
): Uint8Array {
  const { scheme } = about;
  const hash = createHash(scheme.digest ?? 'sha256')
    .update(about.data)
    .digest();
  if (scheme.kind === 'ecdsa') {
    module.C_SignInit(session.handle, { mechanism: mechanism.ecdsa }, session.key);
    const raw = module.C_Sign(session.handle, hash, Buffer.alloc(132));
    const half = raw.length / 2;
    return der.sequence(der.integer(raw.subarray(0, half)), der.integer(raw.subarray(half)));
  }
  const out = Buffer.alloc(1024);
  if (scheme.kind === 'rsa-pss') {
    // The binding's CK_PARAMS_RSA_PSS, CKM_SHA256, CKG_MGF1_SHA256 and the salt's length.
    const parameter = { type: 5, hashAlg: 0x250, mgf: 2, saltLen: scheme.saltLength ?? 32 };
    module.C_SignInit(session.handle, { mechanism: mechanism.rsaPkcsPss, parameter }, session.key);
    return module.C_Sign(session.handle, hash, out);
  }
  const digestInfo = der.sequence(sha256Algorithm, der.octetString(hash));
  module.C_SignInit(session.handle, { mechanism: mechanism.rsaPkcs }, session.key);
  return module.C_Sign(session.handle, digestInfo, out);
}

const sha256Algorithm = der.sequence(der.oid('2.16.840.1.101.3.4.2.1'), der.nullValue());

function closeQuietly(module: Pkcs11Module, handle: Pkcs11Handle): void {
  try {
    module.C_CloseSession(handle);
  } catch (error) {
    // A session of a token that is gone is closed already.
    if (tokenErrorCode(error) === undefined) throw error;
  }
}
