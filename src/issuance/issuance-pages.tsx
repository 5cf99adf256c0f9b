/** The pages of issuance. */
export * from './batch-page.tsx';
export * from './conversion-page.tsx';
