/**
 * Results that the software of an agency pushes, one by one, under its own id. The same content again answers with what
 * is there; other content under the same id needs to say why, and becomes a new version. A structured result is laid out
 * and signed here (intent → key → our verifier → bytes → one transaction); a PDF that the agency signed is verified and
 * kept as it is.
 */
import { hash } from 'node:crypto';
import {
  type CatalogueService,
  calendarDateAt,
  type DocumentType,
  metadataSchema,
} from '../catalogue/index.ts';
import {
  addIssuedVersion,
  boundTo,
  canDeposit,
  type DepositService,
  documentDigest,
  findByExternalId,
  findDocument,
  type IssuedDocument,
  insertIssuedDocument,
  issuedDigest,
  newVerificationCode,
  type OwnerClaim,
  type OwnerRef,
  openIntent,
  resolveOwners,
  type SigningIntent,
} from '../documents/index.ts';
import type { Actor } from '../identity/index.ts';
import { appendEvent } from '../ledger/index.ts';
import { type CanonicalValue, canonicalJson } from '../ledger/log/index.ts';
import type { Sql } from '../platform/database.ts';
import { Failure } from '../platform/failure.ts';
import { newId } from '../platform/ids.ts';
import { publish } from '../platform/outbox.ts';
import { isGood, verifyInChild } from '../verification/index.ts';
import type { IssueBatch } from './batch.ts';
import { PaperPress } from './batch-papers.ts';
import type { RunnerParts } from './batch-runner.ts';
import { applyEffects, type EffectParts, type PersonChanges, type ResultEffects } from './result-effects.ts';
import * as failures from './result-failures.ts';
import { findResult, type HeldResult, insertResult } from './result-repository.ts';
import { templateFor } from './shipped-templates.ts';

export interface ResultOrder {
  readonly actor: Actor;
  readonly agencyId: string;
  readonly externalId: string;
  readonly requestId: string;
  readonly documentType: string;
  /** The number as the agency's register writes it. */
  readonly symbol: string;
  readonly issuedOn: string;
  readonly place: string;
  readonly signer: { readonly title: string; readonly name: string };
  readonly fields: Readonly<Record<string, string | number | boolean>>;
  readonly owners: readonly OwnerClaim[];
  /** The paper the agency signed itself; without it the vault lays the result out and signs it. */
  readonly signedPdf: Buffer | null;
  /** For an extract of a correction: what is to be read of the person from now on. */
  readonly changes: PersonChanges;
  /** External id of the paper that a correction replaces. */
  readonly replaces: string | null;
  /** Why the content under this id changed. */
  readonly correction: { readonly reason: string } | null;
}

export interface ResultReceipt extends ResultEffects {
  readonly outcome: 'created' | 'unchanged' | 'corrected';
  readonly documentId: string;
  readonly verificationCode: string;
  readonly version: number;
}

export interface ResultParts extends RunnerParts {
  readonly catalogue: CatalogueService;
  readonly deposits: DepositService;
  readonly endGrants: EffectParts['endGrants'];
}

const nothing: ResultEffects = { flagged: [], ended: [], grantsEnded: 0 };

export class ResultService {
  readonly #parts: ResultParts;

  constructor(parts: ResultParts) {
    this.#parts = parts;
  }

