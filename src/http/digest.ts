/** SHA-256 hashes, short enough for keys and tags. */
import { createHash, hash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';

/** Bytes that are hashed between two turns of the event loop: 1 to 3 ms. */
const SLICE_BYTES = 2_097_152;

/** Returns the first `bytes` bytes of the SHA-256 hash of a string (as UTF-8) or a buffer, in base64url without padding. */
export const digest = (data: string | Buffer, bytes: number): string =>
  hash('sha256', data, 'buffer').toString('base64url', 0, bytes);

/** The same for a source, of up to 50 MB: in slices, so that other requests are served in between. */
export async function digestInSlices(data: Buffer, bytes: number): Promise<string> {
  const sum = createHash('sha256');
  for (let from = 0; from < data.length; from += SLICE_BYTES) {
    if (from) await setImmediate();
    sum.update(data.subarray(from, from + SLICE_BYTES));
  }
  return sum.digest().toString('base64url', 0, bytes);
}
