/** The helper for addresses, and signed addresses through the real handler. */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { build } from 'esbuild';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expiresIn, extract, generate, picture, sign, srcset, stringToSign } from '../../src/client/url.ts';
import type { HttpEvent } from '../../src/http/event.ts';
import { startOrigin } from '../origin.ts';
import { codeOf, context, events, testHandler, toReply } from '../requests.ts';

const hasOpenssl = spawnSync('openssl', ['version']).status === 0;
if (!hasOpenssl) console.log('SKIPPED: the vector of signed addresses is checked with openssl, which is not here');

const BASE = 'https://img.resizer.example/';
const SECRET = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8';
const KEY = { id: 'acme1', secret: `pxg_${SECRET}` };

describe('generate and extract', () => {
  test('sorted, encoded once, what is off left out', () =>
    expect(generate(BASE, 'https://x.de/a b?c=1&d=(ü)', { k: 'K', w: 320, we: true, flip: false, f: 'webp' })).toBe(
      'https://img.resizer.example/?f=webp&k=K&u=https%3A%2F%2Fx.de%2Fa%20b%3Fc%3D1%26d%3D%28%C3%BC%29&w=320&we=1',
    ));
  test('there and back', () =>
    fc.assert(
      fc.property(
        fc.webUrl({ withQueryParameters: true, withFragments: true }),
        fc.integer({ min: 1, max: 8192 }),
        (source, w) => {
          expect(extract(generate(BASE, source, { w, k: 'K' }))).toEqual({
            base: BASE,
            source,
            options: { k: 'K', w: `${w}` },
          });
        },
      ),
    ));
  test('no picture in it', () => expect(extract('https://x.de/?w=1')).toBeNull());
  test('wsrv.nl’s name of the source', () =>
    expect(extract('https://wsrv.nl/?url=x.de/a.jpg&w=9')?.source).toBe('x.de/a.jpg'));
});

describe('srcset and picture', () => {
  const widths = (set: string) => set.split(', ').map((one) => Number(/ (\d+)w$/.exec(one)?.[1]));
  test('sorted, each once, none larger than the source', () => {
    expect(widths(srcset(BASE, 'https://x.de/a', { widths: [640, 320, 640] }))).toEqual([320, 640]);
    expect(widths(srcset(BASE, 'https://x.de/a', { widths: [320, 640, 1280], sourceWidth: 700 }))).toEqual([
      320, 640, 700,
    ]);
    expect(widths(srcset(BASE, 'https://x.de/a', { sourceWidth: 100 }))).toEqual([100]);
    expect(widths(srcset(BASE, 'https://x.de/a', {}))).toHaveLength(10);
    expect(srcset(BASE, 'https://x.de/a', { widths: [320], k: 'K', q: 50 })).toBe(
      'https://img.resizer.example/?k=K&q=50&u=https%3A%2F%2Fx.de%2Fa&w=320&we=1 320w',
    );
  });
  test('picture', () => {
    const { sources, img } = picture(BASE, 'https://x.de/a.png', {
      widths: [320, 640],
      sizes: '50vw',
      fallback: 'png',
      k: 'K',
    });
    expect(sources.map(({ type }) => type)).toEqual(['image/avif', 'image/webp']);
    expect(sources[0]?.srcset).toMatch(/f=avif.*320w, .*f=avif.*640w$/);
    expect(img.src).toBe('https://img.resizer.example/?f=png&k=K&u=https%3A%2F%2Fx.de%2Fa.png&w=800&we=1');
    expect(img.sizes).toBe('50vw');
  });
});

test('it is small, and depends on nothing', async () => {
  const { outputFiles, metafile } = await build({
    entryPoints: ['src/client/url.ts'],
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'browser',
  });
  expect(Object.keys(metafile.inputs)).toEqual(['src/client/url.ts']);
  expect(outputFiles[0]?.contents.length).toBeLessThan(3000);
});

test('expiresIn ends with a day, so that an address is the same all day', () => {
  const at = (time: string) => Date.parse(time);
  const morning = expiresIn(30, at('2026-11-25T00:00:01Z'));
  expect(morning).toBe(at('2026-12-26T00:00:00Z') / 1000);
  expect(expiresIn(30, at('2026-11-25T23:59:59Z'))).toBe(morning);
  expect(expiresIn(400, at('2026-11-25T00:00:01Z')) * 1000 - at('2026-11-25T00:00:01Z')).toBeLessThan(401 * 86_400_000);
});

