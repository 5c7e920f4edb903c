import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import type { Job } from '../../src/image/job.ts';
import { createSvgPool } from '../../src/svg/pool.ts';
import { decodePixels, near } from '../pixels.ts';
import { optionsOf, testConfig } from '../requests.ts';

const limits = testConfig();
const renderSvg = createSvgPool({ svgTimeout: 20_000 });
const never = new AbortController().signal;
const job = (inside: string, w = 100): Job => ({
  source: {
    bytes: Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">${inside}</svg>`),
    format: 'svg',
  },
  options: optionsOf({ w, f: 'png' }),
  accept: undefined,
  limits,
});
const red = job('<rect width="100" height="100" fill="#dc1e1e"/>');
const isRed = async () =>
  near((await decodePixels((await renderSvg(red, never)).data as Buffer)).at(0.5, 0.5), [220, 30, 30, 255], 2);
/** A line of a billion dashes: takes unbounded memory. */
const large = job('<path d="M0 0H1e6V1e6H0Z" stroke="black" stroke-dasharray="0.01 0.01" fill="none"/>');
/** A thousand masks over the whole image: takes unbounded time. */
const slow = job(
  `<mask id="m"><rect width="100" height="100" fill="#fff"/></mask>${'<rect width="100" height="100" mask="url(#m)"/>'.repeat(1000)}`,
  2000,
);

test('an SVG', async () => expect(await isRed()).toBe(true));

test('several SVGs at once', async () =>
  expect(await Promise.all([isRed(), isRed(), isRed(), isRed()])).toEqual([true, true, true, true]));

test('text is rendered with the included fonts, not those of the machine', async () => {
  const { data } = await renderSvg(job('<text y="80" font-size="90" font-family="sans-serif">Żя</text>', 200), never);
  const { pixels } = await decodePixels(data as Buffer);
  let dark = 0;
  for (let i = 3; i < pixels.length; i += 4) if ((pixels[i] ?? 0) > 128) dark++;
  // Open Sans at 90 of 100: both letters have their strokes, and there is no box for a missing glyph.
  expect(dark / (200 * 200)).toBeGreaterThan(0.15);
  expect(dark / (200 * 200)).toBeLessThan(0.3);
});

test('an error keeps its code', async () => {
  await expect(renderSvg(job('<script/>'), never)).rejects.toMatchObject({ code: 'SOURCE_UNSUPPORTED' });
  await expect(renderSvg(job('<g>'), never)).rejects.toMatchObject({ code: 'IMAGE_CORRUPT' });
  await expect(renderSvg(job('<g/>', 9000), never)).rejects.toMatchObject({ code: 'IMAGE_TOO_LARGE' });
});

test('a worker that takes too long is killed, and the next SVG is rendered', async () => {
  const impatient = createSvgPool({ svgTimeout: 1500 });
  const started = performance.now();
  await expect(impatient(slow, never)).rejects.toMatchObject({
    code: 'IMAGE_TOO_LARGE',
    message: expect.stringContaining('1500 ms'),
  });
  expect(performance.now() - started).toBeLessThan(5000);
  expect(await isRed()).toBe(true);
});

test('a worker that takes too much memory is killed, and the next SVG is rendered', async () => {
  await expect(renderSvg(large, never)).rejects.toMatchObject({
    code: 'IMAGE_TOO_LARGE',
    message: expect.stringContaining('memory'),
  });
  expect(await isRed()).toBe(true);
});

test('an aborted request ends its rendering', async () => {
  const started = performance.now();
  await expect(renderSvg(slow, AbortSignal.timeout(100))).rejects.toMatchObject({ code: 'SOURCE_TIMEOUT' });
  expect(performance.now() - started).toBeLessThan(1000);
  await expect(renderSvg(red, AbortSignal.abort())).rejects.toMatchObject({ code: 'SOURCE_TIMEOUT' });
});

test('an unexpected error in the worker is one here', async () => {
  const broken = { ...red, options: null as never };
  const error = await renderSvg(broken, never).catch((thrown) => thrown);
  expect(error).toBeInstanceOf(Error);
  expect(error.code).toBeUndefined();
});

/** Sends a signal to every worker of these tests. */
const signalWorkers = (name: NodeJS.Signals) => {
  for (const pid of execFileSync('pgrep', ['-P', String(process.pid), '-f', 'svg/worker'])
    .toString()
    .trim()
    .split('\n'))
    process.kill(Number(pid), name);
};

test('an idle worker that died is not used again', async () => {
  const pool = createSvgPool({ svgTimeout: 5000 });
  await pool(red, never);
  signalWorkers('SIGKILL');
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect((await decodePixels((await pool(red, never)).data as Buffer)).width).toBe(100);
});

test('Ctrl-C, which reaches the whole process group, does not interrupt rendering', async () => {
  const pool = createSvgPool({ svgTimeout: 10_000 });
  await pool(red, never);
  const work = pool(job('<text y="50">aaaa</text>', 3000), never);
  signalWorkers('SIGINT');
  expect((await decodePixels((await work).data as Buffer)).width).toBe(3000);
});

test.each([
  ['viewBox="0 0 2.4 1.4"', 240, 140],
  ['width="10.4" height="7.3"', 1000, 702],
])('%s keeps its aspect ratio', async (size, width, height) => {
  const bytes = Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" ${size}><rect width="9" height="9"/></svg>`);
  const image = await renderSvg({ ...job('', width), source: { bytes, format: 'svg' } }, never);
  expect([image.width, image.height]).toEqual([width, height]);
});

test('a long SVG in a box of another aspect ratio is too large, not corrupt', async () => {
  const bytes = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="10000" height="1"/>');
  const long = { ...job(''), source: { bytes, format: 'svg' as const } };
  await expect(
    renderSvg({ ...long, options: optionsOf({ w: 8000, h: 3000, fit: 'fill', f: 'png' }) }, never),
  ).rejects.toMatchObject({ code: 'IMAGE_TOO_LARGE' });
});
