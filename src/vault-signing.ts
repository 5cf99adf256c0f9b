/** Which keys seal and stamp, by configuration, and whom our own verifier believes because of them. */
import { existsSync, readdirSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type Certificate, readCertificatesPem, readCrl, sameName } from './asn1/index.ts';
import type { Config, SignerConfig } from './config/index.ts';
import type { OfficerSigners } from './digitisation/index.ts';
import type { AgencySeals, SealEvidence } from './documents/index.ts';
import type { Clock } from './platform/clock.ts';
import {
  createLocalTimestampClient,
  createRevocationClient,
  createTimestampClient,
  type DevelopmentPki,
  loadPkcs11Module,
  openDevelopmentPki,
  openPkcs11Signer,
  openPkcs12,
  openRemoteSigner,
  type Signer,
  SigningError,
  type TimestampClient,
  upgradePdf,
} from './signing/index.ts';
import { createTrustSet, readTrustPath, type TrustSet } from './verification/index.ts';

export interface OpenedSigning {
  readonly seals: AgencySeals;
  /** Keys of persons who scan, where the vault holds them: development only. */
  readonly officers: OfficerSigners;
  readonly timestamps: TimestampClient | undefined;
  /** Where revocation data for our own signatures comes from; undefined where no host is allowed. */
  readonly evidence: SealEvidence | undefined;
  /** Asked at each verification, since revocation lists age. */
  readonly trust: () => readonly TrustSet[];
  /** PEM of the root with its revocation list, for verifiers on the command line; null where the operator has it from an authority. */
  readonly trustFile: string | null;
}

/** Adds what a lasting signature lacks; undefined where there is no authority to ask. */
export function repairWith({ timestamps, evidence }: OpenedSigning) {
  if (timestamps === undefined || evidence === undefined) return undefined;
  return (bytes: Uint8Array) => upgradePdf(bytes, 'B-LTA', { ...evidence, timestamps });
}

/** @throws SigningError or Error with a sentence for the operator when a key or a trust set cannot be used */
export async function openSigning(config: Config, keyFolder: string, clock: Clock): Promise<OpenedSigning> {
  const given = trustFolder(config.trustFolder);
  const now = (): Date => clock.now();
  if (config.signer.kind === 'development') {
    const folder = join(keyFolder, 'pki');
    const pki = await openDevelopmentPki(folder, { now });
    const current = developmentTrust(pki, clock);
    const trustFile = join(folder, 'trust.pem');
    await writeFile(
      trustFile,
      `${await readFile(pki.rootFile, 'utf8')}\n${pem('X509 CRL', pki.authority.crl(clock.now(), CRL_DAYS))}`,
    );
    const listsAtHand = (issuer: Certificate): Uint8Array[] =>
      sameName(issuer.subject, pki.root.subject) ? [pki.authority.crl(clock.now(), CRL_DAYS)] : [];
    return {
      seals: { signerFor: () => pki.signers.agencySeal },
      officers: { signerFor: () => pki.signers.officer },
      timestamps: timestampsOf(config, pki),
      evidence: {
        revocation: createRevocationClient({ allowedHosts: config.revocationHosts, fetch, now, listsAtHand }),
        issuers: [pki.root],
      },
      trust: () => [current(), ...given()],
      trustFile,
    };
  }
  const signer = await openSigner(config.signer);
  // The chain that came with the key is what its own seals are read back under.
  const own = createTrustSet('internal', { certificates: [signer.certificate, ...signer.chain] });
  return {
    seals: { signerFor: () => signer },
    // A personal key stays with its person, who signs through the signing agent.
    officers: { signerFor: () => undefined },
    timestamps: timestampsOf(config, undefined),
    evidence:
      config.revocationHosts.length === 0
        ? undefined
        : {
            revocation: createRevocationClient({ allowedHosts: config.revocationHosts, fetch, now }),
            issuers: [...signer.chain, ...given().flatMap(({ anchors }) => [...anchors])],
          },
    trust: () => [own, ...given()],
    trustFile: null,
  };
}

