/** The face of consent. */
export {
  CONSENT_TEXT_VERSION,
  type ConsentState,
  consentText,
  type Grant,
  stateAt,
  textSha256,
  useOf,
  type View,
} from './consent.ts';
export { consentRoutes } from './consent-api.ts';
export { findGrant, insertGrant, latestGrant, markUsed } from './consent-repository.ts';
export { ConsentService } from './consent-service.ts';
