/** Which keys seal and stamp, by configuration, and whom our own verifier believes because of them. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readCertificatesPem } from './asn1/index.ts';
import type { Config } from './config/index.ts';
import type { AgencySeals } from './documents/index.ts';
import type { Clock } from './platform/clock.ts';
import {
  createLocalTimestampClient,
  createTimestampClient,
  openDevelopmentPki,
  openPkcs12,
  type TimestampClient,
} from './signing/index.ts';
import { createTrustSet, type TrustSet } from './verification/index.ts';

export interface OpenedSigning {
  readonly seals: AgencySeals;
  readonly timestamps: TimestampClient | undefined;
  readonly trust: readonly TrustSet[];
  /** PEM of the root, for verifiers on the command line; null where the operator has it from an authority. */
  readonly trustFile: string | null;
}

export async function openSigning(config: Config, keyFolder: string, clock: Clock): Promise<OpenedSigning> {
  if (config.signer.kind === 'development') {
    const pki = await openDevelopmentPki(join(keyFolder, 'pki'), { now: () => clock.now() });
    const trust = createTrustSet('test', {
      certificates: readCertificatesPem(await readFile(pki.rootFile, 'utf8')),
      isTest: true,
    });
    return {
      seals: { signerFor: () => pki.signers.agencySeal },
      timestamps:
        config.timestamps.kind === 'none'
          ? undefined
          : createLocalTimestampClient('development', pki.timestampAuthority),
      trust: [trust],
      trustFile: pki.rootFile,
    };
  }
  const signer = openPkcs12(await readFile(config.signer.file), config.signer.passphrase.reveal());
  return {
    seals: { signerFor: () => signer },
    timestamps:
      config.timestamps.kind === 'authority'
        ? createTimestampClient({
            authorities: [{ name: new URL(config.timestamps.url).host, url: config.timestamps.url }],
            allowedHosts: [new URL(config.timestamps.url).host],
            fetch,
          })
        : undefined,
    // The chain that came with the key is what its own seals are read back under.
    trust: [createTrustSet('internal', { certificates: [signer.certificate, ...signer.chain] })],
    trustFile: null,
  };
}
