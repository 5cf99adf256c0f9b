/** Dossiers: recorded, deposited whole, listed, taken out as one archive that proves itself. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  type Answer,
  type Caller,
  COMPANY,
  createWholeVault,
  form,
  LAN,
  landCertificate,
  pdfWith,
  type WholeVault,
} from '../support/whole-vault.ts';

const AGENCY = 'H24.991';
const PROCEDURE = '1.004222';
let site: WholeVault;
let system: Caller;
let other: Caller;
let desk: Caller;

beforeAll(async () => {
  site = await createWholeVault();
  const scopes = ['documents:deposit', 'documents:status', 'dossiers:write'] as const;
  system = await site.system('tthc-h24', scopes);
  other = await site.system('tthc-h17', scopes);
  desk = await site.person('mot-cua');
});
afterAll(async () => {
  await site?.[Symbol.asyncDispose]();
});

const base = `/api/v1/agencies/${AGENCY}/dossiers`;
const facts = (more: object = {}) => ({
  procedure: PROCEDURE,
  owner: LAN,
  state: 'finished',
  receivedAt: '2026-11-24T08:00:00+07:00',
  ...more,
});
const { agency: _, ...land } = landCertificate();
const paper = (file: string, more: object = {}) => ({
  ...land,
  files: [file],
  group: 'component',
  component: 'legal-residence',
  ...more,
});
const result = (code: string, file: string, more: object = {}) =>
  paper(file, { group: 'result', component: null, resultCode: code, ...more });

async function depositWhole(
  code: string,
  papers: readonly object[],
  who = system,
  more: object = {},
): Promise<Answer> {
  const names = [...new Set(papers.flatMap((each) => (each as { files: string[] }).files))];
  const files = await Promise.all(
    names.map(async (field) => ({ field, bytes: await pdfWith(`${code} ${field}`) })),
  );
  return who.send('POST', `${base}/${code}/deposit`, form({ dossier: facts({ papers, ...more }) }, files));
}
const stored = async (): Promise<number | undefined> =>
  (await site.database.read<{ n: number }>('SELECT count(*)::int AS n FROM stored_object'))[0]?.n;

describe('a whole dossier', () => {
  const code = 'H24.991-261124-0101';

  test('goes in at once: component, processing paper, result', async () => {
    const done = await depositWhole(code, [
      paper('a'),
      paper('b', { group: 'processing', component: null }),
      result(`${code}-KQ1`, 'c'),
    ]);
    expect(done).toMatchObject({ status: 201, body: { dossier: { code, state: 'finished' } } });
    expect(done.body.papers).toHaveLength(3);
    const shown = await system.send('GET', `${base}/${code}`);
    expect(shown.body.papers.map(({ group }: { group: string }) => group).sort()).toEqual([
      'component',
      'processing',
      'result',
    ]);
    expect(shown.body.papers.find(({ group }: { group: string }) => group === 'result').resultCode).toBe(
      `${code}-KQ1`,
    );
  });

  test('gives one result for a repeated key, and nothing at all where one paper is wrong', async () => {
    const repeated = 'H24.991-261124-0102';
    const send = async () => {
      const body = form({ dossier: facts({ papers: [paper('a')] }) }, [
        { field: 'a', bytes: await pdfWith('the same') },
      ]);
      const response = await system.raw('POST', `${base}/${repeated}/deposit`, {
        body,
        headers: { 'Idempotency-Key': 'whole-dossier-1' },
      });
      return (await response.json()) as { papers: { documentId: string }[] };
    };
    const [first, second] = [await send(), await send()];
    expect(second).toEqual(first);

    const before = [
      await stored(),
      await site.count('document.deposited'),
      await site.count('dossier.recorded'),
    ];
    const bad = 'H24.991-261124-0103';
    const wrong = await depositWhole(bad, [
      paper('a'),
      paper('b', { component: 'no-such-component' }),
      result(`${code}-KQ2`, 'c'),
      result('KQ', 'd'),
      paper('e', { type: 'LOCAL.NOTHING' }),
      paper('f', { metadata: {} }),
    ]);
    expect(wrong.status).toBe(422);
    const pointers = wrong.body.errors.map(({ pointer }: { pointer: string }) => pointer);
    expect(pointers).toEqual(
      expect.arrayContaining([
        '/body/papers/1/component',
        '/body/papers/2/resultCode',
        '/body/papers/3/resultCode',
        '/body/papers/4/type',
        '/body/papers/5/metadata/landAddress',
      ]),
    );
    expect(pointers.filter((pointer: string) => pointer.startsWith('/body/papers/0'))).toEqual([]);
    expect(await depositWhole(bad, [paper('a'), paper('a')])).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/body/papers/1/files/0' }] },
    });
    // The second of two papers fails in the last transaction: the first is gone with it.
    const taken = await depositWhole(bad, [paper('a'), result(`${code}-KQ1`, 'b')]);
    expect(taken.status).toBe(422);
    const twice = await depositWhole(bad, [result(`${bad}-KQ1`, 'a'), result(`${bad}-KQ1`, 'b')]);
    expect(twice).toMatchObject({ status: 409, body: { type: 'urn:mot-lan:problem:result-code-taken' } });
    expect([
      await stored(),
      await site.count('document.deposited'),
      await site.count('dossier.recorded'),
    ]).toEqual(before);
    expect((await system.send('GET', `${base}/${bad}`)).status).toBe(404);
  });

  test('belongs to an organisation as well', async () => {
    const own = 'H24.991-261124-0104';
    const done = await depositWhole(own, [paper('a', { owners: [COMPANY] })], system, { owner: COMPANY });
    expect(done).toMatchObject({ status: 201, body: { dossier: { owner: { kind: 'organisation' } } } });
  });

  test('is nobody else’s to deposit, see or take out', async () => {
    const denials = await site.count('access.denied');
    for (const who of [other, await site.person('mot-cua-2')]) {
      expect((await depositWhole('H24.991-261124-0105', [paper('a')], who)).status).toBe(404);
      for (const place of ['', '/archive']) {
        const known = await who.send('GET', `${base}/${code}${place}`);
        const guessed = await who.send('GET', `${base}/H24.991-261124-9999${place}`);
        expect(known).toMatchObject({ status: 404, body: { detail: guessed.body.detail } });
      }
      expect((await who.send('GET', base)).status).toBe(404);
    }
    expect(await site.count('access.denied')).toBe(denials + 12);
    // Overseers and managers see no contents; the post office handles what is at its counter.
    for (const subject of ['lanh-dao', 'thanh-tra', 'van-hanh', 'buu-dien', 'lan'])
      expect((await (await site.person(subject)).send('GET', `${base}/${code}/archive`)).status).toBe(403);
  });

  test('comes out as one archive whose manifest proves each file', async () => {
    const before = await site.count('document.read');
    const response = await desk.raw('GET', `${base}/${code}/archive`);
    expect(response.status).toBe(200);
    const bytes = Buffer.from(await response.arrayBuffer());
    expect(bytes.length).toBe(Number(response.headers.get('content-length')));
    const files = unzip(bytes);
    const manifest = JSON.parse(files.get('manifest.json')?.toString() ?? '');
    expect(manifest).toMatchObject({ format: 'mot-lan-dossier/1', dossier: { code } });
    expect(manifest.event).toBe(response.headers.get('x-ledger-event'));
    const listed = manifest.papers.flatMap(
      (each: { files: { path: string; sha256: string }[] }) => each.files,
    );
    expect(listed).toHaveLength(6);
    for (const { path, sha256, bytes: size } of listed) {
      expect(
        createHash('sha256')
          .update(files.get(path) as Buffer)
          .digest('hex'),
      ).toBe(sha256);
      expect(files.get(path)?.length).toBe(size);
    }
    expect([...files.keys()].sort()).toEqual(
      ['manifest.json', ...listed.map(({ path }: { path: string }) => path)].sort(),
    );
    expect(bytes.toString('latin1')).not.toMatch(/000190000017/);
    expect(await site.count('document.read')).toBe(before + 3);
    const usage = await (await site.person('lan')).send('GET', '/api/v1/me/usages');
    expect(JSON.stringify(usage.body)).toContain('dossier.exported');
  });

  test('goes on without the paper that was erased, and says so', async () => {
    const erased = 'H24.991-261124-0106';
    const done = await depositWhole(erased, [
      paper('a'),
      paper('b', { group: 'processing', component: null }),
    ]);
    const documentId = done.body.papers[0].documentId;
    const wish = { basis: 'deposited-by-mistake', decisionNumber: '3/QĐ', decisionDate: '2026-11-24' };
    const ordered = await (await site.person('thanh-tra')).send(
      'POST',
      `/api/v1/documents/${documentId}/erasures`,
      wish,
    );
    const decision = `/api/v1/erasures/${ordered.body.id}/decision`;
    await (await site.person('chu-tich')).send('POST', decision, { decision: 'erase' });
    const response = await desk.raw('GET', `${base}/${erased}/archive`);
    const manifest = JSON.parse(
      unzip(Buffer.from(await response.arrayBuffer()))
        .get('manifest.json')
        ?.toString() ?? '',
    );
    const gone = manifest.papers.find(
      (each: { document: { id: string } }) => each.document.id === documentId,
    );
    expect(gone).toMatchObject({
      erased: true,
      files: [],
      owners: [],
      document: { metadata: {}, symbol: null },
    });
  });
});

test('dossiers are listed a page at a time, in order, without gaps', async () => {
  for (let n = 1; n <= 5; n += 1) {
    const receivedAt = `2026-10-0${n}T08:00:00+07:00`;
    const body = facts({ state: 'received', receivedAt });
    expect((await system.send('PUT', `${base}/H24.991-26100${n}-0001`, body)).status).toBe(200);
  }
  const seen: string[] = [];
  let after = '';
  for (let pages = 0; pages < 10; pages += 1) {
    const page = await desk.send('GET', `${base}?state=received&limit=2${after}`);
    expect(page.status).toBe(200);
    seen.push(...page.body.dossiers.map((each: { code: string }) => each.code));
    if (page.body.next === null) break;
    after = `&after=${page.body.next}`;
  }
  expect(seen).toEqual([5, 4, 3, 2, 1].map((n) => `H24.991-26100${n}-0001`));
  expect((await desk.send('GET', `${base}?procedure=9.999999`)).body.dossiers).toEqual([]);
});

test('saying the same of a dossier again changes nothing; saying it of another is a conflict', async () => {
  const path = `${base}/H24.991-261124-0200`;
  const first = await system.send('PUT', path, facts({ state: 'received' }));
  const again = await system.send('PUT', path, facts({ state: 'received' }));
  expect(again.headers.get('etag')).toBe(first.headers.get('etag'));
  const owner = { personalNumber: '000085000024', fullName: 'Trần Văn Hùng', birthDate: '1985-01-20' };
  expect(await system.send('PUT', path, facts({ owner }))).toMatchObject({ status: 409 });
  expect(await system.send('PUT', `${base}/H24.991-2611-1`, facts())).toMatchObject({ status: 422 });
  expect(await system.send('PUT', path, facts({ procedure: '1.999999' }))).toMatchObject({ status: 422 });
});

/** Stored files by their local headers; knows nothing of the writer. */
function unzip(bytes: Buffer): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  for (let at = 0; bytes.readUInt32LE(at) === 0x04034b50; ) {
    const [size, length] = [bytes.readUInt32LE(at + 22), bytes.readUInt16LE(at + 26)];
    const start = at + 30 + length + bytes.readUInt16LE(at + 28);
    files.set(bytes.subarray(at + 30, at + 30 + length).toString(), bytes.subarray(start, start + size));
    at = start + size;
  }
  return files;
}
