/** The things of one commune that the callers of the permission table stand in relation to. */
import { insertAccount } from '../../src/identity/account-repository.ts';
import { findOrCreatePerson, markDeceased, type Role } from '../../src/identity/index.ts';
import { insertRepresentation } from '../../src/identity/representation-repository.ts';
import { insertAssignment } from '../../src/identity/role-repository.ts';
import { HERE, type PermissionCallers } from './permission-callers.ts';
import { COMPANY, form, landCertificate, pdfWith, type WholeVault } from './whole-vault.ts';

/** Ids and codes by the names of path parameters, and a few more. */
export interface Things {
  readonly documentId: string;
  readonly dossier: string;
  readonly reuseRequestId: string;
  readonly consentId: string;
  readonly textSha256: string;
  readonly verificationCode: string;
  readonly organisation: string;
  readonly childId: string;
  readonly eventId: string;
  readonly procedure: string;
}

const DEAD = { personalNumber: '000150002001', fullName: 'Đoàn Văn Khuất' };
const CHILD = { personalNumber: '000221002002', fullName: 'Đoàn Gia Bảo', birthDate: '2021-03-03' };
export const PROCEDURE = '1.004222';
export const COMPONENT = 'legal-residence';

export async function createThings(site: WholeVault, callers: PermissionCallers): Promise<Things> {
  const system = callers.asking.get('system/same');
  if (!system) throw new Error('the system of the commune is missing');
  const json = async <T>(method: string, path: string, body: object): Promise<T> => {
    const headers = { 'Content-Type': 'application/json', 'Idempotency-Key': `things-${path}`.slice(0, 100) };
    const response = await system(path, { method, headers, body: JSON.stringify(body) });
    if (!response.ok)
      throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as T;
  };
  const owner = callers.personOf('citizen/own');
  const document = await depositFor(site, [
    owner,
    callers.personOf('citizen/own-level-1'),
    DEAD,
    CHILD,
    COMPANY,
  ]);
  const dossier = 'H24.991-261124-0301';
  const facts = {
    procedure: PROCEDURE,
    owner,
    state: 'in-progress',
    receivedAt: '2026-11-24T08:00:00+07:00',
  };
  await json('PUT', `/api/v1/agencies/${HERE}/dossiers/${dossier}`, facts);
  const reuse = await json<{ id: string }>('POST', '/api/v1/reuse-requests', {
    agency: HERE,
    procedure: PROCEDURE,
    dossier,
    owner,
    components: [COMPONENT],
    purpose: 'Đăng ký thường trú',
  });
  const asked = await json<{ questions: { id: string; textSha256: string }[] }>(
    'POST',
    `/api/v1/reuse-requests/${reuse.id}/consent-questions`,
    { components: [COMPONENT] },
  );
  const [question] = asked.questions;
  const organisation = await oneId(site, 'SELECT id::text FROM organisation WHERE registration_number = $1', [
    COMPANY.organisation.registrationNumber,
  ]);
  const childId = await site.idOf(CHILD.personalNumber);
  await represent(site, callers, { organisation, childId, deadId: await site.idOf(DEAD.personalNumber) });
  return {
    documentId: document.documentId,
    verificationCode: document.verificationCode,
    dossier,
    reuseRequestId: reuse.id,
    consentId: question?.id ?? '',
    textSha256: question?.textSha256 ?? '',
    organisation,
    childId,
    procedure: PROCEDURE,
    eventId: await oneId(
      site,
      'SELECT event_id::text AS id FROM event_subject WHERE owner_id = $1 ORDER BY occurred_at DESC LIMIT 1',
      [callers.idOf('citizen/own')],
    ),
  };
}

