/**
 * Trust policies (C2SP tlog-policy): which logs are known, which witnesses, and which of them together make a
 * checkpoint believable.
 */
import type { SignedCheckpoint } from './checkpoint.ts';
import { NoteError, type NoteSignature, type NoteVerifier, verifyNote } from './note.ts';
import { noteVerifier, parseVerifierKey } from './note-keys.ts';

/** One log or witness of a policy, with the address at which it is reached, where the policy gives one. */
export interface PolicyParty {
  /** The name used within the policy; of a log, its origin. */
  readonly label: string;
  readonly verifier: NoteVerifier;
  readonly url: string | undefined;
}

export interface Policy {
  readonly logs: readonly PolicyParty[];
  readonly witnesses: readonly PolicyParty[];
  /** Whether these witnesses (by label) make up the quorum. */
  readonly quorum: (labels: ReadonlySet<string>) => boolean;
  /** The name on the quorum line; `none` asks for no witness. */
  readonly quorumName: string;
}

type Rule = (labels: ReadonlySet<string>) => boolean;

/** @throws NoteError that names the line and what is wrong with it. */
export function parsePolicy(text: string): Policy {
  const logs: PolicyParty[] = [];
  const witnesses: PolicyParty[] = [];
  const rules = new Map<string, Rule>();
  const grouped = new Set<string>();
  const keys = new Set<string>();
  let quorum: { name: string; rule: Rule } | undefined;
  const define = (name: string | undefined, rule: Rule): void => {
    if (name === undefined || name === 'none' || rules.has(name))
      fail('a name is missing, reserved or defined twice');
    else rules.set(name, rule);
  };
  const party = (
    label: string | undefined,
    vkey: string | undefined,
    url: string | undefined,
    kind: string,
  ): PolicyParty => {
    const key = parseVerifierKey(vkey ?? '');
    if (key.kind !== kind) throw new NoteError(`the key is of a ${key.kind}, not of a ${kind}`);
    const material = key.publicKey.toString('hex');
    if (keys.has(material)) throw new NoteError('the same key stands twice in the policy');
    keys.add(material);
    return { label: label ?? key.name, verifier: noteVerifier(key), url };
  };
  const readLine = (words: readonly string[]): void => {
    const [word, name, ...rest] = words;
    if (word === 'log' && rest.length <= 1) logs.push(party(undefined, name, rest[0], 'log'));
    else if (word === 'witness' && rest.length <= 2) {
      define(name, (labels) => labels.has(name ?? ''));
      witnesses.push(party(name, rest[0], rest[1], 'witness'));
    } else if (word === 'group') define(name, groupRule(rest, rules, grouped));
    else if (word === 'quorum' && rest.length === 0 && quorum === undefined) {
      const rule = name === 'none' ? () => true : rules.get(name ?? '');
      if (name === undefined || rule === undefined)
        throw new NoteError(`the quorum "${name}" is not defined`);
      quorum = { name, rule };
    } else fail('the line is not one of log, witness, group and quorum, or the quorum stands twice');
  };
  for (const [at, line] of text.split('\n').entries()) {
    const words = line.split(/[ \t]+/).filter((one) => one !== '');
    if (words.length === 0 || words[0]?.startsWith('#')) continue;
    try {
      readLine(words);
    } catch (error) {
      throw new NoteError(`line ${at + 1} of the policy: ${error instanceof Error ? error.message : error}`);
    }
  }
  if (quorum === undefined)
    throw new NoteError('the policy has no quorum line; "quorum none" asks for no witness');
  return { logs, witnesses, quorum: quorum.rule, quorumName: quorum.name };
}

/** What a policy makes of a checkpoint; the signatures are those of known parties. */
export interface PolicyVerdict {
  readonly log: PolicyParty;
  readonly witnesses: readonly { readonly party: PolicyParty; readonly signature: NoteSignature }[];
}

/**
 * Checks a checkpoint against a policy.
 * @throws NoteError when the log is unknown, a known signature is wrong, or the quorum is not reached.
 */
export function applyPolicy(policy: Policy, checkpoint: SignedCheckpoint): PolicyVerdict {
  const candidates = policy.logs.filter(({ verifier }) => verifier.name === checkpoint.origin);
  if (candidates.length === 0) throw new NoteError(`the policy knows no log named ${checkpoint.origin}`);
  const [signature] = verifyNote(
    checkpoint.note,
    candidates.map(({ verifier }) => verifier),
  );
  const log = candidates.find(({ verifier }) => verifier.keyId === signature?.keyId);
  if (log === undefined) throw new NoteError('no known key has signed the note');
  const witnesses = cosignaturesOf(policy, checkpoint);
  if (!policy.quorum(new Set(witnesses.map(({ party }) => party.label)))) {
    throw new NoteError(`the witnesses that cosigned do not make up the quorum "${policy.quorumName}"`);
  }
  return { log, witnesses };
}

/** The cosignatures of the policy's witnesses. @throws NoteError when one of them is wrong. */
export function cosignaturesOf(policy: Policy, checkpoint: SignedCheckpoint): PolicyVerdict['witnesses'] {
  const found: { party: PolicyParty; signature: NoteSignature }[] = [];
  for (const party of policy.witnesses) {
    const isOurs = (line: NoteSignature): boolean =>
      line.name === party.verifier.name && line.keyId === party.verifier.keyId;
    if (!checkpoint.note.signatures.some(isOurs)) continue;
    const [signature] = verifyNote(checkpoint.note, [party.verifier]);
    if (signature !== undefined) found.push({ party, signature });
  }
  return found;
}

function groupRule(words: readonly string[], rules: ReadonlyMap<string, Rule>, grouped: Set<string>): Rule {
  const [threshold = '', ...members] = words;
  const needed = threshold === 'all' ? members.length : threshold === 'any' ? 1 : Number(threshold);
  if (!/^(all|any|[1-9][0-9]*)$/.test(threshold) || members.length === 0 || needed > members.length) {
    throw new NoteError('a group needs "all", "any" or a number, and at least that many members');
  }
  const chosen = members.map((member) => {
    const rule = rules.get(member);
    if (rule === undefined || grouped.has(member))
      throw new NoteError(`the member "${member}" is unknown or stands in two groups`);
    grouped.add(member);
    return rule;
  });
  return (labels) => chosen.filter((rule) => rule(labels)).length >= needed;
}

function fail(message: string): never {
  throw new NoteError(message);
}
