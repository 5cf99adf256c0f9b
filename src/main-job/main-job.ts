/**
 * The main job, end to end through the public API: deposit a scan for a citizen, seal it, let a procedure ask for it,
 * let the citizen allow it, hand it over with proof, show the citizen who took it, and verify what was handed over.
 */
import { createHash, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createTrustSet, isGood, readTrustPem, verify } from '../verification/index.ts';
import { Browser } from './browser.ts';
import { SystemClient } from './system-client.ts';

export interface MainJobOrder {
  readonly url: string;
  /** Where the demonstration's client keys lie. */
  readonly keyFolder: string;
  /** PEM of the root our seals chain to; null trusts nothing. */
  readonly trustFile: string | null;
  readonly bytes: Uint8Array;
  readonly say: (line: string) => void;
}

export interface MainJobStep {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
}

export interface MainJobResult {
  readonly ok: boolean;
  readonly sha256In: string;
  readonly sha256Original: string | null;
  readonly steps: readonly MainJobStep[];
  readonly verification: {
    readonly verdict: string;
    readonly signatures: readonly {
      readonly field: string;
      readonly verdict: string;
      readonly level: string | null;
      readonly signer: string | null;
    }[];
  } | null;
}

const AGENCY = 'H24.991';
const CLIENT = 'tthc-h24';
const CITIZEN = {
  subject: 'lan',
  personalNumber: '000190000017',
  fullName: 'Nguyễn Thị Lan',
  birthDate: '1990-05-04',
};
const COMPONENT = 'legal-residence';

export async function mainJob(order: MainJobOrder): Promise<MainJobResult> {
  const steps: MainJobStep[] = [];
  const facts: Facts = { sha256In: sha256(order.bytes), sha256Original: null, verification: null };
  try {
    for await (const step of walk(order, facts)) {
      steps.push(step);
      order.say(`${step.ok ? '✓' : '✗'} ${step.name}: ${step.detail}`);
      if (!step.ok) break;
    }
  } catch (error) {
    const step = {
      name: 'stopped',
      ok: false,
      detail: error instanceof Error ? error.message : String(error),
    };
    steps.push(step);
    order.say(`✗ ${step.name}: ${step.detail}`);
  }
  return { ok: steps.length > 0 && steps.every(({ ok }) => ok), ...facts, steps };
}

interface Facts {
  readonly sha256In: string;
  sha256Original: string | null;
  verification: MainJobResult['verification'];
}

async function* walk(order: MainJobOrder, facts: Facts): AsyncGenerator<MainJobStep> {
  const { url, keyFolder, bytes } = order;
  const scopes = ['documents:deposit', 'dossiers:write', 'reuse:request', 'reuse:retrieve'];
  const system = await SystemClient.open({ url, keyFolder, clientId: CLIENT, scopes });
  yield done('system', `${CLIENT} has a token for ${scopes.length} scopes`);

  const dossier = await recordDossier(system);
  yield done('dossier', `${dossier} recorded for procedure 1.004222`);

  const receipt = await deposit(system, bytes);
  yield check(
    'deposit',
    receipt.sha256Original === facts.sha256In,
    `${receipt.pages} pages in, sealed at ${receipt.signatureLevel}, original ${short(receipt.sha256Original)}`,
  );

  const request = await system.json<ReuseAnswer>(
    'POST',
    '/api/v1/reuse-requests',
    {
      agency: AGENCY,
      procedure: '1.004222',
      dossier,
      owner: {
        personalNumber: CITIZEN.personalNumber,
        fullName: CITIZEN.fullName,
        birthDate: CITIZEN.birthDate,
      },
      components: [COMPONENT],
      purpose: 'Đăng ký thường trú',
      view: 'full',
      fullViewReason: 'Thửa đất phải đối chiếu với sơ đồ trên giấy',
    },
    { 'Idempotency-Key': randomUUID() },
  );
  const asked = request.components[0];
  yield check(
    'reuse',
    asked?.outcome === 'consent_required',
    `outcome of ${COMPONENT}: ${asked?.outcome ?? 'none'}`,
  );

  const content = `/api/v1/reuse-requests/${request.id}/components/${COMPONENT}/content`;
  const early = await system.raw('GET', content);
  await early.body?.cancel();
  yield check('before consent', early.status === 403, `nothing is handed over (${early.status})`);

  const { questions } = await system.json<{ questions: { id: string }[] }>(
    'POST',
    `/api/v1/reuse-requests/${request.id}/consent-questions`,
    { components: [COMPONENT] },
  );
  const question = questions[0];
  yield check('question', question !== undefined, 'put to the citizen');

  const citizen = new Browser(url);
  await citizen.signIn(CITIZEN.subject);
  const shown = await getJson<{ text: string; textSha256: string }>(
    citizen,
    `/api/v1/me/consents/${question?.id}`,
  );
  const answered = await postJson<{ state: string }>(citizen, `/api/v1/me/consents/${question?.id}/answer`, {
    decision: 'allow',
    textSha256: shown.textSha256,
  });
  yield check(
    'consent',
    answered.state === 'given' && sha256(Buffer.from(shown.text, 'utf8')) === shown.textSha256,
    `the citizen read ${shown.text.split('\n').length} sentences and allowed it`,
  );

  const handed = await system.raw('GET', content);
  const file = Buffer.from(await handed.arrayBuffer());
  yield check(
    'retrieval',
    handed.status === 200 && handed.headers.get('etag') === `"${sha256(file)}"`,
    `${file.length} bytes with event ${short(handed.headers.get('x-ledger-event') ?? '')}`,
  );

  const owned = await citizen.open(`/api/v1/documents/${asked?.document?.id}/content?rendition=original`);
  const original = Buffer.from(await owned.response.arrayBuffer());
  facts.sha256Original =
    asked?.document?.id === receipt.documentId ? sha256(original) : receipt.sha256Original;
  yield check('original', facts.sha256Original === facts.sha256In, 'comes back bit for bit');

  const usages = await getJson<{
    usages: { action: string; organisation: string | null; dossier: string | null }[];
  }>(citizen, '/api/v1/me/usages?limit=50');
  const line = usages.usages.find(
    ({ action, dossier: of }) => action === 'reuse.retrieved' && of === dossier,
  );
  yield check(
    'usage log',
    line !== undefined,
    `the citizen sees: ${line?.organisation ?? '?'} opened it for dossier ${line?.dossier ?? '?'}`,
  );

  yield* verifyHanded(order, facts, file);
}

