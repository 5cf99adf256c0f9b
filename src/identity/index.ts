/** The face of identity: what other modules may import. */
export { type Account, accountById, accountsOfPerson } from './account-repository.ts';
export * from './actor.ts';
export { type Authenticator, type AuthenticatorParts, createAuthenticator } from './authenticator.ts';
export {
  type AuthorizationServer,
  type AuthorizationServerParts,
  apiAudience,
  createAuthorizationServer,
  oauthIssuer,
} from './authorization-server.ts';
export { type DemoAccount, demoAccountGroups } from './demo-account.ts';
export {
  createDevelopmentIssuer,
  DEVELOPMENT_ISSUER_PATH,
  type DevelopmentIssuerParts,
  developmentIssuerUrl,
} from './development-issuer.ts';
export { type FoundPerson, findOrCreatePerson, findPerson } from './find-person.ts';
export { CLIENT_ALGORITHMS, jwksSchema, type MachineClient, type PublicJwk } from './machine-client.ts';
export { machineClientById } from './machine-client-repository.ts';
export { PayloadAdapter, rememberOnce } from './oidc-payload.ts';
export {
  agrees,
  type Gender,
  matchNames,
  matchPerson,
  type Person,
  type PersonClaim,
  type PersonMatch,
} from './person.ts';
export { markDeceased, personById, personByNumber, personsByIds } from './person-repository.ts';
export * from './personal-number.ts';
export {
  type ClaimNames,
  RelyingParty,
  type RelyingPartyOptions,
  type VerifiedIdentity,
} from './relying-party.ts';
export { safeReturnPath } from './return-path.ts';
export { openServerKeys, rotateServerKeys, type ServerKeys } from './server-keys.ts';
export { SESSION_LIMITS, type SessionLimits } from './session.ts';
export { Sessions } from './session-service.ts';
export { type PageInput, SIGN_IN_CALLBACK, SIGN_IN_START, signInRoutes } from './sign-in-routes.ts';
export { SignIn } from './sign-in-service.ts';
