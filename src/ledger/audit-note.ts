/**
 * Signed checkpoints as an auditor reads them, from the texts of C2SP signed-note, tlog-checkpoint and tlog-cosignature
 * alone: nothing of the writer's code is used, so that a mistake of the writer is not repeated by its judge.
 */
import { createHash, createPublicKey, verify } from 'node:crypto';

/** What a log states of itself. */
export interface Head {
  readonly size: number;
  readonly root: Buffer;
}

interface Key {
  readonly name: string;
  readonly id: string;
  readonly bytes: Buffer;
}

/** Reads `name+id+base64` of the given kind of key (1 log, 4 witness); undefined when it is malformed. */
function readKey(vkey: string, kind: 1 | 4): Key | undefined {
  const [name = '', id = '', ...material] = vkey.trim().split('+');
  const encoded = Buffer.from(material.join('+'), 'base64');
  const bytes = encoded.subarray(1);
  const named = createHash('sha256').update(`${name}\n`).update(Buffer.of(kind)).update(bytes).digest('hex');
  if (encoded[0] !== kind || bytes.length !== 32 || named.slice(0, 8) !== id) return undefined;
  return { name, id, bytes };
}

/** Reads and checks a checkpoint; undefined, and a named fault, for what does not hold. */
export function checkHead(text: string, vkey: string, what: string, faults: string[]): Head | undefined {
  const key = readKey(vkey, 1);
  const no = (fault: string): undefined => void faults.push(fault);
  if (key === undefined) return no('the key: malformed, or not of a log');
  const { body, signatures } = partsOf(text);
  const ours = signatures.find(({ name, id }) => name === key.name && id === key.id);
  if (ours === undefined) return no(`${what}: not signed by the key of ${key.name}`);
  if (!holds(key, body, ours.bytes)) return no(`${what}: the signature is false`);
  const [origin, size = '', root = ''] = body.split('\n');
  if (origin !== key.name) return no(`${what}: of another log, ${origin}`);
  if (!/^(0|[1-9]\d{0,14})$/.test(size) || Buffer.from(root, 'base64').length !== 32)
    return no(`${what}: malformed`);
  return { size: Number(size), root: Buffer.from(root, 'base64') };
}

/** Which of these witnesses cosigned it (cosignature/v1); a false cosignature is a named fault. */
export function witnessesOf(text: string, vkeys: readonly string[], faults: string[]): string[] {
  const { body, signatures } = partsOf(text);
  return vkeys.flatMap((vkey) => {
    const key = readKey(vkey, 4);
    if (key === undefined) {
      faults.push(`the key of a witness: malformed, ${vkey.slice(0, 80)}`);
      return [];
    }
    const ours = signatures.find(({ name, id }) => name === key.name && id === key.id);
    if (ours === undefined) return [];
    const time = ours.bytes.length === 72 ? ours.bytes.readBigUInt64BE() : 0n;
    if (time > 0n && holds(key, `cosignature/v1\ntime ${time}\n${body}`, ours.bytes.subarray(8)))
      return [key.name];
    faults.push(`checkpoint: the cosignature of ${key.name} is false`);
    return [];
  });
}

interface Signature {
  readonly name: string;
  readonly id: string;
  readonly bytes: Buffer;
}

function partsOf(text: string): { body: string; signatures: Signature[] } {
  const end = text.indexOf('\n\n');
  const lines = end < 0 ? [] : text.slice(end + 2).split('\n');
  return {
    body: text.slice(0, end + 1),
    signatures: lines.flatMap((line) => {
      const [dash, name, encoded] = line.split(' ');
      if (dash !== '—' || name === undefined || encoded === undefined) return [];
      const bytes = Buffer.from(encoded, 'base64');
      return [{ name, id: bytes.toString('hex', 0, 4), bytes: bytes.subarray(4) }];
    }),
  };
}

function holds(key: Key, message: string, signature: Buffer): boolean {
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: key.bytes.toString('base64url') };
  return verify(null, Buffer.from(message), createPublicKey({ key: jwk, format: 'jwk' }), signature);
}
