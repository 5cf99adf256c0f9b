/** `motlan campaign`: an archive of scans into the vault, checked first, taken up again wherever it was killed. */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { CatalogueService } from './catalogue/index.ts';
import { CampaignService, createDigitisation, operatorAt, stationReport } from './digitisation/index.ts';
import { Sealing } from './documents/index.ts';
import { type PersonActor, personByNumber } from './identity/index.ts';
import { systemClock as clock } from './platform/clock.ts';
import type { Database } from './platform/database.ts';
import { Failure } from './platform/failure.ts';
import { KillablePool } from './platform/killable.ts';
import { inSurroundings, type Surroundings, type TaskOutput } from './task-surroundings.ts';
import { openSigning } from './vault-signing.ts';
import { verifyInChild } from './verification/index.ts';

export const CAMPAIGN_USAGE = `Usage:
  campaign check FOLDER
      Reads FOLDER/manifest.csv (or a BagIt bag) and tells every fault; writes nothing.
  campaign run FOLDER --agency ID --operator NUMBER --station NAME [--pass-warnings REASON] [--attest] [--per-minute N]
      Imports it. Killed or interrupted, the same command goes on. --pass-warnings gives the reason for which warnings
      of the examination pass; --attest: the operator answers for the comparison with the paper, and rows end in the
      vault; without it they wait for attestation at the desk.
  campaign status ID | campaign retry ID
      How far it is and which rows failed; failed rows wait again.
  campaign report --agency ID [--days N]
      Productivity and quality by station.`;

export async function campaignTask(args: readonly string[], output: TaskOutput): Promise<number> {
  let parsed: ReturnType<typeof read>;
  try {
    parsed = read(args);
  } catch (error) {
    output.err(error instanceof Error ? error.message : String(error));
    output.err(CAMPAIGN_USAGE);
    return 2;
  }
  const { positionals, values } = parsed;
  const [verb, subject] = positionals;
  return inSurroundings(output, async (surroundings) => {
    await using stack = new AsyncDisposableStack();
    const campaigns = await openCampaigns(surroundings, stack);
    try {
      switch (verb) {
        case 'check':
          return await check(campaigns, subject, output);
        case 'run':
          return await run(campaigns, surroundings.database, { folder: subject, ...values }, output);
        case 'retry':
          output.out(`${await campaigns.retry(subject ?? '')} rows wait again.`);
          return 0;
        case 'status':
          return await status(campaigns, subject ?? '', output);
        case 'report':
          return await report(surroundings.database, values, output);
        default:
          output.err(CAMPAIGN_USAGE);
          return 2;
      }
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      output.err(error.message);
      return 1;
    }
  });
}

const read = (args: readonly string[]) =>
  parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      agency: { type: 'string' },
      operator: { type: 'string' },
      station: { type: 'string' },
      'pass-warnings': { type: 'string' },
      attest: { type: 'boolean' },
      'per-minute': { type: 'string' },
      days: { type: 'string' },
    },
  });

async function openCampaigns(
  { config, paths, database, objects }: Surroundings,
  stack: AsyncDisposableStack,
): Promise<CampaignService> {
  const readers = stack.use(new KillablePool({ size: 2, waiting: 64, megabytes: 1200 }));
  const signing = await openSigning(config, paths.keys, clock);
  const { seals, timestamps, trust, officers } = signing;
  const services = createDigitisation({
    database,
    objects,
    catalogue: new CatalogueService(database),
    readers,
    clock,
    limits: { maxPages: config.limits.pages, maxPixels: 80_000_000, maxBytes: config.limits.fileBytes },
    sealing: new Sealing({ database, clock, seals, timestamps, readers, trust }),
    seals,
    officers,
    verify: async (bytes) => {
      const outcome = await verifyInChild(readers, bytes, { trust: [...trust()], at: clock.now() });
      return outcome.kind === 'busy' ? 'busy' : outcome.report;
    },
    acceptInventedNumbers: config.mode === 'development',
    codeTemplate: '{owner}.{type}.{sequence}',
    spoolFolder: join(paths.spool, 'campaign'),
  });
  return new CampaignService(services);
}

