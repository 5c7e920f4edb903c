/** URLs of other resizers behind CloudFront: passed on as they are, with an entry of the cache for each spelling and key. */
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sha256 } from '../../src/keys/registry.ts';
import { createCdn } from '../generate/edge-cdn.ts';
import { eventOf, loadEdge, queryOf } from '../generate/edge-runtime.ts';
import { startOrigin } from '../origin.ts';

const compat = 'next,cloudflare,wsrv,imgproxy';
let settings: Record<string, string>;
let close: () => void;
beforeAll(async () => {
  const body = readFileSync(new URL('../../src/dev/samples/landscape.jpg', import.meta.url));
  const origin = await startOrigin({ '/a.jpg': { body, headers: { 'cache-control': 'public, max-age=3600' } } });
  settings = { SOURCE_BASES: `default=${origin.url}/`, PRESETS: `hero=w=20&u=${origin.url}/a.jpg` };
  close = () => void origin.close();
});
afterAll(() => close());

const PATH = '/unsafe/w:20/plain/a.jpg';
const KEYS = [
  { id: 'open', sha256: sha256('open') },
  { id: 'second', sha256: sha256('second') },
];

test('the function changes neither path nor query, and reduces Accept', async () => {
  const edge = loadEdge({ compat });
  const pass = async (uri: string, query: string) => {
    const event = eventOf(query, { accept: 'image/webp,image/*;q=0.8', 'x-api-key': 'open', host: 'img.example.com' });
    const { request } = event;
    const sent = structuredClone(request);
    const passed = await edge({ ...event, request: { ...request, uri } });
    return {
      passed,
      expected: {
        ...sent,
        uri,
        headers: { ...sent.headers, accept: { value: 'image/webp' }, 'x-pixgate-host': { value: 'img.example.com' } },
      },
    };
  };
  for (const [uri, query] of [
    [PATH, ''],
    ['/_next/image', 'url=%2Fa.jpg&w=640&q=75'],
    ['/cdn-cgi/image/w=8/a.jpg', 'b=1&a=%20&a=2'],
  ] as const) {
    const { passed, expected } = await pass(uri, query);
    // Of another realm.
    expect(JSON.parse(JSON.stringify(passed))).toEqual(expected);
  }
});

test('a request to pixgate is normalized as ever, on any path', async () => {
  const edge = loadEdge({ compat });
  const { uri } = await edge({ ...eventOf('k=K&u=x&w=1'), request: { ...eventOf('k=K&u=x&w=1').request, uri: PATH } });
  expect(uri).toBe('/');
  const { statusCode } = await edge(eventOf('k=K&p=hero&unknown=1'));
  expect(statusCode).toBe(400);
  const loop = eventOf('', { 'cdn-loop': 'pixgate' });
  expect((await edge({ ...loop, request: { ...loop.request, uri: PATH } })).statusCode).toBe(403);
});

test('with wsrv, a request with url is passed on, too', async () => {
  const query = 'k=K&url=x&w=50%&t=square';
  for (const [names, expected] of [
    ['wsrv,next', query],
    ['next', undefined],
  ] as const) {
    const passed = await loadEdge({ compat: names })(eventOf(query));
    expect(passed.statusCode === undefined ? queryOf(passed) : undefined).toBe(expected);
  }
  expect(queryOf(await loadEdge({ compat: 'wsrv' })(eventOf('k=K&u=x&w=050')))).toBe('k=K&u=x&w=50');
});

test('without the setting, no path is passed on', async () => {
  const edge = loadEdge();
  const event = eventOf('k=K&w=1');
  expect((await edge({ ...event, request: { ...event.request, uri: PATH } })).uri).toBe('/');
});

describe.each(['off', 'on'] as const)('EdgeKeys=%s', (edgeKeys) => {
  const start = (keys: readonly object[] = KEYS, more = {}) => {
    const cdn = createCdn({ edgeKeys, compat });
    cdn.push(keys, { ...settings, ...more });
    return async (path: string, query = '', headers = {}) => {
      const { status, isHit } = await cdn.get(query, headers, path);
      return `${status}${isHit ? ' hit' : ''}`;
    };
  };

  test('an image is cached by its spelling and its key', async () => {
    const get = start();
    expect(await get(PATH, 'k=open')).toBe('200');
    expect(await get(PATH, 'k=open')).toBe('200 hit');
    expect(await get('/other/w:20/plain/a.jpg', 'k=open')).toBe('200');
    expect(await get(PATH, 'k=second')).toBe('200');
    expect(await get(PATH)).toBe('401');
    expect(await get(PATH, 'k=wrong')).toBe('401');
  });

  test('a key in a header opens the image for nobody else', async () => {
    const get = start();
    for (const path of [PATH, '/cdn-cgi/image/w=8/a.jpg']) {
      expect(await get(path, '', { 'x-api-key': 'open' })).toBe('200');
      expect(await get(path)).toBe('401');
      expect(await get(path, '', { 'x-api-key': 'wrong' })).toBe('401');
    }
    // A request to pixgate that the function takes for a URL of another resizer, and whose key it does not check.
    expect(await get('/x', 'p=hero', { 'x-api-key': 'open' })).toBe('200');
    expect(await get('/x', 'p=hero')).toBe('401');
    expect(await get('/x', '%75=%2Fa.jpg&w=20', { 'x-api-key': 'open' })).toBe('200');
    expect(await get('/x', '%75=%2Fa.jpg&w=20')).toBe('401');
    expect(await get('/', 'url=%2Fa.jpg&w=20', { 'x-api-key': 'open' })).toBe('200');
    expect(await get('/', 'url=%2Fa.jpg&w=20')).toBe('401');
  });

  test('pages of a key are checked at each request', async () => {
    const get = start([{ ...KEYS[0], pages: ['https://example.com'] }]);
    expect(await get(PATH, 'k=open', { referer: 'https://example.com/' })).toBe('200');
    expect(await get(PATH, 'k=open', { referer: 'https://other.example/' })).toBe('403');
  });

  test('a signature is a part of the spelling', async () => {
    const [secret, salt] = ['ab'.repeat(32), 'cd'];
    const get = start([{ id: 'old', mode: 'imgproxy', secret, salt }]);
    const rest = PATH.replace('/unsafe', '');
    const signature = createHmac('sha256', Buffer.from(secret, 'hex'))
      .update(Buffer.from(salt, 'hex'))
      .update(rest)
      .digest('base64url');
    expect(await get(`/${signature}${rest}`)).toBe('200');
    expect(await get(`/${signature}${rest}`)).toBe('200 hit');
    expect(await get(PATH)).toBe('401');
    expect(await get(`/${signature}${rest.replace('20', '30')}`)).toBe('401');
  });

  test('formats by Accept have entries of their own', async () => {
    const get = start();
    expect(await get(PATH, 'k=open', { accept: 'image/webp,*/*' })).toBe('200');
    expect(await get(PATH, 'k=open', { accept: '*/*' })).toBe('200');
    expect(await get(PATH, 'k=open', { accept: 'image/webp' })).toBe('200 hit');
  });
});
