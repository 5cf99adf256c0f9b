/**
 * Identity put together: what the composition root calls once. It opens the keys of the authorisation server, chooses
 * the issuer (the embedded one in development only) and gives the routes, the mounted applications and the services.
 */
import { createHmac } from 'node:crypto';
import type { Handler } from 'express';
import type { Secret } from '../config/secret.ts';
import { languageOf } from '../http/language.ts';
import { RateLimiter } from '../http/rate-limit.ts';
import type { Route } from '../http/route.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database.ts';
import type { Frame } from '../web/index.ts';
import { accessConsentRoutes, type CatalogueNames } from './access-consent-routes.ts';
import { administrationRoutes } from './administration-api.ts';
import { Administration } from './administration-service.ts';
import { type Authenticator, createAuthenticator } from './authenticator.ts';
import { apiAudience, createAuthorizationServer } from './authorization-server.ts';
import { backChannelRoutes } from './back-channel-routes.ts';
import { Bootstrap } from './bootstrap.ts';
import { ClientAdministration } from './client-administration.ts';
import { DelegatedAccessService } from './delegated-access-service.ts';
import { DEMO_PEOPLE } from './demo-people.ts';
import {
  createDevelopmentIssuer,
  DEVELOPMENT_ISSUER_PATH,
  developmentIssuerUrl,
} from './development-issuer.ts';
import { limited } from './oauth-limit.ts';
import { RelyingParty, type RelyingPartyOptions } from './relying-party.ts';
import { representationRoutes } from './representation-api.ts';
import { Representations } from './representation-service.ts';
import { openServerKeys, type ServerKeys } from './server-keys.ts';
import type { SessionLimits } from './session.ts';
import { Sessions } from './session-service.ts';
import { type PageInput, SIGN_IN_CALLBACK, signInRoutes } from './sign-in-routes.ts';
import { SignIn } from './sign-in-service.ts';

/** Where people sign in. */
export type IssuerChoice =
  | { readonly kind: 'development' }
  | {
      readonly kind: 'external';
      readonly issuer: string;
      readonly clientId: string;
      readonly clientSecret: Secret<string>;
      /** Name of the provider as people know it: `VNeID`. */
      readonly name: string;
      readonly scope?: string;
      readonly claims?: RelyingPartyOptions['claims'];
      readonly assuranceValues?: RelyingPartyOptions['assuranceValues'];
    };

export interface IdentityOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly mode: 'development' | 'production';
  /** Scheme, host and port under which the vault is reached; no path, no slash at the end. */
  readonly baseUrl: string;
  /** Folder of the keys of this installation; shared by all instances. */
  readonly keyFolder: string;
  readonly issuer: IssuerChoice;
  /** Whether the catalogue knows the agency today. */
  readonly agencyExists: (agencyId: string) => Promise<boolean>;
  /** The frame of a page; `csrfToken` is that of the caller's session. */
  readonly frame: (input: PageInput & { readonly csrfToken: string }) => Frame;
  /** Names shown when a system asks a person; codes are shown where it is left out. */
  readonly names?: CatalogueNames;
  readonly sessionLimits?: SessionLimits;
}

export interface Identity {
  readonly authenticator: Authenticator;
  readonly sessions: Sessions;
  readonly administration: Administration;
  readonly clients: ClientAdministration;
  readonly bootstrap: Bootstrap;
  readonly representations: Representations;
  /** What people allow systems by OAuth. */
  readonly access: DelegatedAccessService;
  /** Where people sign in: the `issuer` of accounts. */
  readonly issuer: string;
  readonly routes: readonly Route[];
  /** Applications of their own, by path: for `createApp({mounts})`. */
  readonly mounts: Readonly<Record<string, Handler>>;
}

/** @throws Error when the development issuer is chosen in production mode, or the key file is damaged. */
export async function createIdentity(options: IdentityOptions): Promise<Identity> {
  const { database, clock, baseUrl, mode } = options;
  const acceptInvented = mode === 'development';
  const keys = await openServerKeys(options.keyFolder);
  const authenticator = createAuthenticator({
    database,
    clock,
    baseUrl,
    audience: apiAudience(baseUrl),
    limits: options.sessionLimits,
  });
  const sessions = new Sessions({ database, clock, limits: options.sessionLimits });
  const frame = (input: PageInput): Frame =>
    options.frame({ ...input, csrfToken: authenticator.formToken(input.request) });
  const oauth = createAuthorizationServer({ database, clock, baseUrl, keys });
  const { relyingParty, name, mounts } = issuerOf(options, keys, frame);
  const { issuer } = relyingParty;
  const administration = new Administration({
    database,
    clock,
    issuer,
    acceptInvented,
    agencyExists: options.agencyExists,
  });
  const clients = new ClientAdministration({ database, clock });
  const bootstrap = new Bootstrap({ database, clock });
  const access = new DelegatedAccessService({
    database,
    clock,
    provider: oauth.provider,
    audience: apiAudience(baseUrl),
  });
  const names = options.names ?? CODES_ONLY;
  const representations = new Representations({ database, clock, acceptInvented });
  const signIn = new SignIn({ database, clock, sessions, relyingParty, acceptInvented });
  return {
    authenticator,
    sessions,
    administration,
    clients,
    bootstrap,
    representations,
    access,
    issuer,
    routes: [
      ...signInRoutes({ signIn, sessions, authenticator, baseUrl, issuer, provider: name, frame }),
      ...administrationRoutes({ administration, clients, bootstrap }),
      ...representationRoutes({ representations }),
      ...accessConsentRoutes({ access, names, frame }),
      ...backChannelRoutes({ access, names, frame }),
    ],
    mounts: { ...mounts, '/oauth': limited(oauth.handle, new RateLimiter(database, clock)) },
  };
}

const CODES_ONLY: CatalogueNames = {
  agency: async () => undefined,
  procedure: async () => undefined,
  documentType: async () => undefined,
};

function issuerOf(
  options: IdentityOptions,
  keys: ServerKeys,
  frame: (input: PageInput) => Frame,
): { relyingParty: RelyingParty; name: string; mounts: Record<string, Handler> } {
  const redirectUri = `${options.baseUrl}${SIGN_IN_CALLBACK}`;
  if (options.issuer.kind === 'external') {
    const { kind: _, name, clientSecret, ...issuer } = options.issuer;
    const relyingParty = new RelyingParty({ ...issuer, clientSecret: clientSecret.reveal(), redirectUri });
    return { relyingParty, name, mounts: {} };
  }
  // Both ends are this process, so the secret between them needs no place of its own.
  const secret = createHmac('sha256', keys.cookies[0] ?? '')
    .update('development issuer')
    .digest('base64url');
  const client = { id: 'mot-lan', secret, redirectUri };
  const app = createDevelopmentIssuer({
    ...options,
    keys,
    accounts: DEMO_PEOPLE,
    client,
    frame: (request) => frame({ request, actor: { kind: 'anonymous' }, language: languageOf(request) }),
  });
  const relyingParty = new RelyingParty({
    issuer: developmentIssuerUrl(options.baseUrl),
    clientId: client.id,
    clientSecret: secret,
    redirectUri,
    allowHttp: true,
  });
  return { relyingParty, name: 'Định danh thử', mounts: { [DEVELOPMENT_ISSUER_PATH]: app } };
}
