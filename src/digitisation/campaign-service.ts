/**
 * Campaigns: the import of an existing archive, row by row through the same lawful steps as one paper at the counter.
 * A plan writes every row with the id of the scan it becomes; a run takes up each row where it stands. Killed anywhere,
 * the same command goes on: captured files are recognised by digest, steps are never done twice. A row that fails says
 * why and never stops the others.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PersonActor } from '../identity/index.ts';
import { appendEvent } from '../ledger/index.ts';
import { isUniqueViolation } from '../platform/database.ts';
import { Failure } from '../platform/failure.ts';
import { newId } from '../platform/ids.ts';
import { type ArchiveEntry, type ReadArchive, readArchive } from './archive-manifest.ts';
import { canScan } from './digitisation-policy.ts';
import type { DigitisationServices } from './digitisation-services.ts';
import { openedOrThrow } from './opening-service.ts';
import { openFindings, type Scan } from './scan.ts';
import { findScan } from './scan-repository.ts';

export interface CampaignPlan {
  readonly actor: PersonActor;
  readonly agencyId: string;
  readonly station: string;
  readonly folder: string;
  /** Why warnings of the examination pass; null lets none pass. */
  readonly passBecause: string | null;
  /** The operator attests each paper (compared when the archive was made); otherwise rows wait for the desk. */
  readonly attest: boolean;
}

export interface CampaignProgress {
  readonly total: number;
  readonly done: number;
  readonly failed: number;
  readonly pages: number;
}

export interface RunOptions {
  readonly actor: PersonActor;
  readonly signal: AbortSignal;
  /** Papers a minute at most; 0 for as fast as it goes. */
  readonly perMinute: number;
  readonly onRow?: (
    row: { readonly line: number; readonly state: 'done' | 'failed'; readonly fault: string | null },
    progress: CampaignProgress,
  ) => void;
}

interface CampaignRow {
  readonly number: number;
  readonly scan_id: string;
  readonly entry: ArchiveEntry;
}

interface RowTerms {
  readonly campaignId: string;
  readonly agency_id: string;
  readonly folder: string;
  readonly station: string;
  readonly pass_because: string | null;
  readonly attest: boolean;
  readonly actor: PersonActor;
}

export class CampaignService {
  readonly #services: DigitisationServices;

  constructor(services: DigitisationServices) {
    this.#services = services;
  }

  /** What an import would do, and every fault; nothing is written. */
  async check(folder: string): Promise<ReadArchive> {
    const { desk } = this.#services;
    return readArchive(folder, await desk.catalogue(), desk.now());
  }

  /** Writes the plan; the same archive gives the campaign it has. @throws Failure `invalid` where rows have faults */
  async plan(plan: CampaignPlan): Promise<{ readonly id: string; readonly rows: number }> {
    const { desk } = this.#services;
    if (!canScan(plan.actor, plan.agencyId).allowed) throw notForAgency();
    const archive = await this.check(plan.folder);
    if (archive.faults.length > 0) throw rowsHaveFaults(archive.faults.length);
    const { database } = desk.parts;
    const at = desk.now();
    const id = newId();
    try {
      await database.transactSql(async (sql) => {
        await sql.query(
          `INSERT INTO campaign (id, agency_id, operator_id, station, folder, manifest_sha256, pass_because, attest, planned_at)
           VALUES ($1::uuid, $2::text, $3::uuid, $4::text, $5::text, $6::text, $7::text, $8::bool, $9::timestamptz)`,
          [
            id,
            plan.agencyId,
            plan.actor.personId,
            plan.station,
            plan.folder,
            archive.sha256,
            plan.passBecause,
            plan.attest,
            at,
          ],
        );
        for (const [index, entry] of archive.entries.entries()) {
          await sql.query(
            `INSERT INTO campaign_row (campaign_id, number, scan_id, entry, state, changed_at)
             VALUES ($1::uuid, $2::int, $3::uuid, $4::jsonb, 'waiting', $5::timestamptz)`,
            [id, index + 1, newId(), JSON.stringify(entry), at],
          );
        }
        await appendEvent(sql, {
          type: 'campaign.planned',
          at,
          actor: plan.actor,
          outcome: 'done',
          agencyId: plan.agencyId,
          detail: { campaign: id, rows: archive.entries.length, sha256: archive.sha256 },
        });
      });
      return { id, rows: archive.entries.length };
    } catch (error) {
      if (!isUniqueViolation(error, 'manifest_sha256')) throw error;
      const [known] = await database.read<{ id: string; n: number }>(
        `SELECT c.id::text, (SELECT count(*)::int FROM campaign_row r WHERE r.campaign_id = c.id) AS n FROM campaign c
         WHERE c.agency_id = $1::text AND c.manifest_sha256 = $2::text`,
        [plan.agencyId, archive.sha256],
      );
      return { id: known?.id ?? id, rows: known?.n ?? 0 };
    }
  }

