/** Runs a real origin server for the tests: it serves bytes on exact raw request targets, with the failures of real origins. */
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { gzipSync } from 'node:zlib';

/** The response on one request target. `framing` is how the body fails in transfer. */
export interface Route {
  readonly body?: Buffer | string;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly gzip?: boolean;
  /** Returns 304 to a conditional request whose validator matches `etag` or `last-modified`. */
  readonly revalidates?: boolean;
  /** Headers of a 304 to any conditional request. */
  readonly notModified?: Readonly<Record<string, string>>;
  readonly framing?:
    | 'stall'
    | 'silent'
    | 'chunked'
    | 'short'
    | 'chunk-cut'
    | 'length-unpacked'
    | 'close-after-then-reset'
    | 'flood'
    | 'reset-once'
    | 'drip'
    | 'upgrade';
}

const hexChunk = (bytes: Buffer) =>
  Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]);

/** Writes a response byte by byte as given, past the checks of node:http. */
function raw(
  socket: Socket,
  status: number,
  headers: Readonly<Record<string, string | number>>,
  chunks: Buffer[],
  cut: boolean,
) {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`HTTP/1.1 ${status} OK\r\n${lines.join('')}\r\n`);
  for (const chunk of chunks) socket.write(chunk);
  if (cut) setTimeout(() => socket.destroy(), 30);
  else socket.end();
}

function flood(response: ServerResponse, body: Buffer) {
  const zeros = Buffer.alloc(1 << 16);
  let remainingChunks = 20_000;
  response.write(body);
  const writeOn = () => {
    while (!response.destroyed && remainingChunks-- > 0)
      if (!response.write(zeros)) return void response.once('drain', writeOn);
    response.end();
  };
  writeOn();
}

export async function startOrigin(routes: Readonly<Record<string, Route>> = {}) {
  const table = new Map(Object.entries(routes));
  const hits = new Map<string, number>();
  const requests: IncomingMessage[] = [];
  const open = new Set<Socket>();

  const server = http.createServer((request, response) => {
    const target = request.url ?? '';
    const route = table.get(target);
    requests.push(request);
    const count = (hits.get(target) ?? 0) + 1;
    hits.set(target, count);
    if (!route) return void response.writeHead(404, { 'content-type': 'text/plain' }).end('no such route');
    const { status = 200, framing } = route;
    // By the clock of the test, which may be a fake one: Node's own `Date` is not.
    response.setHeader('date', new Date().toUTCString());
    const { etag, 'last-modified': date } = route.headers ?? {};
    const { 'if-none-match': tag, 'if-modified-since': since } = request.headers;
    if (route.revalidates && (tag === undefined ? since !== undefined && since === date : tag === etag))
      return void response.writeHead(304, route.headers).end();
    if (route.notModified && (tag ?? since) !== undefined) return void response.writeHead(304, route.notModified).end();
    const plain = Buffer.from(route.body ?? '');
    const body = route.gzip ? gzipSync(plain) : plain;
    const headers = { ...route.headers, ...(route.gzip && { 'content-encoding': 'gzip' }) };
    const half = body.subarray(0, Math.floor(body.length * 0.6));
    const length = { 'content-length': body.length };
    switch (framing) {
      case 'silent':
        return;
      case 'upgrade':
        return void request.socket.end('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n');
      case 'stall':
        response.writeHead(status, { ...headers, ...length });
        return void response.write(body.subarray(0, 64));
      case 'drip': {
        response.writeHead(status, headers);
        let at = 0;
        const timer = setInterval(() => response.write(body.subarray(at, ++at)), 50);
        return void response.once('close', () => clearInterval(timer));
      }
      case 'chunked':
        response.writeHead(status, headers);
        for (let i = 0; i < body.length; i += 500) response.write(body.subarray(i, i + 500));
        return void response.end();
      case 'short':
        return raw(request.socket, status, { ...headers, ...length }, [half], false);
      case 'length-unpacked':
        return raw(
          request.socket,
          status,
          { ...headers, 'content-length': Math.max(plain.length, body.length + 500) },
          [body],
          false,
        );
      case 'chunk-cut':
        return raw(request.socket, status, { ...headers, 'transfer-encoding': 'chunked' }, [hexChunk(half)], true);
      case 'reset-once':
        if (count === 1) return void request.socket.resetAndDestroy();
        break;
      case 'flood':
        response.writeHead(status, headers);
        return flood(response, body);
      case 'close-after-then-reset':
        setTimeout(() => request.socket.destroy(), 1000).unref();
    }
    response.writeHead(status, { ...headers, ...length });
    response.end(body);
  });
  server.on('connection', (socket) => {
    open.add(socket);
    socket.on('error', () => {}).on('close', () => open.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    /** Number of requests by target, and all requests in order. */
    hits,
    requests,
    /** Sockets that are open now. */
    open,
    set: (target: string, route: Route) => void table.set(target, route),
    close: () =>
      new Promise<void>((resolve) => {
        for (const socket of open) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
