/** Keys behind CloudFront: what holds at a miss and at a hit, as the table in the documentation says. */
import { readFileSync } from 'node:fs';
import { deflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sign } from '../../src/client/url.ts';
import { MARK_DEFAULTS, type Mark } from '../../src/image/mark.ts';
import { sha256 } from '../../src/keys/registry.ts';
import { startOrigin } from '../origin.ts';
import { decodePixels } from '../pixels.ts';
import { codeOf } from '../requests.ts';
import { createCdn } from './edge-cdn.ts';
import { eventOf, loadEdge } from './edge-runtime.ts';

const page = readFileSync(new URL('../../src/docs/cloudfront.md', import.meta.url), 'utf8');
const open = { id: 'open', sha256: sha256('open') };
const limited = { id: 'limited', sha256: sha256('limited') };
const SECRET = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8';

let source: string;
let host: string;
let close: () => void;
beforeAll(async () => {
  const body = readFileSync(new URL('../../src/dev/samples/landscape.jpg', import.meta.url));
  const origin = await startOrigin({ '/a.jpg': { body, headers: { 'cache-control': 'public, max-age=3600' } } });
  source = encodeURIComponent(`${origin.url}/a.jpg`);
  ({ host } = new URL(origin.url));
  close = () => void origin.close();
});
afterAll(() => close());

const MODES = ['off', 'on'] as const;
/** What a key may not do, by the settings that the table names: the request is for 64 px from 127.0.0.1, in the format `auto`. */
const FORBIDDING: Readonly<Record<string, object>> = {
  disabled: { disabled: true },
  notAfter: { notAfter: '2020-01-01' },
  notBefore: { notBefore: '2999-01-01' },
  pages: { pages: ['https://example.com'] },
  sources: { sources: ['images.example'] },
  maxWidth: { maxWidth: 32 },
  widths: { widths: [32] },
  formats: { formats: ['png'] },
  presetsOnly: { presetsOnly: true },
};
/** What the key had before, with which the same request was allowed. */
const ALLOWING: Readonly<Record<string, object>> = {
  pages: { pages: ['https://other.example'] },
  maxWidth: { maxWidth: 640 },
  widths: { widths: [64] },
  formats: { formats: ['auto'] },
};
const REFERER = { referer: 'https://other.example/page' };

/** Rows of the table: names of settings, and a cell each for `EdgeKeys` off and on. */
const rows = [...page.matchAll(/^\| (`[^|]+`) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$/gm)].flatMap(
  ([, names = '', shared = '', off = '', on = '']) =>
    [...names.matchAll(/`(\w+)`/g)].map(([, name = '']) => ({
      name,
      shared: shared.trim(),
      off: off.trim(),
      on: on.trim(),
    })),
);

test('the table has all settings that forbid something', () =>
  expect(rows.map(({ name }) => name).sort()).toEqual(Object.keys(FORBIDDING).sort()));

