import type { MiddlewareObj } from '@middy/core';
import schemas from '../../schemas/middlewares.json' with { type: 'json' };
import { getMethod, type HttpEvent } from '../http/event.ts';
import { checkOptions } from './check-options.ts';
import { embedMetrics } from './metrics.ts';
import type { AccessLogOptions } from './options.ts';
import type { LoggedRequest } from './types.ts';

export type { LoggedRequest, LogLine } from './types.ts';

/** From the least to the most serious. */
const LEVELS = schemas.accessLog.properties.level.enum;
type Level = NonNullable<AccessLogOptions['level']>;

/** A bug, what failed elsewhere, and everything else: a caller's fault is no event of the service. */
const levelOf = (status: number): Level => (status > 500 ? 'warn' : status === 500 ? 'error' : 'info');

/**
 * Writes one JSON line a request, whatever its end: level, request id, key id, method, status, error code, bytes out,
 * milliseconds, what they were spent on where the answer tells it, and what `fields` adds; the general fields by the names
 * of AWS Powertools. A bug's stack goes into the same line. No query, no key, no header of the request.
 *
 * Costs 2 µs a request, with metrics 3 (medians of `npm run bench:middlewares`), and what `write` takes.
 *
 * @throws TypeError in the factory, when an option is not what it must be; nothing at a request
 * @example
 * import middy from '@middy/core';
 * import { accessLog } from 'pixgate/middlewares/access-log';
 * const handler = middy()
 *   .use(accessLog({ write: (line) => console.log(JSON.parse(line).message) }))
 *   .handler(() => ({ statusCode: 200, body: 'hello' }));
 * await handler({ httpMethod: 'GET' }, {}); // → GET 200
 */
export function accessLog(options: AccessLogOptions): MiddlewareObj<HttpEvent> {
  const { write, fields, level, service, namespace } = checkOptions<AccessLogOptions, 'level' | 'service'>(
    'accessLog',
    options,
  );

  const accessLogBefore = (request: LoggedRequest) => {
    request.internal.startedAt = performance.now();
  };

  const toLine = (request: LoggedRequest) => {
    const { event, context, internal, error, response } = request;
    const now = performance.now();
    const { code, statusCode, cause } = (error ?? {}) as { code?: string; statusCode?: number; cause?: unknown };
    const status = response?.statusCode ?? statusCode ?? 500;
    const method = getMethod(event);
    // One that nobody has mapped is the cause itself.
    const reason = statusCode === undefined ? error : cause;
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
      ...fields?.(request),
      ...roundTimings(response?.timings),
      bytesOut: method === 'HEAD' ? 0 : bytesOf(response?.body),
      // A middleware above can have failed before this one was reached.
      ms: round1(now - (internal.startedAt ?? now)),
      remainingMs: context.getRemainingTimeInMillis?.(),
      // Of a faulty query the cause is the caller's own text.
      cause:
        reason instanceof Error && (status >= 500 || (level === 'debug' && status !== 400))
          ? formatCauses(reason, status === 500)
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

/** A stream has been handed over already, and nobody has counted it. */
const bytesOf = (body: unknown) =>
  typeof body === 'string' || body instanceof Uint8Array ? Buffer.byteLength(body) : undefined;

const round1 = (ms: number) => Math.round(ms * 10) / 10;

const roundTimings = (timings: Readonly<Record<string, number | string>> = {}) =>
  Object.fromEntries(
    Object.entries(timings).map(([name, time]) => [name, typeof time === 'number' ? round1(time) : time]),
  );

/** Messages only, down the chain of causes; an error object can carry the whole address in a property, and one of AWS's SDK in its message. */
function formatCauses(error: Error, withStack: boolean): string {
  if ('$metadata' in error) return error.name;
  const own = (withStack && error.stack) || `${error.name}: ${error.message}`;
  return error.cause instanceof Error ? `${own} <- ${formatCauses(error.cause, withStack)}` : own;
}
