/**
 * Who a request comes from. A browser shows a session cookie, a system an access token of the vault's authorisation
 * server. Roles and scopes are read at each request, so that what ended a moment ago is gone now. An unknown cookie is
 * nobody; an unknown token is a fault, since a system must learn that it has to fetch another one.
 */
import type { Request } from 'express';
import { cookieOf, hostCookieName } from '../http/cookies.ts';
import { Batched } from '../platform/batched.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database.ts';
import { Failure } from '../platform/failure.ts';
import { type Actor, SCOPES, type Scope, type SystemActor } from './actor.ts';
import { readDocumentAccess } from './document-access.ts';
import { checkDpopProof, PROOF_WINDOW } from './dpop-proof.ts';
import { payloadDigest, rememberOnce } from './oidc-payload.ts';
import {
  formTokenOf,
  isOver,
  NOTICE_EVERY,
  SESSION_COOKIE,
  SESSION_LIMITS,
  type SessionLimits,
  sameToken,
  tokenDigest,
} from './session.ts';
import { type LiveSession, NOTE_SESSION_SEEN, SESSIONS_BY_DIGEST } from './session-repository.ts';

export interface AuthenticatorParts {
  readonly database: Database;
  readonly clock: Clock;
  /** Scheme, host and port under which the vault is reached: `https://kho.example.vn`. */
  readonly baseUrl: string;
  /** What access tokens must be meant for; see `apiAudience`. */
  readonly audience: string;
  readonly limits?: SessionLimits;
}

export interface Authenticator {
  /** @throws Failure `unauthenticated` for a token that does not hold, `unavailable` when it cannot be known. */
  readonly authenticate: (request: Request) => Promise<Actor>;
  /** True when a form comes from a page of this session. */
  readonly csrfHolds: (request: Request, actor: Actor) => Promise<boolean>;
  /** The token for the forms of this request's page; empty for a visitor without a session. */
  readonly formToken: (request: Request) => string;
  /** The session token that the browser showed, whatever it is worth. */
  readonly sessionToken: (request: Request) => string | undefined;
}

const ANONYMOUS: Actor = { kind: 'anonymous' };

export function createAuthenticator(parts: AuthenticatorParts): Authenticator {
  const secure = parts.baseUrl.startsWith('https:');
  const cookieName = hostCookieName(SESSION_COOKIE, secure);
  const limits = parts.limits ?? SESSION_LIMITS;
  const sessionToken = (request: Request): string | undefined => cookieOf(request, cookieName);

  const sessions = new Batched<Buffer, LiveSession | undefined>({
    ask: async (digests) => {
      const rows = await parts.database.hot.query<LiveSession & { digest: string }>(SESSIONS_BY_DIGEST, [
        digests,
        parts.clock.now(),
      ]);
      const byDigest = new Map(rows.map((row) => [row.digest, row]));
      return digests.map((digest) => byDigest.get(digest.toString('hex')));
    },
  });
  const tokens = new Batched<Buffer, TokenRow | undefined>({
    ask: async (digests) => {
      const rows = await parts.database.hot.query<TokenRow>(TOKENS_BY_DIGEST, [digests, parts.clock.now()]);
      const byDigest = new Map(rows.map((row) => [row.digest, row]));
      return digests.map((digest) => byDigest.get(digest.toString('hex')));
    },
  });

  async function personOf(token: string | undefined): Promise<Actor> {
    const digest = tokenDigest(token);
    if (!digest) return ANONYMOUS;
    const now = parts.clock.now();
    const session = await sessions.ask(digest);
    if (!session || isOver(session, now, limits)) return ANONYMOUS;
    if (now.getTime() - session.lastSeenAt.getTime() >= NOTICE_EVERY) {
      await parts.database.read(NOTE_SESSION_SEEN, [session.id, now]);
    }
    const { accountId, personId, assurance, roles } = session;
    return { kind: 'person', accountId, personId, assurance, roles, sessionId: session.id };
  }

  return {
    async authenticate(request) {
      const authorization = request.headers.authorization;
      if (authorization === undefined) return personOf(sessionToken(request));
      return systemOf({ ...parts, tokens }, request, authorization);
    },
    async csrfHolds(request, actor) {
      // Only browsers send cookies by themselves; a token in a header cannot be sent by another site.
      if (actor.kind !== 'person') return true;
      const site = request.get('Sec-Fetch-Site');
      if (site !== undefined && site !== 'same-origin') return false;
      const token = sessionToken(request);
      if (token === undefined) return false;
      if (request.is('multipart/form-data')) {
        // Files are read by the handler, later; where the form stood is told by the browser (RFC 6454 §7).
        return site === 'same-origin' || request.get('Origin') === new URL(parts.baseUrl).origin;
      }
      const body: unknown = request.body;
      const given =
        request.get('X-CSRF-Token') ??
        (typeof body === 'object' && body !== null ? (body as { _csrf?: unknown })._csrf : undefined);
      return sameToken(formTokenOf(token), given);
    },
    formToken(request) {
      const token = sessionToken(request);
      return token === undefined ? '' : formTokenOf(token);
    },
    sessionToken,
  };
}

