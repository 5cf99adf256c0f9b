/** Page images to one PDF, in a killable child: the libraries that read pictures are loaded there alone. */
import { extname } from 'node:path';
import type { KillablePool, KillableTask } from '../platform/killable.ts';
import type { PageImagesInput, PageImagesResult } from './page-images.ts';

/** The same in a killable child: what kills it is a damaged picture. `busy` where the queue is full. */
export async function buildPdfInChild(
  pool: KillablePool,
  input: PageImagesInput,
): Promise<PageImagesResult | 'busy'> {
  const task: KillableTask<PageImagesInput, PageImagesResult> = {
    module: new URL(`./page-images${extname(import.meta.url)}`, import.meta.url).href,
    name: 'buildPdfOfImages',
  };
  const outcome = await pool.run(task, input, { milliseconds: 60_000, megabytes: 1024 });
  if (outcome.kind === 'done') return outcome.value;
  if (outcome.kind === 'busy') return 'busy';
  return { made: false, file: 0, reason: 'damaged' };
}
