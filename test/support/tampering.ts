/**
 * Attacks on a signed file, made by code: each takes the signed bytes of `signed-pdf.ts` and returns what an attacker
 * would hand out. The verdict is the one the verifier must come to; none may ever be a valid one.
 */
import type { Verdict } from '../../src/verification/index.ts';
import { appendRevision, lastStartxref, streamBody } from './pdf-builder.ts';
import { bodies, DOC } from './signed-pdf.ts';

export interface Tampering {
  readonly name: string;
  readonly verdict: Verdict;
  tamper(signed: Buffer): Buffer;
}

type Objects = Parameters<typeof appendRevision>[1];

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');

/** An incremental update with these objects. */
function update(name: string, objects: Objects, verdict: Verdict = 'modified-after-signing'): Tampering {
  return { name, verdict, tamper: (signed) => appendRevision(signed, objects) };
}

function edit(name: string, verdict: Verdict, change: (text: string, signed: Buffer) => string): Tampering {
  return { name, verdict, tamper: (signed) => latin1(change(signed.toString('latin1'), signed)) };
}

const SIGNED_FORM = (fields: string, extra = '/SigFlags 3') => bodies.form(fields, extra);
const page1 = (annots: string, extra = '') => bodies.page1(annots, extra);
const OVERLAY = streamBody(
  '/Type /XObject /Subtype /Form /BBox [0 0 595 842]',
  '1 g 0 0 595 842 re f BT (Pay 900) Tj ET',
);
const widget = (type: string, rect: string, extra = '') =>
  `<< /Type /Annot /Subtype /Widget /FT /${type} /T (New) /Rect [${rect}] /F 4 /P 3 0 R ${extra} >>`;

