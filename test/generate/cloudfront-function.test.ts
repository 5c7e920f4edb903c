/** Tests the CloudFront Function with the globals of its runtime only. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import vm from 'node:vm';
import fc from 'fast-check';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import querySchema from '../../schemas/query.json' with { type: 'json' };
import { sign, type UrlOptions } from '../../src/client/url.ts';
import { startOrigin } from '../origin.ts';
import { anyValueOf } from '../queries.ts';
import { codeOf, context, KEY, testHandler, toReply } from '../requests.ts';

const template = readFileSync(new URL('../../template.yaml', import.meta.url), 'utf8');
const code = /( +)\/\/ <edge>\n([\s\S]*?)\n +\/\/ <\/edge>/.exec(template)?.[2]?.replace(/^ {8}/gm, '') ?? '';

type Value = { value: string; multiValue?: { value: string }[] };
interface EdgeRequest {
  method: string;
  uri: string;
  querystring: Record<string, Value>;
  headers: Record<string, { value: string }>;
}
interface EdgeResponse {
  statusCode: number;
  headers: Record<string, { value: string }>;
  body: { data: string };
}

const sha256 = (key: string) => createHash('sha256').update(key).digest('hex');
/** Loads the function as the runtime does: no URL, no process, no timers, no other modules. */
function load({ avif = 'off', edgeKeys = 'off', isPublic = 'off', storedKeys = [KEY] as readonly string[] } = {}) {
  const cf = {
    kvs: () => ({
      get: async (key: string) => {
        if (!storedKeys.map(sha256).includes(key)) throw new Error('KeyNotFound');
        return '1';
      },
    }),
  };
  const require = (name: string) => {
    if (name !== 'crypto') throw new Error(`no module ${name}`);
    return { createHash };
  };
  const source = code
    .replace("import cf from 'cloudfront';", '')
    .replace(/\$\{AvifAuto\}/, avif)
    .replace(/\$\{EdgeKeys\}/, edgeKeys)
    .replace(/\$\{Public\}/, isPublic);
  const sandbox = vm.createContext({ cf, require });
  vm.runInContext(source, sandbox);
  return (event: object) => sandbox.handler(event) as Promise<EdgeRequest & EdgeResponse>;
}

/** Parses a query as CloudFront does: names and values stay percent-encoded. */
function parse(raw: string): Record<string, Value> {
  const query: Record<string, Value> = {};
  for (const pair of raw.split('&').filter(Boolean)) {
    const equals = pair.indexOf('=');
    const [name, value] = equals < 0 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)];
    const previous = query[name];
    query[name] = previous
      ? { value, multiValue: [...(previous.multiValue ?? [{ value: previous.value }]), { value }] }
      : { value };
  }
  return query;
}
const eventOf = (raw: string, headers: Record<string, string> = {}, method = 'GET') => ({
  version: '1.0',
  request: {
    method,
    uri: '/',
    querystring: parse(raw),
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, { value }])),
  },
});
const queryOf = ({ querystring }: EdgeRequest) =>
  Object.entries(querystring)
    .map(([name, { value }]) => `${name}=${value}`)
    .join('&');

const edge = load();
const rewritten = async (raw: string, headers = {}) => queryOf(await edge(eventOf(`k=${KEY}&${raw}`, headers)));

