/** The port of a way to a person: e-mail, text message, national app. One message, one address; throws when it failed. */
import type { ChannelName, Words } from '../notice.ts';

export interface ChannelMessage {
  /** The same over retries, for gateways that drop doubles. */
  readonly id: string;
  /** An e-mail address, a telephone number, or a subject at the app's issuer. Personal data: never logged. */
  readonly to: string;
  readonly words: Words;
  readonly language: 'vi' | 'en';
}

export interface Channel {
  readonly name: ChannelName;
  /** Resolves when the other side has taken it over. @throws ChannelError */
  deliver(message: ChannelMessage, signal?: AbortSignal): Promise<void>;
}

/** `fault` is a word of a closed list; `permanent` says that asking again is useless. Carries no address. */
export class ChannelError extends Error {
  override readonly name = 'ChannelError';
  readonly fault: string;
  readonly permanent: boolean;
  constructor(fault: string, options: { permanent: boolean; cause?: unknown }) {
    super(`a message was not delivered: ${fault}`, { cause: options.cause });
    this.fault = fault;
    this.permanent = options.permanent;
  }
}
