/**
 * START HERE. The whole flow on one screen: the middlewares a request passes through, and the request itself.
 * Middlewares run top-down on the way in and bottom-up on the way out, for answers and for errors.
 */
import middy from '@middy/core';
import type { executionModeStreamifyResponse } from '@middy/core/StreamifyResponse';
import httpErrorHandler from '@middy/http-error-handler';
import type { Context } from 'aws-lambda';
import querySchema from '../schemas/query.json' with { type: 'json' };
import { query as validate } from '../schemas/validators.js';
import type { Config } from './config.ts';
import { ImageError } from './errors.ts';
import { fallbackHeaders, fallbackRequest, hasFallback } from './fallback.ts';
import type { Resolve } from './fetch/ssrf.ts';
import {
  addKeyCacheTag,
  assertMethod,
  assertNoLoop,
  assertNotExpired,
  assertPolicy,
  type KeyedRequest,
  logFields,
  throwTimeout,
} from './guards.ts';
import {
  type GatewayResponse,
  getHeader,
  getHosts,
  getMethod,
  type HttpEvent,
  type ImageResponse,
  MAX_STREAMED_BYTES,
} from './http/event.ts';
import { COMMON_HEADERS, contentHeaders, OPTIONS_HEADERS, representationHeaders } from './http/headers.ts';
import { type CachedResponse, createImageService, type ImageRequest, variesOnAccept } from './images.ts';
import { PRESET_COMPANIONS } from './keys/policy.ts';
import type { Key } from './keys/registry.ts';
import { accessLog } from './middlewares/access-log.ts';
import { apiKey } from './middlewares/api-key.ts';
import { errorMapper } from './middlewares/error-mapper.ts';
import { queryValidator } from './middlewares/query-validator.ts';
import { maxImageBytes, replyLimit } from './middlewares/reply-limit.ts';
import { responseSerializer } from './middlewares/response-serializer.ts';
import type { ImageOptions } from './options.ts';
import { PARSERS } from './parsers.ts';

/** A Lambda handler for every front door. `signal` of the context ends the work early, where an entry can tell that nobody waits. */
export type Handler = (
  event: HttpEvent,
  context: Partial<Context> & { signal?: AbortSignal },
) => Promise<GatewayResponse>;

/** What an entry may add to the configuration. */
export interface HandlerOptions {
  /** An address prefix that may be fetched although it is not public. */
  readonly localSamplesPrefix?: string;
  /** Takes one JSON line a request; standard output by default. */
  readonly log?: (line: string) => void;
  /** middy's mode for front doors that stream, by the entry that knows of one. */
  readonly streaming?: typeof executionModeStreamifyResponse;
  /** Whether work goes on once an answer is out; not on Lambda. */
  readonly allowBackgroundWork?: boolean;
  /** The keys in force, where they can change; else those of the configuration. */
  readonly keys?: () => readonly Key[];
  /** Seconds until a key may be used again, where it has been used too often; no promise for a key without a rate. */
  readonly limitRate?: (key: Key) => Promise<number | undefined> | undefined;
  /** Another resolver than the system's. */
  readonly resolve?: Resolve;
}

/** @deprecated `HandlerOptions` */
export type Extras = HandlerOptions;

