/**
 * A correction: a new version of a document, with its own files and signature; the one before is superseded and stays
 * readable. Bytes, intent and signature come first as in a deposit; then one transaction, under the document's lock.
 */
import { type CatalogueService, calendarDateAt, type DocumentType } from '../catalogue/index.ts';
import type { IdempotencyClaim } from '../http/index.ts';
import { type Actor, appendRefusal } from '../identity/index.ts';
import { appendEvent } from '../ledger/index.ts';
import type { Clock } from '../platform/clock.ts';
import { crashPoint } from '../platform/crash-points.ts';
import type { Database, Sql } from '../platform/database.ts';
import { Failure, type Fault } from '../platform/failure.ts';
import { metadataFaults, readMetadata } from './deposit-order.ts';
import { DepositWork, type DepositWorkParts } from './deposit-work.ts';
import type { DocumentFacts } from './document.ts';
import { findDocument, isIssuedHere, setMetadata } from './document-repository.ts';
import { canAddVersion } from './documents-policy.ts';
import { documentDigest } from './facts-digest.ts';
import type { IntakeFile } from './intake.ts';
import { nothingHere } from './retrieval-service.ts';
import type { OnStanding } from './status-change.ts';

export interface VersionOrder {
  readonly actor: Actor;
  readonly documentId: string;
  /** Why, for those who read the history; no personal data. */
  readonly reason: string;
  /** The metadata from now on; those of before where it is left out. */
  readonly metadata: Readonly<Record<string, unknown>> | null;
  readonly files: readonly IntakeFile[];
  readonly requestId: string;
  readonly claim: IdempotencyClaim;
}

export interface VersionReceipt {
  readonly documentId: string;
  readonly versionId: string;
  readonly number: number;
  readonly sha256Original: string;
  readonly sha256: string;
  readonly pages: number;
  readonly signatureLevel: string;
  readonly eventId: string;
  readonly createdAt: string;
}

export interface VersionParts extends DepositWorkParts {
  readonly database: Database;
  readonly catalogue: CatalogueService;
  /** Joins the transaction of the correction; when it fails, nothing changed. */
  readonly onChange?: OnStanding;
}

export class VersionService {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #catalogue: CatalogueService;
  readonly #work: DepositWork;
  readonly #onChange: OnStanding;

  constructor(parts: VersionParts) {
    this.#database = parts.database;
    this.#clock = parts.clock;
    this.#catalogue = parts.catalogue;
    this.#work = new DepositWork(parts);
    this.#onChange = parts.onChange ?? (async () => undefined);
  }

