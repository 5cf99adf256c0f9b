/** The face of consent. */
export {
  CONSENT_METHODS,
  CONSENT_TEXT_VERSION,
  type ConsentMethod,
  type ConsentState,
  consentText,
  type Grant,
  stateAt,
  textSha256,
  useOf,
  type View,
} from './consent.ts';
export { consentRoutes } from './consent-api.ts';
export { isChild } from './consent-policy.ts';
export {
  findGrant,
  GRANT_STANDS,
  grantsOfOwners,
  insertGrant,
  latestGrant,
  latestGrants,
  markUsed,
} from './consent-repository.ts';
export { type Assistance, ConsentService, childNeedsGuardian, noSuchConsent } from './consent-service.ts';
export {
  noSecretSender,
  type SecretMessage,
  type SecretSender,
  type SecretSending,
} from './secret-sender.ts';
