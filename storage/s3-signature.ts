/**
 * AWS Signature Version 4 for requests without a body: pure, one HMAC a request.
 * (AWS, "Authenticating Requests: Using the Authorization Header", and its example requests as test vectors.)
 */
import { createHash, createHmac } from 'node:crypto';

export interface Signer {
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export interface UnsignedRequest {
  readonly method: string;
  /** Host and, unless it is the scheme's own, port. */
  readonly host: string;
  /** Percent-encoded, beginning with a slash. */
  readonly path: string;
  /** `name=value` pairs, percent-encoded and sorted by name; empty for none. */
  readonly query: string;
  /** Other headers to sign: lower-case names. */
  readonly headers?: Readonly<Record<string, string>>;
}

const EMPTY_SHA256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/** All headers to send, `authorization` included. */
export function signedHeaders(signer: Signer, request: UnsignedRequest, now: Date): Record<string, string> {
  const time = now.toISOString().replaceAll(/[-:]|\.\d{3}/g, '');
  const day = time.slice(0, 8);
  const headers: Record<string, string> = {
    ...request.headers,
    host: request.host,
    'x-amz-content-sha256': EMPTY_SHA256,
    'x-amz-date': time,
  };
  const names = Object.keys(headers).sort();
  const lines = names.map((name) => `${name}:${headers[name]}\n`).join('');
  const signedNames = names.join(';');
  const canonical = [request.method, request.path, request.query, lines, signedNames, EMPTY_SHA256].join(
    '\n',
  );
  const scope = `${day}/${signer.region}/s3/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', time, scope, createHash('sha256').update(canonical).digest('hex')].join(
    '\n',
  );
  const signature = createHmac('sha256', keyOfDay(signer, day)).update(toSign).digest('hex');
  headers.authorization = `AWS4-HMAC-SHA256 Credential=${signer.accessKeyId}/${scope},SignedHeaders=${signedNames},Signature=${signature}`;
  return headers;
}

/** Percent-encodes everything but unreserved characters (RFC 3986 §2.3), as the canonical request wants it. */
export const encodeForQuery = (text: string): string =>
  encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );

/** The key that signs on one day, which is derived once a day. */
const keys = new WeakMap<Signer, { readonly day: string; readonly key: Buffer }>();

function keyOfDay(signer: Signer, day: string): Buffer {
  const kept = keys.get(signer);
  if (kept?.day === day) return kept.key;
  const steps = [day, signer.region, 's3', 'aws4_request'];
  const start: Buffer = Buffer.from(`AWS4${signer.secretAccessKey}`, 'utf8');
  const key = steps.reduce((secret, step) => createHmac('sha256', secret).update(step).digest(), start);
  keys.set(signer, { day, key });
  return key;
}
