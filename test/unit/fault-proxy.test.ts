/** The fault proxy does what it is told: a harness that does no harm proves nothing. */

import { once } from 'node:events';
import { Agent, createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { FaultProxy, httpAnswer } from '../../scripts/faults/fault-proxy.ts';

let server: Server;
let proxy: FaultProxy;
const received: string[] = [];
beforeAll(async () => {
  server = createServer((incoming, response) => {
    const pieces: Buffer[] = [];
    incoming.on('data', (piece: Buffer) => pieces.push(piece));
    incoming.on('error', () => {});
    incoming.on('end', () => {
      received.push(Buffer.concat(pieces).toString());
      response.end('a'.repeat(10_000));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  proxy = await FaultProxy.start({ host: '127.0.0.1', port: (server.address() as AddressInfo).port });
});
afterEach(() => {
  proxy.plan();
  proxy.otherwise = {};
  received.length = 0;
});
afterAll(async () => {
  await proxy[Symbol.asyncDispose]();
  server.closeAllConnections();
  server.close();
});

interface Outcome {
  readonly status?: number;
  readonly body: string;
  readonly error?: string;
}

/** Posts a body and tells all that came back, whatever became of the connection. */
async function post(body: string, agent?: Agent): Promise<Outcome> {
  return new Promise((resolve) => {
    let seen = '';
    let status: number | undefined;
    const outgoing = request({ host: '127.0.0.1', port: proxy.port, method: 'POST', agent }, (answer) => {
      status = answer.statusCode;
      answer.on('data', (piece: Buffer) => {
        seen += piece.toString('latin1');
      });
      answer.on('end', () => resolve({ status, body: seen }));
      answer.on('error', (error: NodeJS.ErrnoException) =>
        resolve({ status, body: seen, error: error.code }),
      );
    });
    outgoing.on('error', (error: NodeJS.ErrnoException) =>
      resolve({ status, body: seen, error: error.code }),
    );
    outgoing.setTimeout(300, () => outgoing.destroy(Object.assign(new Error('silent'), { code: 'SILENT' })));
    outgoing.end(body);
  });
}

describe('the fault proxy', () => {
  it('passes everything on when nothing is planned', async () => {
    expect(await post('hello')).toEqual({ status: 200, body: 'a'.repeat(10_000) });
    expect(received).toEqual(['hello']);
  });

  it('resets before the server sees anything', async () => {
    proxy.plan({ reset: true });
    expect(await post('hello')).toMatchObject({ error: 'ECONNRESET' });
    expect(received).toEqual([]);
  });

  it('keeps silent', async () => {
    proxy.plan({ silence: true });
    expect(await post('hello')).toMatchObject({ error: 'SILENT' });
    expect(received).toEqual([]);
  });

  it('loses the answer of a request that the server has carried out', async () => {
    proxy.plan({ loseAnswer: true });
    expect(await post('hello')).toMatchObject({ error: 'ECONNRESET' });
    expect(received).toEqual(['hello']);
  });

  it('cuts the answer', async () => {
    proxy.plan({ cutAnswerAfter: 5000 });
    const { status, body, error } = await post('hello');
    expect(status).toBe(200);
    expect(body.length).toBeLessThan(5000);
    expect(error).toBe('ECONNRESET');
  });

  it('cuts the request, which the server then does not carry out', async () => {
    proxy.plan({ cutRequestAfter: 500 });
    expect((await post('b'.repeat(5000))).error).toBe('ECONNRESET');
    expect(received).toEqual([]);
  });

  it('flips one bit of the answer', async () => {
    proxy.plan({ flipAnswerByte: 9000 });
    const { body } = await post('hello');
    expect(body).toHaveLength(10_000);
    expect(body.replaceAll('a', '')).toBe('`');
  });

  it('answers by itself', async () => {
    proxy.plan({ answer: httpAnswer(503, 'Slow Down') });
    expect(await post('hello')).toEqual({ status: 503, body: '' });
    expect(received).toEqual([]);
  });

  it('slows down, and loses nothing by it', async () => {
    proxy.plan({ latencyMs: 5, bytesPerSecond: 100_000 });
    expect(await post('hello')).toEqual({ status: 200, body: 'a'.repeat(10_000) });
  });

  it('takes each exchange on a kept-alive connection for one of its own', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const before = proxy.exchanges;
    proxy.plan({}, {}, { flipAnswerByte: 9000 });
    const bodies = [];
    for (let n = 0; n < 4; n += 1) bodies.push((await post('hello', agent)).body.replaceAll('a', ''));
    agent.destroy();
    expect(bodies).toEqual(['', '', '`', '']);
    expect(proxy.exchanges - before).toBe(4);
    expect(proxy.planned).toBe(0);
  });
});
