/**
 * A TCP proxy that does to connections what networks and servers do: latency, a slow rate, resets, silence, cuts,
 * flipped bytes, lost replies, answers of its own. It stands before S3, PostgreSQL, a TSA or an OCSP responder.
 *
 * Faults are planned by exchange: a request and its answer, on whichever connection. An exchange begins with the
 * first bytes a client sends on a new connection or after an answer, so that keep-alive connections are covered.
 */
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** What happens to one exchange; all members may be combined, none means nothing happens. */
export interface Fault {
  /** Milliseconds before each piece is passed on, either way. */
  readonly latencyMs?: number;
  /** The most that is passed on in a second, either way. */
  readonly bytesPerSecond?: number;
  /** The connection is reset when the first bytes of the request arrive; the server never sees them. */
  readonly reset?: boolean;
  /** Nothing is passed on and nothing answered; the connection stays open. */
  readonly silence?: boolean;
  /** So many bytes of the request reach the server, then both sides are reset. */
  readonly cutRequestAfter?: number;
  /** So many bytes of the answer reach the client, then both sides are reset. */
  readonly cutAnswerAfter?: number;
  /** The lowest bit of this byte of the answer, counted from 0, is flipped. */
  readonly flipAnswerByte?: number;
  /** The request reaches the server and is answered; the client sees a reset instead of the answer. */
  readonly loseAnswer?: boolean;
  /** The client gets this, the server nothing, and the connection is closed. */
  readonly answer?: string;
}

/** An HTTP answer without a body, for {@link Fault.answer}. */
export const httpAnswer = (status: number, reason: string): string =>
  `HTTP/1.1 ${status} ${reason}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`;

export class FaultProxy implements AsyncDisposable {
  /** Happens to exchanges for which nothing is planned. */
  otherwise: Fault = {};
  /** Exchanges begun since the proxy was started. */
  exchanges = 0;
  #plan: Fault[] = [];
  readonly #server: Server;
  readonly #target: { host: string; port: number };
  readonly #sockets = new Set<Socket>();

  private constructor(target: { host: string; port: number }) {
    this.#target = target;
    this.#server = createServer({ pauseOnConnect: true }, (client) => this.#accept(client));
  }

  /** Listens on loopback, on any free port unless one is given. */
  static async start(target: { host: string; port: number }, port = 0): Promise<FaultProxy> {
    const proxy = new FaultProxy(target);
    proxy.#server.listen(port, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get port(): number {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('the proxy does not listen');
    return address.port;
  }

  /** The next exchanges get these faults, one each, in this order; what was planned before is forgotten. */
  plan(...faults: readonly Fault[]): void {
    this.#plan = [...faults];
  }

  /** Faults that were planned and have not happened yet. */
  get planned(): number {
    return this.#plan.length;
  }

  /** Resets all connections and stops listening. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    for (const socket of this.#sockets) socket.resetAndDestroy();
    if (this.#server.listening) await once(this.#server, 'close');
  }

  #accept(client: Socket): void {
    const server = connect(this.#target);
    for (const socket of [client, server]) {
      this.#sockets.add(socket);
      socket.setNoDelay(true);
      socket.once('close', () => this.#sockets.delete(socket));
      // Broken connections are this proxy's trade; each side learns of the other's end through the pumps.
      socket.on('error', () => {});
    }
    new Connection(client, server, () => this.#begin()).run();
  }

  #begin(): Fault {
    this.exchanges += 1;
    return this.#plan.shift() ?? this.otherwise;
  }
}

/** One client with one server, and the exchange that is going on between them. */
class Connection {
  readonly #client: Socket;
  readonly #server: Socket;
  readonly #begin: () => Fault;
  #fault: Fault = {};
  #requested = 0;
  #answered = 0;
  #isAnswering = true;

  constructor(client: Socket, server: Socket, begin: () => Fault) {
    this.#client = client;
    this.#server = server;
    this.#begin = begin;
  }

  run(): void {
    const ended = [
      this.#pump(this.#client, (piece) => this.#request(piece)),
      this.#pump(this.#server, (piece) => this.#answer(piece)),
    ];
    Promise.all(ended).then(
      () => {},
      () => this.#reset(),
    );
  }

  /** Passes pieces on until one side ends or breaks; an end is passed on as an end. */
  async #pump(from: Socket, pass: (piece: Buffer) => Promise<void>): Promise<void> {
    for await (const piece of from as AsyncIterable<Buffer>) await pass(piece);
    (from === this.#client ? this.#server : this.#client).end();
  }

  async #request(piece: Buffer): Promise<void> {
    if (this.#isAnswering) {
      this.#fault = this.#begin();
      this.#isAnswering = false;
      this.#requested = 0;
      this.#answered = 0;
    }
    const { silence, reset, answer, cutRequestAfter } = this.#fault;
    if (reset) return this.#reset();
    if (silence) return;
    if (answer !== undefined) {
      if (this.#requested === 0) this.#client.end(answer);
      this.#requested += piece.byteLength;
      return;
    }
    const left = (cutRequestAfter ?? Number.POSITIVE_INFINITY) - this.#requested;
    this.#requested += piece.byteLength;
    await this.#slowly(this.#server, piece.subarray(0, Math.max(0, left)));
    if (piece.byteLength >= left) this.#reset();
  }

  async #answer(piece: Buffer): Promise<void> {
    this.#isAnswering = true;
    const { cutAnswerAfter, flipAnswerByte, loseAnswer } = this.#fault;
    if (loseAnswer) return this.#reset();
    const flipAt = (flipAnswerByte ?? -1) - this.#answered;
    const flipped = flipAt >= 0 && flipAt < piece.byteLength ? withFlipped(piece, flipAt) : piece;
    const left = (cutAnswerAfter ?? Number.POSITIVE_INFINITY) - this.#answered;
    this.#answered += piece.byteLength;
    await this.#slowly(this.#client, flipped.subarray(0, Math.max(0, left)));
    if (piece.byteLength >= left) this.#reset();
  }

  async #slowly(to: Socket, piece: Buffer): Promise<void> {
    const { latencyMs = 0, bytesPerSecond } = this.#fault;
    if (latencyMs > 0) await sleep(latencyMs);
    const step = bytesPerSecond ? Math.max(1, Math.ceil(bytesPerSecond / 50)) : piece.byteLength;
    for (let at = 0; at < piece.byteLength && !to.destroyed; at += step) {
      if (bytesPerSecond) await sleep(20);
      if (!to.write(piece.subarray(at, at + step)))
        await Promise.race([once(to, 'drain'), once(to, 'close')]);
    }
  }

  #reset(): void {
    this.#client.resetAndDestroy();
    this.#server.resetAndDestroy();
  }
}

function withFlipped(piece: Buffer, at: number): Buffer {
  const copy = Buffer.from(piece);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}
