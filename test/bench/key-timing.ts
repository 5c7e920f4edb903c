/**
 * Tests the key comparison for timing leaks: `npm run bench:key`. Does the time of a wrong key depend on how much of it is right? The
 * kinds take turns, and their differences are compared with that of two series of the same kind.
 */
import { createHash } from 'node:crypto';
import middy from '@middy/core';
import { apiKey } from '../../src/middlewares/api-key.ts';
import { median } from './median.ts';

const KEY = `pxg_${createHash('sha256').update('a key').digest('base64url').slice(0, 27)}`;
const withWrongByte = (at: number) => KEY.slice(0, at) + (KEY[at] === 'A' ? 'B' : 'A') + KEY.slice(at + 1);
const keys = Array.from({ length: 20 }, (_, i) => ({ id: `key${i}`, key: i === 10 ? KEY : `${KEY}${i}` }));
const handler = middy()
  .use(apiKey({ keys }))
  .handler(() => 'in') as unknown as (event: object, context: object) => Promise<unknown>;

const ask = async (k: string): Promise<number> => {
  const event = { rawQueryString: `k=${k}`, requestContext: { http: { method: 'GET' } } };
  const started = process.hrtime.bigint();
  await handler(event, {}).catch(() => {});
  return Number(process.hrtime.bigint() - started) / 1000;
};

const kinds = {
  'wrong first byte': withWrongByte(0),
  'wrong first byte, again': withWrongByte(0),
  'wrong last byte': withWrongByte(KEY.length - 1),
  'another length': 'x',
};
const times: Record<string, number[]> = Object.fromEntries(Object.keys(kinds).map((name) => [name, []]));
for (let round = 0; round < 20_000; round++)
  // Shuffle, so that no kind always follows the same one.
  for (const [name, key] of Object.entries(kinds).sort(() => Math.random() - 0.5)) {
    const time = await ask(key);
    if (round > 2000) times[name]?.push(time);
  }
console.log('µs per refused request, median of 18,000');
for (const [name, values] of Object.entries(times)) console.log(`${name.padEnd(24)} ${median(values).toFixed(2)}`);
