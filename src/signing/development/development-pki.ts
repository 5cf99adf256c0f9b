// The throw-away hierarchy that a development vault signs with: one root, a seal for the agency, an officer, the
// head of a school, a time-stamping authority. Kept as PEM under one folder, made once, reloaded afterwards.
import { createPrivateKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { type Certificate, oids, readCertificatesPem } from '../../asn1/index.ts';
import { createKeySigner } from '../key-signer.ts';
import type { Signer } from '../signer.ts';
import { CertificateAuthority, type CertificateProfile } from './certificate-authority.ts';
import { createTimestampAuthority, type TimestampAuthority } from './timestamp-authority.ts';

export type DevelopmentRole = 'agencySeal' | 'officer' | 'schoolHead' | 'timestamp';

export interface DevelopmentPki {
  readonly authority: CertificateAuthority;
  readonly root: Certificate;
  /** PEM file with the root: what `--trust` takes. */
  readonly rootFile: string;
  readonly signers: Readonly<Record<DevelopmentRole, Signer>>;
  /** Answers RFC 3161 requests; mount it or call it. */
  readonly timestampAuthority: TimestampAuthority;
  /** One more signer under the same root, not kept. */
  issueSigner(names: { readonly commonName: string; readonly organization?: string }): Promise<Signer>;
}

export type KeyKind = 'rsa-2048' | 'rsa-3072' | 'rsa-4096' | 'p-256' | 'p-384';

interface RolePlan {
  readonly commonName: string;
  readonly organization: string;
  readonly profile: CertificateProfile;
  readonly key: KeyKind;
}

const plans: Readonly<Record<DevelopmentRole, RolePlan>> = {
  agencySeal: {
    commonName: 'ỦY BAN NHÂN DÂN XÃ AN BÌNH (THỬ NGHIỆM)',
    organization: 'Ủy ban nhân dân xã An Bình',
    profile: 'signer',
    key: 'rsa-3072',
  },
  officer: {
    commonName: 'Nguyễn Thị Số Hóa (THỬ NGHIỆM)',
    organization: 'Ủy ban nhân dân xã An Bình',
    profile: 'signer',
    key: 'p-256',
  },
  schoolHead: {
    commonName: 'Trần Văn Hiệu Trưởng (THỬ NGHIỆM)',
    organization: 'Trường THPT An Bình',
    profile: 'signer',
    key: 'p-256',
  },
  timestamp: {
    commonName: 'DẤU THỜI GIAN (THỬ NGHIỆM)',
    organization: 'Một Lần',
    profile: 'timestamp',
    key: 'p-256',
  },
};

/**
 * Loads the hierarchy in `folder`, making it first when it is not there. Keys are files of mode 0600.
 * @param options.now the clock of certificates made now and of the time-stamping authority
 * @param options.keys other kinds of key for some roles, when the hierarchy is made
 */
export async function openDevelopmentPki(
  folder: string,
  options: { readonly now: () => Date; readonly keys?: Partial<Record<DevelopmentRole, KeyKind>> },
): Promise<DevelopmentPki> {
  if (!existsSync(folder)) await create(folder, options);
  const authority = await loadRoot(folder);
  const load = async (role: DevelopmentRole): Promise<Signer> => {
    const [certificate] = readCertificatesPem(await readFile(join(folder, `${role}.pem`), 'utf8'));
    if (certificate === undefined)
      throw new Error(`${role}.pem holds no certificate: delete ${folder} to make a new one`);
    const key = createPrivateKey(await readFile(join(folder, `${role}.key`)));
    return createKeySigner({ key, certificate, chain: [authority.certificate] });
  };
  const [agencySeal, officer, schoolHead, timestamp] = await Promise.all([
    load('agencySeal'),
    load('officer'),
    load('schoolHead'),
    load('timestamp'),
  ]);
  return {
    authority,
    root: authority.certificate,
    rootFile: join(folder, 'root.pem'),
    signers: { agencySeal, officer, schoolHead, timestamp },
    timestampAuthority: createTimestampAuthority(timestamp, options.now),
    issueSigner: async ({ commonName, organization }) => {
      const key = await generateKey('p-256');
      const certificate = authority.issue({
        subject: subject(`${commonName} (THỬ NGHIỆM)`, organization ?? 'Một Lần'),
        key,
        profile: 'signer',
        ...validity(options.now(), 1),
      });
      return createKeySigner({ key, certificate, chain: [authority.certificate] });
    },
  };
}

/** A new private key. */
export async function generateKey(kind: KeyKind): Promise<KeyObject> {
  const make = promisify(generateKeyPair) as (
    type: string,
    options: object,
  ) => Promise<{ readonly privateKey: KeyObject }>;
  const curve = kind === 'p-256' ? 'prime256v1' : kind === 'p-384' ? 'secp384r1' : undefined;
  const { privateKey } =
    curve === undefined
      ? await make('rsa', { modulusLength: Number(kind.slice(4)) })
      : await make('ec', { namedCurve: curve });
  return privateKey;
}

// Made beside its place and moved there whole: a start that is cut short leaves no half hierarchy.
async function create(folder: string, options: Parameters<typeof openDevelopmentPki>[1]): Promise<void> {
  const now = options.now();
  await mkdir(dirname(folder), { recursive: true });
  const draft = await mkdtemp(`${folder}.new-`);
  const rootKey = await generateKey('p-384');
  const root = CertificateAuthority.createRoot(rootKey, {
    subject: subject('GỐC THỬ NGHIỆM MỘT LẦN', 'Một Lần'),
    ...validity(now, 20),
  });
  await save(draft, 'root', { key: rootKey, certificate: root.certificate });
  for (const [role, plan] of Object.entries(plans) as [DevelopmentRole, RolePlan][]) {
    const key = await generateKey(options.keys?.[role] ?? plan.key);
    const request = { subject: subject(plan.commonName, plan.organization), key, profile: plan.profile };
    await save(draft, role, { key, certificate: root.issue({ ...request, ...validity(now, 10) }) });
  }
  try {
    await rename(draft, folder);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
}

async function loadRoot(folder: string): Promise<CertificateAuthority> {
  const [certificate] = readCertificatesPem(await readFile(join(folder, 'root.pem'), 'utf8'));
  if (certificate === undefined)
    throw new Error(`root.pem holds no certificate: delete ${folder} to make a new one`);
  return new CertificateAuthority(createPrivateKey(await readFile(join(folder, 'root.key'))), certificate);
}

async function save(
  folder: string,
  name: string,
  pair: { readonly key: KeyObject; readonly certificate: Certificate },
) {
  const pem = pair.key.export({ format: 'pem', type: 'pkcs8' });
  await writeFile(join(folder, `${name}.key`), pem, { mode: 0o600 });
  await writeFile(join(folder, `${name}.pem`), toPem(pair.certificate));
}

/** PEM of a certificate. */
export function toPem(certificate: Certificate): string {
  const lines =
    Buffer.from(certificate.der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

function subject(commonName: string, organization: string) {
  return [
    { oid: oids.organization, value: organization },
    { oid: oids.commonName, value: commonName },
  ];
}

// An hour back, so that a machine whose clock is a little behind accepts what was just made.
function validity(now: Date, years: number) {
  return {
    notBefore: new Date(now.getTime() - 3_600_000),
    notAfter: new Date(now.getTime() + years * 365 * 86_400_000),
  };
}
