/** Serves the platform's side of AWS's Runtime API on a socket: hands out events, takes responses, and enforces Lambda's limits. */
import { randomUUID } from 'node:crypto';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';

/** Maximum bytes of the JSON of a buffered response, as in AWS's own emulator (interop/model.go). */
export const BUFFERED_LIMIT = 6 * 1024 * 1024 + 100;

/** The result of one invocation. */
export interface InvocationResult {
  readonly isStreamed: boolean;
  /** Bytes from the function: JSON; or, if streamed, status and headers as JSON, eight zero bytes, and the body. */
  readonly bytes: Buffer;
  /** The platform's error type, such as `Sandbox.Timedout`; undefined on success. */
  readonly errorType?: string | undefined;
}

interface Invocation {
  readonly id: string;
  readonly event: unknown;
  /** Milliseconds before the response is read, as for a slow client. */
  readonly pause: number;
  readonly end: (result: InvocationResult) => void;
  timer?: NodeJS.Timeout;
}

const failure = (errorType: string): InvocationResult => ({ isStreamed: false, bytes: Buffer.alloc(0), errorType });

/** Reads a response, and returns the platform's result. */
async function readResponse(
  request: IncomingMessage,
  response: ServerResponse,
  pause: number,
): Promise<InvocationResult> {
  await setTimeout(pause);
  const isStreamed = request.headers['lambda-runtime-function-response-mode'] === 'streaming';
  const bytes = await buffer(request);
  const isTooLarge = !isStreamed && bytes.length > BUFFERED_LIMIT;
  response.writeHead(isTooLarge ? 413 : 202, { 'content-type': 'application/json' }).end('{}');
  const errorHeader = { ...request.headers, ...request.trailers }['lambda-runtime-function-error-type'];
  return { isStreamed, bytes, errorType: isTooLarge ? 'Function.ResponseSizeTooLarge' : errorHeader?.toString() };
}

/**
 * @param options.timeout milliseconds that the function has for one event
 * @param options.onTimeout called if the function has not responded by then
 * @param options.workers how many requests for an event to wait for: one of each worker
 */
export async function startRuntimeApi(options: { timeout: number; onTimeout: () => void; workers: number }) {
  const { timeout, onTimeout, workers } = options;
  const idle: ServerResponse[] = [];
  const waiting: Invocation[] = [];
  const running = new Map<string, Invocation>();
  let abandoned: string | undefined;
  const initialised = Promise.withResolvers<object | undefined>();

  function handOut(): void {
    const response = waiting.length ? idle.shift() : undefined;
    const invocation = response && waiting.shift();
    if (!invocation) return;
    running.set(invocation.id, invocation);
    invocation.timer = globalThis.setTimeout(() => {
      invocation.end(failure('Sandbox.Timedout'));
      onTimeout();
    }, timeout);
    const headers = {
      'content-type': 'application/json',
      'lambda-runtime-aws-request-id': invocation.id,
      'lambda-runtime-deadline-ms': String(Date.now() + timeout),
      'lambda-runtime-invoked-function-arn': 'arn:aws:lambda:us-east-1:123456789012:function:pixgate',
    };
    response.writeHead(200, headers).end(JSON.stringify(invocation.event));
  }

  async function handleRequest(request: IncomingMessage, response: ServerResponse): Promise<unknown> {
    const [, id = '', what] = /\/runtime\/(?:invocation\/)?([\w-]+)\/?(\w+)?$/.exec(request.url ?? '') ?? [];
    if (id === 'next') {
      idle.push(response);
      if (idle.length >= workers) initialised.resolve(undefined);
      return handOut();
    }
    if (id === 'init' && what === 'error') {
      initialised.resolve(JSON.parse((await buffer(request)).toString()));
      return response.writeHead(202).end('{}');
    }
    const invocation = running.get(id);
    if (!invocation) return response.writeHead(404).end();
    invocation.end(await readResponse(request, response, invocation.pause));
  }

  const server = http.createServer((request, response) => {
    handleRequest(request, response).catch(() => request.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** Resolves when each worker has requested its first event, or with the init error. */
    initialised: initialised.promise,
    invoke(event: unknown, { pause = 0 }: { pause?: number } = {}): Promise<InvocationResult> {
      const { promise, resolve } = Promise.withResolvers<InvocationResult>();
      const invocation: Invocation = { id: randomUUID(), event, pause, end: resolve };
      if (abandoned) resolve(failure(abandoned));
      else waiting.push(invocation);
      handOut();
      return promise.finally(() => {
        clearTimeout(invocation.timer);
        running.delete(invocation.id);
      });
    },
    /** Fails all open and further invocations: the function has ended. */
    abandon(errorType: string): void {
      abandoned = errorType;
      for (const { end } of [...running.values(), ...waiting.splice(0)]) end(failure(errorType));
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
