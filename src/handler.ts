/**
 * START HERE. The whole flow on one screen: the middlewares that a request passes through, and the request itself.
 * Middlewares run top-down on the way in and bottom-up on the way out, for responses and for errors.
 */
import middy from '@middy/core';
import type { executionModeStreamifyResponse } from '@middy/core/StreamifyResponse';
import httpErrorHandler from '@middy/http-error-handler';
import type { Context } from 'aws-lambda';
import { toImageResponse } from './cache/response.ts';
import { compat } from './compat/middleware.ts';
import { type Config, sourcePolicy } from './config.ts';
import { respondWithFallback } from './fallback.ts';
import type { HostHeaders } from './fetch/source-headers.ts';
import { matchesHost } from './fetch/source-url.ts';
import type { Resolve } from './fetch/ssrf.ts';
import {
  addKeyCacheTag,
  assertMethod,
  assertNoLoop,
  assertNotExpired,
  assertPath,
  assertPolicy,
  assertRate,
  createLogFields,
  dropIgnored,
  type GuardedContext,
  keepPrivate,
  saveData,
  setViewerHost,
  startCpu,
  TIMEOUT_EARLY_MS,
  throwTimeout,
  toImageRequest,
} from './guards.ts';
import {
  type GatewayResponse,
  getMethod,
  type HttpEvent,
  type ImageResponse,
  MAX_STREAMED_BYTES,
} from './http/event.ts';
import { COMMON_HEADERS, OPTIONS_HEADERS } from './http/headers.ts';
import type { Mark } from './image/mark.ts';
import { createImageService } from './images.ts';
import { PRESET_COMPANIONS } from './keys/policy.ts';
import { etagSecret, type Key } from './keys/registry.ts';
import { accessLog } from './middlewares/access-log.ts';
import { apiKey } from './middlewares/api-key.ts';
import { errorMapper } from './middlewares/error-mapper.ts';
import { queryValidator } from './middlewares/query-validator.ts';
import { maxImageBytes, responseLimit } from './middlewares/response-limit.ts';
import { responseSerializer } from './middlewares/response-serializer.ts';
import { queryRules } from './query-rules.ts';

/** A Lambda handler for every event source. An entry point that can tell that the client has left aborts `signal` of the context. */
export type Handler = (
  event: HttpEvent,
  context: Partial<Context> & { signal?: AbortSignal },
) => Promise<GatewayResponse>;

/** What an entry point may add to the configuration. */
export interface HandlerOptions {
  /** A URL prefix that may be fetched although its IP address is not public: the samples of the local server. */
  readonly localSamplesPrefix?: string;
  /** Takes one JSON line per request; standard output by default. */
  readonly log?: (line: string) => void;
  /** middy's execution mode, for event sources that stream responses. */
  readonly streaming?: typeof executionModeStreamifyResponse;
  /** Whether work may go on after the response; not on Lambda. */
  readonly allowBackgroundWork?: boolean;
  /** Bytes of memory that this process has; those of the machine or the container by default. */
  readonly memory?: number | undefined;
  /** Returns the current keys if they can change; those of the configuration by default. */
  readonly keys?: () => readonly Key[];
  /** Returns the current headers for origins if they can change; those of the configuration by default. */
  readonly sourceHeaders?: () => readonly HostHeaders[];
  /** The marks of the configuration, from `loadMarks`. */
  readonly marks?: readonly Mark[];
  /** Returns the seconds until a key may be used again, if it has been used too often. */
  readonly limitRate?: (key: Key) => Promise<number | undefined> | undefined;
  /** A resolver of host names in the place of the system's. */
  readonly resolve?: Resolve;
}

/** @deprecated `HandlerOptions` */
export type Extras = HandlerOptions;

/**
 * @param config from `loadConfig`
 * @throws TypeError if a mark of the configuration is not among the options, or a preset is invalid
 */
