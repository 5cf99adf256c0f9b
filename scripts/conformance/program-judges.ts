/** Judges that start once for all files: BouncyCastle with PDFBox, EU DSS, veraPDF (Java) and pyHanko (Python). */
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder, hasProgram, type Judge, manifestLine, readAnswers, run } from './judge.ts';
import type { Made, Output } from './outputs.ts';

const here = dirname(fileURLToPath(import.meta.url));
export const judgesFolder = join(here.replace(/([/\\])dist[/\\]/, '$1'), 'judges');
/** Jars of Debian's libpdfbox2-java and libbcpkix-java. */
export const debianJars = ['pdfbox2', 'fontbox2', 'bcprov', 'bcpkix', 'bcutil', 'commons-logging'].map(
  (name) => `/usr/share/java/${name}.jar`,
);
const signed = ({ signatures }: Output): boolean => signatures > 0;

export const bouncyCastle: Judge = {
  name: 'BouncyCastle with PDFBox',
  missing: () =>
    javaMissing() ??
    (debianJars.every((jar) => existsSync(jar))
      ? undefined
      : 'its jars are not installed (Debian: libpdfbox2-java libbcpkix-java)'),
  concerns: signed,
  judge: (outputs, made) => askJava('BouncyJudge', debianJars, { outputs, made }),
};

export const dss: Judge = {
  name: 'EU DSS',
  missing: () => javaMissing() ?? cacheMissing('dss'),
  concerns: signed,
  judge: (outputs, made) => askJava('DssJudge', cachedJars('dss'), { outputs, made }),
};

export const veraPdf: Judge = {
  name: 'veraPDF',
  missing: () => javaMissing() ?? cacheMissing('verapdf'),
  concerns: ({ pdfa }) => pdfa !== undefined,
  judge: (outputs, made) => askJava('VeraPdfJudge', cachedJars('verapdf'), { outputs, made }),
};

export const python = join(cacheFolder, 'pyhanko', 'bin', 'python');

export const pyhanko: Judge = {
  name: 'pyHanko',
  missing: () => (existsSync(python) ? undefined : cacheMissing('pyhanko')),
  concerns: signed,
  judge: async (outputs, made) => {
    const program = join(judgesFolder, 'pyhanko_judge.py');
    return readAnswers(
      outputs,
      await run(python, [program, ...inputs('pyhanko', outputs, made)], { seconds: 300 }),
    );
  },
};

const javaMissing = (): string | undefined =>
  hasProgram('java') && hasProgram('javac') ? undefined : 'no Java development kit is installed';

const cacheMissing = (name: string): string | undefined =>
  existsSync(join(cacheFolder, name, name === 'pyhanko' ? 'bin/python' : 'complete'))
    ? undefined
    : 'it is not in the cache; scripts/conformance/install.sh fetches it where registries can be reached';

export const cachedJars = (name: string): string[] =>
  readdirSync(join(cacheFolder, name))
    .filter((file) => file.endsWith('.jar'))
    .map((file) => join(cacheFolder, name, file));

/** Runs a single-file Java program on a class path. */
async function askJava(
  program: string,
  jars: readonly string[],
  about: { readonly outputs: readonly Output[]; readonly made: Made },
): Promise<ReadonlyMap<string, string>> {
  const { outputs, made } = about;
  const source = join(judgesFolder, 'java', `${program}.java`);
  const args = ['-Dfile.encoding=UTF-8', '-Dstdout.encoding=UTF-8', '-cp', jars.join(delimiter), source];
  return readAnswers(
    outputs,
    await run('java', [...args, ...inputs(program, outputs, made)], { seconds: 300 }),
  );
}

function inputs(name: string, outputs: readonly Output[], made: Made): string[] {
  const folder = dirname(made.rootFile);
  const manifest = join(folder, `${name}.tsv`);
  writeFileSync(manifest, outputs.map((output) => `${manifestLine(output)}\n`).join(''));
  return [manifest, made.rootFile, folder];
}
