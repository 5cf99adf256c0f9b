import { expect, test } from '@jest/globals';
import type { RouteReply } from '../../src/http/route.ts';
import { paths, stylesheet } from '../../src/web/index.ts';
import { galleryPath, webRoutes } from '../../src/web/web-routes.ts';
import { frameIn } from '../support/frames.ts';

const routes = (gallery: boolean) =>
  webRoutes({ frame: () => frameIn('vi'), offices: async () => [], begin: () => paths.papers, gallery });
const ask = (path: string, actor: string): Promise<RouteReply> | undefined =>
  routes(true)
    .find(({ declaration }) => declaration.path === path)
    ?.handle({ actor: { kind: actor } } as never);

test('every link of the footer has a route, and the gallery only where it is wanted', () => {
  const served = routes(false).map(({ declaration }) => declaration.path);
  expect(served).toEqual(
    expect.arrayContaining([paths.home, paths.help, paths.privacy, paths.accessibility, paths.offices]),
  );
  expect(served).not.toContain(galleryPath);
});

test('the stylesheet may be kept for ever, since its name changes with it', async () => {
  const reply = await ask(stylesheet.path, 'anonymous');
  expect(reply?.headers?.['Cache-Control']).toContain('immutable');
  expect(String(reply?.body)).toBe(stylesheet.body);
});

test('the first page welcomes a stranger and sends a signed-in person on', async () => {
  expect(String((await ask(paths.home, 'anonymous'))?.body)).toContain('Nộp một lần');
  expect(await ask(paths.home, 'person')).toMatchObject({ status: 303, headers: { Location: paths.papers } });
});
