/** URLs of other resizers through the whole handler: images, keys and signatures, errors, caching. */
import { createHmac } from 'node:crypto';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sign } from '../../src/client/url.ts';
import { sha256 } from '../../src/keys/registry.ts';
import { loadMarks } from '../../src/marks/load.ts';
import { parseMarks } from '../../src/marks/settings.ts';
import { events } from '../event-sources.ts';
import { startOrigin } from '../origin.ts';
import { codeOf, context, KEY, testConfig, testHandler, toReply } from '../requests.ts';

let origin: Awaited<ReturnType<typeof startOrigin>>;
let bases: string;
beforeAll(async () => {
  const quarter = (background: string) => ({ create: { width: 40, height: 30, channels: 3 as const, background } });
  // 80 × 60: red, green, blue and white quarters.
  const body = await sharp({ create: { width: 80, height: 60, channels: 3, background: 'white' } })
    .composite([
      { input: quarter('red'), left: 0, top: 0 },
      { input: quarter('lime'), left: 40, top: 0 },
      { input: quarter('blue'), left: 0, top: 30 },
    ])
    .png()
    .toBuffer();
  const headers = { etag: '"a"', 'cache-control': 'public, max-age=3600' };
  origin = await startOrigin({ '/img/a.png': { body, headers }, '/img/a.png?x=1': { body, headers } });
  bases = `default=${origin.url}/img/`;
});
afterAll(() => origin.close());

const COMPAT = 'next,cloudflare,imgproxy';
const settings = (more = {}) => ({ COMPAT, SOURCE_BASES: bases, ...more });
const handlerOf = (more = {}) => testHandler(settings(more));

type Handler = ReturnType<typeof testHandler>;
async function get(handler: Handler, url: string, headers: Readonly<Record<string, string>> = {}) {
  const [rawPath = '', rawQueryString = ''] = url.split(/\?(.*)/s);
  const event = { version: '2.0', rawPath, rawQueryString, headers, requestContext: { http: { method: 'GET' } } };
  return toReply(await handler(event, context()));
}
const sizeOf = async ({ body }: { body: Buffer }) => {
  const { width, height, format } = await sharp(body).metadata();
  return `${width}×${height} ${format}`;
};
/** The colour of a pixel, as a share of the image's size. */
async function colourAt({ body }: { body: Buffer }, x: number, y: number): Promise<string> {
  const { data, info } = await sharp(body).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const at = (Math.floor(y * info.height) * info.width + Math.floor(x * info.width)) * 3;
  return [...data.subarray(at, at + 3)].map((value) => (value > 127 ? 1 : 0)).join('');
}

test.each([
  [`/_next/image?url=%2Fa.png&w=40&q=75&k=${KEY}`, '40×30 png'],
  [`/_next/image?url=%2Fa.png&w=640&q=75&k=${KEY}`, '80×60 png'],
  [`/cdn-cgi/image/width=40,height=40,fit=cover/a.png?k=${KEY}`, '40×40 png'],
  [`/cdn-cgi/image/width=40,format=webp/a.png?x=1&k=${KEY}`, '40×30 webp'],
  [`/unsafe/rs:fill:30:30/plain/a.png@jpg?k=${KEY}`, '30×30 jpeg'],
  [`/unsafe/rs:fit:640:640/plain/a.png?k=${KEY}`, '80×60 png'],
  [`/unsafe/plain/a.png?k=${KEY}`, '80×60 png'],
  [`/unsafe/c:30:20/plain/a.png?k=${KEY}`, '30×20 png'],
])('%s is %s', async (url, expected) => {
  const reply = await get(handlerOf(), url);
  expect([reply.status, reply.status === 200 ? await sizeOf(reply) : reply.body.toString()]).toEqual([200, expected]);
});

test('an absolute source', async () => {
  const reply = await get(handlerOf(), `/_/w:20/plain/${origin.url}/img/a.png?k=${KEY}`);
  expect(await sizeOf(reply)).toBe('20×15 png');
});

test('a crop of imgproxy is centred', async () => {
  const reply = await get(handlerOf(), `/unsafe/c:40:30/plain/a.png?k=${KEY}`);
  // All four quarters meet in its centre.
  expect(
    await Promise.all(
      [
        [0.2, 0.2],
        [0.8, 0.2],
        [0.2, 0.8],
        [0.8, 0.8],
      ].map(([x = 0, y = 0]) => colourAt(reply, x, y)),
    ),
  ).toEqual(['100', '010', '001', '111']);
  const corner = await get(handlerOf(), `/unsafe/c:20:20:soea/plain/a.png?k=${KEY}`);
  expect(await colourAt(corner, 0.1, 0.1)).toBe('111');
});

