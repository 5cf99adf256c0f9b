/**
 * The way out for webhooks, gateways and connectors: HTTP to hosts on the operator's list, to addresses that the list
 * allows, bounded in time and size, without redirects. The name is resolved once and the connection goes to an address
 * that was checked, so that a name which changes its address in between (DNS rebinding) leads nowhere else.
 */
import { type LookupAddress, lookup } from 'node:dns';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { BlockList, isIP } from 'node:net';
import type { AllowedHost } from '../config/index.ts';

/** Why nothing was sent, or no answer came; kept with attempts and shown to integrators. */
export type OutboundFault =
  | 'not-a-web-address'
  | 'host-not-allowed'
  | 'address-not-allowed'
  | 'plain-http'
  | 'name-not-resolved'
  | 'timed-out'
  | 'not-reached'
  | 'answer-too-long';

export class OutboundError extends Error {
  override readonly name = 'OutboundError';
  readonly fault: OutboundFault;
  constructor(fault: OutboundFault, options?: { cause?: unknown }) {
    super(`nothing was delivered: ${fault}`, options);
    this.fault = fault;
  }
}

type Resolve = (host: string, done: (error: Error | null, addresses: LookupAddress[]) => void) => void;

export interface OutboundPolicy {
  readonly allowed: readonly AllowedHost[];
  /** Production refuses plain http. */
  readonly requireTls: boolean;
  /** Name resolution; the system's unless a test gives another. */
  readonly resolve?: Resolve;
}

export interface OutboundRequest {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** From the first byte sent to the last received; default 10,000 ms. */
  readonly milliseconds?: number;
  /** Of the answer; default 64 KiB. */
  readonly maximumBytes?: number;
  readonly signal?: AbortSignal;
}

export interface OutboundAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** @throws OutboundError when the address may not be called at all. Asked at registration and again at each sending. */
export function allowedTarget(policy: OutboundPolicy, address: string): { url: URL; rules: AllowedHost[] } {
  const url = URL.parse(address);
  if (!url || !['http:', 'https:'].includes(url.protocol) || url.username !== '' || url.password !== '')
    throw new OutboundError('not-a-web-address');
  if (policy.requireTls && url.protocol === 'http:') throw new OutboundError('plain-http');
  const host = bare(url.hostname);
  const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
  const usual = url.protocol === 'https:' ? 443 : 80;
  const rules = policy.allowed.filter(
    (rule) => rule.host === host && (rule.port === 'any' || (rule.port ?? usual) === port),
  );
  if (rules.length === 0) throw new OutboundError('host-not-allowed');
  return { url, rules };
}

/** Every status is an answer, redirects too. @throws OutboundError */
export async function sendOut(
  policy: OutboundPolicy,
  address: string,
  wish: OutboundRequest,
): Promise<OutboundAnswer> {
  const { url, rules } = allowedTarget(policy, address);
  const target = await resolved(policy, bare(url.hostname), rules);
  const maximum = wish.maximumBytes ?? 65_536;
  const timeout = AbortSignal.timeout(wish.milliseconds ?? 10_000);
  const signal = wish.signal ? AbortSignal.any([timeout, wish.signal]) : timeout;
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise<OutboundAnswer>((resolve, reject) => {
    const fail = (error: unknown): void =>
      reject(
        error instanceof OutboundError
          ? error
          : new OutboundError(timeout.aborted ? 'timed-out' : 'not-reached', { cause: error }),
      );
    const outgoing = request(
      url,
      {
        method: wish.method,
        headers: {
          'User-Agent': 'mot-lan/1',
          ...(wish.body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(wish.body)) }),
          ...wish.headers,
        },
        signal,
        agent: false,
        // The connection goes where the check went; the name is not asked for again.
        lookup: (_host, options, done) => {
          const all = (options as { all?: boolean }).all === true;
          (done as (...given: unknown[]) => void)(
            null,
            ...(all ? [[target]] : [target.address, target.family]),
          );
        },
      },
      (incoming) => {
        const parts: Buffer[] = [];
        let length = 0;
        incoming.on('data', (part: Buffer) => {
          length += part.length;
          if (length > maximum) {
            fail(new OutboundError('answer-too-long'));
            incoming.destroy();
            return;
          }
          parts.push(part);
        });
        incoming.on('error', fail);
        incoming.on('end', () =>
          resolve({
            status: incoming.statusCode ?? 0,
            headers: incoming.headers,
            body: Buffer.concat(parts),
          }),
        );
      },
    );
    outgoing.on('error', fail);
    outgoing.end(wish.body);
  });
}

async function resolved(
  policy: OutboundPolicy,
  host: string,
  rules: readonly AllowedHost[],
): Promise<LookupAddress> {
  const family = isIP(host);
  const addresses = family === 0 ? await ask(policy, host) : [{ address: host, family }];
  const [first] = addresses;
  if (!first) throw new OutboundError('name-not-resolved');
  // One address outside is enough to refuse: whoever controls the name could make any of them the next answer.
  if (!addresses.every(({ address }) => rules.some((rule) => reaches(rule, host, address))))
    throw new OutboundError('address-not-allowed');
  return first;
}

const ask = ({ resolve = systemResolve }: OutboundPolicy, host: string): Promise<LookupAddress[]> =>
  new Promise((done, fail) =>
    resolve(host, (error, addresses) =>
      error ? fail(new OutboundError('name-not-resolved', { cause: error })) : done(addresses),
    ),
  );
const systemResolve: Resolve = (host, done) => lookup(host, { all: true, verbatim: true }, done);

function reaches(rule: AllowedHost, host: string, address: string): boolean {
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  if (rule.network === null) return isIP(host) !== 0 || !NOT_PUBLIC.check(address, family);
  const inside = new BlockList();
  inside.addSubnet(rule.network.address, rule.network.prefix, rule.network.family);
  return inside.check(address, family);
}

const bare = (hostname: string): string => hostname.replace(/^\[|\]$/g, '').toLowerCase();

/** Loopback, private, link-local (clouds keep their secrets there), shared, reserved and multicast (RFC 6890). */
const NOT_PUBLIC = new BlockList();
for (const [address, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const)
  NOT_PUBLIC.addSubnet(address, prefix, 'ipv4');
for (const [address, prefix] of [
  ['::', 127],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const)
  NOT_PUBLIC.addSubnet(address, prefix, 'ipv6');
