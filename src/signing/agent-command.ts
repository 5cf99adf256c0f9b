// `motlan agent`: lends the token in an official's own PC to the vault's page, on the loopback, behind a pairing code.
import { randomInt } from 'node:crypto';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import {
  type CommandOutput,
  openChosenSigner,
  sentenceOf,
  signerOptions,
  UsageError,
} from './command-line.ts';
import { createSigningAgent } from './signing-agent.ts';
import { SigningError } from './signing-error.ts';

export const AGENT_USAGE = `Usage: agent --pkcs11 LIBRARY --token LABEL --origin https://kho.example.vn… [--port 7421]
Lends the token of this PC to pages of the vault: they get the certificate and have prepared signatures signed, nothing
else. The PIN is asked for in this terminal (or SIGN_PIN) at each login and is not kept. Ctrl-C ends it.
--key-label, --chain as for "sign"; --key FILE.p12 instead of a token.`;

/** Without letters that look alike. */
const ALPHABET = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789';

/** Runs until the process is asked to stop. @returns 0 then, 1 when the token cannot be used, 2 for wrong usage */
export async function agentCommand(
  args: readonly string[],
  output: CommandOutput,
  stopped: Promise<unknown> = untilSignal(),
): Promise<0 | 1 | 2> {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        ...signerOptions,
        origin: { type: 'string', multiple: true, default: [] },
        port: { type: 'string', default: '7421' },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) {
      output.out(AGENT_USAGE);
      return 0;
    }
    const origins = values.origin.map(originOf);
    if (origins.length === 0)
      throw new UsageError("Name the vault's address: --origin https://kho.example.vn.");
    const port = Number(values.port);
    if (!Number.isInteger(port) || port < 0 || port > 65_535)
      throw new UsageError('--port is a number up to 65535.');
    const { signer, close } = await openChosenSigner(values);
    const pairingCode = newPairingCode();
    const server = createSigningAgent({ signer, allowedOrigins: origins, pairingCode });
    try {
      const listening = await listen(server, port);
      output.out(`Signing as ${signer.certificate.subject.commonName ?? signer.certificate.subject.text}`);
      output.out(`The agent answers ${origins.join(', ')} at http://127.0.0.1:${listening}`);
      output.out(`Pairing code: ${pairingCode}`);
      await stopped;
      return 0;
    } finally {
      server.closeAllConnections();
      server.close();
      close();
    }
  } catch (error) {
    const sentence = sentenceOf(error);
    if (sentence === undefined) throw error;
    output.err(sentence);
    if (error instanceof SigningError) return 1;
    output.err(AGENT_USAGE);
    return 2;
  }
}

function originOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new UsageError(`--origin needs an address such as https://kho.example.vn, not "${text}".`);
  }
  return url.origin;
}

/** 20 characters in groups of five: 98 bits. */
function newPairingCode(): string {
  const letters = Array.from({ length: 20 }, () => ALPHABET[randomInt(ALPHABET.length)] ?? '').join('');
  return letters.replace(/(.{5})(?=.)/g, '$1-');
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new UsageError(`Port ${port} is taken. Choose another with --port.`)
          : error,
      ),
    );
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

const untilSignal = (): Promise<unknown> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, resolve);
  });
