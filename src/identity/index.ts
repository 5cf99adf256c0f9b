/** The face of identity: what other modules may import. */

export type { CatalogueNames } from './access-consent-routes.ts';
export { type Account, accountById, accountsOfPerson } from './account-repository.ts';
export * from './actor.ts';
export { administrationRoutes } from './administration-api.ts';
export { Administration, type RoleGrant } from './administration-service.ts';
export { type Authenticator, type AuthenticatorParts, createAuthenticator } from './authenticator.ts';
export {
  type AuthorizationServer,
  type AuthorizationServerParts,
  apiAudience,
  createAuthorizationServer,
  oauthIssuer,
} from './authorization-server.ts';
export { Bootstrap } from './bootstrap.ts';
export { ClientAdministration } from './client-administration.ts';
export { type AccessToken, clientAssertion, fetchClientToken, type TokenRequest } from './client-token.ts';
export { DelegatedAccessService } from './delegated-access-service.ts';
export { type DemoAccount, demoAccountGroups } from './demo-account.ts';
export {
  type DemoClientKey,
  demoClientKeyFile,
  openDemoClientKeys,
  type SeededIdentities,
  seedDemoIdentities,
} from './demo-identities.ts';
export * from './demo-people.ts';
export {
  createDevelopmentIssuer,
  DEVELOPMENT_ISSUER_PATH,
  type DevelopmentIssuerParts,
  developmentIssuerUrl,
} from './development-issuer.ts';
export { allowsDocument, type DocumentAccess, documentAccessSchema } from './document-access.ts';
export { claimedOrganisation, type OrganisationClaim } from './find-organisation.ts';
export { type FoundPerson, findOrCreatePerson, findPerson } from './find-person.ts';
export { type FoundOrFailure, findOrCreatePersons } from './find-persons.ts';
export { createIdentity, type Identity, type IdentityOptions, type IssuerChoice } from './identity.ts';
export { identityCommand, identityUsage } from './identity-command.ts';
export * from './identity-policy.ts';
export { CLIENT_ALGORITHMS, jwksSchema, type MachineClient, type PublicJwk } from './machine-client.ts';
export { machineClientById } from './machine-client-repository.ts';
export { PayloadAdapter, rememberOnce } from './oidc-payload.ts';
export {
  agrees,
  type Gender,
  matchNames,
  matchPerson,
  type NameMatch,
  type Person,
  type PersonClaim,
  type PersonMatch,
} from './person.ts';
export {
  correctPerson,
  markDeceased,
  personById,
  personByNumber,
  personsByIds,
} from './person-repository.ts';
export * from './personal-number.ts';
export { appendRefusal, type Refusal, recordRefusal } from './refusal.ts';
export {
  type ClaimNames,
  RelyingParty,
  type RelyingPartyOptions,
  type VerifiedIdentity,
} from './relying-party.ts';
export * from './representation.ts';
export { representationRoutes } from './representation-api.ts';
export {
  findOrCreateOrganisation,
  type Organisation,
  organisationById,
  organisationByNumber,
  representationsOf,
  representativesOf,
  standingOf,
} from './representation-repository.ts';
export { Representations } from './representation-service.ts';
export { safeReturnPath } from './return-path.ts';
export { openServerKeys, rotateServerKeys, type ServerKeys } from './server-keys.ts';
export { SESSION_LIMITS, type SessionLimits } from './session.ts';
export { Sessions } from './session-service.ts';
export { type PageInput, SIGN_IN_CALLBACK, SIGN_IN_START, signInRoutes } from './sign-in-routes.ts';
export { SignIn } from './sign-in-service.ts';
export * from './standing.ts';
