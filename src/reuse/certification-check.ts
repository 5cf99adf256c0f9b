/**
 * Check before certifying: is this paper already in the vault? Then nobody has to certify a copy of it. Asked for a
 * dossier of the certifying agency and about its applicant; no number is in an address, and no content in the answer.
 */
import {
  type CatalogueService,
  calendarDateAt,
  judgeAlternative,
  type Labels,
  parseDossierCode,
} from '../catalogue/index.ts';
import { findDossier, listOwned } from '../documents/index.ts';
import { holds, type PersonClaim } from '../identity/index.ts';
import { appendEvent } from '../ledger/index.ts';
import { Failure } from '../platform/failure.ts';
import { differing, type FieldMatch } from './field-match.ts';
import { findApplicant } from './person-match.ts';
import { type Caller, Refused, type ReuseGate } from './reuse-gate.ts';
import { mayReuse } from './reuse-policy.ts';
import * as refusals from './reuse-refusals.ts';

export interface CertificationCheckOrder extends Caller {
  readonly agencyId: string;
  readonly dossierCode: string;
  readonly owner: PersonClaim;
  readonly documentType: string;
  readonly symbol: string | null;
}

export interface CertificationCheck {
  /** True where no usable paper of the type is in the vault. */
  readonly certificationNeeded: boolean;
  readonly because: 'in-vault' | 'not-in-vault' | 'not-usable' | 'mismatch';
  readonly words: Labels;
  readonly match: readonly FieldMatch[];
  readonly eventId: string;
}

export class CertificationChecks {
  readonly #parts: { gate: ReuseGate; catalogue: CatalogueService };

  constructor(parts: { gate: ReuseGate; catalogue: CatalogueService }) {
    this.#parts = parts;
  }

  async check(order: CertificationCheckOrder): Promise<CertificationCheck> {
    const { gate, catalogue } = this.#parts;
    return gate.run(order, 'check-certification', async (sql, at) => {
      const { actor } = order;
      const may =
        mayReuse(actor, order.agencyId, 'reuse:request') || holds(actor, ['certifier'], order.agencyId);
      if (!may) return refusals.noSuchRequest();
      const code = parseDossierCode(order.dossierCode);
      if (!code.ok) return refusals.malformedDossier(code.problem);
      const dossier = await findDossier(sql, order.dossierCode);
      if (dossier?.agencyId !== order.agencyId) return refusals.unknownDossier();
      const about = { agencyId: order.agencyId, dossierId: dossier.id };
      if (dossier.state === 'closed') return new Refused(refusals.closedDossier(), about);
      const found = await findApplicant(sql, order.owner);
      if (found?.person.id !== dossier.owner.id) return new Refused(refusals.otherPerson(), about);
      const today = calendarDateAt(at);
      const snapshot = await catalogue.snapshot(sql);
      const type = snapshot.documentType(order.documentType, today);
      if (!type) return new Refused(unknownType(), about);
      const papers =
        differing(found.match).length > 0
          ? []
          : await listOwned(sql, { ownerId: found.person.id, typeCodes: [type.code], limit: 100 });
      const named = papers.filter(({ symbol }) => order.symbol === null || symbol === order.symbol);
      const usable = named.filter((paper) => {
        const facts = { issuedOn: paper.issuedOn, fields: paper.metadata, events: [] };
        const alternative = { documentType: type.code, provenances: null, freshness: null, fields: null };
        const judged = judgeAlternative(alternative, { type, provenance: paper.provenance, facts }, today);
        return paper.status.status === 'active' && judged.acceptable;
      });
      const because =
        differing(found.match).length > 0
          ? 'mismatch'
          : usable.length > 0
            ? 'in-vault'
            : named.length > 0
              ? 'not-usable'
              : 'not-in-vault';
      const eventId = await appendEvent(sql, {
        type: 'reuse.certification-checked',
        at,
        actor,
        outcome: 'done',
        agencyId: order.agencyId,
        dossierId: dossier.id,
        ownerIds: [found.person.id],
        requestId: order.requestId,
        detail: { documentType: type.code, answer: because },
      });
      return {
        certificationNeeded: because !== 'in-vault',
        because,
        words: WORDS[because],
        match: found.match,
        eventId,
      };
    });
  }
}

const WORDS: Readonly<Record<CertificationCheck['because'], Labels>> = {
  'in-vault': {
    vi: 'Giấy này đã có trong kho và dùng được: không cần chứng thực bản sao. Nơi nhận hỏi kho theo hồ sơ của họ.',
    en: 'The paper is in the vault and usable: no copy has to be certified. Whoever needs it asks the vault for their dossier.',
  },
  'not-in-vault': {
    vi: 'Chưa có trong kho: chứng thực như thường, nên làm bản sao điện tử chứng thực để lần sau không phải làm lại.',
    en: 'Not in the vault: certify as usual, best as a certified electronic copy, so that it need not be done again.',
  },
  'not-usable': {
    vi: 'Bản trong kho hiện không dùng được: chứng thực từ bản chính nếu bản chính còn hiệu lực.',
    en: 'The copy in the vault cannot be used now: certify from the original if that is in force.',
  },
  mismatch: {
    vi: 'Thông tin người nộp khác với hồ sơ: đối chiếu thẻ căn cước rồi kiểm tra lại.',
    en: 'The words differ from those of the dossier: compare the identity card and check again.',
  },
};

const unknownType = (): Failure =>
  new Failure(
    'invalid',
    {
      en: 'No document type of this code is in force today. GET /api/v1/document-types lists them.',
      vi: 'Hôm nay không có loại giấy mang mã này. Xem danh sách ở GET /api/v1/document-types.',
    },
    {
      code: 'unknown-document-type',
      faults: [{ pointer: '/body/documentType', detail: 'Unknown or no longer in force.' }],
    },
  );
