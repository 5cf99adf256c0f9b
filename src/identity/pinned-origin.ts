/**
 * Embedded providers build their addresses from the request. What a caller writes into `Host` or `X-Forwarded-*` must
 * not decide them, and behind a proxy that ends TLS the request itself does not know the scheme: the configured base
 * URL stands in for both. The provider has to believe these headers (`provider.proxy = true`).
 */
import type { IncomingMessage } from 'node:http';

/** @param baseUrl scheme, host and port of the vault */
export function pinOrigin(request: IncomingMessage, baseUrl: string): void {
  const { host, protocol } = new URL(baseUrl);
  request.headers.host = host;
  request.headers['x-forwarded-host'] = host;
  request.headers['x-forwarded-proto'] = protocol.slice(0, -1);
}
