/** The motlan command: help names every task, keys come out usable, wrong use is told. */
import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { keygenTask } from '../../src/keygen-task.ts';
import { helpTask, TASKS } from '../../src/tasks.ts';
import { masterKeyFromBase64 } from '../../storage/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'motlan-tasks-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function told(work: (output: { out(line: string): void; err(line: string): void }) => Promise<number>) {
  const lines: string[] = [];
  const status = await work({ out: (line) => lines.push(line), err: (line) => lines.push(line) });
  return { status, text: lines.join('\n') };
}

test('help prints the usage of every task', async () => {
  const { status, text } = await told((output) => helpTask([], output));
  expect(status).toBe(0);
  for (const [name, { summary }] of Object.entries(TASKS)) expect(text).toContain(`\n${name}: ${summary}`);
  expect(text.match(/Usage:/g)?.length).toBe(Object.keys(TASKS).length);
  expect((await told((output) => helpTask(['nothing'], output))).status).toBe(2);
});

test('a master key fits into MASTER_KEYS', async () => {
  const { status, text } = await told((output) => keygenTask(['master', '2026-11'], output));
  const [id = '', base64 = ''] = text.split(':');
  expect([status, id, masterKeyFromBase64(id, base64).key.symmetricKeySize]).toEqual([0, '2026-11', 32]);
});

test('a client key signs what the printed JWKS verifies, and is readable by its owner only', async () => {
  const file = join(folder, 'client.jwk.json');
  const { status, text } = await told((output) => keygenTask(['client', '--out', file], output));
  expect([status, statSync(file).mode & 0o777]).toEqual([0, 0o600]);
  const secret = JSON.parse(readFileSync(file, 'utf8')) as { kty: string; kid: string };
  const [shown] = (JSON.parse(text) as { keys: ({ kty: string; kid: string } & Record<string, string>)[] })
    .keys;
  expect([shown?.kid, shown?.d]).toEqual([secret.kid, undefined]);
  const signature = sign('sha256', Buffer.from('x'), createPrivateKey({ key: secret, format: 'jwk' }));
  const publicKey = createPublicKey({ key: shown ?? {}, format: 'jwk' });
  expect(verify('sha256', Buffer.from('x'), publicKey, signature)).toBe(true);
  expect((await told((output) => keygenTask(['client', '--out', file], output))).text).toMatch(/EEXIST/);
});

test('a log key is named, a signer for trials is made, and wrong use says what is right', async () => {
  const log = await told((output) =>
    keygenTask(['log', '--out', join(folder, 'log.pem'), 'kho.example/log'], output),
  );
  expect(log.text).toMatch(/^kho\.example\/log\+[0-9a-f]{8}\+/);
  const signer = await told((output) => keygenTask(['signer', '--out', join(folder, 'pki')], output));
  expect([signer.status, signer.text]).toEqual([0, expect.stringContaining('root.pem')]);
  for (const wrong of [[], ['client'], ['master', 'a', 'b'], ['log', '--out'], ['nothing']]) {
    const { status, text } = await told((output) => keygenTask(wrong, output));
    expect([status, text]).toEqual([2, expect.stringContaining('Usage')]);
  }
});
