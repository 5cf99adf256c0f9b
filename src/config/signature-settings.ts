/** Settings of keys that seal, of timestamp authorities, revocation data and trust. Sealed by one key: see `demandOneSigner`. */
import { z } from 'zod';
import { url, words } from './setting.ts';

export const signatureSettings = {
  SIGNER_PKCS12_FILE: {
    meaning:
      "The agency's seal as a PKCS#12 file. Without it, a token or a remote key, a development authority makes one.",
    mend: 'name the .p12 file',
    schema: words,
    example: '/etc/mot-lan/seal.p12',
  },
  SIGNER_PKCS12_PASSPHRASE: {
    meaning: 'The passphrase of that file.',
    mend: 'write the passphrase',
    schema: z.string().max(1024),
    secret: true,
  },
  SIGNER_PKCS11_LIBRARY: {
    meaning:
      'The seal in a token or HSM instead: the PKCS#11 library of its maker. Needs the npm package pkcs11js.',
    mend: 'name the library file',
    schema: words,
    example: '/usr/lib/softhsm/libsofthsm2.so',
  },
  SIGNER_PKCS11_TOKEN: {
    meaning: 'The label of the token.',
    mend: 'write the label that the token shows',
    schema: words,
    example: 'seal',
  },
  SIGNER_PKCS11_KEY: {
    meaning: 'The label of the key, where the token holds several.',
    mend: 'write the label of the key',
    schema: words,
    example: 'seal-2026',
  },
  SIGNER_PKCS11_PIN: {
    meaning: 'The PIN of the token.',
    mend: 'write the PIN',
    schema: z.string().min(1).max(256),
    secret: true,
  },
  SIGNER_REMOTE_URL: {
    meaning:
      'The seal at a remote signing service instead (CSC API v2): its address up to and including the version.',
    mend: 'write https://sign.example.vn/csc/v2',
    schema: url('http', 'https'),
    example: 'https://sign.example.vn/csc/v2',
  },
  SIGNER_REMOTE_CREDENTIAL: {
    meaning: 'The credential that signs there.',
    mend: 'write the credentialID',
    schema: words,
    example: 'seal-2026',
  },
  SIGNER_REMOTE_TOKEN_URL: {
    meaning: 'Where its access tokens are given (OAuth 2.0, client credentials, scope service).',
    mend: 'write the address of the token endpoint',
    schema: url('http', 'https'),
    example: 'https://sign.example.vn/oauth2/token',
  },
  SIGNER_REMOTE_CLIENT_ID: {
    meaning: 'The name of this vault at the service.',
    mend: 'write the client id',
    schema: words,
    example: 'mot-lan',
  },
  SIGNER_REMOTE_CLIENT_SECRET: {
    meaning: 'The secret of this vault at the service.',
    mend: 'write the client secret',
    schema: words,
    secret: true,
  },
  SIGNER_REMOTE_PIN: {
    meaning: 'The PIN that authorises signatures of the credential.',
    mend: 'write the PIN',
    schema: z.string().min(1).max(256),
    secret: true,
  },
  SIGNER_CHAIN_FILE: {
    meaning: "PEM of the issuers of the seal's certificate, where the key does not carry them.",
    mend: 'name a PEM file of certificates',
    schema: words,
    example: '/etc/mot-lan/chain.pem',
  },
  TSA_URL: {
    meaning:
      'Timestamp authorities (RFC 3161) with blanks between, asked in this order. Without it the development authority stamps, or in production nobody.',
    mend: 'write http or https addresses of authorities',
    schema: z
      .string()
      .max(4096)
      .transform((text) => text.trim().split(/[\s,]+/))
      .pipe(z.array(url('http', 'https')).min(1).max(8)),
    example: 'http://tsa.example.vn http://tsa2.example.vn',
  },
  REVOCATION_HOSTS: {
    meaning:
      'Hosts that OCSP answers and revocation lists may be fetched from, with blanks between. Without it, signatures stay below B-LT.',
    mend: 'write host names such as ocsp.example.vn',
    schema: z
      .string()
      .max(4096)
      .transform((text) => text.trim().split(/[\s,]+/))
      .pipe(
        z
          .array(z.string().regex(/^[A-Za-z0-9.-]{1,253}$/))
          .min(1)
          .max(32),
      ),
    example: 'ocsp.example.vn crl.example.vn',
  },
  TRUST_FOLDER: {
    meaning:
      'Trust sets for verifying: a folder of folders, such as vgca, national, internal, with PEM files of roots and lists.',
    mend: 'name a folder with a folder for each trust set',
    schema: words,
    example: '/etc/mot-lan/trust',
  },
} as const;
