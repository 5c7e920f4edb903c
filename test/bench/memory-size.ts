/**
 * Finds the smallest Lambda memory that serves large JPEGs: `npm run bench:memory -- [IMAGE]`. The built package runs under AWS's own
 * runtime client, in a sandbox with that memory and its share of a vCPU. It is asked for one image after the other, each from a new
 * URL, so that its caches fill. A size serves an image if all of these requests succeed.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startOrigin } from '../origin.ts';
import { events, KEY, testConfig } from '../requests.ts';
import { type Environment, startEnvironment } from '../runtime/environment.ts';
import { run } from '../runtime/installed-tools.ts';
import { installRic, ricLacks } from '../runtime/ric.ts';
import { createSandbox } from './box.ts';
import { allocator } from './contestants.ts';
import { median } from './median.ts';
import { vcpuShare } from './prices.ts';
import { resizeTo } from './source-files.ts';

/** MB. */
const SIZES = [128, 192, 256, 384, 512, 768, 1024, 1536, 2048];
const MEGAPIXELS = [24, 50];
const WIDTHS = [640, 1600];
const ROUNDS = 20;
const MB = 2 ** 20;
/** JPEGs as cameras write them, and the kind whose coefficients take the most memory: progressive, without chroma subsampling. */
const KINDS = [
  { name: 'baseline', progressive: false, chromaSubsampling: '4:2:0' },
  { name: 'progressive', progressive: true, chromaSubsampling: '4:2:0' },
  { name: 'progressive 4:4:4', progressive: true, chromaSubsampling: '4:4:4' },
];
const QUALITY = 97;
/** Bytes that the platform itself uses: an assumption. The runtime client and Node are in the sandbox. */
const PLATFORM = 20 * MB;
/** Bytes of the caches of images and of downscaled sources. They are full only after some hundred images, so the sandbox is smaller by them from the start. */
const CACHE_BYTES = testConfig().resultMemory + testConfig().sourceMemory / 2;

const project = fileURLToPath(new URL('../..', import.meta.url));

interface Package {
  readonly ric: string;
  readonly taskRoot: string;
  readonly handler: string;
}
interface Case {
  readonly name: string;
  readonly bytes: Buffer;
  readonly w: number;
}
interface Outcome {
  /** Milliseconds per image. */
  readonly time: number;
  /** Peak bytes, including those outside of the sandbox. */
  readonly peak: number;
}

const settings = () => ({ API_KEYS: `a:${KEY}`, SOURCE_ALLOWED_NETWORKS: '127.0.0.0/8', ...allocator() });

/** Reads a process's file-backed memory, in bytes. A sandbox does not count the pages that another process has read before. */
const filesOf = (pid: number) =>
  1024 * Number(/^RssFile:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? Number.NaN);

async function filesAtStart(fn: Package): Promise<number> {
  const started = await startEnvironment({ ...fn, env: settings() });
  const files = filesOf(started.pid);
  await started.close();
  return files;
}

async function requestAll({ bytes, w }: Case, started: Environment): Promise<number> {
  const routes = Array.from({ length: ROUNDS }, (_, i) => [`/${i}`, { body: bytes }] as const);
  const origin = await startOrigin(Object.fromEntries(routes));
  const times: number[] = [];
  try {
    for (let i = 0; i < ROUNDS; i++) {
      const sent = performance.now();
      const { status } = await started.ask(events.rest({ k: KEY, u: `${origin.url}/${i}`, w: String(w), f: 'webp' }));
      if (status !== 200) throw new Error(`${status}`);
      times.push(performance.now() - sent);
    }
    return median(times);
  } catch (error) {
    const [what = ''] = (error as Error).message.split(':');
    throw new Error(`image ${times.length + 1}: ${what === 'Runtime.ExitError' ? 'killed' : what}`);
  } finally {
    await origin.close();
  }
}

/** @throws Error with the reason why this size does not serve the image */
async function tryMemory(fn: Package, one: Case, size: number, outside: number): Promise<Outcome> {
  const bytes = size * MB - outside;
  const sandbox = bytes > 0 ? createSandbox(bytes, vcpuShare(size)) : undefined;
  if (!sandbox) throw new Error('not enough for the caches');
  try {
    const started = await startEnvironment({ ...fn, env: settings(), memory: size, command: sandbox.command });
    try {
      if (started.initError) throw new Error('does not start');
      const time = await requestAll(one, started);
      return { time, peak: (sandbox.peak() ?? Number.NaN) + outside };
    } finally {
      await started.close();
    }
  } finally {
    sandbox.close();
  }
}

async function smallestMemory(fn: Package, one: Case, outside: number): Promise<string> {
  let below = '';
  for (const size of SIZES)
    try {
      const { time, peak } = await tryMemory(fn, one, size, outside);
      const peakMB = Number.isNaN(peak) ? 'unknown' : (peak / MB).toFixed(0);
      return `| ${one.name} | ${one.w} | ${size} | ${(time / 1000).toFixed(2)} | ${peakMB} | ${below} |`;
    } catch (error) {
      below = `${size} MB: ${(error as Error).message}`;
    }
  return `| ${one.name} | ${one.w} | none | | | ${below} |`;
}

async function main(path: string, taskRoot: string) {
  const trial = createSandbox(2 ** 30, 1);
  trial?.close();
  const lacks = [...(await ricLacks()), ...(trial ? [] : ['a cgroup that this user may make, or prlimit'])];
  if (!trial || lacks.length) return console.log(`SKIPPED: bench:memory needs ${lacks.join(', ')}`);
  const ric = await installRic();
  await run('npm', ['run', 'build', '--', '--arch', process.arch], { cwd: project });
  cpSync(join(project, 'dist'), taskRoot, { recursive: true });
  const fn = { ric, taskRoot, handler: 'index.handler' };
  const files = await filesAtStart(fn);
  const inMB = (bytes: number) => `${(bytes / MB).toFixed(0)} MB`;
  console.log(
    `${ROUNDS} images in a row, to WebP, in ${trial.how}. Outside of it, for each size: ${inMB(files)} of files mapped by Node,`,
  );
  console.log(`its client and libvips, ${inMB(CACHE_BYTES)} of caches, ${inMB(PLATFORM)} of the platform (assumed).\n`);
  console.log(
    '| source | width | smallest MB | s per image | peak MB | below |\n| --- | --- | --- | --- | --- | --- |',
  );
  for (const megapixels of MEGAPIXELS)
    for (const { name: kind, ...options } of KINDS) {
      const bytes = await resizeTo(readFileSync(path), megapixels, { ...options, quality: QUALITY });
      const name = `${megapixels} MP, ${kind}, ${(bytes.length / 1e6).toFixed(1)} MB`;
      for (const w of WIDTHS) console.log(await smallestMemory(fn, { name, bytes, w }, files + CACHE_BYTES + PLATFORM));
    }
}

const scratch = mkdtempSync(join(tmpdir(), 'pixgate-memory-'));
const sample = fileURLToPath(new URL('../../src/dev/samples/landscape.jpg', import.meta.url));
await main(process.argv[2] ?? sample, scratch).finally(() => rmSync(scratch, { recursive: true }));
