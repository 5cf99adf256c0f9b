// The only way out of the signing module: HTTP to hosts on an allow-list, bounded in time and size. Addresses come
// from certificates, which attackers write; redirects are not followed, because they would leave the list.

export interface FetchSettings {
  /** Host names, compared exactly. */
  readonly allowedHosts: readonly string[];
  readonly fetch: typeof fetch;
  /** Per request. Default 5,000 ms. */
  readonly timeoutMilliseconds?: number;
}

export class FetchError extends Error {
  override readonly name = 'FetchError';
}

/** GET, or POST when there is a body. @throws FetchError with a sentence for the operator */
export async function fetchFromAllowedHost(
  settings: FetchSettings,
  address: string,
  request: { readonly body?: Uint8Array; readonly contentType?: string; readonly maximumLength: number },
): Promise<Uint8Array> {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new FetchError('the address is not one of HTTP');
  }
  if (url.username !== '' || !settings.allowedHosts.includes(url.hostname)) {
    throw new FetchError(`the host ${url.hostname} is not on the list of allowed hosts`);
  }
  const response = await send(settings, url, request);
  if (response.status !== 200)
    throw new FetchError(`${url.hostname} answered with status ${response.status}`);
  return readBounded(response, request.maximumLength);
}

async function send(settings: FetchSettings, url: URL, request: { body?: Uint8Array; contentType?: string }) {
  try {
    return await settings.fetch(url, {
      method: request.body === undefined ? 'GET' : 'POST',
      body: request.body === undefined ? undefined : Uint8Array.from(request.body),
      headers: request.contentType === undefined ? {} : { 'content-type': request.contentType },
      redirect: 'error',
      signal: AbortSignal.timeout(settings.timeoutMilliseconds ?? 5_000),
    });
  } catch (error) {
    const why =
      error instanceof Error && error.name === 'TimeoutError'
        ? 'did not answer in time'
        : 'cannot be reached';
    throw new FetchError(`${url.hostname} ${why}`, { cause: error });
  }
}

async function readBounded(response: Response, maximumLength: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const part of response.body ?? []) {
      length += part.length;
      if (length > maximumLength) throw new FetchError(`the answer is longer than ${maximumLength} octets`);
      parts.push(part);
    }
  } catch (error) {
    if (error instanceof FetchError) throw error;
    throw new FetchError('the answer broke off', { cause: error });
  }
  return Buffer.concat(parts);
}
