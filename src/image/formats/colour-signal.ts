/**
 * Reads how a file without a profile encodes its colours: code points (ITU-T H.273) in `cICP` of a PNG or `nclx` of an AVIF, or
 * gamma and chromaticities of a PNG. Pure.
 */
import { limitedRanges } from './av1-range.ts';
import { primaryItem } from './avif.ts';
import type { Box } from './boxes.ts';
import { pngChunks } from './png.ts';
import type { Format } from './sniff.ts';

/** The encoding of one channel: the curve of sRGB, a power, that of HDR television (ITU-R BT.2100), or none. */
export type Transfer = 'srgb' | 'pq' | 'hlg' | { readonly gamma: number };

/** Chromaticities x, y of white, red, green and blue. */
export type Chromaticities = readonly [number, number, number, number, number, number, number, number];

/** Colours that are not sRGB. */
export interface ColourSignal {
  readonly chromaticities: Chromaticities;
  readonly transfer: Transfer;
  /** The brightest pixel in candelas per square metre, for `pq` and `hlg`; 1000 if the file does not say. */
  readonly maxLuminance: number;
  /** Whether colours were multiplied by alpha (ISO 23000-22, 7.3.5.2). */
  readonly isPremultiplied: boolean;
  /** Whether black and white are at 16 and 235 of 255 (H.273, 8.3): libheif does not spread those of an image without chroma. */
  readonly isLimitedRange: boolean;
  /** The same of alpha: clear is 16, opaque 235. libheif spreads neither. */
  readonly isLimitedAlpha: boolean;
}

const D65 = [0.3127, 0.329] as const;
export const SRGB: Chromaticities = [...D65, 0.64, 0.33, 0.3, 0.6, 0.15, 0.06];
export const REC_2020: Chromaticities = [...D65, 0.708, 0.292, 0.17, 0.797, 0.131, 0.046];
/** H.273, table 2, as far as browsers know them. Others, such as 2 (unspecified), count as sRGB. */
const PRIMARIES: Readonly<Record<number, Chromaticities>> = {
  4: [0.31, 0.316, 0.67, 0.33, 0.21, 0.71, 0.14, 0.08],
  5: [...D65, 0.64, 0.33, 0.29, 0.6, 0.15, 0.06],
  6: [...D65, 0.63, 0.34, 0.31, 0.595, 0.155, 0.07],
  7: [...D65, 0.63, 0.34, 0.31, 0.595, 0.155, 0.07],
  9: REC_2020,
  11: [0.314, 0.351, 0.68, 0.32, 0.265, 0.69, 0.15, 0.06],
  12: [...D65, 0.68, 0.32, 0.265, 0.69, 0.15, 0.06],
};
/** H.273, table 3. Those of television (1, 6, 14, 15) are taken as sRGB in an AVIF, and as a power of 2.4 in a PNG, as Chromium does. */
const TRANSFERS: Readonly<Record<number, Transfer>> = {
  4: { gamma: 2.2 },
  5: { gamma: 2.8 },
  8: { gamma: 1 },
  16: 'pq',
  18: 'hlg',
};
const TELEVISION = [1, 6, 14, 15];

/** ITU-R BT.2408: where a file does not say how bright it becomes. */
const DEFAULT_MAX_LUMINANCE = 1000;

const isSrgb = (one: Chromaticities) => one.every((value, i) => Math.abs(value - (SRGB[i] ?? 0)) < 0.002);

/** Returns the signal, or undefined for sRGB. */
function toSignal(
  chromaticities: Chromaticities,
  transfer: Transfer,
  {
    maxLuminance = DEFAULT_MAX_LUMINANCE,
    isPremultiplied = false,
    isLimitedRange = false,
    isLimitedAlpha = false,
  } = {},
): ColourSignal | undefined {
  const isSpread = !isPremultiplied && !isLimitedRange && !isLimitedAlpha;
  if (transfer === 'srgb' && isSpread && isSrgb(chromaticities)) return undefined;
  const luminance = Math.min(Math.max(maxLuminance, 203), 10_000);
  return { chromaticities, transfer, maxLuminance: luminance, isPremultiplied, isLimitedRange, isLimitedAlpha };
}

/** Maximum differences of a gamma and of chromaticities that files of sRGB have: programs round them. */
const isSrgbGamma = (gamma: number) => Math.abs(gamma - 0.45455) < 0.002;

