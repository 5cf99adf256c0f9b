/**
 * Deposit: a paper enters the vault once. Order, and why it survives a power cut: bytes first (an orphan object is
 * noise without its row), the intent before the key is used, our own verifier over the result, then one transaction for
 * rows, status, event and the settled idempotency key; the reply comes last.
 */
import { randomBytes } from 'node:crypto';
import type { SealedObjects, StoredObject } from '../../storage/index.ts';
import {
  type CalendarDate,
  type Catalogue,
  type CatalogueService,
  calendarDateAt,
  type DocumentType,
  metadataSchema,
  type Provenance,
} from '../catalogue/index.ts';
import type { IdempotencyClaim } from '../http/index.ts';
import { type Actor, agrees, findOrCreatePerson, type PersonClaim } from '../identity/index.ts';
import { appendEvent } from '../ledger/index.ts';
import type { Clock } from '../platform/clock.ts';
import { crashPoint } from '../platform/crash-points.ts';
import { type Database, isUniqueViolation, type Sql } from '../platform/database.ts';
import { Failure, type Fault } from '../platform/failure.ts';
import { newId } from '../platform/ids.ts';
import type { KillablePool } from '../platform/killable.ts';
import { boundTo, type OwnerRef, type RenditionKind, type Status } from './document.ts';
import { appendStatus, insertDocument, insertRendition, insertVersion } from './document-repository.ts';
import { canDeposit } from './documents-policy.ts';
import { addPaper, type PaperPlace } from './dossier-repository.ts';
import { type Intake, type IntakeFile, type IntakeLimits, takeIn } from './intake.ts';
import { digestOf, type SealedCopy, type Sealing } from './sealing.ts';
import { closeIntent, recordSignature } from './signing-intent-repository.ts';
import { insertStoredObject } from './stored-object-repository.ts';

export type OwnerClaim =
  | ({ readonly kind: 'person' } & PersonClaim)
  | { readonly kind: 'known'; readonly ref: OwnerRef };

export interface DepositOrder {
  readonly actor: Actor;
  readonly agencyId: string;
  readonly typeCode: string;
  readonly issuerId: string;
  readonly provenance: Provenance;
  readonly symbol: string | null;
  readonly abstract: string | null;
  readonly issuedOn: CalendarDate | null;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly owners: readonly OwnerClaim[];
  readonly externalId: string | null;
  /** Where it stands in a dossier of the agency. */
  readonly place: PaperPlace | null;
  readonly files: readonly IntakeFile[];
  readonly requestId: string;
  readonly claim: IdempotencyClaim;
}

export interface DepositReceipt {
  readonly documentId: string;
  readonly versionId: string;
  readonly verificationCode: string;
  /** Of the first original as it came in, and of the file that is handed out. */
  readonly sha256Original: string;
  readonly sha256: string;
  readonly pages: number;
  readonly status: Status;
  readonly signatureLevel: string;
  readonly eventId: string;
  readonly depositedAt: string;
}

export interface DepositParts {
  readonly database: Database;
  readonly objects: SealedObjects;
  readonly catalogue: CatalogueService;
  readonly sealing: Sealing;
  readonly readers: KillablePool;
  readonly clock: Clock;
  readonly limits: IntakeLimits & { readonly maxBytes: number };
  readonly acceptInventedNumbers: boolean;
}

interface KeptFile {
  readonly kind: RenditionKind;
  readonly mediaType: string;
  readonly position: number;
  readonly stored: StoredObject;
}

export class DepositService {
  readonly #parts: DepositParts;

  constructor(parts: DepositParts) {
    this.#parts = parts;
  }

