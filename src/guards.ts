/** The checks between the middlewares, and what the handler, the response and the log get from a request. */
import type { Request } from '@middy/core';
import type { Context } from 'aws-lambda';
import { type DerivedQuery, deriveQuery } from './cache/key.ts';
import type { ImageRequest } from './cache/response.ts';
import { deadlineError, ImageError, METHODS } from './errors.ts';
import type { SourceBase } from './fetch/source-bases.ts';
import {
  dropParameters,
  getHeader,
  getHosts,
  getMethod,
  getPaths,
  getQuery,
  type HttpEvent,
  hasControlCharacter,
  type ImageResponse,
} from './http/event.ts';
import { privateCacheControl } from './http/headers.ts';
import type { Mark } from './image/mark.ts';
import { checkPolicy, hasMark, requireMark, sourceRestriction } from './keys/policy.ts';
import type { Key } from './keys/registry.ts';
import { throwIfExpired } from './middlewares/signature.ts';
import type { LoggedRequest } from './middlewares/types.ts';
import type { ImageOptions } from './options.ts';

/** What the guards add to Lambda's context, for the handler. */
export interface GuardedContext extends Partial<Context> {
  readonly query?: DerivedQuery;
  /** Id of the key, if the request has one. */
  readonly client?: string | undefined;
  readonly maxAgeLimit?: number | undefined;
  readonly restriction?: ImageRequest['restriction'];
}

/** A request whose key and query have been checked. */
export type GuardedRequest = Request<
  HttpEvent,
  ImageResponse,
  Error,
  Context,
  {
    apiKey?: Key;
    queryGiven?: ReadonlySet<string>;
    queryDerived?: DerivedQuery;
    isFromCdn?: boolean;
    cpuAtStart?: NodeJS.CpuUsage;
    isUnchecked?: boolean;
  }
>;

/** Milliseconds before Lambda's deadline at which ours comes: Lambda's own end would be a 502 without a body. */
export const TIMEOUT_EARLY_MS = 1000;
/** Milliseconds before ours at which an image should be rendered. */
const RENDER_MARGIN_MS = 200;

export function throwTimeout(): never {
  throw deadlineError();
}

/**
 * Returns a guard that removes what other programs add to URLs, before anything reads the query: it is part of neither the
 * cache key nor a signature.
 *
 * @param patterns names of parameters; a `*` at the end matches any rest
 */
export function dropIgnored(patterns: readonly string[]) {
  const names = new Set(patterns);
  const prefixes = patterns.filter((pattern) => pattern.endsWith('*')).map((pattern) => pattern.slice(0, -1));
  const isIgnored = (name: string) => names.has(name) || prefixes.some((prefix) => name.startsWith(prefix));
  return ({ event }: { readonly event: HttpEvent }): void => dropParameters(event, isIgnored);
}

export function assertMethod({ event }: Request<HttpEvent>): void {
  if (!METHODS.split(', ').includes(getMethod(event)))
    throw new ImageError('METHOD_NOT_ALLOWED', 'Use GET, HEAD or OPTIONS.');
}

/** Refuses a path that no client sends by accident: some event sources decode it, and a log or a signature has it as a line. */
export function assertPath({ event }: Request<HttpEvent>): void {
  if (getPaths(event).some(hasControlCharacter))
    throw new ImageError('QUERY_INVALID', 'The path of this URL holds a control character.');
}

/** Refuses a request that we sent ourselves, through whatever is in between (RFC 8586). */
export function assertNoLoop({ event }: Request<HttpEvent>): void {
  const hops = getHeader(event, 'cdn-loop')?.split(',');
  if (hops?.some((hop) => hop.trim().split(/[\s;]/)[0] === 'pixgate'))
    throw new ImageError('SOURCE_FORBIDDEN', 'This request was sent by pixgate itself: the URL in u leads back here.');
}

export function assertNotExpired({ event }: Request<HttpEvent>): void {
  const { exp } = (event.queryStringParameters ?? {}) as Partial<ImageOptions>;
  if (exp !== undefined) throwIfExpired(exp * 1000, Date.now());
}

/**
 * Returns a guard that counts the requests of a key.
 *
 * @param limitRate resolves to the seconds until the key may be used again, if it has been used too often
 */
