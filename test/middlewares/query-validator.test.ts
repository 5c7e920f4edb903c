import middy from '@middy/core';
import { expect, test } from 'vitest';
import schema from '../../schemas/query.json' with { type: 'json' };
import { query as validate } from '../../schemas/validators.js';
import { ImageError } from '../../src/errors.ts';
import type { HttpEvent } from '../../src/event.ts';
import { queryValidator } from '../../src/middlewares/query-validator.ts';
import { events } from '../requests.ts';

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

const DEFAULTS = { f: 'auto', fit: 'inside', q: 80, dpr: 1, we: false };

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

const WIDTH = 'w must be a whole number from 1 to 8192, in decimal digits';
test.each([
  ...['0x28', '1e1', ' 40 ', '40.5', '0', '-1', '+1', 'true', '', '8193', '٤٠', '1'.repeat(400), 'NaN', 'null'],
])('w=%j is a fault in every shape of event', async (w) => {
  for (const event of Object.values(events)) expect(await faults(event({ u: 'a', w }))).toEqual([WIDTH]);
});

test.each([
  ['', ['w is required (or h)', 'u is required']],
  ['u=a', ['w is required (or h)']],
  ['w=9', ['u is required']],
  ['u=a&w=1&w=1', ['w is given more than once']],
  ['u=a&w=1&width=1', ['w is given more than once']],
  ['u=a&w=1&w=x', ['w is given more than once']],
  ['u=&w=1', ['u must be a text that is not empty']],
  ['u=%zz&w=1', ['u is not percent-encoded UTF-8 (write a % as %25)']],
  ['u=a+b&w=1', ['u has a space']],
  ['u=a&w=1&q=0', ['q must be a whole number from 1 to 100, in decimal digits']],
  ['u=a&w=1&dpr=0.5', ['dpr must be a decimal number from 1 to 8']],
  ['u=a&w=1&dpr=1e0', ['dpr must be a decimal number from 1 to 8']],
  ['u=a&w=1&we=yes', ['we must be 1 or 0 (or true, false, or bare)']],
  ['u=a&w=1&f=bmp', ['f must be one of auto, jpg, png, webp, avif, gif']],
  ['u=a&w=1&f=constructor', ['f must be one of auto, jpg, png, webp, avif, gif']],
  ['u=a&w=1&b=2', ['b is not a parameter (an & inside a value is written %26)']],
  ['u=a&w=1&__proto__=2', ['__proto__ is not a parameter (an & inside a value is written %26)']],
  ['u=a&w=1&toString=2', ['toString is not a parameter (an & inside a value is written %26)']],
  ['u=a&w=1&W=2', ['W is not a parameter (an & inside a value is written %26)']],
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
    'amp;: The address holds &amp; where an & is meant: write &',
  ]);
});

test('a name is told without what could be read as markup', async () => {
  expect((await faults({ rawQueryString: 'u=a&w=1&<script>=1' }))?.[0]).not.toContain('<');
});

test('a preflight passes unread', async () =>
  expect(await run(events.rest({ x: 1 }, {}, 'OPTIONS'))).toEqual({ x: '1' }));

test('a bug in a parser is not the fault of the caller', async () => {
  const broken = middy()
    .use(queryValidator({ schema, validate, parsers: { u: () => JSON.parse('{') } }))
    .handler(() => 'reached');
  await expect((broken as never as typeof handler)(events.rest({ u: 'a', w: 1 }), {})).rejects.toThrow(SyntaxError);
});

test.each([
  [{ schema: {}, validate }],
  [{ schema, validate: {} }],
  [{ schema, validate, parsers: { nope: noSpaces } }],
])('the factory refuses %#', (options) => expect(() => queryValidator(options as never)).toThrow(TypeError));
