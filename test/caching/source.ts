/** A source on an origin whose state changes as time passes. The clock of each test that imports this is fake; sockets are real. */
import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { afterAll, afterEach, beforeEach, vi } from 'vitest';
import type { Handler } from '../../src/handler.ts';
import { type Route, startOrigin } from '../origin.ts';
import { context, events, KEY, type Reply, toReply } from '../requests.ts';

export const photo = readFileSync(new URL('../../src/dev/samples/landscape.jpg', import.meta.url));
const changed = await sharp(photo).flop().jpeg().toBuffer();

export const origin = await startOrigin();
afterAll(() => origin.close());
beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
afterEach(() => void vi.useRealTimers());

/** Sets the clock forward. */
export const later = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1000);

let count = 0;
/** Creates a new source on the origin: `becomes` changes it, `hits` counts the origin's requests, `ask` requests the image. */
export function sourceOf(handler: Handler, route: Route) {
  const path = `/${count++}.jpg`;
  origin.set(path, route);
  return {
    path,
    becomes: (then: Route) => origin.set(path, then),
    hits: () => origin.hits.get(path) ?? 0,
    ask: async (more: object = {}, headers: Record<string, string> = {}, method = 'GET') => {
      const event = events.functionUrl({ k: KEY, u: origin.url + path, w: 80, ...more }, headers, method);
      return toReply(await handler(event, context()));
    },
  };
}
/** Reads the cache status of a response. */
export const cacheOf = ({ headers }: Reply) => /cache;desc=(\w+)/.exec(headers['server-timing'] ?? '')?.[1];
/** Tells whether an image was decoded for a response. */
export const isDecoded = ({ headers }: Reply) => /resize;dur/.test(headers['server-timing'] ?? '');

export const V1: Route = { body: photo, revalidates: true, headers: { etag: '"v1"', 'cache-control': 'max-age=60' } };
export const V2: Route = { body: changed, revalidates: true, headers: { etag: '"v2"', 'cache-control': 'max-age=60' } };
export const GONE: Route = { status: 404 };
export const SLOW: Route = { framing: 'silent' };
export const BROKEN: Route = { status: 500 };
/** Without stale-while-revalidate, so that requests to the origin can be counted. */
export const PATIENT = { RESULT_STALE_WHILE_REVALIDATE: '0', SOURCE_IDLE_TIMEOUT: '500' };
