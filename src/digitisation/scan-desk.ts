/**
 * The desk every use case works at: a scan is opened for an actor or not at all (absent and foreign look the same, the
 * refusal is an event), moves on in one transaction with its event, and its bytes are kept and read under one binding.
 */
import type { SealedObjects, StoredObject } from '../../storage/index.ts';
import type { Catalogue, CatalogueService, DocumentType } from '../catalogue/index.ts';
import { calendarDateAt } from '../catalogue/index.ts';
import {
  boundTo,
  insertStoredObject,
  nothingHere,
  OBJECT_COLUMNS,
  type RenditionKind,
  type StoredObjectRow,
  storedObjectOf,
} from '../documents/index.ts';
import { type Actor, type AnyActor, recordRefusal } from '../identity/index.ts';
import { appendEvent, type EventType } from '../ledger/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database, Sql } from '../platform/database.ts';
import { Failure } from '../platform/failure.ts';
import type { KillablePool } from '../platform/killable.ts';
import type { Permission } from './digitisation-policy.ts';
import { mayGo, type Scan, type ScanState } from './scan.ts';
import { findScan, moveScan, type ScanChange } from './scan-repository.ts';

export interface DeskParts {
  readonly database: Database;
  readonly objects: SealedObjects;
  readonly catalogue: CatalogueService;
  /** Children in which hostile files are read. */
  readonly readers: KillablePool;
  readonly clock: Clock;
  readonly limits: { readonly maxPages: number; readonly maxPixels: number; readonly maxBytes: number };
}

/** Who asks, for which scan, under which request. */
export interface ScanOrder {
  readonly actor: Actor;
  readonly scanId: string;
  readonly requestId: string;
}

export interface Move {
  readonly state: ScanState;
  readonly event: EventType;
  readonly actor: AnyActor;
  readonly requestId: string | null;
  readonly detail?: Readonly<Record<string, string | number | boolean | null>>;
  readonly change?: ScanChange;
}

/** What a scan's bytes are for; the binding of the object to the document it becomes. */
export type ScanObjectKind = RenditionKind | 'scan-signed';

export class ScanDesk {
  readonly parts: DeskParts;

  constructor(parts: DeskParts) {
    this.parts = parts;
  }

  now(): Date {
    return this.parts.clock.now();
  }

  catalogue(): Promise<Catalogue> {
    return this.parts.catalogue.current();
  }

  /** @throws Failure `not-found`, alike for a scan that does not exist and one that is not the actor's business */
  async open(order: ScanOrder, operation: string, permit: (scan: Scan) => Permission): Promise<Scan> {
    const scan = await this.parts.database.transactSql((sql) => findScan(sql, order.scanId));
    const verdict = scan ? permit(scan) : undefined;
    if (scan && verdict?.allowed) return scan;
    await recordRefusal(this.parts.database, this.parts.clock, {
      actor: order.actor,
      operation,
      because: verdict?.allowed === false ? verdict.reason : 'no-such-scan',
      requestId: order.requestId,
      agencyId: scan?.agencyId ?? null,
    });
    if (verdict?.allowed === false && verdict.reason === 'second-person-needed') throw secondPerson();
    throw nothingHere();
  }

  /** The type of a scan as it is in the catalogue today. @throws Failure `conflict` where it ended meanwhile */
  async typeOf(scan: Pick<Scan, 'typeCode'>): Promise<DocumentType> {
    const type = (await this.catalogue()).documentType(scan.typeCode, calendarDateAt(this.now()));
    if (!type) throw typeEnded();
    return type;
  }

  /** Moves on inside the caller's transaction. @throws Failure `conflict` where the way is closed or somebody was faster */
  async move(sql: Sql, scan: Scan, move: Move): Promise<string> {
    if (!mayGo(scan.state, move.state)) throw wrongState(scan.state);
    const at = this.now();
    const { state, actor, detail, change } = move;
    if (!(await moveScan(sql, scan, { state, at, actor, detail, change }))) throw somebodyFaster();
    return appendEvent(sql, {
      type: move.event,
      at,
      actor,
      outcome: 'done',
      agencyId: scan.agencyId,
      // The paper is no document yet, but its id is known: the log tells its life from the first page on.
      documentId: scan.id,
      ownerIds: scan.owners.map(({ id }) => id),
      requestId: move.requestId,
      detail: { documentType: scan.typeCode, state, ...detail },
    });
  }