async function openSigner(config: Exclude<SignerConfig, { readonly kind: 'development' }>): Promise<Signer> {
  if (config.kind === 'remote') {
    const { host, hostname } = new URL(config.url);
    return openRemoteSigner({
      baseUrl: config.url.replace(/\/$/, ''),
      allowedHosts: [hostname],
      fetch,
      credentialId: config.credential,
      accessToken: accessTokens(config, host),
      authorisation: async () => ({ PIN: config.pin.reveal() }),
    });
  }
  const chain =
    config.chainFile === undefined ? [] : readCertificatesPem(await readFile(config.chainFile, 'utf8'));
  if (config.kind === 'pkcs11') {
    return openPkcs11Signer({
      module: await loadPkcs11Module(config.library),
      tokenLabel: config.token,
      keyLabel: config.keyLabel,
      pin: async () => config.pin.reveal(),
      chain,
    });
  }
  return openPkcs12(await readFile(config.file), config.passphrase.reveal(), { chain });
}

const tokenSchema = z.object({
  access_token: z.string().min(1).max(16_384),
  expires_in: z.number().positive().max(86_400).optional(),
});

/** Access tokens by client credentials (RFC 6749 §4.4), renewed half a minute before they end. */
function accessTokens(
  config: Extract<SignerConfig, { readonly kind: 'remote' }>,
  host: string,
): () => Promise<string> {
  let kept: { readonly token: string; readonly until: number } | undefined;
  return async () => {
    if (kept !== undefined && Date.now() < kept.until) return kept.token;
    const basic = Buffer.from(
      `${encodeURIComponent(config.clientId)}:${encodeURIComponent(config.clientSecret.reveal())}`,
    ).toString('base64');
    const reply = await fetch(config.tokenUrl, {
      method: 'POST',
      headers: { authorization: `Basic ${basic}`, 'content-type': 'application/x-www-form-urlencoded' },
      body: 'grant_type=client_credentials&scope=service',
      redirect: 'error',
      signal: AbortSignal.timeout(5_000),
    }).catch(() => undefined);
    const read = tokenSchema.safeParse(await reply?.json().catch(() => undefined));
    if (reply?.status !== 200 || !read.success) {
      throw new SigningError(
        'signer-unavailable',
        `The signing service at ${host} gave no access token. Check SIGNER_REMOTE_TOKEN_URL, the client id and its secret.`,
      );
    }
    kept = {
      token: read.data.access_token,
      until: Date.now() + ((read.data.expires_in ?? 60) - 30) * 1000,
    };
    return kept.token;
  };
}

function timestampsOf(config: Config, pki: DevelopmentPki | undefined): TimestampClient | undefined {
  if (config.timestamps.kind === 'authorities') {
    const urls = config.timestamps.urls.map((text) => new URL(text));
    return createTimestampClient({
      authorities: urls.map(({ host, href }) => ({ name: host, url: href })),
      allowedHosts: urls.map(({ hostname }) => hostname),
      fetch,
    });
  }
  return config.timestamps.kind === 'none' || pki === undefined
    ? undefined
    : createLocalTimestampClient('development', pki.timestampAuthority);
}

/** Reads the trust sets anew at most once an hour, so that fresh revocation lists are taken up. @throws Error at the start */
function trustFolder(folder: string | null): () => readonly TrustSet[] {
  if (folder === null) return () => [];
  if (!existsSync(folder))
    throw new Error(`TRUST_FOLDER: ${folder} does not exist. Name a folder of trust sets.`);
  const read = (): TrustSet[] =>
    readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => readTrustPath(join(folder, name)));
  let kept = { at: Date.now(), sets: read() };
  return () => {
    if (Date.now() - kept.at > CRL_AGE_MS) {
      try {
        kept = { at: Date.now(), sets: read() };
      } catch {
        // A file half written just now: what was read before holds until the next hour.
        kept = { ...kept, at: Date.now() };
      }
    }
    return kept.sets;
  };
}

const CRL_DAYS = 7;
/** A fresh list an hour, so that a certificate revoked now is known within the hour. */
const CRL_AGE_MS = 3_600_000;

function developmentTrust(pki: DevelopmentPki, clock: Clock): () => TrustSet {
  let made: { at: number; set: TrustSet } | undefined;
  return () => {
    const now = clock.now();
    if (made === undefined || now.getTime() - made.at > CRL_AGE_MS || now.getTime() < made.at) {
      const crls = [readCrl(pki.authority.crl(now, CRL_DAYS))];
      made = {
        at: now.getTime(),
        set: createTrustSet('test', { certificates: [pki.root], crls, isTest: true }),
      };
    }
    return made.set;
  };
}

const pem = (label: string, der: Uint8Array): string =>
  `-----BEGIN ${label}-----\n${Buffer.from(der)
    .toString('base64')
    .replace(/(.{64})/g, '$1\n')
    .trimEnd()}\n-----END ${label}-----\n`;
