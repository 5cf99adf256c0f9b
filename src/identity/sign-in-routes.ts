/** The addresses of signing in and out. The page itself is `sign-in-page.tsx`; here stand cookies and redirects. */
import type { Request } from 'express';
import { z } from 'zod';
import { cookieOf, hostCookie, hostCookieName } from '../http/cookies.ts';
import { type Route, type RouteReply, route } from '../http/route.ts';
import { Failure } from '../platform/failure.ts';
import { type Fault, type Frame, paths, renderPage } from '../web/index.ts';
import type { Actor } from './actor.ts';
import type { Authenticator } from './authenticator.ts';
import { formPolicy } from './form-policy.ts';
import { safeReturnPath } from './return-path.ts';
import { SESSION_COOKIE } from './session.ts';
import type { Sessions } from './session-service.ts';
import { personalNumberField, readPersonalNumber, SignInPage } from './sign-in-page.tsx';
import { ATTEMPT_LIFETIME, type SignIn } from './sign-in-service.ts';

export const SIGN_IN_START = '/dang-nhap/bat-dau';
export const SIGN_IN_CALLBACK = '/dang-nhap/tra-ve';
const ATTEMPT_COOKIE = 'sign-in';

export interface SignInRouteParts {
  readonly signIn: SignIn;
  readonly sessions: Sessions;
  readonly authenticator: Authenticator;
  readonly baseUrl: string;
  /** Origin of the issuer: forms may lead there. */
  readonly issuer: string;
  /** Name of the identity provider as people know it. */
  readonly provider: string;
  readonly frame: (input: PageInput) => Frame;
}

export interface PageInput {
  readonly request: Request;
  readonly actor: Actor;
  readonly language: 'vi' | 'en';
}

const returnQuery = z.object({ ve: z.string().max(1_000).optional(), het: z.string().max(4).optional() });
const signInForm = z.object({
  [personalNumberField]: z.string().max(100).optional(),
  ve: z.string().max(1_000).optional(),
});
const page = { page: true } as const;

export function signInRoutes(parts: SignInRouteParts): Route[] {
  const secure = parts.baseUrl.startsWith('https:');
  const tag = 'identity';

  async function begin(asked: { returnTo?: unknown; personalNumber?: string }): Promise<RouteReply> {
    const { location, attemptToken } = await parts.signIn.begin(asked);
    return redirect(location, [
      hostCookie(ATTEMPT_COOKIE, attemptToken, { secure, maxAge: ATTEMPT_LIFETIME / 1000 }),
    ]);
  }

  function show(
    input: PageInput,
    status: number,
    state: { value?: string; faults?: readonly Fault[]; returnTo?: string; expired?: boolean },
  ): RouteReply {
    const body = renderPage(
      SignInPage({
        frame: parts.frame(input),
        provider: parts.provider,
        officerHref: withReturn(SIGN_IN_START, state.returnTo),
        ...state,
      }),
    );
    return { status, body, headers: { 'Content-Security-Policy': formPolicy(new URL(parts.issuer).origin) } };
  }

  return [
    route(
      {
        method: 'get',
        path: paths.signIn,
        operationId: 'showSignIn',
        summary: 'The sign-in page',
        tag,
        auth: { kind: 'public' },
        page: true,
        query: returnQuery,
        responses: { 200: page, 303: null },
      },
      async (input) => {
        const returnTo = safeReturnPath(input.query.ve);
        if (input.actor.kind === 'person') return redirect(returnTo);
        const expired = parts.authenticator.sessionToken(input.request) !== undefined;
        return show(input, 200, { returnTo, expired });
      },
    ),
    route(
      {
        method: 'post',
        path: paths.signIn,
        operationId: 'sendSignIn',
        summary: 'Begins a sign-in with a typed personal number',
        tag,
        auth: { kind: 'public' },
        page: true,
        body: signInForm,
        ratePerMinute: 60,
        responses: { 303: null, 422: page },
      },
      async (input) => {
        refuseOtherSites(input.request);
        const returnTo = safeReturnPath(input.body.ve);
        const typed = input.body[personalNumberField];
        const read = readPersonalNumber(typed, input.language);
        if ('fault' in read) {
          return show(input, 422, { returnTo, faults: [read.fault], value: typed });
        }
        return begin({ returnTo, personalNumber: read.number });
      },
    ),
    route(
      {
        method: 'get',
        path: SIGN_IN_START,
        operationId: 'startSignIn',
        summary: 'Goes to the identity provider',
        tag,
        auth: { kind: 'public' },
        page: true,
        query: returnQuery,
        ratePerMinute: 60,
        responses: { 303: null },
      },
      async ({ query }) => begin({ returnTo: query.ve }),
    ),
    route(
      {
        method: 'get',
        path: SIGN_IN_CALLBACK,
        operationId: 'finishSignIn',
        summary: 'Takes the answer of the identity provider',
        tag,
        auth: { kind: 'public' },
        page: true,
        ratePerMinute: 60,
        responses: { 303: null },
      },
      async ({ request, requestId }) => {
        const { session, returnTo } = await parts.signIn.complete({
          // The address as configured, not as the Host header says.
          url: new URL(request.originalUrl, parts.baseUrl),
          attemptToken: cookieOf(request, hostCookieName(ATTEMPT_COOKIE, secure)),
          formerSessionToken: parts.authenticator.sessionToken(request),
          requestId,
        });
        return redirect(returnTo, [
          hostCookie(SESSION_COOKIE, session.token, { secure, maxAge: session.maxAge }),
          hostCookie(ATTEMPT_COOKIE, '', { secure, maxAge: 0 }),
        ]);
      },
    ),
    signOutRoute(parts, secure, paths.signOut, 'signOut', false),
    signOutRoute(parts, secure, `${paths.signOut}/moi-noi`, 'signOutEverywhere', true),
  ];
}

function signOutRoute(
  parts: SignInRouteParts,
  secure: boolean,
  path: string,
  operationId: string,
  everywhere: boolean,
): Route {
  return route(
    {
      method: 'post',
      path,
      operationId,
      summary: everywhere ? 'Signs out on every device' : 'Signs out on this device',
      tag: 'identity',
      auth: { kind: 'public' },
      page: true,
      responses: { 303: null },
    },
    async ({ actor, requestId }) => {
      if (actor.kind === 'person') {
        if (everywhere) await parts.sessions.closeAll(actor, requestId);
        else await parts.sessions.close(actor, requestId);
      }
      return redirect(paths.home, [hostCookie(SESSION_COOKIE, '', { secure, maxAge: 0 })]);
    },
  );
}

const redirect = (location: string, cookies: readonly string[] = []): RouteReply => ({
  status: 303,
  headers: { Location: location },
  cookies,
});

const withReturn = (path: string, returnTo: string | undefined): string =>
  returnTo === undefined || returnTo === '/' ? path : `${path}?ve=${encodeURIComponent(returnTo)}`;

/** Another site must not sign a visitor in. Old browsers send no such header; the attempt cookie still binds them. */
function refuseOtherSites(request: Request): void {
  const site = request.get('Sec-Fetch-Site');
  if (site === undefined || site === 'same-origin' || site === 'none') return;
  throw new Failure(
    'forbidden',
    {
      en: 'This form was sent from another site. Open the sign-in page of the vault itself.',
      vi: 'Biểu mẫu được gửi từ trang khác. Hãy mở trang đăng nhập của chính kho này.',
    },
    { code: 'cross-site' },
  );
}
