/**
 * A witness (C2SP tlog-witness) that anyone can run for other people's logs: it cosigns a checkpoint only after a
 * proof that the log grew from the one it cosigned before. It keeps one small file a log, replaced atomically
 * before it answers. All input is hostile.
 */
import { createHash } from 'node:crypto';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { join } from 'node:path';
import {
  EMPTY_ROOT,
  formatNote,
  formatSignatureLine,
  MAX_ADD_CHECKPOINT_LENGTH,
  NoteError,
  type NoteSigner,
  type NoteVerifier,
  parseAddCheckpoint,
  parseCheckpoint,
  type SignedCheckpoint,
  signNote,
  verifyConsistency,
  verifyNote,
} from './log/index.ts';

export interface WitnessOptions {
  /** Made by `witnessSigner`. */
  readonly signer: NoteSigner;
  /** Keys of the logs it watches; a log may have several. */
  readonly logs: readonly NoteVerifier[];
  /** Folder for its memory; made when missing. Losing it makes the witness forget: keep it. */
  readonly folder: string;
}

export interface WitnessReply {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

export class Witness {
  readonly #options: WitnessOptions;
  /** Work on one log at a time: comparing and persisting must not interleave. */
  readonly #queues = new Map<string, Promise<unknown>>();

  constructor(options: WitnessOptions) {
    this.#options = options;
  }

  /** Answers one `add-checkpoint` request with the statuses of C2SP tlog-witness. */
  async addCheckpoint(body: string): Promise<WitnessReply> {
    let request: ReturnType<typeof parseAddCheckpoint>;
    try {
      request = parseAddCheckpoint(body);
    } catch (error) {
      if (error instanceof NoteError) return plain(400, error.message);
      throw error;
    }
    const { checkpoint } = request;
    const keys = this.#options.logs.filter(({ name }) => name === checkpoint.origin);
    if (keys.length === 0) return plain(404, `the log ${checkpoint.origin} is not watched here`);
    try {
      verifyNote(checkpoint.note, keys);
    } catch (error) {
      if (error instanceof NoteError) return plain(403, error.message);
      throw error;
    }
    if (request.oldSize > checkpoint.size) return plain(400, 'the old size is larger than the checkpoint');
    return this.#alone(checkpoint.origin, () => this.#advance(request.oldSize, request.path, checkpoint));
  }

  /** The newest checkpoint it cosigned for a log, as text; undefined when there is none. */
  async latest(origin: string): Promise<string | undefined> {
    return readFile(this.#fileOf(origin), 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
  }

  async #advance(
    oldSize: number,
    path: readonly Buffer[],
    checkpoint: SignedCheckpoint,
  ): Promise<WitnessReply> {
    const kept = await this.latest(checkpoint.origin);
    const known = kept === undefined ? { size: 0, root: EMPTY_ROOT } : parseCheckpoint(kept);
    const conflict = { status: 409, type: 'text/x.tlog.size', body: `${known.size}\n` };
    if (oldSize !== known.size) return conflict;
    if (known.size === checkpoint.size && !known.root.equals(checkpoint.root)) return conflict;
    const grown = verifyConsistency({
      oldSize,
      oldRoot: known.root,
      newSize: checkpoint.size,
      newRoot: checkpoint.root,
      path,
    });
    const empty = checkpoint.size === 0 && path.length === 0 && checkpoint.root.equals(EMPTY_ROOT);
    if (!grown && !empty) return plain(422, 'the consistency proof does not hold');
    const { text } = checkpoint.note;
    const cosigned = await signNote(text, this.#options.signer);
    const signatures = [...checkpoint.note.signatures, ...cosigned.signatures];
    await this.#keep(checkpoint.origin, formatNote({ text, signatures }));
    return plain(200, cosigned.signatures.map(formatSignatureLine).join('').slice(0, -1));
  }

  async #keep(origin: string, note: string): Promise<void> {
    const file = this.#fileOf(origin);
    await mkdir(this.#options.folder, { recursive: true });
    const handle = await open(`${file}.new`, 'w', 0o600);
    try {
      await handle.writeFile(note);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(`${file}.new`, file);
    const folder = await open(this.#options.folder, 'r');
    await folder.sync().finally(() => folder.close());
  }

  #fileOf(origin: string): string {
    return join(this.#options.folder, `${createHash('sha256').update(origin).digest('hex')}.checkpoint`);
  }

  #alone<T>(origin: string, work: () => Promise<T>): Promise<T> {
    const turn = (this.#queues.get(origin) ?? Promise.resolve()).then(work, work);
    this.#queues.set(origin, turn);
    return turn;
  }
}

/** The HTTP service of a witness: `POST /add-checkpoint`, and `GET /latest?origin=…` for monitors. */
export function witnessServer(witness: Witness): Server {
  const server = createServer((request, response) => {
    answer(witness, request).then(
      ({ status, type, body }) => {
        response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
      },
      () => {
        response.writeHead(500, { 'content-type': PLAIN }).end('the witness failed; nothing was cosigned\n');
      },
    );
  });
  server.requestTimeout = 10_000;
  server.headersTimeout = 5_000;
  return server;
}

async function answer(witness: Witness, request: IncomingMessage): Promise<WitnessReply> {
  const url = new URL(request.url ?? '/', 'http://witness.invalid');
  if (request.method === 'POST' && url.pathname === '/add-checkpoint') {
    const body = await readBody(request);
    return body === undefined ? plain(413, 'the request is too long') : witness.addCheckpoint(body);
  }
  if (request.method === 'GET' && url.pathname === '/latest') {
    const note = await witness.latest(url.searchParams.get('origin') ?? '');
    return note === undefined
      ? plain(404, 'no such log is known here')
      : { status: 200, type: PLAIN, body: note };
  }
  return plain(404, 'POST /add-checkpoint or GET /latest?origin=…');
}

async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    length += piece.length;
    if (length > MAX_ADD_CHECKPOINT_LENGTH) return undefined;
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}

const PLAIN = 'text/plain; charset=utf-8';
const plain = (status: number, body: string): WitnessReply => ({ status, type: PLAIN, body: `${body}\n` });