/** Shadow attacks (replace, hide, hide and replace), overlays, pages, form, fonts, structure. */
const updates: readonly Tampering[] = [
  update('content replaced', [{ num: DOC.content1, body: streamBody('', 'BT (Pay 900) Tj ET') }]),
  update('content stream pointed at a spare one', [
    { num: DOC.page1, body: page1('11 0 R 12 0 R 51 0 R').replace('/Contents 5', '/Contents 14') },
  ]),
  update('shadow hide: overlay image emptied', [
    { num: DOC.image, body: streamBody('/Type /XObject /Subtype /Form /BBox [0 0 10 10]', '') },
  ]),
  {
    name: 'shadow hide: overlay image freed',
    verdict: 'modified-after-signing',
    tamper: (s) => appendRevision(s, [], { freed: [DOC.image] }),
  },
  update('shadow replace: appearance of an unchanged field', [
    { num: DOC.appearance, body: bodies.appearance('900') },
  ]),
  update('shadow replace: appearance pointed elsewhere', [
    { num: DOC.textField, body: bodies.textField('100', '/AP << /N 60 0 R >>') },
    { num: 60, body: bodies.appearance('900') },
  ]),
  update('shadow hide and replace: page tree swapped', [
    { num: DOC.catalog, body: bodies.catalog().replace('/Pages 2', '/Pages 61') },
    { num: 61, body: '<< /Type /Pages /Kids [62 0 R] /Count 1 >>' },
    {
      num: 62,
      body: '<< /Type /Page /Parent 61 0 R /MediaBox [0 0 595 842] /Contents 14 0 R /Resources << >> >>',
    },
  ]),
  update('font swapped', [{ num: DOC.font, body: '<< /Type /Font /Subtype /Type1 /BaseFont /Symbol >>' }]),
  update('font swapped in the resources', [
    { num: DOC.page1, body: page1('11 0 R 12 0 R 51 0 R').replace('/F1 6', '/F1 15') },
  ]),
  update('default appearance of the form changed', [
    { num: DOC.form, body: SIGNED_FORM('11 0 R 51 0 R').replace('0 g', '1 g') },
  ]),
  update('default appearance of a field changed', [
    { num: DOC.textField, body: bodies.textField().replace('0 g', '1 g') },
  ]),
  update('default resources changed', [
    { num: DOC.form, body: SIGNED_FORM('11 0 R 51 0 R').replace('/Helv 6', '/Helv 15') },
  ]),
  update('field moved', [{ num: DOC.textField, body: bodies.textField().replace('50 600', '50 100') }]),
  update('field given an action', [
    {
      num: DOC.textField,
      body: bodies.textField('100', '/AP << /N 13 0 R >> /A << /S /JavaScript /JS (x) >>'),
    },
  ]),
  update('field removed', [
    { num: DOC.form, body: SIGNED_FORM('51 0 R') },
    { num: DOC.page1, body: page1('12 0 R 51 0 R') },
  ]),
  update('text field added over the page', [
    { num: DOC.form, body: SIGNED_FORM('11 0 R 51 0 R 60 0 R') },
    { num: DOC.page1, body: page1('11 0 R 12 0 R 51 0 R 60 0 R') },
    { num: 60, body: widget('Tx', '50 600 250 720', '/V (900) /AP << /N 61 0 R >>') },
    { num: 61, body: OVERLAY },
  ]),
  update('unsigned signature field drawn over the page', [
    { num: DOC.form, body: SIGNED_FORM('11 0 R 51 0 R 60 0 R') },
    { num: DOC.page1, body: page1('11 0 R 12 0 R 51 0 R 60 0 R') },
    { num: 60, body: widget('Sig', '50 600 250 720', '/AP << /N 61 0 R >>') },
    { num: 61, body: OVERLAY },
  ]),
  update('widget outside the form drawn over the page', [
    { num: DOC.page1, body: page1('11 0 R 12 0 R 51 0 R 60 0 R') },
    { num: 60, body: widget('Sig', '50 600 250 720', '/AP << /N 61 0 R >>') },
    { num: 61, body: OVERLAY },
  ]),
  update('signature field shown with a picture', [
    {
      num: DOC.field,
      body: '<< /Type /Annot /Subtype /Widget /FT /Sig /T (Sig) /V 50 0 R /Rect [0 0 500 700] /F 132 /P 3 0 R /AP << /N 61 0 R >> >>',
    },
    { num: 61, body: OVERLAY },
  ]),
  update('comment changed', [{ num: DOC.comment, body: bodies.comment('approved') }]),
  update('comment removed', [{ num: DOC.page1, body: page1('11 0 R 51 0 R') }]),
  update('comment added', [
    { num: DOC.page1, body: page1('11 0 R 12 0 R 51 0 R 60 0 R') },
    {
      num: 60,
      body: '<< /Type /Annot /Subtype /FreeText /Contents (Pay 900) /DA (/Helv 12 Tf) /Rect [50 690 200 710] /F 4 >>',
    },
  ]),
  update('page-sized stamp added', [
    { num: DOC.page1, body: page1('11 0 R 12 0 R 51 0 R 60 0 R') },
    { num: 60, body: '<< /Type /Annot /Subtype /Stamp /Rect [0 0 595 842] /F 4 /AP << /N 61 0 R >> >>' },
    { num: 61, body: OVERLAY },
  ]),
  update('annotations hidden in a direct array', [
    {
      num: DOC.page1,
      body: page1(
        '11 0 R 12 0 R 51 0 R << /Type /Annot /Subtype /Square /Rect [0 0 500 800] /AP << /N 61 0 R >> >>',
      ),
    },
    { num: 61, body: OVERLAY },
  ]),
  update('page added', [
    { num: DOC.pages, body: '<< /Type /Pages /Kids [3 0 R 4 0 R 60 0 R] /Count 3 >>' },
    {
      num: 60,
      body: '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 14 0 R /Resources << >> >>',
    },
  ]),
  update('page removed', [{ num: DOC.pages, body: '<< /Type /Pages /Kids [3 0 R] /Count 1 >>' }]),
  update('pages swapped', [{ num: DOC.pages, body: '<< /Type /Pages /Kids [4 0 R 3 0 R] /Count 2 >>' }]),
  update(
    'page shown twice',
    [{ num: DOC.pages, body: '<< /Type /Pages /Kids [3 0 R 4 0 R 4 0 R] /Count 3 >>' }],
    'malformed',
  ),
  update('page turned', [{ num: DOC.page1, body: page1('11 0 R 12 0 R 51 0 R', '/Rotate 180') }]),
  update('page cropped', [{ num: DOC.page1, body: page1('11 0 R 12 0 R 51 0 R', '/CropBox [0 0 100 100]') }]),
  update('page tree hands down a rotation', [
    { num: DOC.pages, body: '<< /Type /Pages /Kids [3 0 R 4 0 R] /Count 2 /Rotate 90 >>' },
  ]),
  update('action on opening', [
    { num: DOC.catalog, body: bodies.catalog('/OpenAction << /S /JavaScript /JS (x) >>') },
  ]),
  update('layers switched', [
    { num: DOC.catalog, body: bodies.catalog('/OCProperties << /D << /BaseState /OFF >> /OCGs [] >>') },
  ]),
  update('certification added afterwards', [
    { num: DOC.catalog, body: bodies.catalog('/Perms << /DocMDP 50 0 R >>') },
  ]),
  {
    name: 'root pointed elsewhere',
    verdict: 'modified-after-signing',
    tamper: (s) =>
      appendRevision(
        s,
        [
          { num: 60, body: '<< /Type /Catalog /Pages 61 0 R /AcroForm 10 0 R >>' },
          { num: 61, body: '<< /Type /Pages /Kids [62 0 R] /Count 1 >>' },
          {
            num: 62,
            body: '<< /Type /Page /Parent 61 0 R /MediaBox [0 0 595 842] /Contents 14 0 R /Resources << >> >>',
          },
        ],
        { trailer: '/Size 100 /Root 60 0 R' },
      ),
  },
  {
    name: 'cross-references written anew without the signed revision',
    verdict: 'modified-after-signing',
    tamper: (s) =>
      appendRevision(
        s,
        [
          { num: 1, body: bodies.catalog() },
          { num: 2, body: '<< /Type /Pages /Kids [3 0 R] /Count 1 >>' },
          { num: 3, body: page1('51 0 R').replace('/Contents 5', '/Contents 8') },
          { num: 8, body: streamBody('', 'BT (Pay 900) Tj ET') },
          { num: 10, body: SIGNED_FORM('51 0 R') },
          {
            num: 51,
            body: '<< /Type /Annot /Subtype /Widget /FT /Sig /T (Sig) /V 50 0 R /Rect [0 0 0 0] /F 132 /P 3 0 R >>',
          },
        ],
        { prev: null },
      ),
  },
  update('signature removed from its field', [
    {
      num: DOC.field,
      body: '<< /Type /Annot /Subtype /Widget /FT /Sig /T (Sig) /Rect [0 0 0 0] /F 132 /P 3 0 R >>',
    },
  ]),
  update('signature field removed from the form', [
    { num: DOC.form, body: bodies.form() },
    { num: DOC.page1, body: page1('11 0 R 12 0 R') },
    { num: DOC.content1, body: streamBody('', 'BT (Pay 900) Tj ET') },
  ]),
  {
    name: 'object stream overrides the content',
    verdict: 'modified-after-signing',
    tamper: (signed) => {
      const packed = page1('11 0 R 12 0 R 51 0 R').replace('/Contents 5', '/Contents 14');
      const stream = Buffer.concat([
        latin1('70 0 obj\n'),
        streamBody('/Type /ObjStm /N 1 /First 4', `3 0 ${packed}`),
        latin1('\nendobj\n'),
      ]);
      const at = signed.length;
      const xrefAt = at + stream.length;
      const row = (type: number, a: number, b: number) => [type, (a >> 16) & 255, (a >> 8) & 255, a & 255, b];
      const rows = Buffer.from([...row(2, 70, 0), ...row(1, at, 0), ...row(1, xrefAt, 0)]);
      return Buffer.concat([
        signed,
        stream,
        latin1('71 0 obj\n'),
        streamBody(
          `/Type /XRef /W [1 3 1] /Index [3 1 70 2] /Size 100 /Root 1 0 R /Prev ${lastStartxref(signed)}`,
          rows,
        ),
        latin1(`\nendobj\nstartxref\n${xrefAt}\n%%EOF\n`),
      ]);
    },
  },
];

