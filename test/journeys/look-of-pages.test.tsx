/** Every page in every state in a real browser: colours, sizes, widths, focus, without scripts. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { DesignPage } from '../../src/web/design-page.tsx';
import {
  axeFindings,
  launchBrowser,
  openPage,
  picture,
  sidewaysScroll,
  type View,
} from '../support/browser.ts';
import { serveExamples } from '../support/example-server.ts';
import { examples } from '../support/examples.tsx';
import { frameIn } from '../support/frames.ts';

const pages = [...examples('vi'), { name: 'design', page: <DesignPage frame={frameIn('vi')} /> }];
let browser: Browser;
let server: Awaited<ReturnType<typeof serveExamples>>;

beforeAll(async () => {
  browser = await launchBrowser();
  server = await serveExamples(pages);
});
afterAll(async () => {
  await browser.close();
  await server[Symbol.asyncDispose]();
});

const views: readonly View[] = [
  { width: 360, dark: false },
  { width: 360, dark: true },
  { width: 1280, dark: false },
  { width: 1280, dark: true },
];

describe.each(views)('at $width px, dark: $dark', (view) => {
  let page: Page;
  const refused: string[] = [];
  beforeAll(async () => {
    page = await openPage(browser, { ...view, baseURL: server.url });
    page.on('console', (message) => {
      if (/Content Security Policy/.test(message.text())) refused.push(message.text());
    });
  });
  afterAll(() => page.context().close());

  test.each(pages.map(({ name }) => name))('%s', async (name) => {
    await page.goto(`/${name}`);
    await picture(page, `${name}-${view.width}${view.dark ? '-dark' : ''}`);
    expect(await axeFindings(page)).toEqual([]);
    expect(await sidewaysScroll(page)).toBeLessThanOrEqual(0);
    expect(refused).toEqual([]);
  });
});

test('no page scrolls sideways at 320 px, with the text spacing of WCAG 1.4.12', async () => {
  const page = await openPage(browser, { width: 320, baseURL: server.url });
  const wide: string[] = [];
  for (const { name } of pages) {
    await page.goto(`/${name}`);
    const plain = await sidewaysScroll(page);
    await page.evaluate(() => {
      for (const element of document.querySelectorAll<HTMLElement>('*')) {
        element.style.lineHeight = '1.5';
        element.style.letterSpacing = '0.12em';
        element.style.wordSpacing = '0.16em';
      }
    });
    const spaced = await sidewaysScroll(page);
    if (plain > 0 || spaced > 0) wide.push(`${name}: ${plain}, spaced ${spaced}`);
  }
  await page.context().close();
  expect(wide).toEqual([]);
});

test('the faults of a form take the focus without scripts, and their links lead to the fields', async () => {
  const page = await openPage(browser, { width: 360, scripts: false, baseURL: server.url });
  await page.goto('/sign-in-fault');
  const summary = page.getByRole('alert');
  await expect(summary.evaluate((element) => element === document.activeElement)).resolves.toBe(true);
  await summary.getByRole('link').first().click();
  const field = page.getByLabel('Số định danh cá nhân');
  await expect(field.evaluate((element) => element === document.activeElement)).resolves.toBe(true);
  await expect(field.inputValue()).resolves.toBe('031482097');
  await page.context().close();
});

test('a consent is given by keyboard alone, without scripts', async () => {
  const page = await openPage(browser, { width: 1280, scripts: false, baseURL: server.url });
  await page.goto('/consent');
  await page.keyboard.press('Tab');
  await expect(page.evaluate(() => document.activeElement?.textContent)).resolves.toBe('Đến nội dung chính');
  const answers = page.getByRole('radio');
  await expect(answers.count()).resolves.toBe(6);
  for (let pressed = 0; pressed < 30; pressed += 1) {
    await page.keyboard.press('Tab');
    if (await page.evaluate(() => (document.activeElement as HTMLInputElement).type === 'radio')) break;
  }
  await page.keyboard.press('Space');
  await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowDown');
  const chosen = await page
    .getByRole('radio', { checked: true })
    .evaluateAll((inputs) =>
      inputs.map((input) => (input as HTMLInputElement).name + (input as HTMLInputElement).value),
    );
  expect(chosen).toHaveLength(2);
  expect(new Set(chosen.map((choice) => choice.replace(/allow|refuse/, ''))).size).toBe(2);
  await page.context().close();
});

test('targets are at least 44 px high for citizens: buttons, tiles, folded parts', async () => {
  const page = await openPage(browser, { width: 360, baseURL: server.url });
  const small: string[] = [];
  for (const { name } of pages.filter(
    (example) => !/desk|compare|batch|statistics|conversion/.test(example.name),
  )) {
    await page.goto(`/${name}`);
    const found = await page
      .locator('main .button, main .tile, main summary, main input:not([type=hidden]):not(.tile input)')
      .evaluateAll((elements) =>
        elements
          .map((element) => ({ text: element.textContent, height: element.getBoundingClientRect().height }))
          .filter(({ height }) => height > 0 && height < 44),
      );
    small.push(...found.map(({ text, height }) => `${name}: ${text} ${height}`));
  }
  await page.context().close();
  expect(small).toEqual([]);
});
