/**
 * The smallest Lambda memory that serves large JPEGs: `npm run bench:memory -- [PICTURE]`. The built package under AWS's own runtime
 * client, in a box of that memory and its share of a vCPU, is asked for one picture after the other, each from an address that
 * it has not seen, so that its memories fill. A size serves a picture when all of them come.
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
/** As cameras write them, and the one whose coefficients take most: progressive, with its colours at full size. */
const KINDS = [
  { name: 'baseline', progressive: false, chromaSubsampling: '4:2:0' },
  { name: 'progressive', progressive: true, chromaSubsampling: '4:2:0' },
  { name: 'progressive 4:4:4', progressive: true, chromaSubsampling: '4:4:4' },
];
const QUALITY = 97;
/** Bytes of the platform's own, an assumption. The runtime client and Node are in the box. */
const PLATFORM = 20 * MB;
/** Bytes that a function remembers results and copies in: full only after some hundred of them, so the box is smaller by it from the start. */
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
  /** Milliseconds of one picture. */
  readonly time: number;
  /** Bytes, with what is outside of the box. */
  readonly peak: number;
}

const settings = () => ({ API_KEYS: `a:${KEY}`, SOURCE_ALLOWED_NETWORKS: '127.0.0.0/8', ...allocator() });

/** Bytes of a process's memory that lie in files. A box does not count those that another process has read before. */
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
      const asked = performance.now();
      const { status } = await started.ask(events.rest({ k: KEY, u: `${origin.url}/${i}`, w: String(w), f: 'webp' }));
      if (status !== 200) throw new Error(`${status}`);
      times.push(performance.now() - asked);
    }
    return median(times);
  } catch (error) {
    const [what = ''] = (error as Error).message.split(':');
    throw new Error(`picture ${times.length + 1}: ${what === 'Runtime.ExitError' ? 'killed' : what}`);
  } finally {
    await origin.close();
  }
}

/** @throws Error that says why this size does not serve the picture */
async function tryMemory(fn: Package, one: Case, size: number, outside: number): Promise<Outcome> {
  const bytes = size * MB - outside;
  const box = bytes > 0 ? createSandbox(bytes, vcpuShare(size)) : undefined;
  if (!box) throw new Error('no room');
  try {
    const started = await startEnvironment({ ...fn, env: settings(), memory: size, command: box.command });
    try {
      if (started.initError) throw new Error('does not start');
      const time = await requestAll(one, started);
      return { time, peak: (box.peak() ?? Number.NaN) + outside };
    } finally {
      await started.close();
    }
  } finally {
    box.close();
  }
}

async function smallestMemory(fn: Package, one: Case, outside: number): Promise<string> {
  let below = '';
  for (const size of SIZES)
    try {
      const { time, peak } = await tryMemory(fn, one, size, outside);
      const most = Number.isNaN(peak) ? 'unknown' : (peak / MB).toFixed(0);
      return `| ${one.name} | ${one.w} | ${size} | ${(time / 1000).toFixed(2)} | ${most} | ${below} |`;
    } catch (error) {
      below = `${size} MB: ${(error as Error).message}`;
    }
  return `| ${one.name} | ${one.w} | none | | | ${below} |`;
}

async function main(path: string, taskRoot: string) {
  const trial = createSandbox(2 ** 30, 1);
  trial?.close();
  const lacks = [...(await ricLacks()), ...(trial ? [] : ['a cgroup that this user may make, or prlimit'])];
  if (!trial || lacks.length) return console.log(`SKIPPED: the smallest memory needs ${lacks.join(', ')}`);
  const ric = await installRic();
  await run('npm', ['run', 'build', '--', '--arch', process.arch], { cwd: project });
  cpSync(join(project, 'dist'), taskRoot, { recursive: true });
  const fn = { ric, taskRoot, handler: 'index.handler' };
  const files = await filesAtStart(fn);
  const inMB = (bytes: number) => `${(bytes / MB).toFixed(0)} MB`;
  console.log(
    `${ROUNDS} pictures in a row, to WebP, in ${trial.how}. Outside of it, of each size: ${inMB(files)} that Node,`,
  );
  console.log(
    `its client and libvips have in files, ${inMB(CACHE_BYTES)} of remembered results, ${inMB(PLATFORM)} of the platform (assumed).\n`,
  );
  console.log(
    '| source | width | smallest MB | a picture there, s | peak MB | below |\n| --- | --- | --- | --- | --- | --- |',
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
