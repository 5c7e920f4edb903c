/** `SOURCE_HEIC`: off by default, with an error that names it; on, from the request to the image. */
import { afterAll, expect, test, vi } from 'vitest';
import { startOrigin } from '../origin.ts';
import { decodePixels } from '../pixels.ts';
import { codeOf, context, events, KEY, testHandler, toReply } from '../requests.ts';
import { fixture } from './heif-file.ts';

const origin = await startOrigin({ '/a.heic': { body: fixture('patches.heic') } });
afterAll(() => origin.close());
const query = (options: object = {}) => ({ k: KEY, u: `${origin.url}/a.heic`, w: '100', ...options });
const get = async (handler: ReturnType<typeof testHandler>, options?: object) =>
  toReply(await handler(events.rest(query(options)), context()));

test('off: a 415 that names the setting', async () => {
  const reply = await get(testHandler());
  expect([reply.status, codeOf(reply)]).toEqual([415, 'SOURCE_UNSUPPORTED']);
  const { detail } = JSON.parse(reply.body.toString());
  expect(detail).toMatch(/^HEIC is not supported in this deployment: set SOURCE_HEIC=on\. Supported inputs: AVIF/);
});

test('on: the image, at several widths from one decode', async () => {
  const handler = testHandler({ SOURCE_HEIC: 'on' });
  expect(await decodePixels((await get(handler)).body)).toMatchObject({ type: 'image/jpeg', width: 100, height: 75 });
  expect(await decodePixels((await get(handler, { w: '256', f: 'webp' })).body)).toMatchObject({ width: 256 });
});

test('its own limit of pixels', async () => {
  const reply = await get(testHandler({ SOURCE_HEIC: 'on', SOURCE_MAX_HEIC_PIXELS: '40000' }));
  expect([reply.status, codeOf(reply)]).toEqual([413, 'IMAGE_TOO_LARGE']);
});

test('on without the module: the start fails, and says what to install', async () => {
  vi.resetModules();
  vi.doMock('node:module', () => ({
    createRequire: () => ({
      resolve: () => {
        throw new Error('Cannot find module');
      },
    }),
  }));
  const { createHeicPool } = await import('../../src/heic/pool.ts');
  expect(() => createHeicPool({ heicTimeout: 1 })).toThrow(
    /^SOURCE_HEIC=on needs the optional dependency libheif-js: npm install libheif-js@1\.23\.2/,
  );
  vi.doUnmock('node:module');
});