test('it is below 10 kB, and has only the syntax and globals of its runtime', () => {
  expect(code.length).toBeGreaterThan(1000);
  expect(Buffer.byteLength(code)).toBeLessThan(10_240);
  expect(code).not.toMatch(/\?\.|\?\?|\.\.\.|`|=>|\bclass\b|\blet\b|\bconst\b|process|URLSearchParams/);
  // CloudFormation substitutes these three parameters, and nothing else.
  expect(code.match(/(?<=\$\{)\w+(?=\})/g)).toEqual(['AvifAuto', 'EdgeKeys', 'Public']);
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
  ['u=x&w=80&ar=1:1&fit=inside', 'ar=1:1&fit=inside&k=K&u=x&w=80'],
  ['u=x&p=thumb&f=auto&we=0', 'f=auto&k=K&p=thumb&u=x&we=0'],
  ['u=x&w=80&a=t&blur&gam=2.20', 'a=top&blur=1&gam=2.2&k=K&u=x&w=80'],
  [
    'u=https%3A%2F%2Fx.de%2Fa%2520b%3Fc%3D1%26d%2B&w=50%25',
    'k=K&u=https%3A%2F%2Fx.de%2Fa%2520b%3Fc%3D1%26d%2B&w=50%25',
  ],
])('%s', async (raw, expected) => {
  if (expected) expect(await rewritten(raw)).toBe(expected.replace('k=K', `k=${KEY}`));
  else expect((await edge(eventOf(`k=${KEY}&${raw}`))).statusCode).toBe(400);
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
    expect((await load({ avif: 'on' })(event())).headers.accept?.value).toBe(avif);
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
    [`k=${KEY}&u=x&w=8&w=9`],
    [`k=${KEY}&u=x&w=8&width=8`],
    ['u=x&w=8'],
    [`k=${KEY}&u=x&w=8`, { 'x-api-key': 'another' }],
  ])('%s, with the same response as the origin', async (raw, headers = {}) => {
    const { fromEdge, fromOrigin } = await sendToBoth(raw, headers);
    expect(fromEdge.statusCode).toBe(fromOrigin.status);
    expect(JSON.parse(fromEdge.body.data)).toEqual(JSON.parse(fromOrigin.body.toString()));
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
    const edgeWithKeys = load({ edgeKeys: 'on', storedKeys: [KEY, 'ü+ /'] });
    const forwarded = await edgeWithKeys(eventOf(`k=${KEY}&u=x&w=8`));
    expect([queryOf(forwarded), forwarded.headers['x-api-key']?.value]).toEqual(['u=x&w=8', KEY]);
    expect((await edgeWithKeys(eventOf('k=%C3%BC%2B%20%2F&u=x&w=8'))).headers['x-api-key']?.value).toBe('ü+ /');
    expect((await edgeWithKeys(eventOf('k=revoked&u=x&w=8'))).statusCode).toBe(401);
    expect((await edgeWithKeys(eventOf('u=x&w=8'))).statusCode).toBe(401);
    expect((await edgeWithKeys(eventOf('k=%zz&u=x&w=8'))).statusCode).toBe(400);
  });
  test('is optional in a public deployment', async () => {
    for (const edgeKeys of ['off', 'on']) {
      const publicEdge = load({ edgeKeys, isPublic: 'on' });
      expect(queryOf(await publicEdge(eventOf('u=x&w=8')))).toBe('u=x&w=8');
      expect((await publicEdge(eventOf('k=revoked&u=x&w=8'))).statusCode).toBe(edgeKeys === 'on' ? 401 : undefined);
    }
  });
});

test('the parameters of a signed URL are sorted, and otherwise unchanged', async () => {
  const secret = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8';
  const options = { width: 80, fit: 'inside', we: true, f: 'auto' } as unknown as UrlOptions;
  const url = await sign('https://img.example.com/', 'https://x.example.com/a.jpg', { id: 'acme', secret }, options);
  const raw = [...new URL(url).search.slice(1).split('&')].reverse().join('&');
  const handler = testHandler({
    API_KEYS: JSON.stringify([{ id: 'acme', mode: 'signed', secret }]),
    OWN_HOSTS: 'img.example.com',
    SOURCE_ALLOWED_HOSTS: 'other.example.com',
  });
  for (const edgeKeys of ['off', 'on']) {
    const forwarded = await load({ edgeKeys })(eventOf(raw, { accept: 'image/webp' }));
    expect(forwarded.headers.accept?.value).toBe('image/webp');
    const event = {
      rawQueryString: queryOf(forwarded),
      rawPath: '/',
      headers: { host: 'x.lambda-url.eu-west-1.on.aws' },
      requestContext: { http: { method: 'GET' } },
    };
    const reply = toReply(await handler(event, context()));
    // The signature is valid: only the host of the source is not allowed.
    expect([reply.status, codeOf(reply)]).toEqual([403, 'SOURCE_FORBIDDEN']);
    expect(Object.keys(forwarded.querystring)).toEqual(Object.keys(forwarded.querystring).sort());
  }
});

describe('edge and origin have the same cache key', () => {
  let origin: Awaited<ReturnType<typeof startOrigin>>;
  const handler = testHandler({ PRESETS: 'thumb=w=20&h=20&fit=cover&f=webp&we=1' });
  beforeAll(async () => {
    const body = await sharp({ create: { width: 40, height: 30, channels: 4, background: '#8080' } })
      .png()
      .toBuffer();
    origin = await startOrigin({ '/a.png': { body, headers: { etag: '"a"' } } });
  });
  afterAll(() => origin.close());

  const requestImage = async (rawQueryString: string, accept: string) =>
    toReply(
      await handler({ rawQueryString, headers: { accept }, requestContext: { http: { method: 'GET' } } }, context()),
    );
  const names = Object.keys(querySchema.properties).filter((name) => !['k', 's', 'u'].includes(name));
  const anyValue = (name: string) =>
    name === 'p' ? fc.constant('thumb') : anyValueOf(querySchema.properties[name as 'w'], name);
  const anyQuery = fc
    .uniqueArray(fc.constantFrom(...names), { maxLength: 6 })
    .chain((selected) =>
      fc.record(Object.fromEntries([...new Set(['w', ...selected])].map((name) => [name, anyValue(name)]))),
    );
  const accepts = fc.constantFrom('image/webp,*/*', 'image/avif,image/webp', 'image/png', '');
  const runs = Number(process.env.FUZZ_RUNS ?? 200);

  test('a query and its normalized form give the same response', { timeout: 300_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(anyQuery, accepts, async (query, accept) => {
        const pairs = { k: KEY, u: `${origin.url}/a.png`, ...query };
        const raw = Object.entries(pairs)
          .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`)
          .join('&');
        const forwarded = await edge(eventOf(raw, { accept }));
        const [before, after] = [
          await requestImage(raw, accept),
          await requestImage(queryOf(forwarded), forwarded.headers.accept?.value ?? ''),
        ];
        expect(after.status).toBe(before.status);
        expect(after.headers.etag).toBe(before.headers.etag);
        if (before.status !== 200) expect(codeOf(after)).toBe(codeOf(before));
      }),
      { numRuns: runs },
    );
  });

  test('aliases and value aliases of one request give the same query', { timeout: 300_000 }, async () => {
    const anySpelling = (name: string, value: string) => {
      const property = querySchema.properties[name as 'a'] as {
        aliases?: string[];
        enumAliases?: Record<string, string>;
        type: unknown;
      };
      const values = [
        value,
        ...Object.entries(property.enumAliases ?? {}).flatMap(([alias, name]) => (name === value ? [alias] : [])),
      ];
      if (property.type === 'boolean') values.push(...(value === '1' ? ['true', ''] : ['false']));
      return fc.tuple(fc.constantFrom(name, ...(property.aliases ?? [])), fc.constantFrom(...values));
    };
    await fc.assert(
      fc.asyncProperty(
        anyQuery.chain((query) =>
          fc.tuple(
            fc.constant(query),
            fc
              .tuple(...Object.entries(query).map(([name, value]) => anySpelling(name, String(value))))
              .chain((pairs) => fc.shuffledSubarray(pairs, { minLength: pairs.length })),
          ),
        ),
        async ([query, pairs]) => {
          const raw = (list: readonly (readonly [string, unknown])[]) =>
            list.map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`).join('&');
          expect(await rewritten(`u=x&${raw(pairs)}`)).toBe(await rewritten(`u=x&${raw(Object.entries(query))}`));
        },
      ),
      { numRuns: runs },
    );
  });
});
