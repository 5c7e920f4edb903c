/** Marks through the whole handler, from a real origin: whichever way an image of a marked key leaves, its mark is on it. */
import { createHash } from 'node:crypto';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createHandler } from '../../src/handler.ts';
import { openStores } from '../../src/keys/store.ts';
import { startOrigin } from '../origin.ts';
import { decodePixels } from '../pixels.ts';
import { codeOf, context, events, type Reply, testConfig, toReply } from '../requests.ts';

const sha256 = (key: string) => createHash('sha256').update(key).digest('hex');
const dataUrl = (bytes: Buffer) => `data:image/png;base64,${bytes.toString('base64')}`;
const square = (background: string) =>
  sharp({ create: { width: 8, height: 8, channels: 3, background } })
    .png()
    .toBuffer();

const KEYS = [
  { id: 'open', sha256: sha256('open') },
  { id: 'marked', sha256: sha256('marked'), mark: { name: 'red', mscale: 0.5 } },
  { id: 'tiled', sha256: sha256('tiled'), mark: { name: 'red', mpos: 'tile', mscale: 0.5, malpha: 0.5, mx: 1 } },
  { id: 'presets', sha256: sha256('presets'), mark: { name: 'red' }, presetsOnly: true },
  { id: 'limited', sha256: sha256('limited'), presetsOnly: true },
];

let origin: Awaited<ReturnType<typeof startOrigin>>;
let red: Buffer;
let green: Buffer;
beforeAll(async () => {
  const grey = sharp({ create: { width: 80, height: 40, channels: 3, background: '#646464' } });
  const jpeg = await grey.clone().jpeg({ quality: 20 }).toBuffer();
  const preview = await grey
    .clone()
    .withExif({ IFD0: { Copyright: 'Acme' } })
    .jpeg()
    .toBuffer();
  const frames = await Promise.all([0, 90, 180].map((v) => square(`rgb(${v},${v},${v})`)));
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" width="80" height="40"><rect width="80" height="40" fill="#646464"/></svg>';
  const headers = { 'last-modified': 'Mon, 05 Oct 2026 00:00:00 GMT', 'cache-control': 'max-age=3600' };
  [red, green] = await Promise.all([square('#f00'), square('#0f0')]);
  origin = await startOrigin({
    '/a.jpg': { body: jpeg, headers },
    '/exif.jpg': { body: preview, headers },
    '/a.png': { body: await grey.clone().png().toBuffer(), headers },
    '/a.gif': {
      body: await sharp(frames, { join: { animated: true } })
        .gif()
        .toBuffer(),
      headers,
    },
    '/a.svg': { body: svg, headers: { ...headers, 'content-type': 'image/svg+xml' } },
    '/red.png': { body: red },
  });
});
afterAll(() => origin.close());

/** @param marks in the place of those of the same name; undefined for none */
async function start(marks: object = {}, env = {}) {
  const all = { red: { source: dataUrl(red) }, green: { source: dataUrl(green), mscale: 0.25 }, ...marks };
  const config = testConfig({
    API_KEYS: JSON.stringify(KEYS),
    MARKS: JSON.stringify(all),
    PRESETS: 'thumb=w=80;green=w=80&mark=green;faint=w=80&mark=red&malpha=0.1',
    ...env,
  });
  const { options } = await openStores(config, () => {});
  const handler = createHandler(config, { log: () => {}, ...options });
  return async (k: string, path: string, parameters: object = { w: 80 }, headers: Record<string, string> = {}) =>
    toReply(await handler(events.functionUrl({ k, u: `${origin.url}${path}`, ...parameters }, headers), context()));
}

const colourAt = async ({ body }: Reply, x: number, y: number, frame = 0) => {
  const [r = 0, g = 0, b = 0] = (await decodePixels(body)).at(x, y, frame);
  return r > 200 && g < 60 ? 'red' : g > 200 && r < 60 ? 'green' : Math.abs(r - b) < 12 ? 'grey' : [r, g, b].join();
};
const detail = ({ body }: Reply) => JSON.parse(body.toString()).detail;

