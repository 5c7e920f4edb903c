/** npm start: the same handler behind node:http, with samples to try it on. No account and no network are needed. */

import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Config, loadConfig } from '../config.ts';
import type { HttpEvent, HttpResult } from '../event.ts';
import { createHandler, type Extras, type Handler } from '../handler.ts';
import { openRegistry } from '../key-store.ts';
import { openapi } from './openapi.ts';
import { createRateLimit } from './rate.ts';

const SAMPLES = new URL('./samples/', import.meta.url);
/** Read when the server starts, so that nothing is read while it serves. */
const samples = new Map(
  readdirSync(SAMPLES)
    .filter((name) => !name.endsWith('.md'))
    .map((name) => [`/samples/${name}`, readFileSync(new URL(name, SAMPLES))]),
);

const OPENAPI = JSON.stringify(openapi());

/** A request as a Function URL's event (payload v2): the query byte for byte, header names in lower case, repeated ones joined. */
export function toEvent({ method = 'GET', url = '/', headers }: IncomingMessage): HttpEvent {
  const [rawPath = '/', ...query] = url.split('?');
  const joined = Object.entries(headers).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join(', ') : value,
  ]);
  return {
    version: '2.0',
    rawPath,
    rawQueryString: query.join('?'),
    headers: Object.fromEntries(joined),
    requestContext: { http: { method, path: rawPath } },
  } as HttpEvent;
}

function send(response: ServerResponse, { statusCode, headers, body, isBase64Encoded }: HttpResult): void {
  response.writeHead(statusCode, headers);
  response.end(isBase64Encoded ? Buffer.from(body, 'base64') : body);
}

/** A context whose time runs out as a Lambda's would, and whose signal tells that the client went away. */
function contextFor(response: ServerResponse, deadline: number) {
  const end = Date.now() + deadline;
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  return { signal: gone.signal, getRemainingTimeInMillis: () => end - Date.now() };
}

async function answer(request: IncomingMessage, response: ServerResponse, handler: Handler, config: Config) {
  const { url = '' } = request;
  // Without a type: whoever fetches a sample learns what it is from its bytes, as the resizer does with any origin.
  if (url.startsWith('/samples/')) return void response.writeHead(samples.has(url) ? 200 : 404).end(samples.get(url));
  if (url === '/openapi.json') return void response.writeHead(200, { 'Content-Type': 'application/json' }).end(OPENAPI);
  send(response, await handler(toEvent(request), contextFor(response, config.deadline)));
}

/** Starts listening. `stop` answers what is in work, and then ends. @throws when the port is taken */
export async function startServer(config: Config, extras: Extras = {}) {
  const server = http.createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(config.port, config.host, resolve);
  });
  const { address, family, port } = server.address() as AddressInfo;
  const host = family === 'IPv6' ? `[${address}]` : address;
  const origin = `http://${host.replace('0.0.0.0', '127.0.0.1').replace('[::]', '[::1]')}:${port}`;
  const handler = createHandler(config, { ownSamples: new URL('/samples/', origin).href, ...extras });
  const inWork = new Set<ServerResponse>();
  server.on('request', (request, response) => {
    inWork.add(response);
    response.once('close', () => inWork.delete(response));
    answer(request, response, handler, config).catch((error: unknown) => {
      console.error(error);
      response.destroy();
    });
  });
  const stop = async () => {
    const closed = once(server, 'close');
    server.close();
    await Promise.all([...inWork].map((response) => once(response, 'close')));
    // What is left has sent no request, or only half of one: browsers open connections in advance.
    server.closeAllConnections();
    await closed;
  };
  return { origin, stop };
}

/** Where a person can click, and one line for a shell. */
function greeting(origin: string, key: string): string {
  const example = `${origin}/?k=${encodeURIComponent(key).replaceAll("'", '%27')}&u=${encodeURIComponent(`${origin}/samples/landscape.jpg`)}&w=320`;
  return [
    'A picture at 320 px, to click:',
    `  ${example}`,
    'The same by curl:',
    `  curl -o small.jpg '${example}'`,
    'More pictures for u:',
    ...[...samples.keys()].map((path) => `  ${origin}${path}`),
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
  return isSet ? env : { ...env, API_KEYS: 'demo:myKey' };
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

function explain(error: unknown): string {
  const { code, port, address, message } = error as {
    code?: string;
    port?: number;
    address?: string;
    message?: string;
  };
  if (code === 'EADDRINUSE')
    return `Port ${port} is in use. Choose another: PORT=${Number(port) + 1} npm start, or PORT=0 for any free one.`;
  if (code === 'EADDRNOTAVAIL')
    return `HOST=${address} is not an address of this machine. HOST=0.0.0.0 listens on all.`;
  return message ?? String(error);
}

if (import.meta.main)
  main().catch((error: unknown) => {
    console.error(explain(error));
    process.exitCode = 1;
  });
