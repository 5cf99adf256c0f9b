/** What a passer-by may learn of a paper: by the code printed on it, or by holding its very file. Masked, and an event. */
import type { CatalogueService } from '../catalogue/index.ts';
import { personById } from '../identity/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database.ts';
import { Failure } from '../platform/failure.ts';
import type { KnownPaper } from '../verification/report-page.ts';
import type { FoundByCode, VerificationRouteParts } from '../verification/verification-routes.ts';
import type { Language } from '../web/index.ts';
import type { DocumentFacts } from './document.ts';
import { findByVerificationCode, findDocument } from './document-repository.ts';
import { maskedPaper, paperInWords } from './paper-in-words.ts';
import type { StoredVerification } from './stored-verification.ts';

export interface PublicLookupParts {
  readonly database: Database;
  readonly catalogue: CatalogueService;
  readonly clock: Clock;
  readonly verification: StoredVerification;
}

type Input = Parameters<VerificationRouteParts['findByCode']>[1];

export class PublicLookup {
  readonly #parts: PublicLookupParts;

  constructor(parts: PublicLookupParts) {
    this.#parts = parts;
  }

  /** @throws Failure `unavailable` when too many files wait to be read */
  async byCode(code: string, input: Input): Promise<FoundByCode | undefined> {
    const { database, verification } = this.#parts;
    const document = await database.transactSql((sql) => findByVerificationCode(sql, code));
    if (document === undefined || !isPublic(document)) return undefined;
    const { outcome, file } = await verification.verify({
      actor: input.actor,
      documentId: document.id,
      purpose: 'public-code',
      requestId: input.requestId,
      signal: input.signal,
    });
    if (outcome.kind === 'busy') throw busy();
    return { report: outcome.report, file, known: await this.#known(document, input.language) };
  }

  /** The paper whose handed-out file has this digest, lower-case hexadecimal. */
  async byDigest(sha256: string, language: Language): Promise<KnownPaper | undefined> {
    const { database } = this.#parts;
    const document = await database.transactSql(async (sql) => {
      const [row] = await sql.query<{ id: string }>(
        `SELECT document_id::text AS id FROM document_version WHERE sha256 = $1::text
         UNION ALL
         SELECT v.document_id::text FROM stored_object o JOIN rendition r ON r.object_id = o.id AND r.kind = 'sealed'
         JOIN document_version v ON v.id = r.version_id WHERE o.sha256 = $1::text
         LIMIT 1`,
        [sha256],
      );
      return row && findDocument(sql, row.id);
    });
    if (document === undefined || !isPublic(document)) return undefined;
    const known = await this.#known(document, language);
    // An earlier version of a paper that goes on: its bytes are sound, but they are not the paper any more. A file that
    // was raised since (see `preservation`) is still its version.
    return (await this.#isCurrent(document, sha256)) ? known : { ...known, state: 'superseded' };
  }

  async #isCurrent({ version }: DocumentFacts, sha256: string): Promise<boolean> {
    if (version.sha256 === sha256) return true;
    const earlier = await this.#parts.database.read(
      `SELECT 1 AS one FROM rendition r JOIN stored_object o ON o.id = r.object_id
       WHERE r.version_id = $1::uuid AND r.kind = 'sealed' AND o.sha256 = $2::text LIMIT 1`,
      [version.id, sha256],
    );
    return earlier.length > 0;
  }

  async #known(document: DocumentFacts, language: Language): Promise<KnownPaper> {
    const { database, catalogue, clock } = this.#parts;
    const words = paperInWords(document, await catalogue.current(), { at: clock.now(), language });
    const owner = document.owners.find(({ kind }) => kind === 'person');
    const person = owner && (await database.transactSql((sql) => personById(sql, owner.id)));
    return {
      state: words.state,
      since: document.status.at,
      paper: maskedPaper(document, words, person?.fullName.toLocaleUpperCase('vi')),
    };
  }
}

/** What an owner uploaded for themselves concerns nobody else, and what was erased is gone. */
const isPublic = ({ erasedAt, provenance }: DocumentFacts): boolean =>
  erasedAt === null && provenance !== 'self-upload';

const busy = (): Failure =>
  new Failure(
    'unavailable',
    {
      en: 'Many files are waiting to be checked. Try again in a minute.',
      vi: 'Đang có nhiều tệp chờ kiểm tra. Hãy thử lại sau một phút.',
    },
    { retryAfter: 60 },
  );