export function assertRate(limitRate: (key: Key) => Promise<number | undefined> | undefined) {
  return async ({ internal }: GuardedRequest): Promise<void> => {
    const seconds = internal.apiKey && (await limitRate(internal.apiKey));
    if (seconds === undefined) return;
    throw new ImageError('RATE_LIMITED', `This key has been used too often. Try again in ${seconds} s.`, {
      headers: { 'Retry-After': String(seconds) },
    });
  };
}

/**
 * Returns a guard that checks what the key allows, adds its mark to the query, and hands the query, the key's max-age and its
 * sources on to the handler.
 *
 * @param bases of the short sources
 * @param marks by name
 */
export function assertPolicy(bases: readonly SourceBase[], marks: ReadonlyMap<string, Mark>) {
  return ({ event, context, internal }: GuardedRequest): void => {
    const { apiKey, queryGiven = new Set(), queryDerived: query } = internal;
    const restriction = apiKey && sourceRestriction(apiKey, bases);
    Object.assign(context, { query, client: apiKey?.id, maxAgeLimit: apiKey?.policy.maxAge, restriction });
    if (!apiKey || !query) return;
    const headers = { origin: getHeader(event, 'origin'), referer: getHeader(event, 'referer') };
    checkPolicy(apiKey, { options: query.options, given: queryGiven, ...headers }, bases);
    if (!hasMark(apiKey)) return;
    // Not the derived options, which have the deployment's defaults for a mark: the policy may have others.
    const { options, mark } = requireMark(apiKey, event.queryStringParameters as unknown as ImageOptions, marks);
    const marked = deriveQuery(options, mark);
    // For the guards that follow, too: none of them may lose the mark.
    Object.assign(internal, { queryDerived: marked });
    Object.assign(context, { query: marked });
  };
}

/** Formats whose bytes depend on the quality; `auto` and `origin` may choose one of them. */
const WITH_QUALITY: readonly ImageOptions['f'][] = ['auto', 'origin', 'jpg', 'webp', 'avif'];
/** The header is on or absent; it may have parameters. */
const SAVE_DATA = /^\s*on\s*(?:;|$)/i;

/**
 * Returns a guard that lowers the quality for a client that asks for less data (`Save-Data: on`), unless the query or its preset
 * says which. The quality becomes a part of the query: the image is that of the same `q`, and cached as such.
 *
 * @param presets of the deployment, as query strings
 */
export function saveData(quality: number, presets: Readonly<Record<string, string>>) {
  const withQuality = Object.keys(presets).filter((name) => /(?:^|&)q(?:uality)?=/.test(presets[name] ?? ''));
  return ({ event, context, internal }: GuardedRequest): void => {
    const { queryDerived: query, queryGiven } = internal;
    if (!query || queryGiven?.has('q') || !WITH_QUALITY.includes(query.options.f)) return;
    if (query.options.p !== undefined && withQuality.includes(query.options.p)) return;
    const isOn = SAVE_DATA.test(getHeader(event, 'save-data') ?? '');
    const lowered = isOn ? deriveQuery({ ...query.options, q: quality }, query.mark) : query;
    Object.assign(context, { query: { ...lowered, variesOnSaveData: true } });
  };
}

/** Builds the request to the image service from an event that passed all guards. */
export function toImageRequest(
  event: HttpEvent,
  { query, client = '', maxAgeLimit, restriction, getRemainingTimeInMillis }: GuardedContext,
  {
    ownHosts,
    ...service
  }: { readonly ownHosts: readonly string[]; readonly maxResponseBytes: number; readonly etagSecret: Uint8Array },
): ImageRequest {
  if (!query) throw new Error('a request whose query was not validated');
  const remainingMs = getRemainingTimeInMillis?.() ?? Number.POSITIVE_INFINITY;
  return {
    query,
    accept: getHeader(event, 'accept'),
    ifNoneMatch: getHeader(event, 'if-none-match'),
    ifModifiedSince: getHeader(event, 'if-modified-since'),
    ownHosts: [...ownHosts, ...getHosts(event)],
    ...service,
    client,
    maxAgeLimit,
    restriction,
    deadline: Date.now() + remainingMs - TIMEOUT_EARLY_MS - RENDER_MARGIN_MS,
  };
}

