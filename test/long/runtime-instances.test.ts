/** Lambda Managed Instances: several workers in one process, which share the thread pool that sharp uses. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { startOrigin } from '../origin.ts';
import { decodePixels } from '../pixels.ts';
import { events, KEY } from '../requests.ts';
import { type Environment, startEnvironment } from '../runtime/environment.ts';

const ric = inject('ric');
const taskRoot = inject('taskRoot');
const WORKERS = 8;

/** The pool size of the template. Each worker keeps one thread waiting for its next event: Node's default of four would leave none for images. */
const template = readFileSync(new URL('../../template.yaml', import.meta.url), 'utf8');
const [, THREADS = 'not in the template'] = /UV_THREADPOOL_SIZE: *"?(\d+)/.exec(template) ?? [];

describe.skipIf(!ric).each(['index.handler', 'stream.handler'])('eight workers of %s in one process', (handler) => {
  let origin: Awaited<ReturnType<typeof startOrigin>>;
  let environment: Environment;
  beforeAll(async () => {
    const body = readFileSync(new URL('../../src/dev/samples/landscape.jpg', import.meta.url));
    origin = await startOrigin({ '/a.jpg': { body } });
    const env = {
      API_KEYS: `tester:${KEY}`,
      SOURCE_ALLOWED_NETWORKS: '127.0.0.0/8',
      UV_THREADPOOL_SIZE: THREADS,
      AWS_LAMBDA_INITIALIZATION_TYPE: 'lambda-managed-instances',
      AWS_LAMBDA_MAX_CONCURRENCY: '16',
      AWS_LAMBDA_NODEJS_WORKER_COUNT: String(WORKERS),
    };
    expect(Number(THREADS)).toBeGreaterThan(WORKERS);
    environment = await startEnvironment({ ric, taskRoot, env, handler, memory: 4096, workers: WORKERS });
  });
  afterAll(() => Promise.all([environment.close(), origin.close()]));

  test('each of parallel requests gets its own image', async () => {
    const widths = Array.from({ length: 6 * WORKERS }, (_, i) => 40 + i);
    const replies = await Promise.all(
      widths.map((w) => environment.ask(events.functionUrl({ k: KEY, u: `${origin.url}/a.jpg`, w, f: 'webp' }))),
    );
    for (const [i, { status, body }] of replies.entries())
      expect([status, (await decodePixels(body)).width]).toEqual([200, widths[i]]);
    expect(environment.isAlive()).toBe(true);
  });

  test('all workers took part: each logs its own cold start, and nothing else', async () => {
    const lines = await environment.lines(6 * WORKERS);
    expect(lines.map(({ message }) => message)).toEqual(Array(6 * WORKERS).fill('GET 200'));
    expect(lines.filter((line) => line.cold_start)).toHaveLength(WORKERS);
  });
});
