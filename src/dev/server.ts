/** npm start: the same handler behind node:http, with a page and samples to try it on. No account and no network are needed. */

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { type Config, loadConfig } from '../config.ts';
import { createHandler, type Handler, type HandlerOptions } from '../handler.ts';
import type { HttpEvent, NodeResponse } from '../http/event.ts';
import { sha256 } from '../keys/registry.ts';
import { openRegistry } from '../keys/store.ts';
import { createRateLimit } from './rate-limit.ts';
import { createStatic, SAMPLES } from './static.ts';

/** The key that is there to be tried, where no other is set. It stands in the README: whoever opens the page may have it. */
const DEMO_KEY = 'myKey';

/** A request as a Function URL's event (payload v2). Node has put the names of headers in lower case, and joined repeated ones. */
export function toEvent({ method = 'GET', url = '/', headers }: IncomingMessage): HttpEvent {
  const [rawPath = '/', ...query] = url.split('?');
  return {
    rawPath,
    rawQueryString: query.join('?'),
    headers: headers as Record<string, string>,
    requestContext: { http: { method }, path: rawPath, isLocal: true },
  };
}

/** A context whose time runs out as a Lambda's would, and whose signal, made where it is asked for, tells that the client went away. */
function contextFor(response: ServerResponse, deadline: number) {
  const end = Date.now() + deadline;
  return {
    get signal() {
      const gone = new AbortController();
      if (response.closed) gone.abort();
      response.once('close', () => response.writableFinished || gone.abort());
      return gone.signal;
    },
    getRemainingTimeInMillis: () => end - Date.now(),
  };
}

type Serve = ReturnType<typeof createStatic>;

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { handler, serve, deadline }: { handler: Handler; serve: Serve; deadline: number },
) {
  const { url = '', method = 'GET' } = request;
  const file = method === 'GET' || method === 'HEAD' ? serve(url) : undefined;
  if (file) return void response.writeHead(file.status, file.headers).end(file.body);
  const result = await handler(toEvent(request), contextFor(response, deadline));
  const { statusCode, headers, body } = result as NodeResponse;
  response.writeHead(statusCode, headers).end(body);
}

/** Starts listening. `stop` answers what is in work, and then ends. @throws when the port is taken */
export async function startServer(config: Config, extras: HandlerOptions = {}) {
  const server = http.createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(config.port, config.host, resolve);
  });
  const { address, family, port } = server.address() as AddressInfo;
  const host = family === 'IPv6' ? `[${address}]` : address;
  const origin = `http://${host.replace('0.0.0.0', '127.0.0.1').replace('[::]', '[::1]')}:${port}`;
  const samples = new URL('/samples/', origin).href;
  const handler = createHandler(config, { localSamplesPrefix: samples, ...extras });
  const hasDemoKey = config.apiKeys.some((key) => key.sha256 === sha256(DEMO_KEY));
  const serve = createStatic({ samples, key: hasDemoKey ? DEMO_KEY : '' });
  const inWork = new Set<ServerResponse>();
  server.on('request', (request, response) => {
    inWork.add(response);
    if (!server.listening) response.shouldKeepAlive = false;
    response.once('close', () => inWork.delete(response));
    answer(request, response, { handler, serve, deadline: config.deadline }).catch((error: unknown) => {
      console.error(error);
      response.destroy();
    });
  });
  const stop = async () => {
    const closed = once(server, 'close');
    server.close();
    // A client that keeps its connection would send the next request on it, and be cut off at its answer.
    for (const response of inWork) response.shouldKeepAlive = false;
    while (inWork.size) await Promise.all([...inWork].map((response) => once(response, 'close')));
    // What is left has sent no request, or only half of one: browsers open connections in advance.
    server.closeAllConnections();
    await closed;
  };
  return { origin, stop };
}

/** Where a person can click, and one line for a shell. */
function greeting(origin: string, key: string): string {
  const example = `${origin}/?k=${encodeURIComponent(key).replaceAll("'", '%27')}&u=${encodeURIComponent(`${origin}/samples/landscape.jpg`)}&w=320`;
  // The page takes the key out of its address, and gives it to nobody else.
  const page = `${origin}/${key === DEMO_KEY ? '' : `#k=${encodeURIComponent(key)}`}`;
  return [
    `Open ${page} in a browser: pick a picture, move a slider, copy the line for your page.`,
    '',
    'A picture at 320 px, to click:',
    `  ${example}`,
    'The same by curl:',
    `  curl -o small.jpg '${example}'`,
    'Pictures for u:',
    `  ${origin}/samples/ and ${SAMPLES.join(', ')}`,
    '',
    `pixgate answers at ${origin}. Ctrl-C stops it.`,
  ].join('\n');
}

/** The key of the first `id:key` pair: of others only a hash is known. */
const exampleKey = (text: string) => /^\s*[A-Za-z0-9_.-]+:([^\s:,]+)/.exec(text)?.[1] ?? 'KEY';

/** `API_KEYS_FILE` is read here, since only the local server may read files; without any keys there is one to try. */
function readEnvironment({ API_KEYS_FILE: file, ...env }: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  if (file) return { ...env, API_KEYS: readFileSync(file, 'utf8') };
  const isSet = env.API_KEYS || env.API_KEYS_SSM || env.API_KEYS_SECRET || env.PUBLIC === 'on';
  return isSet ? env : { ...env, API_KEYS: `demo:${DEMO_KEY}` };
}

async function main() {
  const env = readEnvironment(process.env);
  const config = loadConfig(env);
  const keys = await openRegistry(config, console.log);
  const { stop, origin } = await startServer(config, { ...(keys && { keys }), limitRate: createRateLimit() });
  console.log(greeting(origin, exampleKey(env.API_KEYS ?? '')));
  const end = () => {
    process.off('SIGINT', end).off('SIGTERM', end);
    console.log('Stopping. Ctrl-C again stops at once.');
    stop();
  };
  process.on('SIGINT', end).on('SIGTERM', end);
}

/** A port that is free now, near to one that is not. */
async function freePort(near: number, host: string): Promise<number> {
  for (const port of [near + 1, near + 2, near + 3, near + 4, near + 5, 0]) {
    const server = net.createServer();
    server.listen(port > 65535 ? 0 : port, host);
    const found = await once(server, 'listening').then(
      () => (server.address() as AddressInfo).port,
      () => undefined,
    );
    server.close();
    if (found !== undefined) return found;
  }
  return 0;
}

async function explain(error: unknown): Promise<string> {
  const {
    code,
    port = 0,
    address = '',
    message,
  } = error as { code?: string; port?: number; address?: string; message?: string };
  if (code === 'EADDRINUSE')
    return `Port ${port} is in use. Another is free: PORT=${await freePort(port, address)} npm start`;
  if (code === 'EADDRNOTAVAIL')
    return `HOST=${address} is not an address of this machine. HOST=0.0.0.0 listens on all.`;
  return message ?? String(error);
}

if (import.meta.main)
  main().catch(async (error: unknown) => {
    console.error(await explain(error));
    process.exitCode = 1;
  });
