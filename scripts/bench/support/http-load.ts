/**
 * A client in a process of its own, so that the measured process is the server alone. Sends `count` GETs over
 * kept-alive connections, checks status and length of each answer, and tells its parent when all have ended.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent, get } from 'node:http';

export interface Load {
  readonly url: string;
  readonly count: number;
  readonly parallel: number;
  /** Bytes each answer must have. */
  readonly length: number;
  /** `Cookie` headers, taken in turn. */
  readonly cookies: readonly string[];
}

/** The client, seen from the measured process. */
export class LoadClient implements Disposable {
  readonly #child: ChildProcess = fork(import.meta.filename, ['client']);

  /** Resolves when every answer was as it must be. */
  async run(load: Load): Promise<void> {
    this.#child.send(load);
    const [fault] = (await once(this.#child, 'message')) as [string | null];
    if (fault !== null) throw new Error(fault);
  }

  [Symbol.dispose](): void {
    this.#child.kill();
  }
}

const agent = new Agent({ keepAlive: true });

async function send({ url, count, parallel, length, cookies }: Load): Promise<void> {
  let left = count;
  const one = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await fetchOne(url, cookies[left % Math.max(1, cookies.length)], length);
    }
  };
  await Promise.all(Array.from({ length: parallel }, one));
}

function fetchOne(url: string, cookie: string | undefined, length: number): Promise<void> {
  return new Promise((resolve, reject) => {
    get(url, { agent, headers: cookie ? { cookie } : {} }, (answer) => {
      let seen = 0;
      answer.on('data', (piece: Buffer) => {
        seen += piece.byteLength;
      });
      answer.on('error', reject);
      answer.on('end', () => {
        const isRight = answer.statusCode === 200 && seen === length;
        if (isRight) resolve();
        else reject(new Error(`${url} answered ${answer.statusCode} with ${seen} bytes`));
      });
    }).on('error', reject);
  });
}

if (process.argv[2] === 'client') {
  process.on('message', (load: Load) => {
    send(load).then(
      () => process.send?.(null),
      (error: unknown) => process.send?.(String(error)),
    );
  });
}
