/** HTTP semantics as pure functions: what the headers of an answer are. */
import { hash } from 'node:crypto';
import type { Freshness } from './freshness.ts';

/**
 * On every answer, errors too. `nosniff` and the policy keep a browser from running what a stranger's bytes may hold;
 * the others let any page embed, read and time a picture: there are no credentials that could leak.
 */
export const COMMON_HEADERS: Readonly<Record<string, string>> = {
  'X-Content-Type-Options': 'nosniff',
  'Content-Security-Policy': "default-src 'none'; sandbox",
  'Cross-Origin-Resource-Policy': 'cross-origin',
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Expose-Headers': '*',
  'Timing-Allow-Origin': '*',
};

/** The answer to a preflight and to a plain OPTIONS (RFC 9110, 9.3.7). A day is the longest that a browser may keep it. */
export const OPTIONS_HEADERS: Readonly<Record<string, string>> = {
  Allow: 'GET, HEAD, OPTIONS',
  'Access-Control-Allow-Methods': 'GET, HEAD, OPTIONS',
  'Access-Control-Allow-Headers': 'authorization, x-api-key, if-none-match',
  'Access-Control-Max-Age': '86400',
};

const digest = (text: string | Buffer, bytes: number) => hash('sha256', text, 'buffer').toString('base64url', 0, bytes);

/** RFC 9110, 8.8.3, in visible ASCII: what is sent back in a header must not hold more. */
const ENTITY_TAG = /^(?:W\/)?"[\x21\x23-\x7e]{1,200}"$/;
const isHttpDate = (text: string): boolean => /^[\w ,:]{20,40}$/.test(text) && !Number.isNaN(Date.parse(text));

/** Longer ones than any real one. */
const MAX_HEADER_LENGTH = 300;

/** What an origin says of its answer, without what is no date or too long: it is kept in memory and in a bucket, and sent on. */
export const sanitizeHeaders = <Headers extends Readonly<Record<string, string>>>(headers: Headers): Partial<Headers> =>
  Object.fromEntries(
    Object.entries(headers).filter(
      ([name, value]) => value.length <= MAX_HEADER_LENGTH && (name !== 'last-modified' || isHttpDate(value)),
    ),
  ) as Partial<Headers>;

/**
 * What tells one version of a source from another: its entity tag, `@` and its date, or `#` and a hash of its bytes.
 *
 * @param headers `etag` and `last-modified` of the origin's answer, from `sanitizeHeaders`
 */
export function validatorOf(headers: { etag?: string; 'last-modified'?: string }, bytes: Buffer): string {
  const { etag, 'last-modified': date } = headers;
  if (etag !== undefined && ENTITY_TAG.test(etag)) return etag;
  return date === undefined ? `#${digest(bytes, 16)}` : `@${date}`;
}

/** The validators of a version of a source, to ask its origin with; none for a hash, which the origin does not know. */
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
 * The entity tag of a result: a digest of its identity and of the source's validator, and behind a dot the validator itself. So
 * an instance that remembers nothing can ask the origin whether the caller's copy is still good, and neither fetch nor
 * decode. It is weak (RFC 9110, 8.8.1): made of a copy of its source, or on a processor of another kind, a picture looks the same
 * but for bits.
 */
export function makeEtag(validator: string, identity: string): string {
  const tag = digest(`${validator}\n${identity}`, 16);
  return validator.startsWith('#') ? `W/"${tag}"` : `W/"${tag}.${Buffer.from(validator).toString('base64url')}"`;
}

