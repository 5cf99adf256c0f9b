/** The pages on which a person answers a system, and on which a demonstration's user is chosen. */
import { describe, expect, test } from '@jest/globals';
import { AccessConsentPage } from '../../src/identity/access-consent-page.tsx';
import { DEMO_PEOPLE } from '../../src/identity/demo-people.ts';
import { DevelopmentIssuerPage } from '../../src/identity/development-issuer-page.tsx';
import { languages } from '../../src/web/index.ts';
import { frameIn } from '../support/frames.ts';
import { brokenReferences, open, violations, weight } from '../support/page.ts';

describe.each(languages)('in %s', (language) => {
  const asked = {
    frame: frameIn(language),
    action: '/cho-phep/abcdefghijklmnop',
    agency: 'Ủy ban nhân dân xã Thanh Bình',
    system: 'Hệ thống <một cửa>',
    purpose: 'Đăng ký kết hôn',
    procedure: 'Đăng ký kết hôn',
    dossier: 'H24.991-261124-0001',
    items: [
      { key: '0:a', datatype: 'a', label: 'Giấy khai sinh' },
      { key: '0:b', datatype: 'b', label: 'Giấy xác nhận tình trạng hôn nhân' },
    ],
    mayAllow: true,
  };
  const consent = <AccessConsentPage {...asked} />;
  const issuer = (
    <DevelopmentIssuerPage frame={frameIn(language)} action="/dinh-danh-thu/chon/x" accounts={DEMO_PEOPLE} />
  );

  test.each([
    ['consent', consent],
    ['consent with a fault', <AccessConsentPage key="fault" {...asked} nothingTicked />],
    ['issuer', issuer],
  ])('%s: axe finds nothing, references hold, no script, light enough', async (_name, page) => {
    expect(await violations(page)).toEqual([]);
    const { document, html } = open(page);
    expect(brokenReferences(document)).toEqual([]);
    expect(document.querySelectorAll('script, [style], style, [onclick]')).toHaveLength(0);
    expect(weight(html)).toBeLessThanOrEqual(50_000);
  });

  test('nothing is ticked beforehand, and names of systems are text', () => {
    const { document, html } = open(consent);
    const boxes = [...document.querySelectorAll<HTMLInputElement>('input[type=checkbox]')];
    expect(boxes).toHaveLength(2);
    expect(boxes.some((box) => box.checked)).toBe(false);
    expect(html).not.toContain('<một cửa>');
  });

  test('an account of level 1 is offered the refusal only', () => {
    const { document } = open(<AccessConsentPage {...asked} mayAllow={false} />);
    const values = [...document.querySelectorAll('main button')].map((button) =>
      button.getAttribute('value'),
    );
    expect(values).toEqual(['tu-choi']);
  });

  test('everyone can be chosen with one press', () => {
    const { document } = open(issuer);
    const subjects = [...document.querySelectorAll('button[name=subject]')].map((b) =>
      b.getAttribute('value'),
    );
    expect(new Set(subjects)).toEqual(new Set(DEMO_PEOPLE.map(({ subject }) => subject)));
  });
});
