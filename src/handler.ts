/**
 * START HERE. The whole flow on one screen: the middlewares a request passes through, and the request itself.
 * Middlewares run top-down on the way in and bottom-up on the way out, for answers and for errors.
 */
import middy, { type Request } from '@middy/core';
import type { executionModeStreamifyResponse } from '@middy/core/StreamifyResponse';
import httpErrorHandler from '@middy/http-error-handler';
import type { Context } from 'aws-lambda';
import querySchema from '../schemas/query.json' with { type: 'json' };
import { query as validate } from '../schemas/validators.js';
import type { Config } from './config.ts';
import { ImageError } from './errors.ts';
import {
  getHeader,
  getHosts,
  getMethod,
  getQuery,
  type HttpEvent,
  type HttpResult,
  type ImageResponse,
  STREAMED_LIMIT,
} from './event.ts';
import { fallbackHeaders, hasFallback, otherPicture } from './fallback.ts';
import { seconds } from './freshness.ts';
import { answerHeaders, cacheTags, contentHeaders, EVERY_ANSWER, OPTIONS_HEADERS } from './http.ts';
import { parseAddress } from './image/address.ts';
import { parseColour } from './image/colour.ts';
import type { Resolve } from './image/ssrf.ts';
import type { Key } from './keys.ts';
import { accessLog, type LoggedRequest } from './middlewares/access-log.ts';
import { apiKey } from './middlewares/api-key.ts';
import { errorMapper } from './middlewares/error-mapper.ts';
import { parameterFault, spellings } from './middlewares/query-schema.ts';
import { queryValidator } from './middlewares/query-validator.ts';
import { replyLimit, replyRoom } from './middlewares/reply-limit.ts';
import { responseSerializer } from './middlewares/response-serializer.ts';
import type { ImageOptions } from './options.ts';
import { createPictures, isNegotiated, type PictureAnswer, type PictureRequest } from './pictures.ts';
import { checkPolicy, PRESET_COMPANIONS } from './policy.ts';

/** A Lambda handler for every front door. `signal` of the context ends the work early, where an entry can tell that nobody waits. */
export type Handler = (event: HttpEvent, context: Partial<Context> & { signal?: AbortSignal }) => Promise<HttpResult>;

/** A request whose key is known. */
type KeyedRequest = Request<HttpEvent, ImageResponse, Error, Context, { apiKey?: Key }>;

/** What an entry may add to the configuration. */
export interface Extras {
  /** An address prefix that may be fetched although it is not public. */
  readonly ownSamples?: string;
  /** Takes one JSON line a request; standard output by default. */
  readonly log?: (line: string) => void;
  /** middy's mode for front doors that stream, by the entry that knows of one. */
  readonly streaming?: typeof executionModeStreamifyResponse;
  /** Whether work goes on once an answer is out; not on Lambda. */
  readonly goesOn?: boolean;
  /** The keys in force, where they can change; else those of the configuration. */
  readonly keys?: () => readonly Key[];
  /** Seconds until a key may be used again, where it has been used too often. */
  readonly limitRate?: (key: Key) => Promise<number | undefined>;
  /** Another resolver than the system's. */
  readonly resolve?: Resolve;
}

