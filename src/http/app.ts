/**
 * The Express application: every route goes through the same steps, in this order — who calls, may they call at all,
 * how often, is the input well-formed, has this key been answered — and every answer is parsed by its declared schema,
 * so that surplus fields never leak. Every denial is an event before it is an answer.
 */
import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import helmet from 'helmet';
import type { z } from 'zod';
import type { Actor } from '../identity/actor.ts';
import type { Clock } from '../platform/clock.ts';
import { underWatch } from '../platform/denial-watch.ts';
import { Failure, type FailureKind, type Fault } from '../platform/failure.ts';
import type { Logger } from '../platform/logger.ts';
import { admit } from './authorise.ts';
import { Gate, type GateLimits, OVERLOADED } from './gate.ts';
import { type IdempotencyKeys, NO_CLAIM } from './idempotency.ts';
import { languageOf } from './language.ts';
import type { Metrics } from './metrics.ts';
import { asFailure, type Problem, problemOf } from './problems.ts';
import type { RateLimiter } from './rate-limit.ts';
import { notAdmitted, nothingHere, staleForm, tooMany } from './refusals.ts';
import { RequestClaims } from './request-claims.ts';
import type { ResponseSchema, Route, RouteReply } from './route.ts';
import { sendChunks } from './send-chunks.ts';

export interface AppParts {
  readonly routes: readonly Route[];
  /** Who the request comes from; an unreadable or expired token is `unauthenticated`. */
  readonly authenticate: (request: Request) => Promise<Actor>;
  /** True when a form of this session carries its token. */
  readonly csrfHolds: (request: Request, actor: Actor) => Promise<boolean>;
  /** Writes the event of a denial; when it rejects, the answer is 503. */
  readonly recordDenial: (denial: Denial) => Promise<void>;
  readonly renderProblem: (problem: Problem, language: 'vi' | 'en') => string;
  /** Path of the page to sign in at; takes the way back as `ve`. */
  readonly signInPage: string;
  readonly idempotencyKeys: IdempotencyKeys;
  readonly rateLimiter: RateLimiter;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly clock: Clock;
  /** Whether the vault can answer now; `/readyz`. */
  readonly ready: () => Promise<{ ready: boolean; parts: Record<string, boolean> }>;
  readonly secure: boolean;
  /** Handlers that are applications of their own, by their path. */
  readonly mounts?: Readonly<Record<string, express.Handler>>;
  /** Requests at once; what goes beyond is refused in time. */
  readonly load?: GateLimits;
  /** Proxies in front whose X-Forwarded-For is believed; 0 believes none. */
  readonly trustedProxies: number;
}

export interface Denial {
  readonly actor: Actor;
  readonly operationId: string;
  readonly because: string;
  readonly requestId: string;
}

export function createApp(parts: AppParts): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('trust proxy', parts.trustedProxies);
  app.set('query parser', 'simple');
  app.set('etag', false);
  app.use(identify);
  app.use(securityHeaders(parts.secure));
  app.get('/healthz', (_request, response) => void response.json({ status: 'ok' }));
  app.get('/readyz', async (_request, response) => {
    const state = await parts.ready();
    response.status(state.ready ? 200 : 503).json(state);
  });
  app.get('/metrics', async (_request, response) => {
    response.type(parts.metrics.registry.contentType).send(await parts.metrics.registry.metrics());
  });
  for (const [path, handler] of Object.entries(parts.mounts ?? {})) app.use(path, handler);
  const gate = new Gate(parts.load);
  parts.metrics.watch(gate);
  for (const route of parts.routes) mount(app, route, parts, gate);
  app.use((_request: Request, _response: Response, next: NextFunction) => next(nothingHere()));
  app.use((error: unknown, request: Request, response: Response, _next: NextFunction) =>
    answerProblem(error, request, response, parts),
  );
  return app;
}

const requestIdOf = (response: Response): string => String(response.locals.requestId);

function identify(_request: Request, response: Response, next: NextFunction): void {
  response.locals.requestId = randomUUID();
  response.setHeader('X-Request-Id', requestIdOf(response));
  next();
}

/** The headers are the same for every answer: helmet words them once. */
function securityHeaders(secure: boolean): express.Handler {
  const headers = new Map<string, string>();
  const note = {
    setHeader: (name: string, value: string) => headers.set(name, value),
    removeHeader: () => undefined,
  };
  wordHeaders(secure)({} as Request, note as unknown as Response, () => undefined);
  return (_request, response, next) => {
    for (const [name, value] of headers) response.setHeader(name, value);
    next();
  };
}

function wordHeaders(secure: boolean): express.Handler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        connectSrc: ["'self'"],
        formAction: ["'self'"],
        manifestSrc: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    strictTransportSecurity: secure ? { maxAge: 31_536_000, includeSubDomains: true } : false,
    crossOriginResourcePolicy: { policy: 'same-origin' },
    referrerPolicy: { policy: 'no-referrer' },
  });
}

