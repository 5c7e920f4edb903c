/**
 * Fuzzes the running server with mutated images: `npm run fuzz -- --minutes 2 --seed 1`, or `--inputs 200000`. No input may
 * give a 500, end the server or hang it, and its memory stays within limits, with the default settings. Needs Linux.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isSupported, startServer } from '../work/server.ts';
import { ask, startFiles } from './client.ts';
import { MAX_GROWTH, MAX_PEAK_MB, settledMemory, watchPeak } from './memory.ts';
import { mutate } from './mutations.ts';
import { type FuzzOptions, fuzzOptions } from './options.ts';
import { anyQuery } from './queries.ts';
import { createRandom } from './random.ts';

/** As many as a page requests from one host. */
const AT_ONCE = 6;
const MAX_FILE_BYTES = 300_000;
const MAX_FAILURES = 20;
const PROGRESS_MS = 30_000;

const read = (path: string) => readFileSync(new URL(path, import.meta.url));
const FOLDERS = [
  '../fixtures/cases/files/',
  '../fixtures/hostile/images/',
  '../fixtures/truncated/',
  '../fixtures/hdr/',
  '../../src/dev/samples/',
];
const { only } = fuzzOptions(process.argv.slice(2));
const originals = FOLDERS.flatMap((folder) =>
  readdirSync(new URL(folder, import.meta.url)).map((name) => ({
    name,
    path: folder + name,
    bytes: read(folder + name),
  })),
)
  .filter(({ path }) => path.includes(only))
  .filter(({ name, bytes }) => bytes.length > 0 && bytes.length <= MAX_FILE_BYTES && !/\.(?:json|md)$/.test(name));

/** Makes one input of a run. */
function makeInput(seed: number, index: number) {
  const random = createRandom(seed, index);
  const { name, bytes } = random.pick(originals);
  return { index, name, bytes: mutate(bytes, random), ...anyQuery(random) };
}
type Input = ReturnType<typeof makeInput>;

/** Writes an input to the system's folder of temporary files. @returns its path and how to repeat it */
function save({ index, name, bytes, query }: Input, seed: number): string {
  const path = join(tmpdir(), `pixgate-fuzz-${seed}-${index}-${name}`);
  writeFileSync(path, bytes);
  return `${path} (?${query}); npm run fuzz -- --seed ${seed} --first ${index} --inputs 1${only && ` --only ${only}`}`;
}

async function fuzz({ seed, first, inputs, minutes }: FuzzOptions): Promise<boolean> {
  console.log(`seed ${seed}`);
  const [server, files] = [await startServer(), await startFiles()];
  const statuses: Record<string, number> = {};
  const failures: string[] = [];
  const inWork = new Map<number, Input>();
  const fail = (message: string) => {
    failures.push(message);
    console.log(`FAIL ${message}`);
  };
  const photo = read('../../src/dev/samples/landscape.jpg');
  const start = await settledMemory(server, files, photo, 'before');
  const peak = watchPeak(server, (megabytes) => {
    fail(`${Math.round(megabytes)} MB, at most ${MAX_PEAK_MB}; one of these:`);
    for (const input of inWork.values()) console.log(`     ${save(input, seed)}`);
  });
  const end = performance.now() + minutes * 60_000;
  let next = first;
  const client = async () => {
    while (next < first + inputs && performance.now() < end && failures.length < MAX_FAILURES && server.isRunning()) {
      const input = makeInput(seed, next++);
      inWork.set(input.index, input);
      const path = `/${input.index}-${encodeURIComponent(input.name)}`;
      const status = await files.serve(path, input.bytes, (url) => ask(server, url, input.query, input.accept));
      inWork.delete(input.index);
      statuses[status] = (statuses[status] ?? 0) + 1;
      if (status === 500) fail(`status 500: ${save(input, seed)}`);
      if (status === 0) fail(`${server.isRunning() ? 'no response' : 'the server ended'}: ${save(input, seed)}`);
    }
  };
  const progress = setInterval(() => console.log(`${next - first} inputs ${JSON.stringify(statuses)}`), PROGRESS_MS);
  await Promise.all(Array.from({ length: AT_ONCE }, client));
  clearInterval(progress);
  const after = server.isRunning() ? await settledMemory(server, files, photo, 'after') : Number.NaN;
  const highest = peak.stop();
  if (after > start * MAX_GROWTH)
    fail(`${Math.round(after)} MB after the run, at most ${MAX_GROWTH} × ${Math.round(start)}`);
  await server.stop();
  files.close();
  console.log(`${next - first} inputs, seed ${seed}: ${JSON.stringify(statuses)}`);
  console.log(`memory: ${[start, highest, after].map(Math.round).join(' → ')} MB (before, peak, after)`);
  console.log(failures.length ? `${failures.length} failed` : 'passed');
  return failures.length === 0;
}

// Exits, so that the server is ended too.
process.on('SIGINT', () => process.exit(130));
if (!isSupported) console.log('The fuzzer reads memory from /proc, on Linux only');
else process.exitCode = (await fuzz(fuzzOptions(process.argv.slice(2)))) ? 0 : 1;
