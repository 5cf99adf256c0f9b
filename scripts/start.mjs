// npm start: from a bare clone to a vault that serves. Installs and builds what is missing, then runs the vault on
// Node 24 until it is told to stop. Everything after that is the vault's own: src/main.ts.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { build, install, mainly, root, runInFront } from './prepare.mjs';

await mainly(async () => {
  const { node, env } = await install();
  await build({ node, env });
  const settings = existsSync(join(root, '.env')) ? [`--env-file=${join(root, '.env')}`] : [];
  return runInFront(
    node,
    ['--enable-source-maps', ...settings, 'dist/src/main.js', ...process.argv.slice(2)],
    env,
  );
});
