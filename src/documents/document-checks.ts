/** The named checks of a paper in the vault, from what its own verification found and what the vault knows of it. */
import { agrees, matchPerson, type PersonClaim, personsByIds } from '../identity/index.ts';
import { appendEvent } from '../ledger/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database.ts';
import { explain, isGood, type Report, readVerificationCode, type Verdict } from '../verification/index.ts';
import { findByVerificationCode } from './document-repository.ts';
import type { PublicLookup } from './public-lookup.ts';

export interface NamedCheck {
  readonly passed: boolean;
  readonly reason: string;
}

export interface CheckedDocument {
  readonly verdict: Verdict;
  readonly indication: string;
  readonly subIndication: string | null;
  readonly sha256: string;
  readonly checks: {
    readonly integrity: NamedCheck;
    readonly status: NamedCheck;
    readonly issuer: NamedCheck;
    readonly timestamp: NamedCheck;
    readonly owner?: NamedCheck;
  };
  readonly headline: string;
  readonly advice: string;
}

export type Holder = Required<Pick<PersonClaim, 'fullName' | 'birthDate' | 'personalNumber'>>;
type Input = Parameters<PublicLookup['byCode']>[1];

/** Findings about the bytes; a file with another verdict is intact, whoever signed it. */
const BROKEN: readonly Verdict[] = [
  'malformed',
  'modified-after-signing',
  'certification-violated',
  'invalid-signature',
  'unsigned',
];
const GOOD_STATES: readonly string[] = ['valid', 'expiring'];

export class DocumentChecks {
  readonly #lookup: PublicLookup;
  readonly #database: Database;
  readonly #clock: Clock;

  constructor(parts: { lookup: PublicLookup; database: Database; clock: Clock }) {
    this.#lookup = parts.lookup;
    this.#database = parts.database;
    this.#clock = parts.clock;
  }

  /** @returns undefined where no public paper has the code, whatever the holder. @throws Failure `unavailable` */
  async byCode(typed: string, input: Input, holder?: Holder): Promise<CheckedDocument | undefined> {
    const code = readVerificationCode(typed);
    const found = code === undefined ? undefined : await this.#lookup.byCode(code, input);
    if (code === undefined || found === undefined) return undefined;
    const { report, known, file } = found;
    const { headline, advice } = explain(report, input.language);
    return {
      verdict: report.verdict,
      indication: report.indication,
      subIndication: report.subIndication,
      sha256: file.sha256,
      checks: {
        integrity: { passed: !BROKEN.includes(report.verdict), reason: report.verdict },
        status: { passed: GOOD_STATES.includes(known.state), reason: known.state },
        issuer: issuerCheck(report),
        timestamp: timestampCheck(report),
        ...(holder === undefined ? {} : { owner: await this.#ownerCheck(code, holder, input) }),
      },
      headline,
      advice,
    };
  }

  /** All that was supplied must be right; which part was wrong is not told. The owner sees that somebody compared. */
  async #ownerCheck(code: string, holder: Holder, input: Input): Promise<NamedCheck> {
    return this.#database.transactSql(async (sql) => {
      const document = await findByVerificationCode(sql, code);
      const ids = (document?.owners ?? []).flatMap(({ kind, id }) => (kind === 'person' ? [id] : []));
      const owners = await personsByIds(sql, ids);
      const matched = [...owners.values()].some((person) => {
        const match = matchPerson(person, holder);
        return agrees(match) && match.name !== undefined && match.birthDate !== undefined;
      });
      await appendEvent(sql, {
        type: 'document.verified',
        at: this.#clock.now(),
        actor: input.actor,
        outcome: 'done',
        documentId: document?.id ?? null,
        ownerIds: ids,
        requestId: input.requestId,
        detail: { purpose: 'owner-match', matched },
      });
      return { passed: matched, reason: matched ? 'holder-agrees' : 'holder-differs' };
    });
  }
}

function issuerCheck(report: Report): NamedCheck {
  const signatures = report.signatures.filter(({ type }) => type !== 'document-timestamp');
  const trusted = signatures.length > 0 && signatures.every(({ trustSet }) => trustSet !== null);
  if (!isGood(report.verdict)) return { passed: false, reason: report.verdict };
  return { passed: trusted, reason: trusted ? 'signer-trusted' : 'signer-unknown' };
}

function timestampCheck(report: Report): NamedCheck {
  const stamps = report.signatures.flatMap(({ timestamps }) => timestamps);
  if (stamps.length === 0) return { passed: false, reason: 'no-timestamp' };
  const trusted = stamps.some((stamp) => stamp.trusted);
  const broken = stamps.some(({ indication }) => indication === 'TOTAL-FAILED');
  if (broken) return { passed: false, reason: 'timestamp-broken' };
  return { passed: trusted, reason: trusted ? 'time-proven' : 'authority-unknown' };
}
