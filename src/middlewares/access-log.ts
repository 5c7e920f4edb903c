import type { MiddlewareObj, Request } from '@middy/core';
import type { Context } from 'aws-lambda';
import { getMethod, type HttpEvent, type ImageResponse } from '../event.ts';
import { embedMetrics } from './metrics.ts';

export type LoggedRequest = Request<
  HttpEvent,
  ImageResponse,
  Error,
  Context,
  { apiKeyId?: string; startedAt?: number }
>;

/** One line of the log. Fields that a request does not have are left out. */
export type LogLine = Readonly<Record<string, string | number | boolean | undefined>>;

/** From the least to the most serious. */
const LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type Level = (typeof LEVELS)[number];

/** A bug, what failed elsewhere, and everything else: a caller's fault is no event of the service. */
const levelOf = (status: number): Level => (status === 500 ? 'error' : status > 500 ? 'warn' : 'info');

export interface AccessLogOptions {
  /** Takes the finished line, without its end. */
  readonly write: (line: string) => void;
  /** More fields, of the request as the last middleware left it. */
  readonly fields?: (request: LoggedRequest) => LogLine;
  /** Lines of a lower level are left out; their metrics are not. `debug` also tells the causes of callers' errors. */
  readonly level?: Level;
  readonly service?: string;
  /** CloudWatch's namespace for metrics; without one there are none. */
  readonly namespace?: string | undefined;
}

/**
 * Writes one JSON line a request, whatever its end: level, request id, key id, method, status, error code, bytes out,
 * milliseconds, what they were spent on where the answer tells it, and what `fields` adds; the general fields by the names
 * of AWS Powertools. A bug's stack goes into the same line. No query, no key, no header of the request.
 *
 * @throws TypeError in the factory, when an option is not what it must be
 * @example middy().use(accessLog({ write: console.log })).handler(…)
 */
export function accessLog(options: AccessLogOptions): MiddlewareObj<HttpEvent> {
  const { write, fields = () => ({}), level = 'info', service = 'pixgate', namespace } = options;
  if (typeof write !== 'function') throw new TypeError('accessLog: write must be a function');
  if (typeof fields !== 'function') throw new TypeError('accessLog: fields must be a function');
  if (!LEVELS.includes(level)) throw new TypeError(`accessLog: level must be one of ${LEVELS.join(', ')}`);

  const accessLogBefore = (request: LoggedRequest) => {
    request.internal.startedAt = performance.now();
  };

  const toLine = (request: LoggedRequest) => {
    const { event, context, internal, error, response } = request;
    const { code, statusCode = 500 } = (error ?? {}) as { code?: string; statusCode?: number };
    const status = response?.statusCode ?? statusCode;
    const method = getMethod(event);
    const cause = error?.cause;
    return {
      level: levelOf(status).toUpperCase(),
      message: [method, status, code].filter(Boolean).join(' '),
      timestamp: new Date().toISOString(),
      service,
      function_request_id: context.awsRequestId,
      keyId: internal.apiKeyId,
      method,
      status,
      code,
      ...fields(request),
      ...rounded(response?.timings),
      bytesOut: response?.body === undefined ? undefined : Buffer.byteLength(response.body),
      ms: Math.round((performance.now() - Number(internal.startedAt)) * 10) / 10,
      remainingMs: context.getRemainingTimeInMillis?.(),
      cause:
        cause instanceof Error && (status >= 500 || level === 'debug')
          ? explain(cause, code === 'INTERNAL')
          : undefined,
    };
  };

  const log = (request: LoggedRequest) => {
    const line = toLine(request);
    const isShown = LEVELS.indexOf(levelOf(line.status)) >= LEVELS.indexOf(level);
    const metrics = namespace === undefined ? undefined : embedMetrics(line, { namespace }, Date.now());
    if (isShown || metrics) write(JSON.stringify({ ...(isShown ? line : { service }), ...metrics }));
  };

  return { before: accessLogBefore, after: log, onError: log };
}

/** Milliseconds to a tenth. */
const rounded = (timings: Readonly<Record<string, number | string>> = {}) =>
  Object.fromEntries(
    Object.entries(timings).map(([name, time]) => [name, typeof time === 'number' ? Math.round(time * 10) / 10 : time]),
  );

/** Messages only, down the chain of causes; an error object can carry the whole address in a property. */
function explain(error: Error, withStack: boolean): string {
  const own = (withStack && error.stack) || `${error.name}: ${error.message}`;
  return error.cause instanceof Error ? `${own} <- ${explain(error.cause, withStack)}` : own;
}
