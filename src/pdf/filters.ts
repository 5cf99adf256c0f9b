/**
 * Stream filters (ISO 32000-2 §7.4) that structure can hide behind: Flate and LZW with predictors, ASCIIHex,
 * ASCII85, RunLength. Image filters end the chain: their data is returned as it stands. Output is bounded.
 */
import { constants, inflateSync } from 'node:zlib';
import type { Budget } from './budget.ts';
import { hexValue, isSpace } from './characters.ts';
import { lzwDecode } from './lzw.ts';
import { PdfError } from './pdf-error.ts';
import { type PredictorParameters, undoPredictor } from './predictor.ts';

export interface FilterStep {
  readonly name: string;
  readonly parameters: PredictorParameters & { readonly earlyChange: number };
}

const MAX_STEPS = 8;
const ABBREVIATIONS: Readonly<Record<string, string>> = {
  Fl: 'FlateDecode',
  LZW: 'LZWDecode',
  AHx: 'ASCIIHexDecode',
  A85: 'ASCII85Decode',
  RL: 'RunLengthDecode',
};

/**
 * Undoes `steps` in order. @param at file offset of the data, for errors.
 * @throws PdfError `budget` when the output grows too large, `syntax` when the data cannot be decoded.
 */
export function applyFilters(
  data: Uint8Array,
  steps: readonly FilterStep[],
  at: { budget: Budget; offset: number },
): Uint8Array {
  if (steps.length > MAX_STEPS) {
    throw new PdfError('budget', `more than ${MAX_STEPS} filters on one stream`, at.offset);
  }
  let out = data;
  for (const step of steps) {
    const name = ABBREVIATIONS[step.name] ?? step.name;
    const decoded = decodeStep(name, out, { step, ...at });
    if (decoded === undefined) {
      return out;
    }
    at.budget.decoded(decoded.length, at.offset);
    out = decoded;
  }
  return out;
}

interface StepContext {
  readonly step: FilterStep;
  readonly budget: Budget;
  readonly offset: number;
}

function decodeStep(name: string, data: Uint8Array, context: StepContext): Uint8Array | undefined {
  const limit = context.budget.decodedBytesLeft;
  const { parameters } = context.step;
  switch (name) {
    case 'FlateDecode':
      return undoPredictor(inflate(data, limit, context.offset), parameters, context.offset);
    case 'LZWDecode':
      return undoPredictor(
        lzwDecode(data, { earlyChange: parameters.earlyChange, limit, offset: context.offset }),
        parameters,
        context.offset,
      );
    case 'ASCIIHexDecode':
      return asciiHex(data, context.offset);
    case 'ASCII85Decode':
      return ascii85(data, context.offset);
    case 'RunLengthDecode':
      return runLength(data, limit, context.offset);
    default:
      return undefined;
  }
}

function inflate(data: Uint8Array, limit: number, offset: number): Uint8Array {
  try {
    // SYNC_FLUSH accepts data whose checksum was cut off, which some producers write.
    return inflateSync(data, { maxOutputLength: Math.max(1, limit), finishFlush: constants.Z_SYNC_FLUSH });
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE') {
      throw new PdfError('budget', 'a compressed stream grows beyond the limit', offset);
    }
    throw new PdfError('syntax', 'a compressed stream cannot be decompressed', offset);
  }
}

function asciiHex(data: Uint8Array, offset: number): Uint8Array {
  const out = new Uint8Array((data.length >> 1) + 1);
  let length = 0;
  let high = -1;
  for (const c of data) {
    if (c === 0x3e) {
      break;
    }
    const value = hexValue(c);
    if (value < 0) {
      if (!isSpace(c)) {
        throw new PdfError('syntax', 'an ASCIIHex stream holds another character', offset);
      }
    } else if (high < 0) {
      high = value;
    } else {
      out[length] = high * 16 + value;
      length += 1;
      high = -1;
    }
  }
  if (high >= 0) {
    out[length] = high * 16;
    length += 1;
  }
  return out.subarray(0, length);
}

function ascii85(data: Uint8Array, offset: number): Uint8Array {
  const out = new Uint8Array(data.length * 4 + 4);
  let length = 0;
  let group = 0;
  let count = 0;
  const put = (bytes: number): void => {
    for (let i = 0; i < bytes; i += 1) {
      out[length] = Math.floor(group / 256 ** (3 - i)) & 255;
      length += 1;
    }
    group = 0;
    count = 0;
  };
  for (const c of data) {
    if (c === 0x7e) {
      break;
    }
    if (c === 0x7a && count === 0) {
      put(4);
    } else if (c >= 0x21 && c <= 0x75) {
      group = group * 85 + c - 0x21;
      count += 1;
      if (count === 5) {
        put(4);
      }
    } else if (!isSpace(c)) {
      throw new PdfError('syntax', 'an ASCII85 stream holds another character', offset);
    }
  }
  if (count > 1) {
    const bytes = count - 1;
    for (; count < 5; count += 1) {
      group = group * 85 + 84;
    }
    put(bytes);
  }
  return out.subarray(0, length);
}

function runLength(data: Uint8Array, limit: number, offset: number): Uint8Array {
  const parts: Uint8Array[] = [];
  let total = 0;
  let pos = 0;
  while (pos < data.length) {
    const length = data[pos] ?? 128;
    if (length === 128) {
      break;
    }
    const part =
      length < 128
        ? data.subarray(pos + 1, pos + 2 + length)
        : new Uint8Array(257 - length).fill(data[pos + 1] ?? 0);
    pos += length < 128 ? length + 2 : 2;
    total += part.length;
    if (total > limit) {
      throw new PdfError('budget', 'a run-length stream grows beyond the limit', offset);
    }
    parts.push(part);
  }
  return Buffer.concat(parts);
}
