/**
 * START HERE. The whole flow on one screen: the middlewares a request passes through, and the request itself.
 * Middlewares run top-down on the way in and bottom-up on the way out, for answers and for errors.
 */
import middy, { type Request } from '@middy/core';
import httpErrorHandler from '@middy/http-error-handler';
import type { Context } from 'aws-lambda';
import querySchema from '../schemas/query.json' with { type: 'json' };
import { query as validate } from '../schemas/validators.js';
import type { Config } from './config.ts';
import { ImageError } from './errors.ts';
import { getHeader, getMethod, type HttpEvent, type HttpResult, type ImageResponse } from './event.ts';
import { EVERY_ANSWER, OPTIONS_HEADERS, pictureHeaders } from './http.ts';
import { resize } from './image/resize.ts';
import { fetchSource } from './image/source.ts';
import { parseAddress } from './image/ssrf.ts';
import { accessLog, type LoggedRequest } from './middlewares/access-log.ts';
import { apiKey } from './middlewares/api-key.ts';
import { errorMapper } from './middlewares/error-mapper.ts';
import { queryValidator } from './middlewares/query-validator.ts';
import { responseSerializer } from './middlewares/response-serializer.ts';
import type { ImageOptions } from './options.ts';

/** A Lambda handler for every front door. `signal` of the context ends the work early, where an entry can tell that nobody waits. */
export type Handler = (event: HttpEvent, context: Partial<Context> & { signal?: AbortSignal }) => Promise<HttpResult>;

/**
 * @param config from `loadConfig`
 * @param extras.ownSamples an address prefix that may be fetched although it is not public
 * @param extras.log takes one JSON line a request
 */
export function createHandler(
  config: Config,
  extras: { ownSamples?: string; log?: (line: string) => void } = {},
): Handler {
  const { ownSamples, log = console.log } = extras;
  const policy = { allowedNetworks: config.sourceAllowedNetworks, ...(ownSamples && { ownSamples }) };

  async function image(
    event: HttpEvent,
    context: { signal?: AbortSignal },
    abort: { signal: AbortSignal },
  ): Promise<ImageResponse> {
    if (getMethod(event) === 'OPTIONS') return { statusCode: 204, headers: { ...OPTIONS_HEADERS }, body: '' };
    const options = event.queryStringParameters as unknown as ImageOptions;
    const signal = context.signal ? AbortSignal.any([abort.signal, context.signal]) : abort.signal;
    const source = await fetchSource(new URL(options.u), policy, config, signal);
    const { data, type } = await resize(source, options, getHeader(event, 'accept'), config);
    const negotiated = options.f === 'auto';
    const headers = pictureHeaders({ type, bytes: data.length, maxAge: config.resultMaxAge, negotiated });
    return { statusCode: 200, headers, body: data };
  }

  return middy({ timeoutEarlyInMillis: 1000, timeoutEarlyResponse: tooLate })
    .use(responseSerializer({ headers: EVERY_ANSWER }))
    .use(accessLog({ write: log, fields: logFields }))
    .use(httpErrorHandler({ logger: false }))
    .use(errorMapper())
    .before(allowMethods)
    .use(apiKey({ keys: config.apiKeys }))
    .use(queryValidator({ schema: querySchema, validate, parsers: { u: (text) => parseAddress(text).href } }))
    .handler(image as never) as unknown as Handler;
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

/** What the log may know of the query: the host of the source, not its address, which can hold a signature. */
function logFields({ event, response }: LoggedRequest) {
  const { u, w, h } = (event.queryStringParameters ?? {}) as Partial<ImageOptions>;
  const type = response?.headers?.['Content-Type'];
  return { host: u === undefined ? undefined : URL.parse(u)?.hostname, w, h, type };
}
