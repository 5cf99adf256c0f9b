/**
 * The configuration of a vault, read once from the environment. Pure: no file is opened and nothing is made here.
 * Every fault is reported at once, with how to mend it; secrets never show in messages.
 */
import { createSecretKey, type KeyObject } from 'node:crypto';
import type { AllowedHost } from './allowed-hosts.ts';
import { Secret } from './secret.ts';
import { SETTINGS, type SettingName, type SettingValues } from './settings.ts';

export type DatabaseConfig =
  | { readonly kind: 'embedded' }
  | { readonly kind: 'postgres'; readonly url: Secret<string> };
export type ObjectsConfig =
  | { readonly kind: 'filesystem' }
  | {
      readonly kind: 's3';
      readonly endpoint: string;
      readonly region: string;
      readonly bucket: string;
      readonly accessKeyId: string;
      readonly secretAccessKey: Secret<string>;
      readonly pathStyle: boolean;
    };
export type SignerConfig =
  | { readonly kind: 'development' }
  | {
      readonly kind: 'pkcs12';
      readonly file: string;
      readonly passphrase: Secret<string>;
      readonly chainFile?: string;
    }
  | {
      readonly kind: 'pkcs11';
      readonly library: string;
      readonly token: string;
      readonly keyLabel?: string;
      readonly pin: Secret<string>;
      readonly chainFile?: string;
    }
  | {
      readonly kind: 'remote';
      readonly url: string;
      readonly credential: string;
      readonly tokenUrl: string;
      readonly clientId: string;
      readonly clientSecret: Secret<string>;
      readonly pin: Secret<string>;
    };
export type TimestampConfig =
  | { readonly kind: 'development' }
  | { readonly kind: 'none' }
  | { readonly kind: 'authorities'; readonly urls: readonly string[] };
export interface MasterKeyConfig {
  readonly id: string;
  readonly key: Secret<KeyObject>;
}
export type MasterKeysConfig =
  | { readonly kind: 'embedded' }
  | { readonly kind: 'given'; readonly current: MasterKeyConfig; readonly older: readonly MasterKeyConfig[] };
export type IssuerConfig =
  | { readonly kind: 'development' }
  | {
      readonly kind: 'oidc';
      readonly issuer: string;
      readonly clientId: string;
      readonly clientSecret: Secret<string>;
      readonly scope: string;
    };
export type LedgerKeyConfig =
  | { readonly kind: 'embedded' }
  | { readonly kind: 'file'; readonly file: string };

export interface GatewayConfig {
  readonly url: string;
  readonly token: Secret<string>;
}

export interface Config {
  readonly mode: 'development' | 'production';
  readonly dataDir: string;
  readonly host: string;
  readonly port: number;
  /** Scheme, host and port without a slash behind: `https://kho.example.vn`. */
  readonly baseUrl: string;
  readonly trustedProxies: number;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
  readonly seedDemo: boolean;
  readonly database: DatabaseConfig;
  readonly databaseConnections: number;
  readonly objects: ObjectsConfig;
  readonly masterKeys: MasterKeysConfig;
  readonly signer: SignerConfig;
  readonly timestamps: TimestampConfig;
  /** Hosts that revocation data may be fetched from. */
  readonly revocationHosts: readonly string[];
  /** A folder of trust sets, one a folder. */
  readonly trustFolder: string | null;
  readonly ledger: {
    readonly origin: string;
    readonly key: LedgerKeyConfig;
    /** Public key and address of each. */
    readonly witnesses: readonly { readonly vkey: string; readonly url: string }[];
    /** How many of them must have cosigned. */
    readonly witnessesNeeded: number;
  };
  readonly scrubPeriodDays: number;
  readonly issuer: IssuerConfig;
  readonly delivery: {
    /** Where the vault may send by itself. */
    readonly hosts: readonly AllowedHost[];
    /** Where other systems are. */
    readonly linksFile: string | null;
    readonly mail: { readonly url: Secret<string>; readonly from: string } | null;
    readonly sms: GatewayConfig | null;
    readonly app: GatewayConfig | null;
  };
  readonly limits: {
    readonly fileBytes: number;
    readonly pages: number;
    readonly requestsPerMinute: number;
    /** Self-uploaded papers that one owner keeps at a time, and their bytes together. */
    readonly selfUploads: number;
    readonly selfUploadBytes: number;
  };
}

