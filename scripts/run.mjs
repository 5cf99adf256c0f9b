// Runs a built program on a clone that may be bare: node scripts/run.mjs scripts/main-job.ts FILE.pdf
// Installs and builds what is missing first, as npm start does.
import { build, install, mainly, runInFront, Sentence } from './prepare.mjs';

await mainly(async () => {
  const [program, ...args] = process.argv.slice(2);
  if (program === undefined)
    throw new Sentence('Name the program to run: node scripts/run.mjs src/cli.ts --help');
  const { node, env } = await install();
  await build({ node, env });
  const built = `dist/${program.replace(/\.ts$/, '.js')}`;
  return runInFront(node, ['--enable-source-maps', built, ...args], env);
});
