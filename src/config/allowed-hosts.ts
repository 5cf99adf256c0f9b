/**
 * Where the vault may send by itself: `host[:port][@network]`, several with commas. A name that resolves outside its
 * network is not called; without a network only public addresses are. Pure.
 */
import { isIP } from 'node:net';

export interface AllowedHost {
  /** A name in lower case, or an address. */
  readonly host: string;
  /** Null: 443 for https, 80 for http. */
  readonly port: number | 'any' | null;
  /** Where the name may resolve to. Null: public addresses, and an address that is itself the host. */
  readonly network: {
    readonly address: string;
    readonly prefix: number;
    readonly family: 'ipv4' | 'ipv6';
  } | null;
}

/** @returns undefined when an entry cannot be read */
export function parseAllowedHosts(text: string): AllowedHost[] | undefined {
  const hosts = text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
    .map(parseEntry);
  return hosts.some((host) => host === undefined) ? undefined : (hosts as AllowedHost[]);
}

const ENTRY =
  /^(?<host>\[[0-9a-f:.]+\]|[a-z0-9][a-z0-9.-]*)(?::(?<port>\d{1,5}|\*))?(?:@(?<network>[0-9a-f:.]+\/\d{1,3}))?$/;

function parseEntry(entry: string): AllowedHost | undefined {
  const parts = ENTRY.exec(entry.toLowerCase())?.groups;
  if (parts?.host === undefined) return undefined;
  const port = parts.port === undefined ? null : parts.port === '*' ? 'any' : Number(parts.port);
  if (typeof port === 'number' && (port < 1 || port > 65_535)) return undefined;
  const network = parts.network === undefined ? null : parseNetwork(parts.network);
  return network === undefined ? undefined : { host: parts.host.replace(/^\[|\]$/g, ''), port, network };
}

function parseNetwork(text: string): AllowedHost['network'] | undefined {
  const [address = '', bits = ''] = text.split('/');
  const family = isIP(address);
  const prefix = Number(bits);
  if (family === 0 || prefix > (family === 4 ? 32 : 128)) return undefined;
  return { address, prefix, family: family === 4 ? 'ipv4' : 'ipv6' };
}
