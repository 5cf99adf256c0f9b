/**
 * Extraction: what the rules propose and what the clerk confirms. A proposal is never a value: only what a person
 * confirmed is stored with the paper, and where it differs from the proposal the difference is kept to measure the rules.
 */
import { calendarDateAt } from '../catalogue/index.ts';
import { checkPaper, metadataFaults } from '../documents/index.ts';
import type { Sql } from '../platform/database.ts';
import { isElectronic } from './capture-service.ts';
import { canScan } from './digitisation-policy.ts';
import type { Scan, ScanValues } from './scan.ts';
import { type ScanDesk, type ScanOrder, wrongState } from './scan-desk.ts';
import { moveScan } from './scan-repository.ts';

/** What was read for a field. */
export interface Proposal {
  /** Name of a metadata field, or `symbol`, `issuedOn`, `issuer`, `abstract`. */
  readonly field: string;
  readonly value: string;
  /** 0 to 1. */
  readonly confidence: number;
  readonly rule: string;
  readonly page: number;
  /** Left, top, right, bottom in ten-thousandths of the page. */
  readonly box: readonly [number, number, number, number];
  /** Other readings, best first. */
  readonly others?: readonly string[];
}

export class ExtractionService {
  readonly #desk: ScanDesk;

  constructor(desk: ScanDesk) {
    this.#desk = desk;
  }

  /** Keeps what was typed so far; nothing is confirmed by it. */
  async draft(order: ScanOrder & { readonly values: ScanValues }): Promise<void> {
    const scan = await this.#forConfirmation(order);
    await this.#desk.parts.database.transactSql((sql) =>
      moveScan(sql, scan, {
        state: scan.state,
        at: this.#desk.now(),
        actor: order.actor,
        detail: { draft: true },
        change: { values: order.values },
      }),
    );
  }

  /** @throws Failure `invalid` with every value that does not fit the type */
  async confirm(
    order: ScanOrder & { readonly values: ScanValues; readonly proposals: readonly Proposal[] },
  ): Promise<Scan> {
    const scan = await this.#forConfirmation(order);
    const catalogue = await this.#desk.catalogue();
    const checked = checkPaper(
      {
        typeCode: scan.typeCode,
        provenance: isElectronic(scan) ? 'electronic-result' : 'counter-scan',
        owners: scan.owners.map((ref) => ({ kind: 'known', ref })),
        externalId: null,
        place: null,
        files: [],
        ...order.values,
      },
      {
        agencyId: scan.agencyId,
        catalogue,
        today: calendarDateAt(this.#desk.now()),
        pointer: '/body',
      },
    );
    if (!('type' in checked)) throw metadataFaults(checked);
    const values: ScanValues = { ...order.values, metadata: checked.metadata };
    const electronic = isElectronic(scan);
    await this.#desk.parts.database.transactSql(async (sql) => {
      const measured = await keepReadings(sql, scan.id, order.proposals, values);
      const move = {
        actor: order.actor,
        requestId: order.requestId,
        change: { values },
        detail: measured,
      } as const;
      // An electronic original is not scanned: its data are confirmed where it stands.
      await this.#desk.move(sql, scan, {
        ...move,
        state: electronic ? 'captured' : 'extracted',
        event: 'digitisation.extracted',
      });
    });
    return this.#desk.open(order, 'extract', () => ({ allowed: true }));
  }

  async #forConfirmation(order: ScanOrder): Promise<Scan> {
    const scan = await this.#desk.open(order, 'extract', (found) => canScan(order.actor, found.agencyId));
    const may =
      scan.state === 'signed-by-scanner' ||
      scan.state === 'extracted' ||
      (scan.state === 'captured' && isElectronic(scan));
    // What somebody attested already is not changed under them.
    if (!may || scan.attestations.length > 0) throw wrongState(scan.state);
    return scan;
  }
}

/** The values as texts, by the names that proposals use. */
export function valuesAsText(values: ScanValues): Map<string, string> {
  const texts = new Map<string, string>();
  for (const [name, value] of Object.entries(values.metadata)) texts.set(name, String(value));
  texts.set('issuer', values.issuerId);
  if (values.symbol !== null) texts.set('symbol', values.symbol);
  if (values.abstract !== null) texts.set('abstract', values.abstract);
  if (values.issuedOn !== null) texts.set('issuedOn', values.issuedOn);
  return texts;
}

const sameText = (one: string, other: string): boolean =>
  one.normalize('NFC').trim().toLocaleLowerCase('vi') ===
  other.normalize('NFC').trim().toLocaleLowerCase('vi');

async function keepReadings(
  sql: Sql,
  scanId: string,
  proposals: readonly Proposal[],
  values: ScanValues,
): Promise<{ confirmed: number; corrected: number; typed: number }> {
  const kept = valuesAsText(values);
  const counts = { confirmed: 0, corrected: 0, typed: 0 };
  await sql.query('DELETE FROM scan_reading WHERE scan_id = $1::uuid', [scanId]);
  for (const field of new Set([...proposals.map((proposal) => proposal.field), ...kept.keys()])) {
    const proposal = proposals.find((each) => each.field === field);
    const value = kept.get(field) ?? null;
    const outcome =
      proposal === undefined
        ? 'typed'
        : value === null
          ? 'dropped'
          : sameText(proposal.value, value)
            ? 'confirmed'
            : 'corrected';
    if (outcome === 'typed') counts.typed += 1;
    else if (outcome === 'confirmed') counts.confirmed += 1;
    else counts.corrected += 1;
    await sql.query(
      `INSERT INTO scan_reading (scan_id, field, page, proposed, confidence, rule, box, kept, outcome)
       VALUES ($1::uuid, $2::text, $3::int, $4::text, $5::float8, $6::text, $7::jsonb, $8::text, $9::text)`,
      [
        scanId,
        field,
        proposal?.page ?? null,
        proposal?.value ?? null,
        proposal?.confidence ?? null,
        proposal?.rule ?? null,
        proposal ? JSON.stringify(proposal.box) : null,
        value,
        outcome,
      ],
    );
  }
  return counts;
}
