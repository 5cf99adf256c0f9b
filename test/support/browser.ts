/**
 * A real browser for the journeys: Chromium of the system where there is one, otherwise the one that comes from npm,
 * made to run without a system's libraries. Pages are opened by size, colour scheme and with or without scripts.
 */
import { existsSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import axe from 'axe-core';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const systemBrowsers = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Root has no sandbox of its own; the pages are ours. */
const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];

/** Launches a browser; close it with `await browser.close()`. `CHROMIUM_PATH` names another one, or `npm`. */
export async function launchBrowser(): Promise<Browser> {
  const path = process.env.CHROMIUM_PATH ?? systemBrowsers.find((candidate) => existsSync(candidate));
  if (path !== undefined && path !== 'npm') return chromium.launch({ executablePath: path, args: sandbox });
  return launchBundled();
}

/** The npm build is made for one kind of cloud machine: its flags for a single process make it crash elsewhere. */
async function launchBundled(): Promise<Browser> {
  const { default: bundled, inflate } = await import('@sparticuz/chromium');
  const folder = join(tmpdir(), 'mot-lan-chromium');
  mkdirSync(folder, { recursive: true });
  const before = process.env.TMPDIR;
  process.env.TMPDIR = folder;
  try {
    const executablePath = await bundled.executablePath();
    const packed = join(dirname(fileURLToPath(import.meta.resolve('@sparticuz/chromium'))), '..', 'bin');
    const libraries = join(await inflate(join(packed, 'al2023.tar.br')), 'lib');
    const env = {
      ...process.env,
      TMPDIR: tmpdir(),
      LD_LIBRARY_PATH: libraries,
      FONTCONFIG_PATH: join(folder, 'fonts'),
    };
    const dropped = [
      '--single-process',
      '--no-zygote',
      '--headless',
      '--disable-web-security',
      '--no-sandbox',
    ];
    const args = bundled.args.filter((flag) => !dropped.some((start) => flag.startsWith(start)));
    return await chromium.launch({ executablePath, args: [...args, ...sandbox], env });
  } finally {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
  }
}

export interface View {
  /** 360 a cheap phone, 1280 a counter PC, 320 a page enlarged to 400 %. */
  readonly width: 320 | 360 | 768 | 1280;
  readonly dark?: boolean;
  /** Default true. Every task has to work without. */
  readonly scripts?: boolean;
  readonly baseURL?: string;
}

/** A new page in a context of its own: no cookies, no cache shared with another. */
export function openPage(browser: Browser, view: View): Promise<Page> {
  const options: BrowserContextOptions = {
    viewport: { width: view.width, height: view.width < 768 ? 740 : 900 },
    colorScheme: view.dark ? 'dark' : 'light',
    javaScriptEnabled: view.scripts ?? true,
    locale: 'vi-VN',
    timezoneId: 'Asia/Ho_Chi_Minh',
    baseURL: view.baseURL,
  };
  return browser.newPage(options);
}

/** What axe finds in the page as it stands, colours too; one line each. Needs a page with scripts. */
export async function axeFindings(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const { violations } = await (globalThis as unknown as { axe: typeof axe }).axe.run(document);
    return violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 120)).join(' | ')}`,
    );
  });
}

/** Pixels by which the page is wider than its window. */
export const sidewaysScroll = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);

/** Writes a picture of the whole page for people to look at, into `SCREENSHOT_DIR` or `.vault/screenshots`. */
export async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.SCREENSHOT_DIR ?? join('.vault', 'screenshots');
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}
