// A small server on the official's own PC that lends the token plugged in there to the vault's page, for two-step
// signing. It listens on the loopback only, answers only pages of the vault that know its pairing code, and signs
// nothing but the attributes of a PDF signature that name its own certificate.
import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { z } from 'zod';
import {
  Asn1Error,
  Cursor,
  childrenOf,
  encodingOf,
  essMatches,
  oids,
  readDer,
  readOid,
  readSigningCertificate,
  tag,
} from '../asn1/index.ts';
import type { Signer } from './signer.ts';
import { SigningError } from './signing-error.ts';

export interface SigningAgentSettings {
  readonly signer: Signer;
  /** Origins of the vault's pages: `https://kho.example.vn`. */
  readonly allowedOrigins: readonly string[];
  /** Shown on the PC, typed into the page; at least 16 characters. */
  readonly pairingCode: string;
}

const maximumBody = 256 * 1024;
const requestSchema = z.strictObject({ toSign: z.array(z.base64()).min(1).max(100) });

/**
 * `GET /certificate` → certificate, chain, scheme; `POST /signatures {toSign: base64[]}` → `{signatures: base64[]}` in
 * order. Refusals are `{kind, message}`. Call `listen(port, '127.0.0.1')` on what is returned.
 */
export function createSigningAgent(settings: SigningAgentSettings): Server {
  if (settings.pairingCode.length < 16) throw new RangeError('a pairing code has at least 16 characters');
  return createServer((request, response) => {
    answer(settings, request, response).catch((error: unknown) => {
      const expected = error instanceof SigningError;
      const kind = expected ? error.kind : 'unexpected';
      reply(response, expected ? 409 : 500, {
        kind,
        message: expected ? error.message : 'The agent failed.',
      });
    });
  });
}

async function answer(
  settings: SigningAgentSettings,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { origin, host = '' } = request.headers;
  // A foreign name for the loopback is how other pages would reach in (DNS rebinding).
  const local = /^(127\.0\.0\.1|localhost)(:\d+)?$/.test(host);
  if (!local || origin === undefined || !settings.allowedOrigins.includes(origin)) {
    reply(response, 403, { kind: 'forbidden', message: 'This page may not use the agent.' });
    return;
  }
  response.setHeader('access-control-allow-origin', origin);
  response.setHeader('vary', 'origin');
  if (request.method === 'OPTIONS') {
    response.setHeader('access-control-allow-headers', 'authorization, content-type');
    response.setHeader('access-control-allow-private-network', 'true');
    response.writeHead(204).end();
    return;
  }
  if (!paired(request.headers.authorization, settings.pairingCode)) {
    reply(response, 401, { kind: 'not-paired', message: 'Type the pairing code that the agent shows.' });
    return;
  }
  const { signer } = settings;
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
  if (request.method === 'GET' && request.url === '/certificate') {
    reply(response, 200, {
      certificate: text(signer.certificate.der),
      chain: signer.chain.map(({ der }) => text(der)),
      scheme: signer.scheme,
      maximumSignatureLength: signer.maximumSignatureLength,
    });
  } else if (request.method === 'POST' && request.url === '/signatures') {
    await signAll(signer, request, response);
  } else {
    reply(response, 404, { kind: 'not-found', message: 'There is /certificate and /signatures.' });
  }
}

async function signAll(signer: Signer, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = requestSchema.safeParse(await readJson(request));
  const wanted = body.success ? body.data.toSign.map((each) => Buffer.from(each, 'base64')) : [];
  if (wanted.length === 0 || !wanted.every((each) => isOwnSignature(each, signer))) {
    reply(response, 422, {
      kind: 'not-signable',
      message: 'Only prepared PDF signatures for this certificate are signed.',
    });
    return;
  }
  const signatures: string[] = [];
  for (const each of wanted) signatures.push(Buffer.from(await signer.sign(each)).toString('base64'));
  reply(response, 200, { signatures });
}

/** True for the signed attributes of a detached CMS signature whose signing certificate is the signer's. */
function isOwnSignature(bytes: Uint8Array, signer: Signer): boolean {
  try {
    const attributes = childrenOf(readDer(bytes)).map((element) => {
      const cursor = new Cursor(element);
      return { oid: readOid(cursor.next()), values: childrenOf(cursor.next(tag.set)).map(encodingOf) };
    });
    const names = attributes.map(({ oid }) => oid);
    const expected = [oids.contentType, oids.messageDigest, oids.signingCertificateV2];
    if (bytes[0] !== tag.set || names.length !== 3 || !expected.every((oid) => names.includes(oid)))
      return false;
    const certificate = readSigningCertificate(attributes);
    return certificate !== undefined && essMatches(certificate, signer.certificate);
  } catch (error) {
    if (error instanceof Asn1Error) return false;
    throw error;
  }
}

function paired(authorization: string | undefined, code: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(authorization ?? ''), digest(`Bearer ${code}`));
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > maximumBody) return undefined;
    parts.push(part);
  }
  try {
    return JSON.parse(Buffer.concat(parts).toString('utf8'));
  } catch {
    return undefined;
  }
}

function reply(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}
