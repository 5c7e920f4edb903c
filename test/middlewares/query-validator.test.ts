import middy from '@middy/core';
import { describe, expect, test } from 'vitest';
import schema from '../../schemas/query.json' with { type: 'json' };
import { query as validate } from '../../schemas/validators.js';
import { ImageError } from '../../src/errors.ts';
import type { HttpEvent } from '../../src/http/event.ts';
import { queryValidator } from '../../src/middlewares/query-validator.ts';
import { events } from '../event-sources.ts';

const noSpaces = (u: string) => {
  if (u.includes(' ')) throw new ImageError('QUERY_INVALID', 'u has a space');
  return u.toUpperCase();
};
const handler = middy()
  .use(queryValidator({ schema, validate, parsers: { u: noSpaces } }))
  .handler((event: HttpEvent) => ({ ...event.queryStringParameters })) as never as (
  e: object,
  c: object,
) => Promise<object>;
const run = (event: object) => handler(event, {});
const raw = (rawQueryString: string) => run({ rawQueryString });
const faults = async (event: object) => {
  const error = await run(event).then(
    () => undefined,
    (thrown: ImageError) => thrown,
  );
  expect(error).toMatchObject({ code: 'QUERY_INVALID', statusCode: 400 });
  return error?.errors?.map(({ parameter, detail }) =>
    parameter === detail.split(' ')[0] ? detail : `${parameter}: ${detail}`,
  );
};

const DEFAULTS = Object.fromEntries(
  Object.entries(schema.properties as Record<string, { default?: unknown }>).flatMap(([name, { default: value }]) =>
    value === undefined ? [] : [[name, value]],
  ),
);

test.each(Object.entries(events))('%s: typed, with defaults, parsed', async (_door, event) => {
  expect(await run(event({ u: 'a', w: '0040', dpr: '1.5' }))).toEqual({ ...DEFAULTS, u: 'A', w: 40, dpr: 1.5 });
});

test.each([
  ['u=a&w=1&format=png', { f: 'png' }],
  ['u=a&w=1&output=jpeg', { f: 'jpg' }],
  ['url=a&width=1', {}],
  ['u=a&w=1&we', { we: true }],
  ['u=a&w=1&we=true', { we: true }],
  ['u=a&w=1&we=0', { we: false }],
  ['u=a&w=8192&q=100&dpr=8', { w: 8192, q: 100, dpr: 8 }],
])('%s', async (query, more) => expect(await raw(query)).toEqual({ ...DEFAULTS, u: 'A', w: 1, ...more }));

test('h alone is enough', async () => expect(await raw('u=a&h=9')).toEqual({ ...DEFAULTS, u: 'A', h: 9 }));

const WIDTH = 'w must be a whole number from 1 to 8192, or a percentage from 1% to 100%';
test.each([
  ...['0x28', '1e1', ' 40 ', '40.5', '0', '-1', '+1', 'true', '', '8193', '٤٠', '1'.repeat(400), 'NaN', 'null'],
])('w=%j is a fault in every shape of event', async (w) => {
  for (const event of Object.values(events)) expect(await faults(event({ u: 'a', w }))).toEqual([WIDTH]);
});

test.each([
  ['', ['w is required (or h): w=100% keeps the size of the source', 'u is required: the image URL']],
  ['u=a', ['w is required (or h): w=100% keeps the size of the source']],
  ['w=9', ['u is required: the image URL']],
  ['u=a&w=1&w=1', ['w is given more than once']],
  ['u=a&w=1&width=1', ['w is given more than once']],
  ['u=a&w=1&w=x', ['w is given more than once']],
  ['u=&w=1', ['u is required: the image URL']],
  ['u=%zz&w=1', ['u is not percent-encoded UTF-8 (write a % as %25)']],
  ['u=a+b&w=1', ['u has a space']],
  ['u=a&h=x', ['h must be a whole number from 1 to 8192, or a percentage from 1% to 100%']],
  ['u=a&w=1&q=0', ['q must be a whole number from 1 to 100, in decimal digits']],
  ['u=a&w=1&dpr=0.5', ['dpr must be a decimal number from 1 to 8']],
  ['u=a&w=1&dpr=1e0', ['dpr must be a decimal number from 1 to 8']],
  ['u=a&w=1&we=yes', ['we must be 1 or 0 (also true, false, or without a value)']],
  [
    'u=a&w=1&f=bmp',
    ['f must be one of auto, origin, jpg, png, webp, avif, gif, tiff, json, blurhash, thumbhash, lqip, color'],
  ],
  [
    'u=a&w=1&f=constructor',
    ['f must be one of auto, origin, jpg, png, webp, avif, gif, tiff, json, blurhash, thumbhash, lqip, color'],
  ],
  ['u=a&w=1&b=2', ['b is not a parameter (an & inside a value is written %26)']],
  ['u=a&w=1&__proto__=2', ['__proto__ is not a parameter (an & inside a value is written %26)']],
  ['u=a&w=1&toString=2', ['toString is not a parameter (an & inside a value is written %26)']],
  ['u=a&w=1&W=2', ['W is not a parameter: the nearest name is w']],
])('%s', async (query, expected) => expect(await faults({ rawQueryString: query })).toEqual(expected));

