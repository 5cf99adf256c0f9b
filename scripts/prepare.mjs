// Makes a bare clone ready: installs what is missing, finds Node 24, builds what changed. Plain JavaScript without
// any package, for Node 20.19 and later, because it runs before anything is installed.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, 'node_modules');

/** A sentence for the person at the terminal; everything else is a fault of ours. */
export class Sentence extends Error {}

export const say = (line) => process.stderr.write(`${line}\n`);

/** Runs `work`; a Sentence is printed and ends with status 1. */
export async function mainly(work) {
  try {
    process.exitCode = (await work()) ?? 0;
  } catch (error) {
    if (!(error instanceof Sentence)) throw error;
    say(error.message);
    process.exitCode = 1;
  }
}

/** Installs where needed; returns the path of a Node 24 and the environment whose PATH has it first. */
export async function install() {
  refuseOldNode();
  if (!isInstalled()) await installPackages();
  const node = await findNode();
  const path = [dirname(node), join(modules, '.bin'), process.env.PATH ?? ''].join(delimiter);
  return { node, env: { ...process.env, PATH: path } };
}

/** Builds dist/ when a source differs from what it was built of. */
export async function build({ node, env }) {
  const stampFile = join(root, 'dist', '.sources');
  const stamp = hashOfSources();
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return;
  say('Building …');
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  const steps = [
    ['scripts/generate.mjs'],
    ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'],
    ['scripts/copy-assets.mjs'],
  ];
  for (const step of steps) {
    const { status, output } = await runQuietly(node, step, { env, title: 'building' });
    if (status !== 0) throw new Sentence(`${output}\nThe build failed at ${step[0]}; see above.`);
  }
  mkdirSync(join(root, 'dist'), { recursive: true });
  writeFileSync(stampFile, stamp);
}

/** Runs a program in front, hands it the signals meant for this one, and resolves with its status. */
export function runInFront(node, args, env) {
  return new Promise((settle) => {
    const child = spawn(node, args, { cwd: root, env, stdio: 'inherit' });
    const pass = (signal) => child.kill(signal);
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    for (const signal of signals) process.on(signal, pass);
    // npm may end on a signal without handing it on; what it started must not stay behind.
    const parent = process.ppid;
    const watching = setInterval(() => {
      if (process.env.npm_lifecycle_event !== undefined && process.ppid !== parent) pass('SIGTERM');
    }, 500);
    watching.unref();
    child.once('error', (error) => {
      say(`${args[0]} could not be started: ${error.message}`);
      settle(1);
    });
    child.once('exit', (status, signal) => {
      clearInterval(watching);
      for (const name of signals) process.off(name, pass);
      settle(status ?? (signal === 'SIGINT' ? 130 : 143));
    });
  });
}

function refuseOldNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new Sentence(
    `This is Node ${process.versions.node}; Một Lần starts with Node 20.19 or later (nodejs.org) and brings Node 24 itself.`,
  );
}

/** Whether every package of the lock file that this machine needs is there in its version. */
function isInstalled() {
  // A linked folder belongs to somebody else, who keeps it complete.
  if (existsSync(modules) && lstatSync(modules).isSymbolicLink()) return true;
  const note = join(modules, '.package-lock.json');
  if (!existsSync(note)) return false;
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const present = JSON.parse(readFileSync(note, 'utf8')).packages;
  return Object.entries(wanted).every(
    ([path, { version, optional }]) =>
      path === '' || (present[path] === undefined ? optional === true : present[path].version === version),
  );
}

async function installPackages() {
  say('Installing packages; this takes a minute or two the first time …');
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--progress=false', '--loglevel=error'];
  const { status, output } = await runNpm(args, 'installing');
  if (status !== 0) {
    throw new Sentence(
      `${output}\nInstalling failed (npm ci). Check that the package registry can be reached and start again.`,
    );
  }
}

/** npm as it was started, or as it is found. */
function runNpm(args, title) {
  const script = process.env.npm_execpath;
  return script !== undefined && /npm-cli\.c?js$/.test(script) && existsSync(script)
    ? runQuietly(process.execPath, [script, ...args], { env: process.env, title })
    : runQuietly('npm', args, { env: process.env, title });
}

const newEnough = (node) => {
  const { status, stdout } = spawnSync(node, ['--version'], { encoding: 'utf8' });
  return status === 0 && Number(/^v(\d+)/.exec(stdout)?.[1]) >= 24;
};

async function findNode() {
  const packed = join(modules, 'node', 'bin', 'node');
  if (existsSync(packed) && newEnough(packed)) return packed;
  if (newEnough(process.execPath)) return process.execPath;
  // The package fetches its program in an install script, which a cautious npm leaves out.
  await runNpm(['rebuild', 'node', '--ignore-scripts=false', '--foreground-scripts'], 'fetching Node 24');
  const arch = join(modules, `node-bin-${process.platform}-${process.arch}`, 'bin', 'node');
  for (const node of [packed, arch]) if (existsSync(node) && newEnough(node)) return node;
  throw new Sentence(
    'Node 24 is missing: the npm package "node" could not fetch it for this machine. Install Node 24 from nodejs.org ' +
      'and start again.',
  );
}

/** Runs a program, keeps its output for the case that it fails, and says every ten seconds that it still runs. */
function runQuietly(program, args, { env, title }) {
  return new Promise((settle) => {
    const began = Date.now();
    const child = spawn(program, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const keep = (chunk) => {
      output = (output + chunk).slice(-20_000);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const ticking = setInterval(
      () => say(`  … still ${title} (${Math.round((Date.now() - began) / 1000)} s)`),
      10_000,
    );
    const end = (status) => {
      clearInterval(ticking);
      settle({ status, output });
    };
    child.once('error', (error) => {
      output += error.message;
      end(1);
    });
    child.once('close', end);
  });
}

const SOURCES = ['src', 'storage', 'scripts', 'prisma/schema', 'prisma/migrations'];
const SINGLE_SOURCES = ['package-lock.json', 'tsconfig.json', 'tsconfig.build.json'];

function hashOfSources() {
  const hash = createHash('sha256');
  const add = (path) =>
    hash
      .update(path)
      .update('\0')
      .update(readFileSync(join(root, path)));
  const walk = (folder) => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true }).sort(byName)) {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) walk(path);
      else add(path);
    }
  };
  for (const folder of SOURCES) walk(folder);
  for (const file of SINGLE_SOURCES) add(file);
  return hash.digest('hex');
}

const byName = (a, b) => (a.name < b.name ? -1 : 1);