const parseEntityTags = (ifNoneMatch = ''): readonly string[] => ifNoneMatch.match(/"[^"]*"/g) ?? [];
const stripWeak = (etag: string) => etag.replace(/^W\//, '');

/** If-None-Match: a list of entity tags compared weakly, or `*` (RFC 9110, 13.1.2). */
export const weakMatch = (ifNoneMatch: string | undefined, etag: string): boolean =>
  ifNoneMatch?.trim() === '*' || parseEntityTags(ifNoneMatch).includes(stripWeak(etag));

/** The validator in the entity tag that we gave out for this identity; undefined when there is none, or somebody made it up. */
export function validatorFromEtag(ifNoneMatch: string | undefined, identity: string): string | undefined {
  for (const tag of parseEntityTags(ifNoneMatch)) {
    const encoded = /^"[\w-]{22}\.([\w-]{1,300})"$/.exec(tag)?.[1];
    const validator = encoded && Buffer.from(encoded, 'base64url').toString('latin1');
    const isOne =
      validator && (ENTITY_TAG.test(validator) || (validator.startsWith('@') && isHttpDate(validator.slice(1))));
    if (isOne && stripWeak(makeEtag(validator, identity)) === tag) return validator;
  }
  return undefined;
}

/** Whether the caller names a version of ours at all: then it is worth to look at the source before anything is decoded. */
export const hasOwnEtag = (ifNoneMatch: string | undefined): boolean =>
  parseEntityTags(ifNoneMatch).some((tag) => /^"[\w-]{22}(?:\.[\w-]+)?"$/.test(tag));

/** What the caller says of the copy it has. */
export interface ConditionalHeaders {
  readonly ifNoneMatch?: string | undefined;
  readonly ifModifiedSince?: string | undefined;
}

/** Whether the caller's copy is still good. A date counts only where no entity tag is given (RFC 9110, 13.2.2). */
export function isNotModified(
  { ifNoneMatch, ifModifiedSince }: ConditionalHeaders,
  etag: string,
  lastModified: string | undefined,
): boolean {
  if (ifNoneMatch !== undefined) return weakMatch(ifNoneMatch, etag);
  return (
    ifModifiedSince !== undefined &&
    lastModified !== undefined &&
    Date.parse(lastModified) <= Date.parse(ifModifiedSince)
  );
}

/** `Cache-Control` and `Age` (RFC 9111, 5.1, 5.2.2; RFC 5861). */
export function cacheHeaders(life: Freshness): Record<string, string> {
  const { scope, maxAge, sharedMaxAge, age, staleWhileRevalidate: whileRevalidate, staleIfError: onError } = life;
  if (scope === 'none') return { 'Cache-Control': 'no-store' };
  let control: string = scope;
  control += maxAge || (sharedMaxAge && scope === 'public') ? `, max-age=${maxAge}` : ', no-cache';
  if (sharedMaxAge !== maxAge && scope === 'public') control += `, s-maxage=${sharedMaxAge}`;
  if (whileRevalidate) control += `, stale-while-revalidate=${whileRevalidate}`;
  if (onError) control += `, stale-if-error=${onError}`;
  return age > 0 ? { 'Cache-Control': control, Age: String(age) } : { 'Cache-Control': control };
}

/** Milliseconds by what they were spent on, in `cache` where the answer came from (W3C Server Timing), and `bytesIn`, which is no time. */
export type Timings = Readonly<Record<string, number | string>>;

const serverTiming = ({ bytesIn: _, ...timings }: Timings) =>
  Object.entries(timings)
    .map(([name, value]) => `${name};${typeof value === 'string' ? `desc=${value}` : `dur=${value.toFixed(1)}`}`)
    .join(', ');

/** By which a CDN is told what to forget: the source and its host. Of the source a digest: it may be secret. */
export const cacheTags = (address: string): string[] => [sourceTag(address), `h-${new URL(address).hostname}`];

/** The tag of all pictures made of one source. */
export const sourceTag = (address: string) => `u-${digest(address, 12)}`;

/** What an answer's headers are made of. */
export interface ResponseMeta {
  readonly freshness: Freshness;
  readonly etag?: string | undefined;
  readonly lastModified?: string | undefined;
  readonly timings: Timings;
  readonly tags: readonly string[];
  /** Whether `Accept` took part in the choice: then every answer says so (RFC 9110, 12.5.5). */
  readonly negotiated: boolean;
}

/** Headers of a picture and of the 304 in its place alike (RFC 9110, 15.4.5). */
export function representationHeaders({ freshness, etag, lastModified, timings, tags, negotiated }: ResponseMeta) {
  const headers: Record<string, string> = cacheHeaders(freshness);
  if (etag) headers.ETag = etag;
  if (lastModified) headers['Last-Modified'] = lastModified;
  if (negotiated) headers.Vary = 'Accept';
  headers['Cache-Tag'] = tags.join(',');
  headers['Server-Timing'] = serverTiming(timings);
  return headers;
}

/** A picture, or a fact about one as text. */
export interface Content {
  readonly type: string;
  readonly data: Buffer | string;
  readonly sourceFrameCount?: number | undefined;
  readonly encoder?: string | undefined;
  readonly quality?: number | undefined;
  readonly degraded?: readonly string[] | undefined;
}

/** `image/webp` → `webp`, as a file's extension. */
export const extension = (type: string) =>
  type
    .replace(/^\w+\/|;.*$/g, '')
    .replace('jpeg', 'jpg')
    .replace('plain', 'txt');

/**
 * Headers that tell what the body is.
 *
 * @param how.filename without its extension (RFC 6266)
 * @param how.download whether a browser should save rather than show it
 */
export function contentHeaders(
  { type, data, sourceFrameCount, encoder, quality, degraded }: Content,
  how: { filename?: string | undefined; download: boolean },
): Record<string, string> {
  const { filename = how.download ? 'image' : undefined } = how;
  const headers: Record<string, string> = {
    'Content-Type': type,
    'Content-Length': String(Buffer.byteLength(data)),
  };
  if (filename)
    headers['Content-Disposition'] =
      `${how.download ? 'attachment' : 'inline'}; filename="${filename}.${extension(type)}"`;
  if (sourceFrameCount) headers['Pixgate-Frames-Of'] = String(sourceFrameCount);
  if (encoder) headers['Pixgate-Encoder'] = encoder;
  if (quality) headers['Pixgate-Quality'] = String(quality);
  if (degraded?.length) headers['Pixgate-Degraded'] = degraded.join(', ');
  return headers;
}
