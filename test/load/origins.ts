/** Runs the origin servers, good and bad, in a process of their own, which can be killed and restarted on the same port. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { type Route, startOrigin } from '../origin.ts';

export const GOOD = ['landscape.jpg', 'turned.jpg', 'cat.webp', 'logo.svg'] as const;

/** Small files that decode to huge images. */
const BOMBS = [
  'avif-9000sq-flat.avif',
  'gif-10k-frames-2000sq.gif',
  'gif-16383sq-full-frame.gif',
  'jpeg-65535sq-sof0.jpg',
  'jpeg-97-scans-6300sq.jpg',
  'jpeg-scan-bomb-6300sq.jpg',
  'png-16383sq-1bit-palette.png',
  'png-50000x50000-header.png',
  'png-iccp-bomb.png',
  'png-idat-bomb.png',
  'svg-billion-laughs.svg',
  'svg-use-bomb.svg',
  'svgz-bomb.svgz',
  'tiff-50000x40000-deflate.tif',
  'webp-16383sq-flat.webp',
  'webp-anim-1000sq-5000f.webp',
];
const FAILURES = ['silent', 'stall', 'drip', 'short', 'chunk-cut', 'reset', '500', 'page', 'gzip-bomb', 'inward'];
/** Every second bad source is a bomb. */
export const BAD = BOMBS.flatMap((name, i) => [FAILURES[i % FAILURES.length] ?? '', name]);
/** URLs of each bad source: enough that one is repeated only when its error is no longer cached. */
export const VARIANTS = 500;
/** Additional URLs, which the load does not request. */
export const SPARE = 64;

const read = (path: string) => readFileSync(new URL(path, import.meta.url));

function badRoutes(): Record<string, Route> {
  const photo = read('../../src/dev/samples/landscape.jpg');
  return {
    silent: { framing: 'silent' },
    stall: { body: photo, framing: 'stall' },
    drip: { body: photo, framing: 'drip' },
    short: { body: photo, framing: 'short' },
    'chunk-cut': { body: photo, framing: 'chunk-cut' },
    reset: { body: photo, framing: 'reset-once' },
    '500': { status: 500, body: 'Internal Server Error' },
    page: { body: '<!doctype html><title>Not an image</title>', headers: { 'content-type': 'text/html' } },
    'gzip-bomb': {
      body: gzipSync(Buffer.concat([photo, Buffer.alloc(60 << 20)])),
      headers: { 'content-encoding': 'gzip' },
    },
    inward: { status: 302, headers: { location: 'http://10.0.0.1/' } },
    ...Object.fromEntries(BOMBS.map((name) => [name, { body: read(`../fixtures/hostile/images/${name}`) }])),
  };
}

/** Serves the samples: a path with any query. */
function serveGood(port: number) {
  const files = new Map<string, Buffer>(GOOD.map((name) => [`/${name}`, read(`../../src/dev/samples/${name}`)]));
  const server = http.createServer(({ url = '' }, response) => {
    const body = files.get(url.split('?')[0] ?? '');
    response.writeHead(body ? 200 : 404, { etag: `"${url}"`, 'cache-control': 'max-age=3600' }).end(body);
  });
  return server.listen(port, '127.0.0.1');
}

async function serve(port: number) {
  const server = serveGood(port);
  await once(server, 'listening');
  const bad = await startOrigin();
  for (const [name, route] of Object.entries(badRoutes()))
    for (let i = 0; i < VARIANTS + SPARE; i++) bad.set(`/${name}?${i}`, route);
  // The helper stores every request for other tests; here they would fill the memory.
  setInterval(() => bad.requests.splice(0), 1000);
  process.on('message', () => server.getConnections((_, good) => process.send?.(good + bad.open.size)));
  process.on('disconnect', () => process.exit());
  process.send?.({ good: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, bad: bad.url });
}

/** @param port of the good origin; 0 for any */
export async function startOrigins(port = 0) {
  const child = fork(new URL(import.meta.url), [String(port)], { execArgv: [] });
  const [urls] = (await once(child, 'message')) as [{ good: string; bad: string }];
  return {
    ...urls,
    /** Counts the open sockets. */
    open: async () => {
      const [reply] = await Promise.all([once(child, 'message'), child.send('open')]);
      return reply[0] as number;
    },
    /** Kills the process at once, like a crash. */
    kill: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}

export type Origins = Awaited<ReturnType<typeof startOrigins>>;

if (import.meta.main) await serve(Number(process.argv[2]));
