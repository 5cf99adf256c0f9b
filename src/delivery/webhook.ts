/**
 * Webhooks after the Standard Webhooks specification 1.0: headers `webhook-id`, `webhook-timestamp`,
 * `webhook-signature`; `v1` is HMAC-SHA256, `v1a` is Ed25519, over `id.timestamp.body`. Several signatures stand side by
 * side while secrets are rotated. Pure but for randomness that the caller may give.
 */
import { createHmac, createPrivateKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto';

export const SECRET_KINDS = ['hmac', 'ed25519'] as const;
export type SecretKind = (typeof SECRET_KINDS)[number];

/** A secret as it signs: 32 random bytes for `hmac`, PKCS#8 (DER) for `ed25519`. */
export interface OpenSecret {
  readonly kind: SecretKind;
  readonly bytes: Uint8Array;
}

export interface NewSecret extends OpenSecret {
  /** What the integrator is given: the shared secret `whsec_…`, shown once, or the public key `whpk_…`. */
  readonly shown: string;
}

export function newSecret(kind: SecretKind): NewSecret {
  if (kind === 'hmac') {
    const bytes = randomBytes(32);
    return { kind, bytes, shown: `whsec_${bytes.toString('base64')}` };
  }
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const raw = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
  return {
    kind,
    bytes: privateKey.export({ format: 'der', type: 'pkcs8' }),
    shown: `whpk_${raw.toString('base64')}`,
  };
}

/** The same event keeps its id over every attempt, every endpoint and every re-send: receivers drop what they know. */
export const webhookId = (eventId: string): string => `msg_${eventId.replaceAll('-', '')}`;

/** @param at the instant of this attempt; receivers allow five minutes */
export function signedHeaders(
  secrets: readonly OpenSecret[],
  message: { readonly id: string; readonly body: string },
  at: Date,
): Record<string, string> {
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const content = Buffer.from(`${message.id}.${timestamp}.${message.body}`, 'utf8');
  return {
    'content-type': 'application/json; charset=utf-8',
    'webhook-id': message.id,
    'webhook-timestamp': timestamp,
    'webhook-signature': secrets.map((secret) => signatureOf(secret, content)).join(' '),
  };
}

function signatureOf({ kind, bytes }: OpenSecret, content: Buffer): string {
  if (kind === 'hmac') return `v1,${createHmac('sha256', bytes).update(content).digest('base64')}`;
  const key = createPrivateKey({ key: Buffer.from(bytes), format: 'der', type: 'pkcs8' });
  return `v1a,${sign(null, content, key).toString('base64')}`;
}

/** The JSON that is signed: what happened, when, and ids to ask with. Never a name, a number or a content. */
export function webhookBody(event: {
  readonly type: string;
  readonly subject: string;
  readonly agencyId: string | null;
  readonly data: Readonly<Record<string, unknown>>;
  readonly occurredAt: Date;
}): string {
  return JSON.stringify({
    type: event.type,
    timestamp: event.occurredAt.toISOString(),
    data: { subject: event.subject, agency: event.agencyId, ...event.data },
  });
}

/** Attempts before a message is dead; with the delays below they span three days. */
export const MAX_ATTEMPTS = 12;
const FIRST_DELAY = 10;
const LONGEST_DELAY = 43_200;

/**
 * Seconds from a failed attempt to the next: tripled each time, then spread over half of itself, so that many endpoints
 * that fell together do not rise together.
 * @param attempt how many were made, from 1
 * @param random from 0 up to 1
 */
export function retryDelay(attempt: number, random: number): number {
  const delay = Math.min(FIRST_DELAY * 3 ** (attempt - 1), LONGEST_DELAY);
  return Math.round(delay * (0.75 + random / 2));
}