  /** @throws Failure; before the commit nothing is stored that means anything */
  async deposit(order: DepositOrder): Promise<DepositReceipt> {
    const { database, clock, catalogue, readers, limits } = this.#parts;
    const verdict = canDeposit(order.actor, order.agencyId);
    if (!verdict.allowed) {
      await database.transactSql((sql) =>
        appendEvent(sql, {
          type: 'access.denied',
          at: clock.now(),
          actor: order.actor,
          outcome: 'denied',
          agencyId: order.agencyId,
          requestId: order.requestId,
          detail: { operation: 'deposit', because: verdict.reason },
        }),
      );
      throw notForAgency();
    }
    const snapshot = await catalogue.current();
    const checked = checkOrder(order, snapshot, calendarDateAt(clock.now()));
    const intake = await takeIn(order.files, readers, limits);
    const documentId = newId();
    crashPoint('deposit.before-original');
    const originals = await this.#keepOriginals(documentId, intake);
    crashPoint('deposit.after-original');
    const sealed = await this.#parts.sealing.seal({
      documentId,
      pdf: intake.pdf,
      agency: checked.agency,
      form: 'SAO Y',
    });
    crashPoint('deposit.after-seal');
    const copy = await this.#keep(documentId, {
      kind: 'sealed',
      mediaType: 'application/pdf',
      position: 0,
      bytes: sealed.bytes,
    });
    return this.#commit(order, { ...checked, documentId, intake, sealed, files: [...originals, copy] });
  }

  async #keepOriginals(documentId: string, intake: Intake): Promise<KeptFile[]> {
    const kept: KeptFile[] = [];
    for (const [position, { bytes, mediaType }] of intake.originals.entries()) {
      kept.push(await this.#keep(documentId, { kind: 'original', mediaType, position, bytes }));
    }
    return kept;
  }

  async #keep(
    documentId: string,
    file: { kind: RenditionKind; mediaType: string; position: number; bytes: Uint8Array },
  ): Promise<KeptFile> {
    const stored = await this.#parts.objects.writeObject(file.bytes, {
      boundTo: boundTo(documentId, file.kind),
      // A sealed copy is a little larger than what came in.
      maxBytes: this.#parts.limits.maxBytes + 4_000_000,
    });
    return { kind: file.kind, mediaType: file.mediaType, position: file.position, stored };
  }

  async #commit(
    order: DepositOrder,
    made: {
      type: DocumentType;
      documentId: string;
      intake: Intake;
      sealed: SealedCopy;
      files: readonly KeptFile[];
      metadata: Record<string, unknown>;
    },
  ): Promise<DepositReceipt> {
    const { documentId, intake, sealed } = made;
    const now = this.#parts.clock.now();
    const versionId = newId();
    const code = newVerificationCode();
    const first = intake.originals[0];
    const receipt = (eventId: string): DepositReceipt => ({
      documentId,
      versionId,
      verificationCode: code,
      sha256Original: first ? digestOf(first.bytes) : sealed.intent.unsignedSha256,
      sha256: sealed.sha256,
      pages: intake.pages,
      status: 'active',
      signatureLevel: sealed.level,
      eventId,
      depositedAt: now.toISOString(),
    });
    try {
      const done = await this.#parts.database.transactSql(async (sql) => {
        const owners = await this.#resolveOwners(sql, order.owners, now);
        await insertDocument(sql, {
          id: documentId,
          typeCode: made.type.code,
          issuerId: order.issuerId,
          depositorId: order.agencyId,
          provenance: order.provenance,
          symbol: order.symbol,
          abstract: order.abstract,
          issuedOn: order.issuedOn,
          metadata: made.metadata,
          sensitive: made.type.sensitive,
          verificationCode: code,
          externalId: order.externalId,
          owners,
          at: now,
        });
        await insertVersion(sql, {
          id: versionId,
          documentId,
          number: 1,
          sha256: sealed.sha256,
          pages: intake.pages,
          at: now,
        });
        for (const file of made.files) {
          await insertStoredObject(sql, file.stored, { boundTo: boundTo(documentId, file.kind), at: now });
          await insertRendition(sql, {
            versionId,
            kind: file.kind,
            position: file.position,
            mediaType: file.mediaType,
            objectId: file.stored.objectId,
          });
        }
        if (!(await closeIntent(sql, sealed.intent.id, 'kept', now))) throw takenForDead();
        await recordSignature(sql, {
          versionId,
          fieldName: sealed.fieldName,
          purpose: 'agency-copy',
          intentId: sealed.intent.id,
          certificateSha256: sealed.intent.certificateSha256,
          level: sealed.level,
          upgrade: sealed.upgrade,
          at: sealed.intent.at,
        });
        await appendStatus(sql, {
          documentId,
          status: 'active',
          at: now,
          actor: order.actor,
          agencyId: order.agencyId,
        });
        const dossierId = order.place
          ? await addPaper(sql, { ...order.place, agencyId: order.agencyId, documentId, at: now })
          : null;
        const eventId = await appendEvent(sql, {
          type: 'document.deposited',
          at: now,
          actor: order.actor,
          outcome: 'done',
          agencyId: order.agencyId,
          documentId,
          dossierId,
          ownerIds: owners.map(({ id }) => id),
          requestId: order.requestId,
          detail: {
            documentType: made.type.code,
            provenance: order.provenance,
            sha256: sealed.sha256,
            status: 'active',
          },
        });
        const given = receipt(eventId);
        await order.claim.settle(sql, { status: 201, body: given });
        crashPoint('deposit.before-commit');
        return given;
      });
      crashPoint('deposit.after-commit');
      return done;
    } catch (error) {
      if (isUniqueViolation(error, 'external_id')) throw alreadyPushed();
      throw error;
    }
  }

  async #resolveOwners(sql: Sql, claims: readonly OwnerClaim[], now: Date): Promise<OwnerRef[]> {
    const owners: OwnerRef[] = [];
    for (const [at, claim] of claims.entries()) {
      if (claim.kind === 'known') {
        owners.push(claim.ref);
        continue;
      }
      const { person, match } = await findOrCreatePerson(sql, claim, {
        now,
        acceptInvented: this.#parts.acceptInventedNumbers,
      });
      if (!agrees(match)) throw ownerDiffers(at, match);
      if (person.deceasedAt) throw ownerDied(at);
      if (!owners.some(({ id }) => id === person.id)) owners.push({ kind: 'person', id: person.id });
    }
    return owners;
  }
}

