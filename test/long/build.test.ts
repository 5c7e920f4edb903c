/** npm run build: the deployment package, built for both architectures and run on this one. */

import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { unzipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { resolveStack } from '../../src/build/stack.ts';
import { fixture } from '../heic/heif-file.ts';
import { startOrigin } from '../origin.ts';
import { decodePixels } from '../pixels.ts';
import { events, KEY, toReply } from '../requests.ts';

const run = promisify(execFile);
const cwd = fileURLToPath(new URL('../..', import.meta.url));
const dist = new URL('../../dist/', import.meta.url);
const build = (arch: string, script = 'build', ...options: readonly string[]) =>
  run('npm', ['run', script, '--', '--arch', arch, ...options], { cwd });

/** Runs the built handler in a process of its own, from a folder without other modules beside or above it. */
async function invokeLogged(folder: string, event: object, env: Record<string, string>, entry = 'index') {
  const script = `const { handler } = await import('${pathToFileURL(folder).href}/${entry}.mjs');
    const result = await handler(${JSON.stringify(event)}, { getRemainingTimeInMillis: () => 25000 });
    process.stdout.write('\\n' + JSON.stringify(result));`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script], {
    cwd: '/',
    env,
    maxBuffer: 1e8,
  });
  const lines = stdout.split('\n').filter(Boolean);
  return { result: JSON.parse(lines.at(-1) ?? ''), log: lines.slice(0, -1) };
}
const invoke = async (...all: Parameters<typeof invokeLogged>) => (await invokeLogged(...all)).result;

const EI_MACHINE = { x64: 62, arm64: 183 } as const;
const here = process.platform === 'linux' ? process.arch : undefined;
describe.each(['arm64', 'x64'] as const)('%s', (arch) => {
  test('the package has the code, and the native modules of that architecture', async () => {
    await build(arch);
    const files = readdirSync(dist);
    const code = ['authorizer', 'batch', 'compat', 'index', 'lambda', 'sharp', 'stream', 'worker'].flatMap((name) => [
      `${name}.mjs`,
      ...(name === 'batch' ? [] : [`${name}.mjs.map`]),
    ]);
    expect(files.sort()).toEqual([...code, 'cloudfront-function.js', 'fonts', 'node_modules', 'openapi.json'].sort());
    expect(readdirSync(new URL('node_modules/@img/', dist)).sort()).toEqual([
      `sharp-libvips-linux-${arch}`,
      `sharp-linux-${arch}`,
    ]);
    const lib = new URL(`node_modules/@img/sharp-linux-${arch}/lib/`, dist);
    const addon = readdirSync(lib).find((name) => name.endsWith('.node')) ?? '';
    expect(readFileSync(new URL(addon, lib)).readUInt16LE(18)).toBe(EI_MACHINE[arch]);
    const bytes = (...names: string[]) =>
      names.reduce((sum, name) => sum + statSync(new URL(`${name}.mjs`, dist)).size, 0);
    // The handler, and in `sharp` sharp's own JavaScript with the part of the core that the SVG worker needs too: 414 kB. The
    // readers of HEIC, BMP and truncated files, and metadata, are 20 kB of it. A dynamic import of them made two more files of
    // the modules they share with the core: a cold start took 5 % more CPU, not less.
    expect(bytes('index', 'lambda', 'sharp')).toBeLessThan(417_000);
    expect(bytes('stream')).toBeLessThan(2000);
    // The configuration and the keys with their validators, and IP addresses; nothing of images or of the cache.
    expect(bytes('authorizer')).toBeLessThan(84_000);
    const { sources } = JSON.parse(readFileSync(new URL('authorizer.mjs.map', dist), 'utf8'));
    expect(sources.filter((path: string) => /src\/(?:image|svg|heic|cache)\/|sharp/.test(path))).toEqual([]);
    // A function of its own, with its own copy of the core. Nothing of it is in the others.
    expect(bytes('batch')).toBeLessThan(375_000);
    for (const name of code.filter((file) => /^(?!batch).*map$/.test(file)))
      expect(readFileSync(new URL(name, dist), 'utf8'), name).not.toMatch(/lambda\/batch|sqs-partial-batch-failure/);
    // A process of its own: an XML parser, and what prepares an SVG. No other request loads it.
    expect(bytes('worker')).toBeLessThan(80_000);
    for (const name of files.filter((file) => file.endsWith('.map')))
      expect(readFileSync(new URL(name, dist), 'utf8')).not.toMatch(/node_modules\/(?:ajv|@aws-sdk)/);
  });

  test.skipIf(here !== arch)('it runs from its folder alone', async () => {
    const origin = await startOrigin({
      '/a.svg': { body: readFileSync(new URL('../../src/dev/samples/logo.svg', import.meta.url)) },
      '/a.jpg': { body: readFileSync(new URL('../../src/dev/samples/landscape.jpg', import.meta.url)) },
    });
    // Inside of the project, packages that are missing in the build would be found.
    const folder = mkdtempSync(join(tmpdir(), 'pixgate-build-'));
    cpSync(dist, folder, { recursive: true });
    const env = { API_KEYS: `a:${KEY}`, SOURCE_ALLOWED_NETWORKS: '127.0.0.0/8' };
    const query = { k: KEY, u: `${origin.url}/a.jpg`, w: 100 };
    const photo = toReply(await invoke(folder, events.rest(query, { accept: 'image/webp' }), env));
    expect(await decodePixels(photo.body)).toMatchObject({ type: 'image/webp', width: 100, height: 75 });
    const svg = toReply(await invoke(folder, events.rest({ ...query, u: `${origin.url}/a.svg` }), env));
    expect(await decodePixels(svg.body)).toMatchObject({ type: 'image/png', width: 100, height: 50 });
    expect(toReply(await invoke(folder, events.rest({ ...query, w: '0x1' }), env)).status).toBe(400);
    // The batch function renders too; it cannot write, because the AWS SDK is the runtime's.
    const records = ['a.jpg', 'a.svg', 'missing.jpg'].map((name) => ({
      eventSource: 'aws:sqs',
      messageId: name,
      body: JSON.stringify({ u: `${origin.url}/${name}` }),
    }));
    const batchEnv = { ...env, PRESETS: 'thumb=w=100', RESULT_BUCKET: 'results' };
    const { result, log } = await invokeLogged(folder, { Records: records }, batchEnv, 'batch');
    expect(result.batchItemFailures).toHaveLength(records.length);
    expect(log.map((line) => JSON.parse(line).code).sort()).toEqual(['OVERLOADED', 'OVERLOADED', 'SOURCE_NOT_FOUND']);
    await origin.close();
    rmSync(folder, { recursive: true });
  });
});

