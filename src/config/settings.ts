/**
 * Every environment variable the vault reads: what it means, what it takes, what holds when it is unset. The one
 * table behind `parseConfig`, `.env.example` and the fault messages, so that they cannot tell different stories.
 */
import { z } from 'zod';
import { type Setting, url, whole, words, yesOrNo } from './setting.ts';
import { signatureSettings } from './signature-settings.ts';

export type { Setting } from './setting.ts';

import { parseAllowedHosts } from './allowed-hosts.ts';

/** 32 bytes of base64 or base64url behind a name: `2026-11:…`; several with commas, the first wraps what is new. */
const masterKeys = z.string().transform((text, context) => {
  const keys = text
    .split(',')
    .map((part) => /^([A-Za-z0-9._-]{1,64}):([A-Za-z0-9+/_-]+)=*$/.exec(part.trim()));
  const found = keys.flatMap((match) =>
    match === null ? [] : [{ id: match[1] ?? '', bytes: Buffer.from(match[2] ?? '', 'base64') }],
  );
  const distinct = new Set(found.map(({ id }) => id));
  if (
    found.length !== keys.length ||
    distinct.size !== keys.length ||
    found.some((k) => k.bytes.length !== 32)
  ) {
    context.issues.push({ code: 'custom', message: 'no list of master keys', input: '' });
    return z.NEVER;
  }
  return found;
});

const allowedHosts = z.string().transform((text, context) => {
  const hosts = parseAllowedHosts(text);
  if (hosts !== undefined) return hosts;
  context.issues.push({ code: 'custom', message: 'no list of hosts', input: '' });
  return z.NEVER;
});

/** `name+id+key url`, several with commas: the keys are checked where they are used. */
const witnesses = z.string().transform((text, context) => {
  const found = text
    .split(',')
    .map((part) => /^(\S+\+[0-9a-f]{8}\+[A-Za-z0-9+/]+=*)\s+(https?:\/\/\S+)$/.exec(part.trim()));
  const given = found.flatMap((match) => (match ? [{ vkey: match[1] ?? '', url: match[2] ?? '' }] : []));
  if (given.length !== found.length || given.some(({ url }) => !URL.canParse(url))) {
    context.issues.push({ code: 'custom', message: 'no list of witnesses', input: '' });
    return z.NEVER;
  }
  return given;
});

const define = <const S extends Record<string, Omit<Setting, 'name' | 'section'>>>(
  section: string,
  settings: S,
) =>
  Object.fromEntries(
    Object.entries(settings).map(([name, setting]) => [name, { ...setting, name, section }]),
  ) as { [K in keyof S]: S[K] & { readonly name: string; readonly section: string } };

