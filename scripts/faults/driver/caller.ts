/**
 * Those who call the vault while it is harmed: a system that deposits and revokes, a citizen who reads. They write down
 * what was acknowledged to them, and try again with the same idempotency key where no answer came.
 */
import { createHash, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { Browser } from '../../../src/main-job/browser.ts';
import { makeScan } from '../../../src/main-job/sample-scan.ts';
import { SystemClient } from '../../../src/main-job/system-client.ts';
import type { AcknowledgedDeposit } from '../checker/finding.ts';

/** One deposit as its caller means it: the same however often it is sent. */
export interface Intended {
  readonly key: string;
  readonly mark: string;
}

const SUBJECT = 'lan';
const OWNER = { personalNumber: '000190000017', fullName: 'Nguyễn Thị Lan', birthDate: '1990-05-04' };

export class Caller {
  readonly deposits: AcknowledgedDeposit[] = [];
  readonly tried: string[] = [];
  readonly reads: { eventId: string; documentId: string; sha256: string }[] = [];
  readonly revocations: { documentId: string; at: Date }[] = [];
  readonly said: { documentId: string; askedAt: Date; status: string }[] = [];
  readonly #system: SystemClient;
  readonly #citizen: Browser;
  readonly #url: string;
  readonly #scan: Uint8Array;

  private constructor(parts: { url: string; system: SystemClient; citizen: Browser; scan: Uint8Array }) {
    this.#url = parts.url;
    this.#system = parts.system;
    this.#citizen = parts.citizen;
    this.#scan = parts.scan;
  }

  /** Signs in; tokens and sessions live in the rows, so they outlive the vault's process. */
  static async of(url: string, dataDir: string): Promise<Caller> {
    const system = await SystemClient.open({
      url,
      keyFolder: join(dataDir, 'keys'),
      clientId: 'tthc-h24',
      scopes: ['documents:deposit', 'documents:status'],
    });
    const citizen = new Browser(url);
    await citizen.signIn(SUBJECT);
    return new Caller({ url, system, citizen, scan: await makeScan(new Date()) });
  }

  intend(): Intended {
    const intended = { key: randomUUID(), mark: `MH ${randomUUID().slice(0, 13)}` };
    this.tried.push(intended.mark);
    return intended;
  }

  /** Sends a deposit once. @returns undefined when no acknowledgement came */
  async deposit({ key, mark }: Intended): Promise<AcknowledgedDeposit | undefined> {
    const form = new FormData();
    form.set('metadata', JSON.stringify(metadataOf(mark)));
    form.set('file', new Blob([Uint8Array.from(this.#scan)], { type: 'application/pdf' }), 'scan.pdf');
    try {
      const response = await this.#system.raw('POST', '/api/v1/documents', {
        body: form,
        headers: { 'Idempotency-Key': key },
      });
      const receipt = (await response.json()) as Omit<AcknowledgedDeposit, 'key' | 'mark'>;
      if (response.status !== 201) return undefined;
      const { documentId, sha256Original, sha256, eventId } = receipt;
      const acknowledged = { key, mark, documentId, sha256Original, sha256, eventId };
      this.deposits.push(acknowledged);
      return acknowledged;
    } catch {
      return undefined;
    }
  }

  /** Sends it until it is acknowledged. @throws Error when it is not within so many tries */
  async depositUntilAcknowledged(intended: Intended, tries = 20): Promise<AcknowledgedDeposit> {
    for (let n = 0; n < tries; n += 1) {
      const acknowledged = await this.deposit(intended);
      if (acknowledged) return acknowledged;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
    throw new Error(`a deposit was not acknowledged after ${tries} tries: ${await this.#why(intended)}`);
  }

  /** Reads a paper whole. @returns 'right', 'wrong' when other bytes came as if whole, 'none' when it was cut or refused */
  async read(document: { documentId: string; sha256: string }): Promise<'right' | 'wrong' | 'none'> {
    try {
      const { response } = await this.#citizen.open(`/api/v1/documents/${document.documentId}/content`);
      const bytes = Buffer.from(await response.arrayBuffer());
      if (response.status !== 200) return 'none';
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      const eventId = response.headers.get('x-ledger-event') ?? '';
      this.reads.push({ eventId, documentId: document.documentId, sha256 });
      return sha256 === document.sha256 ? 'right' : 'wrong';
    } catch {
      return 'none';
    }
  }

  /** @returns whether the revocation was acknowledged, now or (a lost answer) before */
  async revoke(documentId: string): Promise<boolean> {
    try {
      const response = await this.#system.raw('POST', `/api/v1/documents/${documentId}/status`, {
        body: JSON.stringify({ status: 'revoked', reason: 'Thử nghiệm' }),
        headers: { 'Content-Type': 'application/json' },
      });
      await response.arrayBuffer();
      if (response.ok) this.revocations.push({ documentId, at: new Date() });
      return response.ok;
    } catch {
      return false;
    }
  }

  /** What the vault says of a document's status; undefined when it says nothing. */
  async ask(documentId: string): Promise<string | undefined> {
    const askedAt = new Date();
    try {
      const { response } = await this.#citizen.open(`/api/v1/documents/${documentId}`);
      if (!response.ok) return undefined;
      const { status } = (await response.json()) as { status: { status: string } | string };
      const word = typeof status === 'string' ? status : status.status;
      this.said.push({ documentId, askedAt, status: word });
      return word;
    } catch {
      return undefined;
    }
  }

  /** What the vault answers to a deposit that it does not acknowledge. */
  async #why({ key, mark }: Intended): Promise<string> {
    const form = new FormData();
    form.set('metadata', JSON.stringify(metadataOf(mark)));
    form.set('file', new Blob([Uint8Array.from(this.#scan)], { type: 'application/pdf' }), 'scan.pdf');
    return this.#system
      .raw('POST', '/api/v1/documents', { body: form, headers: { 'Idempotency-Key': key } })
      .then(
        (response) => `${response.status} at ${this.#url}`,
        (error: unknown) => String(error),
      );
  }
}

/** The metadata of a deposit; `mark` is what no other deposit has. */
export const metadataOf = (mark: string): object => ({
  agency: 'H24.991',
  type: 'LOCAL.LAND-CERTIFICATE',
  issuer: 'H24.991',
  provenance: 'counter-scan',
  metadata: {
    certificateSerial: mark,
    parcelNumber: '118',
    mapSheet: '7',
    landAddress: 'Xã Thanh Bình (minh họa)',
    area: 96.5,
  },
  owners: [OWNER],
});
