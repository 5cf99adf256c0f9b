/** Renders a page and looks at it as a browser and as axe would. Needs nothing but Node. */
import axe from 'axe-core';
import { JSDOM } from 'jsdom';
import type { VNode } from 'preact';
import { renderPage } from '../../src/web/render.ts';
import { stylesheet } from '../../src/web/stylesheet.ts';

/** The rendered page as text and as a document. Scripts never run. */
export function open(page: VNode): { html: string; document: Document; window: JSDOM['window'] } {
  const html = renderPage(page);
  const { window } = new JSDOM(html, { url: 'https://kho.example/' });
  return { html, document: window.document, window };
}

/** One window for all pages: reading axe's half a megabyte takes longer than running it. */
let axeWindow: JSDOM['window'] | undefined;

function windowWithAxe(): JSDOM['window'] {
  if (axeWindow === undefined) {
    axeWindow = new JSDOM('', { url: 'https://kho.example/', runScripts: 'outside-only' }).window;
    // jsdom has no canvas; axe asks for one only to look for icon fonts, which the pages do not have.
    axeWindow.HTMLCanvasElement.prototype.getContext = () => null;
    axeWindow.eval(axe.source);
  }
  return axeWindow;
}

/** What axe finds (WCAG 2.0–2.2 A and AA, best practice), one line each. Colours are checked in the browser. */
export async function violations(page: VNode): Promise<string[]> {
  const window = windowWithAxe();
  window.document.open();
  window.document.write(renderPage(page));
  window.document.close();
  const run = (window as unknown as { axe: typeof axe }).axe;
  const result = await run.run(window.document, { rules: { 'color-contrast': { enabled: false } } });
  return result.violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`,
  );
}

/** Bytes of the page with its stylesheet, as they are before compression. */
export const weight = (html: string): number => Buffer.byteLength(html) + Buffer.byteLength(stylesheet.body);

/** Ids that occur twice, links and labels that lead nowhere in the page. */
export function brokenReferences(document: Document): string[] {
  const ids = [...document.querySelectorAll('[id]')].map((element) => element.id);
  const twice = ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `twice: ${id}`);
  const missing = [
    ...[...document.querySelectorAll('a[href^="#"]')].map((link) => link.getAttribute('href')?.slice(1)),
    ...[...document.querySelectorAll('[for]')].map((label) => label.getAttribute('for')),
    ...[...document.querySelectorAll('[aria-describedby], [aria-labelledby]')].flatMap((element) =>
      `${element.getAttribute('aria-describedby') ?? ''} ${element.getAttribute('aria-labelledby') ?? ''}`
        .split(' ')
        .filter(Boolean),
    ),
  ].filter((id) => !ids.includes(id ?? ''));
  const misplaced = [...document.querySelectorAll('p:empty')].map(
    () => 'empty paragraph: a block inside a p?',
  );
  return [...misplaced, ...twice, ...missing.map((id) => `missing: ${id}`)];
}