/** Domain names of Function URLs, which AWS sets in the event: no client can. */
const FUNCTION_URL = /\.lambda-url\./;

/**
 * Returns a guard that takes the host of the viewer's request from a header that a CDN sets, as the Host header of the event.
 *
 * @param header its name; the template lets only its distribution call the Function URL
 */
export const setViewerHost =
  (header: string) =>
  ({ event, internal }: GuardedRequest): void => {
    if (!FUNCTION_URL.test(event.requestContext?.domainName ?? '')) return;
    const host = getHeader(event, header);
    if (!host) return;
    Object.assign(event, { headers: { ...event.headers, host } });
    internal.isFromCdn = true;
  };

const hasKeyHeader = (event: HttpEvent) =>
  getHeader(event, 'authorization') !== undefined || getHeader(event, 'x-api-key') !== undefined;
const hasKeyInQuery = (event: HttpEvent) => getQuery(event).some(({ name }) => name === 'k');

/**
 * Returns a guard that makes a response private if its key was sent in a header, because a CDN would return it to requests
 * without one, or if the key may be used on some `pages` only, because a CDN would not look at those. Not if the CDN checks
 * both, as it does for all but the URLs of other resizers.
 */
export const keepPrivate =
  ({ edgeKeys }: { readonly edgeKeys: 'on' | 'off' }) =>
  ({ event, response, internal }: LoggedRequest): void => {
    const control = response?.headers['Cache-Control'];
    const { apiKey, isFromCdn, isUnchecked } = internal as GuardedRequest['internal'];
    if (!response || !control || (edgeKeys === 'on' && isFromCdn && !isUnchecked)) return;
    if (apiKey?.policy.pages || (hasKeyHeader(event) && !hasKeyInQuery(event)))
      response.headers['Cache-Control'] = privateCacheControl(control);
  };

/** Adds the key's Cache-Tag, so that a CDN can purge everything that was requested with it. */
export function addKeyCacheTag({ internal, response }: LoggedRequest): void {
  const tag = response?.headers['Cache-Tag'];
  if (response && tag && internal.apiKeyId) response.headers['Cache-Tag'] = `${tag},k-${internal.apiKeyId}`;
}

/** Measures the CPU time of the process from here on, for the log. On Lambda that is the request's: an instance has one at a time. */
export function startCpu({ internal }: GuardedRequest): void {
  internal.cpuAtStart = process.cpuUsage();
}

/** Returns the CPU milliseconds since `startCpu`, its threads included, but not the processes of SVGs. */
function cpuMs(internal: LoggedRequest['internal']): number | undefined {
  const { cpuAtStart } = internal as GuardedRequest['internal'];
  if (!cpuAtStart) return undefined;
  const { user, system } = process.cpuUsage(cpuAtStart);
  return Math.round((user + system) / 100) / 10;
}

/** Returns the fields that a handler adds to its log lines; the first line says that the function started cold. */
export function createLogFields() {
  let isColdStart = true;
  return (request: LoggedRequest) => {
    const cold_start = isColdStart;
    isColdStart = false;
    return { cold_start, cpuMs: cpuMs(request.internal), ...logFields(request) };
  };
}

/** Of the source its host, not its URL, which can contain a signature. */
function logFields({ event, response, error }: LoggedRequest) {
  const { u, w, h, q } = (event.queryStringParameters ?? {}) as Partial<ImageOptions>;
  const type = response?.headers?.['Content-Type'];
  // Before its validation a query is the caller's text, which can hold anything, a key in the wrong place too.
  if (typeof q !== 'number' || (error as Partial<ImageError> | undefined)?.code === 'QUERY_INVALID') return { type };
  const length = (side: number | string | undefined) => (/^[0-9.]{1,8}%?$/.test(`${side}`) ? side : undefined);
  const host = u === undefined ? undefined : URL.parse(u)?.hostname;
  // A name without a dot is never fetched, and may be such a key.
  return { host: host && /[.:]/.test(host) ? host : undefined, w: length(w), h: length(h), type };
}