/** @param config from `loadConfig` */
export function createHandler(
  config: Config,
  { ownSamples, log = console.log, resolve, keys, limitRate, streaming, goesOn = true }: Extras = {},
): Handler {
  const pictures = createPictures(
    config,
    {
      allowedNetworks: config.sourceAllowedNetworks,
      allowedHosts: config.sourceAllowedHosts,
      allowedBuckets: config.sourceAllowedBuckets,
      ownHosts: config.ownHosts,
      ownSamples,
      resolve,
    },
    { goesOn },
  );
  const only = config.presetsOnly === 'on' ? PRESET_COMPANIONS : undefined;
  const presets = { queries: config.presets, only };

  async function image(
    event: HttpEvent,
    context: Parameters<Handler>[1] & { mostAge?: number },
    abort: { signal: AbortSignal },
  ): Promise<ImageResponse> {
    if (getMethod(event) === 'OPTIONS') return { statusCode: 204, headers: { ...OPTIONS_HEADERS }, body: '' };
    const options = event.queryStringParameters as unknown as ImageOptions;
    const left = context.getRemainingTimeInMillis?.() ?? Number.POSITIVE_INFINITY;
    const request = {
      options,
      accept: getHeader(event, 'accept'),
      ifNoneMatch: getHeader(event, 'if-none-match'),
      ifModifiedSince: getHeader(event, 'if-modified-since'),
      ownHosts: [...config.ownHosts, ...getHosts(event)],
      mostBytes: streaming ? STREAMED_LIMIT : replyRoom(event),
      mostAge: context.mostAge,
      endsAt: Date.now() + left - EARLY - MARGIN,
    };
    const signal = context.signal ? AbortSignal.any([abort.signal, context.signal]) : abort.signal;
    try {
      return respond(await pictures.get(request, signal), options);
    } catch (error) {
      return instead(error, request, signal);
    }
  }

  /** `default`, where the request has one for this cause; else the error. */
  async function instead(error: unknown, request: PictureRequest, signal: AbortSignal): Promise<ImageResponse> {
    const { options } = request;
    if (!(error instanceof ImageError)) throw error;
    if (!hasFallback(options, error) || signal.aborted) throw withVary(error, options);
    const other = { ...request, options: otherPicture(options), ifNoneMatch: undefined, ifModifiedSince: undefined };
    const found = await (options.default === '1'
      ? pictures.getBox(request, signal)
      : pictures.get(other, signal)
    ).catch((second: unknown) => {
      if (second instanceof ImageError) return undefined;
      throw second;
    });
    const picture = found?.picture;
    if (!picture) throw withVary(error, options);
    return {
      statusCode: config.fallbackStatus === '200' ? 200 : error.statusCode,
      headers: {
        ...contentHeaders(picture, { filename: options.filename, download: options.dl }),
        ...fallbackHeaders(error, found.freshness, isNegotiated(options)),
      },
      body: picture.data,
    };
  }

  async function refuseOften({ internal }: KeyedRequest): Promise<void> {
    const seconds = internal.apiKey && (await limitRate?.(internal.apiKey));
    if (seconds === undefined) return;
    throw new ImageError('RATE_LIMITED', `This key has been used too often. Try again in ${seconds} s.`, {
      headers: { 'Retry-After': String(seconds) },
    });
  }

  const mode = streaming && { executionMode: streaming };
  return middy({ ...mode, timeoutEarlyInMillis: EARLY, timeoutEarlyResponse: tooLate })
    .use(responseSerializer({ headers: EVERY_ANSWER, streaming: streaming !== undefined }))
    .use(accessLog({ write: log, fields: logFields }))
    .use(httpErrorHandler({ logger: false }))
    .use(errorMapper())
    .use(streaming ? [] : replyLimit({ elsewhere: config.streamingUrl }))
    .use(apiKey({ keys: keys ?? config.apiKeys, hosts: config.ownHosts, anonymous: config.public === 'on' }))
    .before(refuseOften)
    .before(allowMethods)
    .use(queryValidator({ schema: querySchema, validate, parsers: PARSERS, presets }))
    .before(refuseLoops)
    .before(refuseExpired)
    .before(refusePolicy)
    .after(tagKey)
    .handler(image as never) as unknown as Handler;
}

/** Milliseconds before Lambda's deadline at which ours comes, and before ours at which a picture should be done. */
const EARLY = 1000;
const MARGIN = 200;

/** A picture, or the word that the caller's copy is still good (RFC 9110, 15.4.5). */
function respond({ picture, ...answer }: PictureAnswer, options: ImageOptions): ImageResponse {
  const { timings } = answer;
  const headers = answerHeaders({ ...answer, negotiated: isNegotiated(options), tags: cacheTags(options.u) });
  if (!picture) return { statusCode: 304, headers, body: '', timings };
  const content = contentHeaders(picture, { filename: options.filename, download: options.dl });
  return { statusCode: 200, headers: { ...content, ...headers }, body: picture.data, timings };
}

/** Whether a picture is too large can depend on its format, and so on `Accept`. */
const withVary = (error: ImageError, options: ImageOptions): ImageError =>
  error.code === 'IMAGE_TOO_LARGE' && isNegotiated(options)
    ? new ImageError(error.code, error.message, { cause: error.cause, headers: { Vary: 'Accept' } })
    : error;

