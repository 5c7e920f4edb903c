/** Reads from an AV1 sequence header whether black and white are at 16 and 235 of 255 (AV1, 5.5.2; H.273, 8.3). Pure. */
import { ImageError } from '../../errors.ts';
import type { Box } from './boxes.ts';
import { type HeifItem, type HeifItems, readHeifItems } from './heif-items.ts';

/** Bytes of an item that are looked at: its sequence header comes first. */
const MAX_HEAD = 256;
/** Maximum units before the sequence header: a temporal delimiter, padding. */
const MAX_UNITS = 8;
/** Types of a unit and of an alpha plane. */
const SEQUENCE_HEADER = 1;
const ALPHA = 'urn:mpeg:mpegB:cicp:systems:auxiliary:alpha';

/** Reads bits, the highest first; zeros behind the end. */
function createBits(bytes: Buffer) {
  let at = 0;
  return (count: number): number => {
    let value = 0;
    for (let i = 0; i < count; i++, at++) value = value * 2 + (((bytes[at >> 3] ?? 0) >> (7 - (at & 7))) & 1);
    return value;
  };
}
type Bits = ReturnType<typeof createBits>;

/** Skips what stands before the colours in the header of moving images. @returns whether it was understood: those with timing are not */
function skipMovingHead(bits: Bits): boolean {
  if (bits(1)) return false;
  const hasDelay = bits(1);
  for (let left = bits(5); left >= 0; left--) {
    bits(12);
    if (bits(5) > 7) bits(1);
    if (hasDelay && bits(1)) bits(4);
  }
  return true;
}

/** Skips the tools of moving images. */
function skipMovingTools(bits: Bits): void {
  bits(4);
  const hasOrder = bits(1);
  if (hasOrder) bits(2);
  const screenContent = bits(1) ? 2 : bits(1);
  if (screenContent && !bits(1)) bits(1);
  if (hasOrder) bits(3);
}

/** Returns whether a sequence header is of limited range. */
function isLimitedHeader(header: Buffer): boolean {
  const bits = createBits(header);
  const profile = bits(3);
  bits(1);
  const isReduced = bits(1) === 1;
  if (isReduced) bits(5);
  else if (!skipMovingHead(bits)) return false;
  const [widthBits, heightBits] = [bits(4) + 1, bits(4) + 1];
  bits(widthBits);
  bits(heightBits);
  if (!isReduced && bits(1)) bits(7);
  bits(3);
  if (!isReduced) skipMovingTools(bits);
  bits(3);
  const isHigh = bits(1);
  if (profile === 2 && isHigh) bits(1);
  if (profile !== 1) bits(1);
  // sRGB without a matrix has no bit for its range; no image of one plane is coded so.
  if (bits(1)) bits(24);
  return bits(1) === 0;
}

/** Returns whether the sequence header among units is of limited range; undefined if there is none. */
function limitedByUnits(units: Buffer): boolean | undefined {
  let at = 0;
  for (let left = MAX_UNITS; left > 0 && at + 1 < units.length; left--) {
    const head = units[at] ?? 0;
    at += head & 4 ? 2 : 1;
    let length = head & 2 ? 0 : units.length - at;
    for (let shift = 0; head & 2 && shift < 28; shift += 7) {
      const byte = units[at++] ?? 0;
      length += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) break;
    }
    if (((head >> 3) & 15) === SEQUENCE_HEADER) return isLimitedHeader(units.subarray(at, at + length));
    at += length;
  }
  return undefined;
}

/** Returns whether an item, or the first tile of its grid, is of limited range: by its configuration (AV1 in ISOBMFF, 2.3.4), or its data. */
function isLimitedItem(bytes: Buffer, { items, references }: HeifItems, item: HeifItem): boolean {
  const [tile = -1] = references.find(({ type, from }) => type === 'dimg' && from === item.id)?.to ?? [];
  const { properties, extents } = items.get(tile) ?? item;
  const config = properties.find(({ type }) => type === 'av1C');
  if (!config) return false;
  const { start, end } = extents?.[0] ?? { start: 0, end: 0 };
  const head = () => limitedByUnits(bytes.subarray(start, Math.min(end, start + MAX_HEAD)));
  return limitedByUnits(bytes.subarray(config.start + 4, config.end)) ?? head() ?? false;
}

/** Returns whether the alpha plane of the primary image is of limited range. */
function isLimitedAlpha(bytes: Buffer, file: HeifItems): boolean {
  const sources = file.references.filter(({ type, to }) => type === 'auxl' && to.includes(file.primaryId));
  const isAlpha = ({ type, start }: Box) =>
    type === 'auxC' && bytes.toString('latin1', start + 4, start + 4 + ALPHA.length) === ALPHA;
  const alpha = sources
    .flatMap(({ from }) => file.items.get(from) ?? [])
    .find(({ properties }) => properties.some(isAlpha));
  return alpha !== undefined && isLimitedItem(bytes, file, alpha);
}

/** Whether the primary image and its alpha plane are of limited range. */
interface LimitedRanges {
  readonly colour: boolean;
  readonly alpha: boolean;
}

/**
 * Reads the ranges in the data of an AVIF: that of its colours counts if the file has no `nclx`. A file whose items are truncated
 * or too many has full range.
 */
export function limitedRanges(bytes: Buffer): LimitedRanges {
  try {
    const file = readHeifItems(bytes);
    const primary = file?.items.get(file.primaryId);
    if (!file || !primary) return { colour: false, alpha: false };
    return { colour: isLimitedItem(bytes, file, primary), alpha: isLimitedAlpha(bytes, file) };
  } catch (error) {
    if (error instanceof RangeError || error instanceof ImageError) return { colour: false, alpha: false };
    throw error;
  }
}