test('all faults in one answer, width first, then the address', async () => {
  const found = await faults({ rawQueryString: 'x=1&q=x&u=a+b&w=x' });
  expect(found).toEqual([
    WIDTH,
    'u has a space',
    'q must be a whole number from 1 to 100, in decimal digits',
    'x is not a parameter (an & inside a value is written %26)',
  ]);
});

test('an address that was HTML-escaped has one fault', async () => {
  expect(await faults({ rawQueryString: 'u=a&amp;w=1&amp;f=png' })).toEqual([
    'amp;: The URL contains &amp; instead of &: it was HTML-escaped',
  ]);
  await expect(raw('u=a&amp;w=1')).rejects.toThrow('The URL contains &amp; instead of &: it was HTML-escaped.');
});

test('a name is told without what could be read as markup', async () => {
  const [told] = (await faults({ rawQueryString: 'u=a&w=1&<script>=1' })) ?? [];
  expect(told).toBe('?script? is not a parameter (an & inside a value is written %26)');
});

test.each([
  ['w=50%25', { w: '50%' }],
  ['w=99.5%25', { w: '99.5%' }],
  ['w=9&trim', { w: 9, trim: 10 }],
  ['w=9&blur', { w: 9, blur: 1 }],
  ['w=9&gam=', { w: 9, gam: 2.2 }],
  ['w=9&a=t', { w: 9, a: 'top' }],
  ['w=9&align=top-left', { w: 9, a: 'top-left' }],
  ['w=9&rot=-90', { w: 9, ro: -90 }],
  ['w=9&r=max', { w: 9, r: 'max' }],
  ['w=9&n=-1', { w: 9, n: -1 }],
  ['f=json', { f: 'json' }],
  ['f=json&explain', { f: 'json', explain: true }],
])('%s', async (query, more) => expect(await raw(`u=a&${query}`)).toEqual({ ...DEFAULTS, u: 'A', ...more }));

test.each([
  ['w=0%25', WIDTH],
  ['w=101%25', WIDTH],
  ['w=5%', 'w is not percent-encoded UTF-8 (write a % as %25)'],
  ['w=9&n=0', 'n must be a whole number from -1 to 10000, in decimal digits'],
  ['w=9&r=min', 'r must be a whole number from 1 to 8192, or max'],
  ['w=9&tbg=red', 'tbg needs trim'],
  ['w=9&sharpf=1', 'sharpf needs sharp'],
  ['w=9&filt=sepia&start=red', 'start needs filt=duotone'],
  ['w=9&mbg=red', 'mbg needs mask or r'],
  ['w=9&explain', 'explain needs f=json'],
  ['w=9&fpx=0.5', 'fpx needs fit=cover or fit=contain or ar'],
  ['w=9&h=9&fit=fill&fpy=0.5', 'fpy needs fit=cover or fit=contain or ar'],
  ['w=9&h=9&fit=cover&cbg=red', 'cbg needs fit=contain or pad'],
  ['w=9&precrop', 'precrop needs cx or cy or cw or ch'],
  ['w=9&f=png&mb=9000', 'mb needs f=auto or f=origin or f=jpg or f=webp or f=avif'],
  ['w=9&f=jpg&ll', 'll needs f=auto or f=origin or f=webp or f=avif'],
  ['w=9&p=thumb', 'p must be one of the presets of this deployment, which has none'],
])('%s: %s', async (query, fault) => expect(await faults({ rawQueryString: `u=a&${query}` })).toEqual([fault]));