function mount(app: Express, route: Route, parts: AppParts, gate: Gate): void {
  const { declaration } = route;
  const path = declaration.path.replace(/\{(\w+)\}/g, ':$1');
  const parsers = declaration.upload
    ? []
    : [
        express.json({ limit: '1mb' }),
        ...(declaration.page ? [express.urlencoded({ extended: false, limit: '256kb' })] : []),
      ];
  app[declaration.method](path, ...parsers, async (request: Request, response: Response) => {
    const started = process.hrtime.bigint();
    response.locals.page = declaration.page === true;
    response.locals.guarded = declaration.auth.kind !== 'public';
    response.once('close', () => {
      const seconds = Number(process.hrtime.bigint() - started) / 1e9;
      parts.metrics.answered(declaration.operationId, response.statusCode, seconds);
      parts.logger.info({
        requestId: requestIdOf(response),
        operation: declaration.operationId,
        status: response.statusCode,
        milliseconds: Math.round(seconds * 1000),
        ...(response.locals.actorId ? { actor: response.locals.actorId as string } : {}),
      });
    });
    const gone = new AbortController();
    response.once('close', () => {
      // Aborting costs an error with its stack: only where somebody did go away.
      if (!response.writableFinished) gone.abort();
    });
    const work = (): Promise<RouteReply> => serve(route, request, response, parts, gone.signal);
    // An upload lasts as long as its sender's line; its work is bounded by the readers it needs.
    const reply = declaration.upload ? await work() : await gate.pass(work, gone.signal);
    await answer(reply, declaration.responses, response);
  });
}

async function serve(
  { declaration, handle }: Route,
  request: Request,
  response: Response,
  parts: AppParts,
  gone: AbortSignal,
): Promise<RouteReply> {
  const requestId = requestIdOf(response);
  const actor = await authenticated(request, declaration, parts, requestId);
  response.locals.actorId =
    actor.kind === 'person' ? actor.accountId : actor.kind === 'system' ? actor.clientId : undefined;
  const limit = declaration.ratePerMinute ?? (declaration.page ? 300 : 1200);
  const rate = await parts.rateLimiter.take(`${callerOf(request, actor)} ${declaration.operationId}`, limit);
  if (!rate.allowed) throw tooMany(rate.retryAfter);
  // The link to the other language is remembered without a script; it tells nothing about the person.
  const asked = request.query.lang;
  if (declaration.page && (asked === 'vi' || asked === 'en')) {
    response.append('Set-Cookie', `lang=${asked}; Path=/; Max-Age=31536000; SameSite=Lax`);
  }
  const admission = admit(declaration.auth, actor);
  if (!admission.admitted) {
    await parts.recordDenial({
      actor,
      operationId: declaration.operationId,
      because: admission.because,
      requestId,
    });
    throw notAdmitted(admission);
  }
  if (
    declaration.page &&
    declaration.method !== 'get' &&
    actor.kind === 'person' &&
    !(await parts.csrfHolds(request, actor))
  ) {
    await parts.recordDenial({ actor, operationId: declaration.operationId, because: 'csrf', requestId });
    throw staleForm();
  }
  const params = parse(declaration.params, request.params, 'path');
  const query = parse(declaration.query, request.query, 'query');
  const body = declaration.upload ? undefined : parse(declaration.body, request.body, 'body');
  // A claim that was not settled when the handler ended is given up; a settled one stays.
  await using claims = new RequestClaims(parts.idempotencyKeys, {
    caller: callerOf(request, actor),
    key: request.get('Idempotency-Key'),
    operation: declaration.operationId,
    need: declaration.idempotent,
  });
  const claimed = declaration.upload
    ? { kind: 'mine' as const, claim: NO_CLAIM }
    : await claims.take([JSON.stringify([params, query, body ?? null])]);
  if (claimed.kind === 'answered') return claimed.reply;
  const input = {
    actor,
    params,
    query,
    body,
    requestId,
    signal: gone,
    language: languageOf(request),
    request,
    idempotency: claimed.claim,
    claimKey: (fingerprint: readonly string[]) =>
      claims.take([JSON.stringify([params, query]), ...fingerprint]),
  };
  if (declaration.auth.kind === 'public') return await handle(input);
  return await tellingRefusals(
    declaration.upload ? [...REFUSALS, ...REFUSED_FILES] : REFUSALS,
    () => handle(input),
    (because) => parts.recordDenial({ actor, operationId: declaration.operationId, because, requestId }),
  );
}

const REFUSALS: readonly FailureKind[] = ['not-found', 'forbidden'];
/** A file that is not taken is nowhere else to be seen: what came, and from whom, was refused as well. */
const REFUSED_FILES: readonly FailureKind[] = ['invalid', 'unsupported', 'unprocessable', 'too-large'];

