import { expect, test } from '@jest/globals';
import { newId } from '../../src/platform/ids.ts';

test('identifiers sort by the time they were made', async () => {
  const first = newId();
  await new Promise((resolve) => setTimeout(resolve, 2));
  expect(newId() > first).toBe(true);
});
