/**
 * What the authorisation server adds for systems that ask people: pushed requests (RFC 9126), `authorization_details`
 * (RFC 9396), and the back channel on which the person answers elsewhere (CIBA, poll). Tokens live an hour, are bound to
 * a key, and there are no refresh tokens: a consent is for one dossier, now.
 */
import type {
  Account,
  AuthorizationDetailsForIntrospection,
  CIBAConfiguration,
  RichAuthorizationRequestsActiveConfiguration,
} from 'oidc-provider';
import { errors } from 'oidc-provider';
import { appendEvent } from '../ledger/index.ts';
import { newId } from '../platform/ids.ts';
import { publish } from '../platform/outbox.ts';
import { insertAccessRequest } from './access-request-repository.ts';
import { DOCUMENT_ACCESS, documentAccessSchema, readDocumentAccess } from './document-access.ts';
import type { PayloadParts } from './oidc-payload.ts';
import { personByNumber } from './person-repository.ts';
import { isUuid } from './uuid.ts';

/** Seconds. A person has a quarter of an hour to answer; what was allowed holds for an hour. */
export const DELEGATED_LIFETIMES = {
  BackchannelAuthenticationRequest: 900,
  PushedAuthorizationRequest: 60,
  AuthorizationCode: 60,
  Interaction: 900,
  AccessToken: 3_600,
  IdToken: 3_600,
  Grant: 3_600,
  Session: 3_600,
} as const;

/** The page on which a person answers a request that came over the browser. */
export const consentPath = (uid: string): string => `/cho-phep/${encodeURIComponent(uid)}`;

export async function findLivingPerson(
  { database }: PayloadParts,
  personId: string,
): Promise<Account | undefined> {
  if (!isUuid(personId)) return undefined;
  const [row] = await database.read<{ one: number }>(
    'SELECT 1 AS one FROM person WHERE id = $1::uuid AND deceased_at IS NULL',
    [personId],
  );
  return row && { accountId: personId, claims: () => ({ sub: personId }) };
}

interface DelegatedAccessFeatures {
  readonly pushedAuthorizationRequests: {
    readonly enabled: true;
    readonly requirePushedAuthorizationRequests: true;
  };
  readonly richAuthorizationRequests: RichAuthorizationRequestsActiveConfiguration & {
    authorizationDetailsForIntrospection: AuthorizationDetailsForIntrospection;
  };
  readonly ciba: CIBAConfiguration;
}

export const delegatedAccessFeatures = (parts: PayloadParts): DelegatedAccessFeatures => ({
  pushedAuthorizationRequests: { enabled: true, requirePushedAuthorizationRequests: true },
  richAuthorizationRequests: {
    enabled: true,
    types: {
      [DOCUMENT_ACCESS]: {
        validate: (_context, detail) => {
          const parsed = documentAccessSchema.safeParse(detail);
          if (parsed.success) return;
          const [issue] = parsed.error.issues;
          throw new errors.InvalidAuthorizationDetails(
            `document_access: ${issue?.path.join('.') || 'the detail'}: ${issue?.message ?? 'malformed'}`,
          );
        },
      },
    },
    // What the person ticked, never what was asked.
    authorizationDetailsForGrantSource: (context) => context.oidc.grant?.rar,
    authorizationDetailsForAccessToken: (_context, _token, source) => {
      if (source === undefined) {
        throw new errors.InvalidAuthorizationDetails('only a person can give document_access');
      }
      return source.rar;
    },
    authorizationDetailsForIntrospection: (_context, token) => token.rar,
  },
  ciba: {
    enabled: true,
    deliveryModes: ['poll'],
    processLoginHint: async (_context, hint) => {
      if (hint === undefined || !/^\d{12}$/.test(hint)) return undefined;
      const person = await parts.database.transactSql((sql) => personByNumber(sql, hint));
      return person?.deceasedAt === null ? person.id : undefined;
    },
    processLoginHintToken: () => undefined,
    verifyUserCode: () => undefined,
    validateBindingMessage: (_context, message) => {
      if (message !== undefined && !/^[\p{L}\p{N} .,:;/()-]{1,100}$/u.test(message)) {
        throw new errors.InvalidBindingMessage(
          'letters, digits and plain punctuation, at most 100 characters',
        );
      }
    },
    validateRequestContext: () => undefined,
    triggerAuthenticationDevice: async (_context, request, account, client) => {
      const { params } = request as unknown as { params: Record<string, unknown> };
      const details = readDocumentAccess(parsed(params.authorization_details));
      if (details.length === 0) {
        await request.destroy();
        throw new errors.InvalidRequest('authorization_details of the type document_access are needed');
      }
      const now = parts.clock.now();
      await parts.database.transactSql(async (sql) => {
        const id = newId();
        await insertAccessRequest(sql, {
          id,
          authReqId: request.jti,
          clientId: client.clientId,
          personId: account.accountId,
          bindingMessage: typeof params.binding_message === 'string' ? params.binding_message : null,
          scope: String(request.scope ?? ''),
          details,
          createdAt: now,
          expiresAt: new Date(now.getTime() + DELEGATED_LIFETIMES.BackchannelAuthenticationRequest * 1000),
        });
        await appendEvent(sql, {
          type: 'consent.asked',
          at: now,
          actor: { kind: 'vault' },
          outcome: 'done',
          ownerIds: [account.accountId],
          detail: { request: id, client: client.clientId },
        });
        await publish(sql, {
          type: 'access.asked.v1',
          at: now,
          subject: id,
          person: account.accountId,
          data: { client: client.clientId },
        });
      });
    },
  },
});

function parsed(text: unknown): unknown {
  try {
    return typeof text === 'string' ? JSON.parse(text) : text;
  } catch {
    return undefined;
  }
}
