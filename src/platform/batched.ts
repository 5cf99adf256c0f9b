/**
 * Questions of one kind, gathered: while one statement is under way the next questions wait, and go together in one.
 * Nobody waits for company: a question that comes alone is asked at once. Under load a round trip to the database, its
 * parsing and its commit are shared by as many requests as came meanwhile.
 *
 * Answers stay each caller's own. Where a gathered statement fails for another reason than a lost connection, each of
 * its questions is asked again alone, so that one caller's fault is not another's.
 */
import { Failure } from './failure.ts';

export interface BatchedOptions<Question, Answer> {
  /** One answer for each question, in their order. It must have no effect where it rejects. */
  readonly ask: (questions: readonly Question[]) => Promise<readonly Answer[]>;
  /** Questions at most in one statement; default 64. */
  readonly most?: number;
  /** Statements under way at once; default 1, which gathers most. */
  readonly underWay?: number;
}

interface Waiting<Question, Answer> {
  readonly question: Question;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

export class Batched<Question, Answer> {
  readonly #options: BatchedOptions<Question, Answer>;
  #waiting: Waiting<Question, Answer>[] = [];
  #running = 0;
  #soon = false;

  constructor(options: BatchedOptions<Question, Answer>) {
    this.#options = options;
  }

  ask(question: Question): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ question, resolve, reject });
      this.#next();
    });
  }

  #next(): void {
    if (this.#soon || this.#running >= (this.#options.underWay ?? 1)) return;
    this.#soon = true;
    // What came with the same turn of the event loop goes together.
    setImmediate(() => {
      this.#soon = false;
      const batch = this.#waiting.splice(0, this.#options.most ?? 64);
      if (batch.length === 0) return;
      this.#running += 1;
      void this.#run(batch).finally(() => {
        this.#running -= 1;
        if (this.#waiting.length > 0) this.#next();
      });
    });
  }

  async #run(batch: readonly Waiting<Question, Answer>[]): Promise<void> {
    try {
      const answers = await this.#options.ask(batch.map(({ question }) => question));
      if (answers.length !== batch.length) throw new Error('a gathered question got no answer');
      for (const [index, { resolve }] of batch.entries()) resolve(answers[index] as Answer);
    } catch (error) {
      if (batch.length > 1 && !(error instanceof Failure))
        await Promise.all(batch.map((one) => this.#run([one])));
      else for (const { reject } of batch) reject(error);
    }
  }
}
