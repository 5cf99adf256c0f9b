/** Serves the example pages with the stylesheet under the policy of the real service, on a free local port. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { VNode } from 'preact';
import { renderPage, stylesheet } from '../../src/web/index.ts';

const policy =
  "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
const paper =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 660"><rect width="600" height="660" fill="#fffdf7"/><text x="300" y="120" text-anchor="middle" font-family="serif" font-size="28">GIẤY CHỨNG NHẬN KẾT HÔN</text></svg>';

/** Starts to serve each page under `/<its name>`. */
export async function serveExamples(
  pages: readonly { readonly name: string; readonly page: VNode }[],
): Promise<{ readonly url: string } & AsyncDisposable> {
  const server = createServer((request, response) => {
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    const example = pages.find(({ name }) => path === `/${name}`);
    response.setHeader('Content-Security-Policy', policy);
    if (path === stylesheet.path) {
      response.setHeader('Content-Type', stylesheet.contentType).end(stylesheet.body);
    } else if (example) {
      response.setHeader('Content-Type', 'text/html; charset=utf-8').end(renderPage(example.page));
    } else if (path.startsWith('/giay-to/')) {
      response.setHeader('Content-Type', 'image/svg+xml').end(paper);
    } else {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
