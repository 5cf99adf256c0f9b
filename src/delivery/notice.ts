/**
 * What a person is told, and in which words it leaves the vault. Pure. A message says that something waits and where to
 * look, never what: a phone on a table and a mailbox at work are read by others.
 */
import type { OutboxType } from '../platform/outbox.ts';
import type { WaitingEvent } from './outbox-drain.ts';

export const NOTICE_KINDS = [
  'issued',
  'asked',
  'read',
  'revoked',
  'changed',
  'expiring',
  'paper-asked',
  'answered',
] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];

export const CHANNELS = ['email', 'sms', 'app'] as const;
export type ChannelName = (typeof CHANNELS)[number];

const KIND_OF: Partial<Record<OutboxType, NoticeKind>> = {
  'document.issued.v1': 'issued',
  'document.deposited.v1': 'issued',
  'document.read.v1': 'read',
  'document.revoked.v1': 'revoked',
  'document.suspended.v1': 'changed',
  'document.resumed.v1': 'changed',
  'document.superseded.v1': 'changed',
  'document.corrected.v1': 'changed',
  'document.expiring.v1': 'expiring',
  'consent.asked.v1': 'asked',
  'access.asked.v1': 'asked',
  'reuse.paper-asked.v1': 'paper-asked',
  'rights.received.v1': 'answered',
  'rights.answered.v1': 'answered',
};

/** Undefined where the event is not for a person. */
export const noticeOf = (event: Pick<WaitingEvent, 'type' | 'personId'>): NoticeKind | undefined =>
  event.personId === null ? undefined : KIND_OF[event.type];

export interface Words {
  readonly subject: string;
  readonly text: string;
}

/** The same for every kind: which kind it is would already tell something. */
export function noticeWords(language: 'vi' | 'en', link: string): Words {
  return language === 'vi'
    ? {
        subject: 'Có thông báo mới trong kho giấy tờ',
        text: `Kho giấy tờ Một Lần có thông báo mới. Đăng nhập tại ${link} để xem. Tin này không kèm nội dung; kho không bao giờ hỏi mật khẩu hay mã xác nhận qua điện thoại.`,
      }
    : {
        subject: 'Something new in your document vault',
        text: `Your document vault Một Lần has something new. Sign in at ${link} to see it. This message carries no contents; the vault never asks for a password or a code by telephone.`,
      };
}

/** @param until `HH:mm` on the spot */
export function codeWords(language: 'vi' | 'en', code: string, until: string): Words {
  return language === 'vi'
    ? {
        subject: 'Mã xác nhận',
        text: `${code} là mã xác nhận của kho giấy tờ Một Lần, dùng một lần đến ${until}. Chỉ đọc mã cho cán bộ đang ngồi trước mặt. Không đưa mã cho người gọi điện.`,
      }
    : {
        subject: 'Confirmation code',
        text: `${code} is your code for the document vault Một Lần, for one use until ${until}. Read it only to the officer in front of you. Give it to nobody who calls.`,
      };
}

/** As a page may show it: `09••••318`, `h•••@example.vn`. */
export function maskAddress(address: string): string {
  const at = address.indexOf('@');
  if (at > 0) return `${address.slice(0, 1)}•••${address.slice(at)}`;
  return `${address.slice(0, 2)}••••${address.slice(-3)}`;
}
