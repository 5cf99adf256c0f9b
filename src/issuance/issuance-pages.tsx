/** The pages of issuance. */
export * from './batch-list-page.tsx';
export * from './batch-page.tsx';
export * from './conversion-page.tsx';
export * from './mend-pages.tsx';
export * from './register-entry-pages.tsx';
export * from './register-pages.tsx';
