/**
 * Text messages and the national app, each behind an HTTP gateway with the same small face, which is ours until a
 * provider's own is known: `POST <url>` with `Authorization: Bearer …`, `Idempotency-Key`, and the JSON
 * `{"to","text","language"}`; 2xx: taken over, 4xx but 408 and 429: never, everything else: later. Simulated in
 * `scripts/sandbox/simulators`. The app is told a subject of the sign-in's issuer, never a personal number.
 */
import type { Secret } from '../../config/index.ts';
import { OutboundError, type OutboundPolicy, sendOut } from '../outbound.ts';
import { type Channel, ChannelError } from './channel.ts';

export interface GatewaySettings {
  readonly url: string;
  readonly token: Secret<string>;
}

export function gatewayChannel(
  name: 'sms' | 'app',
  { url, token }: GatewaySettings,
  outbound: OutboundPolicy,
): Channel {
  return {
    name,
    deliver: async ({ id, to, words, language }, signal) => {
      const answer = await sendOut(outbound, url, {
        method: 'POST',
        headers: {
          'Content-Type': 'application/json',
          Authorization: `Bearer ${token.reveal()}`,
          'Idempotency-Key': id,
        },
        body: JSON.stringify({ to, text: words.text, language }),
        signal,
      }).catch((error: unknown) => {
        if (error instanceof OutboundError) throw new ChannelError(error.fault, { permanent: false });
        throw error;
      });
      const { status } = answer;
      if (status >= 200 && status < 300) return;
      throw new ChannelError(`gateway-${status}`, {
        permanent: status >= 400 && status < 500 && ![401, 403, 408, 429].includes(status),
      });
    },
  };
}
