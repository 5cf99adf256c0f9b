/**
 * The one stylesheet of every page: the files of `styles/` in order, minified, named by a hash of its bytes.
 *
 * It is a file rather than a `<style>` element: the Content-Security-Policy stays `style-src 'self'`, the
 * bytes are fetched once for all pages (the name changes when they do, so it may be cached for ever), and a
 * page of a rural phone is then 5–12 kB instead of 25.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

const files = ['tokens', 'base', 'layout', 'controls', 'papers', 'blocks', 'tables', 'print'] as const;

/** Comments, line breaks and needless spaces removed. Enough for hand-written CSS without `url()` of data. */
export function minifyCss(css: string): string {
  return css
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/\s+/g, ' ')
    .replace(/ ?([{};,]) ?/g, '$1')
    .replace(/([a-z-]): /g, '$1:')
    .replace(/;}/g, '}')
    .trim();
}

function read(): { readonly path: string; readonly body: string; readonly contentType: string } {
  const source = files.map((name) => readFileSync(new URL(`styles/${name}.css`, import.meta.url), 'utf8'));
  const body = minifyCss(source.join('\n'));
  const hash = createHash('sha256').update(body).digest('hex').slice(0, 16);
  return { path: `/assets/mot-lan.${hash}.css`, body, contentType: 'text/css; charset=utf-8' };
}

/**
 * The stylesheet as it is served: `path` carries the hash (answer it with
 * `Cache-Control: public, max-age=31536000, immutable`), `body` is the minified text.
 */
export const stylesheet = read();
