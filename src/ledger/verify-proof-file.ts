/** Offline checking of a proof file: bytes and keys in, a verdict in words out. No I/O. */
import {
  applyPolicy,
  type CanonicalValue,
  cosignatureTime,
  LeafError,
  type LeafPart,
  leafHash,
  NoteError,
  type Policy,
  parsePolicy,
  parseProofFile,
  readOpening,
  verifyInclusion,
} from './log/index.ts';

export interface ProofVerdict {
  readonly valid: boolean;
  /** Why not; empty when valid. */
  readonly reason: string;
  readonly origin?: string;
  readonly index?: number;
  readonly size?: number;
  /** Published facts of the entry. */
  readonly time?: Date;
  readonly type?: string;
  readonly outcome?: string;
  readonly status?: string;
  /** Facts the proof opens, by part. */
  readonly opened?: Readonly<Partial<Record<LeafPart, Readonly<Record<string, CanonicalValue>>>>>;
  /** The owner whom the proof names, of an event with several. */
  readonly owner?: string;
  /** Witnesses of the policy that cosigned, with the time each of them stated. */
  readonly witnesses?: readonly { readonly name: string; readonly at: Date }[];
}

export interface ProofTrust {
  /** A tlog-policy text. A plain public key of a log means: this log, no witness. */
  readonly policy: string;
  /** SHA-256 of a document in lower-case hex: the entry must speak of exactly this document. */
  readonly documentSha256?: string;
}

/** Checks signature and quorum, opening, inclusion and document, in this order. */
export function verifyProofFile(text: string, trust: ProofTrust): ProofVerdict {
  try {
    const policy = readTrust(trust.policy);
    const proof = parseProofFile(text);
    const verdict = applyPolicy(policy, proof.checkpoint);
    if (proof.extra === undefined)
      return no('the proof does not say which entry it proves: it opens nothing');
    const opened = readOpening(proof.extra);
    const { origin, size, root } = proof.checkpoint;
    const claim = { index: proof.index, size, root, path: proof.path, leafHash: leafHash(opened.bytes) };
    if (!verifyInclusion(claim)) return no('the entry is not in the log at this place');
    if (trust.documentSha256 !== undefined && opened.parts.paper?.sha256 !== trust.documentSha256) {
      return no('the entry does not speak of this document');
    }
    return {
      valid: true,
      reason: '',
      origin,
      index: proof.index,
      size,
      time: new Date(opened.leaf.seconds * 1000),
      type: opened.leaf.type,
      outcome: opened.leaf.outcome,
      status: opened.leaf.status,
      opened: opened.parts,
      ...(opened.owner === undefined ? {} : { owner: opened.owner }),
      witnesses: verdict.witnesses.map(({ party, signature }) => ({
        name: party.verifier.name,
        at: new Date((cosignatureTime(signature.signature) ?? 0) * 1000),
      })),
    };
  } catch (error) {
    if (error instanceof NoteError || error instanceof LeafError) return no(error.message);
    throw error;
  }
}

const readTrust = (text: string): Policy =>
  parsePolicy(/^\S+\+[0-9a-f]{8}\+\S+\s*$/.test(text) ? `log ${text.trim()}\nquorum none` : text);

const no = (reason: string): ProofVerdict => ({ valid: false, reason });