  /** Bytes first; the row follows in the transaction that gives them a meaning. */
  keep(scanId: string, kind: ScanObjectKind, bytes: Uint8Array): Promise<StoredObject> {
    return this.parts.objects.writeObject(bytes, {
      boundTo: bindingOf(scanId, kind),
      maxBytes: this.parts.limits.maxBytes + 8_000_000,
    });
  }

  insert(sql: Sql, scanId: string, kind: ScanObjectKind, stored: StoredObject): Promise<void> {
    return insertStoredObject(sql, stored, { boundTo: bindingOf(scanId, kind), at: this.now() });
  }

  /** @throws Failure `gone` where the bytes' key was destroyed */
  async read(scanId: string, kind: ScanObjectKind, objectId: string): Promise<Buffer> {
    const [row] = await this.parts.database.read<StoredObjectRow>(
      `SELECT ${OBJECT_COLUMNS} FROM stored_object o WHERE o.id = $1::uuid`,
      [objectId],
    );
    const stored = row && storedObjectOf(row);
    if (!stored) throw bytesGone();
    return this.parts.objects.readWhole(stored, { boundTo: bindingOf(scanId, kind) });
  }
}

const bindingOf = (scanId: string, kind: ScanObjectKind): string => boundTo(scanId, kind as RenditionKind);

/** Destroys the keys of objects that no longer mean anything: without them the bytes are noise. */
export async function destroyKeys(sql: Sql, objectIds: readonly string[], at: Date): Promise<void> {
  await sql.query(
    `UPDATE stored_object SET wrapped_key = NULL, destroyed_at = $2::timestamptz
     WHERE id = ANY ($1::uuid[]) AND destroyed_at IS NULL
       AND NOT EXISTS (SELECT 1 FROM rendition r WHERE r.object_id = stored_object.id)`,
    [[...objectIds], at],
  );
}

const WORDS: Readonly<Record<ScanState, { en: string; vi: string }>> = {
  opened: { en: 'nothing was captured yet', vi: 'chưa chụp trang nào' },
  captured: { en: 'captured, not examined yet', vi: 'đã chụp, chưa kiểm tra' },
  examined: { en: 'examined, not signed yet', vi: 'đã kiểm tra, chưa ký bản chụp' },
  'signed-by-scanner': { en: 'signed by the person who scans', vi: 'người chụp đã ký' },
  extracted: { en: 'data confirmed', vi: 'đã bóc tách dữ liệu' },
  attested: { en: 'attested and sealed', vi: 'đã đối chiếu và ký của cơ quan' },
  coded: { en: 'its code assigned', vi: 'đã cấp mã' },
  accessioned: { en: 'in the vault', vi: 'đã lưu vào kho' },
  rejected: { en: 'rejected', vi: 'đã bị từ chối' },
  quarantined: { en: 'set apart', vi: 'đã để riêng' },
};

export const wrongState = (state: ScanState): Failure =>
  new Failure(
    'conflict',
    {
      en: `This step does not follow where the paper is now: ${WORDS[state].en}. Open the paper again and go on from there.`,
      vi: `Bước này chưa làm được: giấy đang ở bước “${WORDS[state].vi}”. Hãy mở lại giấy và làm tiếp từ đó.`,
    },
    { code: 'scan-in-other-state' },
  );

const somebodyFaster = (): Failure =>
  new Failure(
    'conflict',
    {
      en: 'Somebody changed this paper a moment ago. Open it again and look at what is there now.',
      vi: 'Có người vừa làm việc trên giấy này. Hãy mở lại và xem nội dung hiện nay.',
    },
    { code: 'scan-changed' },
  );

const secondPerson = (): Failure =>
  new Failure(
    'forbidden',
    {
      en: 'You have attested this paper already. Its kind holds sensitive data, so another person compares it as well.',
      vi: 'Ông (bà) đã xác nhận giấy này. Loại giấy có dữ liệu nhạy cảm nên cần thêm một người khác đối chiếu.',
    },
    { code: 'second-person-needed' },
  );

const typeEnded = (): Failure =>
  new Failure(
    'conflict',
    {
      en: 'The type of this paper is no longer in the catalogue. Reject it and begin again under the type that follows.',
      vi: 'Loại giấy này không còn trong danh mục. Hãy từ chối và số hóa lại theo loại mới.',
    },
    { code: 'type-ended' },
  );

const bytesGone = (): Failure =>
  new Failure('gone', { en: 'This picture was erased.', vi: 'Ảnh này đã bị xóa.' }, { code: 'scan-erased' });
