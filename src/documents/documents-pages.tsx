/** The pages on a citizen's own papers. */
export * from './document-page.tsx';
export * from './home-page.tsx';
export * from './remove-page.tsx';
export * from './upload-page.tsx';