/** A refusal that no service wrote down is written here, before it is answered: one event for each, and none twice. */
async function tellingRefusals(
  kinds: readonly FailureKind[],
  handle: () => Promise<RouteReply>,
  record: (because: string) => Promise<void>,
): Promise<RouteReply> {
  const watch = { told: false };
  try {
    return await underWatch(watch, handle);
  } catch (error) {
    const failure = asFailure(error);
    if (failure && kinds.includes(failure.kind) && !watch.told) await record(failure.code ?? failure.kind);
    throw error;
  }
}

/** Who calls; a token that is expired, unknown or of another audience is a refused attempt of nobody known. */
async function authenticated(
  request: Request,
  { auth, operationId }: Route['declaration'],
  parts: AppParts,
  requestId: string,
): Promise<Actor> {
  try {
    return await parts.authenticate(request);
  } catch (error) {
    if (auth.kind !== 'public' && error instanceof Failure && error.kind === 'unauthenticated')
      await parts.recordDenial({ actor: { kind: 'anonymous' }, operationId, because: 'token', requestId });
    throw error;
  }
}

/** Who is counted and whose keys these are. An address is only a last resort, for callers without a name. */
function callerOf(request: Request, actor: Actor): string {
  if (actor.kind === 'person') return `person:${actor.accountId}`;
  if (actor.kind === 'system') return `system:${actor.clientId}`;
  return `address:${request.ip ?? 'unknown'}`;
}

function parse(schema: z.ZodType | undefined, value: unknown, place: string): unknown {
  if (!schema) return undefined;
  const parsed = schema.safeParse(value ?? {});
  if (parsed.success) return parsed.data;
  const faults: Fault[] = parsed.error.issues.map(({ path, message }) => ({
    pointer: `/${[place, ...path].map((part) => String(part).replaceAll('~', '~0').replaceAll('/', '~1')).join('/')}`,
    detail: message,
  }));
  throw new Failure(
    'invalid',
    {
      en: `${faults.length === 1 ? 'One value needs' : `${faults.length} values need`} mending; see "errors".`,
      vi: `Có ${faults.length} chỗ cần sửa; xem "errors".`,
    },
    { faults },
  );
}

async function answer(
  reply: RouteReply,
  responses: Readonly<Record<number, ResponseSchema>>,
  response: Response,
): Promise<void> {
  const schema = responses[reply.status];
  if (schema === undefined) throw new Error(`an answer of status ${reply.status} is not declared`);
  response.status(reply.status);
  if (!response.hasHeader('Cache-Control')) response.setHeader('Cache-Control', 'no-store');
  for (const [name, value] of Object.entries(reply.headers ?? {})) response.setHeader(name, value);
  for (const cookie of reply.cookies ?? []) response.append('Set-Cookie', cookie);
  if (reply.stream) {
    // A source that fails destroys the socket: the client sees a cut answer, never a short one that looks whole.
    const sending =
      reply.stream instanceof Readable
        ? pipeline(reply.stream, response)
        : sendChunks(reply.stream, response);
    await sending.catch(() => undefined);
    return;
  }
  if (schema === null) {
    response.end();
    return;
  }
  if ('page' in schema) {
    response.type('html').send(String(reply.body));
    return;
  }
  if ('bytes' in schema) {
    response.setHeader('Content-Type', reply.headers?.['Content-Type'] ?? schema.bytes);
    response.end(reply.body as Uint8Array);
    return;
  }
  response.type('json').send(JSON.stringify(schema.parse(reply.body)));
}

function answerProblem(error: unknown, request: Request, response: Response, parts: AppParts): void {
  const language = languageOf(request);
  const problem = problemOf(error, requestIdOf(response), language);
  // Refusals of the gate are counted by their status; a line with a stack each would feed the overload.
  const shed = error instanceof Failure && error.code === OVERLOADED;
  if (problem.status >= 500 && !shed)
    parts.logger.error({ requestId: requestIdOf(response), error }, 'a request failed');
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const { retryAfter, ...body } = problem;
  if (retryAfter !== undefined) response.setHeader('Retry-After', String(retryAfter));
  response.status(problem.status).setHeader('Cache-Control', 'no-store');
  if (problem.status === 401) response.setHeader('WWW-Authenticate', 'Bearer realm="mot-lan"');
  const wantsPage = response.locals.page === true || request.accepts(['json', 'html']) === 'html';
  if (wantsPage && !request.path.startsWith('/api/')) {
    // Whoever opens a page without a session is led to the sign-in and back; a form that was sent stays in the
    // browser behind the page of the problem. A page open to all that refuses (a sign-in that failed) says why instead.
    if (problem.status === 401 && request.method === 'GET' && response.locals.guarded === true) {
      response.redirect(303, `${parts.signInPage}?ve=${encodeURIComponent(request.originalUrl)}`);
      return;
    }
    response.type('html').send(parts.renderProblem(problem, language));
    return;
  }
  response.type('application/problem+json').send(JSON.stringify(body));
  // What is left of a refused upload is not read.
  if (!request.complete) request.resume();
}
