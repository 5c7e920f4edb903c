import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createHandler } from '../../src/handler.ts';
import { sha256 } from '../../src/keys/registry.ts';
import { createRateLimit } from '../../src/server/rate-limit.ts';
import { startOrigin } from '../origin.ts';
import { codeOf, context, events, testConfig, toReply } from '../requests.ts';

test('a key over its rate gets 429 with Retry-After; other keys are not limited', async () => {
  const body = readFileSync(new URL('../../src/dev/samples/landscape.jpg', import.meta.url));
  const origin = await startOrigin({ '/a.jpg': { body } });
  const keys = [
    { id: 'slow', sha256: sha256('one'), rate: 3 },
    { id: 'free', sha256: sha256('two') },
  ];
  const config = testConfig({ API_KEYS: JSON.stringify(keys) });
  const handler = createHandler(config, { log: () => {}, limitRate: createRateLimit() });
  const requestImage = async (k: string) =>
    toReply(await handler(events.rest({ k, u: `${origin.url}/a.jpg`, w: 40 }), context()));
  const replies = [];
  for (let i = 0; i < 5; i++) replies.push(await requestImage('one'));
  expect(replies.map(({ status }) => status)).toEqual([200, 200, 200, 429, 429]);
  const limited = replies[3];
  if (!limited) throw new Error('no response');
  expect(codeOf(limited)).toBe('RATE_LIMITED');
  expect(Number(limited.headers['retry-after'])).toBeGreaterThan(0);
  expect(Number(limited.headers['retry-after'])).toBeLessThanOrEqual(60);
  expect(limited.headers['cache-control']).toBe('no-store');
  for (let i = 0; i < 9; i++) expect((await requestImage('two')).status).toBe(200);
  await origin.close();
});
