/** Every page of digitisation. Literal addresses stand before those with an id in their place. */
import type { Route } from '../http/index.ts';
import type { DigitisationPageParts } from './digitisation-page-context.ts';
import { openingPageRoutes } from './opening-page-routes.ts';
import { scanPageRoutes } from './scan-page-routes.ts';
import { searchPageRoutes } from './search-page-routes.ts';

export const digitisationPageRoutes = (parts: DigitisationPageParts): Route[] => [
  ...openingPageRoutes(parts),
  ...searchPageRoutes(parts),
  ...scanPageRoutes(parts),
];