/** One variable that cannot stand as it is. */
export interface ConfigFault {
  readonly name: SettingName;
  readonly problem: string;
  readonly mend: string;
}

export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly faults: readonly ConfigFault[];
  constructor(faults: readonly ConfigFault[]) {
    const lines = faults.map(({ name, problem, mend }) => `  ${name} ${problem}: ${mend}.`);
    super(`The settings do not fit together; nothing was started.\n${lines.join('\n')}`);
    this.faults = faults;
  }
}

type Environment = Readonly<Record<string, string | undefined>>;

/** @throws ConfigError with every fault. An empty value counts as unset. */
export function parseConfig(env: Environment): Config {
  const faults: ConfigFault[] = [];
  const given = readSettings(env, faults);
  const mode = given.MOTLAN_MODE ?? 'development';
  const port = given.PORT ?? 3000;
  const baseUrl = new URL(given.BASE_URL ?? `http://127.0.0.1:${port}`).origin;
  demandTogether(env, faults);
  if ((given.LOG_WITNESSES_NEEDED ?? 0) > (given.LOG_WITNESSES?.length ?? 0)) {
    const problem = 'asks for more witnesses than LOG_WITNESSES names';
    faults.push({ name: 'LOG_WITNESSES_NEEDED', problem, mend: SETTINGS.LOG_WITNESSES_NEEDED.mend });
  }
  demandOneSigner(env, faults);
  if (mode === 'production') demandProduction(env, given, faults);
  if (faults.length > 0) throw new ConfigError(faults);
  return {
    mode,
    dataDir: given.VAULT_DATA_DIR ?? '.vault',
    host: given.HOST ?? '127.0.0.1',
    port,
    baseUrl,
    trustedProxies: given.TRUSTED_PROXIES ?? 0,
    logLevel: given.LOG_LEVEL ?? 'info',
    seedDemo: given.SEED_DEMO ?? mode === 'development',
    database: databaseOf(given),
    databaseConnections: given.DATABASE_CONNECTIONS ?? 10,
    objects: objectsOf(given),
    masterKeys: masterKeysOf(given),
    signer: signerOf(given),
    timestamps: timestampsOf(given, mode),
    revocationHosts: given.REVOCATION_HOSTS ?? [],
    trustFolder: given.TRUST_FOLDER ?? null,
    ledger: {
      origin: given.LEDGER_ORIGIN ?? `${new URL(baseUrl).hostname}/log`,
      key: given.LEDGER_KEY_FILE ? { kind: 'file', file: given.LEDGER_KEY_FILE } : { kind: 'embedded' },
      witnesses: given.LOG_WITNESSES ?? [],
      witnessesNeeded: given.LOG_WITNESSES_NEEDED ?? given.LOG_WITNESSES?.length ?? 0,
    },
    scrubPeriodDays: given.SCRUB_PERIOD_DAYS ?? 30,
    issuer: issuerOf(given),
    delivery: deliveryOf(given),
    limits: {
      fileBytes: (given.MAX_FILE_MB ?? 100) * 1_000_000,
      pages: given.MAX_PAGES ?? 2000,
      requestsPerMinute: given.REQUESTS_PER_MINUTE ?? 600,
      selfUploads: given.MAX_SELF_UPLOADS ?? 100,
      selfUploadBytes: (given.MAX_SELF_UPLOAD_MB ?? 500) * 1_000_000,
    },
  };
}

const isSet = (env: Environment, name: SettingName): boolean => (env[name] ?? '') !== '';

function readSettings(env: Environment, faults: ConfigFault[]): SettingValues {
  const values: Partial<Record<SettingName, unknown>> = {};
  for (const name of Object.keys(SETTINGS) as SettingName[]) {
    if (!isSet(env, name)) continue;
    const { schema, mend, ...setting } = SETTINGS[name];
    const parsed = schema.safeParse(env[name]);
    if (parsed.success) {
      values[name] = parsed.data;
    } else {
      const shown = 'secret' in setting ? 'has a value' : `is "${(env[name] ?? '').slice(0, 100)}",`;
      faults.push({ name, problem: `${shown} that cannot be used`, mend });
    }
  }
  return values as SettingValues;
}

