import middy from '@middy/core';
import { expect, test } from 'vitest';
import { apiKey } from '../../src/middlewares/api-key.ts';
import { events } from '../requests.ts';

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

test.each([
  ['no key', events.rest({})],
  ['no query at all', { httpMethod: 'GET', queryStringParameters: null }],
  ['an event that is no request', { source: 'aws.events' }],
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

test.each([[[]], [[{ id: '', key: 'x' }]], [[{ id: 'x', key: '' }]], [undefined]])('the factory refuses %j', (keys) =>
  expect(() => apiKey({ keys: keys as never })).toThrow(TypeError),
);