  /** @throws Failure `invalid`, `forbidden`, `conflict` (other content, no reason), `unprocessable` (signature) */
  async push(order: ResultOrder): Promise<ResultReceipt> {
    failures.refuseTellingId(order.externalId);
    const allowed = canDeposit(order.actor, order.agencyId);
    if (!allowed.allowed) throw failures.notForAgency();
    const { database } = this.#parts;
    const sha256 = contentDigest(order);
    const there = await database.transactSql((sql) => findResult(sql, order));
    if (there?.sha256 === sha256) return { ...there.receipt, ...nothing, outcome: 'unchanged' };
    const { type, issuer, fields } = await this.#checked(order);
    if (there) {
      if (!order.correction) throw failures.otherContent();
      if (order.signedPdf) throw failures.signedAnew();
      return this.#correct(order, { there, type, issuer, fields, sha256 });
    }
    try {
      return await (order.signedPdf
        ? this.#keepSigned(order, { sha256, pdf: order.signedPdf })
        : this.#issue(order, { type, issuer, fields, sha256 }));
    } catch (error) {
      // Sent twice at once: whoever came second finds what the first one kept.
      const raced = await database.transactSql((sql) => findResult(sql, order));
      if (raced?.sha256 === sha256) return { ...raced.receipt, ...nothing, outcome: 'unchanged' };
      throw error;
    }
  }

  async #checked(order: ResultOrder) {
    const current = await this.#parts.catalogue.current();
    const type = current.documentType(order.documentType, order.issuedOn);
    const agency = current.agency(order.agencyId, calendarDateAt(this.#parts.clock.now()));
    if (!type || !agency) throw failures.unknownType();
    if (!type.issuerKinds.includes(agency.kind)) throw failures.notItsIssuer();
    const parsed = metadataSchema(type).safeParse(order.fields);
    if (!parsed.success) {
      const faults = parsed.error.issues.map(({ path, message }) => ({
        pointer: `/body/fields/${path.map(String).join('/')}`,
        detail: message,
      }));
      throw new Failure(
        'invalid',
        {
          vi: 'Nội dung kết quả chưa đúng với loại giấy tờ.',
          en: 'The fields do not fit the type of paper.',
        },
        { faults },
      );
    }
    return { type, issuer: agency.names, fields: parsed.data };
  }

  async #issue(order: ResultOrder, made: Made): Promise<ResultReceipt> {
    const { database, objects } = this.#parts;
    const documentId = newId();
    const code = newVerificationCode();
    const { press, record, intent, at } = this.#prepare(order, made, { documentId, code });
    const owners = await database.transactSql(async (sql) => {
      const found = await this.#owners(sql, order);
      await openIntent(sql, intent);
      return found;
    });
    const [paper] = await press.make([record], at);
    if (!paper) throw new Error('the press gave no paper');
    const stored = await objects.writeObject(paper.bytes, {
      boundTo: boundTo(documentId, 'sealed'),
      maxBytes: 20_000_000,
    });
    return database.transactSql(async (sql) => {
      const raced = await findResult(sql, order);
      if (raced) {
        if (raced.sha256 !== made.sha256) throw failures.otherContent();
        return { ...raced.receipt, ...nothing, outcome: 'unchanged' };
      }
      const issued: IssuedDocument = {
        id: documentId,
        typeCode: order.documentType,
        issuerId: order.agencyId,
        provenance: 'electronic-result',
        symbol: order.symbol,
        issuedOn: order.issuedOn,
        metadata: made.fields,
        sensitive: made.type.sensitive,
        verificationCode: code,
        externalId: order.externalId,
        owners,
        actor: order.actor,
        at,
        pages: 1,
        stored,
        intent,
        signature: paper.signature,
      };
      const kept = await insertIssuedDocument(sql, issued);
      if (!kept) throw new Error('the intent of a result was voided meanwhile');
      await appendEvent(sql, {
        type: 'document.deposited',
        at,
        actor: order.actor,
        outcome: 'done',
        agencyId: order.agencyId,
        documentId,
        ownerIds: owners.map(({ id }) => id),
        requestId: order.requestId,
        detail: {
          documentType: order.documentType,
          sha256: stored.sha256,
          status: 'active',
          facts: issuedDigest(issued),
        },
      });
      for (const [index, owner] of owners.entries())
        await publish(sql, {
          type: 'document.issued.v1',
          at,
          subject: documentId,
          agency: index === 0 ? order.agencyId : null,
          person: owner.kind === 'person' ? owner.id : null,
          data: { documentType: order.documentType },
        });
      return this.#finish(sql, order, { documentId, sha256: made.sha256, at });
    });
  }

  async #correct(order: ResultOrder, made: Made & { readonly there: HeldResult }): Promise<ResultReceipt> {
    const { database, objects } = this.#parts;
    const { documentId, verificationCode } = made.there.receipt;
    const { press, record, intent, at } = this.#prepare(order, made, { documentId, code: verificationCode });
    await database.transactSql((sql) => openIntent(sql, intent));
    const [paper] = await press.make([record], at);
    if (!paper) throw new Error('the press gave no paper');
    const stored = await objects.writeObject(paper.bytes, {
      boundTo: boundTo(documentId, 'sealed'),
      maxBytes: 20_000_000,
    });
    return database.transactSql(async (sql) => {
      const version = await addIssuedVersion(sql, {
        documentId,
        metadata: made.fields,
        reason: order.correction?.reason ?? '',
        stored,
        intent,
        signature: paper.signature,
        at,
      });
      const document = await findDocument(sql, documentId);
      if (version === undefined || !document)
        throw new Error('the intent of a correction was voided meanwhile');
      await appendEvent(sql, {
        type: 'document.version-added',
        at,
        actor: order.actor,
        outcome: 'done',
        agencyId: order.agencyId,
        documentId,
        ownerIds: document.owners.map(({ id }) => id),
        requestId: order.requestId,
        detail: {
          version,
          sha256: stored.sha256,
          status: document.status.status,
          facts: documentDigest(document, document.version),
        },
      });
      await publish(sql, {
        type: 'document.corrected.v1',
        at,
        subject: documentId,
        agency: order.agencyId,
        person: document.owners.find(({ kind }) => kind === 'person')?.id ?? null,
        data: { version, documentType: order.documentType },
      });
      await this.#parts.onStanding?.(sql, {
        documentId,
        change: 'corrected',
        successorId: null,
        ownerIds: document.owners.map(({ id }) => id),
        actor: order.actor,
        requestId: order.requestId,
        at,
      });
      await sql.query(
        `UPDATE issued_result SET content_sha256 = $3::text, version = $4::int, pushed_at = $5::timestamptz
          WHERE agency_id = $1::text AND external_id = $2::text`,
        [order.agencyId, order.externalId, made.sha256, version, at],
      );
      return { outcome: 'corrected', documentId, verificationCode, version, ...nothing };
    });
  }

  /** The agency's own signature must hold now; the bytes are kept as they came. */
  async #keepSigned(
    order: ResultOrder,
    { sha256, pdf }: { readonly sha256: string; readonly pdf: Buffer },
  ): Promise<ResultReceipt> {
    const { deposits, readers, trust, clock } = this.#parts;
    const outcome = await verifyInChild(readers, pdf, { trust: trust(), at: clock.now() });
    if (outcome.kind === 'busy') throw failures.busy();
    if (outcome.report.signatures.length === 0 || !isGood(outcome.report.verdict))
      throw failures.badSignature();
    let receipt: ResultReceipt | undefined;
    await deposits.deposit({
      actor: order.actor,
      agencyId: order.agencyId,
      requestId: order.requestId,
      typeCode: order.documentType,
      issuerId: order.agencyId,
      provenance: 'electronic-result',
      symbol: order.symbol,
      abstract: null,
      issuedOn: order.issuedOn,
      metadata: order.fields,
      owners: order.owners,
      externalId: order.externalId,
      place: null,
      files: [{ size: pdf.byteLength, read: async () => pdf }],
      claim: {
        settle: async (sql, { body }) => {
          const { documentId } = body as { documentId: string };
          receipt = await this.#finish(sql, order, { documentId, sha256, at: clock.now() });
        },
      },
    });
    if (!receipt) throw new Error('a deposit ended without its receipt');
    return receipt;
  }

  #prepare(order: ResultOrder, { type, issuer, fields }: Made, named: { documentId: string; code: string }) {
    const template = templateFor(order.documentType);
    if (!template) throw failures.noTemplate();
    const { seals, clock, baseUrl } = this.#parts;
    const at = clock.now();
    const batch = {
      agencyId: order.agencyId,
      documentType: order.documentType,
      template: { code: template.code, version: template.version },
      issuedOn: order.issuedOn,
      place: order.place,
      signer: order.signer,
    } as IssueBatch;
    const signer = seals.signerFor(order.agencyId);
    const press = new PaperPress({ batch, template, type, issuer, baseUrl }, { ...this.#parts, signer });
    const record = press.recordOf({ fields, label: order.symbol, ...named });
    const intent: SigningIntent = {
      id: newId(),
      purpose: 'issue',
      documentId: named.documentId,
      unsignedSha256: hash('sha256', press.recordBytes(record), 'hex'),
      certificateSha256: signer.certificate.fingerprint,
      at,
    };
    return { press, record, intent, at };
  }

  #owners(sql: Sql, order: ResultOrder): Promise<OwnerRef[]> {
    const { clock, acceptInventedNumbers } = this.#parts;
    return resolveOwners(sql, order.owners, { now: clock.now(), acceptInvented: acceptInventedNumbers });
  }

  async #finish(
    sql: Sql,
    order: ResultOrder,
    { documentId, sha256, at }: { readonly documentId: string; readonly sha256: string; readonly at: Date },
  ): Promise<ResultReceipt> {
    await insertResult(sql, order, { documentId, sha256, at });
    const document = await findDocument(sql, documentId);
    if (!document) throw new Error('a result that was just kept is not there');
    const replaces =
      order.replaces === null ? undefined : await findByExternalId(sql, order.agencyId, order.replaces);
    if (order.replaces !== null && !replaces) throw failures.unknownReplaced();
    const parts = {
      catalogue: await this.#parts.catalogue.snapshot(sql),
      endGrants: this.#parts.endGrants,
      onStanding: this.#parts.onStanding,
    };
    const { changes, actor } = order;
    const effects = await applyEffects(sql, parts, { document, changes, replaces, actor, at });
    return {
      outcome: 'created',
      documentId,
      verificationCode: document.verificationCode,
      version: 1,
      ...effects,
    };
  }
}

interface Made {
  readonly type: DocumentType;
  readonly issuer: { readonly vi: string; readonly en: string };
  readonly fields: Record<string, string | number | boolean>;
  readonly sha256: string;
}

/** What the result says; who sends it and why it changed are not part of it. */
function contentDigest(order: ResultOrder): string {
  const { actor: _, requestId: __, correction: ___, signedPdf, owners, ...rest } = order;
  const pdf = signedPdf === null ? null : hash('sha256', signedPdf, 'hex');
  const value = JSON.parse(JSON.stringify({ ...rest, owners, pdf })) as CanonicalValue;
  return hash('sha256', canonicalJson(value), 'hex');
}
