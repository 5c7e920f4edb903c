/** Real failures of image resizers, from public bug reports: each with the request, the origin's behaviour, and what is right. */
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
let open: Awaited<ReturnType<typeof startServer>>;
let guarded: Awaited<ReturnType<typeof startServer>>;
const handler = testHandler();

beforeAll(async () => {
  origin = await startOrigin();
  // A redirect back to the origin needs the port that it got.
  for (const [route, { headers, ...rest }] of Object.entries(routes)) {
    const filled = Object.entries(headers).map(([name, value]) => [name, fill(value)]);
    origin.set(route, { ...rest, headers: Object.fromEntries(filled) });
  }
  open = await startServer(testConfig(), { log: () => {} });
  guarded = await startServer(testConfig({ SOURCE_ALLOWED_NETWORKS: '' }), { log: () => {} });
});
afterAll(async () => {
  await origin.close();
  await Promise.all([open.stop(), guarded.stop()]);
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
  return text.replace(/\{\{(\w+)\}\}/g, (whole, name: string) => values[name] ?? whole);
};

async function send({ url, event, expect: { guard } }: Case): Promise<Reply> {
  if (url) return request((guard ? guarded : open).origin, fill(url));
  return toReply(await handler(JSON.parse(fill(JSON.stringify(event))) as HttpEvent, context()));
}

async function checkImage(body: Buffer, want: Expectation) {
  const picture = await decodePixels(body);
  expect(picture).toMatchObject({
    ...(want.width && { width: want.width }),
    ...(want.height && { height: want.height }),
    ...(want.pages && { pages: want.pages }),
    ...(want.loop !== undefined && { loop: want.loop }),
    ...(want.delay && { delay: want.delay }),
    ...(want.channels && { channels: want.channels }),
  });
  expect(picture.orientation ?? 1).toBe(1);
  if (want.delayMax) expect(Math.max(...(picture.delay ?? []))).toBeLessThanOrEqual(want.delayMax);
  const frames = (want.framePixels ?? []).map((rgb, frame): Point => ({ x: 0.5, y: 0.5, frame, rgb, tol: 30 }));
  for (const point of [...(want.points ?? []), ...frames]) {
    const got = picture.at(point.x, point.y, point.frame);
    if (point.rgb && point.a !== 0)
      expect(near(got, point.rgb, point.tol ?? 30), `${got} at ${JSON.stringify(point)}`).toBe(true);
    if (point.a !== undefined) expect(Math.abs((got[3] ?? 0) - point.a)).toBeLessThanOrEqual(12);
  }
  const pixels = Array.from({ length: picture.pixels.length / 4 }, (_, i) => [
    ...picture.pixels.subarray(i * 4, i * 4 + 4),
  ]);
  const { visibleMin, softEdgeMax } = want;
  if (visibleMin)
    for (const pixel of pixels)
      if ((pixel[3] ?? 0) > visibleMin.alphaAbove)
        expect(pixel[visibleMin.channel]).toBeGreaterThanOrEqual(visibleMin.min);
  if (softEdgeMax) {
    const luma = ([r = 0, g = 0, b = 0]: number[]) => 0.3 * r + 0.59 * g + 0.11 * b;
    const soft = pixels.filter((pixel) => luma(pixel) > 100 && luma(pixel) < 235).length;
    expect(soft / pixels.length).toBeLessThanOrEqual(softEdgeMax);
  }
}

const byClass = Map.groupBy(manifest as Case[], (one) => one.class);
describe.each([...byClass])('%s', (_name, cases) => {
  test.each(cases.map((one) => [one.id, one.title, one] as const))('%s %s', async (_id, _title, one) => {
    const want = one.expect;
    const started = performance.now();
    let reply = await send(one);
    for (let again = 1; again < (want.repeat ?? 1); again++) {
      await new Promise((resolve) => setTimeout(resolve, want.pauseMs ?? 0));
      reply = await send(one);
    }
    expect(reply.status, reply.body.toString('utf8').slice(0, 300)).toBe(want.status);
    for (const [name, value] of Object.entries({ 'x-content-type-options': 'nosniff', ...want.header }))
      expect(reply.headers[name]).toContain(value);
    if (want.without) expect(reply.body.includes(want.without)).toBe(false);
    if (want.maxMs) expect(performance.now() - started).toBeLessThan(want.maxMs);
    if (want.emptyBody) {
      expect(reply.body.length).toBe(0);
      expect(reply.headers['content-length']).not.toBe('0');
    } else if (want.status === 200) {
      const type = reply.headers['content-type'];
      expect(type).toBe(typeOf(reply.body));
      if (want.type) expect([want.type].flat()).toContain(type);
      await checkImage(reply.body, want);
    } else if (want.status >= 400) {
      expect(reply.headers['content-type']).toBe('application/problem+json');
      expect(JSON.parse(reply.body.toString())).toMatchObject({
        status: want.status,
        code: expect.stringMatching(/^[A-Z_]+$/),
      });
      expect(reply.headers['cache-control']).toMatch(/^(?:no-store|public, max-age=60)$/);
    }
  });
});
