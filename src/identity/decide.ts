/**
 * A use case that may be denied: the denial is an event in the same transaction, and an answer only after that event
 * is kept. A denial is therefore returned out of the transaction and thrown outside it.
 */
import type { Database, Sql } from '../platform/database.ts';
import { Failure } from '../platform/failure.ts';
import type { AnyActor } from './actor.ts';
import type { Decision, DenialReason } from './identity-policy.ts';
import { appendRefusal } from './refusal.ts';

/** Thrown inside `deciding` work to end it with a denial that is kept. */
class Denied {
  readonly reason: DenialReason;
  constructor(reason: DenialReason) {
    this.reason = reason;
  }
}

export type Require = (decision: Decision) => void;

export interface Deciding {
  readonly actor: AnyActor;
  /** The operation, as the event names it. */
  readonly operation: string;
  readonly at: Date;
  readonly agencyId?: string;
  readonly requestId?: string;
}

/** Runs `work` in one transaction. @throws Failure `forbidden` after the denial's event is kept. */
export async function deciding<T>(
  database: Database,
  about: Deciding,
  work: (sql: Sql, require: Require) => Promise<T>,
): Promise<T> {
  const require: Require = (decision) => {
    if (!decision.allowed) throw new Denied(decision.reason);
  };
  try {
    return await database.transactSql((sql) => work(sql, require));
  } catch (error) {
    if (!(error instanceof Denied)) throw error;
    // What the work did before the denial is rolled back; the denial itself has a transaction of its own.
    const { at, ...refused } = about;
    await database.transactSql((sql) => appendRefusal(sql, at, { ...refused, because: error.reason }));
    throw new Failure('forbidden', WORDS[error.reason], { code: error.reason });
  }
}

const WORDS: Record<DenialReason, { en: string; vi: string }> = {
  'not-administrator': {
    en: 'Only the manager of this agency, or an operator for its first manager, may do this.',
    vi: 'Chỉ lãnh đạo quản lý của cơ quan này, hoặc quản trị hệ thống khi lập quản lý đầu tiên, làm được việc này.',
  },
  'own-role': {
    en: 'Nobody gives a role to themselves. Ask another manager.',
    vi: 'Không ai tự giao vai trò cho mình. Hãy nhờ người quản lý khác.',
  },
  'role-of-operators': {
    en: 'The operator’s role is given by an operator.',
    vi: 'Vai trò quản trị hệ thống do quản trị hệ thống giao.',
  },
  'conflict-of-interest': {
    en: 'Whoever inspects an agency holds no other role there. End the other role first.',
    vi: 'Người thanh tra, giám sát không giữ vai trò khác ở cùng cơ quan. Hãy kết thúc vai trò kia trước.',
  },
  'not-at-agency': {
    en: 'Emergency access is for those who already work at this agency.',
    vi: 'Quyền khẩn cấp chỉ dành cho người đang làm việc tại cơ quan này.',
  },
  'role-not-for-emergencies': {
    en: 'This role cannot be taken in an emergency. Signing, managing and inspecting are granted in the ordinary way.',
    vi: 'Vai trò này không nhận khẩn cấp được. Ký, quản lý và giám sát phải được giao theo lối thường.',
  },
  'not-representative': {
    en: 'Only the legal representative of the organisation may do this.',
    vi: 'Chỉ người đại diện theo pháp luật của tổ chức làm được việc này.',
  },
  'kind-not-yours': {
    en: 'This kind of representation is recorded by another office: civil status for families, the desk for organisations.',
    vi: 'Loại đại diện này do nơi khác ghi: hộ tịch ghi cho gia đình, Bộ phận Một cửa ghi cho tổ chức.',
  },
};
