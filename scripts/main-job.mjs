// npm run main-job -- FILE.pdf [--json]: the whole way of a paper through the public API of a running vault, or of a
// throw-away one. On a bare clone it installs and builds first, as npm start does.
import { build, install, mainly, runInFront } from './prepare.mjs';

await mainly(async () => {
  const { node, env } = await install();
  await build({ node, env });
  return runInFront(
    node,
    ['--enable-source-maps', 'dist/scripts/main-job/run.js', ...process.argv.slice(2)],
    env,
  );
});
