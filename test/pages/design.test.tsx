import { describe, expect, test } from '@jest/globals';
import { DesignPage } from '../../src/web/design-page.tsx';
import { languages, shared, stylesheet } from '../../src/web/index.ts';
import { frameIn } from '../support/frames.ts';
import { brokenReferences, open, violations } from '../support/page.ts';

describe.each(languages)('the gallery of components in %s', (language) => {
  const page = <DesignPage frame={frameIn(language)} />;

  test('axe finds nothing', async () => {
    expect(await violations(page)).toEqual([]);
  });

  test('needs no script, no inline style, no outside request', () => {
    const { document, html } = open(page);
    expect(document.querySelectorAll('script, [style], style, [onclick]')).toHaveLength(0);
    expect(html).not.toMatch(/(?:src|href)="https?:/);
  });

  test('every reference inside the page has its target', () => {
    expect(brokenReferences(open(page).document)).toEqual([]);
  });

  test('says which language it is in and offers the other', () => {
    const { document } = open(page);
    expect(document.documentElement.lang).toBe(language);
    const other = [...document.querySelectorAll('footer a')].find(
      (link) => link.textContent === shared[language].otherLanguage,
    );
    expect(other?.getAttribute('href')).toMatch(/[?&]lang=(vi|en)$/);
  });
});

test('the error summary comes first in main and takes the focus without a script', () => {
  const { document } = open(<DesignPage frame={frameIn('vi')} />);
  const first = document.querySelector('main')?.firstElementChild;
  expect(first?.hasAttribute('autofocus')).toBe(true);
  expect(first?.textContent).toContain('Có 1 chỗ cần sửa');
  expect(document.title).toMatch(/^Lỗi: /);
});

test('nothing is chosen where nobody chose', () => {
  const { document } = open(<DesignPage frame={frameIn('vi')} />);
  expect(document.querySelectorAll('[name="tra-loi"][checked]')).toHaveLength(0);
});

test('the stylesheet is named by its bytes and stays small', () => {
  expect(stylesheet.path).toMatch(/^\/assets\/mot-lan\.[0-9a-f]{16}\.css$/);
  expect(Buffer.byteLength(stylesheet.body)).toBeLessThanOrEqual(24_000);
  expect(stylesheet.body).not.toMatch(/url\(|@import|!important/);
});

test('the tests would see a field without a label', async () => {
  const bad = (
    <html lang="vi">
      <title>Thử</title>
      <main>
        <h1>Thử</h1>
        <input type="text" name="khong-nhan" />
      </main>
    </html>
  );
  expect((await violations(bad)).join()).toMatch(/^label/);
});
