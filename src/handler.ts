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
import { getHeader, getHosts, getMethod, type HttpEvent, type HttpResult, type ImageResponse } from './event.ts';
import { EVERY_ANSWER, OPTIONS_HEADERS, pictureHeaders } from './http.ts';
import { parseAddress } from './image/address.ts';
import { parseColour } from './image/colour.ts';
import { createDrawing } from './image/drawing.ts';
import { createGate } from './image/gate.ts';
import { resize } from './image/resize.ts';
import { fetchSource } from './image/source.ts';
import type { Resolve } from './image/ssrf.ts';
import { accessLog, type LoggedRequest } from './middlewares/access-log.ts';
import { apiKey } from './middlewares/api-key.ts';
import { errorMapper } from './middlewares/error-mapper.ts';
import { parameterFault } from './middlewares/query-schema.ts';
import { queryValidator } from './middlewares/query-validator.ts';
import { replyLimit } from './middlewares/reply-limit.ts';
import { responseSerializer } from './middlewares/response-serializer.ts';
import type { ImageOptions } from './options.ts';

/** A Lambda handler for every front door. `signal` of the context ends the work early, where an entry can tell that nobody waits. */
export type Handler = (event: HttpEvent, context: Partial<Context> & { signal?: AbortSignal }) => Promise<HttpResult>;

/** What an entry may add to the configuration. */
export interface Extras {
  /** An address prefix that may be fetched although it is not public. */
  readonly ownSamples?: string;
  /** Takes one JSON line a request; standard output by default. */
  readonly log?: (line: string) => void;
  /** Another resolver than the system's. */
  readonly resolve?: Resolve;
}

/** @param config from `loadConfig` */
export function createHandler(config: Config, { ownSamples, log = console.log, resolve }: Extras = {}): Handler {
  const gate = createGate(config);
  const draw = createDrawing(config);
  const sources = {
    allowedNetworks: config.sourceAllowedNetworks,
    allowedHosts: config.sourceAllowedHosts,
    allowedBuckets: config.sourceAllowedBuckets,
    ownSamples,
    resolve,
  };

  const only = config.presetsOnly === 'on' ? ['k', 'u', 'p', 'dpr'] : undefined;
  const presets = { queries: config.presets, only };

  async function image(
    event: HttpEvent,
    context: { signal?: AbortSignal },
    abort: { signal: AbortSignal },
  ): Promise<ImageResponse> {
    if (getMethod(event) === 'OPTIONS') return { statusCode: 204, headers: { ...OPTIONS_HEADERS }, body: '' };
    const options = event.queryStringParameters as unknown as ImageOptions;
    const accept = getHeader(event, 'accept');
    const signal = context.signal ? AbortSignal.any([abort.signal, context.signal]) : abort.signal;
    const ownHosts = [...config.ownHosts, ...getHosts(event)];
    const result = await gate.admit(async () => {
      const source = await fetchSource(new URL(options.u), { ...sources, ownHosts }, config, signal);
      const drawn = source.format === 'svg' ? draw : resize;
      return gate.decode(() => drawn({ source, options, accept, limits: config }, signal), signal);
    });
    const { f, explain, filename, dl: download } = options;
    const policy = { maxAge: config.resultMaxAge, negotiated: f === 'auto' || explain, filename, download };
    const headers = pictureHeaders(result, policy);
    return { statusCode: 200, headers, body: result.data };
  }

  return middy({ timeoutEarlyInMillis: 1000, timeoutEarlyResponse: tooLate })
    .use(responseSerializer({ headers: EVERY_ANSWER }))
    .use(accessLog({ write: log, fields: logFields }))
    .use(httpErrorHandler({ logger: false }))
    .use(errorMapper())
    .use(replyLimit())
    .use(apiKey({ keys: config.apiKeys }))
    .before(allowMethods)
    .use(queryValidator({ schema: querySchema, validate, parsers: PARSERS, presets }))
    .before(refuseLoops)
    .handler(image as never) as unknown as Handler;
}

/** What a schema cannot say: an address, and every colour. */
const PARSERS = {
  u: (text: string) => parseAddress(text).href,
  ...Object.fromEntries(
    Object.entries(querySchema.properties).flatMap(([name, property]) =>
      'format' in property && property.format === 'colour' ? [[name, colourOf(name)]] : [],
    ),
  ),
};

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

/** What the log may know of the query: the host of the source, not its address, which can hold a signature. */
function logFields({ event, response }: LoggedRequest) {
  const { u, w, h } = (event.queryStringParameters ?? {}) as Partial<ImageOptions>;
  const type = response?.headers?.['Content-Type'];
  return { host: u === undefined ? undefined : URL.parse(u)?.hostname, w, h, type };
}