describe('mark, for a key without a policy', () => {
  test('draws it where the deployment says, unless the request says otherwise', async () => {
    const get = await start();
    const green = await get('open', '/a.png', { w: 80, mark: 'green', f: 'png' });
    expect([await colourAt(green, 0.9, 0.9), await colourAt(green, 0.7, 0.9)]).toEqual(['green', 'grey']);
    const wide = await get('open', '/a.png', { w: 80, mark: 'green', mscale: 0.4, mpos: 'top-left', f: 'png' });
    expect([await colourAt(wide, 0.35, 0.1), await colourAt(wide, 0.9, 0.9)]).toEqual(['green', 'grey']);
  });

  test('a spelt-out default is the same cache entry, another mark is not', async () => {
    const get = await start();
    const etag = async (parameters: object) => (await get('open', '/a.png', { w: 80, ...parameters })).headers.etag;
    const plain = await etag({ mark: 'green' });
    expect(await etag({ mark: 'green', mscale: 0.25, mpos: 'bottom-right', malpha: 1, mx: 0 })).toBe(plain);
    expect(
      new Set([plain, await etag({}), await etag({ mark: 'red' }), await etag({ mark: 'green', my: 1 })]).size,
    ).toBe(4);
  });

  test.each([
    ['an unknown mark', { mark: 'gold' }, 'mark must be one of the marks of this deployment: red, green.'],
    ['a URL', { mark: 'https://example.com/a.png' }, 'mark must be a name of 1 to 40 letters'],
    ['a position without a mark', { mpos: 'tile' }, 'mpos needs mark.'],
    ['too faint', { mark: 'red', malpha: 0 }, 'malpha must be a decimal number from 0.01 to 1.'],
  ])('%s is a 400', async (_, parameters, expected) => {
    const reply = await (await start())('open', '/a.png', { w: 80, ...parameters });
    expect([reply.status, codeOf(reply)]).toEqual([400, 'QUERY_INVALID']);
    expect(detail(reply)).toContain(expected);
  });

  test('follows presetsOnly: in a preset it may be, in the query not', async () => {
    const get = await start();
    expect(await colourAt(await get('limited', '/a.png', { p: 'green' }), 0.9, 0.9)).toBe('green');
    const reply = await get('limited', '/a.png', { p: 'thumb', mark: 'red' });
    expect([reply.status, detail(reply)]).toEqual([403, expect.stringContaining('mark is not allowed')]);
  });

  test('a preset with an unknown mark stops the deployment', async () => {
    await expect(start(undefined, { PRESETS: 'x=w=80&mark=gold' })).rejects.toThrow(
      'The preset x is invalid: mark must be one of the marks of this deployment: red, green',
    );
  });
});

