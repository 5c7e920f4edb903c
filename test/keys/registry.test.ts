/** The registry of keys: parsing, and the settings of a key over the handler. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { etagSecret, parseKeys } from '../../src/keys/registry.ts';
import { startOrigin } from '../origin.ts';
import { codeOf, context, events, testHandler, toReply } from '../requests.ts';

const sha256 = (key: string) => createHash('sha256').update(key).digest('hex');
const SECRET = 'pxg_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8';
const HUSH = sha256('hush-hush');

describe('an invalid registry: the message names the entry, and repeats neither key nor secret', () => {
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

describe('settings of a key, over the handler', () => {
  let origin: Awaited<ReturnType<typeof startOrigin>>;
  beforeAll(async () => {
    origin = await startOrigin({
      '/a.jpg': { body: readFileSync(new URL('../../src/dev/samples/landscape.jpg', import.meta.url)) },
    });
  });
  afterAll(() => origin.close());

  const PRESETS = { PRESETS: 'thumb=w=50&h=50&fit=cover;hero=w=500' };
  async function send(policy: object, parameters: object = {}, headers: Record<string, string> = {}) {
    const keys = [{ id: 'acme', sha256: sha256('one'), ...policy }];
    const handler = testHandler({ API_KEYS: JSON.stringify(keys), ...PRESETS });
    const query = Object.entries({ k: 'one', u: `${origin.url}/a.jpg`, w: 80, ...parameters });
    const present = Object.fromEntries(query.filter(([, value]) => value !== undefined));
    return toReply(await handler(events.functionUrl(present, headers), context()));
  }

  // All rules: policy.test.ts. Here are those that depend on aliases, presets, defaults and headers.
  test.each<[string, object, object, Record<string, string>, string | undefined]>([
    ['sources, allowed', { sources: ['127.0.0.1:PORT'] }, {}, {}, undefined],
    ['sources, another host', { sources: ['example.com'] }, {}, {}, 'u must be on one of the hosts'],
    ['sources, a placeholder', { sources: ['127.0.0.1:PORT'] }, { default: '1' }, {}, undefined],
    ['pages, allowed', { pages: ['https://example.com'] }, {}, { referer: 'https://example.com/page' }, undefined],
    ['pages, by Referer', { pages: ['https://example.com'] }, {}, { referer: 'https://example.org/' }, 'this site'],
    ['pages, by Origin', { pages: ['https://*.example.com'] }, {}, { origin: 'https://evilexample.com' }, 'this site'],
    ['maxWidth, at it', { maxWidth: 80 }, {}, {}, undefined],
    ['maxWidth, by dpr', { maxWidth: 80 }, { dpr: 1.1 }, {}, 'at most 80'],
    ['maxWidth, by a preset', { maxWidth: 80 }, { w: undefined, p: 'hero' }, {}, 'at most 80'],
    ['formats, the default', { formats: ['webp'] }, {}, {}, 'f must be one of webp'],
    ['presets, another', { presets: ['thumb'] }, { p: 'hero' }, {}, 'p must be one of thumb'],
    ['presetsOnly', { presetsOnly: true }, { w: undefined, p: 'thumb', dpr: 2 }, {}, undefined],
    ['presetsOnly, an alias', { presetsOnly: true }, { p: 'thumb', width: 9, w: undefined }, {}, 'w is not allowed'],
  ])('%s', async (_what, policy, parameters, headers, reason) => {
    const port = new URL(origin.url).port;
    const text = JSON.stringify(policy).replace('PORT', port);
    const reply = await send(JSON.parse(text), parameters, headers);
    if (reason === undefined) return expect(reply.status, reply.body.toString()).toBe(200);
    expect([reply.status, codeOf(reply)]).toEqual([403, 'POLICY_FORBIDDEN']);
    expect(JSON.parse(reply.body.toString()).detail).toContain(reason);
    expect(reply.headers['cache-control']).toBe('no-store');
  });

  test.each(Object.entries(events))(
    'parameters in the query are the same for every event source: %s',
    async (_, toEvent) => {
      const keys = [{ id: 'few', sha256: sha256('one'), presetsOnly: true }];
      const handler = testHandler({ API_KEYS: JSON.stringify(keys), PRESETS: 'thumb=w=40&h=30&fit=cover' });
      const status = async (parameters: object) =>
        toReply(await handler(toEvent({ k: 'one', u: `${origin.url}/a.jpg`, ...parameters }), context())).status;
      expect([await status({ p: 'thumb' }), await status({ p: 'thumb', w: 50 })]).toEqual([200, 403]);
    },
  );

  test('a forbidden request is not served from the cache either', async () => {
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
    expect((await send({ maxAge: 60 }, { maxage: '1d' })).headers['cache-control']).toBe('public, max-age=60');
    expect((await send({ maxAge: 0 })).headers['cache-control']).toBe('public, no-cache');
    expect((await send({ maxAge: 99_999 })).headers['cache-control']).toMatch(/^public, max-age=86400,/);
  });

  test.each<[string, object, string | undefined]>([
    ['valid', { notBefore: '2020-01-01', notAfter: '2999-01-01T00:00:00Z' }, undefined],
    ['not valid yet', { notBefore: '2999-01-01' }, 'not valid yet'],
    ['expired', { notAfter: '2020-01-01T00:00:00+02:00' }, 'has expired'],
    ['disabled', { disabled: true }, 'disabled'],
  ])('%s', async (_when, policy, reason) => {
    const reply = await send(policy);
    expect(reply.status).toBe(reason ? 401 : 200);
    if (reason) expect(JSON.parse(reply.body.toString()).detail).toContain(reason);
  });

  test('rotation: all entries of a key are tried, a valid one wins', async () => {
    const keys = [
      { id: 'acme', sha256: sha256('one'), notAfter: '2020-01-01' },
      { id: 'acme', sha256: sha256('two'), notAfter: '2999-01-01' },
      { id: 'acme', sha256: sha256('three') },
      // The first key again, in a valid entry.
      { id: 'again', sha256: sha256('one') },
    ];
    const handler = testHandler({ API_KEYS: JSON.stringify(keys) });
    const status = async (k: string) =>
      toReply(await handler(events.rest({ k, u: `${origin.url}/a.jpg`, w: 33 }), context())).status;
    expect(await Promise.all(['one', 'two', 'three', 'four'].map(status))).toEqual([200, 200, 200, 401]);
  });

  test('ALLOW_ANONYMOUS=on: no key is required, but a key in the request must be known', async () => {
    const handler = testHandler({ API_KEYS: 'acme:one', ALLOW_ANONYMOUS: 'on' });
    const request = async (query: object) =>
      toReply(await handler(events.rest({ u: `${origin.url}/a.jpg`, w: 33, ...query }), context()));
    expect((await request({})).status).toBe(200);
    expect((await request({})).headers['cache-tag']).not.toMatch(/(?:^|,)k-/);
    expect((await request({ k: 'one' })).status).toBe(200);
    expect((await request({ k: 'wrong' })).status).toBe(401);
  });
});

describe('etagSecret', () => {
  const [one, two] = [
    { id: 'one', sha256: sha256('one') },
    { id: 'two', sha256: sha256('two') },
  ];
  const signing = { id: 'signing', mode: 'signed', secret: SECRET };
  const of = (...entries: object[]) => etagSecret(parseKeys(JSON.stringify(entries))).toString('hex');

  test.each<[string, object[], object[]]>([
    ['a key is added', [one], [one, two]],
    [
      'a key is rotated',
      [one],
      [
        { ...one, notAfter: '2026-01-01T00:00:00Z' },
        { ...two, id: 'one' },
      ],
    ],
    ['another key is disabled', [one, two], [one, { ...two, disabled: true }]],
    ['a plain key is added before the signing key', [signing], [one, signing]],
  ])('is the same when %s', (_what, before, after) => expect(of(...after)).toBe(of(...before)));
  test.each<[string, object[], object[]]>([
    ['of another key', [one], [two]],
    ['when the first key is disabled', [one, two], [{ ...one, disabled: true }, two]],
    ['of a signing key', [one], [one, signing]],
  ])('is another one %s', (_what, before, after) => expect(of(...after)).not.toBe(of(...before)));
  test('holds neither key nor hash, and is empty without keys', () => {
    expect(of(one)).toMatch(/^[0-9a-f]{64}$/);
    expect([of(one).includes(one.sha256), etagSecret([]).length]).toEqual([false, 0]);
  });
});

describe('an object with a key for each id, as Secrets Manager stores and generates it', () => {
  test('is a list of plain keys', () =>
    expect(parseKeys('{"first":"theKey","acme":"other"}')).toMatchObject([
      { id: 'first', sha256: sha256('theKey') },
      { id: 'acme', sha256: sha256('other') },
    ]));
  test.each([
    ['{}', 'it must be a list of at least one entry'],
    ['{"first":""}', 'entry 1 has no key'],
    ['{"first":1}', 'entry 1 has no key'],
    ['{"first":"a b"}', 'entry 1 has no key'],
    ['{"a b":"theKey"}', 'entry 1'],
    ['{"first":', 'it is not valid JSON'],
  ])('%s is invalid', (text, message) => {
    expect(() => parseKeys(text)).toThrow(TypeError);
    expect(() => parseKeys(text)).toThrow(message);
    expect(() => parseKeys(text)).not.toThrow('theKey');
  });
});
