/** Asks witnesses to cosign a checkpoint (C2SP tlog-witness), and reads in their answers what they know of us. */
import { isDecimal } from './log/checkpoint.ts';
import {
  cosignaturesOf,
  formatAddCheckpoint,
  formatNote,
  formatSignatureLine,
  type Policy,
  type PolicyParty,
  parseCheckpoint,
  parseCosignatures,
} from './log/index.ts';

export type WitnessAnswer =
  | { readonly kind: 'cosigned'; readonly line: string }
  /** The witness has seen a larger log than ours: we are a restored backup. */
  | { readonly kind: 'ahead'; readonly size: number }
  /** The witness has seen another history than ours. */
  | { readonly kind: 'forked'; readonly detail: string }
  /** It answered, and took nothing. */
  | { readonly kind: 'refused'; readonly detail: string }
  | { readonly kind: 'unreachable'; readonly detail: string };

export interface WitnessRequest {
  /** A signed checkpoint. */
  readonly note: string;
  readonly size: number;
  /** Consistency proof from an older size to `size`. */
  readonly prove: (oldSize: number) => Promise<readonly Buffer[]>;
}

/** One witness of a policy, and the size it is believed to know. */
export class WitnessClient {
  readonly party: PolicyParty;
  readonly #policy: Policy;
  readonly #timeout: number;
  #known = 0;

  /** @param timeout milliseconds a request may take. */
  constructor(party: PolicyParty, policy: Policy, timeout = 5_000) {
    this.party = party;
    this.#policy = policy;
    this.#timeout = timeout;
  }

  /** Never throws: whatever the witness or the network does is one of five answers. */
  async cosign(request: WitnessRequest): Promise<WitnessAnswer> {
    try {
      const first = await this.#post(request, Math.min(this.#known, request.size));
      if (first.kind !== 'conflict') return first;
      if (first.size > request.size) return { kind: 'ahead', size: first.size };
      const second = await this.#post(request, first.size);
      if (second.kind !== 'conflict') return second;
      if (second.size > request.size) return { kind: 'ahead', size: second.size };
      if (second.size !== first.size)
        return { kind: 'unreachable', detail: 'somebody else is submitting our log' };
      return { kind: 'forked', detail: `it knows another root of size ${second.size}` };
    } catch (error) {
      return { kind: 'unreachable', detail: error instanceof Error ? error.message : String(error) };
    }
  }

  async #post(
    request: WitnessRequest,
    oldSize: number,
  ): Promise<WitnessAnswer | { kind: 'conflict'; size: number }> {
    const proof = oldSize === 0 || oldSize === request.size ? [] : await request.prove(oldSize);
    const response = await fetch(`${this.party.url?.replace(/\/$/, '')}/add-checkpoint`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain; charset=utf-8' },
      body: formatAddCheckpoint(oldSize, proof, request.note),
      redirect: 'error',
      signal: AbortSignal.timeout(this.#timeout),
    });
    const body = (await response.text()).slice(0, 64 * 1024);
    if (response.status === 200) return this.#accept(request, body);
    if (response.status === 409 && isDecimal(body.trim())) {
      this.#known = Number(body.trim());
      return { kind: 'conflict', size: this.#known };
    }
    if (response.status === 422) {
      return { kind: 'forked', detail: `our log is not consistent with the one it knows of size ${oldSize}` };
    }
    const kind = response.status < 500 ? 'refused' : 'unreachable';
    return { kind, detail: `it answered ${response.status}` };
  }

  #accept(request: WitnessRequest, body: string): WitnessAnswer {
    const { verifier } = this.party;
    const ours = parseCosignatures(body).find(
      ({ name, keyId }) => name === verifier.name && keyId === verifier.keyId,
    );
    if (ours === undefined)
      return { kind: 'unreachable', detail: 'its answer has no cosignature by its key' };
    const { note } = parseCheckpoint(request.note);
    const cosigned = parseCheckpoint(formatNote({ text: note.text, signatures: [...note.signatures, ours] }));
    cosignaturesOf({ ...this.#policy, witnesses: [this.party] }, cosigned);
    this.#known = request.size;
    return { kind: 'cosigned', line: formatSignatureLine(ours) };
  }
}

/** A client for each witness of the policy that has an address. */
export const witnessClients = (policy: Policy): WitnessClient[] =>
  policy.witnesses.filter(({ url }) => url !== undefined).map((party) => new WitnessClient(party, policy));