/** Settings that mean nothing without each other: naming the first makes the others necessary, and the reverse. */
const TOGETHER: readonly (readonly [SettingName, ...SettingName[]])[] = [
  ['S3_ENDPOINT', 'S3_BUCKET', 'S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY'],
  ['OIDC_ISSUER', 'OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET'],
  ['SIGNER_PKCS12_FILE', 'SIGNER_PKCS12_PASSPHRASE'],
  ['SIGNER_PKCS11_LIBRARY', 'SIGNER_PKCS11_TOKEN', 'SIGNER_PKCS11_PIN'],
  [
    'SIGNER_REMOTE_URL',
    'SIGNER_REMOTE_CREDENTIAL',
    'SIGNER_REMOTE_TOKEN_URL',
    'SIGNER_REMOTE_CLIENT_ID',
    'SIGNER_REMOTE_CLIENT_SECRET',
    'SIGNER_REMOTE_PIN',
  ],
  ['SMTP_URL', 'SMTP_FROM'],
  ['SMS_GATEWAY_URL', 'SMS_GATEWAY_TOKEN'],
  ['APP_GATEWAY_URL', 'APP_GATEWAY_TOKEN'],
];

function demandTogether(env: Environment, faults: ConfigFault[]): void {
  for (const group of TOGETHER) {
    const present = group.find((name) => isSet(env, name));
    if (present === undefined) continue;
    for (const name of group) {
      if (isSet(env, name)) continue;
      faults.push({ name, problem: `is missing while ${present} is set`, mend: SETTINGS[name].mend });
    }
  }
}

/** What carries secrets or names must come over https in production. */
const PLAIN_HTTP_REFUSED = [
  'BASE_URL',
  'OIDC_ISSUER',
  'S3_ENDPOINT',
  'SIGNER_REMOTE_URL',
  'SIGNER_REMOTE_TOKEN_URL',
] as const;

function demandProduction(env: Environment, given: SettingValues, faults: ConfigFault[]): void {
  const demanded: readonly (readonly [SettingName, string])[] = [
    ['BASE_URL', 'links and codes would point to this machine alone'],
    ['MASTER_KEYS', 'a key kept beside the data it protects protects nothing'],
    ['SIGNER_PKCS12_FILE', "nobody trusts the development authority's seals"],
    ['LEDGER_KEY_FILE', 'the key of the log must outlive this machine'],
    ['OIDC_ISSUER', 'the development issuer lets anybody in'],
  ];
  for (const [name, why] of demanded) {
    const otherSeal = name === 'SIGNER_PKCS12_FILE' && SIGNERS.some((signer) => isSet(env, signer));
    if (!isSet(env, name) && !otherSeal) {
      faults.push({ name, problem: `is missing in production (${why})`, mend: SETTINGS[name].mend });
    }
  }
  for (const name of PLAIN_HTTP_REFUSED) {
    if (given[name]?.startsWith('http:')) {
      faults.push({ name, problem: 'is plain http in production', mend: 'use its https address' });
    }
  }
  if (given.SEED_DEMO) {
    faults.push({
      name: 'SEED_DEMO',
      problem: 'would put invented people into production',
      mend: 'write no, or leave it out',
    });
  }
}

const databaseOf = ({ DATABASE_URL: url }: SettingValues): DatabaseConfig =>
  url === undefined ? { kind: 'embedded' } : { kind: 'postgres', url: new Secret(url) };

function objectsOf(given: SettingValues): ObjectsConfig {
  if (given.S3_ENDPOINT === undefined) return { kind: 'filesystem' };
  return {
    kind: 's3',
    endpoint: given.S3_ENDPOINT,
    region: given.S3_REGION ?? 'us-east-1',
    bucket: given.S3_BUCKET ?? '',
    accessKeyId: given.S3_ACCESS_KEY_ID ?? '',
    secretAccessKey: new Secret(given.S3_SECRET_ACCESS_KEY ?? ''),
    pathStyle: given.S3_PATH_STYLE ?? true,
  };
}