/** 80 random bits in Crockford's alphabet, in groups that can be read aloud: `4KQT-7M2A-9XWD-R3VN`. */
export function newVerificationCode(): string {
  const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
  const letters = Array.from(randomBytes(16), (byte) => alphabet[byte & 31]).join('');
  return letters.replace(/(.{4})(?=.)/g, '$1-');
}

function checkOrder(
  order: DepositOrder,
  catalogue: Catalogue,
  today: CalendarDate,
): { type: DocumentType; agency: { id: string; name: string }; metadata: Record<string, unknown> } {
  const faults: Fault[] = [];
  const type = catalogue.documentType(order.typeCode, today);
  const agency = catalogue.agency(order.agencyId, today);
  if (!agency)
    faults.push({
      pointer: '/body/agency',
      detail: 'No agency of this identifier is in the catalogue today.',
    });
  if (!type)
    faults.push({
      pointer: '/body/type',
      detail: 'No document type of this code is in the catalogue today.',
    });
  const issuer = catalogue.agencyVersions(order.issuerId)[0];
  if (!issuer)
    faults.push({
      pointer: '/body/issuer',
      detail: 'The issuing agency is not in the catalogue, past or present.',
    });
  if (order.issuedOn !== null && order.issuedOn > today) {
    faults.push({ pointer: '/body/issuedOn', detail: 'The date of issue lies in the future.' });
  }
  if (order.provenance === 'self-upload') {
    faults.push({
      pointer: '/body/provenance',
      detail: 'An agency does not deposit self-uploads; the owner uploads them.',
    });
  }
  let metadata: Record<string, unknown> = {};
  if (type) {
    const parsed = metadataSchema(type).safeParse(order.metadata);
    if (parsed.success) metadata = parsed.data;
    else {
      for (const issue of parsed.error.issues) {
        faults.push({ pointer: `/body/metadata/${issue.path.join('/')}`, detail: issue.message });
      }
    }
    const { min, max } = type.owners;
    if (order.owners.length < min || order.owners.length > max) {
      faults.push({
        pointer: '/body/owners',
        detail: `This type of paper has ${min === max ? min : `${min} to ${max}`} owners.`,
      });
    }
  }
  if (faults.length > 0 || !type || !agency) {
    throw new Failure(
      'invalid',
      {
        en: `${faults.length} values of the metadata need mending; see "errors".`,
        vi: `Dữ liệu đặc tả có ${faults.length} chỗ cần sửa; xem "errors".`,
      },
      { faults },
    );
  }
  return { type, agency: { id: agency.id, name: agency.names.vi }, metadata };
}

const notForAgency = (): Failure =>
  new Failure(
    'forbidden',
    {
      en: 'You do not deposit for this agency. Its administrator grants the role or scope.',
      vi: 'Ông (bà) không được nộp giấy tờ cho cơ quan này. Quản trị của cơ quan là nơi giao vai trò.',
    },
    { code: 'not-for-this-agency' },
  );

const alreadyPushed = (): Failure =>
  new Failure(
    'conflict',
    {
      en: 'A document of this external id exists. To change it, add a version or change its status.',
      vi: 'Đã có giấy tờ mang mã ngoài này. Muốn đổi, hãy thêm phiên bản hoặc đổi trạng thái.',
    },
    { code: 'external-id-taken' },
  );

const takenForDead = (): Failure =>
  new Failure(
    'unavailable',
    {
      en: 'The deposit took too long and was given up. Send it again.',
      vi: 'Việc nộp kéo dài quá lâu và đã bị bỏ. Hãy gửi lại.',
    },
    { code: 'deposit-abandoned', retryAfter: 1 },
  );

function ownerDiffers(at: number, match: object): Failure {
  const faults = Object.entries(match)
    .filter(([, verdict]) => verdict === 'differs')
    .map(([field]) => ({
      pointer: `/body/owners/${at}/${field === 'name' ? 'fullName' : field === 'number' ? 'personalNumber' : field}`,
      detail:
        'Differs from what the vault knows of this number. Compare with the identity card; the police of the commune correct the record.',
    }));
  return new Failure(
    'invalid',
    {
      en: 'The owner does not match the number given.',
      vi: 'Thông tin chủ giấy tờ không khớp với số định danh.',
    },
    { code: 'owner-mismatch', faults },
  );
}

const ownerDied = (at: number): Failure =>
  new Failure(
    'conflict',
    {
      en: 'The owner is recorded as deceased; heirs ask for copies at the agency that keeps the register.',
      vi: 'Chủ giấy tờ đã được ghi là đã mất; người thừa kế xin bản sao tại cơ quan giữ sổ gốc.',
    },
    { code: 'owner-deceased', faults: [{ pointer: `/body/owners/${at}`, detail: 'Recorded as deceased.' }] },
  );
