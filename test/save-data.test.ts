/** `Save-Data: on`: a lower quality, `Vary`, and one cache entry for each image, in the function and behind CloudFront. */
import { createHash } from 'node:crypto';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createCdn } from './generate/edge-cdn.ts';
import { edge, eventOf } from './generate/edge-runtime.ts';
import { startOrigin } from './origin.ts';
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
  origin = await startOrigin({ '/a.jpg': { body: photo, headers: { 'cache-control': 'public, max-age=600' } } });
});
afterAll(() => origin.close());
const source = () => encodeURIComponent(`${origin.url}/a.jpg`);

const ON = { 'save-data': 'on' };
const requester = (env: Record<string, string>) => {
  const handler = testHandler(env);
  return async (query: string, headers: Record<string, string> = {}) =>
    toReply(
      await handler(
        {
          rawQueryString: `k=${KEY}&u=${source()}&w=200${query}`,
          headers,
          requestContext: { http: { method: 'GET' } },
        },
        context(),
      ),
    );
};

describe('SAVE_DATA_QUALITY', () => {
  const request = requester({ SAVE_DATA_QUALITY: '40', PRESETS: 'fine=quality=90;plain=we=1' });

  test('a client that saves data gets the image of that quality, from the same cache entry', async () => {
    const [plain, saved, explicit] = [await request(''), await request('', ON), await request('&q=40')];
    expect(saved.body.length).toBeLessThan(0.7 * plain.body.length);
    expect(saved.headers.etag).toBe(explicit.headers.etag);
    expect(explicit.headers['server-timing']).toContain('desc=hit');
    expect(saved.headers.etag).not.toBe(plain.headers.etag);
  });

  test.each([
    ['', 'Accept, Save-Data'],
    ['&f=jpg', 'Save-Data'],
    ['&p=plain', 'Accept, Save-Data'],
    ['&f=webp', 'Save-Data'],
    ['&f=png', undefined],
    ['&f=color', undefined],
    ['&f=json', undefined],
    ['&q=80', 'Accept'],
    ['&q=70&f=jpg', undefined],
    ['&p=fine', 'Accept'],
  ])('%s varies on %s, whatever the client asks for', async (query, vary) => {
    for (const headers of [ON, {}]) {
      const { status, headers: given } = await request(query, headers);
      expect([status, given.vary]).toEqual([200, vary]);
    }
    const isLower = (await request(query, ON)).headers.etag !== (await request(query)).headers.etag;
    expect(isLower).toBe(/Save-Data/.test(String(vary)));
  });

  test('a 304 and a fallback vary as the image does', async () => {
    const { headers } = await request('', ON);
    const current = await request('', { ...ON, 'if-none-match': headers.etag ?? '' });
    expect([current.status, current.headers.vary]).toEqual([304, 'Accept, Save-Data']);
    const limited = requester({ SAVE_DATA_QUALITY: '40', SOURCE_MAX_PIXELS: '100' });
    const fallback = await limited('&default=1', ON);
    expect(fallback.headers).toMatchObject({ 'pixgate-fallback': 'IMAGE_TOO_LARGE', vary: 'Accept, Save-Data' });
  });

  test.each(['on', 'ON', ' on ', 'on; foo=1'])('%j is on', async (value) =>
    expect((await request('', { 'save-data': value })).headers.etag).toBe((await request('&q=40')).headers.etag),
  );
  test.each(['off', '', '1', 'once', '?1'])('%j is not', async (value) =>
    expect((await request('', { 'save-data': value })).headers.etag).toBe((await request('&q=80')).headers.etag),
  );

  test('unset: the header is ignored', async () => {
    const off = requester({});
    const [plain, saved] = [await off(''), await off('', ON)];
    expect([saved.headers.etag, saved.headers.vary]).toEqual([plain.headers.etag, 'Accept']);
  });
  test('a quality above the default is refused at the start', () =>
    expect(() => testHandler({ SAVE_DATA_QUALITY: '81' })).toThrow(
      'SAVE_DATA_QUALITY must be a whole number from 1 to 80',
    ));
});

describe('behind CloudFront', () => {
  test.each([
    ['u=x&w=8', 'on'],
    ['u=x&w=8&f=jpeg', 'on'],
    ['u=x&p=a', 'on'],
    ['u=x&w=8&q=80', undefined],
    ['u=x&w=8&quality=40', undefined],
    ['u=x&w=8&f=png', undefined],
    ['f=json&u=x', undefined],
    ['exp=9&k=id&s=AAAA&u=x&w=8', 'on'],
    ['exp=9&k=id&s=AAAA&u=x&w=8&quality=9', undefined],
  ])('the edge forwards the header of %s as %s', async (query, value) => {
    const raw = query.includes('s=AAAA') ? query : `k=${KEY}&${query}`;
    expect((await edge(eventOf(raw, { 'save-data': 'On;x=1' }))).headers['save-data']?.value).toBe(value);
    expect((await edge(eventOf(raw, { 'save-data': 'off' }))).headers['save-data']).toBeUndefined();
  });

  test('two cache entries where the image differs, one elsewhere', async () => {
    const cdn = createCdn({ edgeKeys: 'off', saveDataQuality: '40' });
    cdn.push([{ id: 'tester', sha256: createHash('sha256').update(KEY).digest('hex') }]);
    const get = (query: string, headers = {}) => cdn.get(`k=${KEY}&u=${source()}&w=200${query}`, headers);
    const [plain, saved] = [await get(''), await get('', ON)];
    expect([plain.isHit, saved.isHit]).toEqual([false, false]);
    expect(saved.body.length).toBeLessThan(0.7 * plain.body.length);
    expect((await get('', { 'save-data': 'ON' })).body.equals(saved.body)).toBe(true);
    // q=80 is dropped as a default, and must not become the lower one.
    const explicit = await get('&q=80', ON);
    expect([explicit.isHit, explicit.body.equals(plain.body)]).toEqual([true, true]);
    await get('&f=png');
    expect((await get('&f=png', ON)).isHit).toBe(true);
  });

  test('without the setting, the header is neither in the cache key nor forwarded', async () => {
    const cdn = createCdn({ edgeKeys: 'off' });
    cdn.push([{ id: 'tester', sha256: createHash('sha256').update(KEY).digest('hex') }]);
    await cdn.get(`k=${KEY}&u=${source()}&w=200`);
    expect((await cdn.get(`k=${KEY}&u=${source()}&w=200`, ON)).isHit).toBe(true);
  });
});