  /** Takes up what waits, in order. @throws Failure `not-found`; a row's fault is kept with the row */
  async run(campaignId: string, options: RunOptions): Promise<CampaignProgress> {
    const { database } = this.#services.desk.parts;
    const [campaign] = await database.read<{
      agency_id: string;
      folder: string;
      station: string;
      pass_because: string | null;
      attest: boolean;
    }>('SELECT agency_id, folder, station, pass_because, attest FROM campaign WHERE id = $1::uuid', [
      campaignId,
    ]);
    if (!campaign || !canScan(options.actor, campaign.agency_id).allowed) throw noCampaign();
    for (;;) {
      if (options.signal.aborted) break;
      const [row] = await database.read<CampaignRow>(
        `SELECT number, scan_id::text, entry FROM campaign_row
         WHERE campaign_id = $1::uuid AND state = 'waiting' ORDER BY number LIMIT 1`,
        [campaignId],
      );
      if (!row) break;
      const began = Date.now();
      const outcome = await this.#row(row, { ...campaign, campaignId, actor: options.actor });
      const progress = await this.progress(campaignId);
      options.onRow?.({ line: row.entry.line, ...outcome }, progress);
      if (options.perMinute > 0)
        await pause(60_000 / options.perMinute - (Date.now() - began), options.signal);
    }
    return this.#close(campaignId, options.actor, campaign.agency_id);
  }

