/** Counts the parts of files that only the decoder reads: refuses what would cost it too much, before it is asked. Pure. */
import { MAX, tooMany } from './bounds.ts';
import { boxesIn } from './boxes.ts';
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

/**
 * Checks the number of parts of a WebP, AVIF or HEIC in one walk, within 5 ms. Other formats have walkers of their own.
 *
 * @throws ImageError IMAGE_TOO_LARGE above the counts of `bounds.ts`
 */
export function checkStructure(bytes: Buffer, format: Format): void {
  if (format === 'webp') checkWebp(bytes);
  // Those that are not inside of others.
  if (format === 'avif' || format === 'heic') for (const _ of boxesIn(bytes));
}
