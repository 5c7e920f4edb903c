/** Validators and conditional requests: RFC 9110, sections 8.8 and 13. Pure. */
import { createHmac } from 'node:crypto';
import { parseHttpDate } from './cache-control.ts';
import { digestInSlices } from './digest.ts';

/** An entity tag (RFC 9110, 8.8.3), limited to visible ASCII because it is sent back in a header, and to 200 characters. */
const ENTITY_TAG = /^(?:W\/)?"[\x21\x23-\x7e]{1,200}"$/;

/** Whether a string is a date in one of the three formats of HTTP (RFC 9110, 5.6.7). */
export const isHttpDate = (text: string): boolean => parseHttpDate(text) !== undefined;

/**
 * Returns the validator of one version of a source: its entity tag; else `@` and its `Last-Modified` date; else `#` and a
 * hash of its bytes.
 *
 * @param headers `etag` and `last-modified` of the origin's response, from `sanitizeHeaders`
 * @param bytes the source, hashed only when the origin sent neither
 */
export async function validatorOf(
  headers: { etag?: string; 'last-modified'?: string },
  bytes: Buffer,
): Promise<string> {
  const { etag, 'last-modified': date } = headers;
  if (etag !== undefined && ENTITY_TAG.test(etag)) return etag;
  return date === undefined ? `#${await digestInSlices(bytes, 16)}` : `@${date}`;
}

/**
 * Returns the validators to revalidate a source with: an entity tag, a date, or both (RFC 9110, 13.1.2 and 13.1.3).
 * Empty for a hash (`#…`), which the origin does not know.
 */
export function conditionsFor({ validator, headers }: { validator: string; headers: { 'last-modified'?: string } }): {
  etag?: string;
  lastModified?: string;
} {
  if (validator.startsWith('#')) return {};
  if (validator.startsWith('@')) return { lastModified: validator.slice(1) };
  const { 'last-modified': lastModified } = headers;
  return { etag: validator, ...(lastModified && { lastModified }) };
}

/**
 * Returns the entity tag of an image: an HMAC-SHA256 of its cache key and of the source's validator, cut to 128 bits, then a
 * dot and the validator itself. The validator is part of it so that an instance with an empty cache can revalidate the
 * client's copy at the origin without fetching or decoding the source; the HMAC, so that only validators that an origin
 * gave are sent to one. The tag is weak (RFC 9110, 8.8.1): rendered from a downscaled source, or on
 * another type of CPU, an image looks the same but may differ in some bits.
 *
 * @param validator from `validatorOf`; a hash (`#…`) is left out of the tag
 * @param cacheKey of the image
 * @param secret equal on all instances of a deployment
 */
export function makeEtag(validator: string, cacheKey: string, secret: Uint8Array): string {
  const mac = createHmac('sha256', secret).update(`${validator}\n${cacheKey}`).digest();
  const tag = mac.toString('base64url', 0, 16);
  return validator.startsWith('#') ? `W/"${tag}"` : `W/"${tag}.${Buffer.from(validator).toString('base64url')}"`;
}

/** Returns the entity tags of a field value without `W/`: they are compared weakly. */
const parseEntityTags = (ifNoneMatch = ''): readonly string[] => ifNoneMatch.match(/"[^"]*"/g) ?? [];
const stripWeak = (etag: string) => etag.replace(/^W\//, '');

/** Whether `If-None-Match` matches an entity tag: a list compared weakly, or `*` (RFC 9110, 13.1.2 and 8.8.3.2). */
export const weakMatch = (ifNoneMatch: string | undefined, etag: string): boolean =>
  ifNoneMatch?.trim() === '*' || parseEntityTags(ifNoneMatch).includes(stripWeak(etag));

/**
 * Extracts the source's validator from an entity tag that `makeEtag` made for this cache key with this secret. A client could
 * invent the validator, so the HMAC is checked; without a secret, it can hold no more than a header of HTTP may: an entity tag
 * of at most 200 visible ASCII characters, or a date.
 *
 * @returns undefined when no entity tag is ours, or none holds a validator
 */
export function validatorFromEtag(
  ifNoneMatch: string | undefined,
  cacheKey: string,
  secret: Uint8Array,
): string | undefined {
  for (const tag of parseEntityTags(ifNoneMatch)) {
    const encoded = /^"[\w-]{22}\.([\w-]{1,300})"$/.exec(tag)?.[1];
    const validator = encoded && Buffer.from(encoded, 'base64url').toString('latin1');
    const isValid =
      validator && (ENTITY_TAG.test(validator) || (validator.startsWith('@') && isHttpDate(validator.slice(1))));
    if (isValid && stripWeak(makeEtag(validator, cacheKey, secret)) === tag) return validator;
  }
  return undefined;
}

/** Whether `If-None-Match` holds an entity tag in our format: then revalidating the source first may save the decoding. */
export const hasOwnEtag = (ifNoneMatch: string | undefined): boolean =>
  parseEntityTags(ifNoneMatch).some((tag) => /^"[\w-]{22}(?:\.[\w-]+)?"$/.test(tag));

/** The conditional headers of a request. */
export interface ConditionalHeaders {
  readonly ifNoneMatch?: string | undefined;
  readonly ifModifiedSince?: string | undefined;
}

/**
 * Whether the response is a 304: the client's copy is still valid. `If-Modified-Since` counts only without `If-None-Match`
 * (RFC 9110, 13.2.2).
 *
 * @param etag of the current image
 * @param lastModified of the source, a date of HTTP
 */
export function isNotModified(
  { ifNoneMatch, ifModifiedSince }: ConditionalHeaders,
  etag: string,
  lastModified: string | undefined,
): boolean {
  if (ifNoneMatch !== undefined) return weakMatch(ifNoneMatch, etag);
  const [modifiedAt, since] = [parseHttpDate(lastModified), parseHttpDate(ifModifiedSince)];
  // A field that is no date of HTTP is ignored (13.1.3).
  return modifiedAt !== undefined && since !== undefined && modifiedAt <= since;
}
