/** A listening site with the vault's whole HTTP pipeline and the given page routes; nobody is ever signed in. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createApp, IdempotencyKeys, Metrics, RateLimiter, type Route } from '../../src/http/index.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { createLogger } from '../../src/platform/logger.ts';
import { problemPage, renderPage } from '../../src/web/index.ts';
import { webRoutes } from '../../src/web/web-routes.ts';
import { frameIn } from './frames.ts';
import { createTestDatabase } from './test-database.ts';

export interface PageSite extends AsyncDisposable {
  readonly baseUrl: string;
}

/** @param routes besides the stylesheet and the pages that need nobody's data */
export async function createPageSite(routes: readonly Route[]): Promise<PageSite> {
  const testDatabase = await createTestDatabase();
  const { database } = testDatabase;
  const common = webRoutes({
    frame: ({ language, request }) => frameIn(language, request.originalUrl),
    offices: async () => [],
    begin: () => '/',
    gallery: true,
  });
  const app = createApp({
    routes: [...common, ...routes],
    authenticate: async () => ({ kind: 'anonymous' }),
    csrfHolds: async () => true,
    recordDenial: async () => undefined,
    signInPage: '/dang-nhap',
    renderProblem: (problem, language) => renderPage(problemPage(problem, frameIn(language))),
    idempotencyKeys: new IdempotencyKeys(database, systemClock),
    rateLimiter: new RateLimiter(database, systemClock),
    metrics: new Metrics(),
    logger: createLogger('silent'),
    clock: systemClock,
    ready: async () => ({ ready: true, parts: {} }),
    secure: false,
    trustedProxies: 0,
  });
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await testDatabase[Symbol.asyncDispose]();
    },
  };
}
