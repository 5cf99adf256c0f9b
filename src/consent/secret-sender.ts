/**
 * Sending a one-time code to its person. The port is here, because consent decides that a code is needed; who sends it
 * and by which way (text message, the national app, e-mail) is for `delivery`. A code goes out through it and appears
 * in no answer, no log and no event.
 */
import type { Sql } from '../platform/database.ts';

export interface SecretMessage {
  readonly personId: string;
  readonly purpose: 'consent-code';
  /** Six digits, to be read out. Attackers want it: never log it. */
  readonly secret: string;
  readonly expiresAt: Date;
  readonly language: 'vi' | 'en';
}

/** `to` is masked, as a page may show it: `09••••318`. */
export type SecretSending =
  | { readonly sent: true; readonly to: string }
  | { readonly sent: false; readonly because: 'no-address' | 'no-channel' };

export interface SecretSender {
  /** Queues the message in the caller's transaction: a code that was rolled back is never sent. */
  send(sql: Sql, message: SecretMessage): Promise<SecretSending>;
}

/** Where nobody sends: the desk offers the other ways. */
export const noSecretSender: SecretSender = { send: async () => ({ sent: false, because: 'no-channel' }) };
