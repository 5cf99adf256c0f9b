/** The face of digitisation: what other modules and the composition root may import. */
export { digitisationRoutes } from './digitisation-api.ts';
export { createDigitisation, type DigitisationServices } from './digitisation-services.ts';
export { checkCodeTemplate } from './result-code.ts';
export type { OfficerSigners } from './scanner-signature.ts';
export { forgetDigitisation } from './text-repository.ts';