describe('the published vector', () => {
  const source = 'https://cdn.example.com/a b/ü.jpg?x=1&y=(2)';
  const signature = 'EW1gu183ZzI73R1SQAePPCZzcsbXFM-x3JRU-H0rtBw';
  test('by this helper', async () => {
    const address = await sign(BASE, source, KEY, { w: 320, exp: 1_795_600_000 });
    expect(address).toBe(
      `https://img.resizer.example/?exp=1795600000&k=acme1&u=https%3A%2F%2Fcdn.example.com%2Fa%20b%2F%C3%BC.jpg%3Fx%3D1%26y%3D%282%29&w=320&s=${signature}`,
    );
  });
  test.skipIf(!hasOpenssl)('by openssl', () => {
    const text = stringToSign('img.resizer.example', '/', [
      ['w', '320'],
      ['k', 'acme1'],
      ['u', source],
      ['exp', '1795600000'],
    ]);
    expect(text).toBe(
      'v1\nimg.resizer.example\n/\nexp=1795600000\nk=acme1\nu=https%3A%2F%2Fcdn.example.com%2Fa%20b%2F%C3%BC.jpg%3Fx%3D1%26y%3D%282%29\nw=320',
    );
    const hex = Buffer.from(SECRET, 'base64url').toString('hex');
    const mac = execFileSync('openssl', ['dgst', '-sha256', '-mac', 'HMAC', '-macopt', `hexkey:${hex}`, '-binary'], {
      input: text,
    });
    expect(mac.toString('base64url')).toBe(signature);
  });
  test('stands in the page for partners', () =>
    expect(readFileSync(new URL('../../src/docs/partners.md', import.meta.url), 'utf8').includes(signature)).toBe(
      true,
    ));
});

