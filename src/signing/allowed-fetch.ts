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

interface Request {
  readonly body?: Uint8Array;
  readonly contentType?: string;
  readonly authorization?: string;
  readonly maximumLength: number;
}

/** GET, or POST when there is a body; only status 200 counts. @throws FetchError with a sentence for the operator */
export async function fetchFromAllowedHost(
  settings: FetchSettings,
  address: string,
  request: Request,
): Promise<Uint8Array> {
  const url = allowedUrl(settings, address);
  const response = await send(settings, url, request);
  if (response.status !== 200)
    throw new FetchError(`${url.hostname} answered with status ${response.status}`);
  return readBounded(response, request.maximumLength);
}

/** POST; every status is an answer. @throws FetchError */
export async function postToAllowedHost(
  settings: FetchSettings,
  address: string,
  request: Request & { readonly body: Uint8Array },
): Promise<{ readonly status: number; readonly bytes: Uint8Array }> {
  const response = await send(settings, allowedUrl(settings, address), request);
  return { status: response.status, bytes: await readBounded(response, request.maximumLength) };
}

function allowedUrl(settings: FetchSettings, address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new FetchError('the address is not one of HTTP');
  }
  if (url.username !== '' || !settings.allowedHosts.includes(url.hostname)) {
    throw new FetchError(`the host ${url.hostname} is not on the list of allowed hosts`);
  }
  return url;
}

async function send(settings: FetchSettings, url: URL, request: Request): Promise<Response> {
  const { body, contentType, authorization } = request;
  try {
    return await settings.fetch(url, {
      method: body === undefined ? 'GET' : 'POST',
      body: body === undefined ? undefined : Uint8Array.from(body),
      headers: {
        ...(contentType === undefined ? {} : { 'content-type': contentType }),
        ...(authorization === undefined ? {} : { authorization }),
      },
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
