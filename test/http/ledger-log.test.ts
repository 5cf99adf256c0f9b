import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import request from 'supertest';
import { auditLog } from '../../src/ledger/auditor.ts';
import { decodeBundle, parseProofFile } from '../../src/ledger/log/index.ts';
import { logHandler } from '../../src/ledger/log-handler.ts';
import { LogProofs } from '../../src/ledger/log-proofs.ts';
import { LogReader } from '../../src/ledger/log-reader.ts';
import { takeSequencer } from '../../src/ledger/sequencer.ts';
import type { Sql } from '../../src/platform/database.ts';
import { Failure } from '../../src/platform/failure.ts';
import { type LogFixture, logFixture } from '../support/log-fixture.ts';

let fixture: LogFixture;
let app: Express;
beforeAll(async () => {
  fixture = await logFixture();
  {
    await using sequencer = (await takeSequencer(fixture.options))!;
    await fixture.appendAtOnce(300);
    await sequencer.step();
  }
  const sql: Sql = { query: (text, parameters) => fixture.database.read(text, parameters) };
  const { objects } = fixture.options;
  app = express();
  app.use('/log', logHandler({ objects, proofs: new LogProofs({ sql, reader: new LogReader(objects) }) }));
  app.use((error: unknown, _request: Request, response: Response, _next: NextFunction) => {
    response.status(error instanceof Failure && error.kind === 'not-found' ? 404 : 500).end();
  });
});
afterAll(() => fixture[Symbol.asyncDispose]());

describe('the public log', () => {
  test('serves its checkpoint fresh, as text', async () => {
    const { status, headers, text } = await request(app).get('/log/checkpoint');
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('text/plain; charset=utf-8');
    expect(headers['cache-control']).toBe('public, max-age=1');
    expect(text).toBe(await fixture.options.objects.getCheckpoint());
  });

  test('serves full tiles for ever, partial ones for a minute', async () => {
    const full = await request(app).get('/log/tile/entries/000').buffer(true);
    expect(full.headers).toMatchObject({
      'content-type': 'application/octet-stream',
      'cache-control': 'public, max-age=31536000, immutable',
      'access-control-allow-origin': '*',
    });
    expect(decodeBundle(full.body as Buffer)).toHaveLength(256);
    const partial = await request(app).get('/log/tile/0/001.p/44').buffer(true);
    expect(partial.headers['cache-control']).toBe('public, max-age=60');
    expect((partial.body as Buffer).length).toBe(44 * 32);
  });

  test('serves a proof by index', async () => {
    const { status, text } = await request(app).get('/log/proof/256');
    expect(status).toBe(200);
    expect(parseProofFile(text)).toMatchObject({ index: 256, checkpoint: { size: 300 } });
  });

  test.each([
    '/log/tile/0/002',
    '/log/tile/0/1',
    '/log/tile/0/000.p/300',
    '/log/tile/0/..%2f..%2fsecret',
    '/log/proof/300',
    '/log/proof/-1',
    '/log/proof/01',
    '/log/proof/x',
    '/log/nothing',
  ])('%s is not found', async (path) => {
    expect((await request(app).get(path)).status).toBe(404);
  });

  test('takes no other method', async () => {
    expect((await request(app).post('/log/checkpoint')).status).toBe(404);
  });

  test('is accepted by the outsider over HTTP, and not under another key', async () => {
    const server = app.listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as { port: number };
    const prefix = `http://127.0.0.1:${port}/log`;
    try {
      expect(await auditLog({ prefix, vkey: fixture.vkey })).toMatchObject({ size: 300, faults: [] });
      const wrong = fixture.vkey.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'));
      expect((await auditLog({ prefix, vkey: wrong })).faults).toHaveLength(1);
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });
});