interface TokenRow {
  readonly digest: string;
  readonly scope: string | null;
  readonly aud: string | null;
  readonly jkt: string | null;
  readonly clientId: string;
  readonly agencyId: string;
  readonly scopes: readonly string[];
  readonly dpopRequired: boolean;
  readonly personId: string | null;
  readonly grantId: string | null;
  readonly rar: unknown;
}

const TOKENS_BY_DIGEST = `
SELECT encode(t.id_sha256, 'hex') AS digest, t.payload->>'scope' AS scope, t.payload->>'aud' AS aud, t.payload->>'jkt' AS jkt, c.client_id AS "clientId",
       c.agency_id AS "agencyId", to_jsonb(c.scopes) AS scopes, c.dpop_required AS "dpopRequired",
       t.payload->>'accountId' AS "personId", encode(t.grant_sha256, 'hex') AS "grantId", t.payload->'rar' AS rar
FROM oidc_payload t
JOIN machine_client c ON c.client_id = t.payload->>'clientId' AND c.disabled_at IS NULL
WHERE t.model IN ('ClientCredentials', 'AccessToken') AND t.id_sha256 = ANY ($1::bytea[]) AND t.expires_at > $2::timestamptz
  AND (t.model = 'ClientCredentials' OR (
    EXISTS (SELECT 1 FROM oidc_payload g
            WHERE g.model = 'Grant' AND g.id_sha256 = t.grant_sha256 AND g.expires_at > $2::timestamptz)
    AND EXISTS (SELECT 1 FROM person p
                WHERE p.id = (t.payload->>'accountId')::uuid AND p.deceased_at IS NULL)))`;

async function systemOf(
  parts: AuthenticatorParts & { readonly tokens: Batched<Buffer, TokenRow | undefined> },
  request: Request,
  authorization: string,
): Promise<SystemActor> {
  const [, scheme, token] = /^(Bearer|DPoP) ([A-Za-z0-9._~+/=-]{16,512})$/i.exec(authorization) ?? [];
  if (scheme === undefined || token === undefined) throw badToken();
  const now = parts.clock.now();
  const row = await parts.tokens.ask(payloadDigest(token));
  if (!row || row.aud !== parts.audience) throw badToken();
  const bound = row.jkt !== null;
  // A bound token shown as a bearer token is a stolen one until proven otherwise (RFC 9449 §7.1).
  if (bound !== (scheme.toLowerCase() === 'dpop') || (row.dpopRequired && !bound)) throw badToken();
  if (row.jkt !== null) await checkProof(parts, request, { token, thumbprint: row.jkt, now });
  const granted = new Set((row.scope ?? '').split(' '));
  return {
    kind: 'system',
    clientId: row.clientId,
    agencyId: row.agencyId,
    // What was taken from the client after the token was made is not in it any more.
    scopes: SCOPES.filter((scope: Scope) => granted.has(scope) && row.scopes.includes(scope)),
    ...(row.personId === null || row.grantId === null
      ? {}
      : {
          onBehalfOf: { personId: row.personId, grantId: row.grantId, details: readDocumentAccess(row.rar) },
        }),
  };
}

async function checkProof(
  parts: AuthenticatorParts,
  request: Request,
  bound: { readonly token: string; readonly thumbprint: string; readonly now: Date },
): Promise<void> {
  const proof = request.get('DPoP');
  if (proof === undefined || proof.length > 8_192) throw badToken();
  const jti = await checkDpopProof({
    proof,
    method: request.method,
    url: `${parts.baseUrl}${request.originalUrl.split('?')[0]}`,
    accessToken: bound.token,
    thumbprint: bound.thumbprint,
    now: bound.now,
  });
  if (jti === undefined) throw badToken();
  const until = new Date(bound.now.getTime() + 2 * PROOF_WINDOW * 1000);
  const id = `${bound.thumbprint} ${jti}`;
  const fresh = await parts.database.transactSql((sql) => rememberOnce(sql, 'ApiProof', id, until));
  if (!fresh) throw badToken();
}

const badToken = (): Failure =>
  new Failure(
    'unauthenticated',
    {
      en: 'The access token is unknown, expired, not meant for this API, or shown without its proof. Fetch a new one.',
      vi: 'Mã truy cập không hợp lệ, đã hết hạn, không dành cho giao diện này hoặc thiếu bằng chứng giữ khóa. Hãy lấy mã mới.',
    },
    { code: 'bad-token' },
  );
