/** `transform`, the core for other programs. */
import { createReadStream, readFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
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

  test('a mark, of a raster image and of an SVG', async () => {
    const blue = await sharp({ create: { width: 2, height: 1, channels: 3, background: '#00f' } })
      .png()
      .toBuffer();
    const source = `data:image/png;base64,${blue.toString('base64')}`;
    const limits = { marks: JSON.stringify({ logo: { source, mscale: 0.5 } }) };
    for (const input of [photo, readFileSync(sample('logo.svg'))]) {
      const { data } = await transform(input, { w: 40, f: 'png', mark: 'logo', mpos: 'top-left' }, limits);
      expect((await decodePixels(data as Buffer)).at(0.25, 0.1)).toEqual([0, 0, 255, 255]);
    }
    await expect(transform(photo, { w: 40, mark: 'other' }, limits)).rejects.toMatchObject({
      code: 'QUERY_INVALID',
      message: 'mark must be one of the marks of this deployment: logo',
    });
    await expect(transform(photo, { w: 40, mark: 'logo' })).rejects.toThrow('which has none');
    const missing = { marks: '{"logo": {"source": "data:,x"}}' };
    await expect(transform(photo, { w: 40, mark: 'logo' }, missing)).rejects.toThrow('The mark logo cannot be read');
    expect(await transform(photo, { w: 40 }, missing)).toMatchObject({ info: { width: 40 } });
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