test('the watermark of imgproxy', async () => {
  const black = await sharp({ create: { width: 4, height: 3, channels: 3, background: 'black' } })
    .png()
    .toBuffer();
  const MARKS = JSON.stringify({ watermark: { source: `data:image/png;base64,${black.toString('base64')}` } });
  const marks = await loadMarks(parseMarks(MARKS), testConfig());
  const handler = testHandler(settings({ MARKS }), undefined, { marks });
  const reply = await get(handler, `/unsafe/w:40/wm:1:soea:0:0:0.5/plain/a.png?k=${KEY}`);
  // The last of the four quarters is white without it.
  expect([await colourAt(reply, 0.2, 0.2), await colourAt(reply, 0.75, 0.75)]).toEqual(['100', '000']);
  const missing = await get(handlerOf(), `/unsafe/w:40/wm:1/plain/a.png?k=${KEY}`);
  expect([missing.status, JSON.parse(missing.body.toString()).errors[0].parameter]).toEqual([400, 'mark']);
});

test('wsrv.nl', async () => {
  const handler = handlerOf({ COMPAT: 'wsrv' });
  const source = encodeURIComponent(`${origin.url}/img/a.png`);
  for (const [query, size] of [
    ['', '80×60 png'],
    ['&w=50%&x=y', '40×30 png'],
    ['&w=20&h=20&t=square&output=jpg&q=999', '20×20 jpeg'],
    ['&crop=10,20,0,0', '10×20 png'],
    ['&w=40&or=90', '30×40 png'],
  ] as const) {
    const reply = await get(handler, `/?url=${source}${query}&k=${KEY}`);
    expect([query, reply.status, reply.status === 200 ? await sizeOf(reply) : reply.body.toString()]).toEqual([
      query,
      200,
      size,
    ]);
  }
  const strict = await get(handler, `/?u=${source}&w=abc&k=${KEY}`);
  expect(strict.status).toBe(400);
});

test('every event source', async () => {
  const handler = handlerOf();
  const path = '/unsafe/w:20/plain/a.png';
  for (const [name, create] of Object.entries(events)) {
    const event = { ...create({ k: KEY }), path, ...(name === 'functionUrl' && { rawPath: path }) };
    expect([name, await sizeOf(toReply(await handler(event, context())))]).toEqual([name, '20×15 png']);
  }
  const staged = {
    rawPath: `/v1${path}`,
    rawQueryString: `k=${KEY}`,
    requestContext: { stage: 'v1', http: { method: 'GET' } },
  };
  expect(await sizeOf(toReply(await handler(staged, context())))).toBe('20×15 png');
});

test.each([
  [`/unsafe/rs:auto:1:1/plain/a.png?k=${KEY}`, 'imgproxy: the resizing type auto has no counterpart.', 'imgproxy'],
  [
    `/unsafe/w:abc/plain/a.png?k=${KEY}`,
    'w must be a whole number from 1 to 8192, or a percentage from 1% to 100%.',
    'w',
  ],
  [`/_next/image?url=%2Fa.png&w=40&h=3&k=${KEY}`, 'next: h has no counterpart.', 'next'],
  [
    `/_next/image?url=%2Fa.png&w=40&exp=x&k=${KEY}`,
    'exp must be a whole number from 1 to 99999999999, in decimal digits.',
    'exp',
  ],
  [`/unsafe/w:40/exp:4000000000/plain/a.png?k=${KEY}&exp=4000000000`, 'exp is given more than once.', 'exp'],
])('%s is a 400', async (url, detail, parameter) => {
  const reply = await get(handlerOf(), url);
  const document = JSON.parse(reply.body.toString());
  expect([reply.status, document.code, document.detail]).toEqual([400, 'QUERY_INVALID', detail]);
  expect(document.errors).toEqual([expect.objectContaining({ parameter })]);
});

test('a path of no resizer is named; one with a query is a request to pixgate', async () => {
  const reply = await get(handlerOf(), `/cat.jpg?k=${KEY}`);
  expect(JSON.parse(reply.body.toString()).detail).toBe(
    'u is required: this is not a URL of next, cloudflare, imgproxy.',
  );
  const handler = handlerOf({ PRESETS: `hero=w=20&u=${origin.url}/img/a.png` });
  for (const url of [
    `/x/?u=%2Fa.png&w=20&k=${KEY}`,
    `/unsafe/w:40/plain/b.png?u=%2Fa.png&w=20&k=${KEY}`,
    `/x/?url=%2Fa.png&w=20&k=${KEY}`,
    `/x/?p=hero&k=${KEY}`,
  ])
    expect([url, await sizeOf(await get(handler, url))]).toEqual([url, '20×15 png']);
});

test('without the setting, or the name in it, these paths mean nothing', async () => {
  for (const more of [{ COMPAT: '' }, { COMPAT: 'next' }]) {
    const reply = await get(handlerOf(more), `/unsafe/w:20/plain/a.png?k=${KEY}`);
    expect([reply.status, codeOf(reply)]).toEqual([400, 'QUERY_INVALID']);
  }
});