describe.each(MODES)('EdgeKeys=%s', (edgeKeys) => {
  const query = (key: string) => `k=${key}&u=${source}&w=64`;

  test.each(Object.keys(FORBIDDING))('%s holds although the image is cached for another key', async (name) => {
    const cdn = createCdn({ edgeKeys });
    cdn.push([open, { ...limited, ...FORBIDDING[name] }]);
    expect((await cdn.get(query('open'))).status).toBe(200);
    const again = await cdn.get(query('open'));
    expect([again.status, again.isHit]).toEqual([200, true]);
    const { status, isHit } = await cdn.get(query('limited'), REFERER);
    expect([[401, 403].includes(status) ? 'refused' : 'served', isHit]).toEqual([
      rows.find((row) => row.name === name)?.shared,
      false,
    ]);
  });

  test.each(Object.keys(FORBIDDING))('%s that is set after the image was cached for the same key', async (name) => {
    const cdn = createCdn({ edgeKeys });
    const allowing = name === 'sources' ? { sources: [host] } : ALLOWING[name];
    cdn.push([open, { ...limited, ...allowing }]);
    expect((await cdn.get(query('limited'), REFERER)).status).toBe(200);
    cdn.push([open, { ...limited, ...FORBIDDING[name] }]);
    const { status } = await cdn.get(query('limited'), REFERER);
    const row = rows.find((one) => one.name === name);
    // A key without a policy before has other cache entries since it has one.
    const cell = row?.[edgeKeys];
    expect([401, 403].includes(status) ? 'refused' : 'served', JSON.stringify(row)).toBe(cell);
    cdn.purge('limited');
    const purged = await cdn.get(query('limited'), REFERER);
    expect([401, 403]).toContain(purged.status);
  });

  test('keys without a policy share cache entries only if CloudFront checks them', async () => {
    const cdn = createCdn({ edgeKeys });
    cdn.push([open, { ...open, id: 'second', sha256: sha256('second') }, { ...limited, maxWidth: 640 }]);
    await cdn.get(query('open'));
    expect((await cdn.get(query('second'))).isHit).toBe(edgeKeys === 'on');
    expect((await cdn.get(query('limited'))).isHit).toBe(false);
    expect((await cdn.get(query('limited'))).isHit).toBe(true);
  });

  test('an image with the mark of a key is not that of another key, cached before or after', async () => {
    const red: Mark = {
      name: 'red',
      version: 'red',
      width: 1,
      height: 1,
      pixels: deflateSync(Buffer.from([255, 0, 0, 255])),
      options: { ...MARK_DEFAULTS, mscale: 1, mpos: 'center' },
    };
    const cdn = createCdn({ edgeKeys, marks: [red] });
    const marked = (key: string) => ({ id: key, sha256: sha256(key), mark: { name: 'red' } });
    cdn.push([open, marked('first'), marked('second')]);
    const isRed = async (key: string, headers = {}) => {
      const { body, isHit } = await cdn.get(query(key), headers);
      const [r = 0, g = 0] = (await decodePixels(body)).at(0.5, 0.5);
      return [r > 200 && g < 60, isHit];
    };
    expect(await isRed('first')).toEqual([true, false]);
    expect(await isRed('open')).toEqual([false, false]);
    expect(await isRed('second')).toEqual([true, false]);
    expect([await isRed('first'), await isRed('open')]).toEqual([
      [true, true],
      [false, true],
    ]);
    const { body } = await cdn.get(`u=${source}&w=64`, { 'x-api-key': 'second' });
    expect((await decodePixels(body)).at(0.5, 0.5)[1]).toBeLessThan(60);
  });

  test('a signed URL has the host of the distribution, of which the function knows nothing; its page is checked', async () => {
    const cdn = createCdn({ edgeKeys });
    const signing = { id: 'acme', mode: 'signed', secret: SECRET };
    cdn.push([{ ...signing, pages: ['https://example.com'] }]);
    const exp = Math.floor(Date.now() / 1000) + 3600;
    const url = async (host: string) =>
      new URL(
        await sign(`https://${host}/cats/`, decodeURIComponent(source), { id: 'acme', secret: SECRET }, { w: 64, exp }),
      );
    const get = async (host: string, headers = {}) => {
      const { search, pathname } = await url(host);
      return cdn.get(search.slice(1), headers, pathname);
    };
    expect((await get('d111.cloudfront.net')).status).toBe(200);
    const other = await get('other.example');
    expect([other.status, codeOf(other)]).toEqual([401, 'SIGNATURE_INVALID']);
    // A viewer cannot name the host itself.
    expect((await get('other.example', { 'x-pixgate-host': 'other.example' })).status).toBe(401);
    const embedded = await get('d111.cloudfront.net', REFERER);
    expect([embedded.status, codeOf(embedded)]).toEqual([403, 'POLICY_FORBIDDEN']);
    cdn.push([{ ...signing, disabled: true }]);
    expect((await get('d111.cloudfront.net')).status).toBe(401);
  });

  test('a request that pixgate sent ends at the edge; one for its own host at the function', async () => {
    const cdn = createCdn({ edgeKeys });
    cdn.push([open]);
    for (const loop of ['pixgate', 'other, pixgate', 'pixgate;id=1']) {
      const reply = await cdn.get(query('open'), { 'cdn-loop': loop });
      expect([reply.status, codeOf(reply)], loop).toEqual([403, 'SOURCE_FORBIDDEN']);
    }
    expect((await cdn.get(query('open'), { 'cdn-loop': 'pixgate2, other' })).status).toBe(200);
    const own = await cdn.get(`k=open&u=${encodeURIComponent('https://d111.cloudfront.net/a.jpg')}&w=64`);
    expect([own.status, codeOf(own)]).toEqual([403, 'SOURCE_FORBIDDEN']);
  });
});

describe('pages at the edge', () => {
  const pages = ['https://example.com', 'https://*.example.net', 'http://local.example:8080'];
  const entries = { [sha256('open')]: JSON.stringify({ id: 'open', pages }) };
  const edge = loadEdge({ edgeKeys: 'on', entries });
  const status = async (headers: Record<string, string>) => (await edge(eventOf('k=open&u=x&w=8', headers))).statusCode;
  test.each<[Record<string, string>]>([
    [{}],
    [{ origin: 'null' }],
    [{ referer: 'about:blank' }],
    [{ origin: 'https://example.com' }],
    [{ origin: 'https://EXAMPLE.com:443' }],
    [{ referer: 'https://example.com/a?b#c' }],
    [{ referer: 'https://user:pass@example.com/' }],
    [{ referer: 'https://a.b.example.net/x' }],
    [{ referer: 'http://local.example:8080/' }],
    [{ origin: 'null', referer: 'https://example.com/' }],
  ])('%j may show an image', async (headers) => expect(await status(headers)).toBeUndefined());
  test.each<[Record<string, string>]>([
    [{ origin: 'http://example.com' }],
    [{ origin: 'https://example.com:8443' }],
    [{ origin: 'https://evil.example', referer: 'https://example.com/' }],
    [{ referer: 'https://example.com.evil.example/' }],
    [{ referer: 'https://evil.example/https://example.com/' }],
    [{ referer: 'https://example.net/' }],
    [{ referer: 'https://evilexample.net/' }],
    [{ referer: 'https://example.com@evil.example/' }],
    [{ referer: 'http://local.example/' }],
  ])('%j may not', async (headers) => expect(await status(headers)).toBe(403));
});