/** Incremental-saving attacks: matter that strict readers do not see and repairing ones may. */
const savings: readonly Tampering[] = [
  edit(
    'objects appended without cross-reference',
    'modified-after-signing',
    (t) => `${t}5 0 obj\n<< /Length 3 >>\nstream\nabc\nendstream\nendobj\n`,
  ),
  edit(
    'objects and trailer appended without cross-reference',
    'modified-after-signing',
    (t) =>
      `${t}5 0 obj\n<< /Length 3 >>\nstream\nabc\nendstream\nendobj\ntrailer\n<< /Root 1 0 R /Size 100 >>\n`,
  ),
  edit(
    'objects appended with the old startxref',
    'modified-after-signing',
    (t, s) =>
      `${t}5 0 obj\n<< /Length 3 >>\nstream\nabc\nendstream\nendobj\nstartxref\n${lastStartxref(s)}\n%%EOF\n`,
  ),
  {
    name: 'unlisted object between listed ones',
    verdict: 'modified-after-signing',
    tamper: (s) =>
      appendRevision(
        Buffer.concat([s, latin1('5 0 obj\n<< /Length 3 >>\nstream\nabc\nendstream\nendobj\n')]),
        [],
        { prev: lastStartxref(s) },
      ),
  },
  edit(
    'foreign data at the end',
    'modified-after-signing',
    (t) => `${t}<html><script>alert(1)</script></html>`,
  ),
];

