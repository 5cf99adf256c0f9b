/**
 * The level a signature has by its format (EN 319 142-1 §6, TS 119 172): a statement of what is in the file, not of
 * whether it is to be believed.
 */
import type { Certificate } from '../asn1/index.ts';
import { readSecurityStore, type ValidationMaterial } from './document-security-store.ts';
import type { FileContext } from './file-context.ts';
import type { InspectedSignature } from './inspected-signature.ts';
import type { Level } from './report.ts';
import { revocationStatus } from './revocation.ts';
import type { TimestampCheck } from './timestamp-check.ts';

export function levelOf(
  context: FileContext,
  signature: InspectedSignature,
  stamps: {
    readonly own: readonly TimestampCheck[];
    readonly documents: ReadonlyMap<InspectedSignature, TimestampCheck>;
  },
): Level | null {
  const { covered, cms } = signature;
  if (covered === undefined || cms?.info === undefined) {
    return null;
  }
  const isPades = signature.subFilter === 'ETSI.CAdES.detached' && cms.bindsCertificate;
  const name = (level: 'B' | 'T' | 'LT' | 'LTA'): Level => (isPades ? `B-${level}` : `PKCS7-${level}`);
  const laterStamps = [...(signature.isTimestamp ? [] : stamps.documents)].filter(
    ([stamp, check]) => (stamp.covered?.end ?? 0) > covered.end && isSound(check),
  );
  if (!stamps.own.some(isSound) && laterStamps.length === 0) {
    return name('B');
  }
  const chains = [
    chainOf(context, cms.signer),
    ...stamps.own.map((check) => chainOf(context, check.authority)),
  ];
  if (!hasRevocation(context, chains, context.store)) {
    return name('T');
  }
  const archived = laterStamps.some(([stamp]) => {
    const revision = stamp.covered?.revision;
    return revision !== undefined && hasRevocation(context, chains, readSecurityStore(revision));
  });
  return name(archived ? 'LTA' : 'LT');
}

/** A token that belongs to these bytes and was made by its key, whoever that is. */
function isSound(check: TimestampCheck): boolean {
  return check.time !== undefined && check.finding.indication !== 'TOTAL-FAILED';
}

function chainOf(context: FileContext, leaf: Certificate | undefined): readonly Certificate[] {
  return leaf === undefined ? [] : context.pool.chainOf(leaf).certificates;
}

/** Revocation data in the file for every certificate that needs it; the end of each chain needs none. */
function hasRevocation(
  context: FileContext,
  chains: readonly (readonly Certificate[])[],
  material: ValidationMaterial,
): boolean {
  if (material.crls.length + material.ocsps.length === 0) {
    return false;
  }
  return chains.every((chain) =>
    chain.every((certificate, i) => {
      const issuer = chain[i + 1];
      if (issuer === undefined) {
        return i > 0 || certificate.selfIssued;
      }
      const status = revocationStatus(certificate, issuer, {
        at: certificate.notBefore,
        data: material,
        pool: context.pool,
      });
      return status.kind !== 'unknown';
    }),
  );
}
