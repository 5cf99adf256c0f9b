/**
 * The public log over HTTP (C2SP tlog-tiles): checkpoint, tiles, bundles, and proofs by index. Mounted as an
 * application of its own, since its paths are not JSON operations; nothing here knows a caller.
 */
import type { Handler, Request, Response } from 'express';
import { Failure } from '../platform/failure.ts';
import { isDecimal, parseTilePath, TILE_WIDTH } from './log/index.ts';
import type { LogObjects } from './log-objects.ts';
import type { LogProofs } from './log-proofs.ts';

export interface LogHandlerOptions {
  readonly objects: LogObjects;
  readonly proofs: LogProofs;
}

/** Answers below the path it is mounted on: `/checkpoint`, `/tile/…`, `/proof/<index>`. Other paths go on. */
export function logHandler({ objects, proofs }: LogHandlerOptions): Handler {
  return (request, response, next) => {
    const path = request.path.slice(1);
    if (request.method !== 'GET' && request.method !== 'HEAD') return next();
    if (path === 'checkpoint') sendCheckpoint(objects, response).catch(next);
    else if (path.startsWith('tile/')) sendTile(objects, path, response).catch(next);
    else if (path.startsWith('proof/')) sendProof(proofs, path.slice(6), request, response).catch(next);
    else next();
  };
}

async function sendCheckpoint(objects: LogObjects, response: Response): Promise<void> {
  const checkpoint = await objects.getCheckpoint();
  if (checkpoint === undefined) throw nothing();
  send(response, 'text/plain; charset=utf-8', 'public, max-age=1', Buffer.from(checkpoint));
}

async function sendTile(objects: LogObjects, path: string, response: Response): Promise<void> {
  const tile = parseTilePath(path);
  const bytes = tile && (await objects.get(path));
  if (bytes === undefined) throw nothing();
  // A partial tile is removed once the full one is there, so that a long life in caches would help nobody.
  const age = tile?.width === TILE_WIDTH ? 'public, max-age=31536000, immutable' : 'public, max-age=60';
  send(response, 'application/octet-stream', age, bytes);
}

async function sendProof(
  proofs: LogProofs,
  index: string,
  request: Request,
  response: Response,
): Promise<void> {
  if (!isDecimal(index)) throw nothing();
  const proof = await proofs.ofIndex(Number(index));
  if (request.method === 'GET')
    response.setHeader('Content-Disposition', `attachment; filename="${index}.tlog-proof"`);
  send(response, 'text/plain; charset=utf-8', 'public, max-age=60', Buffer.from(proof));
}

function send(response: Response, type: string, caching: string, bytes: Buffer): void {
  response.setHeader('Content-Type', type);
  response.setHeader('Cache-Control', caching);
  response.setHeader('Access-Control-Allow-Origin', '*');
  response.setHeader('Content-Length', bytes.length);
  response.end(bytes);
}

const nothing = (): Failure =>
  new Failure(
    'not-found',
    { en: 'The log has no such object.', vi: 'Nhật ký không có tệp này.' },
    { code: 'no-log-object' },
  );
