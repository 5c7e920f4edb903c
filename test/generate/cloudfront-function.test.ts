/** Tests the CloudFront Function: normalization, rejected requests, API keys and signed URLs. */
import { describe, expect, test } from 'vitest';
import { sign, type UrlOptions } from '../../src/client/url.ts';
import { codeOf, context, KEY, testHandler, toReply } from '../requests.ts';
import { code, edge, eventOf, loadEdge, normalizeQuery, queryOf } from './edge-runtime.ts';

test('it is below 10 kB, and has only the syntax and globals of its runtime', () => {
  expect(code.length).toBeGreaterThan(1000);
  // With the longest lists of ignored parameters and of resizers that the template allows.
  expect(Buffer.byteLength(code)).toBeLessThan(10_240 - 150 - 100);
  expect(code).not.toMatch(/\?\.|\?\?|\.\.\.|`|=>|\bclass\b|\blet\b|\bconst\b|process|URLSearchParams/);
  // CloudFormation substitutes these five parameters, and nothing else.
  expect(code.match(/(?<=\$\{)\w+(?=\})/g)).toEqual(['AvifAuto', 'EdgeKeys', 'Public', 'Compat', 'QueryIgnored']);
});

test.each([
  ['w=80&u=x', 'k=K&u=x&w=80'],
  ['width=80&url=x', 'k=K&u=x&w=80'],
  ['u=x&w=080&f=jpeg&format2', undefined],
  ['u=x&w=080&output=jpeg', 'f=jpg&k=K&u=x&w=80'],
  ['u=x&w=80&we', 'k=K&u=x&w=80&we=1'],
  ['u=x&w=80&we=true&flip=0&flop=false', 'k=K&u=x&w=80&we=1'],
  ['u=x&w=80&fit=inside&a=center&q=80&dpr=1&n=-1&f=auto&ro=0&meta=none', 'k=K&u=x&w=80'],
  ['u=x&w=80&level=06', 'k=K&l=6&u=x&w=80'],
  ['u=x&w=80&ar=1:1&fit=inside', 'ar=1%3A1&fit=inside&k=K&u=x&w=80'],
  ['u=x&p=thumb&f=auto&we=0', 'f=auto&k=K&p=thumb&u=x&we=0'],
  ['u=x&w=80&a=t&blur&gam=2.20', 'a=top&blur=1&gam=2.2&k=K&u=x&w=80'],
  [
    'u=https%3A%2F%2Fx.de%2Fa%2520b%3Fc%3D1%26d%2B&w=50%25',
    'k=K&u=https%3A%2F%2Fx.de%2Fa%2520b%3Fc%3D1%26d%2B&w=50%25',
  ],
])('%s', async (raw, expected) => {
  if (expected) expect(await normalizeQuery(raw)).toBe(expected.replace('k=K', `k=${KEY}`));
  else expect((await edge(eventOf(`k=${KEY}&${raw}`))).statusCode).toBe(400);
});

describe('one spelling per image', () => {
  const at = (uri: string, raw: string, headers = {}, method = 'GET') => {
    const event = eventOf(raw, headers, method);
    return { ...event, request: { ...event.request, uri } };
  };
  test.each(['/', '/a', '/b/c.jpg', '/%0a', '//x', '/prod/'])(
    'the path %s is that of every unsigned URL',
    async (path) => {
      const forwarded = await edge(at(path, `k=${KEY}&u=x&w=8`));
      expect([forwarded.uri, queryOf(forwarded)]).toEqual(['/', `k=${KEY}&u=x&w=8`]);
      expect((await edge(at(path, ''))).uri).toBe('/');
      expect((await edge(at(path, 'u=x', {}, 'OPTIONS'))).uri).toBe('/');
      expect((await loadEdge({ edgeKeys: 'on' })(at(path, `k=${KEY}&u=x&w=8`))).uri).toBe('/');
    },
  );
  test('a signed URL keeps its path', async () =>
    expect((await edge(at('/a/b.jpg', 'exp=9&k=id&s=AAAA&u=x&w=8'))).uri).toBe('/a/b.jpg'));

  const spelled = 'k=K&u=https%3A%2F%2Fx.de%2F%C3%BC%20(1)%2B.jpg%3Fa%3Db%252F&w=80';
  test.each([
    'u=https%3A%2F%2Fx.de%2F%C3%BC%20(1)%2B.jpg%3Fa%3Db%252F&w=80',
    'u=https://x.de/%c3%bc+%281%29%2b.jpg?a=b%252F&w=%38%30',
    'url=%68ttps://x.de/%C3%BC%20(1)%2B.jpg%3Fa%3Db%252F&width=80&fit=%69nside&f=%61uto',
  ])('%s', async (raw) => expect(await normalizeQuery(raw)).toBe(spelled.replace('k=K', `k=${KEY}`)));
  test('the name of a parameter is not decoded', async () =>
    expect((await edge(eventOf(`k=${KEY}&%75=x&w=8`))).statusCode).toBe(400));
  test('a value that is not percent-encoded UTF-8 is left to the origin', async () =>
    expect(await normalizeQuery('u=https://x.de/%ff&w=8')).toBe(`k=${KEY}&u=https://x.de/%ff&w=8`));
  test('a signed URL has one spelling of each value, and no padding', async () => {
    const one = queryOf(await edge(eventOf('exp=9&k=id&s=AAAA&u=https%3A%2F%2Fx.de%2Fa&width=8')));
    for (const raw of [
      'exp=9&k=id&s=AAAA=&u=https%3A%2F%2Fx.de%2Fa&width=8',
      'width=8&s=AA%41A%3D&u=https://x.de/%61&k=%69d&exp=%39',
    ])
      expect(queryOf(await edge(eventOf(raw)))).toBe(one);
    expect(one).toBe('exp=9&k=id&s=AAAA&u=https%3A%2F%2Fx.de%2Fa&width=8');
  });
});

describe('what other programs add is dropped', () => {
  test.each([
    'utm_source=a&u=x&w=8',
    'u=x&utm_source=a&w=8&utm_source=b&utm_=',
    'u=x&w=8&fbclid=%ff&gclid=1&msclkid&mc_eid=2&_=1700000000',
  ])('%s', async (raw) => expect(await normalizeQuery(raw)).toBe(`k=${KEY}&u=x&w=8`));
  test('of a signed URL too', async () =>
    expect(queryOf(await edge(eventOf('utm_id=1&exp=9&k=id&s=AAAA&u=x&w=8&_=2')))).toBe('exp=9&k=id&s=AAAA&u=x&w=8'));
  test('by the list of the deployment, but no parameter of ours', async () => {
    const own = loadEdge({ ignored: 'ref,w*' });
    const forwarded = await own(eventOf(`k=${KEY}&u=x&w=8&ref=a&wbraid=1`));
    expect(queryOf(forwarded)).toBe(`k=${KEY}&u=x&w=8`);
    for (const name of ['utm_source', 'ref2', 're', 'REF'])
      expect((await own(eventOf(`k=${KEY}&u=x&w=8&${name}=a`))).statusCode).toBe(400);
  });
  test('a version is part of the cache key', async () =>
    expect(await normalizeQuery('u=x&w=8&v=2%2F%C3%BC')).toBe(`k=${KEY}&u=x&v=2%2F%C3%BC&w=8`));
});

describe('Accept is normalized to a list of formats', () => {
  test.each([
    ['w=8', 'image/avif,image/webp,*/*;q=0.8', 'image/webp', 'image/avif,image/webp'],
    ['w=8', 'image/webp;q=0.5', 'image/webp', 'image/webp'],
    ['w=8', 'image/webp;q=0, image/*', 'none', 'none'],
    ['w=8', '', 'none', 'none'],
    ['w=8&f=auto', 'image/webp', 'image/webp', 'image/webp'],
    ['w=8&f=png', 'image/webp', 'none', 'none'],
    ['f=json', 'image/webp', 'none', 'none'],
    ['f=json&explain', 'image/webp', 'image/webp', 'image/webp'],
    ['p=a&f=png', 'image/webp', 'image/webp', 'image/webp'],
  ])('%s %s', async (raw, accept, plain, avif) => {
    const event = () => eventOf(`k=${KEY}&u=x&${raw}`, { accept });
    expect((await edge(event())).headers.accept?.value).toBe(plain);
    expect((await loadEdge({ avif: 'on' })(event())).headers.accept?.value).toBe(avif);
  });
});

describe('invalid requests are rejected without the origin', () => {
  const origin = testHandler();
  const sendToBoth = async (raw: string, headers = {}) => {
    const fromEdge = await edge(eventOf(raw, headers));
    const event = { rawQueryString: raw, headers, requestContext: { http: { method: 'GET' } } };
    const fromOrigin = toReply(await origin(event, context()));
    return { fromEdge, fromOrigin };
  };
  test.each<[string, Record<string, string>?]>([
    [`k=${KEY}&u=x&w=8&zoom=2`],
    [`k=${KEY}&u=x&w=8&hieght=2`],
    [`k=${KEY}&u=x&w=8&W=8`],
    [`k=${KEY}&u=x&w=8&Qualtiy=2`],
    [`k=${KEY}&u=x&w=8&${'widthwidth'.repeat(9)}`],
    [`k=${KEY}&u=x&w=8&=1`],
    [`k=${KEY}&u=x&w=8&Utm_source=1`],
    [`k=${KEY}&u=x&w=8&w=9`],
    [`k=${KEY}&u=x&w=8&width=8`],
    ['u=x&w=8'],
    [`k=${KEY}&u=x&w=8`, { 'x-api-key': 'another' }],
  ])('%s, with the same response as the origin', async (raw, headers = {}) => {
    const { fromEdge, fromOrigin } = await sendToBoth(raw, headers);
    expect(fromEdge.statusCode).toBe(fromOrigin.status);
    const { instance, ...document } = JSON.parse(fromEdge.body.data);
    const { instance: _, ...expected } = JSON.parse(fromOrigin.body.toString());
    expect(document).toEqual(expected);
    expect(instance).toBe('edge-1%3D%3D');
    for (const name of [
      'content-type',
      'cache-control',
      'x-content-type-options',
      'access-control-allow-origin',
      'www-authenticate',
    ])
      expect(fromEdge.headers[name]?.value, name).toBe(fromOrigin.headers[name]);
  });
  test('other methods, and requests without a query, are forwarded', async () => {
    expect((await edge(eventOf('zoom=1', {}, 'OPTIONS'))).method).toBe('OPTIONS');
    expect((await edge(eventOf(''))).uri).toBe('/');
  });
});

describe('the API key', () => {
  test('is moved into the query: it is part of the cache key, so that a hit is for the same key only', async () => {
    for (const headers of [{ 'x-api-key': KEY }, { authorization: `Bearer ${KEY}` }]) {
      const forwarded = await edge(eventOf('u=x&w=8', headers));
      expect(queryOf(forwarded)).toBe(`k=${KEY}&u=x&w=8`);
      expect(Object.keys(forwarded.headers)).toEqual(['accept']);
    }
  });
  test('with EdgeKeys it is checked at the edge, and is not part of the cache key', async () => {
    const edgeWithKeys = loadEdge({ edgeKeys: 'on', storedKeys: [KEY, 'ü+ /'] });
    const forwarded = await edgeWithKeys(eventOf(`k=${KEY}&u=x&w=8`));
    expect([queryOf(forwarded), forwarded.headers['x-api-key']?.value]).toEqual(['u=x&w=8', KEY]);
    expect((await edgeWithKeys(eventOf('k=%C3%BC%2B%20%2F&u=x&w=8'))).headers['x-api-key']?.value).toBe('ü+ /');
    expect((await edgeWithKeys(eventOf('k=revoked&u=x&w=8'))).statusCode).toBe(401);
    expect((await edgeWithKeys(eventOf('u=x&w=8'))).statusCode).toBe(401);
    expect((await edgeWithKeys(eventOf('k=%zz&u=x&w=8'))).statusCode).toBe(400);
  });
  test('is optional in a public deployment', async () => {
    for (const edgeKeys of ['off', 'on']) {
      const publicEdge = loadEdge({ edgeKeys, isPublic: 'on' });
      expect(queryOf(await publicEdge(eventOf('u=x&w=8')))).toBe('u=x&w=8');
      expect((await publicEdge(eventOf('k=revoked&u=x&w=8'))).statusCode).toBe(edgeKeys === 'on' ? 401 : undefined);
    }
  });
});

test('the parameters of a signed URL are sorted, and keep names and values', async () => {
  const secret = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8';
  const options = { width: 80, fit: 'inside', we: true, f: 'auto' } as unknown as UrlOptions;
  const url = await sign(
    'https://img.example.com/cats/a.jpg',
    'https://x.example.com/a.jpg',
    { id: 'acme', secret },
    options,
  );
  const raw = [...new URL(url).search.slice(1).split('&')].reverse().join('&');
  const handler = testHandler({
    API_KEYS: JSON.stringify([{ id: 'acme', mode: 'signed', secret }]),
    OWN_HOSTS: 'img.example.com',
    SOURCE_ALLOWED_HOSTS: 'other.example.com',
  });
  for (const edgeKeys of ['off', 'on']) {
    const sent = eventOf(raw, { accept: 'image/webp' });
    const entries = { 'signed-acme': '{"id":"acme"}' };
    const forwarded = await loadEdge({ edgeKeys, entries })({
      ...sent,
      request: { ...sent.request, uri: '/cats/a.jpg' },
    });
    expect(forwarded.headers.accept?.value).toBe('image/webp');
    const event = {
      rawQueryString: queryOf(forwarded),
      rawPath: forwarded.uri,
      headers: { host: 'x.lambda-url.eu-west-1.on.aws' },
      requestContext: { http: { method: 'GET' } },
    };
    const reply = toReply(await handler(event, context()));
    // The signature is valid: only the host of the source is not allowed.
    expect([reply.status, codeOf(reply)]).toEqual([403, 'SOURCE_FORBIDDEN']);
    const elsewhere = toReply(await handler({ ...event, rawPath: '/' }, context()));
    expect([elsewhere.status, codeOf(elsewhere)]).toEqual([401, 'SIGNATURE_INVALID']);
    expect(Object.keys(forwarded.querystring)).toEqual(Object.keys(forwarded.querystring).sort());
  }
});
