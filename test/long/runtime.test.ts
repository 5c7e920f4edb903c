/** The built package under AWS's own runtime client: every captured event, at both entries, is answered as the sources answer it. */
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

  /** All that must be the same each time: not how long it took. */
  const essence = ({ status, headers, body }: Reply) => {
    const { 'server-timing': _, ...rest } = headers;
    return { status, headers: rest, sha256: createHash('sha256').update(body).digest('hex') };
  };
  /** All that must be the same at both doors: a tag goes by how large an answer the door takes. */
  const common = (reply: Reply) => {
    const { status, headers, sha256 } = essence(reply);
    return { status, headers: { ...headers, etag: headers.etag && 'a tag' }, sha256 };
  };
  async function askAll(event: HttpEvent): Promise<Reply> {
    // A copy: middy writes into its event.
    const result = await inProcess(structuredClone(event), context());
    const answer = await buffered.invoke(event);
    const json = JSON.parse(answer.bytes.toString());
    expect(Object.keys(json).sort()).toEqual(Object.keys(result).sort());
    const reply = toReply(json);
    expect(essence(reply)).toEqual(essence(toReply(result)));
    expect(common(await streamed.ask(event))).toEqual(common(reply));
    return reply;
  }

  const STATUS: Record<string, number> = { GET: 200, HEAD: 200, POST: 405 };
  const http = EVENTS.filter(([, event]) => isHttp(event));
  test.each(http)('%s asks for a picture', async (name, event) => {
    // A width of its own, so that no answer is a remembered one, whose age would tell.
    const w = String(100 + EVENTS.findIndex(([one]) => one === name));
    const query = { k: KEY, u: `${origin.url}/a%20b.jpg?v=1`, w, f: 'webp' };
    const { status, headers, body } = await askAll(withQuery(event, query));
    const method = getMethod(event);
    expect(status).toBe(STATUS[method]);
    if (method !== 'POST') expect(headers).toMatchObject({ 'content-type': 'image/webp', etag: expect.any(String) });
    expect(typeOf(body)).toBe(method === 'GET' ? 'image/webp' : 'unknown');
  });

  test.each(http)('%s as it is has no key of ours', async (_name, event) =>
    expect((await askAll(event)).status).toBe(401),
  );

  const others = EVENTS.filter(([, event]) => !isHttp(event));
  test.each(others)('%s is no request, and is answered all the same', async (_name, event) =>
    expect((await askAll(event)).status).toBe(401),
  );

  test('the processes live, and no log line is anything but JSON', async () => {
    for (const one of [buffered, streamed]) {
      expect(one.isAlive()).toBe(true);
      const requests = 2 * http.length + others.length;
      const lines = await one.lines(requests);
      for (const line of lines) expect(line).toMatchObject({ service: 'pixgate' });
      expect(lines.length).toBe(requests);
    }
  });
});
