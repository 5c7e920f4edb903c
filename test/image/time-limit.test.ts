/** Every native step has an end: at the deadline, at a maximum without one, and once nobody waits. */
import { randomBytes } from 'node:crypto';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, test, vi } from 'vitest';
import { resize } from '../../src/image/resize.ts';
import { assertTimeLeft, createTimeLimit, runPipeline } from '../../src/image/time-limit.ts';
import { optionsOf, testConfig } from '../requests.ts';

const limits = testConfig();
/** 25 CPU seconds, if nothing ends it. */
const slow = () =>
  sharp(randomBytes(3_000_000), { raw: { width: 1000, height: 1000, channels: 3 } })
    .blur(1000)
    .raw();
const timeoutOf = async (deadline: number | undefined) => {
  const image = sharp({ create: { width: 1, height: 1, channels: 3, background: '#000' } }).raw();
  const timeout = vi.spyOn(image, 'timeout');
  await runPipeline(image, createTimeLimit(deadline));
  return timeout.mock.calls[0]?.[0].seconds;
};

describe('a pipeline', () => {
  test('gets the whole seconds that are left, at least one', async () => {
    expect(await timeoutOf(Date.now() + 9900)).toBe(9);
    expect(await timeoutOf(Date.now() + 300)).toBe(1);
    expect(await timeoutOf(Date.now() - 300)).toBe(1);
  });

  test('without a deadline gets 30 seconds', async () => {
    for (const deadline of [undefined, Number.POSITIVE_INFINITY]) expect(await timeoutOf(deadline)).toBeOneOf([29, 30]);
  });

  test('is ended by the deadline of its request', async () => {
    const limit = createTimeLimit(Date.now() + 1000);
    await expect(runPipeline(slow(), limit)).rejects.toMatchObject({ code: 'SOURCE_TIMEOUT' });
  });

  test('is ended by the maximum, which is the fault of the image', async () => {
    const limit = { deadline: Date.now() + 1000, isRequested: false, signal: undefined };
    const message = 'Rendering this image would take longer than 30 s.';
    await expect(runPipeline(slow(), limit)).rejects.toMatchObject({ code: 'IMAGE_TOO_LARGE', message });
  });

  test('that fails before keeps its error', async () => {
    const broken = sharp(Buffer.from('GIF89a')).raw();
    await expect(runPipeline(broken, createTimeLimit(Date.now() + 5000))).rejects.not.toHaveProperty('code');
  });

  test('does not begin once nobody waits, or a second after the deadline', async () => {
    const toBuffer = vi.spyOn(sharp.prototype, 'toBuffer');
    for (const limit of [createTimeLimit(undefined, AbortSignal.abort()), createTimeLimit(Date.now() - 1100)])
      await expect(runPipeline(slow(), limit)).rejects.toMatchObject({ code: 'SOURCE_TIMEOUT' });
    expect(toBuffer).not.toHaveBeenCalled();
    toBuffer.mockRestore();
  });
});

test('work that cannot be stopped does not begin if it would end more than a second late', () => {
  const limit = createTimeLimit(Date.now() + 5000);
  assertTimeLeft(limit, 5500);
  expect(() => assertTimeLeft(limit, 6500)).toThrow(expect.objectContaining({ code: 'SOURCE_TIMEOUT' }));
});

describe('resize', async () => {
  const bytes = await sharp({ create: { width: 400, height: 300, channels: 3, background: '#567' } })
    .png()
    .toBuffer();
  const job = { source: { bytes, format: 'png' as const }, accept: undefined, limits };
  /** Counts the pipelines that run until the client has left, which is after the first. */
  async function pipelinesUntilAbort(options: Parameters<typeof optionsOf>[0]) {
    const controller = new AbortController();
    const original = sharp.prototype.toBuffer;
    const toBuffer = vi.spyOn(sharp.prototype, 'toBuffer').mockImplementation(function (this: Sharp, ...args) {
      controller.abort();
      return Reflect.apply(original, this, args);
    });
    try {
      await expect(
        resize({ ...job, options: optionsOf(options) }, undefined, { signal: controller.signal }),
      ).rejects.toMatchObject({
        code: 'SOURCE_TIMEOUT',
      });
      return toBuffer.mock.calls.length;
    } finally {
      toBuffer.mockRestore();
    }
  }
  test.each([
    ['effects', { w: 100, mod: '1.2', con: 10, blur: 80, tint: 'red', f: 'jpg' }],
    ['a byte budget', { w: 100, mb: 1, f: 'webp' }],
    ['metadata', { w: 100, meta: 'copyright', f: 'webp' }],
    ['a trim', { w: 100, trim: 10, ro: 33 }],
  ] as const)('%s: no further step begins once nobody waits', async (_name, options) =>
    expect(await pipelinesUntilAbort(options)).toBe(1),
  );

  test('an AVIF that cannot be ready before the deadline is not begun', async () => {
    const toBuffer = vi.spyOn(sharp.prototype, 'toBuffer');
    const late = { ...job, options: optionsOf({ w: 2700, f: 'avif' }), deadline: Date.now() - 900 };
    await expect(resize(late)).rejects.toMatchObject({ code: 'SOURCE_TIMEOUT' });
    expect(toBuffer).not.toHaveBeenCalled();
    toBuffer.mockRestore();
  });
});
