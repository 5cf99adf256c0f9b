/** The XMP packet of a PDF/A file (ISO 19005-2 §6.6): title, dates, tool and the conformance claimed. */

export interface XmpFields {
  readonly title: string;
  /** BCP 47. */
  readonly language: string;
  readonly created: Date;
  readonly creatorTool: string;
  /** PDF/A part: 2 without attachments, 3 with. Conformance is B. */
  readonly part: 2 | 3;
  /** An identifier of the document, written as dc:identifier. */
  readonly identifier?: string;
}

/** UTF-8 text of the packet. */
export function writeXmp(fields: XmpFields): string {
  const date = `${fields.created.toISOString().slice(0, 19)}Z`;
  const identifier =
    fields.identifier === undefined ? '' : `<dc:identifier>${escapeXml(fields.identifier)}</dc:identifier>`;
  return `<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:format>application/pdf</dc:format><dc:title><rdf:Alt><rdf:li xml:lang="x-default">${escapeXml(fields.title.normalize('NFC'))}</rdf:li></rdf:Alt></dc:title><dc:language><rdf:Bag><rdf:li>${escapeXml(fields.language)}</rdf:li></rdf:Bag></dc:language>${identifier}</rdf:Description>
<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/"><xmp:CreateDate>${date}</xmp:CreateDate><xmp:ModifyDate>${date}</xmp:ModifyDate><xmp:MetadataDate>${date}</xmp:MetadataDate><xmp:CreatorTool>${escapeXml(fields.creatorTool)}</xmp:CreatorTool></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"><pdfaid:part>${fields.part}</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance></rdf:Description>
</rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>`;
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text for XML; characters that XML cannot hold become spaces. */
export function escapeXml(text: string): string {
  return text.replace(/[&<>"]|\p{Cc}/gu, (character) => entities[character] ?? ' ');
}