/** Wrapping, spoofing and breaking of the signature dictionary itself. */
const dictionary: readonly Tampering[] = [
  edit('byte of the content flipped', 'invalid-signature', (t) => t.replace('Pay 100', 'Pay 900')),
  edit('byte behind the gap flipped', 'invalid-signature', (t) => {
    const at = t.lastIndexOf('/Size 100');
    return `${t.slice(0, at)}/Size 101${t.slice(at + 9)}`;
  }),
  edit('ByteRange starts later', 'invalid-signature', (t) => t.replace('/ByteRange [0 ', '/ByteRange [1 ')),
  edit('ByteRange removed', 'invalid-signature', (t) => t.replace('/ByteRange', '/ByteRangf')),
  edit('ByteRange with a null', 'invalid-signature', (t) =>
    t.replace(/\/ByteRange \[0 \d{10}/, '/ByteRange [0 null      '),
  ),
  edit('ByteRange negative', 'invalid-signature', (t) =>
    t.replace(/\/ByteRange \[0 \d{10}/, '/ByteRange [0 -000000001'),
  ),
  edit('ByteRange covers too little', 'invalid-signature', (t) =>
    t.replace(/(\/ByteRange \[0 \d{10} \d{10} )\d{10}/, '$10000000010'),
  ),
  edit('ByteRange reaches beyond the end', 'invalid-signature', (t) =>
    t.replace(/(\/ByteRange \[0 \d{10} \d{10} )\d{10}/, '$10009999999'),
  ),
  edit('ByteRange empty', 'invalid-signature', (t) =>
    t.replace(/\/ByteRange \[[^\]]*\]/, (m) => '/ByteRange []'.padEnd(m.length)),
  ),
  edit('Contents emptied', 'invalid-signature', (t) =>
    t.replace(/\/Contents <[0-9a-f]{200}/, (m) => m.replace(/[0-9a-f]{200}$/, '0'.repeat(200))),
  ),
  edit('Contents renamed', 'invalid-signature', (t) =>
    t.replace(/\/Contents <(?=[0-9a-f]{200})/, '/Contentz <'),
  ),
  update('signature dictionary copied to another object', [
    {
      num: DOC.field,
      body: '<< /Type /Annot /Subtype /Widget /FT /Sig /T (Sig) /V 60 0 R /Rect [0 0 0 0] /F 132 /P 3 0 R >>',
    },
    {
      num: 60,
      body: '<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /ByteRange [0 10 20 30] /Contents <00> >>',
    },
  ]),
  {
    name: 'signature wrapping: second range moved, content put between',
    verdict: 'invalid-signature',
    tamper: (signed) => {
      const text = signed.toString('latin1');
      const match = /\/ByteRange \[0 (\d{10}) (\d{10}) (\d{10})\]/.exec(text);
      const second = Number(match?.[2]);
      const length = Number(match?.[3]);
      const evil = appendRevision(signed, [
        { num: DOC.content1, body: streamBody('', 'BT (Pay 900) Tj ET') },
      ]);
      const moved = Buffer.concat([evil, signed.subarray(second, second + length)]);
      return latin1(
        moved
          .toString('latin1')
          .replace(
            match?.[0] ?? '',
            `/ByteRange [0 ${match?.[1]} ${String(evil.length).padStart(10, '0')} ${match?.[3]}]`,
          ),
      );
    },
  },
  {
    name: 'signature dictionary replaced by one with a new ByteRange',
    verdict: 'modified-after-signing',
    tamper: (signed) => {
      const text = signed.toString('latin1');
      const dict = /<< \/Type \/Sig[\s\S]*? >>\nendobj/.exec(text)?.[0].replace(/\nendobj$/, '') ?? '';
      return appendRevision(signed, [
        { num: DOC.signature, body: dict },
        { num: DOC.content1, body: streamBody('', 'BT (Pay 900) Tj ET') },
      ]);
    },
  },
];

/** Files that are broken or built to exhaust the reader. */
const broken: readonly Tampering[] = [
  { name: 'cut in half', verdict: 'malformed', tamper: (s) => s.subarray(0, s.length >> 1) },
  { name: 'cut in the trailer', verdict: 'malformed', tamper: (s) => s.subarray(0, s.length - 40) },
  { name: 'cut before the last marker', verdict: 'malformed', tamper: (s) => s.subarray(0, s.length - 8) },
  { name: 'empty', verdict: 'malformed', tamper: () => Buffer.alloc(0) },
  edit('header gone', 'malformed', (t) => t.replace('%PDF-1.7', '%XYZ-1.7')),
  {
    name: 'sections in a circle',
    verdict: 'malformed',
    tamper: (s) => {
      const at = s.length;
      return Buffer.concat([
        s,
        latin1(`xref\n0 0\ntrailer\n<< /Size 100 /Root 1 0 R /Prev ${at} >>\nstartxref\n${at}\n%%EOF\n`),
      ]);
    },
  },
  update(
    'page tree in a circle',
    [{ num: DOC.page2, body: '<< /Type /Pages /Kids [2 0 R] /Parent 2 0 R >>' }],
    'malformed',
  ),
  update('reference to itself', [{ num: DOC.content1, body: '5 0 R' }], 'malformed'),
  update('nested without end', [{ num: DOC.content1, body: '['.repeat(3000) }], 'malformed'),
  {
    name: 'startxref beyond the end',
    verdict: 'malformed',
    tamper: (s) => Buffer.concat([s, latin1('startxref\n99999999\n%%EOF\n')]),
  },
];

export const tamperings: readonly Tampering[] = [...updates, ...savings, ...dictionary, ...broken];
