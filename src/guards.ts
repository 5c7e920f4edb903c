/** The small steps between the middlewares: what is refused, and what an answer and the log get beside. */
import type { Request } from '@middy/core';
import type { Context } from 'aws-lambda';
import { ImageError } from './errors.ts';
import { getHeader, getMethod, type HttpEvent, type ImageResponse } from './http/event.ts';
import { checkPolicy } from './keys/policy.ts';
import type { Key } from './keys/registry.ts';
import { throwIfExpired } from './middlewares/signature.ts';
import type { LoggedRequest } from './middlewares/types.ts';
import type { ImageOptions } from './options.ts';

/** A request whose key is known. */
export type KeyedRequest = Request<
  HttpEvent,
  ImageResponse,
  Error,
  Context,
  { apiKey?: Key; queryGiven?: ReadonlySet<string> }
>;

/** Our deadline is a second before Lambda's, whose own end would be a 502 without a word. */
export function throwTimeout(): never {
  throw new ImageError('SOURCE_TIMEOUT', 'The picture could not be made in the time that there is.');
}

export function assertMethod({ event }: Request<HttpEvent>): void {
  const method = getMethod(event);
  if (!['GET', 'HEAD', 'OPTIONS'].includes(method))
    throw new ImageError('METHOD_NOT_ALLOWED', 'Use GET, HEAD or OPTIONS.');
}

/** A request that we sent ourselves, by way of whatever lies between (RFC 8586). */
export function assertNoLoop({ event }: Request<HttpEvent>): void {
  const hops = getHeader(event, 'cdn-loop')?.split(',');
  if (hops?.some((hop) => hop.trim().split(/[\s;]/)[0] === 'pixgate'))
    throw new ImageError('SOURCE_FORBIDDEN', 'This request comes from a pixgate: the address in u leads back here.');
}

export function assertNotExpired({ event }: Request<HttpEvent>): void {
  const { exp } = (event.queryStringParameters ?? {}) as Partial<ImageOptions>;
  if (exp !== undefined) throwIfExpired(exp * 1000, Date.now());
}

/** What the key may do. How long its pictures may be kept goes on to the handler. */
export function assertPolicy({ event, context, internal }: KeyedRequest): void {
  if (!internal.apiKey || getMethod(event) === 'OPTIONS') return;
  checkPolicy(internal.apiKey, {
    options: event.queryStringParameters as unknown as ImageOptions,
    given: internal.queryGiven ?? new Set(),
    origin: getHeader(event, 'origin'),
    referer: getHeader(event, 'referer'),
  });
  Object.assign(context, { mostAge: internal.apiKey.policy.maxAge });
}

/** By which a CDN can forget all that one key has asked for. */
export function addKeyCacheTag({ internal, response }: LoggedRequest): void {
  const tag = response?.headers['Cache-Tag'];
  if (response && tag && internal.apiKeyId) response.headers['Cache-Tag'] = `${tag},k-${internal.apiKeyId}`;
}

/** What the log may know of the query: the host of the source, not its address, which can hold a signature. */
export function logFields({ event, response, error }: LoggedRequest) {
  const { u, w, h, q } = (event.queryStringParameters ?? {}) as Partial<ImageOptions>;
  const type = response?.headers?.['Content-Type'];
  // Before the query was read it is the caller's text, in which anything can stand, a key in the wrong place too.
  if (typeof q !== 'number' || (error as Partial<ImageError> | undefined)?.code === 'QUERY_INVALID') return { type };
  const length = (side: number | string | undefined) => (/^[0-9.]{1,8}%?$/.test(`${side}`) ? side : undefined);
  const host = u === undefined ? undefined : URL.parse(u)?.hostname;
  // A name without a dot is no host that is ever fetched, but may be that key.
  return { host: host && /[.:]/.test(host) ? host : undefined, w: length(w), h: length(h), type };
}
