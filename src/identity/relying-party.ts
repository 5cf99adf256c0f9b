/**
 * The vault as a relying party of OpenID Connect: authorisation code flow with PKCE (S256), state and nonce (OIDC Core
 * §3.1, RFC 7636), the issuer's signature on the ID token verified, `iss` of the answer checked (RFC 9207). Works with
 * any issuer that tells the claims named in the configuration; the identity behind a sign-in is nothing but claims.
 */
import * as oidc from 'openid-client';
import { z } from 'zod';
import { Failure } from '../platform/failure.ts';
import type { Assurance } from './actor.ts';
import type { Gender } from './person.ts';

export interface ClaimNames {
  readonly personalNumber: string;
  readonly fullName: string;
  readonly birthDate: string;
  readonly gender: string;
  readonly nationality: string;
  readonly passportNumber: string;
  readonly assurance: string;
}

export const DEFAULT_CLAIM_NAMES: ClaimNames = {
  personalNumber: 'personal_number',
  fullName: 'name',
  birthDate: 'birthdate',
  gender: 'gender',
  nationality: 'nationality',
  passportNumber: 'passport_number',
  assurance: 'assurance_level',
};

export interface RelyingPartyOptions {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redirectUri: string;
  readonly scope?: string;
  readonly claims?: Partial<ClaimNames>;
  /** Values of the assurance claim that mean level 1 and level 2; any other value is refused. */
  readonly assuranceValues?: Readonly<Record<string, Assurance>>;
  /** Plain http to the issuer; for the embedded development issuer only. */
  readonly allowHttp?: boolean;
}

/** What is kept until the person comes back. */
export interface SignInSecrets {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
}

/** What the issuer says of the person. */
export interface VerifiedIdentity {
  readonly issuer: string;
  readonly subject: string;
  readonly assurance: Assurance;
  readonly personalNumber?: string;
  readonly fullName?: string;
  readonly birthDate?: string;
  readonly gender?: Gender;
  readonly nationality?: string;
  readonly passportNumber?: string;
}

const REDISCOVER_AFTER = 10 * 60_000;

export class RelyingParty {
  readonly issuer: string;
  readonly #options: RelyingPartyOptions;
  #known: { at: number; configuration: Promise<oidc.Configuration> } | undefined;

  constructor(options: RelyingPartyOptions) {
    this.#options = options;
    this.issuer = options.issuer;
  }

  /**
   * Where to send the browser. A personal number that was typed goes along only where the issuer takes the request
   * over the back channel (RFC 9126): an address is no place for it.
   */
  async begin(personalNumber?: string): Promise<{ url: URL; secrets: SignInSecrets }> {
    const configuration = await this.#configuration();
    const secrets: SignInSecrets = {
      state: oidc.randomState(),
      nonce: oidc.randomNonce(),
      codeVerifier: oidc.randomPKCECodeVerifier(),
    };
    const parameters: Record<string, string> = {
      redirect_uri: this.#options.redirectUri,
      scope: this.#options.scope ?? 'openid profile',
      response_type: 'code',
      state: secrets.state,
      nonce: secrets.nonce,
      code_challenge: await oidc.calculatePKCECodeChallenge(secrets.codeVerifier),
      code_challenge_method: 'S256',
    };
    if (configuration.serverMetadata().pushed_authorization_request_endpoint === undefined) {
      return { url: oidc.buildAuthorizationUrl(configuration, parameters), secrets };
    }
    const hinted = personalNumber === undefined ? parameters : { ...parameters, login_hint: personalNumber };
    try {
      return { url: await oidc.buildAuthorizationUrlWithPAR(configuration, hinted), secrets };
    } catch (error) {
      throw issuerDown(error);
    }
  }