  async #row(
    row: CampaignRow,
    campaign: RowTerms,
  ): Promise<{ state: 'done' | 'failed'; fault: string | null }> {
    const { database } = this.#services.desk.parts;
    let fault: string | null = null;
    let pages: number | null = null;
    try {
      pages = await this.#through(row, campaign);
    } catch (error) {
      if (!(error instanceof Failure) || error.kind === 'unavailable') throw error;
      fault = `${error.code ?? error.kind}: ${error.message}${error.faults.map(({ detail }) => ` ${detail}`).join('')}`;
    }
    const state = fault === null ? 'done' : 'failed';
    await database.transactSql(async (sql) => {
      await sql.query(
        `UPDATE campaign_row SET state = $3::text, fault = $4::text, pages = $5::int, changed_at = $6::timestamptz
         WHERE campaign_id = $1::uuid AND number = $2::int`,
        [campaign.campaignId, row.number, state, fault, pages, this.#services.desk.now()],
      );
      await appendEvent(sql, {
        type: 'campaign.row-done',
        at: this.#services.desk.now(),
        actor: campaign.actor,
        outcome: fault === null ? 'done' : 'failed',
        agencyId: campaign.agency_id,
        detail: { campaign: campaign.campaignId, row: row.number },
      });
    });
    return { state, fault };
  }

  /** One paper from wherever it stands to where the campaign takes it. @returns its pages */
  async #through({ scan_id: scanId, entry }: CampaignRow, campaign: RowTerms): Promise<number> {
    const { opening, capture, signature, extraction, attestation, accession, desk, view } = this.#services;
    const { actor } = campaign;
    const order = { actor, scanId, requestId: `campaign-${campaign.campaignId}` };
    const stand = (): Promise<Scan | undefined> =>
      desk.parts.database.transactSql((sql) => findScan(sql, scanId));
    let scan = await stand();
    scan ??= openedOrThrow(
      await opening.open({
        ...order,
        id: scanId,
        campaignId: campaign.campaignId,
        agencyId: campaign.agency_id,
        typeCode: entry.type,
        form: 'original',
        owners: [{ kind: 'person', personalNumber: entry.ownerNumber, fullName: entry.ownerName }],
        dossierCode: entry.dossier,
        group: entry.group,
        componentKey: null,
        declaredSheets: entry.sheets,
        againBecause: null,
        station: campaign.station,
      }),
    );
    if (scan.state === 'opened' || scan.state === 'captured') {
      scan = await capture.capture({
        ...order,
        device: campaign.station,
        files: await filesOf(entry, campaign.folder),
      });
    }
    if (scan.state === 'quarantined') throw quarantined(scan.reason ?? '');
    if (scan.state === 'examined') {
      const reason = campaign.pass_because;
      const open = openFindings(scan.examination).filter(({ verdict }) => verdict === 'warn');
      const overrides = reason === null ? [] : open.map(({ code, page }) => ({ code, page, reason }));
      scan = await signature.sign({ ...order, overrides });
    }
    if (scan.state === 'signed-by-scanner') {
      const { issuer: issuerId, symbol, abstract, issuedOn, metadata } = entry;
      const values = { issuerId, symbol, abstract, issuedOn, metadata };
      scan = await extraction.confirm({ ...order, values, proposals: [] });
    }
    if (campaign.attest) {
      if (scan.state === 'extracted' && scan.attestations.length === 0)
        scan = await attestation.attest(order);
      if (scan.state === 'attested' || scan.state === 'coded') await accession.finish(order);
    }
    return (await view.show(order)).pages.length;
  }

  async progress(campaignId: string): Promise<CampaignProgress> {
    const [row] = await this.#services.desk.parts.database.read<CampaignProgress>(
      `SELECT count(*)::int AS total, count(*) FILTER (WHERE state = 'done')::int AS done,
              count(*) FILTER (WHERE state = 'failed')::int AS failed, coalesce(sum(pages), 0)::int AS pages
       FROM campaign_row WHERE campaign_id = $1::uuid`,
      [campaignId],
    );
    return row ?? { total: 0, done: 0, failed: 0, pages: 0 };
  }

  /** Rows that failed, with why. */
  failures(campaignId: string): Promise<{ line: number; fault: string }[]> {
    return this.#services.desk.parts.database.read(
      `SELECT (entry->>'line')::int AS line, fault FROM campaign_row
       WHERE campaign_id = $1::uuid AND state = 'failed' ORDER BY number`,
      [campaignId],
    );
  }

  /** Failed rows wait again: their cause was mended. */
  async retry(campaignId: string): Promise<number> {
    const rows = await this.#services.desk.parts.database.read(
      `UPDATE campaign_row SET state = 'waiting', fault = NULL WHERE campaign_id = $1::uuid AND state = 'failed'
       RETURNING number`,
      [campaignId],
    );
    return rows.length;
  }

  async #close(campaignId: string, actor: PersonActor, agencyId: string): Promise<CampaignProgress> {
    const progress = await this.progress(campaignId);
    if (progress.done + progress.failed < progress.total) return progress;
    const { desk } = this.#services;
    await desk.parts.database.transactSql(async (sql) => {
      const closed = await sql.query(
        'UPDATE campaign SET finished_at = $2::timestamptz WHERE id = $1::uuid AND finished_at IS NULL RETURNING 1 AS one',
        [campaignId, desk.now()],
      );
      if (closed.length === 0) return;
      await appendEvent(sql, {
        type: 'campaign.finished',
        at: desk.now(),
        actor,
        outcome: 'done',
        agencyId,
        detail: { campaign: campaignId, done: progress.done, failed: progress.failed, pages: progress.pages },
      });
    });
    return progress;
  }
}

async function filesOf(entry: ArchiveEntry, folder: string) {
  const root = existsSync(join(folder, 'bagit.txt')) ? join(folder, 'data') : folder;
  const files = [];
  for (const name of entry.files) {
    const bytes = await readFile(join(root, name));
    files.push({
      size: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      read: async () => bytes,
    });
  }
  return files;
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  if (milliseconds <= 0 || signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

const notForAgency = (): Failure =>
  new Failure('forbidden', {
    en: 'This person does not digitise for this agency. Its manager grants the role.',
    vi: 'Người này không được số hóa cho cơ quan này. Lãnh đạo quản lý là người giao vai trò.',
  });

const rowsHaveFaults = (count: number): Failure =>
  new Failure('invalid', {
    en: `${count} faults in the archive. Mend them first: campaign check FOLDER lists them.`,
    vi: `Kho ảnh có ${count} chỗ cần sửa. Hãy sửa trước: campaign check THƯ-MỤC liệt kê.`,
  });

const noCampaign = (): Failure =>
  new Failure('not-found', {
    en: 'There is no such campaign for this person.',
    vi: 'Không có đợt số hóa này.',
  });

const quarantined = (reason: string): Failure =>
  new Failure(
    'unprocessable',
    { en: `The file was set apart (${reason}).`, vi: `Tệp được để riêng (${reason}).` },
    { code: 'quarantined' },
  );