export function createHandler(
  config: Config,
  {
    localSamplesPrefix,
    log = console.log,
    resolve,
    keys: currentKeys = () => config.apiKeys,
    sourceHeaders = () => config.sourceHeaders,
    marks: loadedMarks = [],
    limitRate,
    streaming,
    allowBackgroundWork = true,
    memory,
  }: HandlerOptions = {},
): Handler {
  const { ownHosts } = config;
  const marks = new Map(loadedMarks.map((mark) => [mark.name, mark]));
  const unread = config.marks.find(({ name }) => !marks.has(name));
  if (unread) throw new TypeError(`The mark ${unread.name} was not read: pass the marks of loadMarks to createHandler`);
  const onRequests = config.logLevel === 'debug' ? logRequests(config.serviceName, log) : undefined;
  const policy = { ...sourcePolicy(config), localSamplesPrefix, resolve, onRequests };
  const images = createImageService(config, policy, { allowBackgroundWork, memory, sourceHeaders });

  async function image(
    event: HttpEvent,
    context: GuardedContext & { signal?: AbortSignal },
    { signal: timeout }: { signal: AbortSignal },
  ): Promise<ImageResponse> {
    if (getMethod(event) === 'OPTIONS') return { statusCode: 204, headers: { ...OPTIONS_HEADERS }, body: '' };
    const maxResponseBytes = streaming ? MAX_STREAMED_BYTES : maxImageBytes(event);
    const service = { ownHosts, maxResponseBytes, etagSecret: etagSecret(currentKeys()) };
    const request = toImageRequest(event, context, service);
    const { signal: disconnect } = context;
    const signal = disconnect ? AbortSignal.any([timeout, disconnect]) : timeout;
    try {
      return toImageResponse(await images.get(request, signal), request.query);
    } catch (error) {
      return respondWithFallback(error, request, images, { signal, status: config.fallbackStatus });
    }
  }

  const rules = queryRules(config, marks);
  const presets = { ...rules.presets, only: config.presetsOnly === 'on' ? PRESET_COMPANIONS : undefined };
  const logging = { level: config.logLevel, service: config.serviceName, namespace: config.metricsNamespace };
  const authenticate = apiKey({ keys: currentKeys, hosts: ownHosts, anonymous: config.allowAnonymous === 'on' });
  const isListed = (url: URL) => config.sourceAllowedHosts.some((pattern) => matchesHost(url, pattern));
  const oldUrls = config.compat.length ? compat(config.compat, currentKeys, isListed) : undefined;
  const mode = streaming && { executionMode: streaming };
  return middy({ ...mode, timeoutEarlyInMillis: TIMEOUT_EARLY_MS, timeoutEarlyResponse: throwTimeout })
    .use(responseSerializer({ headers: COMMON_HEADERS, streaming: streaming !== undefined }))
    .use(config.keyUsage === 'on' ? { before: startCpu } : [])
    .use(accessLog({ write: log, fields: createLogFields(), ...logging }))
    .use({ after: keepPrivate(config), onError: keepPrivate(config) })
    .use(oldUrls ? ({ after: oldUrls.respond, onError: oldUrls.respond } as never) : [])
    .use(httpErrorHandler({ logger: false }))
    .use(errorMapper({ respond: false }))
    .use(streaming ? [] : responseLimit({ streamingUrl: config.streamingUrl }))
    .before(dropIgnored(config.queryIgnored))
    .use(config.viewerHostHeader ? { before: setViewerHost(config.viewerHostHeader) as never } : [])
    .use(oldUrls?.authenticate(authenticate) ?? authenticate)
    .use(limitRate ? { before: assertRate(limitRate) } : [])
    .before(assertMethod)
    .before(assertPath)
    .use(oldUrls ? { before: oldUrls.rewrite as never } : [])
    .use(queryValidator({ ...rules, presets }))
    .before(assertNoLoop)
    .before(assertNotExpired)
    .before(assertPolicy(config.sourceBases, marks))
    .use(config.saveDataQuality === undefined ? [] : { before: saveData(config.saveDataQuality, config.presets) })
    .after(addKeyCacheTag)
    .handler(image as never) as unknown as Handler;
}

/** Returns a function that logs the requests of a fetch. They have no request id: several requests may wait for one fetch. */
const logRequests = (service: string, log: (line: string) => void) => (requests: string) =>
  log(JSON.stringify({ level: 'DEBUG', message: 'fetch', timestamp: new Date().toISOString(), service, requests }));