function masterKeysOf({ MASTER_KEYS: keys }: SettingValues): MasterKeysConfig {
  const [current, ...older] = (keys ?? []).map(({ id, bytes }) => ({
    id,
    key: new Secret(createSecretKey(bytes)),
  }));
  return current === undefined ? { kind: 'embedded' } : { kind: 'given', current, older };
}

function signerOf(given: SettingValues): SignerConfig {
  const chain = given.SIGNER_CHAIN_FILE === undefined ? {} : { chainFile: given.SIGNER_CHAIN_FILE };
  if (given.SIGNER_PKCS12_FILE !== undefined) {
    const passphrase = new Secret(given.SIGNER_PKCS12_PASSPHRASE ?? '');
    return { kind: 'pkcs12', file: given.SIGNER_PKCS12_FILE, passphrase, ...chain };
  }
  if (given.SIGNER_PKCS11_LIBRARY !== undefined) {
    return {
      kind: 'pkcs11',
      library: given.SIGNER_PKCS11_LIBRARY,
      token: given.SIGNER_PKCS11_TOKEN ?? '',
      keyLabel: given.SIGNER_PKCS11_KEY,
      pin: new Secret(given.SIGNER_PKCS11_PIN ?? ''),
      ...chain,
    };
  }
  if (given.SIGNER_REMOTE_URL !== undefined) {
    return {
      kind: 'remote',
      url: given.SIGNER_REMOTE_URL,
      credential: given.SIGNER_REMOTE_CREDENTIAL ?? '',
      tokenUrl: given.SIGNER_REMOTE_TOKEN_URL ?? '',
      clientId: given.SIGNER_REMOTE_CLIENT_ID ?? '',
      clientSecret: new Secret(given.SIGNER_REMOTE_CLIENT_SECRET ?? ''),
      pin: new Secret(given.SIGNER_REMOTE_PIN ?? ''),
    };
  }
  return { kind: 'development' };
}

const SIGNERS = ['SIGNER_PKCS12_FILE', 'SIGNER_PKCS11_LIBRARY', 'SIGNER_REMOTE_URL'] as const;

/** One seal: two would leave open which of them signs. */
function demandOneSigner(env: Environment, faults: ConfigFault[]): void {
  const [, second] = SIGNERS.filter((name) => isSet(env, name));
  if (second !== undefined) {
    faults.push({
      name: second,
      problem: 'is a second seal',
      mend: `leave out all but one of ${SIGNERS.join(', ')}`,
    });
  }
}

function timestampsOf({ TSA_URL: urls }: SettingValues, mode: Config['mode']): TimestampConfig {
  if (urls !== undefined) return { kind: 'authorities', urls };
  return { kind: mode === 'production' ? 'none' : 'development' };
}

const gatewayOf = (url: string | undefined, token: string | undefined): GatewayConfig | null =>
  url === undefined ? null : { url, token: new Secret(token ?? '') };

const deliveryOf = (given: SettingValues): Config['delivery'] => ({
  hosts: given.DELIVERY_HOSTS ?? [],
  linksFile: given.LINKS_FILE ?? null,
  mail:
    given.SMTP_URL === undefined ? null : { url: new Secret(given.SMTP_URL), from: given.SMTP_FROM ?? '' },
  sms: gatewayOf(given.SMS_GATEWAY_URL, given.SMS_GATEWAY_TOKEN),
  app: gatewayOf(given.APP_GATEWAY_URL, given.APP_GATEWAY_TOKEN),
});

const issuerOf = (given: SettingValues): IssuerConfig =>
  given.OIDC_ISSUER === undefined
    ? { kind: 'development' }
    : {
        kind: 'oidc',
        issuer: given.OIDC_ISSUER,
        clientId: given.OIDC_CLIENT_ID ?? '',
        clientSecret: new Secret(given.OIDC_CLIENT_SECRET ?? ''),
        scope: given.OIDC_SCOPE ?? 'openid profile',
      };