test('fonts of a folder are part of the package, and are used', async () => {
  await build(here ?? 'x64', 'build', '--fonts', 'test/fixtures/fonts');
  expect(readdirSync(new URL('fonts/', dist))).toEqual(
    expect.arrayContaining(['fonts.conf', 'NotoSansArabic.ttf', 'OpenSans_400Regular.ttf']),
  );
  if (here) {
    const text = '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="40"><text y="30">مرحبا</text></svg>';
    const origin = await startOrigin({ '/a.svg': { body: text } });
    const env = { API_KEYS: `a:${KEY}`, SOURCE_ALLOWED_NETWORKS: '127.0.0.0/8' };
    const event = events.rest({ k: KEY, u: `${origin.url}/a.svg`, w: 90 });
    const { status, headers } = toReply(await invoke(fileURLToPath(dist), event, env));
    expect([status, headers['pixgate-svg']]).toEqual([200, undefined]);
    await origin.close();
  }
  await expect(build('x64', 'build', '--fonts', 'test/fixtures/icc')).rejects.toMatchObject({
    stderr: expect.stringContaining('--fonts: no fonts'),
  });
});

test('a package for another architecture fails with one line that says what to do', async () => {
  const other = here === 'x64' ? 'arm64' : 'x64';
  await build(other);
  const { stderr } = await invoke(fileURLToPath(dist), {}, {}).then(
    () => ({ stderr: '' }),
    (error: { stderr: string }) => error,
  );
  const expected = `Error: This package is for ${other} on Linux, and this machine is ${process.arch} on ${process.platform}: deploy it with Architecture=`;
  expect(stderr.split('\n').filter((line) => line.startsWith('Error'))).toEqual([expect.stringContaining(expected)]);
});

test('the zip has the files of the folder, is reproducible, and small', async () => {
  const zip = new URL('../../pixgate-arm64.zip', import.meta.url);
  await build('arm64', 'package');
  const first = readFileSync(zip);
  await build('arm64', 'package');
  expect(readFileSync(zip).equals(first)).toBe(true);
  // Of it, the batch function's copy of the core is 0.13 MB.
  expect(first.length).toBeLessThan(9_200_000);
  const files = unzipSync(first);
  for (const name of ['index.mjs', 'node_modules/@img/sharp-linux-arm64/package.json'])
    expect(readFileSync(new URL(name, dist)).equals(files[name] ?? Buffer.alloc(0)), name).toBe(true);
});

test.skipIf(!here)(
  'HEIC is read by a package with its decoder; without it, the function does not start',
  async () => {
    const origin = await startOrigin({ '/a.heic': { body: fixture('patches.heic') } });
    const env = { API_KEYS: `a:${KEY}`, SOURCE_ALLOWED_NETWORKS: '127.0.0.0/8', SOURCE_HEIC: 'on' };
    const event = events.rest({ k: KEY, u: `${origin.url}/a.heic`, w: 100 });
    const folder = mkdtempSync(join(tmpdir(), 'pixgate-build-'));
    await build(String(here));
    cpSync(dist, folder, { recursive: true });
    expect(readdirSync(join(folder, 'node_modules'))).toEqual(['@img']);
    await expect(invoke(folder, event, env)).rejects.toMatchObject({
      stderr: expect.stringContaining('SOURCE_HEIC=on needs the optional dependency libheif-js: npm install'),
    });
    rmSync(folder, { recursive: true });
    await build(String(here), 'build', '--heic');
    cpSync(dist, folder, { recursive: true });
    const reply = toReply(await invoke(folder, event, env));
    expect(await decodePixels(reply.body)).toMatchObject({ type: 'image/jpeg', width: 100, height: 75 });
    await origin.close();
    rmSync(folder, { recursive: true });
  },
  120_000,
);

test('a stack trace of the log is mapped to the sources', async () => {
  await build('arm64');
  const source = readFileSync(new URL('../../src/errors.ts', import.meta.url), 'utf8');
  const [, message = ''] = /ImageError\('SOURCE_TIMEOUT', '([^']+)'/.exec(source) ?? [];
  // Shared by the handler and the SVG worker.
  const [code = ''] = readFileSync(new URL('sharp.mjs', dist), 'utf8').split(message);
  const line = code.split('\n').length;
  const column = code.length - code.lastIndexOf('\n');
  expect(resolveStack(`    at x (file:///var/task/sharp.mjs:${line}:${column})\n    at node:net:1:2`)).toMatch(
    /^ {4}at x \(src\/errors\.ts:\d+:\d+\)\n {4}at node:net:1:2$/,
  );
});

test('an unknown architecture is refused by name', async () => {
  await expect(build('mips')).rejects.toMatchObject({
    stderr: expect.stringContaining('--arch must be x64 or arm64, not mips'),
  });
});
