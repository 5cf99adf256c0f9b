/**
 * Attestation: side by side with the paper, by two people where the type holds sensitive data. The last of them closes
 * it: the agency's signature is appended at the top right, the digitisation statement is written and signed, and both are
 * kept in one transaction with the state. What is not proven by our own verifier is not kept.
 */
import { calendarDateAt } from '../catalogue/index.ts';
import { type AgencySeals, closeIntent, type Sealing } from '../documents/index.ts';
import { personsByIds } from '../identity/index.ts';
import { Failure } from '../platform/failure.ts';
import { canAttest } from './digitisation-policy.ts';
import { type ExaminationRules, rulesAt } from './examination.ts';
import { type Attestation, attestationsNeeded, type Scan } from './scan.ts';
import { destroyKeys, type ScanDesk, type ScanOrder, wrongState } from './scan-desk.ts';
import { filesOf, pagesOf } from './scan-repository.ts';
import { signStatement, writeStatement } from './statement.ts';

export class AttestationService {
  readonly #desk: ScanDesk;
  readonly #sealing: Sealing;
  readonly #seals: AgencySeals;
  readonly #rules: readonly ExaminationRules[];

  constructor(
    desk: ScanDesk,
    options: {
      readonly sealing: Sealing;
      readonly seals: AgencySeals;
      readonly rules: readonly ExaminationRules[];
    },
  ) {
    this.#desk = desk;
    this.#sealing = options.sealing;
    this.#seals = options.seals;
    this.#rules = options.rules;
  }

  /** @returns the scan, `extracted` still where another person has to attest as well */
  async attest(order: ScanOrder): Promise<Scan> {
    const scan = await this.#desk.open(order, 'attest', (found) => canAttest(order.actor, found));
    if (scan.state !== 'extracted' || order.actor.kind !== 'person') throw wrongState(scan.state);
    const attestations: Attestation[] = [
      ...scan.attestations,
      { personId: order.actor.personId, at: this.#desk.now().toISOString() },
    ];
    if (attestations.length < attestationsNeeded(scan)) {
      await this.#desk.parts.database.transactSql((sql) =>
        this.#desk.move(sql, scan, {
          state: 'extracted',
          event: 'digitisation.attested',
          actor: order.actor,
          requestId: order.requestId,
          detail: { attestation: attestations.length, needed: attestationsNeeded(scan) },
          change: { attestations },
        }),
      );
    } else {
      await this.#close(order, { ...scan, attestations });
    }
    return this.#desk.open(order, 'attest', () => ({ allowed: true }));
  }

  async #close(order: ScanOrder, scan: Scan): Promise<void> {
    if (scan.signedObjectId === null)
      throw new Error('a scan was extracted without the signature of who scans');
    const { database } = this.#desk.parts;
    const signed = await this.#desk.read(scan.id, 'scan-signed', scan.signedObjectId);
    const agency = (await this.#desk.catalogue()).agency(scan.agencyId, calendarDateAt(this.#desk.now()));
    if (!agency) throw agencyEnded();
    const sealed = await this.#sealing.seal({
      documentId: scan.id,
      pdf: signed,
      agency: { id: agency.id, name: agency.names.vi },
      form: 'SAO Y',
    });
    const officer = sealed.report.signatures.find(({ field }) => field === 'OfficerScan');
    if (officer === undefined || !HOLDS.has(officer.verdict)) {
      throw new Error(
        `the scanner's signature was read back as ${officer?.verdict ?? 'absent'} under the agency's`,
      );
    }
    const statement = await this.#statement(scan, {
      agencyName: agency.names.vi,
      sealedSha256: sealed.sha256,
    });
    const signature = await signStatement(statement, this.#seals.signerFor(agency.id));
    const keptSealed = await this.#desk.keep(scan.id, 'sealed', sealed.bytes);
    const keptStatement = await this.#desk.keep(scan.id, 'statement', statement);
    const keptSignature = await this.#desk.keep(scan.id, 'statement', signature);
    await database.transactSql(async (sql) => {
      await this.#desk.insert(sql, scan.id, 'sealed', keptSealed);
      await this.#desk.insert(sql, scan.id, 'statement', keptStatement);
      await this.#desk.insert(sql, scan.id, 'statement', keptSignature);
      if (!(await closeIntent(sql, sealed.intent.id, 'kept', this.#desk.now()))) throw tookTooLong();
      await this.#desk.move(sql, scan, {
        state: 'attested',
        event: 'digitisation.attested',
        actor: order.actor,
        requestId: order.requestId,
        detail: {
          sha256: sealed.sha256,
          attestation: scan.attestations.length,
          statement: keptStatement.sha256,
        },
        change: {
          attestations: scan.attestations,
          sealedObjectId: keptSealed.objectId,
          statementObjectId: keptStatement.objectId,
          statementSignatureObjectId: keptSignature.objectId,
          signing: [
            ...scan.signing,
            {
              fieldName: sealed.fieldName,
              purpose: 'agency-copy',
              intentId: sealed.intent.id,
              certificateSha256: sealed.intent.certificateSha256,
              level: sealed.level,
              upgrade: sealed.upgrade,
              at: sealed.intent.at.toISOString(),
            },
          ],
        },
      });
      // The sealed file begins with these very bytes.
      if (scan.signedObjectId) await destroyKeys(sql, [scan.signedObjectId], this.#desk.now());
    });
  }

  async #statement(
    scan: Scan,
    made: { readonly agencyName: string; readonly sealedSha256: string },
  ): Promise<Buffer> {
    const { files, pages, people } = await this.#desk.parts.database.transactSql(async (sql) => ({
      files: await filesOf(sql, scan.id),
      pages: await pagesOf(sql, scan.id),
      people: await personsByIds(sql, [
        scan.operatorId,
        ...scan.attestations.map(({ personId }) => personId),
      ]),
    }));
    const nameOf = (id: string): string => people.find((person) => person.id === id)?.fullName ?? '';
    const rules = rulesAt(
      this.#rules,
      calendarDateAt(scan.examination ? new Date(scan.examination.at) : this.#desk.now()),
    );
    return writeStatement({
      scan,
      ...made,
      operatorName: nameOf(scan.operatorId),
      attestedBy: scan.attestations.map(({ personId, at }) => ({ name: nameOf(personId), at })),
      files,
      pages,
      thresholds: rules.thresholds,
      at: this.#desk.now(),
    });
  }
}

/** The agency's signature is a change that the scanner's permits. */
const HOLDS: ReadonlySet<string> = new Set(['valid', 'valid-with-permitted-changes']);

const agencyEnded = (): Failure =>
  new Failure(
    'conflict',
    {
      en: 'The agency is no longer in the catalogue; its successor goes on with the paper.',
      vi: 'Cơ quan không còn trong danh mục; cơ quan kế thừa làm tiếp giấy này.',
    },
    { code: 'agency-ended' },
  );

const tookTooLong = (): Failure =>
  new Failure(
    'unavailable',
    {
      en: 'Signing took too long and was given up. Attest again.',
      vi: 'Việc ký kéo dài quá lâu và đã bị bỏ. Hãy xác nhận lại.',
    },
    { code: 'signing-abandoned', retryAfter: 1 },
  );
