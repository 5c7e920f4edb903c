/** Verifies signed URLs: the signature and the expiry time. Pure. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { stringToSign } from '../client/url.ts';
import { ImageError } from '../errors.ts';

/** Maximum days until `exp`: 400, and one for rounding up to the end of a day. */
const MAX_DAYS = 401;

const MAC_BYTES = 32;
const hmac = (secret: Uint8Array, text: string) => createHmac('sha256', secret).update(text).digest();

/** The parts of a request that are signed, decoded, and its signature. */
export interface SignedRequest {
  /** Hosts and paths that the URL may have been signed with: a CDN can change both. */
  readonly hosts: readonly string[];
  readonly paths: readonly string[];
  readonly parameters: readonly (readonly [string, string])[];
  /** The value of `s`, in base64url. */
  readonly signature: string;
}

/**
 * Finds the secret that a request was signed with. All secrets are compared, with every host and path, without an early
 * exit, so that the time reveals nothing. `s` is removed from the parsed parameters, never cut out of the query string. Takes
 * about 10 µs for each secret, host and path.
 *
 * @param secrets of the key id; a random one for an unknown id, so that it takes the same time
 * @returns the index of the secret, or -1
 */
export function matchingSecret(
  { hosts, paths, parameters, signature }: SignedRequest,
  secrets: readonly Uint8Array[],
): number {
  const bytes = Buffer.from(signature, 'base64url');
  // A signature of another length is replaced, and compared all the same.
  const signatureBytes = bytes.length === MAC_BYTES ? bytes : Buffer.alloc(MAC_BYTES);
  const signedParameters = parameters.filter(([name]) => name !== 's');
  const strings = hosts.flatMap((host) => paths.map((path) => stringToSign(host, path, signedParameters)));
  let match = -1;
  for (const [i, secret] of secrets.entries())
    for (const text of strings) if (timingSafeEqual(hmac(secret, text), signatureBytes)) match = i;
  return match;
}

/**
 * Rejects an expired URL.
 *
 * @param expiresAt milliseconds since 1970
 * @param now milliseconds since 1970
 * @throws ImageError SIGNATURE_EXPIRED
 */
export function throwIfExpired(expiresAt: number, now: number): void {
  if (expiresAt <= now) throw new ImageError('SIGNATURE_EXPIRED', 'This URL has expired: the time in exp has passed.');
}

/**
 * Checks the expiry time of a signed URL.
 *
 * @param exp seconds since 1970, as in the query
 * @param now milliseconds since 1970
 * @throws ImageError SIGNATURE_INVALID when it is missing, no number, or more than 401 days ahead; SIGNATURE_EXPIRED
 */
export function checkExpiry(exp: string | undefined, now: number): void {
  const expiresAt = /^\d{1,11}$/.test(`${exp}`) ? Number(exp) * 1000 : undefined;
  if (expiresAt === undefined)
    throw new ImageError('SIGNATURE_INVALID', 'A signed URL needs exp, its expiry time in seconds since 1970.');
  throwIfExpired(expiresAt, now);
  if (expiresAt > now + MAX_DAYS * 86_400_000)
    throw new ImageError('SIGNATURE_INVALID', 'exp may be at most 400 days ahead.');
}
