/** `KEY_USAGE=on`: the CPU time of each request in the log, beside what else is summed by key. */
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { startOrigin } from './origin.ts';
import { context, KEY, testHandler } from './requests.ts';

test('the log has the CPU time, key, bytes and cache status of a request; by default no CPU time', async () => {
  const body = await sharp({ create: { width: 1500, height: 1000, channels: 3, background: '#888' } })
    .jpeg()
    .toBuffer();
  const origin = await startOrigin({ '/a.jpg': { body } });
  const linesOf = async (env: Record<string, string>) => {
    const lines: Record<string, unknown>[] = [];
    const handler = testHandler(env, (line) => lines.push(JSON.parse(line)));
    for (const query of ['&w=1400&blur=9', '&w=1400&blur=9', '&zoom=1']) {
      const rawQueryString = `k=${KEY}&u=${encodeURIComponent(`${origin.url}/a.jpg`)}${query}`;
      await handler({ rawQueryString, requestContext: { http: { method: 'GET' } } }, context());
    }
    return lines;
  };
  const lines = await linesOf({ KEY_USAGE: 'on' });
  expect(lines).toMatchObject([
    { keyId: 'tester', cache: 'miss', bytesOut: expect.any(Number), cpuMs: expect.any(Number) },
    { keyId: 'tester', cache: 'hit', bytesOut: expect.any(Number), cpuMs: expect.any(Number) },
    { keyId: 'tester', status: 400, cpuMs: expect.any(Number) },
  ]);
  const [miss, hit] = lines.map(({ cpuMs }) => Number(cpuMs));
  // Blurring 1.3 megapixels takes more than a lookup.
  expect(miss).toBeGreaterThan(5 * Number(hit));
  for (const line of await linesOf({})) expect(line).not.toHaveProperty('cpuMs');
  await origin.close();
});
