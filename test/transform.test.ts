/** `transform`, the core for other programs, and `pixgate resize`, the command that uses it. */
import { execFile } from 'node:child_process';
import { createReadStream, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { transform } from '../src/transform.ts';
import { startOrigin } from './origin.ts';
import { decodePixels } from './pixels.ts';

const sample = (name: string) => fileURLToPath(new URL(`../src/dev/samples/${name}`, import.meta.url));
const photo = readFileSync(sample('landscape.jpg'));

describe('transform', () => {
  test.each([
    ['bytes', () => new Uint8Array(photo)],
    ['a stream', () => createReadStream(sample('landscape.jpg'))],
    ['a web stream', () => new Blob([photo]).stream()],
  ] as const)('%s', async (_, source) => {
    const { data, info, timings } = await transform(source(), { w: 120, f: 'webp' });
    expect(await decodePixels(data as Buffer)).toMatchObject({ type: 'image/webp', width: 120, height: 90 });
    expect(info).toMatchObject({ type: 'image/webp', width: 120, height: 90, size: data.length });
    expect(timings).toEqual({ resize: expect.any(Number) });
  });

  test('a URL, with all guards', async () => {
    const origin = await startOrigin({ '/a.jpg': { body: photo } });
    const url = new URL(`${origin.url}/a.jpg`);
    await expect(transform(url, { w: 40 })).rejects.toMatchObject({ code: 'SOURCE_FORBIDDEN' });
    const { info, timings } = await transform(url, { w: 40 }, { sourceAllowedNetworks: ['127.0.0.0/8'] });
    expect(info).toMatchObject({ width: 40, height: 30 });
    expect(timings).toMatchObject({ download: expect.any(Number) });
    await origin.close();
    await expect(transform(new URL(`file://${sample('landscape.jpg')}`), { w: 40 })).rejects.toMatchObject({
      code: 'QUERY_INVALID',
    });
  });

  test('an SVG, a colour, metadata', async () => {
    const { info } = await transform(readFileSync(sample('logo.svg')), { w: 64, bg: 'red', f: 'png' });
    expect(info).toMatchObject({ type: 'image/png', width: 64 });
    const { data } = await transform(photo, { f: 'json' });
    expect(JSON.parse(String(data))).toMatchObject({ width: 600, height: 450 });
  });

  test('errors are those of a request, all at once', async () => {
    await expect(transform(photo, { w: 0, q: 101 })).rejects.toMatchObject({
      code: 'QUERY_INVALID',
      errors: [{ parameter: 'w' }, { parameter: 'q' }],
    });
    await expect(transform(Buffer.from('<html>'), { w: 1 })).rejects.toMatchObject({ code: 'SOURCE_UNSUPPORTED' });
    await expect(transform(photo, { w: 50 }, { sourceMaxPixels: 1000 })).rejects.toMatchObject({
      code: 'IMAGE_TOO_LARGE',
    });
    await expect(transform(photo, { w: 50 }, { sourceMaxPixels: -1 })).rejects.toThrow(/sourceMaxPixels must be/);
  });

  test('a source that cannot be read is reported by its cause', async () => {
    await expect(transform(new Uint8Array(), { w: 1 })).rejects.toMatchObject({ code: 'SOURCE_UNSUPPORTED' });
    const silent = transform(new Readable({ read() {} }), { w: 1 }, { signal: AbortSignal.timeout(50) });
    await expect(silent).rejects.toMatchObject({ code: 'SOURCE_TIMEOUT' });
    const broken = new Readable({ read() {} });
    setImmediate(() => broken.destroy(new Error('gone')));
    await expect(transform(broken, { w: 1 })).rejects.toMatchObject({ code: 'SOURCE_UNAVAILABLE' });
    await expect(transform(photo, { w: 1, default: '1' } as object)).rejects.toThrow('default is not an option here');
  });

  test('in a server of another program', async () => {
    const server = http.createServer(async (request, response) => {
      const w = Number(new URL(request.url ?? '', 'http://x').searchParams.get('w'));
      const { data, info } = await transform(photo, { w }, { accept: request.headers.accept ?? '' });
      response.writeHead(200, { 'Content-Type': info.type }).end(data);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const reply = await fetch(`http://127.0.0.1:${port}/?w=30`, { headers: { accept: 'image/webp' } });
    expect(await decodePixels(Buffer.from(await reply.arrayBuffer()))).toMatchObject({ type: 'image/webp', width: 30 });
    server.close();
  });
});

describe('pixgate resize', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pixgate-resize-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const CLI = fileURLToPath(new URL('../src/cli/cli.ts', import.meta.url));
  const run = (args: readonly string[], input?: Buffer): Promise<{ code: number; out: Buffer; err: string }> =>
    new Promise((resolve) => {
      const options = { cwd: folder, encoding: 'buffer' as const };
      const child = execFile(process.execPath, [CLI, 'resize', ...args], options, (error, out, err) =>
        resolve({ code: Number(error?.code ?? 0), out, err: String(err).trim() }),
      );
      child.stdin?.end(input);
    });
  const output = (name: string) => decodePixels(readFileSync(join(folder, name)));

  test('one file to another', async () => {
    expect(await run([sample('landscape.jpg'), '-w', '64', '-f', 'webp', '-o', 'out.webp'])).toMatchObject({
      code: 0,
      err: '',
    });
    expect(await output('out.webp')).toMatchObject({ type: 'image/webp', width: 64 });
  });
  test('standard input to standard output', async () => {
    const { out } = await run(['-', '-w', '32', '--fit', 'cover', '--h', '32'], photo);
    expect(await decodePixels(out)).toMatchObject({ type: 'image/jpeg', width: 32, height: 32 });
  });
  test('several, into a folder; one that fails is reported, and the others are written', async () => {
    writeFileSync(join(folder, 'no.jpg'), 'no picture');
    const files = [sample('landscape.jpg'), 'no.jpg', sample('cat.webp'), 'missing.jpg'];
    const { code, err } = await run([...files, '-w', '20', '-o', 'small/']);
    expect([code, err.split('\n')]).toEqual([
      1,
      [expect.stringMatching(/^no\.jpg: The source is not an image/), expect.stringMatching(/^missing\.jpg: ENOENT/)],
    ]);
    expect(await output('small/landscape.jpg')).toMatchObject({ width: 20 });
    expect(await output('small/cat.webp')).toMatchObject({ width: 20 });
  });
  test('several, beside the originals, with the width in their names', async () => {
    for (const name of ['a.jpg', 'b.jpg']) writeFileSync(join(folder, name), photo);
    await run(['a.jpg', 'b.jpg', '-w', '20', '-f', 'png']);
    expect(await output('a-20.png')).toMatchObject({ type: 'image/png', width: 20 });
    expect(existsSync(join(folder, 'b-20.png'))).toBe(true);
    expect(readFileSync(join(folder, 'a.jpg')).equals(photo)).toBe(true);
  });
  test('neither an original nor another output is overwritten', async () => {
    mkdirSync(join(folder, 'own'));
    for (const name of ['own/a.jpg', 'own/a.png']) writeFileSync(join(folder, name), photo);
    const { code, err } = await run(['own/a.jpg', '-w', '20', '-o', 'own/']);
    expect([code, err]).toEqual([1, expect.stringMatching(/own\/a\.jpg is an input file/)]);
    expect(await run(['own/a.jpg', '-w', '20', '-o', 'own/a.jpg'])).toMatchObject({ code: 2 });
    expect(readFileSync(join(folder, 'own/a.jpg')).equals(photo)).toBe(true);
    const twice = await run(['own/a.jpg', 'own/a.png', '-w', '20', '-f', 'webp', '-o', 'two/']);
    expect([twice.code, twice.err]).toEqual([
      1,
      expect.stringMatching(/^own\/a\.png: two\/a\.webp is already the output of own\/a\.jpg/),
    ]);
    await run(['-', '-w', '20', '-f', 'webp', '-o', 'two/'], photo);
    expect(await output('two/stdin.webp')).toMatchObject({ width: 20 });
  });

  test.each([
    [['a.jpg', '-w', '0'], /^w must be a whole number from 1 to 8192/],
    [['a.jpg', 'b.jpg', '-w', '10', '-o', 'one.jpg'], /^--out must be a folder for 2 images: one\.jpg\//],
    [[], /^An image file is required/],
    [['a.jpg', '--wide', '10'], /Unknown option '--wide'/],
  ])('a usage error: %j', async (args, message) => {
    const { code, err } = await run(args);
    expect([code, err]).toEqual([2, expect.stringMatching(message)]);
  });
});
