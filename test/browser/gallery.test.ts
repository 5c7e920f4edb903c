/** A page with more images than a function has instances, as on the page *A gallery of 100 images*. */
import { readFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasBrowser, useBrowser } from './chromium.ts';

const { visit, sample, origin } = useBrowser();
const page = readFileSync(new URL('../../src/docs/gallery.md', import.meta.url), 'utf8');
const [, script = ''] = /```html\n([\s\S]*?)```/.exec(page) ?? [];
/** Chromium opens six connections to a host over HTTP/1.1. */
const INSTANCES = 2;

describe.runIf(hasBrowser)('a gallery, with fewer instances than images', () => {
  let throttled = 0;
  let running = 0;
  /** Instances have no response until there is a throttle: a fast one would be free again before the next request. */
  let full = Promise.withResolvers<void>();
  /** As Lambda behind CloudFront: a 429 at once if no instance is free. */
  const lambda = http.createServer(async (request, response) => {
    if (running === INSTANCES) {
      throttled++;
      full.resolve();
      return void response.writeHead(429, { 'Content-Type': 'application/json' }).end('{"Message":"Rate Exceeded."}');
    }
    running++;
    await full.promise;
    const reply = await fetch(origin() + request.url, { headers: { accept: 'image/webp' } });
    const body = Buffer.from(await reply.arrayBuffer());
    running--;
    response.writeHead(reply.status, { 'Content-Type': reply.headers.get('content-type') ?? '' }).end(body);
  });
  beforeAll(() => new Promise<void>((done) => lambda.listen(0, '127.0.0.1', done)));
  afterAll(() => new Promise((done) => lambda.close(done).closeAllConnections()));

  const images = () => {
    const { port } = lambda.address() as AddressInfo;
    const url = (i: number) =>
      `http://127.0.0.1:${port}/?k=myKey&u=${encodeURIComponent(sample('landscape.jpg'))}&w=${i + 20}`;
    return Array.from({ length: 24 }, (_, i) => `<img src="${url(i)}" srcset="${url(i)} 1x" alt="">`).join('');
  };
  const shown = () => [...document.images].filter(({ complete, naturalWidth }) => complete && naturalWidth > 0).length;

  test('without a script, some stay broken; with that of the page, all are shown', async () => {
    const plain = await visit(images());
    const before = throttled;
    expect(before).toBeGreaterThan(0);
    expect(await plain.evaluate(shown)).toBe(24 - before);
    full = Promise.withResolvers();
    const patient = await visit(script + images());
    await expect.poll(() => patient.evaluate(shown), { timeout: 20_000 }).toBe(24);
    expect(throttled).toBeGreaterThan(before);
  });
});
