/** Predictors of Flate and LZW data (ISO 32000-2 §7.4.4.4): TIFF 2 and the PNG ones. */
import { PdfError } from './pdf-error.ts';

export interface PredictorParameters {
  readonly predictor: number;
  readonly colors: number;
  readonly bitsPerComponent: number;
  readonly columns: number;
}

/** Returns `data` itself where there is no predictor. @throws PdfError `syntax` for senseless parameters. */
export function undoPredictor(data: Uint8Array, parameters: PredictorParameters, offset: number): Uint8Array {
  const { predictor, colors, bitsPerComponent, columns } = parameters;
  if (predictor <= 1) {
    return data;
  }
  const bits = colors * bitsPerComponent;
  const rowBytes = Math.ceil((bits * columns) / 8);
  if (
    !(
      colors >= 1 &&
      colors <= 64 &&
      bitsPerComponent >= 1 &&
      bitsPerComponent <= 16 &&
      columns >= 1 &&
      rowBytes < 1e7
    )
  ) {
    throw new PdfError('syntax', 'senseless predictor parameters', offset);
  }
  const pixelBytes = Math.max(1, bits >> 3);
  return predictor === 2
    ? tiff(data, rowBytes, { pixelBytes, bitsPerComponent })
    : png(data, rowBytes, { pixelBytes, offset });
}

function tiff(
  data: Uint8Array,
  rowBytes: number,
  shape: { pixelBytes: number; bitsPerComponent: number },
): Uint8Array {
  if (shape.bitsPerComponent !== 8) {
    // Structure is never stored in such images; their samples are not needed.
    return data;
  }
  const out = Uint8Array.from(data);
  for (let row = 0; row < out.length; row += rowBytes) {
    const end = Math.min(out.length, row + rowBytes);
    for (let i = row + shape.pixelBytes; i < end; i += 1) {
      out[i] = ((out[i] ?? 0) + (out[i - shape.pixelBytes] ?? 0)) & 255;
    }
  }
  return out;
}

function png(data: Uint8Array, rowBytes: number, shape: { pixelBytes: number; offset: number }): Uint8Array {
  const rows = Math.ceil(data.length / (rowBytes + 1));
  const out = new Uint8Array(Math.max(0, data.length - rows));
  const { pixelBytes } = shape;
  let to = 0;
  for (let from = 0; from < data.length; from += rowBytes + 1) {
    const filter = data[from] ?? 0;
    const size = Math.min(rowBytes, data.length - from - 1);
    for (let i = 0; i < size; i += 1) {
      const raw = data[from + 1 + i] ?? 0;
      const left = i >= pixelBytes ? (out[to + i - pixelBytes] ?? 0) : 0;
      const up = to >= rowBytes ? (out[to + i - rowBytes] ?? 0) : 0;
      let value: number;
      switch (filter) {
        case 0:
          value = raw;
          break;
        case 1:
          value = raw + left;
          break;
        case 2:
          value = raw + up;
          break;
        case 3:
          value = raw + ((left + up) >> 1);
          break;
        case 4:
          value =
            raw +
            paeth(
              left,
              up,
              i >= pixelBytes && to >= rowBytes ? (out[to + i - rowBytes - pixelBytes] ?? 0) : 0,
            );
          break;
        default:
          throw new PdfError('syntax', 'an unknown PNG predictor', shape.offset);
      }
      out[to + i] = value & 255;
    }
    to += size;
  }
  return out;
}

function paeth(left: number, up: number, upLeft: number): number {
  const estimate = left + up - upLeft;
  const byLeft = Math.abs(estimate - left);
  const byUp = Math.abs(estimate - up);
  const byUpLeft = Math.abs(estimate - upLeft);
  if (byLeft <= byUp && byLeft <= byUpLeft) {
    return left;
  }
  return byUp <= byUpLeft ? up : upLeft;
}
