/**
 * Reads the XML inside a spreadsheet in one pass, without building a tree. Only elements, attributes and text are
 * known; a document type declaration, and with it every entity trick, is refused.
 */
import { SheetFault } from './sheet.ts';

export interface XmlHandler {
  /** Local names, without namespace prefixes. */
  open(name: string, attribute: (name: string) => string | undefined): void;
  close(name: string): void;
  text(text: string): void;
}

/** @throws SheetFault on a document type declaration or unfinished markup */
export function scanXml(xml: string, handler: XmlHandler): void {
  let at = 0;
  for (;;) {
    const open = xml.indexOf('<', at);
    if (open < 0) return;
    if (open > at) handler.text(plainText(xml.slice(at, open)));
    if (xml.startsWith('<!--', open)) at = after(xml, '-->', open);
    else if (xml.startsWith('<![CDATA[', open)) {
      at = after(xml, ']]>', open);
      handler.text(xml.slice(open + 9, at - 3));
    } else if (xml.startsWith('<!', open)) throw unreadable();
    else if (xml.startsWith('<?', open)) at = after(xml, '?>', open);
    else {
      at = after(xml, '>', open);
      element(xml.slice(open + 1, at - 1), handler);
    }
  }
}

function element(tag: string, handler: XmlHandler): void {
  if (tag.startsWith('/')) {
    handler.close(localName(tag.slice(1).trim()));
    return;
  }
  const selfClosing = tag.endsWith('/');
  const space = tag.search(/[\s/]/);
  const name = localName(space < 0 ? tag : tag.slice(0, space));
  handler.open(name, (wanted) => attributeOf(tag, wanted));
  if (selfClosing) handler.close(name);
}

function attributeOf(tag: string, name: string): string | undefined {
  let at = 0;
  for (;;) {
    at = tag.indexOf(`${name}=`, at);
    if (at < 0) return undefined;
    const before = tag[at - 1];
    const quote = tag[at + name.length + 1];
    if (
      (before === ' ' || before === '\n' || before === '\t' || before === ':') &&
      (quote === '"' || quote === "'")
    ) {
      const from = at + name.length + 2;
      const to = tag.indexOf(quote, from);
      return to < 0 ? undefined : plainText(tag.slice(from, to));
    }
    at += name.length;
  }
}

const localName = (name: string): string => name.slice(name.indexOf(':') + 1);

function after(xml: string, end: string, from: number): number {
  const at = xml.indexOf(end, from);
  if (at < 0) throw unreadable();
  return at + end.length;
}

const names: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

const plainText = (text: string): string =>
  text.includes('&')
    ? text.replace(
        /&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(lt|gt|amp|quot|apos));/g,
        (whole, decimal, hex, name) => {
          if (name !== undefined) return names[name] ?? whole;
          const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
          return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
        },
      )
    : text;

const unreadable = (): SheetFault =>
  new SheetFault(
    'Nội dung bảng tính không đọc được; hãy lưu lại bằng Excel.',
    'The spreadsheet cannot be read; save it again in Excel.',
  );