describe('presets', () => {
  const withPresets = (presets: object) =>
    middy()
      .use(queryValidator({ schema, validate, presets: presets as never }))
      .handler((event: HttpEvent) => ({ ...event.queryStringParameters })) as never as typeof handler;
  const queries = { thumb: 'w=100&h=100&fit=cover', hero: 'width=1600' };

  test('their parameters, and what is given beside them wins', async () => {
    const ask = (query: string) => withPresets({ queries })({ rawQueryString: `u=a&${query}` }, {});
    expect(await ask('p=thumb')).toMatchObject({ w: 100, h: 100, fit: 'cover' });
    expect(await ask('p=thumb&w=50')).toMatchObject({ w: 50, h: 100, fit: 'cover' });
    expect(await ask('p=hero')).toMatchObject({ w: 1600 });
    await expect(ask('p=nope')).rejects.toMatchObject({
      message: expect.stringContaining('presets of this deployment: thumb, hero'),
    });
  });

  test('made mandatory', async () => {
    const ask = (query: string) =>
      withPresets({ queries, only: ['k', 'u', 'p', 'dpr'] })({ rawQueryString: query }, {});
    expect(await ask('u=a&p=thumb&dpr=2')).toMatchObject({ w: 100, dpr: 2 });
    await expect(ask('u=a')).rejects.toMatchObject({
      errors: [{ parameter: 'w' }, { parameter: 'p', detail: 'p is required: this deployment allows presets only' }],
    });
    await expect(ask('u=a&p=thumb&w=9')).rejects.toMatchObject({
      errors: [{ parameter: 'w', detail: expect.stringContaining('not allowed') }],
    });
  });

  test('a part of a query is enough; what means nothing alone is told of a request', async () => {
    const ask = (query: string) =>
      withPresets({ queries: { webp: 'f=webp', frame: 'tbg=red' } })({ rawQueryString: query }, {});
    expect(await ask('u=a&w=9&p=webp')).toMatchObject({ f: 'webp', w: 9 });
    await expect(ask('u=a&w=9&p=frame')).rejects.toMatchObject({ message: 'tbg needs trim.' });
    expect(await ask('u=a&w=9&p=frame&trim')).toMatchObject({ tbg: 'red' });
  });

  test.each(['w=x', 'w=9999', 'nope=1', 'w=1&w=2'])('a preset of %s does not start', (query) =>
    expect(() => withPresets({ queries: { bad: query } })).toThrow(/The preset bad is invalid/),
  );
});

test('a preflight passes unread', async () =>
  expect(await run(events.rest({ x: 1 }, {}, 'OPTIONS'))).toEqual({ x: '1' }));

test('a bug in a parser is not the fault of the caller', async () => {
  const broken = middy()
    .use(queryValidator({ schema, validate, parsers: { u: () => JSON.parse('{') } }))
    .handler(() => 'reached');
  await expect((broken as never as typeof handler)(events.rest({ u: 'a', w: 1 }), {})).rejects.toThrow(SyntaxError);
});

describe('the bounds of every number, and one step past them', () => {
  const numbers = Object.entries(
    schema.properties as Record<
      string,
      { type: string | string[]; minimum?: number; maximum?: number; needs?: string }
    >,
  ).filter(([, { minimum }]) => minimum !== undefined);
  test.each(numbers)('%s', async (name, { type, minimum = 0, maximum = 0 }) => {
    const step = [type].flat().includes('integer') ? 1 : 0.01;
    const found = async (value: number) =>
      (
        (await raw(
          `u=a&w=1&h=1&${name === 'w' || name === 'h' ? '' : `${name}=${value}`}`.replace(
            new RegExp(`\\b${name}=1\\b`),
            `${name}=${value}`,
          ),
        ).then(
          () => [],
          ({ errors }) => errors,
        )) as { parameter: string; detail: string }[]
      ).filter(({ parameter, detail }) => parameter === name && detail.includes('must be'));
    for (const inside of [minimum, maximum]) expect(await found(Number(inside.toFixed(6)))).toEqual([]);
    for (const outside of [minimum - step, maximum + step])
      expect(await found(Number(outside.toFixed(6))), `${name}=${outside}`).toHaveLength(1);
  });
});