/** Reads a PNG (third edition, 4.3): `cICP` takes precedence over a profile, and that over `sRGB`, and that over gamma. */
function pngSignal(bytes: Buffer): ColourSignal | undefined {
  const chunks = new Map<string, Buffer>();
  for (const { name, start, end } of pngChunks(bytes)) {
    if (name === 'IDAT') break;
    if (!chunks.has(name)) chunks.set(name, bytes.subarray(start + 8, end - 4));
  }
  const read = (name: string, length: number) => {
    const chunk = chunks.get(name);
    return chunk && chunk.length >= length ? chunk : undefined;
  };
  const cicp = read('cICP', 4);
  if (cicp) {
    const [primaries = 2, code = 2, matrix = 0] = cicp;
    if (matrix !== 0) return undefined;
    const luminance = read('cLLI', 8)?.readUInt32BE(0) || read('mDCV', 24)?.readUInt32BE(16) || 0;
    const transfer = TELEVISION.includes(code) ? { gamma: 2.4 } : (TRANSFERS[code] ?? 'srgb');
    const maxLuminance = luminance ? luminance / 10_000 : DEFAULT_MAX_LUMINANCE;
    return toSignal(PRIMARIES[primaries] ?? SRGB, transfer, { maxLuminance });
  }
  const gamma = (read('gAMA', 4)?.readUInt32BE(0) ?? 0) / 100_000;
  // Chromaticities without a gamma say nothing of how to decode.
  if (chunks.has('iCCP') || chunks.has('sRGB') || gamma < 0.02 || gamma > 10) return undefined;
  const chrm = read('cHRM', 32);
  const chromaticities = chrm
    ? (Array.from({ length: 8 }, (_, i) => chrm.readUInt32BE(i * 4) / 100_000) as unknown as Chromaticities)
    : SRGB;
  if (!isUsable(chromaticities)) return undefined;
  if (isSrgbGamma(gamma) && isSrgb(chromaticities)) return undefined;
  return toSignal(chromaticities, { gamma: 1 / gamma });
}

/** Whether three primaries span a triangle around the white point: any other matrix has no inverse. */
function isUsable([wx, wy, rx, ry, gx, gy, bx, by]: Chromaticities): boolean {
  const area = Math.abs((gx - rx) * (by - ry) - (bx - rx) * (gy - ry));
  return area > 0.01 && [wy, ry, gy, by].every((y) => y > 0.001) && [wx, rx, gx, bx].every((x) => x <= 1);
}

/** Returns whether an item has no chroma (4:0:0): by its configuration (AV1 in ISOBMFF, 2.3.3), or that of a grid by its number of channels. */
const isMonochrome = (bytes: Buffer, properties: readonly Box[]) =>
  properties.some(
    ({ type, start, end }) =>
      (type === 'av1C' && start + 3 <= end && ((bytes[start + 2] ?? 0) & 0x10) !== 0) ||
      (type === 'pixi' && start + 5 <= end && bytes[start + 4] === 1),
  );

/** Reads an AVIF or HEIC: the `nclx` colours of its primary item, its brightest pixel, and whether its alpha is premultiplied. */
function heifSignal(bytes: Buffer): ColourSignal | undefined {
  const { properties, isPremultiplied } = primaryItem(bytes);
  const nclx = properties.find(
    ({ type, start }) => type === 'colr' && bytes.toString('latin1', start, start + 4) === 'nclx',
  );
  const clli = properties.find(({ type }) => type === 'clli');
  const limited = limitedRanges(bytes);
  const isGrey = isMonochrome(bytes, properties);
  if (!nclx || nclx.start + 11 > nclx.end) {
    const isLimitedRange = isGrey && limited.colour;
    return toSignal(SRGB, 'srgb', { isPremultiplied, isLimitedRange, isLimitedAlpha: limited.alpha });
  }
  const [primaries, transfer] = [bytes.readUInt16BE(nclx.start + 4), bytes.readUInt16BE(nclx.start + 6)];
  const luminance = clli && clli.start + 2 <= clli.end ? bytes.readUInt16BE(clli.start) : 0;
  const maxLuminance = luminance || DEFAULT_MAX_LUMINANCE;
  const isLimitedRange = ((bytes[nclx.start + 10] ?? 0) & 0x80) === 0 && isGrey;
  const more = { maxLuminance, isPremultiplied, isLimitedRange, isLimitedAlpha: limited.alpha };
  return toSignal(PRIMARIES[primaries] ?? SRGB, TRANSFERS[transfer] ?? 'srgb', more);
}

/**
 * Reads how a file encodes its colours, if they are not sRGB and no profile describes them.
 *
 * @param hasProfile whether the decoder found a profile: it takes precedence, but not over `cICP` of a PNG
 * @throws ImageError IMAGE_TOO_LARGE above the counts of `bounds.ts`
 */
export function readColourSignal(bytes: Buffer, format: Format, hasProfile: boolean): ColourSignal | undefined {
  if (format === 'png') return pngSignal(bytes);
  if (format !== 'avif' && format !== 'heic') return undefined;
  const signal = readHeif(bytes);
  if (!hasProfile || !signal) return signal;
  const { isPremultiplied, isLimitedRange, isLimitedAlpha } = signal;
  return toSignal(SRGB, 'srgb', { isPremultiplied, isLimitedRange, isLimitedAlpha });
}

/** A file whose boxes are cut short says nothing; its decoder refuses it. */
function readHeif(bytes: Buffer): ColourSignal | undefined {
  try {
    return heifSignal(bytes);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