async function* verifyHanded(order: MainJobOrder, facts: Facts, file: Buffer): AsyncGenerator<MainJobStep> {
  const pem = order.trustFile === null ? '' : await readFile(order.trustFile, 'utf8');
  const report = verify(file, {
    trust: [createTrustSet('test', { ...readTrustPem(pem), isTest: true })],
    at: new Date(),
  });
  facts.verification = {
    verdict: report.verdict,
    signatures: report.signatures.map(({ field, verdict, level, signer }) => ({
      field,
      verdict,
      level,
      signer: signer?.name ?? null,
    })),
  };
  for (const { field, verdict, level, signer } of facts.verification.signatures) {
    order.say(`    ${field}: ${verdict}${level ? ` (${level})` : ''}, ${signer ?? 'unknown signer'}`);
  }
  const own = report.signatures.at(-1);
  // A foreign chain that nobody here knows is printed and is no failure; a broken or overwritten signature is.
  const intact = report.signatures.every(
    ({ verdict }) =>
      verdict !== 'unsigned' &&
      (isGood(verdict) || verdict === 'valid-with-untrusted-chain' || verdict === 'indeterminate'),
  );
  yield check(
    'verification',
    intact && own !== undefined && isGood(own.verdict),
    `every signature intact, our seal ${own?.verdict ?? 'missing'}; file: ${report.verdict}`,
  );
}

async function recordDossier(system: SystemClient): Promise<string> {
  const now = new Date();
  const day = now.toISOString().slice(2, 10).replaceAll('-', '');
  const code = `${AGENCY}-${day}-${String(Math.floor(Math.random() * 10_000)).padStart(4, '0')}`;
  await system.json('PUT', `/api/v1/agencies/${AGENCY}/dossiers/${code}`, {
    procedure: '1.004222',
    owner: {
      personalNumber: CITIZEN.personalNumber,
      fullName: CITIZEN.fullName,
      birthDate: CITIZEN.birthDate,
    },
    state: 'received',
    receivedAt: now.toISOString(),
  });
  return code;
}

async function deposit(system: SystemClient, bytes: Uint8Array): Promise<Receipt> {
  const form = new FormData();
  form.set(
    'metadata',
    JSON.stringify({
      agency: AGENCY,
      type: 'LOCAL.LAND-CERTIFICATE',
      issuer: AGENCY,
      provenance: 'counter-scan',
      symbol: 'MH 000118',
      issuedOn: '2020-08-01',
      metadata: {
        certificateSerial: 'MH 000118',
        parcelNumber: '118',
        mapSheet: '7',
        landAddress: 'Xã Thanh Bình (minh họa)',
        area: 96.5,
      },
      owners: [
        { personalNumber: CITIZEN.personalNumber, fullName: CITIZEN.fullName, birthDate: CITIZEN.birthDate },
      ],
    }),
  );
  form.set('file', new Blob([Uint8Array.from(bytes)], { type: 'application/pdf' }), 'scan.pdf');
  const response = await system.raw('POST', '/api/v1/documents', {
    body: form,
    headers: { 'Idempotency-Key': randomUUID() },
  });
  if (response.status !== 201) throw new Error(`the deposit answered ${response.status}`);
  return (await response.json()) as Receipt;
}

interface Receipt {
  readonly documentId: string;
  readonly sha256Original: string;
  readonly pages: number;
  readonly signatureLevel: string;
}

interface ReuseAnswer {
  readonly id: string;
  readonly components: readonly {
    readonly outcome: string;
    readonly document: { readonly id: string } | null;
  }[];
}

async function getJson<T>(browser: Browser, path: string): Promise<T> {
  const { response } = await browser.open(path);
  if (!response.ok) throw new Error(`GET ${path.replace(/[0-9a-f-]{36}/g, '…')} answered ${response.status}`);
  return (await response.json()) as T;
}

async function postJson<T>(browser: Browser, path: string, body: unknown): Promise<T> {
  const { response } = await browser.open(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Sec-Fetch-Site': 'same-origin' },
    body: JSON.stringify(body),
  });
  if (!response.ok)
    throw new Error(
      `POST ${path.replace(/[0-9a-f-]{36}/g, '…')} answered ${response.status}: ${await response.text()}`,
    );
  return (await response.json()) as T;
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const short = (text: string): string => text.slice(0, 12);
const done = (name: string, detail: string): MainJobStep => ({ name, ok: true, detail });
const check = (name: string, ok: boolean, detail: string): MainJobStep => ({ name, ok, detail });