  /** Reads the answer. @throws Failure `unauthenticated` when it does not hold or the person declined. */
  async complete(answer: URL, secrets: SignInSecrets): Promise<VerifiedIdentity> {
    const configuration = await this.#configuration();
    let claims: Record<string, unknown> | undefined;
    try {
      const tokens = await oidc.authorizationCodeGrant(configuration, answer, {
        expectedState: secrets.state,
        expectedNonce: secrets.nonce,
        pkceCodeVerifier: secrets.codeVerifier,
        idTokenExpected: true,
      });
      claims = tokens.claims();
    } catch (error) {
      throw refused(error);
    }
    if (!claims) throw refused(new Error('no ID token'));
    return this.#identityOf(claims);
  }

  #identityOf(claims: Record<string, unknown>): VerifiedIdentity {
    const names = { ...DEFAULT_CLAIM_NAMES, ...this.#options.claims };
    const levels = this.#options.assuranceValues ?? { '1': 1, '2': 2 };
    const assurance = levels[String(claims[names.assurance])];
    const parsed = identitySchema.safeParse({
      subject: claims.sub,
      personalNumber: claims[names.personalNumber],
      fullName: claims[names.fullName],
      birthDate: claims[names.birthDate],
      gender: claims[names.gender],
      nationality: claims[names.nationality],
      passportNumber: claims[names.passportNumber],
    });
    if (assurance === undefined || !parsed.success) throw unreadableIdentity();
    return { issuer: this.issuer, assurance, ...parsed.data };
  }

  async #configuration(): Promise<oidc.Configuration> {
    const now = Date.now();
    if (!this.#known || now - this.#known.at > REDISCOVER_AFTER) {
      this.#known = { at: now, configuration: this.#discover() };
    }
    try {
      return await this.#known.configuration;
    } catch (error) {
      this.#known = undefined;
      throw issuerDown(error);
    }
  }

  #discover(): Promise<oidc.Configuration> {
    const { issuer, clientId, clientSecret, allowHttp } = this.#options;
    return oidc.discovery(new URL(issuer), clientId, undefined, oidc.ClientSecretBasic(clientSecret), {
      timeout: 10,
      execute: [oidc.enableNonRepudiationChecks, ...(allowHttp ? [oidc.allowInsecureRequests] : [])],
    });
  }
}

const identitySchema = z.object({
  subject: z.string().min(1).max(255),
  personalNumber: z
    .string()
    .regex(/^\d{12}$/)
    .optional(),
  fullName: z.string().min(1).max(200).optional(),
  birthDate: z.iso.date().optional(),
  gender: z.enum(['male', 'female', 'other']).optional(),
  nationality: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .optional(),
  passportNumber: z.string().max(20).optional(),
});

const issuerDown = (cause: unknown): Failure =>
  new Failure(
    'unavailable',
    {
      en: 'The sign-in service does not answer. Try again in a few minutes; papers can be checked without signing in.',
      vi: 'Dịch vụ đăng nhập chưa trả lời. Hãy thử lại sau ít phút; vẫn kiểm tra được giấy tờ mà không cần đăng nhập.',
    },
    { code: 'issuer-down', retryAfter: 30, cause },
  );

function refused(cause: unknown): Failure {
  const declined = cause instanceof oidc.AuthorizationResponseError && cause.error === 'access_denied';
  return new Failure(
    'unauthenticated',
    declined
      ? {
          en: 'The sign-in was cancelled. Begin again when you are ready.',
          vi: 'Việc đăng nhập đã bị hủy. Hãy bắt đầu lại khi sẵn sàng.',
        }
      : {
          en: 'The sign-in could not be confirmed. Begin again from the sign-in page.',
          vi: 'Chưa xác nhận được việc đăng nhập. Hãy bắt đầu lại từ trang đăng nhập.',
        },
    { code: declined ? 'sign-in-cancelled' : 'sign-in-refused', cause },
  );
}

const unreadableIdentity = (): Failure =>
  new Failure(
    'unauthenticated',
    {
      en: 'The sign-in service did not tell who signed in and at which level. Report this to the operator.',
      vi: 'Dịch vụ đăng nhập chưa cho biết ai đăng nhập và ở mức độ nào. Hãy báo cho đơn vị vận hành.',
    },
    { code: 'identity-incomplete' },
  );
