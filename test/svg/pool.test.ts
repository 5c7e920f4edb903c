import { spawnSync } from 'node:child_process';
import { expect, test, vi } from 'vitest';
import { problem } from '../../src/errors.ts';
import type { Job } from '../../src/image/job.ts';
import { OUT_OF_TIME } from '../../src/svg/messages.ts';
import { createSvgPool } from '../../src/svg/pool.ts';
import { renderInWorker, startWorker } from '../../src/svg/worker-process.ts';
import { decodePixels, near } from '../pixels.ts';
import { optionsOf, testConfig } from '../requests.ts';

const limits = testConfig();
const { renderSvg } = createSvgPool({ svgTimeout: 20_000 });
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
/** Process ids of all workers of these tests. */
const workers = () => {
  const { stdout } = spawnSync('pgrep', ['-P', String(process.pid), '-f', 'svg/worker'], { encoding: 'utf8' });
  return stdout.split('\n').filter(Boolean).map(Number);
};
const signalWorkers = (name: NodeJS.Signals) => {
  for (const pid of workers()) process.kill(pid, name);
};
/** A line of a billion dashes: takes unbounded memory. */
const large = job('<path d="M0 0H1e6V1e6H0Z" stroke="black" stroke-dasharray="0.01 0.01" fill="none"/>');
/** A thousand masks over the whole image: takes 50 s, so more than any limit below on a fast machine, too. */
const slow = job(
  `<mask id="m"><rect width="100" height="100" fill="#fff"/></mask>${'<rect width="100" height="100" mask="url(#m)"/>'.repeat(1000)}`,
  2000,
);

test('an SVG', async () => expect(await isRed()).toBe(true));

test('an SVG of 10 MB is sent in parts, and the next one is its own', async () => {
  const noise = Buffer.from(Uint32Array.from({ length: 1_875_000 }, (_, i) => Math.imul(i, 2_654_435_761)).buffer);
  const large = job(
    `<image href="data:image/x-other;base64,${noise.toString('base64')}"/><rect width="100" height="100" fill="#dc1e1e"/>`,
  );
  expect(large.source.bytes.length).toBeGreaterThan(10_000_000);
  const image = await renderSvg(large, never);
  expect(near((await decodePixels(image.data as Buffer)).at(0.5, 0.5), [220, 30, 30, 255], 2)).toBe(true);
  expect(image.svg?.stripped).toEqual(['image']);
  expect(await isRed()).toBe(true);
});

test('what is not drawn is told', async () => {
  const { svg } = await renderSvg(job('<script/><image href="a.png"/><rect><set/></rect>'), never);
  expect(svg).toEqual({ stripped: ['image', 'script'], unsupported: ['animation'] });
});

test('lengths are those of CSS, at every size', async () => {
  const bytes = Buffer.from(
    '<svg xmlns="http://www.w3.org/2000/svg" width="50mm" height="25mm"><rect width="25mm" height="2.5cm" fill="#dc1e1e"/></svg>',
  );
  const measured: Job = { ...red, source: { bytes, format: 'svg' } };
  for (const w of [100, '50%'] as const) {
    const image = await renderSvg({ ...measured, options: optionsOf({ w, f: 'png' }) }, never);
    const pixels = await decodePixels(image.data as Buffer);
    expect(pixels.width).toBe(w === 100 ? 100 : 94);
    expect(near(pixels.at(0.4, 0.5), [220, 30, 30, 255], 2)).toBe(true);
    expect(pixels.at(0.6, 0.5)[3]).toBe(0);
  }
  const json = await renderSvg({ ...measured, options: optionsOf({ f: 'json' }) }, never);
  expect(JSON.parse(json.data as string)).toMatchObject({ width: 189, height: 94, bytes: bytes.length });
});

test('an SVG without a size is 300 × 150, as in a browser', async () => {
  const bytes = Buffer.from(
    '<svg xmlns="http://www.w3.org/2000/svg"><rect width="150" height="75" fill="#dc1e1e"/></svg>',
  );
  const { data } = await renderSvg({ ...red, source: { bytes, format: 'svg' } }, never);
  const pixels = await decodePixels(data as Buffer);
  expect([pixels.width, pixels.height]).toEqual([100, 50]);
  expect(near(pixels.at(0.45, 0.45), [220, 30, 30, 255], 2)).toBe(true);
  expect(pixels.at(0.55, 0.55)[3]).toBe(0);
});

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
  await expect(renderSvg(job('<foreignObject>a</foreignObject>'), never)).rejects.toMatchObject({
    code: 'SOURCE_UNSUPPORTED',
  });
  await expect(renderSvg(job('<g>'), never)).rejects.toMatchObject({ code: 'IMAGE_CORRUPT' });
  await expect(renderSvg(job('<g/>', 9000), never)).rejects.toMatchObject({ code: 'IMAGE_TOO_LARGE' });
});