describe('signed addresses', () => {
  let origin: Awaited<ReturnType<typeof startOrigin>>;
  beforeAll(async () => {
    const body = readFileSync(new URL('../../src/dev/samples/landscape.jpg', import.meta.url));
    origin = await startOrigin({ '/a.jpg?x=(1)': { body }, '/b.jpg': { body } });
  });
  afterAll(() => origin.close());
  const plain = createHash('sha256').update('plain').digest('hex');
  const OTHER = 'AQECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8';
  const handler = testHandler({
    API_KEYS: JSON.stringify([
      { id: 'acme1', mode: 'signed', secret: OTHER },
      { id: 'acme1', mode: 'signed', secret: KEY.secret },
      { id: 'off', mode: 'signed', secret: KEY.secret, disabled: true },
      { id: 'plain', sha256: plain },
    ]),
    OWN_HOSTS: 'img.resizer.example',
  });
  const ask = async (address: string, more: object = {}) => {
    const { host, pathname, search } = new URL(address);
    const event = {
      rawQueryString: search.slice(1),
      rawPath: pathname,
      headers: { host },
      requestContext: { http: { method: 'GET' } },
      ...more,
    } as HttpEvent;
    return toReply(await handler(event, context()));
  };
  const good = (options = {}) => sign(BASE, `${origin.url}/a.jpg?x=(1)`, KEY, { w: 40, q: 70, ...options });
  const refused = async (address: string, code = 'SIGNATURE_INVALID', more = {}) => {
    const reply = await ask(address, more);
    expect([reply.status, codeOf(reply)], address).toEqual([401, code]);
    expect(reply.headers).toMatchObject({ 'cache-control': 'no-store', 'www-authenticate': 'Bearer realm="pixgate"' });
  };

  test('good: by any of the secrets of the id, whatever the order and the encoding', async () => {
    expect((await ask(await good())).status).toBe(200);
    expect((await ask(await sign(BASE, `${origin.url}/b.jpg`, { id: 'acme1', secret: OTHER }, { w: 40 }))).status).toBe(
      200,
    );
    const address = new URL(await good());
    const shuffled = [...address.search.slice(1).split('&')].reverse().join('&');
    expect((await ask(`${BASE}?${shuffled}`)).status).toBe(200);
    expect((await ask(`${BASE}?${shuffled.replace('%28', '(').replace('%3A', '%3a')}`)).status).toBe(200);
  });

  test('by the name of the CDN in front, or the one the function is reached by', async () => {
    expect((await ask(await good(), { headers: { host: 'x.lambda-url.eu-west-1.on.aws' } })).status).toBe(200);
    const direct = await sign('https://x.lambda-url.eu-west-1.on.aws/', `${origin.url}/b.jpg`, KEY, { w: 40 });
    expect((await ask(direct)).status).toBe(200);
    await refused(await sign('https://other.example/', `${origin.url}/b.jpg`, KEY, { w: 40 }), undefined, {
      headers: { host: 'img.resizer.example' },
    });
    // A REST API has its stage in the path that the browser knows.
    const staged = await sign(`${BASE}prod/`, `${origin.url}/b.jpg`, KEY, { w: 40 });
    const v1 = {
      rawQueryString: undefined,
      rawPath: undefined,
      path: '/',
      httpMethod: 'GET',
      queryStringParameters: Object.fromEntries(new URL(staged).searchParams),
      requestContext: { path: '/prod/', stage: 'prod' },
    };
    expect((await ask(staged, v1)).status).toBe(200);
  });

  test.each(Object.entries(events))('by the event of %s', async (_door, event) => {
    const query = Object.fromEntries(new URL(await good({ filt: 'duotone', start: '#ff0000' })).searchParams);
    expect(toReply(await handler(event(query), context())).status).toBe(200);
    const changed = toReply(await handler(event({ ...query, w: 41 }), context()));
    expect([changed.status, codeOf(changed)]).toEqual([401, 'SIGNATURE_INVALID']);
  });

  test('every parameter is signed, and the path, and what is added or left out', async () => {
    const address = await good();
    for (const [name, value] of new URL(address).searchParams) {
      const changed = new URL(address);
      changed.searchParams.set(name, name === 's' ? [...value].reverse().join('') : name === 'w' ? '41' : `${value}1`);
      await refused(changed.href);
      const without = new URL(address);
      without.searchParams.delete(name);
      await refused(without.href, name === 's' || name === 'k' ? 'UNAUTHORIZED' : 'SIGNATURE_INVALID');
      await refused(`${address}&${name === 's' ? 'x' : name}=1`, name === 'k' ? 'UNAUTHORIZED' : 'SIGNATURE_INVALID');
    }
    await refused(`${address}&we`);
    await refused(address.replace('/?', '/other?'));
    await refused(address.replace('w=40', 'W=40'));
    await refused(address.replace('w=40', 'width=40'));
    await refused(address.replace('w=40', 'w=40&w=40'));
    await refused(address.replace('acme1', 'ACME1'));
    // Two signatures: both are taken out, and neither helps.
    expect((await ask(`${address}&s=AAAA`)).status).toBe(400);
  });

  test('the id alone is no key, and a plain key needs no signature', async () => {
    await refused(`${BASE}?k=acme1&w=40&u=x`, 'UNAUTHORIZED');
    await refused(await sign(BASE, 'https://x.de/a', { id: 'nobody', secret: SECRET }, { w: 40 }));
    await refused(await sign(BASE, 'https://x.de/a', { id: 'plain', secret: SECRET }, { w: 40 }));
    await refused(await sign(BASE, 'https://x.de/a', { id: 'off', secret: SECRET }, { w: 40 }), 'UNAUTHORIZED');
    expect((await ask(`${BASE}?k=plain&w=40&u=${encodeURIComponent(`${origin.url}/b.jpg`)}`)).status).toBe(200);
  });

  test('its time', async () => {
    const now = Math.floor(Date.now() / 1000);
    await refused(await good({ exp: now - 1 }), 'SIGNATURE_EXPIRED');
    expect((await ask(await good({ exp: now + 5 }))).status).toBe(200);
    expect((await ask(await good({ exp: expiresIn(400) }))).status).toBe(200);
    await refused(await good({ exp: now + 402 * 86_400 }));
    await refused(await good({ exp: undefined }));
    // What is not signed says nothing of its time.
    await refused((await good({ exp: now - 1 })).replace('w=40', 'w=41'));
    const { headers } = await ask(await good({ exp: now + 30 }));
    expect(headers['cache-control']).toMatch(/^public, max-age=(?:29|30)$/);
  });

  test('no forgery passes', async () => {
    const address = new URL(await good());
    const signature = Buffer.from(address.searchParams.get('s') ?? '', 'base64url');
    const runs = Number(process.env.FUZZ_RUNS ?? 10_000);
    for (let i = 0; i < runs; i++) {
      const forged = createHash('sha256').update(`${i}`).digest();
      // A half of them differ in one bit only.
      if (i % 2) {
        signature.copy(forged);
        const bit = i % 256;
        forged[bit >> 3] = (forged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      }
      address.searchParams.set('s', forged.toString('base64url'));
      const event = {
        rawQueryString: address.search.slice(1),
        rawPath: '/',
        headers: { host: address.host },
        requestContext: { http: { method: 'GET' } },
      };
      const { statusCode } = await handler(event as HttpEvent, context());
      if (statusCode !== 401) throw new Error(`${statusCode} for ${address.search}`);
    }
  }, 60_000);

  test('results are shared with other addresses of the same picture', async () => {
    const query = `&w=40&q=70&u=${encodeURIComponent(`${origin.url}/a.jpg?x=(1)`)}`;
    await ask(await good());
    expect((await ask(`${BASE}?k=plain${query}`)).headers['server-timing']).toBe('cache;desc=hit');
  });
});
