/** The face of the client: it imports nothing of the vault and may be copied into another system as it is. */
export { VaultClient, type VaultClientOptions, VaultProblem } from './client.ts';
export { type Credentials, clientAssertion, ProofKey } from './credentials.ts';
export { openClient } from './open-client.ts';
export { OPERATIONS, type Operations } from './operations.ts';
