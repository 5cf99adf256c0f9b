/**
 * One HTTP operation, declared: what it takes, who may call it, what it answers. From the declaration come the types
 * of its handler, the checks of request and response, the OpenAPI document and the permission table. `auth` has no
 * default, so an unguarded route does not compile.
 */
import type { Readable } from 'node:stream';
import type { Request } from 'express';
import type { z } from 'zod';
import type { Actor, Role, Scope } from '../identity/actor.ts';
import type { IdempotencyClaim } from './idempotency.ts';

/** Who may call. Finer rules (whose document, which dossier) are policies of the services. */
export type Auth =
  | { readonly kind: 'public' }
  /** Anyone signed in, from the given assurance level. */
  | { readonly kind: 'citizen'; readonly assurance?: 1 | 2 }
  /** Signed in with one of the roles, or a system with one of the scopes. At least one list is not empty. */
  | { readonly kind: 'office'; readonly roles?: readonly Role[]; readonly scopes?: readonly Scope[] }
  /** A citizen, or an office as above. */
  | {
      readonly kind: 'citizen-or-office';
      readonly assurance?: 1 | 2;
      readonly roles?: readonly Role[];
      readonly scopes?: readonly Scope[];
    };

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** Schema of a JSON answer; `bytes` and `page` name answers that are not JSON. */
export type ResponseSchema = z.ZodType | { readonly bytes: string } | { readonly page: true } | null;

export interface RouteInput<Params, Query, Body> {
  readonly actor: Actor;
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  /** Correlates logs, events and problem details. */
  readonly requestId: string;
  /** Aborts when the client goes away. */
  readonly signal: AbortSignal;
  readonly language: 'vi' | 'en';
  /** Settled by the service in its last transaction; does nothing where the operation takes no key. */
  readonly idempotency: IdempotencyClaim;
  /**
   * For uploads, whose content is known only once it was read: claims the key with this fingerprint. `answered` carries
   * the stored reply.
   */
  readonly claimKey: (fingerprint: readonly string[]) => Promise<KeyClaim>;
  /** The raw request, for uploads and conditional headers only. */
  readonly request: Request;
}

export type KeyClaim =
  | { readonly kind: 'mine'; readonly claim: IdempotencyClaim }
  | { readonly kind: 'answered'; readonly reply: RouteReply };

export interface RouteReply {
  readonly status: number;
  readonly body?: unknown;
  /** Instead of `body`: bytes as they are. A stream that fails cuts the connection. */
  readonly stream?: Readable | AsyncIterable<Uint8Array>;
  readonly headers?: Readonly<Record<string, string>>;
  /** `Set-Cookie` values. */
  readonly cookies?: readonly string[];
}

export interface RouteDeclaration<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> {
  readonly method: Method;
  /** OpenAPI style: `/api/v1/documents/{documentId}`. Never holds a personal number or a name. */
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly tag: string;
  readonly auth: Auth;
  readonly params?: P;
  readonly query?: Q;
  /** JSON (and form) bodies are parsed with it. `upload` leaves the body to the handler as a stream. */
  readonly body?: B;
  readonly upload?: { readonly contentTypes: readonly string[] };
  /** A page: faults are shown as HTML, and forms carry a CSRF token. */
  readonly page?: boolean;
  /** The `Idempotency-Key` header: stored with the answer, replayed for the same body. */
  readonly idempotent?: 'required' | 'optional';
  readonly responses: Readonly<Record<number, ResponseSchema>>;
  /** Requests a minute and caller; default 600. */
  readonly ratePerMinute?: number;
}

export interface Route {
  readonly declaration: RouteDeclaration<z.ZodType, z.ZodType, z.ZodType>;
  readonly handle: (input: RouteInput<unknown, unknown, unknown>) => Promise<RouteReply>;
}

/** Declares an operation and its handler. The handler sees parsed, typed values only. */
export function route<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType>(
  declaration: RouteDeclaration<P, Q, B>,
  handle: (input: RouteInput<z.output<P>, z.output<Q>, z.output<B>>) => Promise<RouteReply>,
): Route {
  return { declaration, handle } as unknown as Route;
}
