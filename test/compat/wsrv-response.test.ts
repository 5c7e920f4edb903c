/** Responses with `COMPAT=wsrv`: headers, metadata with wsrv.nl's names, and the redirect of `default=1`. */
import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sha256 } from '../../src/keys/registry.ts';
import { startOrigin } from '../origin.ts';
import { context, KEY, testHandler, toReply } from '../requests.ts';

let origin: Awaited<ReturnType<typeof startOrigin>>;
beforeAll(async () => {
  const image = sharp({ create: { width: 80, height: 60, channels: 3, background: 'red' } });
  const frame = (value: number) =>
    sharp({ create: { width: 8, height: 6, channels: 3, background: `rgb(${value},0,0)` } });
  const frames = await Promise.all([9, 99, 199].map((value) => frame(value).png().toBuffer()));
  const headers = { 'cache-control': 'public, max-age=3600' };
  origin = await startOrigin({
    '/a.jpg': { body: await image.jpeg().toBuffer(), headers },
    '/a+b.png': { body: await image.png({ palette: true, colours: 4 }).toBuffer(), headers },
    '/a.gif': {
      body: await sharp(frames, { join: { animated: true } })
        .gif({ delay: [50, 50, 50], loop: 2 })
        .toBuffer(),
      headers,
    },
    '/a.avif': { body: readFileSync(new URL('../fixtures/wild/W57-primary.avif', import.meta.url)), headers },
    '/a.txt': { body: Buffer.from('no image'), headers },
  });
});
afterAll(() => origin.close());

async function get(query: string, { method = 'GET', accept = '', ...settings }: Record<string, string> = {}) {
  const handler = testHandler({ COMPAT: 'wsrv', SOURCE_BASES: `default=${origin.url}/`, ...settings });
  const requestContext = { http: { method } };
  const rawQueryString = `${query}&k=${KEY}`;
  const event = { version: '2.0', rawPath: '/', rawQueryString, headers: { accept }, requestContext };
  return toReply(await handler(event, context()));
}
const source = (path: string) => `url=${encodeURIComponent(`${origin.url}/${path}`)}`;

describe('headers', () => {
  test('the source is the canonical URL, and an image has a name', async () => {
    const { status, headers } = await get(`${source('a.jpg')}&w=8`);
    expect(status).toBe(200);
    expect(headers.link).toBe(`<${origin.url}/a.jpg>; rel="canonical"`);
    expect(headers['content-disposition']).toBe('inline; filename="image.jpg"');
    expect(headers['content-security-policy']).toContain("default-src 'none'");
  });

  test('HEAD has those of GET', async () => {
    const [head, { headers }] = [
      await get(`${source('a.jpg')}&w=8`, { method: 'HEAD' }),
      await get(`${source('a.jpg')}&w=8`),
    ];
    expect(head.body.length).toBe(0);
    for (const name of ['link', 'content-disposition', 'content-length'])
      expect(head.headers[name]).toBe(headers[name]);
  });

  test.each([
    ['my%20cat".jpeg', 'inline; filename="my-cat-.jpg"'],
    ['a%0d%0aX-Y:%20z', 'inline; filename="a-X-Y-z.jpg"'],
    ['%E7%8C%AB.webp', 'inline; filename="-.jpg"'],
    ['', 'inline; filename="image.jpg"'],
  ])('filename=%s is %s', async (name, expected) =>
    expect((await get(`${source('a.jpg')}&w=8&filename=${name}`)).headers['content-disposition']).toBe(expected),
  );

  test('a data URL has no name', async () => {
    const { headers, body } = await get(`${source('a.jpg')}&w=8&encoding=base64&filename=cat`);
    expect([headers['content-disposition'], body.toString().slice(0, 16)]).toEqual([undefined, 'data:image/jpeg;']);
  });

  test('the URL of a base is not told', async () => {
    const { status, headers } = await get('url=/a.jpg&w=8');
    expect([status, headers.link]).toEqual([200, undefined]);
  });

  test('a plus sign of the source is one', async () => {
    const { headers } = await get(`url=${origin.url}/a+b.png&w=8`);
    expect(headers.link).toBe(`<${origin.url}/a+b.png>; rel="canonical"`);
  });

  test('a request of pixgate has none of them', async () => {
    const { headers } = await get(`u=${encodeURIComponent(`${origin.url}/a.jpg`)}&w=8`);
    expect([headers.link, headers['content-disposition']]).toEqual([undefined, undefined]);
  });
});

