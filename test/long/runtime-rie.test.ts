/** The built package under AWS's own emulator of Lambda, if Go is installed to compile it. */
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

/** Posts an event to the emulator, which has no event sources. @returns the function's response */
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
    const [emulator, runtime] = [`127.0.0.1:${await freePort()}`, `127.0.0.1:${await freePort()}`];
    const env = { LAMBDA_TASK_ROOT: taskRoot, API_KEYS: `tester:${KEY}`, SOURCE_ALLOWED_NETWORKS: '127.0.0.0/8' };
    // By default it listens on all interfaces.
    const flags = ['--runtime-interface-emulator-address', emulator, '--runtime-api-address', runtime];
    const child = spawn(rie, [...flags, process.execPath, ric, 'index.handler'], {
      cwd: taskRoot,
      env,
      stdio: 'ignore',
    });
    const ended = once(child, 'exit');
    stop = () => {
      child.kill('SIGTERM');
      return ended;
    };
    url = `http://${emulator}/2015-03-31/functions/function/invocations`;
    const isUp = () =>
      request(`http://${emulator}`, '/').then(
        () => true,
        () => false,
      );
    while (!(await isUp())) await setTimeout(200);
  });
  afterAll(() => Promise.all([stop(), origin.close()]));

  test('a request returns the same response as the sources', async () => {
    const event = events.functionUrl({ k: KEY, u: `${origin.url}/a.jpg`, w: 100, f: 'webp' });
    const reply = toReply(await post(url, event));
    const expected = toReply(await testHandler()(event, context()));
    expect([reply.status, reply.headers.etag]).toEqual([200, expected.headers.etag]);
    expect(reply.body.equals(expected.body)).toBe(true);
    expect(await decodePixels(reply.body)).toMatchObject({ type: 'image/webp', width: 100, height: 75 });
  });

  test('an error leaves it running', async () => {
    const event = events.functionUrl({ k: 'wrong', u: `${origin.url}/a.jpg`, w: 100 });
    for (let i = 0; i < 3; i++) expect(toReply(await post(url, event)).status).toBe(401);
  });
});
