/** The platform's side of AWS's Runtime API, on a socket: it hands out events, takes the answers in, and holds Lambda's limits. */
import { randomUUID } from 'node:crypto';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';

/** The most bytes of the JSON of a buffered answer, as in AWS's own emulator (interop/model.go). */
export const BUFFERED_LIMIT = 6 * 1024 * 1024 + 100;

/** What has become of one event. */
export interface InvocationResult {
  readonly isStreamed: boolean;
  /** What the function has sent: JSON, or streamed, status and headers as JSON, eight zero bytes, and the body. */
  readonly bytes: Buffer;
  /** Why it is no good answer, in the platform's words, such as `Sandbox.Timedout`. */
  readonly errorType?: string | undefined;
}

interface Invocation {
  readonly id: string;
  readonly event: unknown;
  /** Milliseconds in which nothing of the answer is read, as for a slow client. */
  readonly pause: number;
  readonly end: (answer: InvocationResult) => void;
  timer?: NodeJS.Timeout;
}

const failure = (errorType: string): InvocationResult => ({ isStreamed: false, bytes: Buffer.alloc(0), errorType });

/** Takes an answer in, and says what the platform makes of it. */
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
  const told = { ...request.headers, ...request.trailers }['lambda-runtime-function-error-type'];
  return { isStreamed, bytes, errorType: isTooLarge ? 'Function.ResponseSizeTooLarge' : told?.toString() };
}

/**
 * @param options.timeout milliseconds that the function has for one event
 * @param options.onTimeout what is done to a function that has not answered by then
 */
export async function startRuntimeApi({ timeout, onTimeout }: { timeout: number; onTimeout: () => void }) {
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

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<unknown> {
    const [, id = '', what] = /\/runtime\/(?:invocation\/)?([\w-]+)\/?(\w+)?$/.exec(request.url ?? '') ?? [];
    if (id === 'next') {
      initialised.resolve(undefined);
      idle.push(response);
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
    answer(request, response).catch(() => request.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** Fulfilled when the function asks for its first event, or with its error when it cannot start. */
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
    /** Ends all that is open and all that comes: nobody will answer it any more. */
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
