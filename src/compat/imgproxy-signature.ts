/** The signature of imgproxy URLs: HMAC-SHA256 of salt and path, in base64url, as the first segment of the path. Pure. */
import { createHmac, timingSafeEqual } from 'node:crypto';

/** A pair of `IMGPROXY_KEY` and `IMGPROXY_SALT`. */
export interface SigningPair {
  readonly key: Uint8Array;
  readonly salt: Uint8Array;
}

/**
 * Finds the pair that a URL was signed with. All pairs are compared, without an early exit, so that the time reveals nothing.
 *
 * @param path of the request, as the client sent it
 * @returns the index of the pair, or -1
 */
export function findPair(path: string, pairs: readonly SigningPair[]): number {
  const [, text = '', rest = ''] = /^\/([^/]*)(\/.*)$/s.exec(path) ?? [];
  const signature = Buffer.from(text, 'base64url');
  // Node's decoder skips what it does not know: one URL would have many spellings.
  if (signature.length !== 32 || signature.toString('base64url') !== text.replace(/=$/, '')) return -1;
  let match = -1;
  for (const [i, { key, salt }] of pairs.entries())
    if (timingSafeEqual(createHmac('sha256', key).update(salt).update(rest).digest(), signature)) match = i;
  return match;
}
