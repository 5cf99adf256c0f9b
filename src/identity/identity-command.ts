/** `motlan identity …`: what has to be done before anybody can sign in, and what no page should offer. */
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database.ts';
import { Failure } from '../platform/failure.ts';
import { Bootstrap } from './bootstrap.ts';
import { rotateServerKeys } from './server-keys.ts';

export const identityUsage = `motlan identity bootstrap AGENCY   prints the token that makes the first operator, once
motlan identity rotate-keys        puts new keys of the authorisation server first; restart every instance after it
`;

export interface IdentityCommandContext {
  readonly database: Database;
  readonly clock: Clock;
  readonly keyFolder: string;
  readonly agencyExists: (agencyId: string) => Promise<boolean>;
  readonly print: (line: string) => void;
}

/** @param args what follows `motlan identity`. @returns the exit code: 0 done, 1 refused, 2 wrong use. */
export async function identityCommand(
  args: readonly string[],
  context: IdentityCommandContext,
): Promise<number> {
  const [verb, agencyId, ...surplus] = args;
  if (verb === 'rotate-keys' && agencyId === undefined) {
    const { signing } = await rotateServerKeys(context.keyFolder);
    context.print(`New key ${signing[0]?.kid}; ${signing.length - 1} former kept. Restart every instance.`);
    return 0;
  }
  if (verb !== 'bootstrap' || agencyId === undefined || surplus.length > 0) {
    context.print(identityUsage);
    return 2;
  }
  if (!(await context.agencyExists(agencyId))) {
    context.print(`The catalogue knows no agency ${agencyId}. Import it first: motlan catalogue import FILE`);
    return 1;
  }
  try {
    const { token, expiresAt } = await new Bootstrap(context).issue(agencyId);
    context.print('Sign in with level 2, then send this token to POST /api/v1/administration/bootstrap:');
    context.print(token);
    context.print(`It works once, until ${expiresAt.toISOString()}, and is not shown again.`);
    return 0;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    context.print(error.message);
    return 1;
  }
}
