// Distinguished names (RFC 5280 §4.1.2.4): their bytes for comparing, their words for people.
import { Asn1Error } from './asn1-error.ts';
import { Cursor, childrenOf, type Element, encodingOf, expectTag } from './der-reader.ts';
import { readOid, readText, toHex } from './der-values.ts';
import { oid, printableString, sequence, setOf, utf8String } from './der-writer.ts';
import { oids } from './oids.ts';
import { tag } from './tags.ts';

export interface NameAttribute {
  readonly oid: string;
  readonly value: string;
}

/** A Name. Compare names by `der`; show `text`, which is attacker-controlled like all of a certificate. */
export interface Name {
  readonly der: Uint8Array;
  readonly attributes: readonly NameAttribute[];
  /** As RFC 4514 writes it, most specific first: `CN=…,O=…,C=VN`. */
  readonly text: string;
  readonly commonName?: string;
  readonly organization?: string;
}

/** @throws Asn1Error */
export function readName(element: Element): Name {
  expectTag(element, tag.sequence);
  const attributes: NameAttribute[] = [];
  for (const relative of childrenOf(element)) {
    for (const pair of childrenOf(expectTag(relative, tag.set))) {
      const cursor = new Cursor(pair);
      const type = readOid(cursor.next());
      const value = cursor.next();
      cursor.end();
      attributes.push({ oid: type, value: textOrHex(value) });
    }
  }
  const first = (wanted: string) => attributes.find((attribute) => attribute.oid === wanted)?.value;
  return {
    der: encodingOf(element),
    attributes,
    text: [...attributes].reverse().map(formatAttribute).join(','),
    commonName: first(oids.commonName),
    organization: first(oids.organization),
  };
}

/** What to call the holder: common name, else organisation, else the whole name. */
export function displayName(name: Name): string {
  return name.commonName ?? name.organization ?? name.text;
}

/** True when both names have the same encoding. Names that differ only in string type count as different. */
export function sameName(left: Name, right: Name): boolean {
  return Buffer.compare(left.der, right.der) === 0;
}

const shortNames: Readonly<Record<string, string>> = {
  [oids.commonName]: 'CN',
  [oids.surname]: 'SN',
  [oids.givenName]: 'GN',
  [oids.serialNumber]: 'SERIALNUMBER',
  [oids.country]: 'C',
  [oids.locality]: 'L',
  [oids.state]: 'ST',
  [oids.street]: 'STREET',
  [oids.organization]: 'O',
  [oids.organizationalUnit]: 'OU',
  [oids.title]: 'T',
  [oids.organizationIdentifier]: 'organizationIdentifier',
  [oids.userId]: 'UID',
  [oids.domainComponent]: 'DC',
  [oids.email]: 'E',
};

/** Builds a Name; country and serial number as PrintableString, the rest UTF-8 (RFC 5280 §4.1.2.4). */
export function writeName(attributes: readonly NameAttribute[]): Buffer {
  return sequence(
    ...attributes.map(({ oid: type, value }) => {
      const printable = type === oids.country || type === oids.serialNumber;
      const text = printable ? printableString(value) : utf8String(value.normalize('NFC'));
      return setOf(sequence(oid(type), text));
    }),
  );
}

function formatAttribute({ oid: type, value }: NameAttribute): string {
  const label = Object.hasOwn(shortNames, type) ? shortNames[type] : type;
  const escaped = value.replace(/[\\",+;<>]/g, (character) => `\\${character}`);
  return `${label}=${escaped.replace(/^([ #])/, '\\$1').replace(/ $/, '\\ ')}`;
}

function textOrHex(value: Element): string {
  try {
    return readText(value);
  } catch (error) {
    if (error instanceof Asn1Error) return `#${toHex(encodingOf(value))}`;
    throw error;
  }
}
