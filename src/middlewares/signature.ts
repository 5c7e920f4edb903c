/** Verifies signed URLs: the signature and the expiry time. Pure. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { stringToSign } from '../client/url.ts';
import { ImageError } from '../errors.ts';
import { hasControlCharacter } from '../http/event.ts';

/** Maximum days until `exp`: 400, and one for rounding up to the end of a day. */
const MAX_DAYS = 401;

const hmac = (secret: Uint8Array, text: string) => createHmac('sha256', secret).update(text).digest();

const signatureInvalid = (message: string) => new ImageError('SIGNATURE_INVALID', message);

/** The parts of a request that are signed, decoded, and its signature. */
export interface SignedRequest {
  /** Hosts and paths that the URL may have been signed with: a CDN can change both. */
  readonly hosts: readonly string[];
  readonly paths: readonly string[];
  readonly parameters: readonly (readonly [string, string])[];
  /** The value of `s`, in base64url. */
  readonly signature: string;
}

/** Parameters of a signed request without `s`: removed from the parsed ones, never cut out of the query string. */
const signedParameters = ({ parameters }: SignedRequest) => parameters.filter(([name]) => name !== 's');

/**
 * Decodes a signature. Strictly: Node's decoder skips what it does not know, and then one URL would have many spellings.
 *
 * @param signature base64url; encoders of Python, Ruby and Java add one `=`
 * @throws ImageError SIGNATURE_INVALID when it is not the base64url of 32 bytes
 */
export function decodeSignature(signature: string): Uint8Array {
  const text = signature.replace(/=$/, '');
  const bytes = Buffer.from(text, 'base64url');
  if (/^[\w-]{43}$/.test(text) && bytes.toString('base64url') === text) return bytes;
  // A + in a query means a space.
  if (/^[\w+/ -]{43}=?$/.test(signature) && /[+/ ]/.test(signature))
    throw signatureInvalid('s is in standard base64: write it in base64url, with - for + and _ for /.');
  throw signatureInvalid('s must be an HMAC-SHA256 in base64url: 43 characters.');
}

/**
 * Rejects a path or a name that no URL of ours has: with control characters, or `=` in a name.
 *
 * @throws ImageError SIGNATURE_INVALID
 */
export function assertSignable({ paths, parameters }: SignedRequest): void {
  if (paths.some(hasControlCharacter))
    throw signatureInvalid('The path of a signed URL may hold no control character.');
  if (parameters.some(([name]) => name.includes('=') || hasControlCharacter(name)))
    throw signatureInvalid('The name of a parameter may hold neither a control character nor =.');
}

/**
 * Finds the secret that a request was signed with. All secrets are compared, with every host and path, without an early
 * exit, so that the time reveals nothing. Takes about 10 µs for each secret, host and path.
 *
 * @param secrets of the key id; a random one for an unknown id, so that it takes the same time
 * @returns the index of the secret, or -1
 * @throws ImageError SIGNATURE_INVALID for what no secret can make valid: see `assertSignable`, `decodeSignature`
 */
export function matchingSecret(request: SignedRequest, secrets: readonly Uint8Array[]): number {
  assertSignable(request);
  const signature = decodeSignature(request.signature);
  const { hosts, paths } = request;
  const parameters = signedParameters(request);
  const strings = hosts.flatMap((host) => paths.map((path) => stringToSign(host, path, parameters)));
  let match = -1;
  for (const [i, secret] of secrets.entries())
    for (const text of strings) if (timingSafeEqual(hmac(secret, text), signature)) match = i;
  return match;
}

/** Leaves out the query of a URL that carries credentials itself, as a signed URL of S3 does. */
const withoutCredentials = (value: string) =>
  /[?&][^=&]*(?:signature|sig|token|credential|key|secret|passw|auth)[^=&]*=/i.test(value)
    ? value.replace(/\?.*$/s, '?(left out of the log)')
    : value;

/**
 * Describes what was compared with a signature that does not fit, for the log at level `debug`: the string to sign, and the
 * hosts and paths that were tried in it. It holds the image's URL, but neither a secret nor a signature, nor the query of a URL with
 * credentials.
 *
 * @param isKnownId whether `k` is the id of a signing key: else it may be a key, which must not be logged
 */
export function describeMismatch(request: SignedRequest, isKnownId: boolean): Error {
  const { hosts, paths } = request;
  const parameters = signedParameters(request).map(
    ([name, value]) =>
      [name, name === 'k' && !isKnownId ? 'not the id of a signing key' : withoutCredentials(value)] as const,
  );
  const text = stringToSign(hosts[0] ?? '', paths[0] ?? '', parameters);
  return new Error(
    `signed string ${JSON.stringify(text)}, hosts ${JSON.stringify(hosts)}, paths ${JSON.stringify(paths)}`,
  );
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
 * @throws ImageError SIGNATURE_INVALID when it is missing, no number, in milliseconds, or more than 401 days ahead;
 *   SIGNATURE_EXPIRED
 */
export function checkExpiry(exp: string | undefined, now: number): void {
  // Milliseconds have 13 digits from 2001 to 2286.
  if (/^\d{13}$/.test(`${exp}`))
    throw signatureInvalid('exp is in milliseconds: write the expiry time in seconds since 1970.');
  const expiresAt = /^\d{1,11}$/.test(`${exp}`) ? Number(exp) * 1000 : undefined;
  if (expiresAt === undefined) throw signatureInvalid('A signed URL needs exp, its expiry time in seconds since 1970.');
  throwIfExpired(expiresAt, now);
  if (expiresAt > now + MAX_DAYS * 86_400_000) throw signatureInvalid('exp may be at most 400 days ahead.');
}
