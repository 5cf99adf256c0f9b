/**
 * The vault's authorisation server for systems (OAuth 2.0, FAPI 2.0 profile in what applies to client credentials):
 * `private_key_jwt` only, asymmetric algorithms only, short opaque tokens for one audience, narrow scopes per client,
 * sender-constrained by DPoP where the client asks or must. Opaque rather than JWT: revoking a token or disabling a
 * client takes effect at the next request. Mounted at `/oauth`; an external server may take its place.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import Provider, { type Configuration, errors, type JWKS } from 'oidc-provider';
import { SCOPES } from './actor.ts';
import {
  consentPath,
  DELEGATED_LIFETIMES,
  delegatedAccessFeatures,
  findLivingPerson,
} from './delegated-access-server.ts';
import { DOCUMENT_ACCESS } from './document-access.ts';
import { forgetSession } from './forget-session.ts';
import { CLIENT_ALGORITHMS, type MachineClient } from './machine-client.ts';
import { MACHINE_CLIENT_BY_ID } from './machine-client-repository.ts';
import { PayloadAdapter, type PayloadParts } from './oidc-payload.ts';
import { pinOrigin } from './pinned-origin.ts';
import type { ServerKeys } from './server-keys.ts';

export interface AuthorizationServerParts extends PayloadParts {
  /** Scheme, host and port of the vault. */
  readonly baseUrl: string;
  readonly keys: ServerKeys;
}

export interface AuthorizationServer {
  readonly issuer: string;
  /** Mount at `/oauth`. */
  readonly handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  /** For the pages on which people answer. */
  readonly provider: Provider;
}

/** Seconds an access token lives. */
export const TOKEN_LIFETIME = 600;
/** Seconds a client assertion may live at most; a longer one would have to be remembered longer. */
const ASSERTION_LIFETIME = 300;

/** What access tokens are meant for: the `aud` of tokens and the `resource` of requests (RFC 8707). */
export const apiAudience = (baseUrl: string): string => `${baseUrl}/api`;
export const oauthIssuer = (baseUrl: string): string => `${baseUrl}/oauth`;

export function createAuthorizationServer(parts: AuthorizationServerParts): AuthorizationServer {
  const issuer = oauthIssuer(parts.baseUrl);
  const provider = new Provider(issuer, configurationFor(parts, issuer));
  provider.proxy = true;
  const handle = provider.callback();
  return {
    issuer,
    provider,
    handle: async (request, response) => {
      pinOrigin(request, parts.baseUrl);
      // The vault's own session says who the person is; what this server remembers of an earlier answer does not.
      if (request.url?.split('?')[0] === '/authorize') forgetSession(request, response, SESSION_NAME);
      await handle(request, response);
    },
  };
}

