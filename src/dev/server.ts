/** npm start: serves the handler over node:http, with the playground, sample images and docs. Needs no AWS account and no network. */

import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Config, loadConfig } from '../config.ts';
import { requestUri } from '../errors.ts';
import { createHandler, type Handler, type HandlerOptions } from '../handler.ts';
import type { HttpEvent, NodeResponse } from '../http/event.ts';
import { sha256 } from '../keys/registry.ts';
import { openStores } from '../keys/store.ts';
import { checkHost, createHostCheck } from './hosts.ts';
import { createRateLimit } from './rate-limit.ts';
import { explainStartupError } from './startup-error.ts';
import { createStatic, SAMPLES } from './static.ts';

/** The API key if none is configured. It is public: the README has it, and the page sends it to every visitor. */
const DEMO_KEY = 'myKey';

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

type FindFile = ReturnType<typeof createStatic>;

interface LocalServer {
  readonly handler: Handler;
  readonly findFile: FindFile;
  readonly isOwnHost: ReturnType<typeof createHostCheck>;
  readonly timeoutMs: number;
}

/** Responds with a static file, or with the handler's response; with 400 or 421 if it is for another host. */
async function handleRequest(
  request: IncomingMessage,
  response: ServerResponse,
  { handler, findFile, isOwnHost, timeoutMs }: LocalServer,
) {
  const { url = '', method = 'GET' } = request;
  const requestId = randomUUID();
  const problem = checkHost(request.headersDistinct.host ?? [], isOwnHost);
  if (problem) {
    const { statusCode, headers, document } = problem;
    const body = JSON.stringify({ ...document, instance: requestUri(requestId) });
    return void response.writeHead(statusCode, headers).end(body);
  }
  const file = method === 'GET' || method === 'HEAD' ? findFile(url) : undefined;
  if (file) return void response.writeHead(file.status, file.headers).end(file.body);
  const nodeResponse = await handler(toEvent(request), createContext(requestId, response, timeoutMs));
  const { statusCode, headers, body } = nodeResponse as NodeResponse;
  response.writeHead(statusCode, headers).end(body);
}

/**
 * Starts listening.
 *
 * @returns the server's origin, and `stop`: refuses new connections, finishes the requests in flight and closes the rest
 * @throws the error of `listen`: EADDRINUSE, EADDRNOTAVAIL …
 */
export async function startServer(config: Config, options: HandlerOptions = {}) {
  const server = http.createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(config.port, config.host, resolve);
  });
  const { address, family, port } = server.address() as AddressInfo;
  const host = family === 'IPv6' ? `[${address}]` : address;
  const origin = `http://${host.replace('0.0.0.0', '127.0.0.1').replace('[::]', '[::1]')}:${port}`;
  const samples = new URL('/samples/', origin).href;
  const handler = createHandler(config, { localSamplesPrefix: samples, ...options });
  const hasDemoKey = config.apiKeys.some((key) => key.sha256 === sha256(DEMO_KEY));
  const findFile = createStatic({ samples, key: hasDemoKey ? DEMO_KEY : '' });
  const isOwnHost = createHostCheck({ host: config.host, port, ownHosts: config.ownHosts });
  const local = { handler, findFile, isOwnHost, timeoutMs: config.deadline };
  const inFlight = new Set<ServerResponse>();
  server.on('request', (request, response) => {
    inFlight.add(response);
    if (!server.listening) response.shouldKeepAlive = false;
    response.once('close', () => inFlight.delete(response));
    handleRequest(request, response, local).catch((error: unknown) => {
      console.error(error);
      response.destroy();
    });
  });
  const stop = async () => {
    const closed = once(server, 'close');
    server.close();
    // Without `Connection: close` a keep-alive client would send its next request here, and lose the response.
    for (const response of inFlight) response.shouldKeepAlive = false;
    while (inFlight.size) await Promise.all([...inFlight].map((response) => once(response, 'close')));
    // The connections left have sent no complete request: browsers preconnect.
    server.closeAllConnections();
    await closed;
  };
  return { origin, stop };
}

/** Returns the message of a successful start: URLs to open, and a command for a shell. */
function greeting(origin: string, key: string): string {
  const example = `${origin}/?k=${encodeURIComponent(key).replaceAll("'", '%27')}&u=${encodeURIComponent(`${origin}/samples/landscape.jpg`)}&w=320`;
  // The page removes the key from its own URL and stores it for this server only.
  const page = `${origin}/${key === DEMO_KEY ? '' : `#k=${encodeURIComponent(key)}`}`;
  return [
    `Open ${page} in a browser: choose an image, move a slider, copy the embed code.`,
    '',
    'An image resized to 320 px:',
    `  ${example}`,
    'The same with curl:',
    `  curl -o small.jpg '${example}'`,
    'Sample images for u:',
    `  ${origin}/samples/ and ${SAMPLES.join(', ')}`,
    '',
    `Listening on ${origin}. Press Ctrl-C to stop.`,
  ].join('\n');
}

/** Returns the key of the first `id:key` pair, for the example; `KEY` for a JSON registry, which has hashes only. */
const exampleKey = (text: string) => /^\s*[A-Za-z0-9_.-]+:([^\s:,]+)/.exec(text)?.[1] ?? 'KEY';

/** Adds the content of `API_KEYS_FILE`, since only the local server may read files, or the demo key if no keys are configured. */
function withKeys({ API_KEYS_FILE: file, ...env }: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  if (file) return { ...env, API_KEYS: readFileSync(file, 'utf8') };
  const hasKeys =
    env.API_KEYS || env.API_KEYS_SSM || env.API_KEYS_SECRET || env.ALLOW_ANONYMOUS === 'on' || env.PUBLIC === 'on';
  return hasKeys ? env : { ...env, API_KEYS: `demo:${DEMO_KEY}` };
}

async function main() {
  const env = withKeys(process.env);
  const config = loadConfig(env);
  const { options, warnings } = await openStores(config, console.log);
  for (const message of [...config.warnings, ...warnings]) console.error(message);
  const { stop, origin } = await startServer(config, { ...options, limitRate: createRateLimit() });
  console.log(greeting(origin, exampleKey(env.API_KEYS ?? '')));
  const shutDown = () => {
    process.off('SIGINT', shutDown).off('SIGTERM', shutDown);
    console.log('Finishing the requests in flight. Press Ctrl-C again to stop now.');
    stop();
  };
  process.on('SIGINT', shutDown).on('SIGTERM', shutDown);
}

if (import.meta.main)
  main().catch(async (error: unknown) => {
    console.error(await explainStartupError(error));
    process.exitCode = 1;
  });
