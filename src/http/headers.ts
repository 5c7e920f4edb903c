/** The headers of a response, as pure functions. */
import { isHttpDate } from './conditional.ts';
import { digest } from './digest.ts';
import type { Freshness } from './freshness.ts';

/**
 * Headers of every response, errors included. `nosniff` and the policy stop a browser from running code that the bytes of
 * an untrusted image may hold; the others let any page embed, read and time an image: no request carries cookies or other
 * ambient credentials, so nothing can leak.
 */
export const COMMON_HEADERS: Readonly<Record<string, string>> = {
  'X-Content-Type-Options': 'nosniff',
  'Content-Security-Policy': "default-src 'none'; sandbox",
  'Cross-Origin-Resource-Policy': 'cross-origin',
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Expose-Headers': '*',
  'Timing-Allow-Origin': '*',
};

/** Headers of the response to a CORS preflight and to any OPTIONS (RFC 9110, 9.3.7). Browsers cache it for at most a day. */
export const OPTIONS_HEADERS: Readonly<Record<string, string>> = {
  Allow: 'GET, HEAD, OPTIONS',
  'Access-Control-Allow-Methods': 'GET, HEAD, OPTIONS',
  'Access-Control-Allow-Headers': 'authorization, x-api-key, if-none-match',
  'Access-Control-Max-Age': '86400',
};

/** Maximum characters of a header value of an origin: real ones are shorter. */
const MAX_HEADER_LENGTH = 300;

/** Values in the place of those that are too long to be read: the strictest, since a header that is left out would allow caching. */
const STRICTEST: Readonly<Record<string, string>> = { 'cache-control': 'no-store', expires: '0', vary: '*' };

/**
 * Returns an origin's headers with values of at most 300 characters, and without an invalid `last-modified`: they are stored
 * in memory and in S3, and sent to clients.
 *
 * @param headers names in lower case
 */
export const sanitizeHeaders = <Headers extends Readonly<Record<string, string>>>(headers: Headers): Partial<Headers> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => {
      if (value.length > MAX_HEADER_LENGTH) return STRICTEST[name] === undefined ? [] : [[name, STRICTEST[name]]];
      return name === 'last-modified' && !isHttpDate(value) ? [] : [[name, value]];
    }),
  ) as Partial<Headers>;

/**
 * Returns `Cache-Control` (RFC 9111, 5.2.2; RFC 5861) and, for a response that was generated earlier, its `Age` and the `Date`
 * of that time (RFC 9111, 5.1; RFC 9110, 6.6.1).
 *
 * @param now milliseconds since 1970
 */
export function cacheHeaders(freshness: Freshness, now: number): Record<string, string> {
  const { scope, maxAge, sharedMaxAge, age, staleWhileRevalidate, staleIfError, revalidation } = freshness;
  if (scope === 'none') return { 'Cache-Control': 'no-store' };
  let control: string = scope;
  control += maxAge || (sharedMaxAge && scope === 'public') ? `, max-age=${maxAge}` : ', no-cache';
  if (sharedMaxAge !== maxAge && scope === 'public') control += `, s-maxage=${sharedMaxAge}`;
  if (revalidation) control += `, ${revalidation}`;
  if (staleWhileRevalidate) control += `, stale-while-revalidate=${staleWhileRevalidate}`;
  if (staleIfError) control += `, stale-if-error=${staleIfError}`;
  if (age === 0) return { 'Cache-Control': control };
  return { 'Cache-Control': control, Age: String(age), Date: new Date(now - age * 1000).toUTCString() };
}

/**
 * Makes a response private: one to a request with a key in a header, where shared caches know only the URL (RFC 9111, 3.5).
 *
 * @param cacheControl a value of `cacheHeaders`, or of an error
 */
export const privateCacheControl = (cacheControl: string): string =>
  cacheControl
    .replace(/^public\b/, 'private')
    .replace(/, (?:s-maxage|stale-while-revalidate|stale-if-error)=\d+|, proxy-revalidate/g, '');

/** Milliseconds by step (W3C Server Timing), the cache status in `cache`, and `bytesIn`, the bytes fetched from the origin. */
export type Timings = Readonly<Record<string, number | string>>;

/** Returns the value of `Server-Timing`: numbers as `dur`, strings as `desc`. `bytesIn`, which is not a duration, is left out. */
const serverTiming = ({ bytesIn: _, ...timings }: Timings) =>
  Object.entries(timings)
    .map(([name, value]) => `${name};${typeof value === 'string' ? `desc=${value}` : `dur=${value.toFixed(1)}`}`)
    .join(', ');

