/**
 * Verification of files from outside, in a child that is killed when it takes too long or too much memory. What
 * kills the child is a malformed file, not a failure of the service.
 */
import { createHash } from 'node:crypto';
import { readCertificate, readCrl } from '../asn1/index.ts';
import type { KillableLimits, KillablePool, KillableTask } from '../platform/killable.ts';
import type { Report } from './report.ts';
import { createTrustSet, type TrustSet } from './trust.ts';
import { malformedReport, type VerifyOptions, verify } from './verify.ts';

/** A trust set as bytes, which can be sent to another process. */
interface EncodedTrustSet {
  readonly id: string;
  readonly isTest: boolean;
  readonly certificates: readonly Uint8Array[];
  readonly crls: readonly Uint8Array[];
}

export interface EncodedVerification {
  readonly bytes: Uint8Array;
  readonly trust: readonly EncodedTrustSet[];
  readonly at: Date;
}

/** `busy` where the queue is full: the caller answers 503. */
export type ChildVerification =
  | { readonly kind: 'report'; readonly report: Report }
  | { readonly kind: 'busy' };

/** Never rejects. @param limits of one file; the pool's own (10 s, 512 MiB) when absent. */
export async function verifyInChild(
  pool: KillablePool,
  bytes: Uint8Array,
  options: VerifyOptions & { readonly child?: Partial<KillableLimits> },
): Promise<ChildVerification> {
  const at = options.at ?? new Date();
  const task: KillableTask<EncodedVerification, Report> = { module: import.meta.url, name: 'verifyEncoded' };
  const outcome = await pool.run(task, { bytes, trust: options.trust.map(encodeTrust), at }, options.child);
  switch (outcome.kind) {
    case 'done':
      return { kind: 'report', report: outcome.value };
    case 'busy':
      return { kind: 'busy' };
    case 'threw':
      return {
        kind: 'report',
        report: malformedReport({ reason: 'reading the file failed', offset: -1 }, at),
      };
    case 'killed':
      return { kind: 'report', report: malformedReport({ reason: KILLED[outcome.why], offset: -1 }, at) };
  }
}

const KILLED = {
  time: 'reading the file takes too long',
  memory: 'reading the file takes too much memory',
  crash: 'reading the file broke the reader',
  closed: 'the verifier is closing down',
} as const;

/** The task of the child; called by name. */
export function verifyEncoded(input: EncodedVerification): Report {
  return verify(input.bytes, { trust: input.trust.map(decodeTrust), at: input.at });
}

function encodeTrust(set: TrustSet): EncodedTrustSet {
  return {
    id: set.id,
    isTest: set.isTest,
    certificates: [...set.anchors, ...set.intermediates].map((certificate) => certificate.der),
    crls: set.crls.map((crl) => crl.der),
  };
}

const decoded = new Map<string, TrustSet>();

/** Trust sets change rarely: a warm child reads each once. */
function decodeTrust(set: EncodedTrustSet): TrustSet {
  const hash = createHash('sha256').update(`${set.id} ${set.isTest} ${set.certificates.length}`);
  for (const der of [...set.certificates, ...set.crls]) {
    hash.update(der);
  }
  const key = hash.digest('base64');
  const known = decoded.get(key);
  if (known !== undefined) {
    return known;
  }
  const made = createTrustSet(set.id, {
    certificates: set.certificates.map((der) => readCertificate(der)),
    crls: set.crls.map((der) => readCrl(der)),
    isTest: set.isTest,
  });
  if (decoded.size >= 16) {
    decoded.clear();
  }
  decoded.set(key, made);
  return made;
}