/** A land-use certificate of these owners, deposited by the commune's system. */
export async function depositFor(
  site: WholeVault,
  owners: readonly object[],
): Promise<{ documentId: string; verificationCode: string }> {
  const system = await site.system('tthc-h24', ['documents:deposit']);
  const metadata = landCertificate({ owners });
  const done = await system.send(
    'POST',
    '/api/v1/documents',
    form({ metadata }, [{ bytes: await pdfWith('x') }]),
  );
  if (done.status !== 201) throw new Error(`the deposit answered ${JSON.stringify(done.body)}`);
  return done.body;
}

async function represent(
  site: WholeVault,
  callers: PermissionCallers,
  of: { organisation: string; childId: string; deadId: string },
): Promise<void> {
  const now = new Date();
  const [past, later] = [new Date(now.getTime() - 86_400_000), new Date(now.getTime() + 86_400_000)];
  await site.database.transactSql(async (sql) => {
    await markDeceased(sql, of.deadId, now);
    const [legal] = await sql.query<{ id: string }>(
      `SELECT id::text FROM representation WHERE principal_id = $1::uuid AND kind = 'legal' LIMIT 1`,
      [of.organisation],
    );
    const company = {
      principalKind: 'organisation',
      principalId: of.organisation,
      kind: 'delegate',
      validFrom: past,
      validUntil: later,
      basis: 'test',
      appointedBy: legal?.id ?? null,
      documentTypes: ['LOCAL.LAND-CERTIFICATE'],
    } as const;
    const person = { ...company, principalKind: 'person', documentTypes: [], appointedBy: null } as const;
    const idOf = (caller: Parameters<PermissionCallers['idOf']>[0]) => callers.idOf(caller);
    await insertRepresentation(sql, { ...company, representativeId: idOf('citizen/delegate') });
    await insertRepresentation(sql, {
      ...company,
      representativeId: idOf('citizen/delegate-other-type'),
      documentTypes: ['LOCAL.ENTERPRISE'],
    });
    await insertRepresentation(sql, {
      ...company,
      representativeId: idOf('citizen/delegate-expired'),
      validUntil: now,
    });
    const withdrawn = await insertRepresentation(sql, {
      ...company,
      representativeId: idOf('citizen/delegate-withdrawn'),
    });
    await sql.query('UPDATE representation SET ended_at = $2::timestamptz WHERE id = $1::uuid', [
      withdrawn.id,
      now,
    ]);
    await insertRepresentation(sql, {
      ...person,
      kind: 'parent',
      principalId: of.childId,
      representativeId: idOf('citizen/parent'),
    });
    await insertRepresentation(sql, {
      ...person,
      kind: 'heir',
      principalId: of.deadId,
      representativeId: idOf('citizen/heir'),
    });
  });
}

/** Somebody who is no caller, with an account and, where one is named, a role at the commune. */
export async function sparePerson(
  site: WholeVault,
  role?: Role,
): Promise<{ accountId: string; personalNumber: string; fullName: string; assignment: string }> {
  spares += 1;
  const claim = { personalNumber: `000199009${String(spares).padStart(3, '0')}`, fullName: 'Người Dự Phòng' };
  const now = new Date();
  return site.database.transactSql(async (sql) => {
    const { person } = await findOrCreatePerson(sql, claim, { now, acceptInvented: true });
    const subject = `spare-${spares}`;
    const account = await insertAccount(sql, { issuer: 'test', subject, personId: person.id }, now);
    const given =
      role &&
      (await insertAssignment(sql, {
        accountId: account.id,
        agencyId: HERE,
        role,
        kind: 'regular',
        coversId: null,
        validFrom: new Date(now.getTime() - 1000),
        validUntil: null,
        grantedBy: 'test',
        reason: 'test',
      }));
    return { accountId: account.id, ...claim, assignment: given?.id ?? '' };
  });
}
let spares = 0;

export async function oneId(site: WholeVault, text: string, parameters: readonly unknown[]): Promise<string> {
  const [row] = await site.database.read<{ id: string }>(text, parameters);
  if (!row) throw new Error(`nothing found by ${text}`);
  return row.id;
}
