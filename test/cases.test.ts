/** Real failures of image resizers, from public bug reports: each with the request, the origin's behaviour, and the correct response. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startServer } from '../src/dev/server.ts';
import type { HttpEvent } from '../src/http/event.ts';
import manifest from './fixtures/cases/manifest.json' with { type: 'json' };
import { type Route, startOrigin } from './origin.ts';
import { decodePixels, near, typeOf } from './pixels.ts';
import { context, KEY, type Reply, request, testConfig, testHandler, toReply } from './requests.ts';

interface Point {
  x: number;
  y: number;
  frame?: number;
  rgb?: number[];
  a?: number;
  tol?: number;
}
interface Expectation {
  status: number;
  type?: string | string[];
  width?: number;
  height?: number;
  pages?: number;
  loop?: number;
  delay?: number[];
  delayMax?: number;
  channels?: number;
  points?: Point[];
  framePixels?: number[][];
  visibleMin?: { channel: number; min: number; alphaAbove: number };
  softEdgeMax?: number;
  header?: Record<string, string>;
  without?: string;
  emptyBody?: boolean;
  maxMs?: number;
  repeat?: number;
  pauseMs?: number;
  replyUses?: string;
  replyMaxBytes?: number;
  guard?: boolean;
}
interface Case {
  id: string;
  class: string;
  title: string;
  source: string[];
  url?: string;
  event?: object;
  serve?: (Omit<Route, 'body'> & {
    route: string;
    file?: string;
    body?: string;
    contentType?: string;
    gzipBombMb?: number;
  })[];
  expect: Expectation;
}

const files = new URL('./fixtures/cases/', import.meta.url);
const routes = Object.fromEntries(
  (manifest as Case[])
    .flatMap(({ serve = [] }) => serve)
    .map(({ route, file, body, contentType, gzipBombMb, ...rest }) => {
      const bytes = file
        ? readFileSync(new URL(file, files))
        : gzipBombMb
          ? Buffer.alloc(gzipBombMb << 20)
          : (body ?? '');
      const headers = { ...rest.headers, ...(contentType && { 'content-type': contentType }) };
      return [route, { ...rest, body: bytes, headers, ...(gzipBombMb && { gzip: true }) }];
    }),
);

let origin: Awaited<ReturnType<typeof startOrigin>>;
let unguarded: Awaited<ReturnType<typeof startServer>>;
let guarded: Awaited<ReturnType<typeof startServer>>;
const handler = testHandler();

beforeAll(async () => {
  origin = await startOrigin();
  // A redirect back to the origin needs its port.
  for (const [route, { headers, ...rest }] of Object.entries(routes)) {
    const filled = Object.entries(headers).map(([name, value]) => [name, fill(value)]);
    origin.set(route, { ...rest, headers: Object.fromEntries(filled) });
  }
  unguarded = await startServer(testConfig(), { log: () => {} });
  guarded = await startServer(testConfig({ SOURCE_ALLOWED_NETWORKS: '' }), { log: () => {} });
});
afterAll(async () => {
  await origin.close();
  await Promise.all([unguarded.stop(), guarded.stop()]);
});

const fill = (text: string) => {
  const encoded = encodeURIComponent(origin.url);
  const values: Record<string, string> = {
    KEY,
    ORIGIN: origin.url,
    ORIGIN_ENC: encoded,
    ORIGIN_ENC2: encodeURIComponent(encoded),
    HOSTPORT_ENC: encodeURIComponent(`127.0.0.1:${origin.port}`),
  };
  return text.replace(/\{\{(\w+)\}\}/g, (placeholder, name: string) => values[name] ?? placeholder);
};

async function send({ url, event, expect: { guard } }: Case): Promise<Reply> {
  if (url) return request((guard ? guarded : unguarded).origin, fill(url));
  return toReply(await handler(JSON.parse(fill(JSON.stringify(event))) as HttpEvent, context()));
}

async function checkImage(body: Buffer, expected: Expectation) {
  const image = await decodePixels(body);
  expect(image).toMatchObject({
    ...(expected.width && { width: expected.width }),
    ...(expected.height && { height: expected.height }),
    ...(expected.pages && { pages: expected.pages }),
    ...(expected.loop !== undefined && { loop: expected.loop }),
    ...(expected.delay && { delay: expected.delay }),
    ...(expected.channels && { channels: expected.channels }),
  });
  expect(image.orientation ?? 1).toBe(1);
  if (expected.delayMax) expect(Math.max(...(image.delay ?? []))).toBeLessThanOrEqual(expected.delayMax);
  const frames = (expected.framePixels ?? []).map((rgb, frame): Point => ({ x: 0.5, y: 0.5, frame, rgb, tol: 30 }));
  for (const point of [...(expected.points ?? []), ...frames]) {
    const actual = image.at(point.x, point.y, point.frame);
    if (point.rgb && point.a !== 0)
      expect(near(actual, point.rgb, point.tol ?? 30), `${actual} at ${JSON.stringify(point)}`).toBe(true);
    if (point.a !== undefined) expect(Math.abs((actual[3] ?? 0) - point.a)).toBeLessThanOrEqual(12);
  }
  const pixels = Array.from({ length: image.pixels.length / 4 }, (_, i) => [
    ...image.pixels.subarray(i * 4, i * 4 + 4),
  ]);
  const { visibleMin, softEdgeMax } = expected;
  if (visibleMin)
    for (const pixel of pixels)
      if ((pixel[3] ?? 0) > visibleMin.alphaAbove)
        expect(pixel[visibleMin.channel]).toBeGreaterThanOrEqual(visibleMin.min);
  if (softEdgeMax) {
    const luma = ([r = 0, g = 0, b = 0]: number[]) => 0.3 * r + 0.59 * g + 0.11 * b;
    const softPixels = pixels.filter((pixel) => luma(pixel) > 100 && luma(pixel) < 235).length;
    expect(softPixels / pixels.length).toBeLessThanOrEqual(softEdgeMax);
  }
}

const byClass = Map.groupBy(manifest as Case[], (one) => one.class);
describe.each([...byClass])('%s', (_name, cases) => {
  test.each(cases.map((one) => [one.id, one.title, one] as const))('%s %s', async (_id, _title, one) => {
    const expected = one.expect;
    const started = performance.now();
    let reply = await send(one);
    for (let sent = 1; sent < (expected.repeat ?? 1); sent++) {
      await new Promise((resolve) => setTimeout(resolve, expected.pauseMs ?? 0));
      reply = await send(one);
    }
    expect(reply.status, reply.body.toString('utf8').slice(0, 300)).toBe(expected.status);
    for (const [name, value] of Object.entries({ 'x-content-type-options': 'nosniff', ...expected.header }))
      expect(reply.headers[name]).toContain(value);
    if (expected.without) expect(reply.body.includes(expected.without)).toBe(false);
    if (expected.maxMs) expect(performance.now() - started).toBeLessThan(expected.maxMs);
    if (expected.emptyBody) {
      expect(reply.body.length).toBe(0);
      expect(reply.headers['content-length']).not.toBe('0');
    } else if (expected.status === 200) {
      const type = reply.headers['content-type'];
      expect(type).toBe(typeOf(reply.body));
      if (expected.type) expect([expected.type].flat()).toContain(type);
      await checkImage(reply.body, expected);
    } else if (expected.status >= 400) {
      expect(reply.headers['content-type']).toBe('application/problem+json');
      expect(JSON.parse(reply.body.toString())).toMatchObject({
        status: expected.status,
        code: expect.stringMatching(/^[A-Z_]+$/),
      });
      expect(reply.headers['cache-control']).toMatch(/^(?:no-store|public, max-age=60)$/);
    }
  });
});
