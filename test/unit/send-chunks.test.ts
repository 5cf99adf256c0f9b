/** Chunks reach the other side whole, wait for a slow reader in bounded memory, and stop when it has gone. */
import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sendChunks } from '../../src/http/send-chunks.ts';

let server: Server;
let handle: (response: ServerResponse) => void;
beforeAll(async () => {
  server = createServer((_request, response) => handle(response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const ask = async (): Promise<IncomingMessage> => {
  const [answer] = await once(
    get({ port: (server.address() as AddressInfo).port, agent: false }),
    'response',
  );
  return answer as IncomingMessage;
};

async function* pieces(count: number, length: number, seen: { given: number; ended?: boolean }) {
  try {
    for (let n = 0; n < count; n += 1) {
      seen.given += 1;
      yield Buffer.alloc(length, n);
    }
  } finally {
    seen.ended = true;
  }
}

describe('sendChunks', () => {
  it.each([
    [0, 10],
    [4, 50_000],
    [100, 65_536],
  ])('sends %i chunks of %i bytes whole and in order', async (count, length) => {
    handle = (response) => void sendChunks(pieces(count, length, { given: 0 }), response);
    const got: Buffer[] = [];
    for await (const piece of await ask()) got.push(piece as Buffer);
    const expected = Array.from({ length: count }, (_, n) => Buffer.alloc(length, n));
    expect(Buffer.concat(got).equals(Buffer.concat(expected))).toBe(true);
  });

  it('asks for no more than a little while the other side does not read, and ends the source when it leaves', async () => {
    const seen: { given: number; ended?: boolean } = { given: 0 };
    const sent = new Promise<void>((resolve) => {
      handle = (response) => void sendChunks(pieces(10_000, 65_536, seen), response).then(resolve);
    });
    const answer = await ask();
    answer.pause();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(seen.given * 65_536).toBeLessThan(64 * 1024 * 1024);
    answer.destroy();
    await sent;
    expect(seen.ended).toBe(true);
    expect(seen.given).toBeLessThan(10_000);
  });

  it('cuts the answer when the source fails', async () => {
    const failing = async function* () {
      yield Buffer.alloc(2_000_000);
      throw new Error('the bytes are damaged');
    };
    const failed = new Promise((resolve) => {
      handle = (response) => {
        response.setHeader('Content-Length', 3_000_000);
        sendChunks(failing(), response).catch(resolve);
      };
    });
    const answer = await ask();
    await expect(
      (async () => {
        for await (const _ of answer);
      })(),
    ).rejects.toThrow('aborted');
    expect(await failed).toMatchObject({ message: 'the bytes are damaged' });
  });
});