/** @param config from `loadConfig` */
export function createHandler(
  config: Config,
  {
    localSamplesPrefix,
    log = console.log,
    resolve,
    keys,
    limitRate,
    streaming,
    allowBackgroundWork = true,
  }: HandlerOptions = {},
): Handler {
  const pictures = createImageService(
    config,
    {
      allowedNetworks: config.sourceAllowedNetworks,
      allowedHosts: config.sourceAllowedHosts,
      allowedBuckets: config.sourceAllowedBuckets,
      ownHosts: config.ownHosts,
      localSamplesPrefix,
      resolve,
    },
    { allowBackgroundWork },
  );
  const only = config.presetsOnly === 'on' ? PRESET_COMPANIONS : undefined;
  const presets = { queries: config.presets, only };

  function image(
    event: HttpEvent,
    context: Parameters<Handler>[1] & { mostAge?: number },
    abort: { signal: AbortSignal },
  ): ImageResponse | Promise<ImageResponse> {
    if (getMethod(event) === 'OPTIONS') return { statusCode: 204, headers: { ...OPTIONS_HEADERS }, body: '' };
    const options = event.queryStringParameters as unknown as ImageOptions;
    const left = context.getRemainingTimeInMillis?.() ?? Number.POSITIVE_INFINITY;
    const request = {
      options,
      accept: getHeader(event, 'accept'),
      ifNoneMatch: getHeader(event, 'if-none-match'),
      ifModifiedSince: getHeader(event, 'if-modified-since'),
      ownHosts: [...config.ownHosts, ...getHosts(event)],
      maxResponseBytes: streaming ? MAX_STREAMED_BYTES : maxImageBytes(event),
      maxAgeLimit: context.mostAge,
      deadline: Date.now() + left - TIMEOUT_EARLY_MS - RENDER_MARGIN_MS,
    };
    // Only for what takes time: for a picture that is remembered there is no signal, no promise, and no timer of middy's.
    let ending: AbortSignal | undefined;
    const signal = () => {
      const { signal: left } = context;
      ending ??= left ? AbortSignal.any([abort.signal, left]) : abort.signal;
      return ending;
    };
    const answer = pictures.get(request, signal);
    if (!(answer instanceof Promise)) return respond(answer, options);
    return answer.then(
      (made) => respond(made, options),
      (error: unknown) => instead(error, request, signal()),
    );
  }

  /** `default`, where the request has one for this cause; else the error. */
  async function instead(error: unknown, request: ImageRequest, signal: AbortSignal): Promise<ImageResponse> {
    const { options } = request;
    if (!(error instanceof ImageError)) throw error;
    if (!hasFallback(options, error) || signal.aborted) throw withVary(error, options);
    // The caller's copy is of the picture that was asked for.
    const plain = { ...request, ifNoneMatch: undefined, ifModifiedSince: undefined };
    const other = async () =>
      options.default === '1'
        ? pictures.getBox(plain, signal)
        : pictures.get({ ...plain, options: fallbackRequest(options) }, () => signal);
    const found = await other().catch((second: unknown) => {
      if (second instanceof ImageError) return undefined;
      throw second;
    });
    const picture = found?.image;
    if (!picture) throw withVary(error, options);
    return {
      statusCode: config.fallbackStatus === '200' ? 200 : error.statusCode,
      headers: {
        ...contentHeaders(picture, { filename: options.filename, download: options.dl }),
        ...fallbackHeaders(error, found.freshness, variesOnAccept(options)),
      },
      body: picture.data,
    };
  }

  const refuseOften = ({ internal }: KeyedRequest) => internal.apiKey && limitRate?.(internal.apiKey)?.then(refuseFor);
  function refuseFor(seconds: number | undefined): void {
    if (seconds === undefined) return;
    throw new ImageError('RATE_LIMITED', `This key has been used too often. Try again in ${seconds} s.`, {
      headers: { 'Retry-After': String(seconds) },
    });
  }

  let isCold = true;
  /** Whether this is the first request of this process. */
  const isFirst = () => {
    const was = isCold;
    isCold = false;
    return was;
  };
  const logging = { level: config.logLevel, service: config.serviceName, namespace: config.metricsNamespace };
  const mode = streaming && { executionMode: streaming };
  return middy({ ...mode, timeoutEarlyInMillis: TIMEOUT_EARLY_MS, timeoutEarlyResponse: throwTimeout })
    .use(responseSerializer({ headers: COMMON_HEADERS, streaming: streaming !== undefined }))
    .use(accessLog({ write: log, fields: (request) => ({ cold_start: isFirst(), ...logFields(request) }), ...logging }))
    .use(httpErrorHandler({ logger: false }))
    .use(errorMapper())
    .use(streaming ? [] : replyLimit({ elsewhere: config.streamingUrl }))
    .use(apiKey({ keys: keys ?? config.apiKeys, hosts: config.ownHosts, anonymous: config.public === 'on' }))
    .before(refuseOften)
    .before(assertMethod)
    .use(queryValidator({ schema: querySchema, validate, parsers: PARSERS, presets }))
    .before(assertNoLoop)
    .before(assertNotExpired)
    .before(assertPolicy)
    .after(addKeyCacheTag)
    .handler(image as never) as unknown as Handler;
}

/** Milliseconds before Lambda's deadline at which ours comes, and before ours at which a picture should be done. */
const TIMEOUT_EARLY_MS = 1000;
const RENDER_MARGIN_MS = 200;

/** A picture, or the word that the caller's copy is still good (RFC 9110, 15.4.5). */
function respond({ image: picture, ...answer }: CachedResponse, options: ImageOptions): ImageResponse {
  const { timings } = answer;
  const headers = representationHeaders({ ...answer, negotiated: variesOnAccept(options) });
  if (!picture) return { statusCode: 304, headers, body: '', timings };
  const content = contentHeaders(picture, { filename: options.filename, download: options.dl });
  return { statusCode: 200, headers: { ...content, ...headers }, body: picture.data, timings };
}

/** Whether a picture is too large can depend on its format, and so on `Accept`. */
const withVary = (error: ImageError, options: ImageOptions): ImageError =>
  error.code === 'IMAGE_TOO_LARGE' && variesOnAccept(options)
    ? new ImageError(error.code, error.message, { cause: error.cause, headers: { Vary: 'Accept' } })
    : error;
