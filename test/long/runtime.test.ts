/** The built package under AWS's own runtime client: every captured event, at both entry points, gets the same response as from the sources. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { Handler } from '../../src/handler.ts';
import { getMethod, type HttpEvent } from '../../src/http/event.ts';
import { startOrigin } from '../origin.ts';
import { typeOf } from '../pixels.ts';
import { context, KEY, type Reply, testHandler, toReply } from '../requests.ts';
import { type Environment, startEnvironment } from '../runtime/environment.ts';
import { EVENTS, isHttp, withQuery } from '../runtime/events.ts';

const ric = inject('ric');
const taskRoot = inject('taskRoot');
const env = { API_KEYS: `tester:${KEY}`, SOURCE_ALLOWED_NETWORKS: '127.0.0.0/8' };

describe.skipIf(!ric)('every captured event', () => {
  let origin: Awaited<ReturnType<typeof startOrigin>>;
  let buffered: Environment;
  let streamed: Environment;
  let inProcess: Handler;
  beforeAll(async () => {
    const body = readFileSync(new URL('../../src/dev/samples/landscape.jpg', import.meta.url));
    origin = await startOrigin({ '/a%20b.jpg?v=1': { body, headers: { etag: '"1"' } } });
    [buffered, streamed] = await Promise.all([
      startEnvironment({ ric, taskRoot, env, handler: 'index.handler' }),
      startEnvironment({ ric, taskRoot, env, handler: 'stream.handler' }),
    ]);
    inProcess = testHandler();
  });
  afterAll(() => Promise.all([buffered.close(), streamed.close(), origin.close()]));

  /** Selects what must be the same each time: all but timings, the age of the source, and the request id in an error. */
  const essence = ({ status, headers, body }: Reply) => {
    const { 'server-timing': _, age: __, date: ___, 'content-length': length = '', ...rest } = headers;
    const isProblem = headers['content-type'] === 'application/problem+json';
    const text = body.toString('latin1').replace(/"instance":"[^"]+"/, '"instance":"…"');
    const sha256 = createHash('sha256').update(isProblem ? text : body);
    const compared: Record<string, string> = isProblem ? rest : { ...rest, length };
    return { status, headers: compared, sha256: sha256.digest('hex') };
  };
  /** Selects what must be the same at both entry points: an entity tag depends on the response limit. */
  const common = (reply: Reply) => {
    const { status, headers, sha256 } = essence(reply);
    return { status, headers: { ...headers, etag: headers.etag && 'a tag' }, sha256 };
  };
  async function invokeAll(event: HttpEvent): Promise<Reply> {
    // Clone: middy changes its event.
    const result = await inProcess(structuredClone(event), context());
    const invocation = await buffered.invoke(event);
    const json = JSON.parse(invocation.bytes.toString());
    expect(Object.keys(json).sort()).toEqual(Object.keys(result).sort());
    const reply = toReply(json);
    expect(essence(reply)).toEqual(essence(toReply(result)));
    expect(common(await streamed.ask(event))).toEqual(common(reply));
    return reply;
  }

  const STATUS: Record<string, number> = { GET: 200, HEAD: 200, POST: 405 };
  const http = EVENTS.filter(([, event]) => isHttp(event));
  test.each(http)('%s requests an image', async (name, event) => {
    // A different width each time, so that no response is a cache hit, which would have an Age.
    const w = String(100 + EVENTS.findIndex(([one]) => one === name));
    const query = { k: KEY, u: `${origin.url}/a%20b.jpg?v=1`, w, f: 'webp' };
    const { status, headers, body } = await invokeAll(withQuery(event, query));
    const method = getMethod(event);
    expect(status).toBe(STATUS[method]);
    if (method !== 'POST') expect(headers).toMatchObject({ 'content-type': 'image/webp', etag: expect.any(String) });
    expect(typeOf(body)).toBe(method === 'GET' ? 'image/webp' : 'unknown');
  });

  test.each(http)('%s as captured has no valid key', async (_name, event) =>
    expect((await invokeAll(event)).status).toBe(401),
  );

  const others = EVENTS.filter(([, event]) => !isHttp(event));
  test.each(others)('%s is no HTTP request, and gets a response all the same', async (_name, event) =>
    expect((await invokeAll(event)).status).toBe(401),
  );

  test('the processes are alive, and every log line is JSON', async () => {
    for (const one of [buffered, streamed]) {
      expect(one.isAlive()).toBe(true);
      const requests = 2 * http.length + others.length;
      const lines = await one.lines(requests);
      for (const line of lines) expect(line).toMatchObject({ service: 'pixgate' });
      expect(lines.length).toBe(requests);
    }
  });
});