/** Returns the tag of all images of one source. It holds a digest of the URL, because the URL may be secret. */
export const sourceTag = (url: string) => `u-${digest(url, 12)}`;

/** Returns the tags by which a CDN purges images: one for the source, one for its host. */
export const cacheTags = (url: string): string[] => [sourceTag(url), `h-${new URL(url).hostname}`];

/** The facts from which the headers of a 200 or a 304 are built. */
export interface ResponseMeta {
  readonly freshness: Freshness;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Whether `Cache-Control` is left out of a 304. */
  readonly isLifetimeUnknown?: boolean;
  readonly etag?: string | undefined;
  /** A date of HTTP. */
  readonly lastModified?: string | undefined;
  readonly timings: Timings;
  /** From `cacheTags`. */
  readonly tags: readonly string[];
  /** The request headers by which the image was negotiated, of every response (RFC 9110, 12.5.5). */
  readonly vary: string | undefined;
}

/** Returns the headers that an image and the 304 in its place have in common (RFC 9110, 15.4.5). */
export function representationHeaders({
  freshness,
  now,
  isLifetimeUnknown,
  etag,
  lastModified,
  timings,
  tags,
  vary,
}: ResponseMeta) {
  const headers: Record<string, string> = isLifetimeUnknown ? {} : cacheHeaders(freshness, now);
  if (etag) headers.ETag = etag;
  if (lastModified) headers['Last-Modified'] = lastModified;
  if (vary) headers.Vary = vary;
  headers['Cache-Tag'] = tags.join(',');
  headers['Server-Timing'] = serverTiming(timings);
  return headers;
}

/** An encoded image, or metadata or a placeholder as a string. */
export interface Content {
  /** The media type. */
  readonly type: string;
  readonly data: Buffer | string;
  /** Frames of the source, where the output has fewer. */
  readonly sourceFrameCount?: number | undefined;
  readonly encoder?: string | undefined;
  readonly quality?: number | undefined;
  /** Whether the output has a gain map, or why not. */
  readonly hdr?: string | undefined;
  /** Whether the source ends early. */
  readonly isTruncated?: boolean | undefined;
  /** Reductions that were made to meet the deadline. */
  readonly degraded?: readonly string[] | undefined;
  /** What of an SVG is not drawn, by names: what browsers leave out as well, and what only they draw. */
  readonly svg?: { readonly stripped: readonly string[]; readonly unsupported: readonly string[] } | undefined;
}

/** Returns the value of `Pixgate-SVG`: `stripped=script,font; unsupported=animation`. Empty if all is drawn. */
const svgHeader = ({ stripped, unsupported }: NonNullable<Content['svg']>) =>
  Object.entries({ stripped, unsupported })
    .filter(([, names]) => names.length)
    .map(([key, names]) => `${key}=${names.join(',')}`)
    .join('; ');

/** Returns the file extension of a media type: `image/jpeg` → `jpg`. */
export const extension = (type: string) =>
  type
    .replace(/^\w+\/|;.*$/g, '')
    .replace('jpeg', 'jpg')
    .replace('plain', 'txt');

/**
 * Returns the headers that describe the body.
 *
 * @param disposition.filename without extension (RFC 6266); `image` for a download without one
 * @param disposition.download whether a browser should save the image rather than show it
 */
export function contentHeaders(
  { type, data, sourceFrameCount, encoder, quality, hdr, isTruncated, degraded, svg }: Content,
  disposition: { filename?: string | undefined; download: boolean },
): Record<string, string> {
  const { download, filename = download ? 'image' : undefined } = disposition;
  const headers: Record<string, string> = {
    'Content-Type': type,
    'Content-Length': String(Buffer.byteLength(data)),
  };
  if (filename)
    headers['Content-Disposition'] = `${download ? 'attachment' : 'inline'}; filename="${filename}.${extension(type)}"`;
  if (sourceFrameCount) headers['Pixgate-Frames-Of'] = String(sourceFrameCount);
  if (encoder) headers['Pixgate-Encoder'] = encoder;
  if (quality) headers['Pixgate-Quality'] = String(quality);
  if (hdr) headers['Pixgate-HDR'] = hdr;
  if (isTruncated) headers['Pixgate-Source'] = 'truncated';
  if (degraded?.length) headers['Pixgate-Degraded'] = degraded.join(', ');
  const svgParts = svg && svgHeader(svg);
  if (svgParts) headers['Pixgate-SVG'] = svgParts;
  return headers;
}