describe("the mark of a key's policy is on every image", () => {
  test.each<[string, string, object]>([
    ['no parameters but w', '/a.jpg', { w: 80 }],
    ['the source itself, which is smaller', '/a.jpg', { w: 80, f: 'jpg' }],
    ['no upscaling', '/a.jpg', { w: 800, we: 1 }],
    ['an alias', '/a.png', { width: 80, format: 'jpeg' }],
    ['PNG', '/a.png', { w: 80, f: 'png' }],
    ['lossless', '/a.png', { w: 80, f: 'webp', ll: 1 }],
    ['within bytes', '/a.png', { w: 80, f: 'jpg', mb: 1000 }],
    ['trimmed', '/a.jpg', { w: 80, trim: 1 }],
    ['a blur and a mask', '/a.png', { w: 80, blur: 3, mask: 'circle', f: 'png' }],
    ['HDR', '/a.jpg', { w: 80, hdr: 'keep' }],
    ['copyright kept', '/exif.jpg', { w: 80, meta: 'copyright' }],
    ['a preset', '/a.png', { p: 'thumb' }],
    ['its own mark', '/a.png', { w: 80, mark: 'red' }],
    [
      'its own mark, larger and as opaque',
      '/a.png',
      { w: 80, mark: 'red', mscale: 0.6, malpha: 1, mpos: 'bottom-right' },
    ],
    ['an SVG', '/a.svg', { w: 80 }],
    ['an animation', '/a.gif', { w: 8 }],
    ['one of its frames', '/a.gif', { w: 8, page: 1 }],
  ])('%s', async (_, path, parameters) => {
    const reply = await (await start())('marked', path, parameters);
    expect(reply.status, reply.body.toString().slice(0, 200)).toBe(200);
    const { pages } = await decodePixels(reply.body);
    for (let page = 0; page < pages; page++) expect(await colourAt(reply, 0.75, 0.75, page)).toBe('red');
    expect(await colourAt(reply, 0.2, 0.2)).not.toBe('red');
    expect(reply.headers).not.toHaveProperty('last-modified');
  });

  test('as a data URL, and as a placeholder', async () => {
    const get = await start();
    const { body } = await get('marked', '/a.png', { w: 80, f: 'png', encoding: 'base64' });
    const bytes = Buffer.from(body.toString().split(',')[1] ?? '', 'base64');
    expect(await colourAt({ status: 200, headers: {}, body: bytes }, 0.75, 0.75)).toBe('red');
    const lqip = async (key: string) => (await get(key, '/a.png', { f: 'lqip' })).body.toString();
    const pixels = await decodePixels(Buffer.from((await lqip('marked')).split(',')[1] ?? '', 'base64'));
    const [r = 0, g = 0] = pixels.at(0.75, 0.75);
    expect(r - g).toBeGreaterThan(100);
    expect(await lqip('open')).not.toBe(await lqip('marked'));
  });

  test.each(['on', 'off'])('with Save-Data: %s, which lowers the quality', async (value) => {
    const get = await start({}, { SAVE_DATA_QUALITY: '30' });
    const reply = await get('marked', '/a.png', { w: 80, f: 'jpg' }, { 'save-data': value });
    expect(await colourAt(reply, 0.75, 0.75)).toBe('red');
    expect(
      await colourAt(await get('open', '/a.png', { w: 80, f: 'jpg', mark: 'red' }, { 'save-data': value }), 0.9, 0.9),
    ).toBe('red');
  });

  test('on a border, which is added before', async () => {
    const reply = await (await start())('marked', '/a.png', { w: 80, pad: '40', cbg: 'fff', f: 'png' });
    const { width, height } = await decodePixels(reply.body);
    expect([width, height, await colourAt(reply, 0.99, 0.99)]).toEqual([160, 120, 'red']);
  });

  test('f=json has no pixels', async () => {
    const { body } = await (await start())('marked', '/exif.jpg', { f: 'json' });
    expect(JSON.parse(body.toString())).not.toHaveProperty('exif');
  });

  test.each([
    ['another image', '/a.png'],
    ['a box', '1'],
  ])('a fallback: %s', async (_, fallback) => {
    const parameters = { w: 80, h: 40, f: 'png', default: fallback === '1' ? '1' : `${origin.url}${fallback}` };
    const reply = await (await start())('marked', '/missing.jpg', parameters);
    expect([reply.status, reply.headers['pixgate-fallback']]).toEqual([404, 'SOURCE_NOT_FOUND']);
    expect([await colourAt(reply, 0.75, 0.75), await colourAt(reply, 0.2, 0.2)]).toEqual(['red', 'grey']);
  });

  test.each<[string, 'marked' | 'tiled' | 'presets', object, string]>([
    ['another mark', 'marked', { w: 80, mark: 'green' }, 'mark must be red.'],
    ['another position', 'marked', { w: 80, mark: 'red', mpos: 'top' }, 'mpos must be bottom-right.'],
    ['moved from an edge', 'marked', { w: 80, mark: 'red', mx: 500 }, 'mx must be 0.'],
    ['gaps between tiles', 'tiled', { w: 80, mark: 'red', my: 500 }, 'my must be 0.'],
    ['smaller', 'marked', { w: 80, mark: 'red', mscale: 0.49 }, 'mscale must be at least 0.5.'],
    ['fainter', 'tiled', { w: 80, mark: 'red', malpha: 0.4 }, 'malpha must be at least 0.5.'],
    ['fainter by a preset', 'marked', { p: 'faint' }, 'malpha must be at least 1.'],
    ['another mark by a preset', 'presets', { p: 'green' }, 'mark must be red.'],
    ['metadata with a preview', 'marked', { w: 80, meta: 'keep' }, 'metadata can hold a preview without its mark.'],
    ['the same of f=json', 'marked', { f: 'json', meta: 'keep' }, 'metadata can hold a preview without its mark.'],
  ])('%s is a 403', async (_, key, parameters, expected) => {
    const reply = await (await start())(key, '/exif.jpg', parameters);
    expect([reply.status, codeOf(reply)]).toEqual([403, 'POLICY_FORBIDDEN']);
    expect(detail(reply)).toBe(`The key ${key} does not allow this: ${expected}`);
  });

  test('what another key has cached is not sent, and its entity tag is no copy', async () => {
    const get = await start();
    const open = await get('open', '/a.png', { w: 80, f: 'png' });
    const { etag = '', 'last-modified': date = '' } = open.headers;
    expect(await colourAt(open, 0.75, 0.75)).toBe('grey');
    for (const headers of [{}, { 'if-none-match': etag }, { 'if-modified-since': date }]) {
      const marked = await get('marked', '/a.png', { w: 80, f: 'png' }, headers);
      expect([marked.status, await colourAt(marked, 0.75, 0.75)]).toEqual([200, 'red']);
    }
    const again = await get('marked', '/a.png', { w: 80, f: 'png' });
    const sameCopy = await get('marked', '/a.png', { w: 80, f: 'png' }, { 'if-none-match': again.headers.etag ?? '' });
    expect([again.headers['server-timing'], sameCopy.status]).toEqual([expect.stringContaining('hit'), 304]);
    expect(await colourAt(await get('open', '/a.png', { w: 80, f: 'png' }), 0.75, 0.75)).toBe('grey');
  });
});

