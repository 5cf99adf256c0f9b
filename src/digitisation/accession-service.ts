/**
 * The last two lawful steps: the code is assigned, the paper is kept. Each is a transaction of its own, so that a power
 * cut between them is taken up where it stood; the second gives all bytes that exist by now their meaning at once.
 */
import { calendarDateAt, resultCode as electronicResultCode, parseDossierCode } from '../catalogue/index.ts';
import {
  addPaper,
  type DepositReceipt,
  insertScannedDocument,
  newVerificationCode,
  type ScannedDocument,
} from '../documents/index.ts';
import { type AnyActor, personById } from '../identity/index.ts';
import { appendEvent } from '../ledger/index.ts';
import { inspectPdfInChild } from '../pdf/index.ts';
import { isUniqueViolation, type Sql } from '../platform/database.ts';
import { Failure } from '../platform/failure.ts';
import { isElectronic } from './capture-service.ts';
import { canAttest, canScan } from './digitisation-policy.ts';
import { codeOf, codePrefix } from './result-code.ts';
import type { Scan, ScanFile, ScanPage } from './scan.ts';
import { type ScanDesk, type ScanOrder, wrongState } from './scan-desk.ts';
import { filesOf, findScan, moveScan, pagesOf } from './scan-repository.ts';
import { keepDocumentText } from './text-repository.ts';

export interface AccessionReceipt extends Omit<DepositReceipt, 'signatureLevel'> {
  readonly resultCode: string | null;
}

export class AccessionService {
  readonly #desk: ScanDesk;
  readonly #template: string;

  constructor(desk: ScanDesk, options: { readonly codeTemplate: string }) {
    this.#desk = desk;
    this.#template = options.codeTemplate;
  }

  /** Does what is left to do after attestation, from wherever it stands. */
  async finish(order: ScanOrder): Promise<AccessionReceipt> {
    const scan = await this.#desk.open(order, 'accession', (found) => canScan(order.actor, found.agencyId));
    if (scan.state === 'attested') await this.#code(order, scan);
    return this.#accession(order);
  }

  /** A signed electronic original, confirmed by whoever may attest: kept as it is, nothing of ours added. */
  async finishElectronic(order: ScanOrder): Promise<AccessionReceipt> {
    const scan = await this.#desk.open(order, 'accession', (found) => canAttest(order.actor, found));
    if (scan.state !== 'captured' || !isElectronic(scan) || scan.values === null)
      throw wrongState(scan.state);
    return this.#accession(order);
  }

  async #code(order: ScanOrder, scan: Scan): Promise<void> {
    await this.#desk.parts.database.transactSql(async (sql) => {
      const [owner] = scan.owners;
      const person = owner?.kind === 'person' ? await personById(sql, owner.id) : undefined;
      const prefix = codePrefix(this.#template, {
        owner: person?.personalNumber ?? '',
        type: scan.typeCode,
        agency: scan.agencyId,
        year: calendarDateAt(this.#desk.now()).slice(2, 4),
      });
      const [row] = await sql.query<{ last: number }>(
        `INSERT INTO result_code_counter (prefix, last) VALUES ($1::text, 1)
         ON CONFLICT (prefix) DO UPDATE SET last = result_code_counter.last + 1 RETURNING last`,
        [prefix],
      );
      await this.#desk.move(sql, scan, {
        state: 'coded',
        event: 'digitisation.coded',
        actor: order.actor,
        requestId: order.requestId,
        change: { resultCode: codeOf(prefix, row?.last ?? 1) },
      });
    });
  }

  async #accession(order: ScanOrder): Promise<AccessionReceipt> {
    const { database, readers } = this.#desk.parts;
    const [scan, files, pages] = await database.transactSql(
      async (sql) =>
        [
          await findScan(sql, order.scanId),
          await filesOf(sql, order.scanId),
          await pagesOf(sql, order.scanId),
        ] as const,
    );
    const electronic = scan !== undefined && isElectronic(scan);
    if (!scan?.values || (scan.state !== 'coded' && !electronic) || scan.state === 'accessioned') {
      throw wrongState(scan?.state ?? 'opened');
    }
    let count = pages.length;
    const [first] = files;
    if (electronic && first) {
      const facts = await inspectPdfInChild(
        readers,
        await this.#desk.read(scan.id, 'original', first.objectId),
      );
      count = facts.readable ? facts.pages : 1;
    }
    const sealedSha256 = electronic ? (first?.sha256 ?? '') : await this.#digest(scan.sealedObjectId);
    const document: ScannedDocument = {
      id: scan.id,
      typeCode: scan.typeCode,
      ...scan.values,
      depositorId: scan.agencyId,
      provenance: electronic ? 'electronic-result' : 'counter-scan',
      sensitive: scan.sensitive,
      verificationCode: newVerificationCode(),
      owners: scan.owners,
      actor: order.actor,
      at: this.#desk.now(),
      pages: Math.max(1, count),
      sha256: sealedSha256,
      renditions: renditionsOf(scan, files, pages),
      signatures: scan.signing.map((signature) => ({ ...signature, at: new Date(signature.at) })),
    };
    try {
      return await database.transactSql((sql) => this.#write(sql, order, { scan, document, pages, first }));
    } catch (error) {
      if (isUniqueViolation(error, 'result_code')) throw tryAgain();
      throw error;
    }
  }

  async #write(
    sql: Sql,
    order: ScanOrder,
    made: {
      readonly scan: Scan;
      readonly document: ScannedDocument;
      readonly pages: readonly ScanPage[];
      readonly first: ScanFile | undefined;
    },
  ): Promise<AccessionReceipt> {
    const { scan, document, pages, first } = made;
    const versionId = await insertScannedDocument(sql, document);
    const dossierId = await placeInDossier(sql, scan, document.at);
    if (!scan.sensitive) await keepDocumentText(sql, scan.id, pages);
    const moved = await moveScan(sql, scan, {
      state: 'accessioned',
      at: document.at,
      actor: order.actor,
      detail: { versionId },
    });
    if (!moved) throw tryAgain();
    const eventId = await appendEvent(sql, {
      type: 'document.deposited',
      at: document.at,
      actor: order.actor as AnyActor,
      outcome: 'done',
      agencyId: scan.agencyId,
      documentId: scan.id,
      dossierId,
      ownerIds: scan.owners.map(({ id }) => id),
      requestId: order.requestId,
      detail: {
        documentType: scan.typeCode,
        provenance: document.provenance,
        sha256: document.sha256,
        status: 'active',
      },
    });
    return {
      documentId: scan.id,
      versionId,
      verificationCode: document.verificationCode,
      sha256Original: first?.sha256 ?? document.sha256,
      sha256: document.sha256,
      pages: document.pages,
      status: 'active',
      resultCode: scan.resultCode,
      eventId,
      depositedAt: document.at.toISOString(),
    };
  }

  async #digest(objectId: string | null): Promise<string> {
    const [row] = await this.#desk.parts.database.read<{ sha256: string }>(
      'SELECT sha256 FROM stored_object WHERE id = $1::uuid',
      [objectId],
    );
    if (!row) throw new Error('a sealed file has no row');
    return row.sha256;
  }
}

