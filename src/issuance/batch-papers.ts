/**
 * Signed papers of a batch. What all papers share is laid out, drawn and hashed once for the whole run (the bulk path
 * of `signing`); a paper with a letter outside the prepared fonts, or a template that cannot be prepared, is made on
 * its own and looks the same.
 *
 * What is proven: each signature by the certificate's public key, and of each group of papers the first and the last
 * by our verifier, with page and record compared. The papers between them differ from those only in their fields.
 */
import { createPublicKey, verify } from 'node:crypto';
import type { DocumentType, Labels } from '../catalogue/index.ts';
import { PageElementError } from '../pdf/index.ts';
import type { KillablePool } from '../platform/killable.ts';
import {
  type BulkTemplate,
  createBulkTemplate,
  type Signer,
  SigningError,
  sealPdf,
  type TimestampClient,
} from '../signing/index.ts';
import { type TrustSet, verifyInChild } from '../verification/index.ts';
import type { IssueBatch } from './batch.ts';
import { type RecordParts, recordOf } from './batch-record.ts';
import {
  compareIssuedFile,
  recordAttachment,
  recordBytes,
  renderIssuedFile,
  titleOf,
} from './issued-file.ts';
import type { IssuedRecord } from './issued-record.ts';
import { type BulkPage, type IssueTemplate, layOutBulk } from './template.ts';

/** What was made could not be read back as it should: nothing of the group is kept, and the batch pauses. */
export class ProofError extends Error {
  override readonly name = 'ProofError';
}

export interface SignedPaper {
  readonly bytes: Uint8Array;
  readonly record: IssuedRecord;
  readonly signature: { readonly fieldName: string; readonly level: string; readonly upgrade: string };
}

export interface PaperFacts {
  readonly batch: IssueBatch;
  readonly template: IssueTemplate;
  readonly type: DocumentType;
  readonly issuer: Labels;
  readonly baseUrl: string;
}

export interface PaperParts {
  readonly signer: Signer;
  readonly timestamps?: TimestampClient;
  readonly readers: KillablePool;
  readonly trust: () => readonly TrustSet[];
}

interface Bulk {
  readonly page: BulkPage;
  readonly template: BulkTemplate;
}

export class PaperPress {
  readonly #facts: PaperFacts;
  readonly #parts: PaperParts;
  #bulk: Promise<Bulk | undefined> | undefined;

  constructor(facts: PaperFacts, parts: PaperParts) {
    this.#facts = facts;
    this.#parts = { ...parts, signer: watched(parts.signer) };
  }

  get signer(): Signer {
    return this.#parts.signer;
  }

  recordOf(parts: RecordParts): IssuedRecord {
    const { batch, issuer, type, baseUrl } = this.#facts;
    return recordOf(batch, parts, { issuer, type, baseUrl });
  }

