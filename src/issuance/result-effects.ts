/**
 * What a pushed result changes besides itself, in the transaction that keeps it: a death locks the person and ends
 * grants; a marriage, divorce or death ends papers whose validity waits for it; a correction changes what is known of
 * the person and flags papers that say otherwise.
 */
import type { Catalogue, LifeEvent, ValidityRule } from '../catalogue/index.ts';
import {
  applyStatus,
  type DocumentFacts,
  findDocument,
  listOwned,
  mayBecome,
  type OnStanding,
} from '../documents/index.ts';
import { type AnyActor, correctPerson, markDeceased } from '../identity/index.ts';
import type { Sql } from '../platform/database.ts';

/** Which event a paper of a type proves. Data of the civil-status law; codes as the catalogue has them. */
const proves: Readonly<Record<string, LifeEvent>> = {
  'KQ.G15.000032': 'marriage',
  'LOCAL.MARRIAGE-EXTRACT': 'marriage',
  'LOCAL.DIVORCE-NOTE-EXTRACT': 'divorce',
  'LOCAL.DEATH-EXTRACT': 'death',
};
const correctionType = 'KQ.G15.000037';
/** The procedure that mends a diploma after a correction of civil status (Chỉnh sửa nội dung văn bằng, chứng chỉ). */
const mendsDiploma = '3.000466';

export interface PersonChanges {
  readonly fullName?: string;
  readonly birthDate?: string;
}

export interface ResultEffects {
  /** Papers that say otherwise than the correction. */
  readonly flagged: readonly {
    readonly documentId: string;
    readonly field: string;
    readonly procedure: string | null;
  }[];
  /** Papers that ended with the event. */
  readonly ended: readonly string[];
  /** Grants that ended with a death. */
  readonly grantsEnded: number;
}

export interface EffectParts {
  readonly catalogue: Catalogue;
  readonly onStanding?: OnStanding;
  /** Ends all that a person who died had allowed. @returns how many grants */
  readonly endGrants: (sql: Sql, personId: string, at: Date) => Promise<number>;
}

export async function applyEffects(
  sql: Sql,
  parts: EffectParts,
  result: {
    readonly document: DocumentFacts;
    readonly changes: PersonChanges;
    /** The paper that the correction replaces. */
    readonly replaces: DocumentFacts | undefined;
    readonly actor: AnyActor;
    readonly at: Date;
  },
): Promise<ResultEffects> {
  const { document, changes, replaces, actor, at } = result;
  const event = proves[document.typeCode];
  const ended: string[] = [];
  let grantsEnded = 0;
  const flagged: ResultEffects['flagged'][number][] = [];
  const end = async (id: string, reason: string): Promise<void> => {
    const locked = await findDocument(sql, id, { lock: true });
    if (!locked || !mayBecome(locked.status.status, 'superseded')) return;
    const settled = {
      document: locked,
      status: 'superseded' as const,
      at,
      actor,
      reason,
      decisionNumber: document.symbol,
      decisionDate: document.issuedOn,
      successorId: document.id,
    };
    await applyStatus(sql, settled, parts.onStanding);
    ended.push(id);
  };
  for (const owner of document.owners.filter(({ kind }) => kind === 'person')) {
    const others = (await listOwned(sql, { ownerId: owner.id, limit: 1000 })).filter(
      ({ id, status }) => id !== document.id && status.status === 'active',
    );
    if (event !== undefined) {
      for (const other of others) {
        const type = parts.catalogue.entries.documentTypes.find(({ code }) => code === other.typeCode);
        if (type && waitsFor(type.validity, event) && other.typeCode !== document.typeCode)
          await end(other.id, reasons[event] ?? event);
      }
    }
    if (event === 'death' && (await markDeceased(sql, owner.id, at)))
      grantsEnded += await parts.endGrants(sql, owner.id, at);
    if (document.typeCode === correctionType && Object.keys(changes).length > 0) {
      await correctPerson(sql, owner.id, changes);
      for (const other of others) {
        const type = parts.catalogue.entries.documentTypes.find(({ code }) => code === other.typeCode);
        for (const [field, value] of Object.entries(changes)) {
          const said = other.metadata[field];
          if (typeof said !== 'string' || said === value || other.id === replaces?.id) continue;
          const procedure = type?.group === 'education' ? mendsDiploma : null;
          flagged.push({ documentId: other.id, field, procedure });
        }
      }
    }
  }
  if (replaces) await end(replaces.id, 'Thay đổi, cải chính hộ tịch');
  if (flagged.length > 0) await insertFlags(sql, flagged, { becauseOf: document.id, at });
  return { flagged, ended, grantsEnded };
}

const reasons: Readonly<Partial<Record<LifeEvent, string>>> = {
  marriage: 'Đã kết hôn',
  divorce: 'Đã ly hôn',
  death: 'Người được cấp đã mất',
};

function waitsFor(rule: ValidityRule, event: LifeEvent): boolean {
  if (rule.kind === 'earliest') return rule.rules.some((each) => waitsFor(each, event));
  return rule.kind === 'until-event' && rule.events.includes(event);
}

async function insertFlags(
  sql: Sql,
  flags: ResultEffects['flagged'],
  { becauseOf, at }: { readonly becauseOf: string; readonly at: Date },
): Promise<void> {
  await sql.query(
    `INSERT INTO dependent_flag (document_id, because_of, field, procedure, flagged_at)
     SELECT "documentId", $2::uuid, field, procedure, $3::timestamptz
     FROM jsonb_to_recordset($1::jsonb) AS given ("documentId" uuid, field text, procedure text) ON CONFLICT DO NOTHING`,
    [JSON.stringify(flags), becauseOf, at],
  );
}
