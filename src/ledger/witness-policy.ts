/** The policy of a vault's own witnesses, from its settings. */
import { NoteError, type Policy, parsePolicy } from './log/index.ts';

/**
 * @param vkey the log's public key  @param needed how many witnesses must have cosigned; 0 asks for none
 * @throws Error with a sentence for the operator when a key is no witness's key
 */
export function witnessPolicy(
  vkey: string,
  witnesses: readonly { readonly vkey: string; readonly url: string }[],
  needed: number,
): Policy {
  const lines = [
    `log ${vkey}`,
    ...witnesses.map((witness, n) => `witness w${n + 1} ${witness.vkey} ${witness.url}`),
  ];
  if (needed > 0) lines.push(`group needed ${needed} ${witnesses.map((_, n) => `w${n + 1}`).join(' ')}`);
  lines.push(`quorum ${needed > 0 ? 'needed' : 'none'}`);
  try {
    return parsePolicy(lines.join('\n'));
  } catch (error) {
    if (!(error instanceof NoteError)) throw error;
    throw new Error(`LOG_WITNESSES cannot be used: ${error.message}`, { cause: error });
  }
}
