/**
 * An identity provider for development and demonstration: whoever opens it picks one of the invented people and is
 * signed in as that one. It asks for no secret at all, and therefore cannot be made in production mode.
 */
import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import Provider, { type Configuration, type JWKS } from 'oidc-provider';
import type { Frame } from '../web/index.ts';
import { renderPage } from '../web/index.ts';
import type { DemoAccount } from './demo-account.ts';
import { DevelopmentIssuerPage } from './development-issuer-page.tsx';
import { forgetSession } from './forget-session.ts';
import { PayloadAdapter, type PayloadParts } from './oidc-payload.ts';
import { pinOrigin } from './pinned-origin.ts';
import type { ServerKeys } from './server-keys.ts';

export interface DevelopmentIssuerParts extends PayloadParts {
  readonly mode: 'development' | 'production';
  /** Scheme, host and port of the vault; the issuer is this with `DEVELOPMENT_ISSUER_PATH`. */
  readonly baseUrl: string;
  readonly keys: ServerKeys;
  readonly accounts: readonly DemoAccount[];
  readonly client: { readonly id: string; readonly secret: string; readonly redirectUri: string };
  readonly frame: (request: Request) => Frame;
}

/** Where the application is mounted. */
export const DEVELOPMENT_ISSUER_PATH = '/dinh-danh-thu';

const SESSION_NAME = 'dev-session';

export const developmentIssuerUrl = (baseUrl: string): string => `${baseUrl}${DEVELOPMENT_ISSUER_PATH}`;

/** @throws Error in production mode. */
export function createDevelopmentIssuer(parts: DevelopmentIssuerParts): Express {
  if (parts.mode === 'production') {
    throw new Error(
      'the development identity provider lets anyone in as anyone: configure a real OpenID Connect issuer in production',
    );
  }
  const provider = new Provider(developmentIssuerUrl(parts.baseUrl), configurationFor(parts));
  provider.proxy = true;
  const app = express();
  app.disable('x-powered-by');
  app.use((request: Request, _response: Response, next: NextFunction) => {
    pinOrigin(request, parts.baseUrl);
    next();
  });
  app.get('/auth', (request: Request, response: Response, next: NextFunction) => {
    // Each sign-in chooses anew: what is remembered of an earlier one does not come along.
    forgetSession(request, response, SESSION_NAME);
    next();
  });
  app.get('/chon/:uid', async (request: Request, response: Response) => {
    try {
      await provider.interactionDetails(request, response);
    } catch {
      response.redirect(303, '/dang-nhap');
      return;
    }
    response.setHeader('Cache-Control', 'no-store');
    const page = DevelopmentIssuerPage({
      frame: parts.frame(request),
      action: `${DEVELOPMENT_ISSUER_PATH}/chon/${encodeURIComponent(String(request.params.uid))}`,
      accounts: parts.accounts,
    });
    response.type('html').send(renderPage(page));
  });
  app.post(
    '/chon/:uid',
    express.urlencoded({ extended: false, limit: '4kb' }),
    async (request: Request, response: Response) => {
      const body = request.body as { subject?: unknown } | undefined;
      const account = parts.accounts.find(({ subject }) => subject === body?.subject);
      try {
        await provider.interactionFinished(
          request,
          response,
          account
            ? { login: { accountId: account.subject } }
            : { error: 'access_denied', error_description: 'no such demo account' },
          { mergeWithLastSubmission: false },
        );
      } catch {
        response.redirect(303, '/dang-nhap');
      }
    },
  );
  app.use(provider.callback());
  return app;
}

function configurationFor(parts: DevelopmentIssuerParts): Configuration {
  const claims = ['name', 'birthdate', 'gender', 'nationality', 'personal_number', 'assurance_level'];
  return {
    adapter: (model) => new PayloadAdapter(model, { ...parts, prefix: 'dev:' }),
    jwks: { keys: parts.keys.signing } as JWKS,
    cookies: {
      keys: [...parts.keys.cookies],
      names: { session: SESSION_NAME, interaction: 'dev-interaction', resume: 'dev-resume' },
    },
    clients: [
      {
        client_id: parts.client.id,
        client_secret: parts.client.secret,
        redirect_uris: [parts.client.redirectUri],
        grant_types: ['authorization_code'],
        response_types: ['code'],
        id_token_signed_response_alg: 'ES256',
      },
    ],
    enabledJWA: { idTokenSigningAlgValues: ['ES256'] },
    responseTypes: ['code'],
    scopes: ['openid', 'profile'],
    claims: { openid: ['sub'], profile: claims },
    // The demonstration has one relying party, so the ID token carries what it needs.
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    ttl: {
      Session: 3_600,
      Interaction: 900,
      Grant: 3_600,
      AccessToken: 300,
      IdToken: 300,
      AuthorizationCode: 60,
    },
    features: {
      devInteractions: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      pushedAuthorizationRequests: { enabled: true },
    },
    interactions: {
      url: (_context, interaction) => `${DEVELOPMENT_ISSUER_PATH}/chon/${interaction.uid}`,
    },
    findAccount: (_context, subject) => {
      const account = parts.accounts.find((candidate) => candidate.subject === subject);
      if (!account) return undefined;
      return {
        accountId: subject,
        claims: () => ({
          sub: subject,
          name: account.fullName,
          birthdate: account.birthDate,
          gender: account.gender,
          nationality: 'VNM',
          personal_number: account.personalNumber,
          assurance_level: String(account.assurance),
        }),
      };
    },
    // Everything the one client asks for is granted without a further page.
    loadExistingGrant: async (context) => {
      const { client, session, provider } = context.oidc;
      if (!client || !session?.accountId) return undefined;
      const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
      grant.addOIDCScope('openid profile');
      await grant.save();
      return grant;
    },
    renderError: (context, out) => {
      context.type = 'application/json';
      context.body = JSON.stringify(out);
    },
  };
}
