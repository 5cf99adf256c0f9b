/** The cover sheet of a batch: a QR code that says which scan the pages behind it belong to. Carries an id and nothing else. */
import qrcode from 'qrcode';

const WORDS = 'MOTLAN-SCAN:';

export const coverText = (scanId: string): string => `${WORDS}${scanId.toUpperCase()}`;

/** The scan that a code on a page names; undefined for any other code. */
export function scanOfCover(codes: readonly { readonly text: string }[]): string | undefined {
  for (const { text } of codes) {
    const match = /^MOTLAN-SCAN:([0-9A-F]{8}(?:-[0-9A-F]{4}){3}-[0-9A-F]{12})$/.exec(text.trim());
    if (match?.[1]) return match[1].toLowerCase();
  }
  return undefined;
}

/** The code as a picture for a page: a data URL of a PNG, to be printed. */
export const coverPicture = (scanId: string): Promise<string> =>
  qrcode.toDataURL(coverText(scanId), { errorCorrectionLevel: 'Q', margin: 4, width: 320 });
