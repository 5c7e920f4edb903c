import { describe, expect, test } from 'vitest';
import type { Route } from '../origin.ts';
import { decodePixels } from '../pixels.ts';
import { codeOf, testHandler } from '../requests.ts';
import { BROKEN, GONE, origin, PATIENT, photo, SLOW, sourceOf, V1 } from './source.ts';

describe('default', () => {
  const cases: [string, Route, string, number][] = [
    ['not-found', GONE, 'SOURCE_NOT_FOUND', 404],
    ['timeout', SLOW, 'SOURCE_TIMEOUT', 504],
    ['timeout', BROKEN, 'SOURCE_UNAVAILABLE', 502],
    ['unsupported', { body: 'text' }, 'SOURCE_UNSUPPORTED', 415],
    ['unsupported', { body: photo.subarray(0, 300) }, 'IMAGE_CORRUPT', 422],
  ];
  test.each(cases)(
    '%s: a placeholder of the requested size, with the code of the error',
    async (cause, route, code, status) => {
      const { ask } = sourceOf(testHandler(PATIENT), route);
      const reply = await ask({ default: '1', w: 90, h: 60, f: 'png', bg: 'ff0000', dpr: 2 });
      expect([reply.status, reply.headers['pixgate-fallback']]).toEqual([status, code]);
      const image = await decodePixels(reply.body);
      expect([image.type, image.width, image.height, image.at(0.5, 0.5)]).toEqual([
        'image/png',
        180,
        120,
        [255, 0, 0, 255],
      ]);
      expect(reply.headers['cache-control']).toBe(status < 500 ? 'public, max-age=60' : 'public, max-age=10');
      // With this cause in `defaultfor`, and with the others only.
      expect((await ask({ default: '1', defaultfor: cause })).headers['pixgate-fallback']).toBe(code);
      const others = ['not-found', 'timeout', 'unsupported'].filter((one) => one !== cause).join(',');
      const error = await ask({ default: '1', defaultfor: others });
      expect([error.status, codeOf(error)]).toEqual([status, code]);
    },
  );

  test('another image, rendered by the same parameters', async () => {
    origin.set('/instead.jpg', { body: photo });
    const u = `${origin.url}/instead.jpg`;
    const { ask } = sourceOf(testHandler(), GONE);
    const reply = await ask({ default: u, w: 60, h: 60, fit: 'cover' }, { accept: 'image/webp' });
    expect([reply.status, reply.headers['content-type'], reply.headers.vary]).toEqual([404, 'image/webp', 'Accept']);
    expect(await decodePixels(reply.body)).toMatchObject({ width: 60, height: 60 });
    const ok = sourceOf(testHandler({ FALLBACK_STATUS: '200' }), GONE);
    expect((await ok.ask({ default: u })).status).toBe(200);
    expect((await ok.ask({ default: `${origin.url}/none.jpg` })).status).toBe(404);
  });

  test('not for errors of the request, nor for metadata formats', async () => {
    const { ask } = sourceOf(testHandler(), GONE);
    const typeFor = async (more: object) => (await ask({ default: '1', ...more })).headers['content-type'];
    expect(await typeFor({ w: 0 })).toBe('application/problem+json');
    expect(await typeFor({ k: 'wrong' })).toBe('application/problem+json');
    expect(await typeFor({ u: 'http://169.254.169.254/' })).toBe('application/problem+json');
    expect(await typeFor({ f: 'json' })).toBe('application/problem+json');
    expect(await typeFor({ default: 'file:///etc/passwd' })).toBe('application/problem+json');
    expect(JSON.parse((await ask({ default: 'http://u:p@x.de/' })).body.toString()).errors).toEqual([
      { parameter: 'default', detail: 'default must not contain a user name or password' },
    ]);
    // The URL of `default` is checked like that of a source.
    const inside = await ask({ default: 'http://169.254.169.254/' });
    expect([inside.status, codeOf(inside)]).toEqual([404, 'SOURCE_NOT_FOUND']);
  });

  test('not if the image is there', async () => {
    const reply = await sourceOf(testHandler(), V1).ask({ default: '1' });
    expect(reply.headers).not.toHaveProperty('pixgate-fallback');
  });

  test.each([
    [{ w: 100 }, [100, 100]],
    [{ w: 100, ar: '2:1' }, [100, 50]],
    [{ h: 100, w: '' }, undefined],
    [{ w: '50%' }, [300, 150]],
    [{ w: 50, dpr: 2, r: 10 }, [100, 100]],
  ] as const)('the size of a placeholder for %j', async (more, size) => {
    const reply = await sourceOf(testHandler(), GONE).ask({ default: '1', ...more });
    if (!size) return expect(reply.status).toBe(400);
    const { width, height } = await decodePixels(reply.body);
    expect([width, height]).toEqual(size);
  });
});

describe('a fallback image', () => {
  test('is fresh no longer than its source, and no-store if that is', async () => {
    origin.set('/secret.jpg', { body: photo, headers: { 'cache-control': 'no-store' } });
    origin.set('/short.jpg', { body: photo, headers: { 'cache-control': 'max-age=7' } });
    const { ask } = sourceOf(testHandler(), GONE);
    const control = async (more: object) => (await ask(more)).headers['cache-control'];
    expect(await control({ default: `${origin.url}/secret.jpg` })).toBe('no-store');
    expect(await control({ default: `${origin.url}/short.jpg` })).toBe('public, max-age=7');
    const exp = Math.floor(Date.now() / 1000) + 5;
    expect(await control({ default: '1', exp })).toMatch(/^public, max-age=[45]$/);
  });
  test('that fails leaves the original error', async () => {
    const reply = await sourceOf(testHandler(), GONE).ask({ default: '1', w: 8000, h: 8000 });
    expect([reply.status, codeOf(reply)]).toEqual([404, 'SOURCE_NOT_FOUND']);
  });
  test('that is a placeholder is rendered once for concurrent requests', async () => {
    const { ask } = sourceOf(testHandler({ MAX_REQUESTS: '1' }), GONE);
    await ask();
    const replies = await Promise.all(Array.from({ length: 20 }, () => ask({ default: '1', w: 1500, h: 1500 })));
    expect(new Set(replies.map(({ headers }) => headers['pixgate-fallback']))).toEqual(new Set(['SOURCE_NOT_FOUND']));
  });
});
