/** A process that works off one batch and may be killed at any time: node issue-batch.ts '{"databaseUrl":…}'. */
import { z } from 'zod';
import { runBatch } from '../../../src/issuance/batch-runner.ts';
import { openIssuingPlace } from '../issuing-place.ts';

const orders = z
  .object({ databaseUrl: z.string(), folder: z.string(), batchId: z.string(), chunk: z.int() })
  .parse(JSON.parse(process.argv[2] ?? ''));
const place = await openIssuingPlace(orders);
process.stdout.write('running\n');
const issued = await runBatch({ ...place.parts, chunk: orders.chunk }, orders.batchId);
process.stdout.write(`issued ${issued}\n`);
await place[Symbol.asyncDispose]();
