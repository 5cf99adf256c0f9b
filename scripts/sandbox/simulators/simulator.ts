/**
 * A simulator of another system: a real HTTP server with the face of `src/delivery/connectors/contract.ts`, and faults to
 * order: slow (waits), down (cuts the connection), wrong (an answer of another shape), duplicate (does everything
 * twice). Faults are ordered in code or over `PUT /_fault {"kind":"slow","milliseconds":5000}`. Invented people only.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Fault =
  | { readonly kind: 'none' }
  | { readonly kind: 'slow'; readonly milliseconds: number }
  | { readonly kind: 'down' }
  | { readonly kind: 'wrong' }
  | { readonly kind: 'duplicate' };

/** What the system does for each operation, given the question. */
export type Behaviour = Readonly<Record<string, (question: Record<string, unknown>) => unknown>>;

export interface Simulator extends AsyncDisposable {
  readonly url: string;
  /** Every question that reached it: operation, body, idempotency key. */
  readonly asked: { operation: string; question: unknown; key: string }[];
  order(fault: Fault): void;
}

/** @param port 0 for any free one */
export async function startSimulator(
  behaviour: Behaviour,
  options: { readonly port?: number; readonly token?: string } = {},
): Promise<Simulator> {
  let fault: Fault = { kind: 'none' };
  const asked: Simulator['asked'] = [];
  const seen = new Map<string, unknown>();

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const text = await bodyOf(request);
    const operation = (request.url ?? '').split('?')[0]?.split('/').pop() ?? '';
    if (operation === '_fault') {
      fault = JSON.parse(text) as Fault;
      return void response.writeHead(204).end();
    }
    if (fault.kind === 'down') return void request.socket.destroy();
    if (fault.kind === 'slow')
      await new Promise((resolve) => setTimeout(resolve, fault.kind === 'slow' ? fault.milliseconds : 0));
    if (operation === 'health') return void response.writeHead(204).end();
    if (options.token !== undefined && request.headers.authorization !== `Bearer ${options.token}`)
      return void response.writeHead(401).end();
    const act = behaviour[operation];
    if (!act) return void response.writeHead(404).end();
    const question = JSON.parse(text) as Record<string, unknown>;
    const key = String(request.headers['idempotency-key'] ?? '');
    for (let times = fault.kind === 'duplicate' ? 2 : 1; times > 0; times -= 1)
      asked.push({ operation, question, key });
    const before = seen.get(key);
    const answer = before ?? act(question);
    if (key !== '') seen.set(key, answer);
    const said =
      fault.kind === 'wrong'
        ? { unexpected: ['shape', 1] }
        : fault.kind === 'duplicate'
          ? doubled(answer)
          : answer;
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(said));
  }

  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.writeHead(400).end());
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    order: (ordered) => {
      fault = ordered;
    },
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Every list of the answer with each of its entries twice. */
const doubled = (answer: unknown): unknown =>
  typeof answer === 'object' && answer !== null
    ? Object.fromEntries(
        Object.entries(answer).map(([name, value]) => [
          name,
          Array.isArray(value) ? value.flatMap((entry: unknown) => [entry, entry]) : value,
        ]),
      )
    : answer;

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}
