/** The registry, and what each setting of a key lets pass and what is just outside of it. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseKeys } from '../../src/keys/registry.ts';
import { startOrigin } from '../origin.ts';
import { codeOf, context, events, testHandler, toReply } from '../requests.ts';

const sha256 = (key: string) => createHash('sha256').update(key).digest('hex');
const SECRET = 'pxg_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8';
const HUSH = sha256('hush-hush');

describe('a wrong registry names the entry, and repeats neither key nor secret', () => {
  test.each<[string, string]>([
    ['[]', 'at least one entry'],
    ['{}', 'list'],
    ['[', 'not valid JSON'],
    ['acme:one,beta', 'entry 2 is not an id:key pair'],
    [JSON.stringify([{ sha256: HUSH }]), 'entry 1: id is required'],
    [
      JSON.stringify([
        { id: 'acme', sha256: HUSH },
        { id: 'beta', sha256: HUSH, rate: 0 },
      ]),
      'entry 2 (beta): rate must be a whole number from 1 to 1000000',
    ],
    [JSON.stringify([{ id: 'acme', sha256: HUSH, maxWith: 5 }]), 'entry 1 (acme): maxWith is not a setting of a key'],
    [JSON.stringify([{ id: 'acme' }]), 'entry 1 (acme): mode plain needs sha256'],
    [JSON.stringify([{ id: 'acme', mode: 'signed', sha256: HUSH }]), 'entry 1 (acme): mode signed needs secret'],
    [
      JSON.stringify([{ id: 'acme', sha256: HUSH, secret: SECRET }]),
      'entry 1 (acme): mode plain needs sha256, and no secret',
    ],
    [JSON.stringify([{ id: 'acme', sha256: 'hush-hush' }]), 'entry 1 (acme): sha256 must be'],
    [JSON.stringify([{ id: 'acme', sha256: HUSH, sources: ['https://x.de'] }]), 'entry 1 (acme)'],
    [
      JSON.stringify([{ id: 'acme', sha256: HUSH, formats: ['bmp'] }]),
      'entry 1 (acme): each of formats must be one of auto',
    ],
    [JSON.stringify([{ id: 'acme', sha256: HUSH, notAfter: '2026-13-45' }]), 'entry 1 (acme): notAfter is not a time'],
    [JSON.stringify([{ id: 'acme', sha256: HUSH, disabled: 'yes' }]), 'entry 1 (acme): disabled must be'],
    [JSON.stringify([5]), 'entry 1 must be an object'],
  ])('%s', (text, expected) => {
    let message = 'no error';
    try {
      parseKeys(text);
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message).toContain(expected);
    expect(message).not.toContain('hush');
    expect(message).not.toContain(HUSH);
    expect(message).not.toContain(SECRET.slice(4));
  });

  test('pairs and entries', () => {
    expect(parseKeys('acme:one')[0]).toMatchObject({ id: 'acme', sha256: sha256('one') });
    expect(parseKeys(JSON.stringify([{ id: 'a', mode: 'signed', secret: SECRET }]))[0]?.secret).toEqual(
      Buffer.from(Array.from({ length: 32 }, (_, i) => i)),
    );
  });
});

describe('policies', () => {
  let origin: Awaited<ReturnType<typeof startOrigin>>;
  beforeAll(async () => {
    origin = await startOrigin({
      '/a.jpg': { body: readFileSync(new URL('../../src/dev/samples/landscape.jpg', import.meta.url)) },
    });
  });
  afterAll(() => origin.close());

  const PRESETS = { PRESETS: 'thumb=w=50&h=50&fit=cover;hero=w=500' };
  async function ask(policy: object, more: object = {}, headers: Record<string, string> = {}) {
    const keys = [{ id: 'acme', sha256: sha256('one'), ...policy }];
    const handler = testHandler({ API_KEYS: JSON.stringify(keys), ...PRESETS });
    const query = Object.entries({ k: 'one', u: `${origin.url}/a.jpg`, w: 80, ...more });
    const given = Object.fromEntries(query.filter(([, value]) => value !== undefined));
    return toReply(await handler(events.functionUrl(given, headers), context()));
  }
  const local = { sources: ['127.0.0.1:PORT'] };

  test.each<[string, object, object, Record<string, string>, string | undefined]>([
    ['sources, inside', local, {}, {}, undefined],
    ['sources, outside', { sources: ['example.com'] }, {}, {}, 'u must be on one of the hosts'],
    ['sources, below', { sources: ['*.example.com'] }, { u: 'https://example.com/x' }, {}, 'u must be on one'],
    [
      'sources, the end of another name',
      { sources: ['example.com'] },
      { u: 'https://evilexample.com/x' },
      {},
      'u must be on one',
    ],
    ['sources, default', local, { default: 'https://example.com/x' }, {}, 'default must be on one'],
    ['sources, a box', local, { default: '1' }, {}, undefined],
    ['sources, a bucket', { sources: ['s3://mine'] }, { u: 's3://other/a.jpg' }, {}, 'u must be on one'],
    ['pages, this one', { pages: ['https://example.com'] }, {}, { referer: 'https://example.com/page' }, undefined],
    ['pages, another', { pages: ['https://example.com'] }, {}, { referer: 'https://example.org/' }, 'this site'],
    ['pages, another scheme', { pages: ['https://example.com'] }, {}, { referer: 'http://example.com/' }, 'this site'],
    [
      'pages, another port',
      { pages: ['https://example.com'] },
      {},
      { referer: 'https://example.com:8443/' },
      'this site',
    ],
    ['pages, below', { pages: ['https://*.example.com'] }, {}, { origin: 'https://a.b.example.com' }, undefined],
    ['pages, not itself', { pages: ['https://*.example.com'] }, {}, { origin: 'https://example.com' }, 'this site'],
    [
      'pages, the end of another name',
      { pages: ['https://*.example.com'] },
      {},
      { origin: 'https://evilexample.com' },
      'this site',
    ],
    [
      'pages, Origin before Referer',
      { pages: ['https://example.com'] },
      {},
      { origin: 'https://evil.com', referer: 'https://example.com/' },
      'this site',
    ],
    ['pages, none said', { pages: ['https://example.com'] }, {}, {}, undefined],
    ['pages, an opaque origin', { pages: ['https://example.com'] }, {}, { origin: 'null' }, undefined],
    ['maxWidth, at it', { maxWidth: 80 }, {}, {}, undefined],
    ['maxWidth, over it', { maxWidth: 79 }, {}, {}, 'at most 79'],
    ['maxWidth, by dpr', { maxWidth: 80 }, { dpr: 1.1 }, {}, 'at most 80'],
    ['maxWidth, by height', { maxWidth: 80 }, { w: undefined, h: 10 }, {}, 'w is required, in pixels'],
    ['maxWidth, in percent', { maxWidth: 80 }, { w: '1%' }, {}, 'w is required, in pixels'],
    ['maxWidth, outside', { maxWidth: 80 }, { h: 900, fit: 'outside' }, {}, 'wider than w'],
    ['maxWidth, turned', { maxWidth: 80 }, { ro: 45 }, {}, 'wider than w'],
    ['maxWidth, a fact', { maxWidth: 80 }, { w: undefined, f: 'blurhash' }, {}, undefined],
    ['maxWidth, a preset', { maxWidth: 80 }, { w: undefined, p: 'hero' }, {}, 'at most 80'],
    ['widths, one of them', { widths: [40, 80] }, { w: 40, dpr: 2 }, {}, undefined],
    ['widths, none of them', { widths: [40, 80] }, { w: 81 }, {}, 'one of 40, 80'],
    ['formats, one of them', { formats: ['auto', 'webp'] }, { f: 'webp' }, {}, undefined],
    ['formats, auto unsaid', { formats: ['webp'] }, {}, {}, 'f must be one of webp'],
    ['formats, none of them', { formats: ['auto'] }, { f: 'avif' }, {}, 'f must be one of auto'],
    ['presets, one of them', { presets: ['thumb'] }, { p: 'thumb' }, {}, undefined],
    ['presets, another', { presets: ['thumb'] }, { p: 'hero' }, {}, 'p must be one of thumb'],
    ['presetsOnly', { presetsOnly: true }, { w: undefined, p: 'thumb', dpr: 2 }, {}, undefined],
    ['presetsOnly, none', { presetsOnly: true }, {}, {}, 'p is required'],
    ['presetsOnly, more', { presetsOnly: true }, { p: 'thumb', width: 9, w: undefined }, {}, 'w is not allowed'],
  ])('%s', async (_what, policy, more, headers, fault) => {
    const port = new URL(origin.url).port;
    const text = JSON.stringify(policy).replace('PORT', port);
    const reply = await ask(JSON.parse(text), more, headers);
    if (fault === undefined) return expect(reply.status, reply.body.toString()).toBe(200);
    expect([reply.status, codeOf(reply)]).toEqual([403, 'POLICY_FORBIDDEN']);
    expect(JSON.parse(reply.body.toString()).detail).toContain(fault);
    expect(reply.headers['cache-control']).toBe('no-store');
  });

  test.each(Object.entries(events))(
    'what a request asks is read the same behind every front door: %s',
    async (_, toEvent) => {
      const keys = [{ id: 'few', sha256: sha256('one'), presetsOnly: true }];
      const handler = testHandler({ API_KEYS: JSON.stringify(keys), PRESETS: 'thumb=w=40&h=30&fit=cover' });
      const status = async (more: object) =>
        toReply(await handler(toEvent({ k: 'one', u: `${origin.url}/a.jpg`, ...more }), context())).status;
      expect([await status({ p: 'thumb' }), await status({ p: 'thumb', w: 50 })]).toEqual([200, 403]);
    },
  );

  test('a forbidden request asks nothing of the origin, also where another key was served', async () => {
    const keys = [
      { id: 'all', sha256: sha256('one') },
      { id: 'some', sha256: sha256('two'), sources: ['example.com'] },
    ];
    const handler = testHandler({ API_KEYS: JSON.stringify(keys) });
    const status = async (k: string) =>
      toReply(await handler(events.rest({ k, u: `${origin.url}/a.jpg`, w: 33 }), context())).status;
    expect(await status('one')).toBe(200);
    expect(await status('two')).toBe(403);
  });

  test('maxAge', async () => {
    expect((await ask({ maxAge: 60 }, { maxage: '1d' })).headers['cache-control']).toMatch(/^public, max-age=60,/);
    expect((await ask({ maxAge: 0 })).headers['cache-control']).toBe('public, no-cache');
    expect((await ask({ maxAge: 99_999 })).headers['cache-control']).toMatch(/^public, max-age=86400,/);
  });

  test.each<[string, object, string | undefined]>([
    ['valid', { notBefore: '2020-01-01', notAfter: '2999-01-01T00:00:00Z' }, undefined],
    ['not yet', { notBefore: '2999-01-01' }, 'not valid yet'],
    ['no more', { notAfter: '2020-01-01T00:00:00+02:00' }, 'has expired'],
    ['disabled', { disabled: true }, 'disabled'],
  ])('%s', async (_when, policy, fault) => {
    const reply = await ask(policy);
    expect(reply.status).toBe(fault ? 401 : 200);
    if (fault) expect(JSON.parse(reply.body.toString()).detail).toContain(fault);
  });

  test('while a key is rotated, the old one and the new one are good', async () => {
    const keys = [
      { id: 'acme', sha256: sha256('one'), notAfter: '2020-01-01' },
      { id: 'acme', sha256: sha256('two'), notAfter: '2999-01-01' },
      { id: 'acme', sha256: sha256('three') },
      // The same key again, valid once more.
      { id: 'again', sha256: sha256('one') },
    ];
    const handler = testHandler({ API_KEYS: JSON.stringify(keys) });
    const status = async (k: string) =>
      toReply(await handler(events.rest({ k, u: `${origin.url}/a.jpg`, w: 33 }), context())).status;
    expect(await Promise.all(['one', 'two', 'three', 'four'].map(status))).toEqual([200, 200, 200, 401]);
  });

  test('ALLOW_ANONYMOUS=on allows requests without a key; one that is given must be known', async () => {
    const handler = testHandler({ API_KEYS: 'acme:one', ALLOW_ANONYMOUS: 'on' });
    const ask_ = async (query: object) =>
      toReply(await handler(events.rest({ u: `${origin.url}/a.jpg`, w: 33, ...query }), context()));
    expect((await ask_({})).status).toBe(200);
    expect((await ask_({})).headers['cache-tag']).not.toContain('k-');
    expect((await ask_({ k: 'one' })).status).toBe(200);
    expect((await ask_({ k: 'wrong' })).status).toBe(401);
  });
});
