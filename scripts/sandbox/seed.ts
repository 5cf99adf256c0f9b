/**
 * Fills a vault with what the nine outcomes need, through its public API and with the integrator's own key, so that
 * whatever works here works for an integrator. Running it again changes nothing: every deposit carries a key of its own.
 */
import type { VaultClient } from '../../src/client/index.ts';
import { Browser } from '../../src/main-job/browser.ts';
import { makeScan } from '../../src/main-job/sample-scan.ts';
import { AGENCY, COMPONENT, dossierOf, orderOf, PROCEDURE, TEST_CASES, type TestCase } from './outcomes.ts';

export interface SandboxParts {
  readonly url: string;
  readonly client: VaultClient;
  /** Marks the paper of a dossier as being digitised: the desk's work, which no system can do by itself. */
  readonly digitising: (dossierCode: string, component: string) => Promise<void>;
}

export async function seedSandbox(parts: SandboxParts): Promise<void> {
  for (const test of TEST_CASES) await seedCase(parts, test);
}

async function seedCase({ url, client, digitising }: SandboxParts, test: TestCase): Promise<void> {
  await client.call('recordDossier', {
    params: { agency: AGENCY, code: dossierOf(test) },
    body: {
      procedure: PROCEDURE,
      owner: test.person,
      state: 'received',
      receivedAt: '2026-11-24T02:00:00Z',
    },
  });
  if (test.paper !== 'none') await depositOnce(client, test);
  if (test.digitising) {
    // Nothing is found, which opens the task that the desk then takes up.
    await client.call('requestReuse', { body: orderOf(test), key: `sandbox-ask-${test.dossier}` });
    await digitising(dossierOf(test), COMPONENT);
  }
  if (test.consent && test.signsIn !== undefined) await consent(url, client, test);
}

/** One land-use certificate for each person and state. */
async function depositOnce(client: VaultClient, test: TestCase): Promise<void> {
  const form = new FormData();
  const serial = `MH ${test.person.personalNumber.slice(-6)}`;
  form.set(
    'metadata',
    JSON.stringify({
      agency: AGENCY,
      type: 'LOCAL.LAND-CERTIFICATE',
      issuer: AGENCY,
      provenance: 'counter-scan',
      symbol: serial,
      issuedOn: '2020-08-01',
      metadata: {
        certificateSerial: serial,
        parcelNumber: '118',
        mapSheet: '7',
        landAddress: 'Xã Thanh Bình (minh họa)',
        area: 96.5,
      },
      owners: [test.person],
    }),
  );
  // The same bytes for the same key: a repeated seed finds its first answer.
  const scan = await makeScan(new Date('2026-11-24T02:00:00Z'));
  form.set('file', new Blob([Uint8Array.from(scan)], { type: 'application/pdf' }), 'scan.pdf');
  const key = `sandbox-${test.person.personalNumber}-${test.paper}`;
  const receipt = await client
    .call('depositDocument', { body: form, key })
    .catch((error: { code?: string }) => {
      if (error.code === 'idempotency-mismatch') return undefined;
      throw error;
    });
  if (!receipt || test.paper === 'valid') return;
  await client
    .call('changeDocumentStatus', {
      params: { documentId: receipt.documentId },
      body: { status: test.paper === 'revoked' ? 'revoked' : 'suspended', reason: 'Sandbox' },
    })
    .catch((error: { status?: number }) => {
      if (error.status !== 409) throw error;
    });
}

/** Asks and lets the person allow it, as they would on their own phone. */
async function consent(url: string, client: VaultClient, test: TestCase): Promise<void> {
  const component = test.component ?? COMPONENT;
  const asked = await client.call('requestReuse', {
    body: orderOf(test),
    key: `sandbox-ask-${test.dossier}`,
  });
  const { questions } = await client.call('askConsent', {
    params: { reuseRequestId: asked.id },
    body: { components: [component] },
  });
  const [question] = questions;
  if (question?.state !== 'asked') return;
  const browser = new Browser(url);
  await browser.signIn(test.signsIn ?? '');
  const { response } = await browser.open(`/api/v1/me/consents/${question.id}/answer`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Sec-Fetch-Site': 'same-origin' },
    body: JSON.stringify({ decision: 'allow', textSha256: question.textSha256 }),
  });
  if (!response.ok) throw new Error(`the consent of dossier ${test.dossier} was answered ${response.status}`);
}

/**
 * The request that shows a case's outcome: for those with a consent the one it was given in, for the others a new one.
 * @returns the outcome
 */
export async function produce(client: VaultClient, test: TestCase): Promise<string> {
  const key = test.consent ? `sandbox-ask-${test.dossier}` : undefined;
  const asked = await client.call('requestReuse', { body: orderOf(test), key });
  const shown = await client.call('showReuse', { params: { reuseRequestId: asked.id } });
  const component = shown.components.find((each) => each.component === (test.component ?? COMPONENT));
  return component?.outcome ?? 'none';
}