describe('a query that comes again', () => {
  function counting() {
    const parsed: string[] = [];
    const u = (text: string) => {
      parsed.push(text);
      if (text === 'bad') throw new ImageError('QUERY_INVALID', 'u is bad');
      return text;
    };
    const again = middy()
      .use(queryValidator({ schema, validate, parsers: { u }, presets: { queries: { thumb: 'h=9' } } }))
      .handler((event: HttpEvent) => event.queryStringParameters) as never as (
      e: object,
      c: object,
    ) => Promise<Record<string, unknown>>;
    return { parsed, ask: (rawQueryString: string) => again({ rawQueryString }, {}), again };
  }

  test('is read once, and gets the same values, which cannot be changed', async () => {
    const { parsed, ask } = counting();
    const first = await ask('u=a&w=1&p=thumb');
    expect(await ask('u=a&w=1&p=thumb')).toBe(first);
    expect(first).toEqual({ ...DEFAULTS, u: 'a', w: 1, h: 9, p: 'thumb' });
    expect(() => Object.assign(first, { w: 2 })).toThrow(TypeError);
    expect(await ask('u=a&w=2&p=thumb')).toMatchObject({ w: 2 });
    expect(parsed).toEqual(['a', 'a']);
  });

  test('with a value of parts is read for each request: what one changes no other sees', async () => {
    const parsers = { u: (text: string) => ({ parts: text.split(',') }) };
    const own = middy()
      .use(queryValidator({ schema, validate, parsers }))
      .handler((event: HttpEvent) => {
        const { u } = event.queryStringParameters as unknown as { u: { parts: string[] } };
        u.parts.push('more');
        return u.parts;
      }) as never as typeof handler;
    for (let i = 0; i < 2; i++) expect(await own({ rawQueryString: 'u=a,b&w=9' }, {})).toEqual(['a', 'b', 'more']);
  });

  test('is remembered for the service that read it, with what the caller gave', async () => {
    const given: unknown[] = [];
    const service = (query: string) =>
      middy()
        .use(queryValidator({ schema, validate, presets: { queries: { thumb: query } } }))
        .before(({ internal }) => {
          const { queryGiven } = internal as { queryGiven: Set<string> };
          given.push([...queryGiven]);
          queryGiven.clear();
        })
        .handler((event: HttpEvent) => event.queryStringParameters) as never as typeof handler;
    const [one, other] = [service('h=9'), service('h=8')];
    const event = () => ({ rawQueryString: 'u=a&p=thumb' });
    for (let i = 0; i < 2; i++) {
      expect(await one(event(), {})).toMatchObject({ h: 9 });
      expect(await other(event(), {})).toMatchObject({ h: 8 });
    }
    expect(given).toEqual(Array(4).fill(['u', 'p']));
  });

  test('is read again when it was faulty, is longer than any real one, or is not told as it came', async () => {
    const { parsed, ask, again } = counting();
    for (let i = 0; i < 2; i++) await expect(ask('u=bad&w=1')).rejects.toThrow('u is bad');
    const longest = `w=1&u=${'x'.repeat(1994)}`;
    for (const query of [longest, longest, `${longest}y`, `${longest}y`]) await ask(query);
    for (let i = 0; i < 2; i++) await again(events.rest({ u: 'rest', w: 1 }), {});
    expect(parsed.map((text) => [text.slice(0, 4), text.length])).toEqual([
      ['bad', 3],
      ['bad', 3],
      ['xxxx', 1994],
      ['xxxx', 1995],
      ['xxxx', 1995],
      ['rest', 4],
      ['rest', 4],
    ]);
  });

  test('is derived from once, if it is valid; every request gets the result', async () => {
    const derived: unknown[] = [];
    const seen: unknown[] = [];
    const derive = (values: Readonly<Record<string, unknown>>) => {
      derived.push(values.w);
      return { key: `w=${values.w}` };
    };
    const service = middy()
      .use(queryValidator({ schema, validate, derive }))
      .before(({ internal }) => {
        seen.push((internal as { queryDerived: unknown }).queryDerived);
      })
      .handler(() => ({})) as never as typeof handler;
    for (let i = 0; i < 2; i++) await service({ rawQueryString: 'u=a&w=9' }, {});
    await expect(service({ rawQueryString: 'u=a&w=x' }, {})).rejects.toThrow('w must be');
    await service(events.rest({ u: 'a', w: 8 }), {});
    expect(derived).toEqual([9, 8]);
    expect(seen).toEqual([{ key: 'w=9' }, { key: 'w=9' }, { key: 'w=8' }]);
    expect(seen[0]).toBe(seen[1]);
  });

  test('is evicted after 500 others', async () => {
    const { parsed, ask } = counting();
    for (let i = 0; i < 500; i++) await ask(`u=${i}&w=1`);
    await ask('u=0&w=1');
    expect(parsed).toHaveLength(500);
    // The least recently used one is evicted.
    await ask('u=500&w=1');
    await ask('u=0&w=1');
    expect(parsed).toHaveLength(501);
    await ask('u=1&w=1');
    expect(parsed).toHaveLength(502);
  });
});
