/** The face of the design system: what pages and handlers use. */

export * from './check-words.ts';
export * from './components/chart.tsx';
export * from './components/compare-form.tsx';
export { ErrorSummary } from './components/error-summary.tsx';
export * from './components/fields.tsx';
export * from './components/form.tsx';
export * from './components/lists.tsx';
export { Mark, ProvenanceRing } from './components/mark.tsx';
export * from './components/notices.tsx';
export * from './components/page.tsx';
export * from './components/papers.tsx';
export * from './components/progress.tsx';
export { Shape, type ShapeName, shapeNames } from './components/shapes.tsx';
export * from './components/status.tsx';
export * from './components/table.tsx';
export { shared } from './content.ts';
export * from './error-pages.tsx';
export * from './frame.ts';
export * from './i18n/format.ts';
export * from './i18n/language.ts';
export * from './i18n/search-key.ts';
export { paths } from './paths.ts';
export * from './person.ts';
export { renderPage } from './render.ts';
export { stylesheet } from './stylesheet.ts';
export * from './validity.ts';
