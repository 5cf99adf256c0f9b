/** A real mail server on loopback that keeps what it takes, and refuses whom it is told to refuse. */
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

export interface Mailbox extends AsyncDisposable {
  readonly url: string;
  /** As received, headers and all. */
  readonly mails: string[];
  /** Recipients answered with 550. */
  readonly refused: Set<string>;
  /** Answers 451 while true. */
  busy: boolean;
}

export async function openMailbox(): Promise<Mailbox> {
  const mails: string[] = [];
  const refused = new Set<string>();
  const box = { busy: false };
  const failing = (code: number, words: string): Error =>
    Object.assign(new Error(words), { responseCode: code });
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onRcptTo: ({ address }, _session, done) => {
      if (box.busy) return done(failing(451, `try ${address} later`));
      return refused.has(address) ? done(failing(550, `${address} is unknown`)) : done();
    },
    onData: (stream, _session, done) => {
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => parts.push(part));
      stream.on('end', () => {
        mails.push(Buffer.concat(parts).toString('utf8'));
        done();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`,
    mails,
    refused,
    get busy() {
      return box.busy;
    },
    set busy(value) {
      box.busy = value;
    },
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** The text of a mail, whichever transfer encoding it came in. */
export function textOf(mail: string): string {
  const [head = '', ...rest] = mail.split('\r\n\r\n');
  const body = rest.join('\r\n\r\n');
  if (/transfer-encoding: base64/i.test(head)) return Buffer.from(body, 'base64').toString('utf8');
  if (!/transfer-encoding: quoted-printable/i.test(head)) return body;
  const bytes = body
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
