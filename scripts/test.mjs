// npm test: every test, on a clone that may be bare. Installs what is missing; never installs system packages.
// Arguments go to jest (npm test -- --selectProjects fast). The last line is "N passed, N failed", and ", N skipped"
// where something was left out; what was left out is named above it.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { install, mainly, root, runInFront, say } from './prepare.mjs';

const report = join(root, 'test-output', `jest-${process.pid}.json`);

await mainly(async () => {
  const { node, env } = await install();
  const generated = await runInFront(node, ['scripts/generate.mjs'], env);
  if (generated !== 0) return generated;
  mkdirSync(join(root, 'test-output'), { recursive: true });
  const jest = ['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js'];
  const args = [
    ...jest,
    '--maxWorkers=100%',
    '--json',
    `--outputFile=${report}`,
    '--silent',
    ...process.argv.slice(2),
  ];
  const status = await runInFront(node, args, env);
  const counted = existsSync(report) ? count(JSON.parse(readFileSync(report, 'utf8'))) : nothingRan();
  rmSync(report, { force: true });
  // A run that ends badly without a failed test (a crash, a leak) is a failure too.
  if (status !== 0 && counted.failed === 0) counted.failed = 1;
  for (const name of counted.skippedNames) say(`skipped: ${name}`);
  const skipped = counted.skipped > 0 ? `, ${counted.skipped} skipped` : '';
  process.stdout.write(`${counted.passed} passed, ${counted.failed} failed${skipped}\n`);
  return counted.failed > 0 ? 1 : 0;
});

const nothingRan = () => ({ passed: 0, failed: 1, skipped: 0, skippedNames: [] });

function count({ testResults, numPassedTests, numFailedTests, numRuntimeErrorTestSuites }) {
  const skippedNames = testResults.flatMap(({ assertionResults }) =>
    assertionResults
      .filter(({ status }) => status === 'pending' || status === 'todo')
      .map(({ fullName }) => fullName),
  );
  return {
    passed: numPassedTests,
    // A test file that does not even load counts as one failure.
    failed: numFailedTests + numRuntimeErrorTestSuites,
    skipped: skippedNames.length,
    skippedNames,
  };
}
