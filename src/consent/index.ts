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
export { makeShownCode, sendCode, tryCode, useCode, wrongCode } from './consent-codes.ts';
export { isChild } from './consent-policy.ts';
export {
  findGrant,
  GRANT_STANDS,
  grantsOfOwners,
  insertGrant,
  latestGrant,
  latestGrants,
  latestGrantsOf,
  markUsed,
} from './consent-repository.ts';
export { type Assistance, ConsentService, childNeedsGuardian, noSuchConsent } from './consent-service.ts';
export { dataRequestRoutes } from './data-request-api.ts';
export { DataRequestService } from './data-request-service.ts';
export { PreviewsPage } from './rights-pages.tsx';
export {
  noSecretSender,
  type SecretMessage,
  type SecretSender,
  type SecretSending,
} from './secret-sender.ts';
