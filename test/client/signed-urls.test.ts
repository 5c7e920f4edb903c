/** Signed URLs over the handler: what is accepted, and every way to change one. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { expiresIn, sign } from '../../src/client/url.ts';
import type { HttpEvent } from '../../src/http/event.ts';
import { startOrigin } from '../origin.ts';
import { codeOf, context, events, testHandler, toReply } from '../requests.ts';

const BASE = 'https://img.resizer.example/';
const SECRET = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8';
const KEY = { id: 'acme1', secret: `pxg_${SECRET}` };

describe('signed URLs', () => {
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
  const send = async (url: string, eventParts: object = {}) => {
    const { host, pathname, search } = new URL(url);
    const event = {
      rawQueryString: search.slice(1),
      rawPath: pathname,
      headers: { host },
      requestContext: { http: { method: 'GET' } },
      ...eventParts,
    } as HttpEvent;
    return toReply(await handler(event, context()));
  };
  const signedUrl = (options = {}) => sign(BASE, `${origin.url}/a.jpg?x=(1)`, KEY, { w: 40, q: 70, ...options });
  const expectRejected = async (url: string, code = 'SIGNATURE_INVALID', eventParts = {}) => {
    const reply = await send(url, eventParts);
    expect([reply.status, codeOf(reply)], url).toEqual([401, code]);
    expect(reply.headers).toMatchObject({ 'cache-control': 'no-store', 'www-authenticate': 'Bearer realm="pixgate"' });
  };

  test('valid with any secret of the id, in any order and encoding', async () => {
    expect((await send(await signedUrl())).status).toBe(200);
    expect(
      (await send(await sign(BASE, `${origin.url}/b.jpg`, { id: 'acme1', secret: OTHER }, { w: 40 }))).status,
    ).toBe(200);
    const url = new URL(await signedUrl());
    const shuffled = [...url.search.slice(1).split('&')].reverse().join('&');
    expect((await send(`${BASE}?${shuffled}`)).status).toBe(200);
    expect((await send(`${BASE}?${shuffled.replace('%28', '(').replace('%3A', '%3a')}`)).status).toBe(200);
  });

  test('valid with the host of the CDN, or of the function', async () => {
    expect((await send(await signedUrl(), { headers: { host: 'x.lambda-url.eu-west-1.on.aws' } })).status).toBe(200);
    const direct = await sign('https://x.lambda-url.eu-west-1.on.aws/', `${origin.url}/b.jpg`, KEY, { w: 40 });
    expect((await send(direct)).status).toBe(200);
    await expectRejected(await sign('https://other.example/', `${origin.url}/b.jpg`, KEY, { w: 40 }), undefined, {
      headers: { host: 'img.resizer.example' },
    });
    // In the browser's URL, the path of a REST API starts with its stage.
    const staged = await sign(`${BASE}prod/`, `${origin.url}/b.jpg`, KEY, { w: 40 });
    const v1 = {
      rawQueryString: undefined,
      rawPath: undefined,
      path: '/',
      httpMethod: 'GET',
      queryStringParameters: Object.fromEntries(new URL(staged).searchParams),
      requestContext: { path: '/prod/', stage: 'prod' },
    };
    expect((await send(staged, v1)).status).toBe(200);
  });

  test.each(Object.entries(events))('valid for every event source: %s', async (_eventSource, event) => {
    const query = Object.fromEntries(new URL(await signedUrl({ filt: 'duotone', start: '#ff0000' })).searchParams);
    expect(toReply(await handler(event(query), context())).status).toBe(200);
    const changed = toReply(await handler(event({ ...query, w: 41 }), context()));
    expect([changed.status, codeOf(changed)]).toEqual([401, 'SIGNATURE_INVALID']);
  });

  test('every parameter and the path are signed; none may be added or removed', async () => {
    const url = await signedUrl();
    for (const [name, value] of new URL(url).searchParams) {
      const changed = new URL(url);
      changed.searchParams.set(name, name === 's' ? [...value].reverse().join('') : name === 'w' ? '41' : `${value}1`);
      await expectRejected(changed.href);
      const without = new URL(url);
      without.searchParams.delete(name);
      await expectRejected(without.href, name === 's' || name === 'k' ? 'UNAUTHORIZED' : 'SIGNATURE_INVALID');
      await expectRejected(
        `${url}&${name === 's' ? 'x' : name}=1`,
        name === 'k' ? 'UNAUTHORIZED' : 'SIGNATURE_INVALID',
      );
    }
    await expectRejected(`${url}&we`);
    await expectRejected(url.replace('/?', '/other?'));
    await expectRejected(url.replace('w=40', 'W=40'));
    await expectRejected(url.replace('w=40', 'width=40'));
    await expectRejected(url.replace('w=40', 'w=40&w=40'));
    await expectRejected(url.replace('acme1', 'ACME1'));
    // Two signatures: both are removed before the check.
    expect((await send(`${url}&s=AAAA`)).status).toBe(400);
  });

  test('an id without a signature is not a key; a plain key needs no signature', async () => {
    await expectRejected(`${BASE}?k=acme1&w=40&u=x`, 'UNAUTHORIZED');
    await expectRejected(await sign(BASE, 'https://x.de/a', { id: 'nobody', secret: SECRET }, { w: 40 }));
    await expectRejected(await sign(BASE, 'https://x.de/a', { id: 'plain', secret: SECRET }, { w: 40 }));
    await expectRejected(await sign(BASE, 'https://x.de/a', { id: 'off', secret: SECRET }, { w: 40 }), 'UNAUTHORIZED');
    expect((await send(`${BASE}?k=plain&w=40&u=${encodeURIComponent(`${origin.url}/b.jpg`)}`)).status).toBe(200);
  });

  test('the expiry time', async () => {
    // Frozen: the clock must not pass two seconds between the URL and its response.
    vi.useFakeTimers({ toFake: ['Date'] });
    onTestFinished(() => void vi.useRealTimers());
    const now = Math.floor(Date.now() / 1000);
    await expectRejected(await signedUrl({ exp: now - 1 }), 'SIGNATURE_EXPIRED');
    expect((await send(await signedUrl({ exp: now + 5 }))).status).toBe(200);
    expect((await send(await signedUrl({ exp: expiresIn(400) }))).status).toBe(200);
    await expectRejected(await signedUrl({ exp: now + 402 * 86_400 }));
    await expectRejected(await signedUrl({ exp: undefined }));
    // Without a valid signature the message does not mention the time.
    await expectRejected((await signedUrl({ exp: now - 1 })).replace('w=40', 'w=41'));
    const { headers } = await send(await signedUrl({ exp: now + 30 }));
    expect(headers['cache-control']).toMatch(/^public, max-age=(?:29|30)$/);
  });

  test.each(Object.entries(events))('no path and no name stands for other parameters: %s', async (_source, event) => {
    const query = Object.fromEntries(new URL(await signedUrl({ blur: 20 })).searchParams);
    const { blur: _, ...rest } = query;
    const forged = async (path: string, parameters: Record<string, string>) => {
      const one = { ...event(parameters), path };
      if (one.rawPath !== undefined) one.rawPath = path;
      return toReply(await handler(one, context()));
    };
    expect((await forged('/', query)).status).toBe(200);
    for (const [path, parameters] of [
      ['/\nblur=20', rest],
      ['/%0Ablur=20', rest],
      ['/', { ...rest, exp: undefined, 'blur=20\nexp': rest.exp }],
      ['/', { ...rest, exp: undefined, [`blur=20\nexp=${rest.exp}\nk`]: rest.k }],
    ] as [string, Record<string, string>][]) {
      const reply = await forged(path, JSON.parse(JSON.stringify(parameters)));
      expect([reply.status, codeOf(reply)], path).toEqual([401, 'SIGNATURE_INVALID']);
    }
  });

  test('a control character in the path of an unsigned URL is 400', async () => {
    const query = `k=plain&w=40&u=${encodeURIComponent(`${origin.url}/b.jpg`)}`;
    for (const rawPath of ['/\na', '/%0a', '/a\u007f']) {
      const reply = await send(`${BASE}?${query}`, { rawPath });
      expect([reply.status, codeOf(reply)], rawPath).toEqual([400, 'QUERY_INVALID']);
    }
    expect((await send(`${BASE}?${query}`, { rawPath: '/cat%20photo.jpg' })).status).toBe(200);
  });

  test('a signed path is valid as the browser sends it, and decoded', async () => {
    const url = await sign(`${BASE}cat photos/ü.jpg`, `${origin.url}/b.jpg`, KEY, { w: 40 });
    expect((await send(url)).status).toBe(200);
    expect((await send(url, { rawPath: '/cat photos/ü.jpg' })).status).toBe(200);
    await expectRejected(url, undefined, { rawPath: '/' });
  });

  test('at level debug the log has the signed string and the hosts; it has neither secret nor signature', async () => {
    const lines: string[] = [];
    const logging = testHandler(
      { API_KEYS: JSON.stringify([{ id: 'acme1', mode: 'signed', secret: OTHER }]), LOG_LEVEL: 'debug' },
      (line) => lines.push(line),
    );
    const url = new URL(await signedUrl());
    const s = url.searchParams.get('s') ?? '';
    const ask = (rawQueryString: string) =>
      logging(
        { rawQueryString, rawPath: '/', headers: { host: url.host }, requestContext: { http: { method: 'GET' } } },
        context(),
      );
    await ask(url.search.slice(1));
    await ask(`k=theKey&u=x&w=40&s=${s}`);
    const [first, second] = lines.map((line) => JSON.parse(line).cause);
    expect(first).toContain(
      `"v1\\nimg.resizer.example\\n/\\nexp=${url.searchParams.get('exp')}\\nk=acme1\\nq=70\\nu=http`,
    );
    expect(first).toContain('hosts ["img.resizer.example"]');
    expect(second).not.toContain('theKey');
    for (const line of lines) for (const secret of [s, OTHER, 'theKey']) expect(line).not.toContain(secret);
  });

  test('10,000 forged signatures', async () => {
    const url = new URL(await signedUrl());
    const signature = Buffer.from(url.searchParams.get('s') ?? '', 'base64url');
    const runs = Number(process.env.FUZZ_RUNS ?? 10_000);
    for (let i = 0; i < runs; i++) {
      const forged = createHash('sha256').update(`${i}`).digest();
      // Half of them differ in one bit.
      if (i % 2) {
        signature.copy(forged);
        const bit = i % 256;
        forged[bit >> 3] = (forged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      }
      url.searchParams.set('s', forged.toString('base64url'));
      const event = {
        rawQueryString: url.search.slice(1),
        rawPath: '/',
        headers: { host: url.host },
        requestContext: { http: { method: 'GET' } },
      };
      const { statusCode } = await handler(event as HttpEvent, context());
      if (statusCode !== 401) throw new Error(`${statusCode} for ${url.search}`);
    }
  }, 60_000);

  test('the image cache is shared with other URLs of the same image', async () => {
    const query = `&w=40&q=70&u=${encodeURIComponent(`${origin.url}/a.jpg?x=(1)`)}`;
    await send(await signedUrl());
    expect((await send(`${BASE}?k=plain${query}`)).headers['server-timing']).toBe('cache;desc=hit');
  });
});
