/** 75 hostile files, each served by a real origin: accepted or rejected within limits, and a valid image right after. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import manifest from '../fixtures/hostile/images/manifest.json' with { type: 'json' };
import { startOrigin } from '../origin.ts';
import { decodePixels } from '../pixels.ts';
import { context, events, KEY, testHandler, toReply } from '../requests.ts';

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url));
const handler = testHandler();
let origin: Awaited<ReturnType<typeof startOrigin>>;
beforeAll(async () => {
  origin = await startOrigin({ '/good': { body: read('fixtures/cases/files/std-photo.jpg') } });
  for (const { file } of manifest.files) origin.set(`/${file}`, { body: read(`fixtures/hostile/images/${file}`) });
});
afterAll(() => origin.close());

const fetchImage = async (file: string, f: string) =>
  toReply(await handler(events.rest({ k: KEY, u: `${origin.url}/${file}`, w: 320, f }), context()));

describe.each(['png', 'webp'])('as %s', (f) => {
  test.each(manifest.files.map((file) => [file.file, file.why, file] as const))('%s: %s', async (file, _why, one) => {
    const memory = process.memoryUsage.rss();
    const cpu = process.cpuUsage();
    const started = performance.now();
    const reply = await fetchImage(file, f);
    const { user, system } = process.cpuUsage(cpu);
    expect((user + system) / 1000).toBeLessThan(5000);
    // The CPU of an SVG is that of another process: its time is limited instead.
    expect(performance.now() - started).toBeLessThan(file.includes('svg') ? 6000 : 20_000);
    expect(process.memoryUsage.rss() - memory).toBeLessThan(500_000_000);

    const statuses =
      { ok: [200], reject: [413, 415, 422, 502], 'ok-or-reject': [200, 413, 415, 422, 502] }[one.expect] ?? [];
    expect(statuses, reply.body.toString('utf8').slice(0, 300)).toContain(reply.status);
    if (reply.status === 200) expect((await decodePixels(reply.body)).width).toBe(320);
    if ('absent' in one) expect(reply.body.includes(one.absent as string, 0, 'latin1')).toBe(false);
    expect((await decodePixels((await fetchImage('good', 'jpg')).body)).width).toBe(320);
  });
});
