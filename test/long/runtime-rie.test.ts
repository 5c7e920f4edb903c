/** The built package under AWS's own emulator of Lambda, where there is Go to compile it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { startOrigin } from '../origin.ts';
import { decodePixels } from '../pixels.ts';
import { freePort } from '../ports.ts';
import { context, events, KEY, request, testHandler, toReply } from '../requests.ts';

const rie = inject('rie');
const ric = inject('ric');
const taskRoot = inject('taskRoot');

/** Posts an event to the emulator, which knows no front door: it gives back what the function has answered. */
async function post(url: string, event: object) {
  const response = await fetch(url, { method: 'POST', body: JSON.stringify(event) });
  return JSON.parse(await response.text());
}

describe.skipIf(!rie || !ric)("AWS's emulator", () => {
  let origin: Awaited<ReturnType<typeof startOrigin>>;
  let stop: () => Promise<unknown>;
  let url: string;
  beforeAll(async () => {
    const body = readFileSync(new URL('../../src/dev/samples/landscape.jpg', import.meta.url));
    origin = await startOrigin({ '/a.jpg': { body } });
    const [front, runtime] = [`127.0.0.1:${await freePort()}`, `127.0.0.1:${await freePort()}`];
    const env = { LAMBDA_TASK_ROOT: taskRoot, API_KEYS: `tester:${KEY}`, SOURCE_ALLOWED_NETWORKS: '127.0.0.0/8' };
    // Its own default is to listen on all addresses.
    const own = ['--runtime-interface-emulator-address', front, '--runtime-api-address', runtime];
    const child = spawn(rie, [...own, process.execPath, ric, 'index.handler'], { cwd: taskRoot, env, stdio: 'ignore' });
    const ended = once(child, 'exit');
    stop = () => {
      child.kill('SIGTERM');
      return ended;
    };
    url = `http://${front}/2015-03-31/functions/function/invocations`;
    const isUp = () =>
      request(`http://${front}`, '/').then(
        () => true,
        () => false,
      );
    while (!(await isUp())) await setTimeout(200);
  });
  afterAll(() => Promise.all([stop(), origin.close()]));

  test('answers a request as the sources do', async () => {
    const event = events.functionUrl({ k: KEY, u: `${origin.url}/a.jpg`, w: 100, f: 'webp' });
    const reply = toReply(await post(url, event));
    const wanted = toReply(await testHandler()(event, context()));
    expect([reply.status, reply.headers.etag]).toEqual([200, wanted.headers.etag]);
    expect(reply.body.equals(wanted.body)).toBe(true);
    expect(await decodePixels(reply.body)).toMatchObject({ type: 'image/webp', width: 100, height: 75 });
  });

  test('and an error, and goes on', async () => {
    const event = events.functionUrl({ k: 'wrong', u: `${origin.url}/a.jpg`, w: 100 });
    for (let i = 0; i < 3; i++) expect(toReply(await post(url, event)).status).toBe(401);
  });
});
