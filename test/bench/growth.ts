/**
 * Measures how cost grows: `npm run bench:growth -- [IMAGE]`. CPU, time and peak memory by the size of the source and of the output,
 * each point in a process of its own, with a linear fit of the CPU and its R².
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { transform } from '../../src/transform.ts';
import { median } from './median.ts';
import { resizeTo } from './source-files.ts';

const MEGAPIXELS = [0.3, 1, 2, 4, 8, 12, 24, 36, 50];
const WIDTHS = [320, 1280];
const ROUNDS = 7;
const PAUSE = 50;

interface Point {
  readonly cpu: number;
  readonly wall: number;
  readonly rss: number;
}

/** Renders one kind of image repeatedly, in the child process. */
async function work(w: number): Promise<void> {
  const [bytes] = (await once(process, 'message')) as [Uint8Array];
  const points: Omit<Point, 'rss'>[] = [];
  for (let i = 0; i < ROUNDS; i++) {
    const [before, started] = [process.cpuUsage(), performance.now()];
    await transform(bytes, { w, f: 'webp' }, { sourceMaxPixels: 60e6 });
    const { user, system } = process.cpuUsage(before);
    points.push({ cpu: (user + system) / 1000, wall: performance.now() - started });
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
  const rss = process.resourceUsage().maxRSS / 1024;
  process.send?.({ cpu: median(points.map(({ cpu }) => cpu)), wall: median(points.map(({ wall }) => wall)), rss });
}

async function measure(bytes: Buffer, w: number): Promise<Point> {
  const child = fork(new URL(import.meta.url), ['--work', String(w)], { serialization: 'advanced' });
  child.send(bytes);
  const [point] = await once(child, 'message');
  child.kill();
  return point;
}

/** Fits CPU = a + b × megapixels by least squares. @returns R² as `fit`: the share of the variance that it explains */
function line(xs: readonly number[], ys: readonly number[]) {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [mean(xs), mean(ys)];
  const slope =
    xs.reduce((sum, one, i) => sum + (one - x) * ((ys[i] ?? 0) - y), 0) /
    xs.reduce((sum, one) => sum + (one - x) ** 2, 0);
  const start = y - slope * x;
  const residual = ys.reduce((sum, one, i) => sum + (one - start - slope * (xs[i] ?? 0)) ** 2, 0);
  return { start, slope, fit: 1 - residual / ys.reduce((sum, one) => sum + (one - y) ** 2, 0) };
}

async function main(path: string) {
  const image = readFileSync(path);
  console.log('| megapixels | width | CPU ms | time ms | peak memory MB |\n| --- | --- | --- | --- | --- |');
  for (const w of WIDTHS) {
    const cpu: number[] = [];
    for (const megapixels of MEGAPIXELS) {
      const point = await measure(await resizeTo(image, megapixels, { quality: 90 }), w);
      cpu.push(point.cpu);
      console.log(
        `| ${megapixels} | ${w} | ${point.cpu.toFixed(0)} | ${point.wall.toFixed(0)} | ${point.rss.toFixed(0)} |`,
      );
    }
    const { start, slope, fit } = line(MEGAPIXELS, cpu);
    console.log(`| at ${w}: | | ${start.toFixed(0)} + ${slope.toFixed(1)} a megapixel (R² ${fit.toFixed(3)}) | | |`);
  }
}

const [first, second] = process.argv.slice(2);
const sample = fileURLToPath(new URL('../../src/dev/samples/landscape.jpg', import.meta.url));
await (first === '--work' ? work(Number(second)) : main(first ?? sample));
