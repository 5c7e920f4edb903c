/** Counts the parts of files that only the decoder reads: refuses what would cost it too much, before it is asked. Pure. */
import { MAX, tooMany } from './bounds.ts';
import type { Format } from './sniff.ts';

/** Counts the chunks of a WebP (RFC 9649). */
function checkWebp(bytes: Buffer): void {
  let count = 0;
  for (let at = 12; at + 8 <= bytes.length; ) {
    if (++count > MAX.webpChunks) throw tooMany('WebP chunks', MAX.webpChunks);
    const length = bytes.readUInt32LE(at + 4);
    at += 8 + length + (length % 2);
  }
}

/** Counts the boxes of an AVIF (ISO 14496-12, 4.2) that are not inside of others. */
function checkAvif(bytes: Buffer): void {
  let count = 0;
  for (let at = 0; at + 8 <= bytes.length; ) {
    if (++count > MAX.avifBoxes) throw tooMany('AVIF boxes', MAX.avifBoxes);
    const size = bytes.readUInt32BE(at);
    const is64Bit = size === 1 && at + 16 <= bytes.length;
    const length = is64Bit ? Number(bytes.readBigUInt64BE(at + 8)) : size;
    // 0 means up to the end of the file; less than a header is an error of the file.
    if (length < 8) return;
    at += length;
  }
}

const GIF_EXTENSION = 0x21;
const GIF_IMAGE = 0x2c;

/** Returns the bytes of a GIF's colour table by its packed fields. */
const colourTableBytes = (packed = 0) => (packed & 0x80 ? 3 << ((packed & 7) + 1) : 0);

/** Counts the blocks of a GIF (GIF89a, appendix A) and their data sub-blocks. */
function checkGif(bytes: Buffer): void {
  let blocks = 0;
  let subBlocks = 0;
  let at = 13 + colourTableBytes(bytes[10]);
  while (at < bytes.length) {
    // The trailer, or an error of the file, at which decoders end.
    if (bytes[at] !== GIF_EXTENSION && bytes[at] !== GIF_IMAGE) return;
    if (++blocks > MAX.gifBlocks) throw tooMany('GIF blocks', MAX.gifBlocks);
    // Before the sub-blocks: a label; or a descriptor, a table, and the code size.
    at += bytes[at] === GIF_EXTENSION ? 2 : 11 + colourTableBytes(bytes[at + 9]);
    for (let length = bytes[at]; length; length = bytes[at]) {
      if (++subBlocks > MAX.gifSubBlocks) throw tooMany('GIF data sub-blocks', MAX.gifSubBlocks);
      at += length + 1;
    }
    at += 1;
  }
}

/**
 * Checks the number of parts of a WebP, AVIF or GIF in one walk, within 5 ms. Other formats have walkers of their own.
 *
 * @throws ImageError IMAGE_TOO_LARGE above the counts of `bounds.ts`
 */
export function checkStructure(bytes: Buffer, format: Format): void {
  if (format === 'webp') checkWebp(bytes);
  if (format === 'avif') checkAvif(bytes);
  if (format === 'gif') checkGif(bytes);
}
