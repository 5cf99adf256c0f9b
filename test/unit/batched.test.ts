/** Questions that come while one is under way go together; each caller gets its own answer, and its own fault. */
import { expect, test } from '@jest/globals';
import { Batched } from '../../src/platform/batched.ts';
import { Failure } from '../../src/platform/failure.ts';

test('what comes meanwhile goes together, in order, and no more than is allowed at once', async () => {
  const asked: number[][] = [];
  const batched = new Batched<number, number>({
    most: 4,
    ask: async (questions) => {
      asked.push([...questions]);
      await new Promise((resolve) => setTimeout(resolve, 5));
      return questions.map((question) => question * 10);
    },
  });
  const answers = await Promise.all([1, 2, 3, 4, 5, 6].map((question) => batched.ask(question)));
  expect(answers).toEqual([10, 20, 30, 40, 50, 60]);
  expect(asked).toEqual([
    [1, 2, 3, 4],
    [5, 6],
  ]);
  expect(await batched.ask(7)).toBe(70);
});

test("one caller's fault is not another's", async () => {
  const batched = new Batched<string, string>({
    ask: async (questions) => {
      if (questions.includes('poison')) throw new Error('bad input');
      return questions.map((question) => `${question}!`);
    },
  });
  const answers = await Promise.allSettled(['a', 'poison', 'b'].map((question) => batched.ask(question)));
  expect(answers.map((answer) => (answer.status === 'fulfilled' ? answer.value : 'fault'))).toEqual([
    'a!',
    'fault',
    'b!',
  ]);
});

test('a database that is down is told to all at once, and the next question is asked anew', async () => {
  let down = true;
  let times = 0;
  const batched = new Batched<string, string>({
    ask: async (questions) => {
      times += 1;
      if (down) throw new Failure('unavailable', { en: 'down', vi: 'hỏng' });
      return [...questions];
    },
  });
  const answers = await Promise.allSettled(['a', 'b'].map((question) => batched.ask(question)));
  expect([answers.every(({ status }) => status === 'rejected'), times]).toEqual([true, 1]);
  down = false;
  expect(await batched.ask('c')).toBe('c');
});