test('the format of the source', async () => {
  const accept = 'image/webp';
  expect((await get(`${source('a.jpg')}&w=8`, { accept })).headers['content-type']).toBe('image/webp');
  const { headers } = await get(`${source('a.jpg')}&w=8&output=origin`, { accept });
  expect([headers['content-type'], headers.vary]).toEqual(['image/jpeg', undefined]);
  expect((await get(`${source('a.jpg')}&w=8&mask=circle&output=origin`)).headers['content-type']).toBe('image/png');
});

describe('metadata', () => {
  const metadata = async (query: string) => {
    const { headers, body } = await get(`${query}&output=json`);
    expect([headers['content-type'], headers['content-length']]).toEqual(['application/json', String(body.length)]);
    return JSON.parse(body.toString());
  };

  test('has the names of wsrv.nl, and the size of the output', async () => {
    const expected = {
      format: 'jpeg',
      width: 80,
      height: 60,
      space: 'srgb',
      channels: 3,
      depth: 'uchar',
      density: 72,
      chromaSubsampling: '4:2:0',
      isProgressive: false,
      hasProfile: false,
      hasAlpha: false,
      orientation: 0,
    };
    expect(await metadata(source('a.jpg'))).toEqual(expected);
    expect(await metadata(`${source('a.jpg')}&w=30&h=30&fit=cover`)).toEqual({ ...expected, width: 30, height: 30 });
    expect(await metadata(`${source('a.jpg')}&w=40&ro=90&filename=x`)).toEqual({ ...expected, width: 30, height: 40 });
    expect(await metadata(source('a+b.png'))).toMatchObject({ format: 'png', paletteBitDepth: 2 });
  });

  test('of an AVIF whose primary image is the second', async () => {
    expect(await metadata(source('a.avif'))).toMatchObject({ format: 'heif', pages: 2, pagePrimary: 1 });
  });

  test('of an animation', async () => {
    expect(await metadata(source('a.gif'))).toMatchObject({
      format: 'gif',
      pages: 3,
      height: 6,
      loop: 2,
      delay: [50, 50, 50],
    });
    const all = await metadata(`${source('a.gif')}&n=-1&h=12&loop=1&delay=200`);
    expect(all).toMatchObject({ pages: 3, width: 16, height: 36, pageHeight: 12, loop: 1, delay: [200, 200, 200] });
  });
});

describe('default=1', () => {
  const host = () => new URL(origin.url).host;
  const listed = () => ({ SOURCE_ALLOWED_HOSTS: host() });
  const keys = (sources: string[]) => ({ API_KEYS: JSON.stringify([{ id: 'shop', sha256: sha256(KEY), sources }]) });

  test('redirects to the original on a host that is listed', async () => {
    for (const settings of [listed(), keys([host()])]) {
      const { status, headers, body } = await get(`${source('a.txt')}&default=1`, settings);
      expect([status, headers.location]).toEqual([302, `${origin.url}/a.txt`]);
      expect(JSON.parse(body.toString()).code).toBe('SOURCE_UNSUPPORTED');
      const missing = await get(`${source('b.jpg')}&errorredirect=1&output=json`, settings);
      expect([missing.status, missing.headers.location]).toEqual([302, `${origin.url}/b.jpg`]);
    }
  });

  test('redirects to no other host: it would lead anywhere', async () => {
    for (const settings of [{}, keys(['example.com'])]) {
      const { status, headers } = await get(`${source('a.txt')}&default=1`, settings);
      expect([status >= 400, headers.location]).toEqual([true, undefined]);
    }
  });

  test('nor to a base, without the parameter, or for an error of the request', async () => {
    for (const query of ['url=/a.txt&default=1', source('a.txt'), `${source('a.txt')}&default=1&w=9000`]) {
      const { status, headers } = await get(query, listed());
      expect([status >= 400, headers.location]).toEqual([true, undefined]);
    }
  });

  test('an image is shown', async () =>
    expect((await get(`${source('a.jpg')}&w=8&default=1`, listed())).status).toBe(200));
});
