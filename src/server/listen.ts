/** Serves the handler over node:http: of the local server (`npm start`) and of containers (`server.mjs`). */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import http, { type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import type { Config } from '../config.ts';
import { requestUri } from '../errors.ts';
import type { Handler } from '../handler.ts';
import type { HttpEvent, NodeResponse } from '../http/event.ts';
import { checkHost, type createHostCheck } from './hosts.ts';

export interface StaticFile {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

/** What a server responds with. */
export interface Site {
  readonly handler: Handler;
  /** Returns the file at a request target; undefined for a request to the image handler. */
  readonly findFile: (
    target: string,
    headers: IncomingHttpHeaders,
  ) => StaticFile | undefined | Promise<StaticFile | undefined>;
  /** Responds to a request that sends something; undefined for a request to the image handler. */
  readonly receive?: (request: IncomingMessage) => Promise<StaticFile> | undefined;
  readonly isOwnHost: ReturnType<typeof createHostCheck>;
}

/** Converts a request to a Function URL event (payload v2). Node has lower-cased header names and joined repeated headers already. */
export function toEvent({ method = 'GET', url = '/', headers }: IncomingMessage): HttpEvent {
  const [rawPath = '/', ...query] = url.split('?');
  return {
    rawPath,
    rawQueryString: query.join('?'),
    headers: headers as Record<string, string>,
    requestContext: { http: { method }, path: rawPath, isLocal: true },
  };
}

/**
 * Returns a Lambda context. `signal` aborts when the client disconnects; it is created on access.
 *
 * @param timeoutMs milliseconds until `getRemainingTimeInMillis` reaches 0
 */
function createContext(awsRequestId: string, response: ServerResponse, timeoutMs: number) {
  const deadline = Date.now() + timeoutMs;
  return {
    awsRequestId,
    get signal() {
      const disconnect = new AbortController();
      if (response.closed) disconnect.abort();
      response.once('close', () => response.writableFinished || disconnect.abort());
      return disconnect.signal;
    },
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
}

/** Responds with a static file, or with the handler's response; with 400 or 421 if it is for another host. */
async function handleRequest(
  request: IncomingMessage,
  response: ServerResponse,
  { handler, findFile, receive, isOwnHost }: Site,
  timeoutMs: number,
) {
  const { url = '', method = 'GET' } = request;
  const requestId = randomUUID();
  const problem = checkHost(request.headersDistinct.host ?? [], isOwnHost);
  if (problem) {
    const { statusCode, headers, document } = problem;
    const body = JSON.stringify({ ...document, instance: requestUri(requestId) });
    return void response.writeHead(statusCode, headers).end(body);
  }
  const isRead = method === 'GET' || method === 'HEAD';
  const file = await (isRead ? findFile(url, request.headers) : receive?.(request));
  if (file) return void response.writeHead(file.status, file.headers).end(file.body);
  const nodeResponse = await handler(toEvent(request), createContext(requestId, response, timeoutMs));
  const { statusCode, headers, body } = nodeResponse as NodeResponse;
  response.writeHead(statusCode, headers).end(body);
}

/** Milliseconds that an idle connection stays open: longer than proxies keep one (60 s), which would otherwise use one that closes. */
const KEEP_ALIVE_MS = 65_000;

/**
 * Starts listening.
 *
 * @param createSite gets the origin of this server, its port, and whether `stop` was called
 * @returns the server's origin, and `stop`: serves new connections for `drainMs`, each for one request, then refuses them, finishes
 *   the requests in flight and closes the rest
 * @throws the error of `listen`: EADDRINUSE, EADDRNOTAVAIL …
 */
export async function listen(
  config: Pick<Config, 'host' | 'port' | 'deadline'>,
  createSite: (server: { origin: string; port: number; isStopping: () => boolean }) => Site,
) {
  const server = http.createServer({ keepAliveTimeout: KEEP_ALIVE_MS });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(config.port, config.host, resolve);
  });
  const { address, family, port } = server.address() as AddressInfo;
  const host = family === 'IPv6' ? `[${address}]` : address;
  const origin = `http://${host.replace('0.0.0.0', '127.0.0.1').replace('[::]', '[::1]')}:${port}`;
  let stopping = false;
  const site = createSite({ origin, port, isStopping: () => stopping });
  const inFlight = new Set<ServerResponse>();
  server.on('request', (request, response) => {
    inFlight.add(response);
    if (stopping) response.shouldKeepAlive = false;
    response.once('close', () => inFlight.delete(response));
    handleRequest(request, response, site, config.deadline).catch((error: unknown) => {
      console.error(error);
      response.destroy();
    });
  });
  const stop = async (drainMs = 0) => {
    stopping = true;
    // Without `Connection: close` a keep-alive client would send its next request here, and lose the response.
    for (const response of inFlight) response.shouldKeepAlive = false;
    if (drainMs) await setTimeout(drainMs);
    const closed = once(server, 'close');
    server.close();
    while (inFlight.size) await Promise.all([...inFlight].map((response) => once(response, 'close')));
    // The connections left have sent no complete request: browsers preconnect.
    server.closeAllConnections();
    await closed;
  };
  return { origin, stop };
}

/** Adds the content of `API_KEYS_FILE`, which on Lambda is no setting: only a server may read files. @throws Error of `readFileSync` */
export const withKeysFile = ({ API_KEYS_FILE: file, ...env }: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  file ? { ...env, API_KEYS: readFileSync(file, 'utf8') } : env;

/** Calls `stop` at the first SIGINT or SIGTERM; a second one ends the process at once. */
export function stopAtSignal(stop: () => void): void {
  const stopOnce = () => {
    process.off('SIGINT', stopOnce).off('SIGTERM', stopOnce);
    stop();
  };
  process.on('SIGINT', stopOnce).on('SIGTERM', stopOnce);
}