test('HEAD and OPTIONS are as ever', async () => {
  const event = (method: string) => ({
    rawPath: '/unsafe/w:20/plain/a.png',
    rawQueryString: `k=${KEY}`,
    requestContext: { http: { method } },
  });
  const handler = handlerOf();
  expect(toReply(await handler(event('HEAD'), context())).status).toBe(200);
  expect(toReply(await handler(event('OPTIONS'), context())).status).toBe(204);
  expect(toReply(await handler(event('POST'), context())).status).toBe(405);
});

test('two spellings of one image share a cache entry; of two images, none', async () => {
  const handler = handlerOf();
  const etag = async (url: string) => (await get(handler, `${url}?k=${KEY}`)).headers.etag;
  const first = await etag('/unsafe/w:20/plain/a.png');
  expect(await etag('/cdn-cgi/image/width=20/a.png')).toBe(first);
  expect((await get(handler, `/?u=%2Fa.png&w=20&we&k=${KEY}`)).headers.etag).toBe(first);
  expect(await etag('/unsafe/w:21/plain/a.png')).not.toBe(first);
});

describe('keys', () => {
  const PATH = '/unsafe/w:20/plain/a.png';
  test('in the query or a header, or none in an anonymous deployment', async () => {
    expect((await get(handlerOf(), PATH)).status).toBe(401);
    expect((await get(handlerOf(), `${PATH}?k=wrong`)).status).toBe(401);
    const withHeader = await get(handlerOf(), PATH, { 'x-api-key': KEY });
    // A CDN would return it to requests without the header.
    expect([withHeader.status, withHeader.headers['cache-control']]).toEqual([200, expect.stringContaining('private')]);
    const inQuery = await get(handlerOf(), `${PATH}?k=${KEY}`);
    expect(inQuery.headers['cache-control']).toContain('public');
    const anonymous = testHandler({ COMPAT, SOURCE_BASES: bases, API_KEYS: '', ALLOW_ANONYMOUS: 'on' });
    expect((await get(anonymous, PATH)).status).toBe(200);
  });

  test('its policy holds for what the URL means', async () => {
    const keys = [
      { id: 'small', sha256: sha256('small'), maxWidth: 30, formats: ['auto'] },
      { id: 'presets', sha256: sha256('presets'), presetsOnly: true },
    ];
    const handler = handlerOf({ API_KEYS: JSON.stringify(keys), PRESETS: 'thumb=w=10&h=10&fit=cover' });
    const status = async (url: string) => (await get(handler, url)).status;
    expect(await status('/unsafe/w:30/plain/a.png?k=small')).toBe(200);
    expect(await status('/unsafe/w:31/plain/a.png?k=small')).toBe(403);
    expect(await status('/unsafe/w:20/dpr:2/plain/a.png?k=small')).toBe(403);
    expect(await status('/unsafe/w:20/plain/a.png@webp?k=small')).toBe(403);
    expect(await status('/unsafe/plain/a.png?k=small')).toBe(403);
    expect(await sizeOf(await get(handler, '/unsafe/pr:thumb/plain/a.png?k=presets'))).toBe('10×10 png');
    expect(await status('/unsafe/pr:thumb/w:20/plain/a.png?k=presets')).toBe(403);
  });

  test('presets only, for the whole deployment', async () => {
    const handler = handlerOf({ PRESETS_ONLY: 'on', PRESETS: 'thumb=w=10&h=10&fit=cover' });
    expect((await get(handler, `/_/pr:thumb/plain/a.png?k=${KEY}`)).status).toBe(200);
    expect((await get(handler, `/_/w:10/plain/a.png?k=${KEY}`)).status).toBe(400);
  });

  test('a signature of pixgate covers the path of the old URL', async () => {
    const SECRET = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8';
    const handler = handlerOf({
      API_KEYS: JSON.stringify([{ id: 'acme', mode: 'signed', secret: SECRET }]),
      OWN_HOSTS: 'img.example.com',
    });
    const exp = Math.floor(Date.now() / 1000) + 3600;
    // What sign() signs has u; of an old URL it is in the path.
    const { stringToSign } = await import('../../src/client/url.ts');
    const s = createHmac('sha256', Buffer.from(SECRET, 'base64url'))
      .update(
        stringToSign('img.example.com', PATH, [
          ['exp', String(exp)],
          ['k', 'acme'],
        ]),
      )
      .digest('base64url');
    const query = `?k=acme&exp=${exp}&s=${s}`;
    expect((await get(handler, PATH + query)).status).toBe(200);
    expect((await get(handler, PATH.replace('20', '30') + query)).status).toBe(401);
    expect((await get(handler, `${PATH}?k=acme`)).status).toBe(401);
    // The signature of another request is none of this one.
    const signed = new URL(await sign('https://img.example.com/', '/a.png', { id: 'acme', secret: SECRET }, { w: 20 }))
      .searchParams;
    expect((await get(handler, `${PATH}?k=acme&exp=${signed.get('exp')}&s=${signed.get('s')}`)).status).toBe(401);
  });
});

