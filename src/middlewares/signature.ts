/** Signed addresses: whether one was made by who holds the secret, and is still in its time. Pure. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { stringToSign } from '../client/url.ts';
import { ImageError } from '../errors.ts';

/** Days that `exp` may lie ahead, and one for rounding up to the end of a day. */
const MAX_DAYS = 401;

const MAC_BYTES = 32;
const mac = (secret: Uint8Array, text: string) => createHmac('sha256', secret).update(text).digest();

/** What the caller sent, decoded. */
export interface SignedRequest {
  /** Names and paths under which the request may have been signed: it can have come through a CDN. */
  readonly hosts: readonly string[];
  readonly paths: readonly string[];
  readonly parameters: readonly (readonly [string, string])[];
  /** What stands in `s`: base64url. */
  readonly signature: string;
}

/**
 * Checks a signature against the secrets of one key id, all of them, over every host and path, without an early exit.
 * `s` is taken out of the parsed parameters, never cut out of the text.
 *
 * @param secrets of that id; a dummy for an id that is not known, so that it costs the same
 * @returns the index of the secret that fits, or -1. About 10 µs for each secret, host and path
 */
export function matchingSecret(
  { hosts, paths, parameters, signature }: SignedRequest,
  secrets: readonly Uint8Array[],
): number {
  const bytes = Buffer.from(signature, 'base64url');
  // One of another length is compared, too.
  const given = bytes.length === MAC_BYTES ? bytes : Buffer.alloc(MAC_BYTES);
  const signed = parameters.filter(([name]) => name !== 's');
  const texts = hosts.flatMap((host) => paths.map((path) => stringToSign(host, path, signed)));
  let found = -1;
  for (const [i, secret] of secrets.entries())
    for (const text of texts) if (timingSafeEqual(mac(secret, text), given)) found = i;
  return found;
}

/** @throws ImageError SIGNATURE_EXPIRED when this time, in milliseconds since 1970, is over */
export function throwIfExpired(until: number, now: number): void {
  if (until <= now) throw new ImageError('SIGNATURE_EXPIRED', 'This address has expired: the time in exp is over.');
}

/**
 * @param now milliseconds since 1970
 * @throws ImageError SIGNATURE_INVALID without a time or with one too far ahead, SIGNATURE_EXPIRED
 */
export function checkExpiry(exp: string | undefined, now: number): void {
  const until = /^\d{1,11}$/.test(`${exp}`) ? Number(exp) * 1000 : undefined;
  if (until === undefined)
    throw new ImageError(
      'SIGNATURE_INVALID',
      'A signed address needs exp, the time it expires, in seconds since 1970.',
    );
  throwIfExpired(until, now);
  if (until > now + MAX_DAYS * 86_400_000)
    throw new ImageError('SIGNATURE_INVALID', 'exp may be at most 400 days ahead.');
}
