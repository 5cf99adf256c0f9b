/** From a page to the bytes a browser gets. */
import type { VNode } from 'preact';
import { render } from 'preact-render-to-string';

/** The whole document. Everything that came from a person is escaped by the renderer. */
export const renderPage = (page: VNode): string => `<!doctype html>${render(page)}`;
