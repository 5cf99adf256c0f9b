/** What is measured on one page. Numbers only; what they mean is decided by the thresholds of the catalogue. */

export interface Measures {
  /** Of the picture as it lies in the file, turned upright. */
  readonly width: number;
  readonly height: number;
  /** Dots per inch at true scale: by the file's word where it can be believed, otherwise by the paper's size. */
  readonly dpi: number;
  /** Where `dpi` comes from. */
  readonly scale: 'file' | 'paper' | 'assumed';
  /** `colour`, `grey` (no chroma at all), `bitonal`. */
  readonly colour: 'colour' | 'grey' | 'bitonal';
  /** 0 to 1: how steep the edges of the letters are; 1 is a sharp scan. */
  readonly sharpness: number;
  /** Lightness of the paper, 0 to 255. */
  readonly paper: number;
  /** Difference between paper and ink, 0 to 255. */
  readonly contrast: number;
  /** Share of the paper that is burnt out, 0 to 1. */
  readonly burnt: number;
  /** Degrees, clockwise positive. */
  readonly skew: number;
  /** Share of ink within the outermost 1 % of the page: matter that goes on outside the picture. */
  readonly edgeInk: number;
  /** Which edges of a photographed paper lie outside the picture: top, right, bottom, left. */
  readonly cutEdges: readonly string[];
  /** Share of the page covered by skin-coloured areas that come in from the border. */
  readonly fingers: number;
  /** Darkest part of the paper against the lightest, 0 (even) to 1 (black). */
  readonly shadow: number;
  /** Share of the page that is ink; a blank page has almost none. */
  readonly ink: number;
  /** Share of the page that is the red of a seal, in one roundish place. */
  readonly seal: number;
  /** Share of the page that is blue pen ink. */
  readonly bluePen: number;
  /** The paper was found inside a photograph and flattened from these corners (fractions of width and height). */
  readonly corners?: readonly (readonly [number, number])[];
  /** Contents of barcodes and QR codes. */
  readonly codes: readonly { readonly format: string; readonly text: string }[];
  /** Page number printed on the page, where it was read. */
  readonly printedNumber?: number;
  /** EXIF carried a position. It stays in the original and goes into no copy. */
  readonly carriesPosition: boolean;
}
