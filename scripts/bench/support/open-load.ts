/**
 * Load that does not wait for answers: GETs sent at a given rate from a process of its own, as a crowd sends them.
 * Tells how many were answered in time, how many were refused and how long the refusals took.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent, get } from 'node:http';

export interface OpenLoad {
  readonly url: string;
  /** Requests a second. */
  readonly rate: number;
  readonly seconds: number;
  /** Milliseconds within which an answer is still of use. */
  readonly patience: number;
  /** `Cookie` headers, taken in turn. */
  readonly cookies: readonly string[];
}

export interface OpenLoadResult {
  /** Answered 200 in time, a second. */
  readonly goodput: number;
  /** 429 and 503 with `Retry-After`, a second. */
  readonly refused: number;
  /** Any other ending, in all: errors, late answers, refusals without `Retry-After`. */
  readonly otherwise: number;
  /** Milliseconds: half of the refusals and 99 of 100 came within. */
  readonly refusalMedian: number;
  readonly refusalP99: number;
}

/** The sender, seen from the measured process. */
export class OpenLoadClient implements Disposable {
  readonly #child: ChildProcess = fork(import.meta.filename, ['client']);

  async run(load: OpenLoad): Promise<OpenLoadResult> {
    this.#child.send(load);
    const [result] = (await once(this.#child, 'message')) as [OpenLoadResult];
    return result;
  }

  [Symbol.dispose](): void {
    this.#child.kill();
  }
}

type Ending = { readonly kind: 'good' | 'refused' | 'otherwise'; readonly milliseconds: number };

async function send({ url, rate, seconds, patience, cookies }: OpenLoad): Promise<OpenLoadResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: 2000 });
  const begun = performance.now();
  const endings: Promise<Ending>[] = [];
  while (performance.now() - begun < seconds * 1000) {
    const due = ((performance.now() - begun) / 1000) * rate;
    while (endings.length < due) {
      endings.push(fetchOne(agent, url, cookies[endings.length % Math.max(1, cookies.length)], patience));
    }
    await new Promise((resolve) => setTimeout(resolve, 4));
  }
  const all = await Promise.all(endings);
  agent.destroy();
  const of = (kind: Ending['kind']): Ending[] => all.filter((ending) => ending.kind === kind);
  const waits = of('refused')
    .map(({ milliseconds }) => milliseconds)
    .sort((a, b) => a - b);
  return {
    goodput: of('good').length / seconds,
    refused: waits.length / seconds,
    otherwise: of('otherwise').length,
    refusalMedian: waits[waits.length >> 1] ?? 0,
    refusalP99: waits[Math.floor(waits.length * 0.99)] ?? 0,
  };
}

function fetchOne(agent: Agent, url: string, cookie: string | undefined, patience: number): Promise<Ending> {
  const begun = performance.now();
  return new Promise((resolve) => {
    const end = (kind: Ending['kind']): void => resolve({ kind, milliseconds: performance.now() - begun });
    get(url, { agent, headers: cookie ? { cookie } : {} }, (answer) => {
      answer.resume();
      answer.on('error', () => end('otherwise'));
      answer.on('end', () => {
        const status = answer.statusCode ?? 0;
        const inTime = performance.now() - begun <= patience;
        if (status === 200) end(inTime ? 'good' : 'otherwise');
        else if ((status === 503 || status === 429) && answer.headers['retry-after']) end('refused');
        else end('otherwise');
      });
    }).on('error', () => end('otherwise'));
  });
}

if (process.argv[2] === 'client') {
  process.on('message', (load: OpenLoad) => {
    void send(load).then((result) => process.send?.(result));
  });
}
