/** A small sRGB output profile, computed from IEC 61966-2-1 (ICC.1:2001-04, version 2.1): PDF/A wants one embedded. */

const curveEntries = 256;
let cached: Buffer | undefined;

/** The profile's bytes; made once. */
export function srgbProfile(): Buffer {
  cached ??= build();
  return cached;
}

function build(): Buffer {
  const curve = curveTag();
  const tags: [signature: string, data: Buffer][] = [
    ['desc', descriptionTag('sRGB')],
    ['cprt', textTag('No copyright, use freely')],
    ['wtpt', xyzTag(0.9642, 1, 0.8249)],
    ['rXYZ', xyzTag(0.4360747, 0.2225045, 0.0139322)],
    ['gXYZ', xyzTag(0.3850649, 0.7168786, 0.0971045)],
    ['bXYZ', xyzTag(0.1430804, 0.0606169, 0.7141733)],
    ['rTRC', curve],
    ['gTRC', curve],
    ['bTRC', curve],
  ];
  const table = Buffer.alloc(4 + tags.length * 12);
  table.writeUInt32BE(tags.length, 0);
  const bodies: Buffer[] = [];
  const places = new Map<Buffer, number>();
  let offset = 128 + table.length;
  for (const [index, [signature, data]] of tags.entries()) {
    // The three channels share one curve.
    let place = places.get(data);
    if (place === undefined) {
      place = offset;
      places.set(data, place);
      bodies.push(data);
      offset += data.length;
    }
    const row = 4 + index * 12;
    table.write(signature, row, 'latin1');
    table.writeUInt32BE(place, row + 4);
    table.writeUInt32BE(data.length, row + 8);
  }
  return Buffer.concat([header(offset), table, ...bodies]);
}

function header(size: number): Buffer {
  const bytes = Buffer.alloc(128);
  bytes.writeUInt32BE(size, 0);
  bytes.writeUInt32BE(0x02100000, 8);
  bytes.write('mntrRGB XYZ ', 12, 'latin1');
  for (const [index, part] of [2026, 1, 1, 0, 0, 0].entries()) bytes.writeUInt16BE(part, 24 + index * 2);
  bytes.write('acsp', 36, 'latin1');
  bytes.writeInt32BE(fixed(0.9642), 68);
  bytes.writeInt32BE(fixed(1), 72);
  bytes.writeInt32BE(fixed(0.8249), 76);
  return bytes;
}

function xyzTag(x: number, y: number, z: number): Buffer {
  const bytes = Buffer.alloc(20);
  bytes.write('XYZ ', 0, 'latin1');
  for (const [index, value] of [x, y, z].entries()) bytes.writeInt32BE(fixed(value), 8 + index * 4);
  return bytes;
}

function curveTag(): Buffer {
  const bytes = Buffer.alloc(12 + curveEntries * 2);
  bytes.write('curv', 0, 'latin1');
  bytes.writeUInt32BE(curveEntries, 8);
  for (let entry = 0; entry < curveEntries; entry++) {
    const value = entry / (curveEntries - 1);
    const linear = value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    bytes.writeUInt16BE(Math.round(linear * 65535), 12 + entry * 2);
  }
  return bytes;
}

// textDescriptionType with empty Unicode and Macintosh parts; padded to a multiple of four.
function descriptionTag(text: string): Buffer {
  const length = 12 + text.length + 1 + 4 + 4 + 2 + 1 + 67;
  const bytes = Buffer.alloc(Math.ceil(length / 4) * 4);
  bytes.write('desc', 0, 'latin1');
  bytes.writeUInt32BE(text.length + 1, 8);
  bytes.write(text, 12, 'latin1');
  return bytes;
}

function textTag(text: string): Buffer {
  const bytes = Buffer.alloc(Math.ceil((8 + text.length + 1) / 4) * 4);
  bytes.write('text', 0, 'latin1');
  bytes.write(text, 8, 'latin1');
  return bytes;
}

function fixed(value: number): number {
  return Math.round(value * 65536);
}