describe('signatures of imgproxy', () => {
  const SECRET = 'ab'.repeat(32);
  const SALT = 'cd'.repeat(8);
  const entry = { id: 'old', mode: 'imgproxy', secret: SECRET, salt: SALT };
  const signed = (path: string, secret = SECRET) =>
    `/${createHmac('sha256', Buffer.from(secret, 'hex')).update(Buffer.from(SALT, 'hex')).update(path).digest('base64url')}${path}`;
  const withKeys = (...keys: object[]) =>
    handlerOf({ API_KEYS: JSON.stringify([...keys, { id: 'tester', sha256: sha256(KEY) }]) });
  const PATH = '/w:20/plain/a.png';

  test('stand for a key', async () => {
    const handler = withKeys(entry);
    const reply = await get(handler, signed(PATH));
    expect([reply.status, reply.headers['cache-tag']]).toEqual([200, expect.stringContaining('k-old')]);
    expect(reply.headers['cache-control']).toContain('public');
    expect((await get(handler, signed('/w:20/plain/a%2Epng'))).status).toBe(200);
  });

  test.each([
    ['of another path', signed('/w:21/plain/a.png').replace('21', '20')],
    ['with another key', signed(PATH, 'ef'.repeat(32))],
    ['missing', `/unsafe${PATH}`],
    ['cut', signed(PATH).slice(0, 20) + PATH],
  ])('%s: a 401', async (_, url) => {
    const reply = await get(withKeys(entry), url);
    expect([reply.status, codeOf(reply)]).toEqual([401, 'SIGNATURE_INVALID']);
    // Nor in an anonymous deployment, as for imgproxy: with a key of it, every URL needs a signature.
    const anonymous = handlerOf({ ALLOW_ANONYMOUS: 'on', API_KEYS: JSON.stringify([entry]) });
    expect((await get(anonymous, url)).status).toBe(401);
    // An API key does without.
    expect((await get(withKeys(entry), `${url}?k=${KEY}`)).status).toBe(200);
    expect((await get(withKeys(entry), `${url}?k=old`)).status).toBe(401);
  });

  test('the policy, the times and the end of the key hold', async () => {
    const status = async (more: object, path = PATH) =>
      (await get(withKeys({ ...entry, ...more }), signed(path))).status;
    expect(await status({ disabled: true })).toBe(401);
    expect(await status({ notAfter: '2020-01-01' })).toBe(401);
    expect(await status({ notBefore: '2999-01-01' })).toBe(401);
    expect(await status({ maxWidth: 10 })).toBe(403);
    expect(await status({ sources: ['example.com'] })).toBe(403);
    expect(await status({}, `/exp:1${PATH}`)).toBe(401);
    expect(await status({}, `/exp:4000000000${PATH}`)).toBe(200);
  });

  test('an expired URL cannot be prolonged by its query', async () => {
    const reply = await get(withKeys(entry), `${signed(`/exp:1${PATH}`)}?exp=4000000000`);
    expect([reply.status, codeOf(reply)]).toEqual([400, 'QUERY_INVALID']);
  });

  test('they sign nothing else', async () => {
    const exp = Math.floor(Date.now() / 1000) + 3600;
    const url = new URL(
      await sign(
        'https://img.example.com/',
        `${origin.url}/img/a.png`,
        { id: 'old', secret: Buffer.from(SECRET, 'hex').toString('base64url') },
        { w: 20, exp },
      ),
    );
    const handler = handlerOf({ API_KEYS: JSON.stringify([entry]), OWN_HOSTS: 'img.example.com' });
    expect((await get(handler, url.pathname + url.search)).status).toBe(401);
  });

  test.each([
    [{ id: 'x', mode: 'imgproxy', secret: SECRET }, 'needs secret and salt'],
    [{ id: 'x', mode: 'imgproxy', salt: SALT, sha256: sha256('x') }, 'needs secret and salt'],
    [{ id: 'x', mode: 'signed', secret: SECRET, salt: SALT }, 'no other has a salt'],
    [
      { id: 'x', mode: 'imgproxy', secret: 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8', salt: SALT },
      'in hexadecimal digits',
    ],
    [{ id: 'x', mode: 'imgproxy', secret: 'ab'.repeat(12), salt: SALT }, 'at least 16 bytes'],
    [{ id: 'x', mode: 'imgproxy', secret: SECRET, salt: 'hello' }, 'salt must be'],
  ])('%j stops the start', (key, message) => expect(() => withKeys(key)).toThrow(message));
});
