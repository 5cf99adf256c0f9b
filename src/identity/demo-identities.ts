/** Puts the invented people, roles, representations and systems into rows. Running it again changes nothing. */
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomUUID,
} from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sql } from '../platform/database.ts';
import { accountBySubject, insertAccount } from './account-repository.ts';
import {
  DEMO_AGENCIES,
  DEMO_CHILD,
  DEMO_CLIENTS,
  DEMO_ORGANISATION,
  DEMO_PEOPLE,
  type DemoAgencies,
} from './demo-people.ts';
import { findOrCreatePerson } from './find-person.ts';
import { jwksSchema } from './machine-client.ts';
import { insertMachineClient } from './machine-client-repository.ts';
import { majorityOf } from './representation.ts';
import {
  findOrCreateOrganisation,
  insertRepresentation,
  representationsOf,
} from './representation-repository.ts';
import { assignmentsOfAccount, insertAssignment } from './role-repository.ts';

/** The private key of a demonstration system, as its file in the key folder holds it. */
export interface DemoClientKey {
  readonly clientId: string;
  readonly kid: string;
  readonly privateKey: KeyObject;
}

export interface SeededIdentities {
  /** Ids of persons by `subject`; the child is `an`. */
  readonly persons: Readonly<Record<string, string>>;
  readonly accounts: Readonly<Record<string, string>>;
  readonly organisationId: string;
}

/** File of a system's private key in the key folder: a JWK with `kid`. */
export const demoClientKeyFile = (clientId: string): string => `client-${clientId}.jwk.json`;

/** Reads the keys of the demonstration systems, making those that are missing (P-256). */
export async function openDemoClientKeys(folder: string): Promise<DemoClientKey[]> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return Promise.all(
    DEMO_CLIENTS.map(async ({ clientId }) => {
      const path = join(folder, demoClientKeyFile(clientId));
      const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const fresh = { ...privateKey.export({ format: 'jwk' }), kid: randomUUID(), alg: 'ES256' };
      await writeFile(path, `${JSON.stringify(fresh)}\n`, { flag: 'wx', mode: 0o600 }).catch(
        (error: NodeJS.ErrnoException) => {
          if (error.code !== 'EEXIST') throw error;
        },
      );
      const jwk = JSON.parse(await readFile(path, 'utf8')) as { kid: string; kty: string };
      return { clientId, kid: jwk.kid, privateKey: createPrivateKey({ key: jwk, format: 'jwk' }) };
    }),
  );
}

/** @param issuer at which the people sign in: the development issuer's URL. */
export async function seedDemoIdentities(
  sql: Sql,
  seed: {
    readonly now: Date;
    readonly issuer: string;
    readonly clientKeys: readonly DemoClientKey[];
    readonly agencies?: DemoAgencies;
  },
): Promise<SeededIdentities> {
  const agencies = seed.agencies ?? DEMO_AGENCIES;
  const persons: Record<string, string> = {};
  const accounts: Record<string, string> = {};
  const options = { now: seed.now, acceptInvented: true };
  for (const demo of DEMO_PEOPLE) {
    const { person } = await findOrCreatePerson(sql, demo, options);
    const account =
      (await accountBySubject(sql, seed.issuer, demo.subject)) ??
      (await insertAccount(
        sql,
        { issuer: seed.issuer, subject: demo.subject, personId: person.id },
        seed.now,
      ));
    persons[demo.subject] = person.id;
    accounts[demo.subject] = account.id;
    const held = await assignmentsOfAccount(sql, account.id, seed.now);
    for (const { role, agency } of demo.roles) {
      const agencyId = agencies[agency];
      if (held.some((present) => present.role === role && present.agencyId === agencyId)) continue;
      await insertAssignment(sql, {
        accountId: account.id,
        agencyId,
        role,
        kind: 'regular',
        coversId: null,
        validFrom: seed.now,
        validUntil: null,
        grantedBy: 'vault',
        reason: 'demonstration',
      });
    }
  }
  const child = await findOrCreatePerson(sql, DEMO_CHILD, options);
  persons.an = child.person.id;
  const organisationId = await seedOrganisation(sql, seed.now, persons);
  await represent(sql, seed.now, {
    principalKind: 'person',
    principalId: child.person.id,
    representativeId: idOf(persons, DEMO_CHILD.mother),
    kind: 'parent',
    validUntil: majorityOf(DEMO_CHILD.birthDate),
  });
  await seedClients(sql, seed.now, seed.clientKeys, agencies);
  return { persons, accounts, organisationId };
}

async function seedOrganisation(
  sql: Sql,
  now: Date,
  persons: Readonly<Record<string, string>>,
): Promise<string> {
  const { organisation } = await findOrCreateOrganisation(sql, DEMO_ORGANISATION, now);
  const principal = { principalKind: 'organisation', principalId: organisation.id } as const;
  const legal = await represent(sql, now, {
    ...principal,
    representativeId: idOf(persons, DEMO_ORGANISATION.representative),
    kind: 'legal',
    validUntil: null,
  });
  await represent(sql, now, {
    ...principal,
    representativeId: idOf(persons, DEMO_ORGANISATION.delegate),
    kind: 'delegate',
    validUntil: new Date(now.getTime() + 365 * 86_400_000),
    appointedBy: legal,
  });
  return organisation.id;
}

async function represent(
  sql: Sql,
  now: Date,
  wish: {
    readonly principalKind: 'person' | 'organisation';
    readonly principalId: string;
    readonly representativeId: string;
    readonly kind: 'legal' | 'delegate' | 'parent';
    readonly validUntil: Date | null;
    readonly appointedBy?: string;
  },
): Promise<string> {
  const present = (await representationsOf(sql, wish.representativeId, now)).find(
    ({ principalId, kind }) => principalId === wish.principalId && kind === wish.kind,
  );
  if (present) return present.id;
  const given = await insertRepresentation(sql, {
    appointedBy: null,
    ...wish,
    documentTypes: [],
    validFrom: now,
    basis: 'demonstration',
  });
  return given.id;
}

async function seedClients(
  sql: Sql,
  now: Date,
  keys: readonly DemoClientKey[],
  agencies: DemoAgencies,
): Promise<void> {
  for (const client of DEMO_CLIENTS) {
    const key = keys.find(({ clientId }) => clientId === client.clientId);
    if (!key) throw new Error(`the key of ${client.clientId} is missing: call openDemoClientKeys first`);
    const jwk = createPublicKey(key.privateKey).export({ format: 'jwk' });
    await insertMachineClient(
      sql,
      {
        clientId: client.clientId,
        name: client.name,
        scopes: client.scopes,
        agencyId: agencies[client.agency],
        jwks: jwksSchema.parse({ keys: [{ ...jwk, kid: key.kid, alg: 'ES256' }] }),
        dpopRequired: false,
        asksPeople: false,
        redirectUris: [],
        registeredBy: 'vault',
      },
      now,
    );
  }
}

function idOf(ids: Readonly<Record<string, string>>, subject: string): string {
  const id = ids[subject];
  if (id === undefined) throw new Error(`nobody in the demonstration is called ${subject}`);
  return id;
}
