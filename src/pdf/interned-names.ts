/** One instance of each name that occurs often: names repeat by the thousand in every file. */
import { PdfName } from './objects.ts';

const names = new Map<string, PdfName>();

/** The name of this text; shared as long as the table stays small. */
export function internedName(text: string): PdfName {
  const known = names.get(text);
  if (known !== undefined) {
    return known;
  }
  const name = new PdfName(text);
  if (names.size < 4096 && text.length < 64) {
    names.set(text, name);
  }
  return name;
}
