/**
 * Systems that call the vault in the name of an agency. A client proves itself with a key of its own
 * (`private_key_jwt`, RFC 7523 §2.2); the vault knows the public half only. Pure.
 */
import { z } from 'zod';
import { SCOPES, type Scope } from './actor.ts';

/** Algorithms a client may sign with; RS256 and the HMAC family are refused (FAPI 2.0 §5.4). */
export const CLIENT_ALGORITHMS = ['ES256', 'PS256', 'EdDSA', 'Ed25519'] as const;

export interface MachineClient {
  readonly clientId: string;
  readonly agencyId: string;
  readonly name: string;
  readonly jwks: { readonly keys: readonly PublicJwk[] };
  readonly scopes: readonly Scope[];
  /** Access tokens are bound to a key of the client (RFC 9449). */
  readonly dpopRequired: boolean;
  /** May ask people for access to their documents; its tokens are then always bound to a key. */
  readonly asksPeople: boolean;
  /** Where a person's browser may be sent back to. */
  readonly redirectUris: readonly string[];
  readonly disabledAt: Date | null;
}

const text = z.string().min(1).max(2_000);
const base64url = (minimum: number) =>
  z
    .string()
    .regex(/^[A-Za-z0-9_-]+$/)
    .min(minimum)
    .max(1_400);
const common = { kid: text.max(128), use: z.literal('sig').optional() };

/** A public signature key: P-256, RSA of 2048 bits or more, or Ed25519. Private members are refused, not dropped. */
export const publicJwkSchema = z.discriminatedUnion('kty', [
  z.strictObject({
    kty: z.literal('EC'),
    crv: z.literal('P-256'),
    x: base64url(43).max(43),
    y: base64url(43).max(43),
    alg: z.literal('ES256').optional(),
    ...common,
  }),
  z.strictObject({
    kty: z.literal('RSA'),
    // 2048 bits are 256 bytes, 342 characters.
    n: base64url(342),
    e: base64url(2).max(8),
    alg: z.literal('PS256').optional(),
    ...common,
  }),
  z.strictObject({
    kty: z.literal('OKP'),
    crv: z.literal('Ed25519'),
    x: base64url(43).max(43),
    alg: z.enum(['EdDSA', 'Ed25519']).optional(),
    ...common,
  }),
]);
export type PublicJwk = z.infer<typeof publicJwkSchema>;

export const jwksSchema = z.strictObject({
  keys: z
    .array(publicJwkSchema)
    .min(1)
    .max(5)
    .refine(
      (keys) => new Set(keys.map(({ kid }) => kid)).size === keys.length,
      'each key needs a kid of its own',
    ),
});

/** https, or http to the loopback address for development; no fragment (RFC 6749 §3.1.2). */
export const redirectUriSchema = z
  .url({ protocol: /^https?$/ })
  .max(500)
  .refine((text) => {
    const url = new URL(text);
    return url.hash === '' && (url.protocol === 'https:' || ['127.0.0.1', '[::1]'].includes(url.hostname));
  }, 'https (or http to 127.0.0.1), without fragment');

export const scopeSchema = z.enum(SCOPES);

export const clientIdSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{2,62}$/, 'lower-case letters, digits and hyphens, 3 to 63 characters');
