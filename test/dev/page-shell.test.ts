/** The commands that the playground shows: run by a shell, against the local server. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import schema from '../../schemas/query.json' with { type: 'json' };
import { resize } from '../../src/cli/resize.ts';
import { imageUrl } from '../../src/dev/page/image-urls.ts';
import { cliCode, curlCode, NOT_IN_RESIZE, resizeCode } from '../../src/dev/page/shell-code.ts';
import { startServer } from '../../src/dev/server.ts';
import { decodePixels } from '../pixels.ts';
import { testConfig } from '../requests.ts';

const cli = fileURLToPath(new URL('../../src/cli/bin.js', import.meta.url));
const cwd = mkdtempSync(join(tmpdir(), 'pixgate-shell-'));
let server: Awaited<ReturnType<typeof startServer>>;
beforeAll(async () => {
  server = await startServer(testConfig({ API_KEYS: `demo:it's,open:KEY` }), { log: () => {} });
});
afterAll(async () => {
  rmSync(cwd, { recursive: true });
  await server.stop();
});

/** Runs a script; not spawnSync, which would block the server of this process. */
async function run(script: string) {
  const PATH = [dirname(process.execPath), process.env.PATH].join(delimiter);
  const child = spawn('sh', ['-ec', script.replaceAll('npx pixgate', `node ${cli}`)], { cwd, env: { PATH } });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (data) => (stdout += data));
  child.stderr.on('data', (data) => (stderr += data));
  const status = await new Promise((resolve) => child.once('close', resolve));
  expect(status, stderr).toBe(0);
  return stdout;
}

const stateOf = (options: Record<string, string>, sample = 'turned.jpg') => ({
  base: `${server.origin}/`,
  u: `${server.origin}/samples/${sample}`,
  options,
});
const read = (name: string) => decodePixels(readFileSync(join(cwd, name)));

test('the command line: the image as a file, and its URL', async () => {
  const state = stateOf({ w: '80', h: '80', fit: 'cover', ro: '-90', flip: '1', flop: '0', bg: '#fff', q: '50' });
  const output = await run(cliCode(state, `it's`));
  expect(output).toBe(
    `${imageUrl({ ...state, options: { ...state.options, flop: '' } }, `it's`).replace('flop=&', '')}\n`,
  );
  expect(await read('turned-80.jpg')).toMatchObject({ type: 'image/jpeg', width: 80, height: 80 });
  const image = await fetch(output.trim());
  expect(image.status).toBe(200);
});

test('without a key', async () => {
  const state = stateOf({ w: '10' }, 'logo.svg');
  expect(await run(cliCode(state, ''))).toBe(`${imageUrl(state, '')}\n`);
  expect((await read('logo-10.png')).type).toBe('image/png');
});

test.each([
  [{ w: '10', f: 'avif', default: '1', v: '2', maxage: '1d', mark: 'logo', mpos: 'top' }, 'cat.webp', 'cat-10.avif'],
  [{ w: '10' }, 'banana.gif', 'banana-10.gif'],
])('%j of %s is written to %s', async (options, sample, name) => {
  await run(resizeCode(stateOf(options as never, sample)));
  expect((await read(name)).width).toBe(10);
});

test('a text is printed, by curl too', async () => {
  const state = stateOf({ f: 'json' });
  expect(JSON.parse(await run(resizeCode(state))).format).toBe('jpeg');
  const isInstalled = await run('command -v curl || :');
  if (!isInstalled) return console.log('SKIPPED: curl is not installed, so its snippet is not run');
  expect(JSON.parse(await run(curlCode(state, 'KEY'))).format).toBe('jpeg');
  await run(curlCode(stateOf({ w: '12' }), 'KEY'));
  expect((await read('turned-12.jpg')).width).toBe(12);
});

test('parameters that resize has no option for are left out', () => {
  const names = Object.keys(schema.properties).filter((name) => !resize.parameters || !(name in resize.parameters));
  expect(NOT_IN_RESIZE).toEqual(expect.arrayContaining(names));
});
