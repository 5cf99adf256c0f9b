/** The face of digitisation: what other modules and the composition root may import. */
export { CampaignService } from './campaign-service.ts';
export { digitisationRoutes } from './digitisation-api.ts';
export { createDigitisation, type DigitisationServices } from './digitisation-services.ts';
export { type DropSource, storePrefix, watchedFolder } from './drop-sources.ts';
export { operatorAt } from './operator.ts';
export { PageReader } from './page-reader.ts';
export { digitisationPageRoutes } from './page-routes.ts';
export { checkCodeTemplate } from './result-code.ts';
export type { OfficerSigners } from './scanner-signature.ts';
export { searchRoutes } from './search-api.ts';
export { StationIntake } from './station-intake.ts';
export { stationReport } from './station-report.ts';
export { openTasks } from './task-list.ts';
export { forgetDigitisation } from './text-repository.ts';
export { TextSearch } from './text-search.ts';
export { openWordReader, packagedReader, type WordReader } from './word-reader.ts';
