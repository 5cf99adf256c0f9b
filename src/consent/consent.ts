/** Consent of one owner to one recipient for one document in one dossier: its states and its exact text. Pure. */
import { createHash } from 'node:crypto';

export const CONSENT_STATES = ['asked', 'given', 'refused', 'expired', 'withdrawn', 'used-up'] as const;
export type ConsentState = (typeof CONSENT_STATES)[number];

export type View = 'minimum' | 'full';

export interface Grant {
  readonly id: string;
  readonly requestId: string;
  readonly componentKey: string;
  readonly ownerId: string;
  readonly documentId: string;
  readonly agencyId: string;
  readonly dossierId: string;
  readonly view: View;
  readonly state: ConsentState;
  readonly singleUse: boolean;
  readonly askedAt: Date;
  readonly validUntil: Date;
  readonly answeredAt: Date | null;
  readonly withdrawnAt: Date | null;
  readonly textVersion: string;
  readonly textSha256: string;
  readonly documentType: string;
  readonly method: ConsentMethod | null;
  /** The person who answered: the owner, or somebody who acts for them. */
  readonly answeredBy: string | null;
  /** Set where the right to answer came from a representation: when that ends, so does the grant. */
  readonly representationId: string | null;
  readonly representationEnds: Date | null;
  /** The officer at whose counter it was answered. */
  readonly assistedBy: string | null;
}

/** How the owner answered. All but `login` happen at a counter, with the officer named as assistant. */
export const CONSENT_METHODS = ['login', 'one-time-code', 'qr', 'signed-form', 'thumbprint'] as const;
export type ConsentMethod = (typeof CONSENT_METHODS)[number];

/**
 * The state at an instant: a question or a grant whose time has passed is expired, and a grant whose representative has
 * lost their office is withdrawn, whatever the row still says.
 */
export function stateAt(
  grant: Pick<Grant, 'state' | 'validUntil' | 'representationEnds'>,
  at: Date,
): ConsentState {
  if (grant.state !== 'asked' && grant.state !== 'given') return grant.state;
  if (grant.validUntil <= at) return 'expired';
  const ended = grant.representationEnds !== null && grant.representationEnds <= at;
  return grant.state === 'given' && ended ? 'withdrawn' : grant.state;
}

export type GrantUse =
  | { readonly usable: true }
  | { readonly usable: false; readonly because: ConsentState | 'other-use' };

/** May this grant carry this very use now? A grant for one dossier is worth nothing in another. */
export function useOf(
  grant: Grant,
  use: { readonly agencyId: string; readonly dossierId: string; readonly documentId: string },
  at: Date,
): GrantUse {
  const same =
    grant.agencyId === use.agencyId &&
    grant.dossierId === use.dossierId &&
    grant.documentId === use.documentId;
  if (!same) return { usable: false, because: 'other-use' };
  const state = stateAt(grant, at);
  return state === 'given' ? { usable: true } : { usable: false, because: state };
}

/** Version of the words below; an answer keeps it with the hash of the filled text. */
export const CONSENT_TEXT_VERSION = 'vi-2026-11b';

export interface ConsentWords {
  readonly agency: string;
  readonly document: string;
  readonly procedure: string;
  readonly dossier: string;
  readonly view: View;
  /** Why the whole paper is wanted and not the minimum. */
  readonly why?: string | null;
  /** `dd/MM/yyyy`. */
  readonly until: string;
}

/**
 * What the owner reads and answers: data, purpose, recipient, dossier, period, rights (Luật 91/2025/QH15, NĐ
 * 356/2025/NĐ-CP: specific, printable, never chosen beforehand). The same text is read aloud at the counter.
 */
export function consentText(words: ConsentWords): string {
  const seen = words.view === 'full' ? 'toàn bộ nội dung giấy' : 'phần tối thiểu mà thủ tục cần';
  return [
    `${words.agency} xin xem ${seen} của giấy tờ: ${words.document}.`,
    ...(words.view === 'full' && words.why ? [`Lý do cần xem cả giấy: ${words.why}.`] : []),
    `Mục đích: giải quyết thủ tục ${words.procedure}, hồ sơ ${words.dossier}. Không dùng cho việc khác.`,
    `Sự đồng ý có hiệu lực đến hết ngày ${words.until} và chỉ cho hồ sơ này.`,
    'Ông (bà) có quyền không đồng ý; khi đó giấy tờ không được mở và ông (bà) có thể nộp bản giấy.',
    'Ông (bà) có quyền rút lại bất cứ lúc nào; từ lúc rút, không ai mở được giấy tờ theo sự đồng ý này.',
  ].join('\n');
}

export const textSha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');