test('a mark with other bytes is another version: no copy of the one before is valid', async () => {
  const first = await (await start())('marked', '/a.png');
  const { etag = '' } = first.headers;
  expect((await (await start())('marked', '/a.png', { w: 80 }, { 'if-none-match': etag })).status).toBe(304);
  const changed = await start({ red: { source: dataUrl(green) } });
  const second = await changed('marked', '/a.png', { w: 80 }, { 'if-none-match': etag });
  expect([second.status, await colourAt(second, 0.75, 0.75)]).toEqual([200, 'green']);
});

describe('at start', () => {
  test('a mark is fetched once', async () => {
    const before = origin.requests.length;
    const get = await start({ red: { source: `${origin.url}/red.png` } });
    for (const w of [40, 80]) expect(await colourAt(await get('marked', '/a.png', { w }), 0.75, 0.75)).toBe('red');
    expect(origin.requests.slice(before).filter(({ url }) => url === '/red.png')).toHaveLength(1);
  });

  test.each([
    ['one that is missing', '/missing.png', 'The mark red cannot be read: The origin returned 404'],
    ['one that is no image', 'data:,x', 'The mark red cannot be read'],
  ])('%s is an error', async (_, source, expected) => {
    const url = source.startsWith('/') ? `${origin.url}${source}` : source;
    await expect(start({ red: { source: url } })).rejects.toThrow(expected);
  });

  test('a host that is not public is not fetched', async () => {
    await expect(start({ red: { source: 'http://169.254.169.254/red.png' } })).rejects.toThrow(
      'The mark red cannot be read',
    );
  });

  test('a key with a mark that there is not is an error', async () => {
    await expect(start({ red: undefined })).rejects.toThrow(
      'the key marked needs the mark red, which MARKS does not have',
    );
  });
});

test('a handler without the marks of its configuration is not created', () => {
  const config = testConfig({ MARKS: JSON.stringify({ red: { source: dataUrl(red) } }) });
  expect(() => createHandler(config)).toThrow('The mark red was not read');
});

test('a key that gets its policy later, with an unknown mark, is refused and not served unmarked', async () => {
  const config = testConfig({ API_KEYS: JSON.stringify(KEYS) });
  const handler = createHandler(config, { log: () => {} });
  const reply = toReply(await handler(events.functionUrl({ k: 'marked', u: `${origin.url}/a.png`, w: 80 }), context()));
  expect([reply.status, detail(reply)]).toEqual([
    403,
    expect.stringContaining('its mark red is not one of this deployment'),
  ]);
});
