/** A blur of a large sigma, on a reduced frame, looks like that of libvips, and costs no more than one of a small sigma. */
import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { describe, expect, test, vi } from 'vitest';
import { ssim } from '../../src/dev/page/ssim.ts';
import { blurFrame, planBlur } from '../../src/image/blur.ts';
import { type Frame, frameToSharp, toFrame } from '../../src/image/frames.ts';
import { createTimeLimit } from '../../src/image/time-limit.ts';

// The whole file: the blurs of libvips take most of it.
const limit = createTimeLimit(Date.now() + 600_000);
const photo = readFileSync(new URL('../../src/dev/samples/landscape.jpg', import.meta.url));
/** 0.2 megapixels, of sides that no factor divides. */
const opaque = await toFrame(sharp(photo).resize(521, 383, { fit: 'fill' }).removeAlpha(), limit);
/** A disc of it, transparent around. */
const cutOut: Frame = { ...opaque, channels: 4, data: Buffer.alloc(521 * 383 * 4) };
for (let i = 0; i < 521 * 383; i++) {
  opaque.data.copy(cutOut.data, i * 4, i * 3, i * 3 + 3);
  cutOut.data[i * 4 + 3] = Math.hypot((i % 521) - 200, Math.floor(i / 521) - 150) < 120 ? 255 : 0;
}
const ofLibvips = (frame: Frame, sigma: number) => toFrame(frameToSharp(frame).blur(sigma), limit);
const maxDifference = (one: Buffer, other: Buffer) =>
  one.reduce((max, value, i) => Math.max(max, Math.abs(value - (other[i] ?? 0))), 0);

describe('looks like the blur of libvips', () => {
  // Above 286, libvips itself takes seconds.
  test.each([20, 50, 51, 60, 74, 75, 100, 150, 200, 280, 1000])('sigma %d', async (sigma) => {
    const [reference, blurred] = [await ofLibvips(opaque, sigma), await blurFrame(opaque, sigma, limit)];
    expect([blurred.width, blurred.height, blurred.channels]).toEqual([521, 383, 3]);
    expect(ssim(reference, blurred)).toBeGreaterThan(0.99);
    // At the edges too.
    expect(maxDifference(reference.data, blurred.data)).toBeLessThanOrEqual(5);
  });

  test.each([51, 100, 280])('with alpha, sigma %d', async (sigma) => {
    const [reference, blurred] = [await ofLibvips(cutOut, sigma), await blurFrame(cutOut, sigma, limit)];
    expect(ssim(reference, blurred)).toBeGreaterThan(0.99);
    const alphaOf = ({ data }: Frame) => data.filter((_, i) => i % 4 === 3);
    expect(maxDifference(Buffer.from(alphaOf(reference)), Buffer.from(alphaOf(blurred)))).toBeLessThanOrEqual(5);
  });

  test('colours under transparency do not bleed', async () => {
    const hidden = { ...cutOut, data: Buffer.from(cutOut.data) };
    for (let i = 0; i < hidden.data.length; i += 4) if (!hidden.data[i + 3]) hidden.data.set([255, 0, 255], i);
    const [one, other] = [await blurFrame(cutOut, 90, limit), await blurFrame(hidden, 90, limit)];
    expect(maxDifference(one.data, other.data)).toBe(0);
  });

  test.each([
    [1, 1],
    [1, 400],
    [30, 7],
  ])('%d × %d pixels', async (width, height) => {
    const frame = await toFrame(frameToSharp(opaque).resize(width, height, { fit: 'fill' }), limit);
    const blurred = await blurFrame(frame, 1000, limit);
    expect([blurred.width, blurred.height]).toEqual([width, height]);
    expect(maxDifference((await ofLibvips(frame, 1000)).data, blurred.data)).toBeLessThanOrEqual(5);
  });
});

test('libvips is never asked for a sigma above 50', async () => {
  const blur = vi.spyOn(sharp.prototype, 'blur');
  for (const sigma of [50, 51, 286, 1000]) await blurFrame(opaque, sigma, limit);
  expect(blur.mock.calls.map(([sigma]) => Number(sigma) <= 50)).toEqual([true, true, true, true]);
  blur.mockRestore();
});

test('the work does not grow with sigma', () => {
  const size = { width: 5000, height: 5000 };
  const most = 25e6 * 50;
  for (let sigma = 51; sigma <= 1000; sigma++) {
    const { factor, margins, reduced } = planBlur(size, sigma);
    expect(sigma / factor).toBeGreaterThanOrEqual(25);
    // libvips' work is that of pixels × sigma, and from a sigma of 286 on a hundred times that.
    expect(sigma / factor).toBeLessThanOrEqual(38);
    expect(reduced.width * reduced.height * (sigma / factor)).toBeLessThan(most / 4);
    expect((size.width + margins.left + margins.right) / factor).toBe(reduced.width);
    expect((size.height + margins.top + margins.bottom) / factor).toBe(reduced.height);
  }
});