async function check(
  campaigns: CampaignService,
  folder: string | undefined,
  output: TaskOutput,
): Promise<number> {
  const archive = await campaigns.check(folder ?? '.').catch((error: Error) => error);
  if (archive instanceof Error) {
    output.err(archive.message);
    return 1;
  }
  for (const { line, column, message } of archive.faults)
    output.out(`line ${line}, ${column || 'row'}: ${message}`);
  output.out(`${archive.entries.length} papers can be imported, ${archive.faults.length} faults.`);
  return archive.faults.length === 0 ? 0 : 1;
}

async function run(
  campaigns: CampaignService,
  database: Database,
  values: ReturnType<typeof read>['values'] & { readonly folder: string | undefined },
  output: TaskOutput,
): Promise<number> {
  const { folder, agency, operator, station } = values;
  if (!folder || !agency || !operator || !station) {
    output.err(CAMPAIGN_USAGE);
    return 2;
  }
  const actor = await operatorOf(database, operator);
  if (!actor) {
    output.err('Nobody with this number has an account and a role here.');
    return 1;
  }
  const planned = await campaigns.plan({
    actor,
    agencyId: agency,
    station,
    folder,
    passBecause: values['pass-warnings'] ?? null,
    attest: values.attest === true,
  });
  output.out(`Campaign ${planned.id}: ${planned.rows} papers.`);
  const interrupted = new AbortController();
  process.once('SIGINT', () => interrupted.abort());
  process.once('SIGTERM', () => interrupted.abort());
  const progress = await campaigns.run(planned.id, {
    actor,
    signal: interrupted.signal,
    perMinute: Number(values['per-minute'] ?? 0),
    onRow: ({ line, fault }, { done, failed, total }) => {
      if (fault !== null) output.out(`line ${line}: ${fault}`);
      if ((done + failed) % 10 === 0 || done + failed === total)
        output.out(`${done + failed} of ${total}, ${failed} failed`);
    },
  });
  if (progress.done + progress.failed < progress.total) output.out('Interrupted; the same command goes on.');
  output.out(`${progress.done} papers with ${progress.pages} pages are in, ${progress.failed} failed.`);
  return progress.failed === 0 && progress.done === progress.total ? 0 : 1;
}

async function status(campaigns: CampaignService, id: string, output: TaskOutput): Promise<number> {
  const { total, done, failed, pages } = await campaigns.progress(id);
  output.out(
    `${done} of ${total} papers are in (${pages} pages), ${failed} failed, ${total - done - failed} wait.`,
  );
  for (const { line, fault } of await campaigns.failures(id)) output.out(`line ${line}: ${fault}`);
  return failed === 0 ? 0 : 1;
}

async function report(
  database: Database,
  values: ReturnType<typeof read>['values'],
  output: TaskOutput,
): Promise<number> {
  if (!values.agency) {
    output.err(CAMPAIGN_USAGE);
    return 2;
  }
  const since = new Date(clock.now().getTime() - Number(values.days ?? 30) * 86_400_000);
  const percent = (share: number | null): string => (share === null ? '–' : `${Math.round(share * 100)} %`);
  output.out('station, papers, pages, kept, rejected, right at first pass, warnings, read right');
  for (const line of await stationReport(database, values.agency, since)) {
    const { station, papers, pages, kept, rejected, warnings } = line;
    output.out(
      [
        station,
        papers,
        pages,
        kept,
        rejected,
        percent(line.firstPass),
        warnings,
        percent(line.readRight),
      ].join(', '),
    );
  }
  return 0;
}

/** The person who answers for an import, with the roles held now. */
async function operatorOf(database: Database, personalNumber: string): Promise<PersonActor | undefined> {
  const person = await database.transactSql((sql) => personByNumber(sql, personalNumber));
  return person && operatorAt(database, person.id, clock.now());
}