/** What a schema cannot say: addresses, a time with its bounds, and every colour. */
const PARSERS = {
  u: (text: string) => parseAddress(text).href,
  default: (text: string) => (text === '1' ? text : otherAddress(text)),
  maxage: (text: string) => {
    const length = seconds(text);
    if (length >= seconds('5m') && length <= seconds('1y')) return text;
    throw new ImageError('QUERY_INVALID', 'maxage must be from 5m to 1y: a number and s, m, h, d, w, M or y');
  },
  ...Object.fromEntries(
    Object.entries(querySchema.properties).flatMap(([name, property]) =>
      'format' in property && property.format === 'colour' ? [[name, colourOf(name)]] : [],
    ),
  ),
};

/** An address whose faults are told of `default`. */
function otherAddress(text: string): string {
  try {
    return parseAddress(text).href;
  } catch (error) {
    throw new ImageError('QUERY_INVALID', (error as Error).message.replace(/^u /, 'default '));
  }
}

function colourOf(name: string) {
  return (text: string) => {
    try {
      return parseColour(text);
    } catch {
      throw new ImageError('QUERY_INVALID', parameterFault(name, querySchema).detail);
    }
  };
}

/** Our deadline is a second before Lambda's, whose own end would be a 502 without a word. */
function tooLate(): never {
  throw new ImageError('SOURCE_TIMEOUT', 'The picture could not be made in the time that there is.');
}

function allowMethods({ event }: Request<HttpEvent>): void {
  const method = getMethod(event);
  if (!['GET', 'HEAD', 'OPTIONS'].includes(method))
    throw new ImageError('METHOD_NOT_ALLOWED', 'Use GET, HEAD or OPTIONS.');
}

/** A request that we sent ourselves, by way of whatever lies between (RFC 8586). */
function refuseLoops({ event }: Request<HttpEvent>): void {
  const hops = (getHeader(event, 'cdn-loop') ?? '').split(',').map((hop) => hop.trim().split(/[\s;]/)[0]);
  if (hops.includes('pixgate'))
    throw new ImageError('SOURCE_FORBIDDEN', 'This request comes from a pixgate: the address in u leads back here.');
}

function refuseExpired({ event }: Request<HttpEvent>): void {
  const { exp } = (event.queryStringParameters ?? {}) as Partial<ImageOptions>;
  if (exp !== undefined && exp * 1000 <= Date.now())
    throw new ImageError('SIGNATURE_EXPIRED', 'This address has expired: the time in exp is over.');
}

const names = spellings(querySchema);

/** What the key may do. How long its pictures may be kept goes on to the handler. */
function refusePolicy({ event, context, internal }: KeyedRequest): void {
  if (!internal.apiKey || getMethod(event) === 'OPTIONS') return;
  checkPolicy(internal.apiKey, {
    options: event.queryStringParameters as unknown as ImageOptions,
    given: new Set(getQuery(event).map(({ name }) => names.get(name) ?? name)),
    origin: getHeader(event, 'origin'),
    referer: getHeader(event, 'referer'),
  });
  Object.assign(context, { mostAge: internal.apiKey.policy.maxAge });
}

/** By which a CDN can forget all that one key has asked for. */
function tagKey({ internal, response }: LoggedRequest): void {
  const tag = response?.headers['Cache-Tag'];
  if (response && tag && internal.apiKeyId) response.headers['Cache-Tag'] = `${tag},k-${internal.apiKeyId}`;
}

/** What the log may know of the query: the host of the source, not its address, which can hold a signature. */
function logFields({ event, response }: LoggedRequest) {
  const { u, w, h, q } = (event.queryStringParameters ?? {}) as Partial<ImageOptions>;
  const type = response?.headers?.['Content-Type'];
  // Before the query was read it is the caller's text, in which anything can stand, a key in the wrong place too.
  if (typeof q !== 'number') return { type };
  const length = (side: number | string | undefined) => (/^[0-9.]{1,8}%?$/.test(`${side}`) ? side : undefined);
  return { host: u === undefined ? undefined : URL.parse(u)?.hostname, w: length(w), h: length(h), type };
}
