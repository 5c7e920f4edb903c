/** Walks the blocks of a GIF (GIF89a, appendix A), within bounds, and makes its background transparent. Pure. */
import { MAX, tooMany } from './bounds.ts';
import { colourTableBytes, freeIndex, hasFreeIndex, MAX_WALKED_BYTES } from './gif-index.ts';

const EXTENSION = 0x21;
const IMAGE = 0x2c;
const GRAPHIC_CONTROL = 0xf9;
/** Disposal methods after which the area of a frame is cleared (GIF89a, 23). */
const TO_BACKGROUND = 2;

/** A block: an extension, with its label, or an image. */
interface GifBlock {
  /** Offset of its first byte. */
  readonly start: number;
  readonly label: number | undefined;
  /** Offset of the first byte after it, which lies outside of a truncated file. */
  readonly end: number;
}

/**
 * Yields the blocks up to the trailer, or to an error of the file, at which decoders end.
 *
 * @throws ImageError IMAGE_TOO_LARGE above 65,536 blocks, or a million data sub-blocks
 */
export function* gifBlocks(bytes: Buffer): Generator<GifBlock> {
  let blocks = 0;
  let subBlocks = 0;
  let at = 13 + colourTableBytes(bytes[10]);
  while (at < bytes.length) {
    const start = at;
    const isExtension = bytes[at] === EXTENSION;
    if (!isExtension && bytes[at] !== IMAGE) return;
    if (++blocks > MAX.gifBlocks) throw tooMany('GIF blocks', MAX.gifBlocks);
    // Before the sub-blocks: a label; or a descriptor, a table, and the code size.
    at += isExtension ? 2 : 11 + colourTableBytes(bytes[at + 9]);
    for (let length = bytes[at]; length; length = bytes[at]) {
      if (++subBlocks > MAX.gifSubBlocks) throw tooMany('GIF data sub-blocks', MAX.gifSubBlocks);
      at += length + 1;
    }
    at += 1;
    yield { start, label: isExtension ? bytes[start + 1] : undefined, end: at };
  }
}

/** Returns whether a GIF ends within a block. One that lacks only its trailer has all of its frames, for all that is known. */
export function isTruncatedGif(bytes: Buffer): boolean {
  let lastEnd = 0;
  for (const { end } of gifBlocks(bytes)) lastEnd = end;
  return lastEnd > bytes.length;
}

/** Whether an image leaves a part of the screen open. */
const isPartial = (bytes: Buffer, start: number) =>
  bytes.readUInt16LE(start + 1) > 0 ||
  bytes.readUInt16LE(start + 3) > 0 ||
  bytes.readUInt16LE(start + 5) < bytes.readUInt16LE(6) ||
  bytes.readUInt16LE(start + 7) < bytes.readUInt16LE(8);

/** An image that should get a transparent index, and where the control before it is. */
interface Patch {
  readonly control: number | undefined;
  readonly image: number;
  readonly bytes: number;
}

/** Finds the images without a transparent index that are cleared, or leave a part of the screen open as the first one. */
function findPatches(bytes: Buffer): Patch[] {
  const patches: Patch[] = [];
  let images = 0;
  let controlAt: number | undefined;
  for (const { start, label, end } of gifBlocks(bytes)) {
    if (label === GRAPHIC_CONTROL && start + 8 <= bytes.length) controlAt = start;
    if (label !== undefined || start + 10 > bytes.length) continue;
    const packed = controlAt === undefined ? 0 : (bytes[controlAt + 3] ?? 0);
    const isCleared = ((packed >> 2) & 7) === TO_BACKGROUND || (images === 0 && isPartial(bytes, start));
    if (isCleared && !(packed & 1)) patches.push({ control: controlAt, image: start, bytes: end - start });
    images++;
    controlAt = undefined;
  }
  return patches;
}

/**
 * Returns a GIF whose background is transparent, as in browsers: libvips shows the background colour where no frame is, or
 * where one was cleared, unless the frame has a transparent index. It gets one that no pixel has: see `freeIndex`, for the first
 * 2 MB of pixels.
 *
 * @throws ImageError IMAGE_TOO_LARGE above the counts of `bounds.ts`
 */
export function withTransparentBackground(bytes: Buffer): Buffer {
  const patches = findPatches(bytes);
  if (!patches.length) return bytes;
  const copy = Buffer.from(bytes);
  let walked = 0;
  let isChanged = false;
  let inserted: { at: number; index: number } | undefined;
  for (const { control: at, image, bytes: length } of patches) {
    const isFree = hasFreeIndex(bytes, image);
    if (!isFree) walked += length;
    const index = isFree ? 255 : walked <= MAX_WALKED_BYTES ? freeIndex(copy, image) : undefined;
    if (index === undefined) continue;
    isChanged = true;
    // Without a control no frame but the first is cleared, so there is one place at most.
    if (at === undefined) inserted = { at: image, index };
    else {
      copy[at + 3] = (copy[at + 3] ?? 0) | 1;
      copy[at + 6] = index;
    }
  }
  if (!inserted) return isChanged ? copy : bytes;
  const control = Buffer.from([EXTENSION, GRAPHIC_CONTROL, 4, 1, 0, 0, inserted.index, 0]);
  return Buffer.concat([copy.subarray(0, inserted.at), control, copy.subarray(inserted.at)]);
}
