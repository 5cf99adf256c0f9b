/** Which keys seal and stamp, by configuration, and whom our own verifier believes because of them. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readCrl } from './asn1/index.ts';
import type { Config } from './config/index.ts';
import type { OfficerSigners } from './digitisation/index.ts';
import type { AgencySeals } from './documents/index.ts';
import type { Clock } from './platform/clock.ts';
import {
  createLocalTimestampClient,
  createTimestampClient,
  type DevelopmentPki,
  openDevelopmentPki,
  openPkcs12,
  type TimestampClient,
} from './signing/index.ts';
import { createTrustSet, type TrustSet } from './verification/index.ts';

export interface OpenedSigning {
  readonly seals: AgencySeals;
  /** Keys of persons who scan, where the vault holds them: development only. */
  readonly officers: OfficerSigners;
  readonly timestamps: TimestampClient | undefined;
  /** Asked at each verification, since revocation lists age. */
  readonly trust: () => readonly TrustSet[];
  /** PEM of the root with its revocation list, for verifiers on the command line; null where the operator has it from an authority. */
  readonly trustFile: string | null;
}

export async function openSigning(config: Config, keyFolder: string, clock: Clock): Promise<OpenedSigning> {
  if (config.signer.kind === 'development') {
    const folder = join(keyFolder, 'pki');
    const pki = await openDevelopmentPki(folder, { now: () => clock.now() });
    const current = developmentTrust(pki, clock);
    const trustFile = join(folder, 'trust.pem');
    await writeFile(
      trustFile,
      `${await readFile(pki.rootFile, 'utf8')}\n${pem('X509 CRL', pki.authority.crl(clock.now(), CRL_DAYS))}`,
    );
    return {
      seals: { signerFor: () => pki.signers.agencySeal },
      officers: { signerFor: () => pki.signers.officer },
      timestamps:
        config.timestamps.kind === 'none'
          ? undefined
          : createLocalTimestampClient('development', pki.timestampAuthority),
      trust: () => [current()],
      trustFile,
    };
  }
  const signer = openPkcs12(await readFile(config.signer.file), config.signer.passphrase.reveal());
  // The chain that came with the key is what its own seals are read back under.
  const own = createTrustSet('internal', { certificates: [signer.certificate, ...signer.chain] });
  return {
    seals: { signerFor: () => signer },
    // A personal key stays with its person, who signs through the signing agent.
    officers: { signerFor: () => undefined },
    timestamps:
      config.timestamps.kind === 'authority'
        ? createTimestampClient({
            authorities: [{ name: new URL(config.timestamps.url).host, url: config.timestamps.url }],
            allowedHosts: [new URL(config.timestamps.url).host],
            fetch,
          })
        : undefined,
    trust: () => [own],
    trustFile: null,
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
