/** The module's face: configuration from the environment, and secrets that do not show. */
export { type AllowedHost, parseAllowedHosts } from './allowed-hosts.ts';
export * from './config.ts';
export { Secret } from './secret.ts';
