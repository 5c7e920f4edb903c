/** The built package behind a third-party gateway, requested by curl. */
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { startOrigin } from '../origin.ts';
import { codeOf, context, events, KEY, type Reply, testHandler, toReply } from '../requests.ts';
import { startGateway } from '../runtime/gateway.ts';
import { run } from '../runtime/installed-tools.ts';

const modules = inject('serverless');
const taskRoot = inject('taskRoot');

describe.skipIf(!modules)('a gateway', () => {
  let origin: Awaited<ReturnType<typeof startOrigin>>;
  let gateway: Awaited<ReturnType<typeof startGateway>>;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'pixgate-curl-'));
    const body = readFileSync(new URL('../../src/dev/samples/landscape.jpg', import.meta.url));
    origin = await startOrigin({ '/a.jpg': { body } });
    const env = { API_KEYS: `tester:${KEY}`, SOURCE_ALLOWED_NETWORKS: '127.0.0.0/8' };
    gateway = await startGateway({ modules, taskRoot }, env);
  });
  afterAll(async () => {
    await Promise.all([gateway.close(), origin.close()]);
    rmSync(folder, { recursive: true });
  });

  const query = (more: object = {}) => ({ k: KEY, u: `${origin.url}/a.jpg`, w: 100, f: 'webp', ...more });
  async function curl(path: string, query: object, ...options: string[]): Promise<Reply> {
    const file = join(folder, 'body');
    const url = `${gateway.url}${path}?${new URLSearchParams(query as Record<string, string>)}`;
    const output = ['--silent', '--show-error', '--max-time', '30', '--dump-header', '-', '--output', file];
    rmSync(file, { force: true });
    const { stdout } = await run('curl', [...output, ...options, url]);
    const lines = stdout.trim().split('\r\n');
    const headers = lines.slice(1).map((line) => {
      const at = line.indexOf(': ');
      return [line.slice(0, at).toLowerCase(), line.slice(at + 2)] as const;
    });
    const body = readFileSync(file, { flag: 'a+' });
    return { status: Number(lines[0]?.split(' ')[1]), headers: Object.fromEntries(headers), body };
  }
  const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

  describe.each([
    ['REST', '/rest', events.rest],
    ['HTTP', '/http', events.functionUrl],
  ] as const)('%s API', (_name, path, event) => {
    test('an image has the bytes that the handler makes from the sources', async () => {
      const expected = toReply(await testHandler()(event(query()), context()));
      const { status, headers, body } = await curl(path, query());
      expect([status, headers['content-type'], sha256(body)]).toEqual([200, 'image/webp', sha256(expected.body)]);
      expect([headers.etag, headers['content-length']]).toEqual([expected.headers.etag, String(expected.body.length)]);
    });

    test('HEAD has the headers of GET', async () => {
      const { headers } = await curl(path, query());
      const head = await curl(path, query(), '--head');
      expect(head.status).toBe(200);
      for (const name of ['etag', 'content-type', 'content-length', 'cache-control'])
        expect([name, head.headers[name]]).toEqual([name, headers[name]]);
    });

    test('304 with the entity tag of the first response', async () => {
      const { headers } = await curl(path, query());
      const again = await curl(path, query(), '--header', `If-None-Match: ${headers.etag}`);
      expect([again.status, again.body.length, again.headers.etag]).toEqual([304, 0, headers.etag]);
    });

    test.each([
      [{ w: 0 }, 400, 'QUERY_INVALID'],
      [{ k: 'wrong' }, 401, 'UNAUTHORIZED'],
    ])('%j: %i', async (more, status, code) => {
      const reply = await curl(path, query(more));
      expect([reply.status, codeOf(reply), reply.headers['content-type']]).toEqual([
        status,
        code,
        'application/problem+json',
      ]);
    });

    test('a client that disconnects does not affect others', async () => {
      origin.set('/silent.jpg', { framing: 'silent' });
      const disconnected = curl(path, query({ u: `${origin.url}/silent.jpg` }), '--max-time', '0.5');
      await expect(disconnected).rejects.toMatchObject({ code: 28 });
      expect((await curl(path, query())).status).toBe(200);
    });
  });

  test("the gateway's output does not contain the key", () => expect(gateway.log()).not.toContain(KEY));
});
