/** The ledger as the vault runs it: the log with its key and witnesses, proofs, what is told to operators. */
import { join } from 'node:path';
import { Counter, Gauge, type Registry } from 'prom-client';
import type { ObjectStore } from '../storage/index.ts';
import type { Config } from './config/index.ts';
import {
  type LogFacts,
  LogObjects,
  LogProofs,
  LogService,
  logFacts,
  logHandler,
  openLogKey,
  queueLength,
  witnessPolicy,
} from './ledger/index.ts';
import type { Clock } from './platform/clock.ts';
import type { Database, Sql } from './platform/database.ts';
import type { Logger } from './platform/logger.ts';

export interface LedgerParts {
  readonly config: Config;
  readonly keyFolder: string;
  readonly database: Database;
  readonly store: ObjectStore;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface Ledger {
  /** The caller's to dispose of, before the database. */
  readonly log: LogService;
  readonly objects: LogObjects;
  readonly proofs: LogProofs;
  /** What `/log` answers. */
  readonly handler: ReturnType<typeof logHandler>;
  /** What anybody may know of the log. */
  readonly facts: () => Promise<LogFacts>;
  /** Whether the log accepts. */
  readonly accepts: () => Promise<boolean>;
  /** Adds what operators watch to the metrics. */
  readonly watch: (registry: Registry) => void;
}

/** @throws Error when the log cannot be compared with what was published and witnessed: nothing may be served then */
export async function openLedger(parts: LedgerParts): Promise<Ledger> {
  const { config, database, clock, logger } = parts;
  const { origin, key, witnesses, witnessesNeeded } = config.ledger;
  const { signer, log, vkey } = await openLogKey(
    origin,
    key.kind === 'file' ? key.file : join(parts.keyFolder, 'log.pem'),
    key.kind === 'embedded',
  );
  const policy = witnessPolicy(vkey, witnesses, witnessesNeeded);
  const objects = new LogObjects(parts.store);
  const alarms = new Counter({
    name: 'motlan_log_alarms_total',
    help: 'Alarms of the log, by what was found',
    labelNames: ['kind'],
    registers: [],
  });
  const service = new LogService({
    pool: database.pool,
    objects,
    signer,
    log,
    clock,
    policy,
    onAlarm: ({ kind, detail }) => {
      alarms.inc({ kind });
      logger.error({ alarm: kind, detail }, 'the log raised an alarm');
    },
  });
  await service.start();
  const sql: Sql = { query: (text, values) => database.read(text, values) };
  const proofs = new LogProofs({
    sql,
    reader: service.reader,
    policy,
    onDoubt: (doubt) => void service.doubt(doubt),
  });
  return {
    log: service,
    objects,
    proofs,
    handler: logHandler({ objects, proofs }),
    facts: () => logFacts({ objects, vkey, policy }),
    accepts: async () => (await service.refusals()).length === 0,
    watch: (registry) => {
      registry.registerMetric(alarms);
      const gauge = (name: string, help: string, read: () => Promise<number>): Gauge =>
        new Gauge({
          name,
          help,
          registers: [registry],
          async collect() {
            this.set(await read().catch(() => Number.NaN));
          },
        });
      gauge('motlan_log_queue', 'Leaves that wait for their place', () => queueLength(sql));
      gauge('motlan_log_refusals', 'Reasons for which the log refuses writes', async () => {
        return (await service.refusals()).length;
      });
      gauge('motlan_log_size', 'Leaves in the published checkpoint', async () => {
        return (await logFacts({ objects, vkey, policy })).size;
      });
    },
  };
}