export const SETTINGS = {
  ...define('The vault', {
    MOTLAN_MODE: {
      meaning:
        'production refuses everything that is made for trying out: its keys, its sign-in, plain http.',
      mend: 'write development or production',
      schema: z.enum(['development', 'production']),
      fallback: 'development',
    },
    VAULT_DATA_DIR: {
      meaning:
        'Where the embedded database, the objects, the keys and uploads under way lie. One vault a directory.',
      mend: 'name a directory the vault may write to',
      schema: words,
      fallback: '.vault',
    },
    HOST: {
      meaning: 'The address to listen on. Put a proxy that speaks https before anything but loopback.',
      mend: 'write an IP address of this machine, such as 127.0.0.1 or 0.0.0.0',
      schema: z.union([z.ipv4(), z.ipv6(), z.literal('localhost')]),
      fallback: '127.0.0.1',
    },
    PORT: {
      meaning: 'The port to listen on.',
      mend: 'write a whole number from 1 to 65535',
      schema: whole(1, 65_535),
      fallback: '3000',
    },
    BASE_URL: {
      meaning:
        'The address people and systems use, as they see it; it stands in links, tokens and printed codes.',
      mend: 'write https://kho.example.vn (http only in development), without a path',
      schema: url('http', 'https').refine(
        (text) => new URL(text).pathname === '/' && new URL(text).search === '',
      ),
      fallback: 'http://127.0.0.1:PORT',
    },
    TRUSTED_PROXIES: {
      meaning: 'How many proxies stand in front and are believed about the address a request comes from.',
      mend: 'write a whole number from 0 to 9',
      schema: whole(0, 9),
      fallback: '0',
    },
    LOG_LEVEL: {
      meaning: 'How much is logged, as JSON on standard output; never names, contents or codes.',
      mend: 'write one of debug, info, warn, error',
      schema: z.enum(['debug', 'info', 'warn', 'error']),
      fallback: 'info',
    },
    SEED_DEMO: {
      meaning: 'Whether the first start fills the vault with invented agencies, people and papers.',
      mend: 'write yes or no',
      schema: yesOrNo,
      fallback: 'yes in development, no in production',
    },
  }),
  ...define('Rows', {
    DATABASE_URL: {
      meaning: 'A PostgreSQL server, version 15 or later. Without it the vault runs an embedded one.',
      mend: 'write postgres://user:password@host:5432/database',
      schema: url('postgres', 'postgresql'),
      example: 'postgres://motlan:password@db.example.vn:5432/motlan',
      secret: true,
    },
    DATABASE_CONNECTIONS: {
      meaning: 'Connections of one instance at most.',
      mend: 'write a whole number from 2 to 200',
      schema: whole(2, 200),
      fallback: '10',
    },
  }),
  ...define('Bytes', {
    S3_ENDPOINT: {
      meaning: 'An S3 service for the objects. Without it they are files under VAULT_DATA_DIR.',
      mend: 'write the address of the service, such as https://s3.example.vn',
      schema: url('http', 'https'),
      example: 'https://s3.example.vn',
    },
    S3_BUCKET: {
      meaning: 'A bucket with versioning; scripts/provision-bucket.ts makes one.',
      mend: 'name the bucket: 3 to 63 of a-z 0-9 . -',
      schema: z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/),
      example: 'mot-lan',
    },
    S3_REGION: {
      meaning: 'The region that requests are signed for.',
      mend: 'write the region of the service',
      schema: z.string().regex(/^[a-z0-9-]{1,64}$/),
      fallback: 'us-east-1',
    },
    S3_ACCESS_KEY_ID: {
      meaning: 'The name of the key that signs requests.',
      mend: 'write the access key id',
      schema: words,
      example: 'vault',
    },
    S3_SECRET_ACCESS_KEY: {
      meaning: 'The key that signs requests.',
      mend: 'write the secret access key',
      schema: words,
      secret: true,
    },
    S3_PATH_STYLE: {
      meaning: 'yes for http://host/bucket/key, which most services other than AWS want.',
      mend: 'write yes or no',
      schema: yesOrNo,
      fallback: 'yes',
    },
    MASTER_KEYS: {
      meaning:
        'Keys that wrap the key of each object: name:base64 of 32 bytes, several with commas; the first wraps what is ' +
        'new, the others still open what they wrapped. Without it one is made and kept under VAULT_DATA_DIR.',
      mend: 'write NAME:KEY with a key of "openssl rand -base64 32"; each name once',
      schema: masterKeys,
      example: '2026-11:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=',
      secret: true,
    },
  }),
  ...define('Signatures', {
    ...signatureSettings,
    LEDGER_ORIGIN: {
      meaning: 'The name of the log, for ever: it stands in every proof.',
      mend: 'write host/path without a scheme, such as kho.example.vn/log',
      schema: z
        .string()
        .regex(/^[A-Za-z0-9.:-]+(\/[A-Za-z0-9._-]+)*$/)
        .max(200),
      fallback: "BASE_URL's host name without its port, and /log",
    },
    LEDGER_KEY_FILE: {
      meaning:
        'The key that signs the log (npm run vault -- keygen). Without it one is made under VAULT_DATA_DIR.',
      mend: 'name the key file',
      schema: words,
      example: '/etc/mot-lan/log.key',
    },
  }),
  ...define('Witnesses and re-reading', {
    LOG_WITNESSES: {
      meaning:
        'Independent services that cosign the log: KEY ADDRESS, several with commas. Without one nobody but the vault ' +
        'itself notices a restored backup.',
      mend: 'write NAME+ID+KEY https://…, as "vault -- witness" prints it, several with commas; each key once',
      schema: witnesses,
      example:
        'witness.example.vn+9f12d6a3+BAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA https://witness.example.vn',
    },
    LOG_WITNESSES_NEEDED: {
      meaning:
        'How many of them must have cosigned before a proof is given, and must answer at the start before the vault ' +
        'accepts anything.',
      mend: 'write a whole number from 0 to the number of witnesses',
      schema: whole(0, 20),
      fallback: 'all of them',
    },
    SCRUB_PERIOD_DAYS: {
      meaning: 'Within how many days every stored byte is read again and compared, at an even rate.',
      mend: 'write a whole number from 1 to 3650',
      schema: whole(1, 3650),
      fallback: '30',
    },
  }),
  ...define('Sign-in', {
    OIDC_ISSUER: {
      meaning:
        'The OpenID Connect issuer that people sign in with. Without it a development issuer is built in.',
      mend: 'write the issuer exactly as its discovery document does',
      schema: url('http', 'https'),
      example: 'https://login.example.vn',
    },
    OIDC_CLIENT_ID: {
      meaning: 'The name of this vault at the issuer.',
      mend: 'write the client id',
      schema: words,
      example: 'mot-lan',
    },
    OIDC_CLIENT_SECRET: {
      meaning: 'The secret of this vault at the issuer.',
      mend: 'write the client secret',
      schema: words,
      secret: true,
    },
    OIDC_SCOPE: {
      meaning: 'What is asked of the issuer.',
      mend: 'write scopes with blanks, openid among them',
      schema: z.string().refine((text) => text.split(' ').includes('openid')),
      fallback: 'openid profile',
    },
  }),
  ...define('Delivery', {
    DELIVERY_HOSTS: {
      meaning:
        'Hosts that webhooks, gateways and connectors may be sent to: host[:port][@network] with commas. A name without ' +
        'a network must resolve to public addresses. Without it nothing leaves the vault by itself.',
      mend: 'write names such as tthc.example.vn,lgsp.example.vn@10.0.0.0/8 with commas',
      schema: allowedHosts,
      example: 'tthc.example.vn,lgsp.example.vn:8443@10.20.0.0/16',
    },
    LINKS_FILE: {
      meaning:
        'A JSON file that says where other systems are and with which token: src/delivery/connectors/README.md. Without ' +
        'it no other system is asked.',
      mend: 'name the file',
      schema: words,
      example: '/etc/mot-lan/links.json',
    },
    SMTP_URL: {
      meaning:
        'The mail server that word of new notices and codes goes out through. Without it no e-mail is sent.',
      mend: 'write smtp://user:password@host:587 or smtps://user:password@host:465',
      schema: url('smtp', 'smtps'),
      example: 'smtp://motlan:password@mail.example.vn:587',
      secret: true,
    },
    SMTP_FROM: {
      meaning: 'The sender of those e-mails.',
      mend: 'write an address such as kho@example.vn',
      schema: z.email(),
      example: 'kho@example.vn',
    },
    SMS_GATEWAY_URL: {
      meaning: 'The gateway for text messages; its host stands in DELIVERY_HOSTS. Without it none are sent.',
      mend: 'write the address that takes messages, such as https://sms.example.vn/messages',
      schema: url('http', 'https'),
      example: 'https://sms.example.vn/messages',
    },
    SMS_GATEWAY_TOKEN: {
      meaning: 'The token it wants.',
      mend: 'write the token',
      schema: words,
      secret: true,
    },
    APP_GATEWAY_URL: {
      meaning:
        'The gateway to the national identity app; its host stands in DELIVERY_HOSTS. Without it none are sent.',
      mend: 'write the address that takes messages, such as https://app.example.vn/messages',
      schema: url('http', 'https'),
      example: 'https://app.example.vn/messages',
    },
    APP_GATEWAY_TOKEN: {
      meaning: 'The token it wants.',
      mend: 'write the token',
      schema: words,
      secret: true,
    },
  }),
  ...define('Limits', {
    MAX_FILE_MB: {
      meaning: 'The largest file, in megabytes of 1,000,000 bytes.',
      mend: 'write a whole number from 1 to 2000',
      schema: whole(1, 2000),
      fallback: '100',
    },
    MAX_PAGES: {
      meaning: 'The most pages of one document.',
      mend: 'write a whole number from 1 to 20000',
      schema: whole(1, 20_000),
      fallback: '2000',
    },
    REQUESTS_PER_MINUTE: {
      meaning: 'Requests of one caller a minute, counted over all instances.',
      mend: 'write a whole number from 10 to 1000000',
      schema: whole(10, 1_000_000),
      fallback: '600',
    },
    MAX_SELF_UPLOADS: {
      meaning: 'Papers of their own that one person or organisation may keep, uploaded by themselves.',
      mend: 'write a whole number from 0 to 10000',
      schema: whole(0, 10_000),
      fallback: '100',
    },
    MAX_SELF_UPLOAD_MB: {
      meaning: 'How large those papers may be together, in megabytes of 1,000,000 bytes.',
      mend: 'write a whole number from 0 to 100000',
      schema: whole(0, 100_000),
      fallback: '500',
    },
  }),
};

export type SettingName = keyof typeof SETTINGS;
/** What a setting is after parsing; `undefined` when it is unset. */
export type SettingValues = { [K in SettingName]: z.output<(typeof SETTINGS)[K]['schema']> | undefined };
