/** npm run build: the folder that is deployed, made for both architectures and run for this one. */

import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { startOrigin } from '../origin.ts';
import { look } from '../pictures.ts';
import { events, KEY, toReply } from '../requests.ts';

const run = promisify(execFile);
const cwd = fileURLToPath(new URL('../..', import.meta.url));
const dist = new URL('../../dist/', import.meta.url);
const build = (arch: string) => run('npm', ['run', 'build', '--', '--arch', arch], { cwd });

/** Runs the built handler in a process of its own, from a folder with nothing beside it and nothing above it. */
async function invoke(folder: string, event: object, env: Record<string, string>) {
  const script = `const { handler } = await import('${pathToFileURL(folder).href}/index.mjs');
    const result = await handler(${JSON.stringify(event)}, { getRemainingTimeInMillis: () => 9000 });
    process.stdout.write('\\n' + JSON.stringify(result));`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script], {
    cwd: '/',
    env,
    maxBuffer: 1e8,
  });
  return JSON.parse(stdout.split('\n').at(-1) ?? '');
}

const EI_MACHINE = { x64: 62, arm64: 183 } as const;
describe.each(['arm64', 'x64'] as const)('%s', (arch) => {
  test('one file, and the native parts of that architecture', async () => {
    await build(arch);
    const files = readdirSync(dist);
    expect(files.filter((name) => !/^(?:chunk|s3)-\w+\.mjs(?:\.map)?$/.test(name)).sort()).toEqual([
      'authorizer.mjs',
      'authorizer.mjs.map',
      'fonts',
      'index.mjs',
      'index.mjs.map',
      'node_modules',
      'openapi.json',
      'stream.mjs',
      'stream.mjs.map',
      'svg-worker.mjs',
      'svg-worker.mjs.map',
    ]);
    expect(readdirSync(new URL('node_modules/@img/', dist)).sort()).toEqual([
      `sharp-libvips-linux-${arch}`,
      `sharp-linux-${arch}`,
    ]);
    const lib = new URL(`node_modules/@img/sharp-linux-${arch}/lib/`, dist);
    const addon = readdirSync(lib).find((name) => name.endsWith('.node')) ?? '';
    expect(readFileSync(new URL(addon, lib)).readUInt16LE(18)).toBe(EI_MACHINE[arch]);
    const code = files.filter((name) => name.endsWith('.mjs'));
    expect(code.reduce((sum, name) => sum + statSync(new URL(name, dist)).size, 0)).toBeLessThan(415_000);
    for (const name of files.filter((file) => file.endsWith('.map')))
      expect(readFileSync(new URL(name, dist), 'utf8')).not.toMatch(/node_modules\/(?:ajv|@aws-sdk)/);
  });

  test.skipIf(process.arch !== arch || process.platform !== 'linux')(
    'it answers, from a built folder alone',
    async () => {
      const origin = await startOrigin({
        '/a.svg': { body: readFileSync(new URL('../../src/dev/samples/logo.svg', import.meta.url)) },
        '/a.jpg': { body: readFileSync(new URL('../../src/dev/samples/landscape.jpg', import.meta.url)) },
      });
      // Inside of the project every package would be found that the build has forgotten.
      const folder = mkdtempSync(join(tmpdir(), 'pixgate-build-'));
      cpSync(dist, folder, { recursive: true });
      const env = { API_KEYS: `a:${KEY}`, SOURCE_ALLOWED_NETWORKS: '127.0.0.0/8' };
      const query = { k: KEY, u: `${origin.url}/a.jpg`, w: 100 };
      const good = toReply(await invoke(folder, events.rest(query, { accept: 'image/webp' }), env));
      expect(await look(good.body)).toMatchObject({ type: 'image/webp', width: 100, height: 75 });
      const drawn = toReply(await invoke(folder, events.rest({ ...query, u: `${origin.url}/a.svg` }), env));
      expect(await look(drawn.body)).toMatchObject({ type: 'image/png', width: 100, height: 50 });
      expect(toReply(await invoke(folder, events.rest({ ...query, w: '0x1' }), env)).status).toBe(400);
      await origin.close();
      rmSync(folder, { recursive: true });
    },
  );
});

test('an unknown architecture is named', async () => {
  await expect(build('mips')).rejects.toMatchObject({
    stderr: expect.stringContaining('--arch must be x64 or arm64, not mips'),
  });
});