function renditionsOf(
  scan: Scan,
  files: readonly ScanFile[],
  pages: readonly ScanPage[],
): ScannedDocument['renditions'] {
  const pictures = pages.flatMap((page) =>
    (
      [
        ['access', page.accessObjectId],
        ['thumbnail', page.thumbnailObjectId],
      ] as const
    ).flatMap(([kind, objectId]) =>
      objectId === null ? [] : [{ kind, position: page.number - 1, mediaType: 'image/jpeg', objectId }],
    ),
  );
  const statement = [
    { objectId: scan.statementObjectId, position: 0, mediaType: 'application/json' },
    { objectId: scan.statementSignatureObjectId, position: 1, mediaType: 'application/pkcs7-signature' },
  ].flatMap(({ objectId, ...rest }) =>
    objectId === null ? [] : [{ kind: 'statement' as const, objectId, ...rest }],
  );
  return [
    ...files.map(({ position, mediaType, objectId }) => ({
      kind: 'original' as const,
      position,
      mediaType,
      objectId,
    })),
    ...(scan.sealedObjectId === null
      ? []
      : [
          {
            kind: 'sealed' as const,
            position: 0,
            mediaType: 'application/pdf',
            objectId: scan.sealedObjectId,
          },
        ]),
    ...pictures,
    ...statement,
  ];
}

/** A result carries the code of its dossier and `-KQn` (NĐ 45/2020 Điều 14(3)). */
async function placeInDossier(sql: Sql, scan: Scan, at: Date): Promise<string | null> {
  if (scan.dossierCode === null) return null;
  let code: string | null = null;
  if (scan.group === 'result') {
    const [row] = await sql.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM dossier_paper p JOIN dossier s ON s.id = p.dossier_id
       WHERE s.code = $1::text AND p.result_code IS NOT NULL`,
      [scan.dossierCode],
    );
    const dossier = parseDossierCode(scan.dossierCode);
    code = dossier.ok ? electronicResultCode(dossier.value, (row?.n ?? 0) + 1) : null;
  }
  return addPaper(sql, {
    dossierCode: scan.dossierCode,
    group: scan.group,
    componentKey: scan.componentKey,
    resultCode: code,
    agencyId: scan.agencyId,
    documentId: scan.id,
    at,
  });
}

const tryAgain = (): Failure =>
  new Failure(
    'conflict',
    {
      en: 'Another paper was kept in the same instant. Press once more.',
      vi: 'Có giấy khác vừa được lưu cùng lúc. Hãy bấm lại một lần nữa.',
    },
    { code: 'scan-changed', retryAfter: 1 },
  );