test('a worker that takes too long is killed, and the next SVG is rendered', async () => {
  const { renderSvg: impatient } = createSvgPool({ svgTimeout: 1500 });
  const started = performance.now();
  await expect(impatient(slow, never)).rejects.toMatchObject({
    code: 'IMAGE_TOO_LARGE',
    // The second one on a machine that is busy.
    message: expect.stringMatching(/more than 1500 ms of CPU time|longer than 6000 ms/),
  });
  // At the latest after four times as long, and the start.
  expect(performance.now() - started).toBeLessThan(20_000);
  expect(await isRed()).toBe(true);
});

test('CPU time counts, not elapsed time', async () => {
  const worker = await startWorker();
  expect(await renderInWorker(worker, { job: slow, maxCpuMs: 50 }, never)).toMatchObject({ signal: OUT_OF_TIME });
});

test('a process that has no CPU is not the fault of the SVG: its error is not cached', async () => {
  const { renderSvg: pool } = createSvgPool({ svgTimeout: 500 });
  await pool(red, never);
  signalWorkers('SIGSTOP');
  const error = await pool(red, never).catch((thrown) => thrown);
  expect(error).toMatchObject({ code: 'IMAGE_TOO_LARGE', message: expect.stringContaining('2000 ms') });
  expect(problem(error).headers['Cache-Control']).toBe('no-store');
  signalWorkers('SIGCONT');
});

test('the start of a process does not count', async () => {
  // A process takes longer to start, and a first SVG a quarter of it.
  const { renderSvg: pool } = createSvgPool({ svgTimeout: 250 });
  const startOf = vi.spyOn(AbortSignal, 'timeout').mockImplementationOnce((ms) => {
    expect(ms).toBe(1000);
    // Only when the worker is ready.
    expect(workers()).not.toHaveLength(before);
    return never;
  });
  const before = workers().length;
  expect((await decodePixels((await pool(red, never)).data as Buffer)).width).toBe(100);
  expect(startOf).toHaveBeenCalledOnce();
  startOf.mockRestore();
});

test('a worker that is killed from outside is replaced, and the SVG is rendered once more', async () => {
  const { renderSvg: pool } = createSvgPool({ svgTimeout: 20_000 });
  await pool(red, never);
  const work = pool(job('<text y="50">aaaa</text>', 3000), never);
  signalWorkers('SIGKILL');
  expect((await decodePixels((await work).data as Buffer)).width).toBe(3000);
  // Its socket is closed before its end is known: EPIPE.
  signalWorkers('SIGKILL');
  expect((await decodePixels((await pool(red, never)).data as Buffer)).width).toBe(100);
});

test('a second worker that is killed is 503', async () => {
  const { renderSvg: pool } = createSvgPool({ svgTimeout: 20_000 });
  const killing = setInterval(() => signalWorkers('SIGKILL'), 50);
  await expect(pool(slow, never)).rejects.toMatchObject({ code: 'OVERLOADED', statusCode: 503 });
  clearInterval(killing);
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
  expect(performance.now() - started).toBeLessThan(5000);
  await expect(renderSvg(red, AbortSignal.abort())).rejects.toMatchObject({ code: 'SOURCE_TIMEOUT' });
});

test('requests that end while a worker starts leave no more workers than are in use at once', async () => {
  const { renderSvg: pool } = createSvgPool({ svgTimeout: 20_000, maxDecodes: 2 });
  const before = workers().length;
  await Promise.all(Array.from({ length: 6 }, () => pool(red, AbortSignal.timeout(5)).catch(() => {})));
  await vi.waitFor(() => expect(workers().length).toBeGreaterThan(before), { timeout: 10_000 });
  await vi.waitFor(() => expect(workers().length).toBeLessThanOrEqual(before + 2), { timeout: 30_000 });
});

test('an unexpected error in the worker is one here', async () => {
  const broken = { ...red, options: null as never };
  const error = await renderSvg(broken, never).catch((thrown) => thrown);
  expect(error).toBeInstanceOf(Error);
  expect(error.code).toBeUndefined();
});

test('an idle worker that died is not used again', async () => {
  const { renderSvg: pool } = createSvgPool({ svgTimeout: 5000 });
  await pool(red, never);
  signalWorkers('SIGKILL');
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect((await decodePixels((await pool(red, never)).data as Buffer)).width).toBe(100);
});

test('Ctrl-C, which reaches the whole process group, does not interrupt rendering', async () => {
  const { renderSvg: pool } = createSvgPool({ svgTimeout: 10_000 });
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
