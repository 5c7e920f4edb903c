import { createHash } from 'node:crypto';
import middy from '@middy/core';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type ApiKey, apiKey } from '../../src/middlewares/api-key.ts';
import { hasKey } from '../../src/middlewares/authenticate.ts';
import type { ApiKeyOptions } from '../../src/middlewares/options.ts';
import { events } from '../event-sources.ts';

const handler = middy()
  .use(
    apiKey({
      keys: [
        { id: 'acme', key: 'right' },
        { id: 'acme', key: 'next' },
        { id: 'beta', key: 'ключ' },
      ],
    }),
  )
  .use({
    after: (request) => {
      request.response = request.internal;
    },
  })
  .handler(() => 'reached') as unknown as (event: object, context: object) => Promise<{ apiKeyId?: string }>;
const run = (event: object) => handler(event, {});

test.each([
  ['k', events.functionUrl({ k: 'right' }), 'acme'],
  ['the next key of a partner', events.rest({ k: 'next' }), 'acme'],
  ['k that is not ASCII', events.alb({ k: 'ключ' }), 'beta'],
  ['x-api-key', events.rest({}, { 'x-api-key': 'right' }), 'acme'],
  ['Authorization: Bearer', events.albMulti({}, { authorization: 'bearer right' }), 'acme'],
  ['the same key twice', events.functionUrl({ k: 'right' }, { 'x-api-key': 'right' }), 'acme'],
])('passes: %s', async (_how, event, id) => expect((await run(event)).apiKeyId).toBe(id));

test('whether a request carries a key, right or wrong', () => {
  expect([hasKey(events.rest({ k: 'wrong' })), hasKey(events.alb({}, { 'x-api-key': 'a' }))]).toEqual([true, true]);
  expect(hasKey(events.functionUrl({ w: 1 }))).toBe(false);
});

test.each([
  ['no key', events.rest({})],
  ['no query at all', { httpMethod: 'GET', queryStringParameters: null }],
  ['an event that is not an HTTP request', { source: 'aws.events' }],
  ['an empty key', events.functionUrl({ k: '' })],
  ['a wrong key', events.functionUrl({ k: 'wrong' })],
  ['the beginning of a key', events.functionUrl({ k: 'righ' })],
  ['another case', events.functionUrl({ k: 'RIGHT' })],
  ['broken percent-encoding', { rawQueryString: 'k=%zz' }],
  ['two keys', events.functionUrl({ k: 'right' }, { 'x-api-key': 'next' })],
  ['k twice', { rawQueryString: 'k=right&k=wrong' }],
  ['Basic', events.functionUrl({}, { authorization: 'Basic right' })],
])('refuses: %s', async (_how, event) =>
  expect(run(event)).rejects.toMatchObject({ code: 'UNAUTHORIZED', statusCode: 401 }),
);

test('a preflight carries no key', async () => expect(await run(events.rest({}, {}, 'OPTIONS'))).toEqual({}));

const sha256 = (key: string) => createHash('sha256').update(key).digest('hex');
type Run = (event: object, context: object) => Promise<{ apiKey?: ApiKey; apiKeyId?: string }>;
const handlerWith = (options: ApiKeyOptions) =>
  middy()
    .use(apiKey(options))
    .after((request) => {
      request.response = { ...request.internal };
    })
    .handler(() => 'reached') as unknown as Run;

test('request.internal gets the entry itself, with all its members', async () => {
  const entry = { id: 'acme', key: 'right', plan: 'gold' };
  const internal = await handlerWith({ keys: [entry] })(events.rest({ k: 'right' }), {});
  expect(internal.apiKey).toBe(entry);
  expect(internal.apiKeyId).toBe('acme');
});

test.each([
  ['lower case', sha256('right')],
  ['upper case', sha256('right').toUpperCase()],
])('a key given by its hash, in %s', async (_case, digest) => {
  const hashed = handlerWith({ keys: [{ id: 'acme', sha256: digest }] });
  expect((await hashed(events.rest({ k: 'right' }), {})).apiKeyId).toBe('acme');
  await expect(hashed(events.rest({ k: digest }), {})).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
});

