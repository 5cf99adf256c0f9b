/** Stops the server that `global-setup.ts` started and removes what it kept. */
import './global-setup.ts';

export default async function globalTeardown(): Promise<void> {
  await globalThis.motlanTestServer?.stop();
}