function configurationFor(parts: AuthorizationServerParts, issuer: string): Configuration {
  const audience = apiAudience(parts.baseUrl);
  return {
    adapter: (model) => (model === 'Client' ? new ClientAdapter(parts) : new PayloadAdapter(model, parts)),
    jwks: { keys: parts.keys.signing } as JWKS,
    cookies: {
      keys: [...parts.keys.cookies],
      names: { session: SESSION_NAME, interaction: 'oauth-interaction', resume: 'oauth-resume' },
    },
    clientAuthMethods: ['private_key_jwt'],
    enabledJWA: {
      clientAuthSigningAlgValues: [...CLIENT_ALGORITHMS],
      dPoPSigningAlgValues: [...CLIENT_ALGORITHMS],
      idTokenSigningAlgValues: ['ES256'],
    },
    clockTolerance: 5,
    scopes: ['openid', ...SCOPES],
    responseTypes: ['code'],
    ttl: { ClientCredentials: TOKEN_LIFETIME, ...DELEGATED_LIFETIMES },
    pkce: { required: () => true },
    routes: {
      token: '/token',
      introspection: '/introspect',
      revocation: '/revoke',
      jwks: '/jwks',
      authorization: '/authorize',
      pushed_authorization_request: '/par',
      backchannel_authentication: '/backchannel',
    },
    assertJwtClientAuthClaimsAndHeader: (_context, claims) => {
      // One audience as a string (FAPI 2.0 §5.3.2.1): an assertion for many servers could be replayed at each.
      if (typeof claims.aud !== 'string' || ![issuer, `${issuer}/token`].includes(claims.aud)) {
        throw new errors.InvalidClientAuth(`aud must be the one string ${issuer}`);
      }
      const seconds = Math.floor(parts.clock.now().getTime() / 1000);
      if (typeof claims.exp !== 'number' || claims.exp - seconds > ASSERTION_LIFETIME) {
        throw new errors.InvalidClientAuth(`exp must be at most ${ASSERTION_LIFETIME} s ahead`);
      }
      if (claims.sub !== claims.iss) throw new errors.InvalidClientAuth('iss and sub must be the client id');
    },
    features: {
      devInteractions: { enabled: false },
      userinfo: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      clientCredentials: { enabled: true },
      dPoP: { enabled: true },
      introspection: {
        enabled: true,
        allowedPolicy: (_context, client, token) => client.clientId === token.clientId,
      },
      revocation: {
        enabled: true,
        allowedPolicy: (_context, client, token) => client.clientId === token.clientId,
      },
      ...delegatedAccessFeatures(parts),
      resourceIndicators: {
        enabled: true,
        defaultResource: () => audience,
        useGrantedResource: () => true,
        getResourceServerInfo: (_context, resource, client) => {
          if (resource !== audience) throw new errors.InvalidTarget(`the only resource here is ${audience}`);
          return {
            audience,
            scope: (client.scope ?? '')
              .split(' ')
              .filter((scope) => scope !== 'openid')
              .join(' '),
            accessTokenFormat: 'opaque',
            accessTokenTTL: TOKEN_LIFETIME,
          };
        },
      },
    },
    issueRefreshToken: () => false,
    interactions: { url: (_context, interaction) => consentPath(interaction.uid) },
    findAccount: (_context, personId) => findLivingPerson(parts, personId),
    renderError: (context, out) => {
      context.type = 'application/json';
      context.body = JSON.stringify(out);
    },
  };
}

/** Machine clients as the provider reads them; registration is the administration's, never the provider's. */
class ClientAdapter extends PayloadAdapter {
  readonly #parts: PayloadParts;
  constructor(parts: PayloadParts) {
    super('Client', parts);
    this.#parts = parts;
  }

  override async find(id: string): Promise<ReturnType<typeof metadataOf> | undefined> {
    const [client] = await this.#parts.database.read<MachineClient>(MACHINE_CLIENT_BY_ID, [id]);
    return client && client.disabledAt === null ? metadataOf(client) : undefined;
  }

  override async upsert(): Promise<void> {
    throw new Error('clients are registered by the administration');
  }
}

const metadataOf = (client: MachineClient) => ({
  client_id: client.clientId,
  client_name: client.name,
  jwks: { keys: client.jwks.keys.map((key) => ({ ...key })) },
  scope: [...(client.asksPeople ? ['openid'] : []), ...client.scopes].join(' '),
  grant_types: [
    'client_credentials',
    ...(client.asksPeople ? [CIBA_GRANT] : []),
    ...(answersByRedirect(client) ? ['authorization_code'] : []),
  ],
  response_types: answersByRedirect(client) ? ['code' as const] : [],
  redirect_uris: answersByRedirect(client) ? [...client.redirectUris] : [],
  ...(client.asksPeople ? { backchannel_token_delivery_mode: 'poll' as const } : {}),
  authorization_details_types: client.asksPeople ? [DOCUMENT_ACCESS] : [],
  token_endpoint_auth_method: 'private_key_jwt' as const,
  id_token_signed_response_alg: 'ES256' as const,
  dpop_bound_access_tokens: client.dpopRequired || client.asksPeople,
});

const CIBA_GRANT = 'urn:openid:params:grant-type:ciba';
const SESSION_NAME = 'oauth-session';

const answersByRedirect = (client: MachineClient): boolean =>
  client.asksPeople && client.redirectUris.length > 0;
