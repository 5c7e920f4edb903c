import sharp from 'sharp';
import { expect, onTestFinished, test, vi } from 'vitest';
import { useFakeTimers, useRealTimers } from '../fake-timers.ts';
import { decodePixels } from '../pixels.ts';
import { codeOf, context, events, KEY, testHandler, toReply } from '../requests.ts';
import { cacheOf, later, origin, photo, sourceOf } from './source.ts';

test('near the deadline, an animation is reduced to its first frame, and fresh for a minute only', async () => {
  vi.useRealTimers();
  useFakeTimers();
  onTestFinished(useRealTimers);
  const frames = Array.from({ length: 12 }, (_, i) =>
    sharp(photo)
      .resize(600, 400)
      .modulate({ hue: i * 9 })
      .png()
      .toBuffer(),
  );
  const gif = await sharp(await Promise.all(frames), { join: { animated: true } })
    .gif({ effort: 1 })
    .toBuffer();
  origin.set('/moving.gif', {
    body: gif,
    headers: { 'cache-control': 'max-age=9999', 'last-modified': 'Wed, 21 Oct 2015 07:28:00 GMT' },
  });
  const handler = testHandler();
  const ask = async (remainingMs: number) =>
    toReply(
      await handler(
        events.functionUrl({ k: KEY, u: `${origin.url}/moving.gif`, w: 600, f: 'webp' }),
        context(remainingMs),
      ),
    );
  // The fake clock stands still: 100 ms remain for the image, however busy the machine is.
  const degraded = await ask(1300);
  expect([degraded.status, degraded.headers['pixgate-degraded']]).toEqual([200, 'frames']);
  expect((await decodePixels(degraded.body)).pages).toBe(1);
  expect(degraded.headers['cache-control']).toBe('public, max-age=60');
  // No validator, by which it could pass for the complete one later.
  expect(degraded.headers).not.toHaveProperty('etag');
  expect(degraded.headers).not.toHaveProperty('last-modified');
  const complete = await ask(28_000);
  expect([cacheOf(complete), (await decodePixels(complete.body)).pages]).toEqual(['source', 12]);
});

test('an output over the response limit of the event source gets a lower quality', async () => {
  const noise = await sharp({
    create: {
      width: 1600,
      height: 1200,
      channels: 3,
      background: '#888',
      noise: { type: 'gaussian', mean: 128, sigma: 60 },
    },
  })
    .png()
    .toBuffer();
  origin.set('/noise.png', { body: noise });
  const ask = async (eventSource: 'alb' | 'rest', more: object) =>
    toReply(await handler(events[eventSource]({ k: KEY, u: `${origin.url}/noise.png`, w: 1600, ...more }), context()));
  const handler = testHandler();
  const lower = await ask('alb', { f: 'jpg' });
  expect([lower.status, Number(lower.headers['pixgate-quality']) < 80]).toEqual([200, true]);
  expect(Math.ceil(lower.body.length / 3) * 4).toBeLessThan(1_048_576);
  const auto = await ask('alb', {});
  expect([auto.status, auto.headers['content-type']]).toEqual([200, 'image/jpeg']);
  expect((await ask('rest', { f: 'jpg' })).headers).not.toHaveProperty('pixgate-quality');
  const png = await ask('alb', { f: 'png' });
  expect([png.status, codeOf(png)]).toEqual([413, 'RESULT_TOO_LARGE']);
  const streaming = testHandler({ STREAMING_URL: 'https://stream.example.com/' });
  const event = events.alb({ k: KEY, u: `${origin.url}/noise.png`, w: 1600, f: 'png' });
  expect(toReply(await streaming(event, context())).body.toString()).toContain('https://stream.example.com/');
});

test('a truncated source is shown for a minute at most, and asked for again after it', async () => {
  const dated = (second: number) => ({
    'cache-control': 'max-age=9999',
    'last-modified': `Wed, 21 Oct 2015 07:28:0${second} GMT`,
  });
  const source = sourceOf(testHandler(), { body: photo.subarray(0, photo.length / 2), headers: dated(0) });
  for (const query of [{ f: 'png' }, { f: 'png' }, { f: 'png', maxage: '1y' }]) {
    const reply = await source.ask(query);
    expect([reply.status, reply.headers['pixgate-source']]).toEqual([200, 'truncated']);
    expect(reply.headers['cache-control']).toBe('public, max-age=60');
    // No validator, by which it could pass for the whole one later.
    expect(reply.headers).not.toHaveProperty('etag');
    expect(reply.headers).not.toHaveProperty('last-modified');
  }
  expect(source.hits()).toBe(1);
  source.becomes({ body: photo, headers: dated(1) });
  later(61);
  const whole = await source.ask({ f: 'png' });
  expect([whole.status, whole.headers['pixgate-source'], whole.headers.etag !== undefined]).toEqual([
    200,
    undefined,
    true,
  ]);
});
