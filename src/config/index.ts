/** The module's face: configuration from the environment, and secrets that do not show. */
export * from './config.ts';
export { Secret } from './secret.ts';