  /** @throws Failure `not-found` where the caller may not, as where there is none; `conflict` where it has ended */
  async add(order: VersionOrder): Promise<VersionReceipt> {
    const before = await this.#asked(order);
    const { agency, metadata } = await this.#checked(order, before);
    const prepared = await this.#work.prepare(order.files, agency, before.id);
    const receipt = await this.#database.transactSql(async (sql) => {
      const at = this.#clock.now();
      const now = await findDocument(sql, before.id, { lock: true });
      // Who came first while the bytes were sealed decides; the later one looks again.
      if (now?.version.id !== before.version.id || now.status.number !== before.status.number)
        throw overtaken();
      const number = now.version.number + 1;
      const correction = { reason: order.reason, metadata: now.metadata };
      const versionId = await this.#work.writeVersion(sql, prepared, { number, at, correction });
      await setMetadata(sql, now.id, metadata);
      const eventId = await appendEvent(sql, {
        type: 'document.version-added',
        at,
        actor: order.actor,
        outcome: 'done',
        agencyId: now.depositorId,
        documentId: now.id,
        ownerIds: now.owners.map(({ id }) => id),
        requestId: order.requestId,
        detail: {
          version: number,
          sha256: prepared.sealed.sha256,
          status: now.status.status,
          facts: documentDigest(
            { ...now, metadata },
            { number, sha256: prepared.sealed.sha256, pages: prepared.pages },
          ),
        },
      });
      await this.#onChange(sql, {
        documentId: now.id,
        change: 'corrected',
        successorId: null,
        ownerIds: now.owners.map(({ id }) => id),
        actor: order.actor,
        requestId: order.requestId,
        at,
      });
      const given: VersionReceipt = {
        documentId: now.id,
        versionId,
        number,
        sha256Original: prepared.sha256Original,
        sha256: prepared.sealed.sha256,
        pages: prepared.pages,
        signatureLevel: prepared.sealed.level,
        eventId,
        createdAt: at.toISOString(),
      };
      await order.claim.settle(sql, { status: 201, body: given });
      crashPoint('deposit.before-commit');
      return given;
    });
    return receipt;
  }

  /** The document as it stands, if the caller may correct it. A denial is an event before it is an answer. */
  async #asked(order: VersionOrder): Promise<DocumentFacts> {
    const { actor, requestId } = order;
    const outcome = await this.#database.transactSql(async (sql: Sql) => {
      const document = await findDocument(sql, order.documentId);
      const verdict = document && canAddVersion(actor, document);
      if (document && verdict?.allowed) {
        if (document.status.status !== 'active' && document.status.status !== 'suspended') return ended();
        return (await isIssuedHere(sql, document.id)) ? issuedHere() : document;
      }
      await appendRefusal(sql, this.#clock.now(), {
        actor,
        requestId,
        documentId: document?.id ?? null,
        ownerIds: document?.owners.map(({ id }) => id),
        operation: 'add-version',
        because: verdict?.allowed === false ? verdict.reason : 'no-such-document',
      });
      return nothingHere();
    });
    if (outcome instanceof Failure) throw outcome;
    return outcome;
  }

  async #checked(
    order: VersionOrder,
    document: DocumentFacts,
  ): Promise<{ agency: { id: string; name: string }; metadata: Readonly<Record<string, unknown>> }> {
    const catalogue = await this.#catalogue.current();
    const today = calendarDateAt(this.#clock.now());
    const agency = catalogue.agency(document.depositorId ?? '', today);
    const type: DocumentType | undefined = catalogue.documentType(document.typeCode, today);
    if (!agency || !type) throw noLongerKept();
    const faults: Fault[] = [];
    const metadata =
      order.metadata === null
        ? document.metadata
        : readMetadata(type, order.metadata, (place, detail) =>
            faults.push({ pointer: `/body/${place}`, detail }),
          );
    if (faults.length > 0) throw metadataFaults(faults);
    return { agency: { id: agency.id, name: agency.names.vi }, metadata };
  }
}

const ended = (): Failure =>
  new Failure(
    'conflict',
    {
      en: 'A document that ended (superseded, revoked, annulled) is not corrected. Deposit the new paper instead.',
      vi: 'Giấy tờ đã bị thay thế, thu hồi hoặc hủy bỏ thì không sửa. Hãy nộp giấy mới.',
    },
    { code: 'document-ended' },
  );

const issuedHere = (): Failure =>
  new Failure(
    'conflict',
    {
      en: 'This document was issued from a register of the vault. Correct it in the register, which issues the new paper.',
      vi: 'Giấy này được cấp từ sổ gốc trong kho. Hãy chỉnh sửa trong sổ gốc, sổ sẽ cấp giấy mới.',
    },
    { code: 'issued-from-register' },
  );

const overtaken = (): Failure =>
  new Failure(
    'conflict',
    {
      en: 'The document changed while this version was being prepared. Look at it again and send anew.',
      vi: 'Giấy tờ đã thay đổi trong lúc chuẩn bị phiên bản này. Hãy xem lại rồi gửi lại.',
    },
    { code: 'document-changed' },
  );

const noLongerKept = (): Failure =>
  new Failure(
    'conflict',
    {
      en: 'The agency or the type of this document is no longer in the catalogue; its successor deposits anew.',
      vi: 'Cơ quan hoặc loại giấy tờ không còn trong danh mục; cơ quan kế thừa nộp giấy mới.',
    },
    { code: 'no-longer-in-catalogue' },
  );
