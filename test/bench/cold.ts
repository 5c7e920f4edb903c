/**
 * Measures cold starts: `npm run bench:cold`. Under AWS's own runtime client, in turns: the built package at both entry points, a
 * handler that only imports sharp, one that imports nothing, and unbundled middy with a schema that is compiled at start. Prints the
 * CPU of the process until it requests its first event, and of its first image compared with later ones.
 */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startOrigin } from '../origin.ts';
import { events, KEY } from '../requests.ts';
import { startEnvironment } from '../runtime/environment.ts';
import { run } from '../runtime/installed-tools.ts';
import { installRic, ricLacks } from '../runtime/ric.ts';
import { median } from './median.ts';

const ROUNDS = 21;
const project = fileURLToPath(new URL('../..', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'pixgate-cold-'));

/** Reads the CPU time of all living threads of a process, in milliseconds. */
const cpuOf = (pid: number): number =>
  readdirSync(`/proc/${pid}/task`).reduce((sum, thread) => {
    const [ns] = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ');
    return sum + Number(ns) / 1e6;
  }, 0);

/** Writes a function of one file, which imports the project's packages as npm has installed them. */
function unbundled(name: string, code: string): string {
  const folder = join(scratch, name);
  mkdirSync(folder);
  symlinkSync(join(project, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'index.mjs'), code);
  return folder;
}

const EMPTY_HANDLER = "export const handler = async () => ({ statusCode: 200, body: '' });";
const SHARP = `import sharp from 'sharp';\nsharp.concurrency();\n${EMPTY_HANDLER}`;
const schema = readFileSync(join(project, 'schemas/query.json'), 'utf8');
const MIDDY = `import middy from '@middy/core';
import httpErrorHandler from '@middy/http-error-handler';
import validator from '@middy/validator';
import { transpileSchema } from '@middy/validator/transpile';
import sharp from 'sharp';
sharp.concurrency();
const rules = JSON.parse(${JSON.stringify(schema)}, (key, value) => ['aliases', 'enumAliases', 'emptyValue', 'dependsOn', 'patternDescription', 'keywords', 'missingHint', 'unit', 'group'].includes(key) && key !== 'properties' ? undefined : value);
export const handler = middy()
  .use(httpErrorHandler())
  .use(validator({ eventSchema: transpileSchema({ type: 'object', properties: { queryStringParameters: rules } }, { strict: false, validateFormats: false }) }))
  .handler(async () => ({ statusCode: 200, body: '' }));`;

interface Variant {
  readonly taskRoot: string;
  readonly handler: string;
}

async function main() {
  const lacks = await ricLacks();
  if (lacks.length) throw new Error(`AWS's runtime client needs ${lacks.join(', ')}`);
  const ric = await installRic();
  await run('npm', ['run', 'build', '--', '--arch', process.arch], { cwd: project });
  const pkg = join(scratch, 'package');
  cpSync(join(project, 'dist'), pkg, { recursive: true });
  const origin = await startOrigin({
    '/a.jpg': { body: readFileSync(join(project, 'src/dev/samples/landscape.jpg')) },
  });
  const variants: Record<string, Variant> = {
    nothing: { taskRoot: unbundled('nothing', EMPTY_HANDLER), handler: 'index.handler' },
    'sharp only': { taskRoot: unbundled('sharp', SHARP), handler: 'index.handler' },
    'package, buffered': { taskRoot: pkg, handler: 'index.handler' },
    'package, streamed': { taskRoot: pkg, handler: 'stream.handler' },
    'middy, unbundled': { taskRoot: unbundled('middy', MIDDY), handler: 'index.handler' },
  };
  const env = { API_KEYS: `a:${KEY}`, SOURCE_ALLOWED_NETWORKS: '127.0.0.0/8', RESULT_MEMORY: '0', SOURCE_MEMORY: '0' };
  const init: Record<string, number[]> = Object.fromEntries(Object.keys(variants).map((name) => [name, []]));
  const [first, later]: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round++)
    for (const [name, variant] of Object.entries(variants)) {
      const started = await startEnvironment({ ric, ...variant, env });
      if (started.initError) throw new Error(`${name}: ${started.initError.errorMessage}`);
      init[name]?.push(cpuOf(started.pid));
      if (name === 'package, buffered')
        for (let i = 0; i < 8; i++) {
          const before = cpuOf(started.pid);
          const query = { k: KEY, u: `${origin.url}/a.jpg`, w: 320, f: 'webp' };
          if ((await started.ask(events.rest(query))).status !== 200) throw new Error('no image');
          (i === 0 ? first : i > 3 ? later : []).push(cpuOf(started.pid) - before);
        }
      await started.close();
    }
  await origin.close();
  const of = (name: string) => median(init[name] ?? []);
  console.log(`CPU ms until the first event, median of ${ROUNDS}, in turns`);
  for (const name of Object.keys(variants))
    console.log(
      `${name.padEnd(18)} ${of(name).toFixed(0).padStart(5)}   ${(of(name) / of('sharp only')).toFixed(2)} × sharp only`,
    );
  console.log(`package against middy, unbundled: ${(of('package, buffered') / of('middy, unbundled')).toFixed(2)}`);
  console.log(`first image ${median(first).toFixed(0)}, later ones ${median(later).toFixed(0)}`);
}

await main().finally(() => rmSync(scratch, { recursive: true }));
