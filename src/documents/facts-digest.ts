/**
 * Digests that tie rows to the ledger: of a paper's facts with one version, and of one decision on its standing. They
 * stand in the detail of the event that wrote the rows, hence in a leaf of the log: a row changed behind the vault's
 * back does not give its digest any more. Pure.
 */
import { createHash } from 'node:crypto';
import { type CanonicalValue, canonicalJson } from '../ledger/log/canonical-json.ts';
import type { DocumentFacts, VersionFacts } from './document.ts';

export type DigestedFacts = Pick<
  DocumentFacts,
  | 'typeCode'
  | 'issuerId'
  | 'depositorId'
  | 'provenance'
  | 'symbol'
  | 'abstract'
  | 'issuedOn'
  | 'metadata'
  | 'sensitive'
  | 'verificationCode'
  | 'owners'
>;

/** SHA-256, hexadecimal, of a paper as it stands with this version. The verification code hides the rest from guessing. */
export const documentDigest = (
  document: DigestedFacts,
  version: Pick<VersionFacts, 'number' | 'sha256' | 'pages'>,
): string =>
  digestOf({
    abstract: document.abstract,
    code: document.verificationCode,
    depositor: document.depositorId,
    issued: document.issuedOn,
    issuer: document.issuerId,
    metadata: plain(document.metadata),
    owners: document.owners.map(({ kind, id }) => `${kind} ${id}`).sort(),
    provenance: document.provenance,
    sensitive: document.sensitive,
    symbol: document.symbol,
    type: document.typeCode,
    version: { number: version.number, pages: version.pages, sha256: version.sha256 },
  });

/** SHA-256, hexadecimal, of a decision. */
export const decisionDigest = (decision: {
  readonly status: string;
  readonly reason?: string | null;
  readonly decisionNumber?: string | null;
  readonly decisionDate?: string | null;
  readonly successorId?: string | null;
}): string =>
  digestOf({
    date: decision.decisionDate ?? null,
    number: decision.decisionNumber ?? null,
    reason: decision.reason ?? null,
    status: decision.status,
    successor: decision.successorId ?? null,
  });

const digestOf = (value: CanonicalValue): string =>
  createHash('sha256').update(canonicalJson(value)).digest('hex');

/** As a journey through the database leaves it: without what JSON does not carry. */
const plain = (value: unknown): CanonicalValue => JSON.parse(JSON.stringify(value)) as CanonicalValue;
