/**
 * Computes the price of a million images on Lambda: `npm run bench:cost -- IMAGE…`. Measures the CPU per image on a cache miss,
 * through the whole handler, and derives the price by memory and architecture.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { GB_SECOND, LAMBDA_REQUEST } from '../../src/cli/prices.ts';
import { startOrigin } from '../origin.ts';
import { context, events, KEY, testHandler, toReply } from '../requests.ts';
import { median } from './median.ts';
import { duration, gbSeconds } from './prices.ts';

const ROUNDS = 15;
const WIDTHS = [320, 640, 1280];
const MEMORY = [512, 1024, 1769, 3008];
/** Milliseconds that a function waits for the origin; billed like work. */
const WAIT = 100;

/** Serves the sources from a process of its own, so that its work is not counted. */
async function serve(paths: string[]) {
  const { url } = await startOrigin(
    Object.fromEntries(paths.map((path, i) => [`/${i}`, { body: readFileSync(path) }])),
  );
  process.send?.(url);
}

const million = (cpu: number, memory: number, arch: keyof typeof GB_SECOND): number =>
  1e6 * (gbSeconds(duration(cpu, WAIT, memory), memory) * GB_SECOND[arch] + LAMBDA_REQUEST);

async function main(paths: string[]) {
  const origin = fork(new URL(import.meta.url), ['--serve', ...paths]);
  const [url] = await once(origin, 'message');
  const handler = testHandler({ RESULT_MEMORY: '0', SOURCE_MEMORY: '0' });
  const cases = paths.flatMap((path, i) => WIDTHS.map((w) => ({ path, w, u: `${url}/${i}`, cpu: [] as number[] })));
  for (let round = 0; round < ROUNDS; round++)
    for (const { w, u, cpu } of cases) {
      const before = process.cpuUsage();
      const { status } = toReply(await handler(events.rest({ k: KEY, u, w, f: 'webp' }), context()));
      const { user, system } = process.cpuUsage(before);
      if (status !== 200) throw new Error(`${u} returned ${status}`);
      cpu.push((user + system) / 1000);
    }
  origin.kill();
  for (const arch of ['arm64', 'x64'] as const) {
    console.log(`\n| ${arch} | width | CPU ms | ${MEMORY.map((memory) => `${memory} MB`).join(' | ')} |`);
    console.log(`| --- | --- | --- | ${MEMORY.map(() => '---').join(' | ')} |`);
    for (const { path, w, cpu } of cases) {
      const middle = median(cpu);
      const prices = MEMORY.map((memory) => `$${million(middle, memory, arch).toFixed(2)}`);
      console.log(`| ${basename(path)} | ${w} | ${middle.toFixed(0)} | ${prices.join(' | ')} |`);
    }
  }
}

const [first, ...rest] = process.argv.slice(2);
const sample = fileURLToPath(new URL('../../src/dev/samples/landscape.jpg', import.meta.url));
await (first === '--serve' ? serve(rest) : main(first ? [first, ...rest] : [sample]));
