/** Requests without a size: an error that names `w=100%`, or the image at its own size. */
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startOrigin } from './origin.ts';
import { decodePixels } from './pixels.ts';
import { context, KEY, testHandler, toReply } from './requests.ts';

let origin: Awaited<ReturnType<typeof startOrigin>>;
const photo = await sharp({
  create: {
    width: 300,
    height: 200,
    channels: 3,
    background: '#888',
    noise: { type: 'gaussian', mean: 128, sigma: 30 },
  },
})
  .jpeg({ quality: 98 })
  .toBuffer();
beforeAll(async () => {
  origin = await startOrigin({ '/a.jpg': { body: photo } });
});
afterAll(() => origin.close());

const requester = (env: Record<string, string>) => {
  const handler = testHandler(env);
  return async (query: string, headers = {}) => {
    const rawQueryString = `k=${KEY}&u=${encodeURIComponent(`${origin.url}/a.jpg`)}${query}`;
    return toReply(await handler({ rawQueryString, headers, requestContext: { http: { method: 'GET' } } }, context()));
  };
};

test('a size is required by default, and the error names the one that keeps that of the source', async () => {
  const { status, body } = await requester({})('');
  expect(status).toBe(400);
  expect(JSON.parse(body.toString()).errors).toEqual([
    { parameter: 'w', detail: 'w is required (or h): w=100% keeps the size of the source' },
  ]);
});

test('and that size is the one', async () =>
  expect(await decodePixels((await requester({})('&w=100%25')).body)).toMatchObject({ width: 300, height: 200 }));

describe('SIZE_REQUIRED=off', () => {
  const request = requester({ SIZE_REQUIRED: 'off' });
  test('u alone is the image at its own size, optimised', async () => {
    const { status, headers, body } = await request('');
    expect([status, headers['content-type']]).toEqual([200, 'image/jpeg']);
    expect(body.length).toBeLessThan(photo.length / 2);
    expect(await decodePixels(body)).toMatchObject({ width: 300, height: 200 });
    expect((await request('', { accept: 'image/webp' })).headers['content-type']).toBe('image/webp');
  });
  test('a ratio, a fit or an aspect ratio without a size is the same entry of the cache', async () => {
    const { headers } = await request('&f=png');
    for (const query of ['&dpr=2&f=png', '&fit=contain&f=png', '&f=png&ar=1:1', '&we&f=png']) {
      const same = await request(query);
      expect(same.headers.etag).toBe(headers.etag);
      expect(same.headers['server-timing']).toContain('desc=hit');
    }
  });
  test('other parameters apply at that size', async () => {
    expect(await decodePixels((await request('&ro=90&f=png')).body)).toMatchObject({ width: 200, height: 300 });
    expect(await decodePixels((await request('&dpr=2&pad=10&f=png')).body)).toMatchObject({ width: 340, height: 240 });
  });
  test('an invalid or unknown parameter is still an error', async () => {
    expect((await request('&w=0')).status).toBe(400);
    expect((await request('&zoom=2')).status).toBe(400);
  });
  test('limits of the deployment still hold', async () => {
    const limited = requester({ SIZE_REQUIRED: 'off', RESULT_MAX_PIXELS: '50000' });
    expect((await limited('')).status).toBe(413);
  });
});
