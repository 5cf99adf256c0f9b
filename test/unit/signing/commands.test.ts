/** `motlan sign`, `upgrade` and `agent`: levels, marks, clear refusals, nothing overwritten, secrets from the environment. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { readCrl } from '../../../src/asn1/index.ts';
import { agentCommand } from '../../../src/signing/agent-command.ts';
import { openDevelopmentPki, toPem } from '../../../src/signing/index.ts';
import { signCommand } from '../../../src/signing/sign-command.ts';
import { upgradeCommand } from '../../../src/signing/upgrade-command.ts';
import { createTrustSet, type TrustSet, verify } from '../../../src/verification/index.ts';
import { hasCommand } from '../../support/command.ts';
import { makePdf } from '../../support/pdf.ts';
import { createTestPki } from '../../support/pki.ts';

const folder = mkdtempSync(join(tmpdir(), 'commands-'));
const pki = join(folder, 'pki');
const paper = join(folder, 'paper.pdf');
let trust: TrustSet[];
let said: { out: string[]; err: string[] };
const output = { out: (line: string) => said.out.push(line), err: (line: string) => said.err.push(line) };
const levelOf = (path: string) => {
  const report = verify(readFileSync(path), { trust });
  return [report.verdict, report.signatures.find(({ type }) => type === 'approval')?.level];
};

beforeAll(async () => {
  const made = await openDevelopmentPki(pki, { now: () => new Date() });
  trust = [
    createTrustSet('test', { certificates: [made.root], crls: [readCrl(made.authority.crl(new Date()))] }),
  ];
  writeFileSync(paper, await makePdf());
});
beforeEach(() => {
  said = { out: [], err: [] };
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('sign', () => {
  test.each(['B-B', 'B-T', 'B-LT', 'B-LTA'])(
    'at %s, with the bytes that were there in front',
    async (level) => {
      const out = join(folder, `${level}.pdf`);
      expect(await signCommand(['--development', pki, '--level', level, '--out', out, paper], output)).toBe(
        0,
      );
      expect(levelOf(out)).toEqual(['valid', level]);
      expect(readFileSync(out).subarray(0, readFileSync(paper).length)).toEqual(readFileSync(paper));
    },
  );

  test('with a mark, and beside the file when no name is given', async () => {
    const own = join(folder, 'own.pdf');
    copyFileSync(paper, own);
    const mark = ['--mark', 'agency-copy', '--value', 'form=SAO Y', '--value', 'agency=UBND xã An Bình'];
    expect(await signCommand(['--development', pki, ...mark, '--json', own], output)).toBe(0);
    expect(JSON.parse(said.out[0]!)).toEqual({
      file: own,
      result: join(folder, 'own.signed.pdf'),
      level: 'B-T',
      note: null,
    });
    expect(await signCommand(['--development', pki, own], output)).toBe(2);
    expect(said.err[0]).toContain('exists already');
  });

  test('keeps the signature at B-B and says so when no authority answers', async () => {
    const out = join(folder, 'late.pdf');
    const args = [
      '--development',
      pki,
      '--tsa',
      'http://127.0.0.1:9/',
      '--level',
      'B-T',
      '--out',
      out,
      paper,
    ];
    expect(await signCommand(args, output)).toBe(1);
    expect(said.err[0]).toMatch(/stands at B-B .*127\.0\.0\.1.*upgrade/);
    expect(levelOf(out)).toEqual(['valid', 'B-B']);
  });

  test.each<[string, string[], string]>([
    ['no key', [paper], 'Name one key'],
    ['no file', ['--development', pki], 'No file was given'],
    ['a level that is none', ['--development', pki, '--level', 'B-X', paper], '--level is one of'],
    ['a mark that is none', ['--development', pki, '--mark', 'star', paper], '--mark is one of'],
    ['an option that is none', ['--develop', pki, paper], "Unknown option '--develop'"],
    ['a folder without keys', ['--development', join(folder, 'none'), paper], 'no development authority'],
    ['a key file that is not there', ['--key', join(folder, 'none.p12'), paper], 'does not exist'],
  ])('%s is wrong usage', async (_, args, sentence) => {
    expect(await signCommand([...args, '--out', join(folder, 'never.pdf')], output)).toBe(2);
    expect(said.err[0]).toContain(sentence);
    expect(existsSync(join(folder, 'never.pdf'))).toBe(false);
  });

  test('a file that is no PDF is named, the others are signed', async () => {
    const [bad, good] = [join(folder, 'bad.pdf'), join(folder, 'good.pdf')];
    writeFileSync(bad, 'not a PDF');
    copyFileSync(paper, good);
    expect(await signCommand(['--development', pki, bad, good], output)).toBe(1);
    expect(said.err[0]).toContain(`${bad}: The PDF cannot be read strictly`);
    expect(levelOf(join(folder, 'good.signed.pdf'))).toEqual(['valid', 'B-T']);
  });

  (hasCommand('openssl') ? test : test.skip)(
    'with PKCS#12; a wrong passphrase and an expired certificate end it',
    async () => {
      const makeP12 = async (name: string, notAfter?: Date) => {
        const clock = { now: () => new Date() };
        const { intermediate, issue } = await createTestPki(clock);
        const { key, certificate } = await issue({ key: 'rsa-2048', notAfter });
        const path = join(folder, `${name}.p12`);
        writeFileSync(
          `${path}.pem`,
          `${key.export({ format: 'pem', type: 'pkcs8' })}${toPem(certificate)}${toPem(intermediate.certificate)}`,
        );
        execFileSync('openssl', [
          'pkcs12',
          '-export',
          '-in',
          `${path}.pem`,
          '-out',
          path,
          '-passout',
          'pass:đúng',
        ]);
        return path;
      };
      const good = await makeP12('good');
      process.env.SIGN_PASSPHRASE = 'đúng';
      expect(await signCommand(['--key', good, '--out', join(folder, 'p12.pdf'), paper], output)).toBe(0);
      process.env.SIGN_PASSPHRASE = 'sai';
      expect(await signCommand(['--key', good, '--out', join(folder, 'p12-2.pdf'), paper], output)).toBe(1);
      expect(said.err[0]).toBe('The password does not open the PKCS#12 file.');
      process.env.SIGN_PASSPHRASE = 'đúng';
      const expired = await makeP12('expired', new Date(Date.now() - 3_600_000));
      expect(await signCommand(['--key', expired, '--out', join(folder, 'p12-3.pdf'), paper], output)).toBe(
        1,
      );
      expect(said.err[1]).toContain("The signer's certificate is valid from");
      expect(existsSync(join(folder, 'p12-3.pdf'))).toBe(false);
      delete process.env.SIGN_PASSPHRASE;
    },
  );
});

describe('upgrade', () => {
  test('raises what was signed without a timestamp and says when to renew', async () => {
    const out = join(folder, 'raised.pdf');
    const signed = join(folder, 'B-B.pdf');
    expect(await upgradeCommand(['--development', pki, '--json', '--out', out, signed], output)).toBe(0);
    expect(JSON.parse(said.out[0]!)).toMatchObject({
      level: 'B-LTA',
      added: ['timestamp', 'validation-data', 'archive-timestamp'],
    });
    expect(levelOf(out)).toEqual(['valid', 'B-LTA']);
    expect(readFileSync(out).subarray(0, readFileSync(signed).length)).toEqual(readFileSync(signed));
  });

  test('adds nothing where nothing is missing, and names a file without signature', async () => {
    expect(
      await upgradeCommand(['--development', pki, '--level', 'B-T', join(folder, 'B-T.pdf')], output),
    ).toBe(0);
    expect(said.out[0]).toContain('nothing is missing for B-T');
    expect(await upgradeCommand(['--development', pki, paper], output)).toBe(1);
    expect(said.err[0]).toContain('no signature whose level could be raised');
    expect(await upgradeCommand([paper], output)).toBe(2);
    expect(said.err.join('\n')).toContain('--tsa URL');
  });
});

test('the agent shows a pairing code, answers its origins alone, and ends when told', async () => {
  let stop = (): void => undefined;
  const stopped = new Promise<void>((resolve) => {
    stop = resolve;
  });
  const running = agentCommand(
    ['--development', pki, '--as', 'officer', '--origin', 'https://kho.example.vn', '--port', '0'],
    output,
    stopped,
  );
  while (said.out.length < 3) await new Promise((resolve) => setTimeout(resolve, 10));
  const address = /http:\/\/127\.0\.0\.1:\d+/.exec(said.out[1]!)![0];
  const authorization = `Bearer ${said.out[2]!.split(': ')[1]}`;
  const ask = (origin: string) => fetch(`${address}/certificate`, { headers: { origin, authorization } });
  expect((await ask('https://kho.example.vn')).status).toBe(200);
  expect((await ask('https://evil.example')).status).toBe(403);
  stop();
  expect(await running).toBe(0);
  expect(await agentCommand(['--development', pki], output)).toBe(2);
});