  /** What the intent names: the bytes of the record, from which the page follows. */
  recordBytes(record: IssuedRecord): Buffer {
    return recordBytes(record, this.#facts.type);
  }

  /**
   * @param signal stops between two papers
   * @throws SigningError from the key, TemplateError for what cannot be drawn, ProofError
   */
  async make(records: readonly IssuedRecord[], at: Date, signal?: AbortSignal): Promise<SignedPaper[]> {
    const papers: SignedPaper[] = [];
    for (const record of records) {
      signal?.throwIfAborted();
      papers.push(await this.#make(record, at));
      // A batch is long; whoever waits for an answer meanwhile is served between two papers.
      if (papers.length % 4 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    const samples = new Set([papers[0], papers.at(-1)].filter((paper) => paper !== undefined));
    await Promise.all([...samples].map((paper) => this.#prove(paper, at)));
    return papers;
  }

  async #make(record: IssuedRecord, at: Date): Promise<SignedPaper> {
    this.#bulk ??= this.#prepare(record);
    const bulk = await this.#bulk;
    if (bulk !== undefined) {
      try {
        return await this.#fromBulk(bulk, record, at);
      } catch (error) {
        if (!(error instanceof PageElementError)) throw error;
      }
    }
    return this.#onItsOwn(record, at);
  }

  async #prepare(record: IssuedRecord): Promise<Bulk | undefined> {
    const { template, type } = this.#facts;
    const page = layOutBulk(template, record, type);
    if (page === undefined) return undefined;
    const layout = {
      title: '{title}',
      width: page.width,
      height: page.height,
      elements: page.elements,
      attachment: recordAttachment,
    };
    return { page, template: await createBulkTemplate(layout, this.#parts.signer) };
  }

  async #fromBulk({ page, template }: Bulk, record: IssuedRecord, at: Date): Promise<SignedPaper> {
    const document = {
      fields: { ...page.valuesOf(record), title: titleOf(record) },
      identifier: `urn:uuid:${record.documentId}`,
      attachment: this.recordBytes(record),
    };
    const bytes = this.#parts.signer.signNow
      ? template.sign(document, at)
      : await template.signLater(document, at);
    // A timestamp is a conversation a paper: it is added afterwards, when the level is raised.
    const upgrade = this.#parts.timestamps === undefined ? 'none' : 'queued';
    return { bytes, record, signature: { fieldName: 'Signature', level: 'B-B', upgrade } };
  }

  async #onItsOwn(record: IssuedRecord, at: Date): Promise<SignedPaper> {
    const { template, type } = this.#facts;
    const unsigned = renderIssuedFile({ template, record, type, created: at });
    const { signer, timestamps } = this.#parts;
    const sealed = await sealPdf(unsigned, { signer, time: at, fieldName: 'Signature', timestamps });
    const { bytes, fieldName, level, upgrade } = sealed;
    return { bytes, record, signature: { fieldName, level, upgrade } };
  }

  async #prove(paper: SignedPaper, at: Date): Promise<void> {
    const { readers, trust } = this.#parts;
    const outcome = await verifyInChild(readers, paper.bytes, { trust: trust(), at });
    if (outcome.kind === 'busy')
      throw new SigningError('signer-unavailable', 'The verifier is busy; let the batch run on later.');
    const { fieldName } = paper.signature;
    const own = outcome.report.signatures.find(({ field }) => field === fieldName);
    if (own?.verdict !== 'valid') {
      throw new ProofError(
        `Chữ ký vừa tạo không kiểm tra được (${own?.verdict ?? outcome.report.verdict}); hãy kiểm tra chứng thư số của người ký. The signature just made reads as ${own?.verdict ?? outcome.report.verdict}; look at the signer's certificate.`,
      );
    }
    const { template, type } = this.#facts;
    const comparison = compareIssuedFile(paper.bytes, () => ({ template, type }));
    if (!comparison.same) throw new ProofError(`The page just made reads as ${comparison.why}.`);
  }
}

/** A signer whose every signature is checked with its certificate's key: a token that answers with another shows. */
function watched(signer: Signer): Signer {
  const key = createPublicKey({ key: Buffer.from(signer.certificate.spki), format: 'der', type: 'spki' });
  const { digest = null } = signer.scheme;
  const check = (data: Uint8Array, signature: Uint8Array): Uint8Array => {
    if (signer.scheme.kind !== 'rsa-pss' && !verify(digest, data, key, signature)) {
      throw new SigningError(
        'certificate-mismatch',
        'The key signed with another key than its certificate’s.',
      );
    }
    return signature;
  };
  const { signNow } = signer;
  return {
    certificate: signer.certificate,
    chain: signer.chain,
    scheme: signer.scheme,
    maximumSignatureLength: signer.maximumSignatureLength,
    sign: async (data) => check(data, await signer.sign(data)),
    ...(signNow && { signNow: (data: Uint8Array) => check(data, signNow.call(signer, data)) }),
  };
}