describe('messages', () => {
  const NOW = Date.UTC(2026, 10, 1);
  beforeEach(() => vi.useFakeTimers({ now: NOW, toFake: ['Date'] }));
  afterEach(() => vi.useRealTimers());
  const messageFor = (state: Partial<ApiKey>) =>
    handlerWith({ keys: [{ id: 'acme', key: 'right', ...state }] })(events.rest({ k: 'right' }), {}).then(
      () => undefined,
      ({ message }: Error) => message,
    );
  test('for a key that is disabled, not valid yet or expired', async () => {
    expect(await messageFor({ disabled: true })).toBe('This API key is disabled.');
    expect(await messageFor({ disabled: false })).toBeUndefined();
    expect(await messageFor({ notBefore: NOW + 1 })).toBe('This API key is not valid yet.');
    expect(await messageFor({ notBefore: NOW })).toBeUndefined();
    expect(await messageFor({ notAfter: NOW })).toBe('This API key has expired.');
    expect(await messageFor({ notAfter: NOW + 1 })).toBeUndefined();
  });
  test('for no key, an unknown one, and two different ones', async () => {
    const message = (event: object) => run(event).catch(({ message }: Error) => message);
    expect(await message(events.rest({}))).toBe('An API key is required: add k=KEY to the query.');
    expect(await message(events.rest({ k: '' }))).toBe('An API key is required: add k=KEY to the query.');
    expect(await message({ rawQueryString: 'k=%zz' })).toBe('An API key is required: add k=KEY to the query.');
    expect(await message(events.rest({ k: 'wrong' }))).toBe('This API key is not known.');
    expect(await message(events.rest({ k: 'right' }, { 'x-api-key': 'next' }))).toBe(
      'Two different API keys were given: send one.',
    );
  });
  test('of several matching entries, a valid one is used', async () => {
    const keys = [
      { id: 'expired', key: 'right', notAfter: NOW },
      { id: 'valid', key: 'right' },
    ];
    expect((await handlerWith({ keys })(events.rest({ k: 'right' }), {})).apiKeyId).toBe('valid');
  });
});

test.each(['Bearer  right', 'BEARER right ', 'Bearer right  '])('Authorization: %j', async (authorization) =>
  expect((await run(events.functionUrl({}, { authorization }))).apiKeyId).toBe('acme'),
);
test.each(['Bearerright', 'Bearer', 'Bearer right x', 'xBearer right'])(
  'Authorization: %j holds no key',
  async (authorization) =>
    expect(run(events.functionUrl({}, { authorization }))).rejects.toMatchObject({
      message: expect.stringContaining('required'),
    }),
);

test('anonymous: passes without a key, but not with an unknown one', async () => {
  const anonymous = handlerWith({ keys: [], anonymous: true });
  expect(await anonymous(events.rest({}), {})).toEqual({});
  await expect(anonymous(events.rest({ k: 'x' }), {})).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
  await expect(anonymous(events.rest({ k: '' }), {})).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
});

test('a function in keys is called for each request; a new list is indexed once', async () => {
  let list: ApiKey[] = [{ id: 'old', key: 'one' }];
  const changing = handlerWith({ keys: () => list });
  const id = async (k: string) => (await changing(events.rest({ k }), {})).apiKeyId;
  expect(await id('one')).toBe('old');
  // A list that is modified in place is not indexed again.
  list.push({ id: 'late', key: 'three' });
  await expect(id('three')).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
  list = [{ id: 'new', key: 'two' }];
  expect(await id('two')).toBe('new');
  await expect(id('one')).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
  list = [{ id: 'bad' }];
  await expect(id('two')).rejects.toThrow(TypeError);
});

test.each<[unknown, string]>([
  [[], 'keys must hold at least one key'],
  [() => [], 'keys must hold at least one key'],
  [() => 'x', 'the function in keys must return a list'],
  [[{ id: '', key: 'x' }], 'each of keys needs an id'],
  [[{ key: 'x' }], 'each of keys needs an id'],
  [[{ id: 'acme', key: '' }], 'acme in keys needs a key, a sha256 or a secret'],
  [[{ id: 'acme', sha256: 'abc' }], 'acme in keys needs a key, a sha256 or a secret'],
  [[{ id: 'acme', sha256: `${'a'.repeat(64)}b` }], 'acme in keys needs a key, a sha256 or a secret'],
  [[{ id: 'acme', sha256: `x${'a'.repeat(64)}` }], 'acme in keys needs a key, a sha256 or a secret'],
  [[{ id: 'acme', secret: new Uint8Array() }], 'acme in keys needs a key, a sha256 or a secret'],
])('the factory rejects keys %#', (keys, message) =>
  expect(() => apiKey({ keys: keys as never })).toThrow(
    expect.objectContaining({ name: 'TypeError', message: expect.stringContaining(message) }),
  ),
);
