import { describe, expect, test } from '@jest/globals';
import { languages } from '../../src/web/index.ts';
import { examples } from '../support/examples.tsx';
import { brokenReferences, open, violations, weight } from '../support/page.ts';

test.each(examples('vi'))('$name: axe finds nothing', async ({ page }) => {
  expect(await violations(page)).toEqual([]);
});

describe.each(languages)('pages in %s', (language) => {
  const pages = examples(language);

  test.each(pages)(
    '$name: light, needs no script, refers to nothing outside, disables nothing, carries its token',
    ({ page }) => {
      const { html, document } = open(page);
      expect(weight(html)).toBeLessThanOrEqual(50_000);
      expect(document.querySelectorAll('script, [style], style')).toHaveLength(0);
      expect(html).not.toMatch(/(?:src|href|action)="(?:https?:)?\/\//);
      expect(brokenReferences(document)).toEqual([]);
      expect(document.querySelectorAll('h1')).toHaveLength(1);
      expect(document.querySelectorAll('.ink-block').length).toBeLessThanOrEqual(1);
      expect(document.querySelectorAll('[disabled], [placeholder]')).toHaveLength(0);
      for (const form of document.querySelectorAll('form[method="post"]')) {
        expect(form.querySelector('input[name="_csrf"]')?.getAttribute('value')).toBe('token-of-the-test');
      }
    },
  );

  test('no page shows a whole personal number or puts one in an address', () => {
    for (const { page } of pages) expect(open(page).html).not.toMatch(/\b000\d{9}\b/);
  });
});

test('what a visitor typed is shown as text, never as markup', () => {
  const search = examples('vi').find(({ name }) => name === 'home-search');
  const { document, html } = open((search as NonNullable<typeof search>).page);
  expect(document.querySelector('main b')).toBeNull();
  expect(html).toContain('&lt;b>hon');
});

test('consent is never chosen beforehand, and no button allows everything', () => {
  const page = examples('vi').find(({ name }) => name === 'consent');
  const { document } = open((page as NonNullable<typeof page>).page);
  expect(document.querySelectorAll('[type="radio"]')).toHaveLength(6);
  expect(document.querySelectorAll('[checked]')).toHaveLength(0);
  expect(document.body.textContent).not.toMatch(/tất cả/i);
});

test('green is only for a result wholly proven', () => {
  for (const { name, page } of examples('vi').filter((example) => example.name.startsWith('verify-'))) {
    const green = open(page).document.querySelectorAll('.verdict.ok').length;
    expect(`${name} ${green}`).toBe(`${name} ${name === 'verify-valid' ? 1 : 0}`);
  }
});
