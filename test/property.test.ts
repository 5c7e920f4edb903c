/** Fuzzes the handler: the response is an image or a documented error, never a 500, a hang or a crash. */

import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import querySchema from '../schemas/query.json' with { type: 'json' };
import { ERRORS } from '../src/errors.ts';
import { createHandler } from '../src/handler.ts';
import type { GatewayResponse } from '../src/http/event.ts';
import corpus from './fixtures/hostile/ssrf-urls.json' with { type: 'json' };
import { startOrigin } from './origin.ts';
import { anyValueOf } from './queries.ts';
import { codeOf, context, events, KEY, testConfig, testHandler, toReply } from './requests.ts';

const runs = Number(process.env.FUZZ_RUNS ?? 150);
const files = new URL('./fixtures/cases/files/', import.meta.url);
const images = readdirSync(files)
  .map((name) => readFileSync(new URL(name, files)))
  .filter(({ length }) => length > 0 && length < 40_000);

let origin: Awaited<ReturnType<typeof startOrigin>>;
beforeAll(async () => {
  origin = await startOrigin();
});
afterAll(() => origin.close());

const handler = testHandler({ SOURCE_TIMEOUT: '2000' });
async function expectDocumented(result: Promise<GatewayResponse>) {
  const reply = toReply(await result);
  if (reply.status === 200) return reply;
  const row = ERRORS[codeOf(reply) as keyof typeof ERRORS];
  expect(row?.status, codeOf(reply)).toBe(reply.status);
  expect(reply.status, codeOf(reply)).not.toBe(500);
  return reply;
}

test('mutated URLs', { timeout: 300_000 }, async () => {
  const config = testConfig({ SOURCE_ALLOWED_NETWORKS: '' });
  const closed = createHandler(config, { log: () => {}, resolve: async () => ['1.1.1.1'] });
  const url = fc.oneof(
    fc.constantFrom(...corpus.urls.map(({ url }) => url)),
    fc.webUrl(),
    fc.ipV4().map((ip) => `http://${ip}/`),
    fc.ipV6().map((ip) => `http://[${ip}]/`),
    fc.string({ unit: 'binary' }),
  );
  const mutated = fc
    .tuple(url, fc.nat(60), fc.nat(4), fc.string({ unit: 'binary', maxLength: 4 }))
    .map(([text, at, cut, add]) => fc.sample(fc.constant(text.slice(0, at) + add + text.slice(at + cut)), 1)[0] ?? '');
  await fc.assert(
    fc.asyncProperty(mutated, fc.constantFrom(...Object.values(events)), async (u, event) => {
      // A query cannot hold a lone surrogate. Names resolve to a public IP address; the tests refuse to connect to it.
      if (!u.isWellFormed()) return;
      expect([400, 403, 502]).toContain(
        (await expectDocumented(closed(event({ k: KEY, w: 10, u }), context()))).status,
      );
    }),
    { numRuns: runs },
  );
});

test('truncated and bit-flipped images', { timeout: 600_000 }, async () => {
  const damaged = fc
    .tuple(
      fc.constantFrom(...images),
      fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(255)), { maxLength: 8 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.boolean(),
    )
    .map(([bytes, flips, cut, isComplete]) => {
      const copy = Buffer.from(bytes);
      for (const [where, xor] of flips) {
        const at = Math.min(copy.length - 1, Math.floor(where * where * copy.length));
        copy[at] = (copy[at] ?? 0) ^ xor;
      }
      return isComplete ? copy : copy.subarray(0, Math.floor(cut * copy.length));
    });
  const option = fc.record({
    f: fc.constantFrom('auto', 'jpg', 'png', 'webp', 'avif', 'gif'),
    fit: fc.constantFrom('inside', 'outside', 'cover', 'contain', 'fill'),
    w: fc.integer({ min: 1, max: 200 }),
    h: fc.integer({ min: 1, max: 200 }),
    we: fc.constantFrom(0, 1),
  });
  let count = 0;
  await fc.assert(
    fc.asyncProperty(damaged, option, async (body, options) => {
      const path = `/${count++}`;
      origin.set(path, { body });
      await expectDocumented(handler(events.functionUrl({ k: KEY, u: origin.url + path, ...options }), context()));
    }),
    { numRuns: runs },
  );
});

test('any query', { timeout: 300_000 }, async () => {
  const name = fc.oneof(
    fc.constantFrom('k', 'u', 'url', 'w', 'h', 'f', 'fit', 'dpr', 'we', 'q', 'constructor', '__proto__', ''),
    fc.string({ unit: 'binary', maxLength: 6 }),
  );
  const value = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.integer().map(String),
    fc.double().map(String),
    fc.constantFrom(KEY, 'png', 'true', '%zz'),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(name, value), { maxLength: 8 }),
      fc.string({ unit: 'binary' }),
      async (pairs, raw) => {
        const query = Object.fromEntries(pairs.filter(([n, v]) => n.isWellFormed() && v.isWellFormed()));
        for (const event of Object.values(events))
          expect([200, 400, 401, 403, 502, 504]).toContain(
            (await expectDocumented(handler(event(query), context()))).status,
          );
        await expectDocumented(
          handler({ rawQueryString: `k=${KEY}&${raw}`, requestContext: { http: { method: 'GET' } } }, context()),
        );
      },
    ),
    { numRuns: runs },
  );
});

test('any valid query on any image: the planned size, or a documented error, in 10 s', {
  timeout: 900_000,
}, async () => {
  const names = Object.keys(querySchema.properties).filter(
    (name) => !['k', 's', 'u', 'p', 'explain', 'encoding'].includes(name),
  );
  const anyQuery = fc
    .uniqueArray(fc.constantFrom(...names), { maxLength: 6 })
    .chain((chosen) =>
      fc.record(
        Object.fromEntries(
          [...new Set(['w', ...chosen])].map((name) => [name, anyValueOf(querySchema.properties[name as 'w'], name)]),
        ),
      ),
    );
  let count = 0;
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...images), anyQuery, async (body, query) => {
      const path = `/any${count++}`;
      origin.set(path, { body });
      const started = performance.now();
      const send = (more: object) =>
        expectDocumented(handler(events.functionUrl({ k: KEY, u: origin.url + path, ...query, ...more }), context()));
      const reply = await send({});
      expect(performance.now() - started).toBeLessThan(10_000);
      if (reply.status !== 200 || !/^image/.test(reply.headers['content-type'] ?? '')) return;
      const { width, height } = await sharp(reply.body, { limitInputPixels: false }).metadata();
      expect(width).toBeGreaterThan(0);
      if (query.f && query.f !== 'auto' && !('trim' in query)) {
        const explained = await send({ f: 'json', explain: 1 });
        const planned = JSON.parse(explained.body.toString()).plan as { width: number; height: number } | undefined;
        if (planned && !/^(?:gif|webp)$/.test(query.f))
          expect([width, height]).toEqual([planned.width, planned.height]);
      }
    }),
    { numRuns: runs },
  );
});
