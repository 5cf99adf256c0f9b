/**
 * E-mail over SMTP (RFC 5321) with nodemailer. One recipient a message, plain text, no tracking, no attachment. Without
 * TLS only to loopback; elsewhere STARTTLS is demanded.
 */
import { createTransport } from 'nodemailer';
import type { Secret } from '../../config/index.ts';
import { type Channel, ChannelError } from './channel.ts';

export interface MailSettings {
  /** `smtp://user:password@host:587` or `smtps://…`. */
  readonly url: Secret<string>;
  readonly from: string;
}

export function mailChannel({ url, from }: MailSettings): Channel {
  const address = new URL(url.reveal());
  const loopback = ['127.0.0.1', '[::1]', 'localhost'].includes(address.hostname);
  const transport = createTransport({
    host: address.hostname.replace(/^\[|\]$/g, ''),
    port: Number(address.port || (address.protocol === 'smtps:' ? 465 : 587)),
    secure: address.protocol === 'smtps:',
    requireTLS: address.protocol === 'smtp:' && !loopback,
    ignoreTLS: address.protocol === 'smtp:' && loopback,
    auth:
      address.username === ''
        ? undefined
        : { user: decodeURIComponent(address.username), pass: decodeURIComponent(address.password) },
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 20_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    name: 'email',
    deliver: async ({ id, to, words, language }) => {
      try {
        await transport.sendMail({
          from,
          to: { name: '', address: to },
          subject: words.subject,
          text: words.text,
          messageId: `<${id}@${from.replace(/^.*@/, '').replace(/>$/, '')}>`,
          headers: { 'Auto-Submitted': 'auto-generated', 'Content-Language': language },
        });
      } catch (error) {
        throw asChannelError(error);
      }
    },
  };
}

/** 5xx of the receiving server is its last word; everything else may pass. */
function asChannelError(error: unknown): ChannelError {
  const { responseCode, code } = (error ?? {}) as { responseCode?: unknown; code?: unknown };
  const permanent = typeof responseCode === 'number' && responseCode >= 500 && code !== 'EAUTH';
  // Servers quote the address in their answers: only the code is kept.
  return new ChannelError(typeof responseCode === 'number' ? `smtp-${responseCode}` : 'server-not-reached', {
    permanent,
  });
}
